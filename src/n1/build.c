#include "n1/build.h"
#include "base/cancel.h"
#include "base/file.h"
#include "base/log.h"
#include "n1/registry.h"
#include "n1/shipment.h"
#include "n1/timeline.h"

static const char session_sql[] =
    "set work_mem = '64MB'; set jit = off; set synchronous_commit = on; set search_path = ''; set row_security = off;"
    " set join_collapse_limit = 20; set from_collapse_limit = 20";

/* A run of one job, or the making of one full package. */
struct run {
    struct pg *pg;
    struct arena *a;
    const struct build_opts *o;
    struct build_result *result;
    const char *job;
    int64_t version;
    const char *since; /* snapshot of the last run; NULL: there was none */
    int64_t packages_before;
};

bool build_begin(struct pg *target, const struct build_opts *o, struct err *err)
{
    return file_remove_tree(o->spool, err) && file_make_dirs(o->spool, err) && pg_exec(target, session_sql, err) &&
           timeline_check(target, err);
}

/* --- runs --- */

/* The row is locked: two builders, by whatever mistake, cannot take the same window, nor one make a full package while
 * the other runs the job. */
static bool read_job(struct run *r, struct err *err)
{
    SCOPED_RESULT row = NULL;
    if (!pg_query(r->pg, "select version, snapshot from carryover.n1_job where job = $1 for update", PG_ARGS(r->job),
                  &row, err))
        return false;
    if (PQntuples(row) != 1)
        return err_set(err, ERR_JOB_UNKNOWN, "there is no job %s", r->job);
    r->version = pg_i64(row, 0, 0);
    r->since = PQgetisnull(row, 0, 1) ? NULL : arena_dup(r->a, pg_text(row, 0, 1));
    return true;
}

static const char *number(struct run *r, int64_t n)
{
    return arena_printf(r->a, "%" PRId64, n);
}

static void count(struct run *r, const struct shipment_made *made)
{
    r->result->packages++;
    r->result->rows += made->rows + made->keys;
    r->result->bytes += made->bytes;
}

/* The chains that have a first package, so that there is something to go on from, and that the window touches. */
static bool touched_chains(struct run *r, const struct subjobs *list, PGresult **ret, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_puts(
        &sql,
        "select c.scope, c.owner, c.version from carryover.n1_chain c where c.job = $1 and c.version > 0 and (false");
    for (size_t i = 0; i < list->n; i++) {
        const struct subjob *s = &list->p[i];
        if (s->touched && s->owner_column)
            buf_printf(&sql, " or (c.scope = '%s' and c.owner in (select %s from %s))", s->scope, s->owner_column,
                       s->keys);
        else if (s->touched)
            buf_puts(&sql, " or c.scope = 'group'");
    }
    buf_puts(&sql, ") order by c.scope, c.owner");
    return pg_query(r->pg, sql.p, PG_ARGS(r->job), ret, err);
}

static bool make_deltas(struct run *r, const struct subjobs *list, struct err *err)
{
    SCOPED_RESULT chains = NULL;
    if (!touched_chains(r, list, &chains, err))
        return false;
    for (int i = 0; i < PQntuples(chains); i++) {
        struct shipment_made made;
        struct chain c = {r->job, pg_text(chains, i, 0), pg_text(chains, i, 1), pg_i64(chains, i, 2)};
        if (!shipment_delta(r->pg, list, &c, r->version + 1, r->o->spool, &made, err))
            return false;
        if (!made.package)
            continue;
        count(r, &made);
        if (!pg_run(r->pg,
                    "update carryover.n1_chain set version = $4::bigint where job = $1 and scope = $2 and owner = $3",
                    PG_ARGS(c.job, c.scope, c.owner, number(r, r->version + 1)), NULL, err))
            return false;
    }
    return true;
}

