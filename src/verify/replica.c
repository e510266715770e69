#include "verify/replica.h"
#include "base/cancel.h"

#define TITLE "every row of the source against the replica"
#define DRIFT_TITLE "the table as it was when replication was planned"

bool replica_tables(struct proof *p, struct err *err)
{
    struct table_list catalog = {0};
    SCOPED_RESULT r = NULL;
    const char *sql = "select source_schema, source_name"
                      " from carryover.relation order by rows_estimate desc, source_name";
    if (!source_catalog(p->source, p->arena, &catalog, err) ||
        !drift_find(p->target, &catalog, p->arena, &p->drifts, err) || !pg_query(p->target, sql, PG_NONE, &r, err))
        return false;
    p->tables.p = arena_new_array(p->arena, struct table, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++) {
        const struct table *t = table_find(&catalog, pg_text(r, i, 0), pg_text(r, i, 1));
        if (t && !drift_of(&p->drifts, t->label))
            p->tables.p[p->tables.n++] = *t;
    }
    return true;
}

void replica_report_drift(struct proof *p)
{
    for (size_t i = 0; i < p->drifts.n; i++) {
        const struct drift *d = &p->drifts.p[i];
        if (!proof_wants(p, d->table))
            continue;
        struct report_check *c = report_check(p->report, SECTION_REPLICA, d->table, DRIFT_TITLE);
        c->outcome = OUTCOME_FAIL;
        c->differences = 1;
        report_note(p->report, c, "the table %s%s", d->what,
                    d->kind == DRIFT_NEW ? "; leave it out with the setting replicate.exclude, or replicate anew" : "");
    }
}

bool replica_is_late(struct proof *p, const struct table *t)
{
    if (t->mode != TABLE_CUTOVER || p->opts->keyless_copied || !moment_is_live(p->moment))
        return false;
    struct report_check *c = report_check(p->report, SECTION_REPLICA, t->label, TITLE);
    report_note(p->report, c, "copied at the cutover, not compared yet: %s", t->reason);
    return true;
}

/* -- counts only -- */

struct counted {
    struct twin twin;
    struct report_check *check;
};

static bool count_side(const struct twin *p, enum twin_at at, struct pg *pg, int64_t *ret, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_puts(&sql, "select count(*)");
    twin_put_from(&sql, p, at, NULL);
    return pg_value_i64(pg, sql.p, PG_NONE, ret, err);
}

static bool count(void *ctx, const struct work_hands *hands, struct err *err)
{
    struct counted *c = ctx;
    struct report_check *k = c->check;
    if (!count_side(&c->twin, TWIN_LEFT, hands->source, &k->expected_rows, err) ||
        !count_side(&c->twin, TWIN_RIGHT, hands->target, &k->found_rows, err))
        return false;
    k->differences =
        k->expected_rows > k->found_rows ? k->expected_rows - k->found_rows : k->found_rows - k->expected_rows;
    k->at_least = k->differences > 0;
    proof_judge(k);
    return true;
}

static void plan_count(struct proof *p, const struct table *t)
{
    struct counted *c = arena_new_one(p->arena, struct counted);
    twin_of_table(&c->twin, t, p->arena);
    c->check = report_check(p->report, SECTION_REPLICA, t->label, "number of rows");
    work_add(&p->work, count, c, t->rows, c->check);
}

/* -- digests -- */

void replica_plan_table(struct proof *p, const struct table *t)
{
    struct twin twin;
    twin_of_table(&twin, t, p->arena);
    twin.right.pages = twin.left.pages; /* about; the last range is open */
    proof_compare(p, &twin, report_check(p->report, SECTION_REPLICA, t->label, TITLE));
}

bool replica_plan(struct proof *p, struct err *err)
{
    replica_report_drift(p);
    bool only_counts = (p->opts->parts & VERIFY_COUNTS) && !(p->opts->parts & VERIFY_DIGESTS);
    for (size_t i = 0; i < p->tables.n; i++) {
        const struct table *t = &p->tables.p[i];
        if (!proof_wants(p, t->label) || replica_is_late(p, t))
            continue;
        if (only_counts)
            plan_count(p, t);
        else
            replica_plan_table(p, t);
    }
    return cancel_check(err);
}
