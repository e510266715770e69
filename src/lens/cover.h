/*
 * cover: queries that find every row of a SELECT which changes of one table can touch.
 *
 * Given a SELECT and one occurrence of a table in it, cover_select() makes plain SELECTs ("covers") with the same
 * output columns that join the occurrence to the staged keys of changed rows. What they promise: when rows with staged
 * keys change, each row by which the SELECT's result differs before and after has a row in the covers, run before or
 * run after, that agrees with it in every column that is not tainted. They may return more rows, and the same row
 * several times. They are made of joins and monotone conditions only, so other tables may change in the same batch too:
 *
 *  - an outer join becomes one cover with the join done and one with the other side null; where nobody looks at the
 *    other side, it goes away;
 *  - a condition with a nested query is left out, unless it is a plain EXISTS or IN; the nested query that holds the
 *    occurrence joins FROM as a LATERAL subquery;
 *  - GROUP BY, HAVING, DISTINCT, ORDER BY go away: the rows that a group is made of stand for the group;
 *  - of DISTINCT ON, window functions and LIMIT all rows are taken that share a group or partition with a changed row;
 *  - of UNION ALL the branch with the occurrence.
 *
 * A column is tainted when its value may depend on more than the row found: aggregates, window functions, scalar
 * subqueries. Tainted columns come out as null, and conditions that look at them are left out.
 */
#ifndef LENS_COVER_H
#define LENS_COVER_H
#include "lens/catalog.h"
#include "lens/shape.h"
#include "lens/tree.h"

#define COVERS_MAX 64

struct cover_ctx {
    struct arena *a;
    const struct catalog *cat;
    int serial; /* for names of our own */
};

struct covers {
    SelectStmt **p;
    size_t n, cap;
    bool *tainted; /* one per output column */
    size_t n_outputs;
};

/* Makes the covers of a normalised SELECT. `occurrence` is a table in it; with NULL they hold at least the rows that
 * the SELECT has now. Columns that are not needed come out as null (`needed` NULL: all are). Fails with
 * ERR_LENS_CONSTRUCT. */
bool cover_select(struct cover_ctx *ctx, const SelectStmt *q, const RangeVar *occurrence, const bool *needed,
                  struct covers *ret, struct err *err) MUST_CHECK;

/* The same for a query that stands inside of another one. Internal. */
struct level;
bool cover_nested(struct cover_ctx *ctx, const struct level *parent, const SelectStmt *q, const RangeVar *occurrence,
                  const bool *needed, struct covers *ret, struct err *err) MUST_CHECK;

/* All covers as one SELECT (UNION ALL), with null for what is tainted or not needed. */
SelectStmt *cover_combine(struct arena *a, const struct covers *c, const bool *needed);

/* The name under which a cover joins the staged keys of a table. */
char *cover_stage(struct arena *a, const char *table);

#endif