/* Everybody starts again from a full package: no delta leads there any more. */
static bool start_again(struct run *r, struct err *err)
{
    const char *to = number(r, r->version + 1);
    return pg_run(r->pg, "delete from carryover.n1_package where job = $1", PG_ARGS(r->job), NULL, err) &&
           pg_run(r->pg, "update carryover.n1_chain set version = $2::bigint where job = $1 and version > 0",
                  PG_ARGS(r->job, to), NULL, err) &&
           pg_run(r->pg,
                  "insert into carryover.n1_wish (job, scope, owner) select job, scope, owner from carryover.n1_chain"
                  " where job = $1 on conflict do nothing",
                  PG_ARGS(r->job), NULL, err);
}

static bool run_window(struct run *r, bool *ret_found, struct err *err)
{
    struct changelog j;
    struct subjobs list;
    if (!changelog_of_job(r->pg, r->job, r->a, &j, err) || !changelog_look(r->pg, &j, r->since, ret_found, err))
        return false;
    if (!*ret_found)
        return true;
    r->result->runs++;
    return subjobs_read(r->pg, r->job, r->a, &list, err) && changelog_open(r->pg, &j, r->since, err) &&
           subjobs_touch(r->pg, &j, &list, r->a, err) && make_deltas(r, &list, err);
}

static bool store_run(struct run *r, bool found, struct err *err)
{
    return pg_run(r->pg,
                  "update carryover.n1_job set version = version + $2::bigint, snapshot = pg_current_snapshot(),"
                  " ran = clock_timestamp(), asked = false, asked_full = false, error = '' where job = $1",
                  PG_ARGS(r->job, found ? "1" : "0"), NULL, err);
}

static bool run_inside(struct run *r, bool full, struct err *err)
{
    bool found = full;
    if (!read_job(r, err))
        return false;
    if (!r->since)
        return store_run(r, true, err);
    return (full ? start_again(r, err) : run_window(r, &found, err)) && store_run(r, found, err);
}

/* --- full packages --- */

/* A chain that has a version keeps it: what its next delta brings is from that version on, and the full package may
 * have some of it already. */
static bool make_full(struct run *r, const char *scope, const char *owner, struct err *err)
{
    struct subjobs list;
    struct shipment_made made;
    int64_t at = 0;
    struct chain c = {r->job, scope, owner, 0};
    if (!read_job(r, err) || !subjobs_read(r->pg, r->job, r->a, &list, err) ||
        !pg_run(r->pg, "insert into carryover.n1_chain (job, scope, owner) values ($1, $2, $3) on conflict do nothing",
                PG_ARGS(c.job, c.scope, c.owner), NULL, err) ||
        !pg_value_i64(r->pg, "select version from carryover.n1_chain where job = $1 and scope = $2 and owner = $3",
                      PG_ARGS(c.job, c.scope, c.owner), &at, err))
        return false;
    c.version = at ? at : r->version;
    if (!shipment_full(r->pg, &list, &c, c.version, r->o->spool, &made, err))
        return false;
    count(r, &made);
    return pg_run(r->pg,
                  "update carryover.n1_chain set version = $4::bigint where job = $1 and scope = $2 and owner = $3",
                  PG_ARGS(c.job, c.scope, c.owner, number(r, c.version)), NULL, err) &&
           pg_run(r->pg, "delete from carryover.n1_wish where job = $1 and scope = $2 and owner = $3",
                  PG_ARGS(c.job, c.scope, c.owner), NULL, err);
}

/* --- what is due --- */

struct due {
    const char *job, *scope, *owner; /* scope NULL: a run */
    bool full;
};

/* A failure of the job itself, not of the server or the disk. */
static bool is_its_own(const struct err *err)
{
    return err->code == ERR_SQL || err->code == ERR_LIMIT || err->code == ERR_PACKAGE;
}

static bool note_failure(struct pg *target, const char *job, const struct err *why, struct err *err)
{
    log_warn("n1.job", "job %s: %s", job, why->message);
    return pg_run(target,
                  "update carryover.n1_job set error = $2, ran = clock_timestamp(), asked = false where job = $1",
                  PG_ARGS(job, why->message), NULL, err);
}

/* Most runs find nothing: then nothing changes for stores. */
static bool move_epoch(struct run *r, const struct due *d, struct err *err)
{
    return (r->result->packages == r->packages_before && !d->full) ||
           pg_run(r->pg, REGISTRY_EPOCH_SQL, PG_NONE, NULL, err);
}

