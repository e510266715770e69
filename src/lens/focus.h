/*
 * focus: the SELECT of a lens, narrowed to given keys or to a range of pages, in a form that PostgreSQL answers by
 * index.
 *
 * A condition on the key goes as deep into the query as it is allowed to: through UNION ALL, into grouped and distinct
 * subqueries whose columns make up the key; grouped subqueries that are joined on their groups become LATERAL, so that
 * only the groups asked for are computed. The rows are exactly those of the lens.
 */
#ifndef LENS_FOCUS_H
#define LENS_FOCUS_H
#include "lens/tracker.h"

/* The rows of a normalised SELECT whose key is in the temporary table `keys_table` (with columns named as the key);
 * NULL when the key is known only after rows were numbered or left out. */
SelectStmt *focus_keys(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec,
                       const char *keys_table);

/* The tables by whose pages the SELECT can be cut so that every row is in exactly one piece, counted by `no` from 0;
 * NULL when there is none (left). */
const RangeVar *focus_driver(const struct catalog *cat, const SelectStmt *q, size_t no);

/* The SELECT for the pages $1 <= page < $2 of that table. */
SelectStmt *focus_pages(struct arena *a, const SelectStmt *q, const RangeVar *driver);

#endif
