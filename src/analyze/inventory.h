/*
 * inventory: the tables of the source as the catalog has them: sizes, modules, and which of those that rules need are
 * there.
 *
 * One query each, however many tables there are.
 */
#ifndef ANALYZE_INVENTORY_H
#define ANALYZE_INVENTORY_H
#include "analyze/rule.h"

/* Fills tables, modules and the size of the database. */
bool inventory_read(struct pg *pg, const struct package *package, struct arena *a, struct analysis *ret,
                    struct err *err) MUST_CHECK;

/* `ret_missing[i]` is NULL when list i, "eventrule, docutype.fileplace", is there; else the first of it that is not,
 * for people. */
bool inventory_missing(struct pg *pg, const char *const *lists, size_t n, struct arena *a, const char **ret_missing,
                       struct err *err) MUST_CHECK;

#endif
