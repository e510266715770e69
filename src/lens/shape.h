/*
 * shape: questions about one SELECT and its expressions that the whole engine asks.
 *
 * Pure functions over trees; nothing is changed.
 */
#ifndef LENS_SHAPE_H
#define LENS_SHAPE_H
#include "lens/catalog.h"
#include "lens/tree.h"

/* Names of relations, in the arena. */
struct names {
    const char **p;
    size_t n, cap;
};

void names_add(struct arena *a, struct names *list, const char *name);
bool names_have(const struct names *list, const char *name);

/* Adds the names of the relations whose columns are used anywhere below `m`. */
void shape_references(struct arena *a, const void *m, struct names *ret);

/* Adds the names that an item of FROM makes visible. */
void shape_provides(struct arena *a, const Node *item, struct names *ret);

/* True when an expression of this query level calls an aggregate; nested queries are not looked into. */
bool shape_has_aggregate(const struct catalog *cat, const void *expression);

/* True when an expression of this query level calls a window function. */
bool shape_has_window(const void *expression);

/* True when there is a nested query below `m`. */
bool shape_has_sublink(const void *m);

/* GROUP BY, HAVING or an aggregate. */
bool shape_is_grouped(const struct catalog *cat, const SelectStmt *q);

/* DISTINCT ON (...). */
bool shape_is_distinct_on(const SelectStmt *q);

static inline bool shape_is_limited(const SelectStmt *q)
{
    return q->limit_count || q->limit_offset;
}

static inline bool shape_is_union(const SelectStmt *q)
{
    return q->op > PG_QUERY__SET_OPERATION__SETOP_NONE;
}

/* The partition of the first window of this level, and whether all of its windows have the same. False: no window. */
bool shape_window(const SelectStmt *q, struct nodes *ret_partition, bool *ret_same);

/* The name of output column i. */
const char *shape_output_name(const SelectStmt *q, size_t i);

/* How many columns it has, and the value of one (not for a UNION). */
size_t shape_n_outputs(const SelectStmt *q);
Node *shape_output(const SelectStmt *q, size_t i);

/* The number of the output column with this name, or -1. */
int shape_find_output(const SelectStmt *q, const char *name);

/* True when the expression cannot be null in this query, as far as the catalog tells. */
bool shape_is_not_null(const struct catalog *cat, const SelectStmt *q, const Node *expression);

/* Finds the table with this alias in an item of FROM; `ret_nullable` says that an outer join may leave it out. */
const RangeVar *shape_find_table(const Node *item, const char *alias, bool *ret_nullable);

#endif
