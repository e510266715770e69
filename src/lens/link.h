/*
 * link: how an occurrence that stands in a nested query (EXISTS, IN, a scalar subquery) comes into FROM.
 *
 * The nested query becomes a LATERAL subquery beside the rest, joined to the staged keys; IN keeps its comparison where
 * nulls cannot change the answer, and gets a second way where they can. Internal to cover and alt.
 */
#ifndef LENS_LINK_H
#define LENS_LINK_H
#include "lens/level.h"

/* One way to bring the occurrence that stands in a nested query into FROM. */
struct link {
    Node *item;      /* LATERAL subquery */
    Node *condition; /* or NULL */
};

struct links {
    struct link p[2];
    size_t n;
};

/* The links of the nested query in `part` (a condition, an output ...) that holds the level's occurrence: none when
 * there is no such query. */
bool link_find(struct level *l, const void *part, struct links *ret, struct err *err) MUST_CHECK;

/* The covers of a query that may use this level's columns, as an item of FROM with columns c1, c2 ... `ret_tainted`
 * says that one of them is unknown. */
bool link_lateral(struct level *l, const SelectStmt *q, bool is_lateral, Node **ret_item, const char **ret_name,
                  bool *ret_tainted, struct err *err) MUST_CHECK;

#endif
