/*
 * match: one pattern against one node. Private to rules/.
 */
#ifndef XPP_RULES_MATCH_H
#define XPP_RULES_MATCH_H
#include "xpp/rules/book.h"
#include "xpp/rules/scope.h"

/* What a meta stands for: tokens [token, token_end) of the source; none for an empty `...`. */
struct binding {
    uint32_t meta; /* its hash; 0: `...` */
    uint32_t node; /* 0 for `...` */
    uint32_t token, token_end;
};

struct match {
    struct binding bindings[PATTERN_METAS_MAX];
    unsigned n;
};

/* True when the node is what the pattern says, names without case, and the types that the rule asks for. */
bool match_node(const struct pattern *p, const struct syntax *s, uint32_t node, const struct scope *scope,
                struct match *ret);

#endif
