/*
 * alt: the alternatives of a FROM clause while it is being covered.
 *
 * An outer join has rows where both sides meet and rows where one side is null; each is an alternative of its own, made
 * of inner joins only. Internal to cover.
 */
#ifndef LENS_ALT_H
#define LENS_ALT_H
#include "lens/level.h"
#include "lens/link.h"

struct alt {
    Node *tree;              /* NULL: no FROM at all */
    struct nodes items;      /* subqueries to add to FROM */
    struct nodes conditions; /* to add to WHERE */
    struct names null;       /* relations whose columns are null here */
};

struct alts {
    struct alt *p;
    size_t n, cap;
};

/* The alternatives of the level's FROM. `used` are the relations that anything outside of FROM looks at; an outer join
 * to a relation that nobody looks at is left out. */
bool alt_from(struct level *l, const struct names *used, struct alts *ret, struct err *err) MUST_CHECK;

/* True when a condition can never hold in the alternative: it compares a column that is null. */
bool alt_excludes(const struct alt *alt, Node *condition, struct arena *a);

#endif
