/*
 * level: one SELECT while it is being covered: which of its parts can be kept and which cannot.
 *
 * Internal to cover and alt. Levels are linked to the query around them, whose columns a nested query may use.
 */
#ifndef LENS_LEVEL_H
#define LENS_LEVEL_H
#include "lens/cover.h"

/* A subquery in FROM, and the relation that takes its place. */
struct leaf {
    const Node *item;
    Node *covered;
    const char *name;
    const char **columns;
    bool *tainted;
    size_t n_columns;
    struct leaf *next;
};

struct level {
    struct cover_ctx *ctx;
    const struct level *parent;
    const SelectStmt *q; /* plain: FROM, WHERE and the outputs that are needed */
    const RangeVar *occurrence;
    struct leaf *leaves;
};

/* Covers the subqueries in FROM. */
bool level_cover_leaves(struct level *l, struct err *err) MUST_CHECK;

/* The relation that takes the place of a subquery in FROM. */
Node *level_leaf(const struct level *l, const Node *item);

/* True when an expression uses a tainted column of this level or of one around it. */
bool level_is_tainted(const struct level *l, const void *expression);

/* Adds the parts of a condition that may stay. */
void level_keep(const struct level *l, Node *condition, struct nodes *ret);

#endif
