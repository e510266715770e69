/*
 * drift: what the source's tables have become since replication was planned.
 *
 * The plan (carryover.relation in the target) has each table's shape: columns, key, how it is followed. A change that
 * no row tells of - a column added to a silent table, a key taken away, a new table - is found by comparing the shapes
 * with the catalog of now.
 */
#ifndef SOURCE_DRIFT_H
#define SOURCE_DRIFT_H
#include "db/pg.h"
#include "model/table.h"

enum drift_kind { DRIFT_CHANGED, DRIFT_GONE, DRIFT_NEW };

struct drift {
    enum drift_kind kind;
    const char *table; /* its label; of one that is gone its name */
    const char *what;  /* for people: "changed on the source: column a is gone" */
};

struct drifts {
    struct drift *p;
    size_t n;
};

/* Compares `now` with the plan in the target; none when nothing was planned yet. Texts live in the arena. */
bool drift_find(struct pg *target, const struct table_list *now, struct arena *a, struct drifts *ret,
                struct err *err) MUST_CHECK;

/* The drift of the table with this label, or NULL. */
const struct drift *drift_of(const struct drifts *l, const char *table);

/* Fails with ERR_SOURCE_DDL at the first planned table that is not what it was; new tables are no failure. */
bool drift_refuse(const struct drifts *l, struct err *err) MUST_CHECK;

#endif