static bool do_inside(struct run *r, const struct due *d, struct err *err)
{
    return pg_exec(r->pg, "begin isolation level repeatable read", err) &&
           (d->scope ? make_full(r, d->scope, d->owner, err) : run_inside(r, d->full, err)) && move_epoch(r, d, err) &&
           pg_commit(r->pg, err);
}

/* Whoever changed a row of ours at the same time has won: it is still due at the next look. */
static bool do_one(struct pg *target, const struct build_opts *o, const struct due *d, struct build_result *result,
                   struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct build_result made = *result;
    struct run r = {.pg = target, .a = a, .o = o, .result = &made, .job = d->job, .packages_before = made.packages};
    struct err why;
    if (do_inside(&r, d, &why)) {
        *result = made;
        return true;
    }
    pg_rollback(target);
    if (why.code == ERR_SERVER_BUSY)
        return true;
    if (is_its_own(&why))
        return note_failure(target, d->job, &why, err);
    *err = why;
    return false;
}

static bool do_runs(struct pg *target, const struct build_opts *o, struct build_result *result, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target,
                  "select job, asked_full from carryover.n1_job where (schema = 'N-1' or exists (select from"
                  " carryover.n1_group g where g.schema = 'N')) and (asked or (not paused and (ran is null"
                  " or ran + every_ms * interval '1 ms' <= clock_timestamp()))) order by job",
                  PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        struct due d = {.job = pg_text(r, i, 0), .full = pg_bool(r, i, 1)};
        if (!cancel_check(err) || !do_one(target, o, &d, result, err))
            return false;
    }
    return true;
}

static bool do_wishes(struct pg *target, const struct build_opts *o, struct build_result *result, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target,
                  "select w.job, w.scope, w.owner from carryover.n1_wish w join carryover.n1_job j using (job)"
                  " where j.snapshot is not null and j.error = '' order by 1, 2, 3",
                  PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        struct due d = {.job = pg_text(r, i, 0), .scope = pg_text(r, i, 1), .owner = pg_text(r, i, 2)};
        if (!cancel_check(err) || !do_one(target, o, &d, result, err))
            return false;
    }
    return true;
}

bool build_due(struct pg *target, const struct build_opts *o, struct build_result *ret, struct err *err)
{
    *ret = (struct build_result){0};
    return do_runs(target, o, ret, err) && do_wishes(target, o, ret, err);
}

/* A chain that nobody is in any more would get every change for ever. Who comes back begins with a full package. */
static bool purge_chains(struct pg *target, struct err *err)
{
    static const char nobody[] =
        " not exists (select from carryover.n1_store t join carryover.n1_job j on j.schema = t.schema where j.job = "
        "c.job"
        " and case c.scope when 'group' then t.group_name = c.owner else t.store = c.owner end)";
    SCOPED(arena) a = arena_new();
    return pg_run(target, arena_printf(a, "delete from carryover.n1_wish c where%s", nobody), PG_NONE, NULL, err) &&
           pg_run(target, arena_printf(a, "delete from carryover.n1_package c where%s", nobody), PG_NONE, NULL, err) &&
           pg_run(target, arena_printf(a, "delete from carryover.n1_chain c where%s", nobody), PG_NONE, NULL, err);
}

/* Deltas go by age: a store that still needs one gets a full package. The last full one of a chain stays for the next
 * new store, as long as something leads on from it or nothing has changed since. */
bool build_purge(struct pg *target, const struct build_opts *o, struct err *err)
{
    char keep[24];
    snprintf(keep, sizeof keep, "%" PRId64, o->keep_s);
    return pg_run(
               target,
               "delete from carryover.n1_package p where p.created < now() - $1::bigint * interval '1 s' and (not"
               " p.is_full or exists (select from carryover.n1_package f where f.job = p.job and f.scope = p.scope and"
               " f.owner = p.owner and f.is_full and f.package > p.package))",
               PG_ARGS(keep), NULL, err) &&
           purge_chains(target, err) && changelog_purge(target, err);
}
