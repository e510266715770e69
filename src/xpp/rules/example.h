/*
 * example: rules on texts that stand alone, and whether a rule does what its own examples say.
 */
#ifndef XPP_RULES_EXAMPLE_H
#define XPP_RULES_EXAMPLE_H
#include "xpp/rules/apply.h"

/* Applies the book to what is `before` in an example; a fix that is opt_in is made when it is of the rule `opt_in` (or
 * NULL). Appends the text as it is afterwards. Fails with ERR_PACKAGE when it is no X++, or `given` no export. */
bool example_apply(const struct rulebook *book, const char *opt_in, const struct rule_example *x, struct findings *f,
                   struct buf *out, struct err *err) MUST_CHECK;

/* Tries the examples of a rule of the book. Fails with ERR_PACKAGE when the rule does not find one, or makes something
 * else of it. */
bool example_try_all(const struct rulebook *book, const struct rule *r, struct err *err) MUST_CHECK;

#endif
