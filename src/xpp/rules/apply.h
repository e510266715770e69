/*
 * apply: the rules on one source: findings, and the source as it is afterwards.
 *
 * The source is parsed before; what did not parse (ERROR nodes) is left alone. Fixes are edits of the places that
 * match, a TODO is a comment on a line of its own before the statement, nothing else changes. Never a hit inside a
 * comment or a string: only nodes of the tree are looked at. Works in memory only; one `rules_run` per thread, reused
 * from source to source.
 */
#ifndef XPP_RULES_APPLY_H
#define XPP_RULES_APPLY_H
#include "xpp/finding.h"
#include "xpp/rules/rule.h"
#include "xpp/rules/scope.h"
#include "xpp/symbols.h"

/* Where a source stands: for findings and for the conditions of rules. */
struct rules_place {
    const struct xpo_element *element;
    struct str where; /* "methods/run" */
    struct str name;  /* of the method as the export has it */
    uint32_t line;    /* of the source's first line, in the file */
    uint32_t column;  /* of its first character: what stands before it on every line ("    #") */
    bool macro;       /* it is the text of a macro: what is found there is only reported, and checks do not apply */
};

struct rules_options {
    const struct rulebook *book;
    const struct symbols *symbols;
    bool comments;              /* write TODO comments; else report only */
    const char *const *opt_ins; /* ids of rules whose fixes are asked for, NULL-terminated; or NULL */
};

struct rules_run; /* opaque */

struct rules_run *rules_run_new(const struct rules_options *o);
void rules_run_free(struct rules_run *r);
DEFINE_SCOPED(rules_run)

/* Applies all rules to a parsed source. Findings are added; the new text is appended to `out` (the source itself when
 * nothing changes). `scope` knows the types of names. */
void rules_on_source(struct rules_run *r, const struct syntax *s, const struct rules_place *place,
                     const struct scope *scope, struct findings *f, struct buf *out);

#endif
