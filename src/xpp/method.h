/*
 * method: a parsed method as the comparison with the standard sees it, and handlers of events: its head, its
 * statements, and questions about them.
 *
 * Lone semicolons are no statements. Names compare without case. Borrows the tree. Private to the comparison
 * (compare.c, wrap.c) and to handler.c.
 */
#ifndef XPP_METHOD_H
#define XPP_METHOD_H
#include "xpp/compare.h"

struct method {
    const struct syntax *s;
    uint32_t node, name, parameters, body;
    VEC(uint32_t) statements;
};

/* The first method of a source; false when there is none, or when the source has problems or was not read
 * whole. `statements` is to be
 * released with vec_done() in any case. */
bool method_open(const struct syntax *s, struct method *ret);

enum node_kind method_kind(const struct syntax *s, uint32_t n);

/* The next child of a head that means something: `client`, `server` and attributes are passed over. */
uint32_t method_skip_tiers(const struct syntax *s, uint32_t child);

bool method_same_signature(const struct method *a, const struct method *b);
bool method_same_attributes(const struct method *a, const struct method *b);
bool method_same_statement(const struct method *a, size_t i, const struct method *b, size_t j);
bool method_same_name(struct str a, struct str b);

/* True when statement `i` is a declaration; the number of the first one that is none. */
bool method_is_local(const struct method *m, size_t i);
size_t method_first_code(const struct method *m);

/* True when a node of this kind is in the tree below `node`, or in one of the statements [from, to). */
bool method_holds(const struct syntax *s, uint32_t node, enum node_kind kind);
bool method_any_holds(const struct method *m, size_t from, size_t to, enum node_kind kind);

/* The same for a name. */
bool method_names(const struct syntax *s, uint32_t node, struct str name);
bool method_any_names(const struct method *m, size_t from, size_t to, struct str name);

bool method_is_void(const struct method *m);
bool method_has_local(const struct method *m, struct str name);
bool method_has_modifier(const struct method *m, const char *word);

/* The name that the last statement returns; 0 when it returns something else, or nothing. */
uint32_t method_returned(const struct method *m);

#endif
