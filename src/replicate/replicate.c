#include "replicate/replicate.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/name.h"
#include "db/environment.h"
#include "db/target.h"
#include "replicate/apply.h"
#include "replicate/follow.h"
#include "source/drift.h"

#define RETRY_LEAST_MS 200
#define RETRY_MOST_MS 10000

/* One run: what it works on, released together at its end. */
struct run {
    const struct replicate_opts *o;
    const struct replicate_watch *w;
    struct arena *arena;
    struct source *source;
    struct pg *target;
    struct table_list catalog;
    struct plan plan;
    struct source_snapshot snapshot;
    bool have_snapshot, resumed;
};

static void run_done(struct run *r)
{
    source_free(r->source);
    pg_free(r->target);
    arena_free(r->arena);
}

#define SCOPED_RUN __attribute__((cleanup(run_done))) struct run

static bool run_open(struct run *r, struct err *err)
{
    r->arena = arena_new();
    return source_open(&r->o->source, &r->source, err) && pg_open(r->o->target_uri, "target", &r->target, err) &&
           source_catalog(r->source, r->arena, &r->catalog, err);
}

/* What the target lacks is one more problem, at the end of the list. */
static bool check_target(const struct replicate_opts *o, struct arena *a, struct source_problems *l, struct err *err)
{
    struct err found;
    SCOPED(pg) target = NULL;
    if (!pg_open(o->target_uri, "target", &target, err))
        return false;
    if (target_check(target, &found))
        return true;
    if (found.code != ERR_TARGET_NOT_EMPTY && found.code != ERR_TARGET_PRIVILEGE) {
        *err = found;
        return false;
    }
    struct source_problem *more = arena_new_array(a, struct source_problem, l->n + 1);
    for (size_t i = 0; i < l->n; i++)
        more[i] = l->p[i];
    more[l->n] = (struct source_problem){found.code, arena_dup(a, found.message),
                                         arena_dup(a, found.hint[0] ? found.hint : err_info(found.code)->next)};
    *l = (struct source_problems){more, l->n + 1};
    return true;
}

bool replicate_check(const struct replicate_opts *o, struct arena *a, struct table_list *ret_tables,
                     struct source_problems *ret, struct err *err)
{
    SCOPED(source) s = NULL;
    return source_open(&o->source, &s, err) && source_catalog(s, a, ret_tables, err) &&
           source_check(s, ret_tables, a, ret, err) && check_target(o, a, ret, err);
}

static bool refuse_problems(struct run *r, struct err *err)
{
    struct source_problems problems = {0};
    if (!source_check(r->source, &r->catalog, r->arena, &problems, err))
        return false;
    if (problems.n == 0)
        return true;
    err_set(err, problems.p[0].code, "%s", problems.p[0].what);
    if (problems.n > 1)
        return err_hint(err, "%s (and %zu more: `carryover replicate start --dry-run` lists all)", problems.p[0].mend,
                        problems.n - 1);
    return err_hint(err, "%s", problems.p[0].mend);
}

/* -- the state of the target -- */

static const char *actor(const struct run *r)
{
    return r->o->who ? r->o->who : "replication";
}

/* The copy is complete for the first time; later runs find the upgrade further on. */
static bool note_replicated(struct run *r, struct err *err)
{
    struct environment e;
    return environment_read(r->target, r->arena, &e, err) &&
           (e.state != ENVIRONMENT_REPLICATING ||
            environment_move(r->target, ENVIRONMENT_REPLICATED, actor(r), "", err));
}

/* -- beginning -- */

static bool store_beginning(struct run *r, const char *types, const char *system, const char *database, struct err *err)
{
    char at[24];
    pg_lsn_format(r->snapshot.position, at);
    const char *sql = "insert into carryover.replication (slot, publication, source_system, source_database, state,"
                      " snapshot_lsn, consistent_lsn, applied_lsn, binary_stream)"
                      " values ($1, $6, $2, $3, 'copying', $4::pg_lsn, $4::pg_lsn, $4::pg_lsn, $5::boolean)";
    if (pg_begin(r->target, err) && environment_move(r->target, ENVIRONMENT_READY, actor(r), "", err) &&
        environment_move(r->target, ENVIRONMENT_REPLICATING, actor(r), "", err) &&
        plan_store(&r->plan, types, r->target, err) &&
        pg_run(r->target, sql,
               PG_ARGS(r->o->source.slot, system, database, at, r->plan.binary ? "true" : "false",
                       source_publication(&r->o->source)),
               NULL, err) &&
        pg_commit(r->target, err))
        return true;
    pg_rollback(r->target);
    return false;
}

/* Of tables that somebody else has made, one may have come to the source since. */
static bool check_made(struct run *r, struct err *err)
{
    for (size_t i = 0; i < r->catalog.n && r->o->made; i++) {
        const struct table *t = &r->catalog.p[i];
        char *there = NULL;
        const char *name = pg_qualified(r->arena, t->home, t->name);
        if (!pg_value(r->target, "select to_regclass($1)", PG_ARGS(name), r->arena, &there, err))
            return false;
        if (!there || !there[0])
            return err_set(err, ERR_SOURCE_DDL, "the table %s came to the %s after the schema was copied", t->label,
                           r->o->source.role);
    }
    return true;
}

static bool begin_new(struct run *r, struct err *err)
{
    char *system = NULL, *database = NULL, *types = NULL, *owner = NULL;
    if (!refuse_problems(r, err) || !check_made(r, err) ||
        !source_identity(r->source, r->arena, &system, &database, err) ||
        !source_types(r->source, &r->catalog, r->arena, &types, err) ||
        !plan_make(r->source, &r->catalog, r->o->chunk_bytes, r->arena, &r->plan, err) ||
        !target_identity(r->target, r->arena, &owner, err) ||
        !source_capture(r->source, &r->catalog, owner, &r->snapshot, err))
        return false;
    r->have_snapshot = true;
    r->plan.snapshot_lsn = r->plan.consistent_lsn = r->snapshot.position;
    r->plan.made = r->o->made;
    if (r->o->adopted)
        plan_adopt(&r->plan);
    return store_beginning(r, r->plan.made ? "" : types, system, database, err);
}

/* -- going on -- */

/* A target that was restored from a backup, or lost what it had committed, misses what the source no longer has. */
static bool check_not_behind(struct run *r, uint64_t from, struct err *err)
{
    struct target_position at;
    char slot[24], replica[24];
    if (!target_position(r->target, &at, err))
        return false;
    pg_lsn_format(from, slot);
    pg_lsn_format(at.applied_lsn, replica);
    return from <= at.applied_lsn || err_set(err, ERR_SLOT_LOST,
                                             "the replica is at %s, but the source has changes from %s on"
                                             " only: the target lost some",
                                             replica, slot);
}

static bool check_same_source(struct run *r, struct err *err)
{
    SCOPED_RESULT q = NULL;
    char *system = NULL, *database = NULL;
    uint64_t from = 0;
    if (!source_identity(r->source, r->arena, &system, &database, err) ||
        !pg_query(r->target, "select source_system, source_database from carryover.replication", PG_NONE, &q, err))
        return false;
    if (strcmp(system, pg_text(q, 0, 0)) != 0 || strcmp(database, pg_text(q, 0, 1)) != 0)
        return err_set(err, ERR_SOURCE_CHANGED,
                       "the replica was made from database %s of server %s, the source is %s of %s", pg_text(q, 0, 1),
                       pg_text(q, 0, 0), database, system);
    if (!source_capturing(r->source, &from, err))
        return false;
    if (!from)
        return err_set(err, ERR_SLOT_LOST, "the replication slot %s or its publication is gone from the source",
                       r->o->source.slot);
    return check_not_behind(r, from, err);
}

static bool chunks_left(const struct plan *p)
{
    for (size_t i = 0; i < p->tables->n; i++)
        if (p->chunks_left[i])
            return true;
    return false;
}

static bool indexes_left(const struct plan *p)
{
    for (size_t i = 0; i < p->n_indexes; i++)
        if (!p->indexes[i].done)
            return true;
    return false;
}

/* The snapshot of a run that ended is gone. What was copied stays; the rest is copied at a new one. */
static bool load_plan(struct run *r, struct err *err)
{
    r->have_snapshot = false;
    if (!plan_load(r->target, &r->catalog, r->arena, &r->plan, err))
        return false;
    r->plan.made = r->o->made || r->o->adopted;
    if (!chunks_left(&r->plan))
        return true;
    if (!source_snapshot(r->source, 0, &r->snapshot, err) ||
        !plan_renew(&r->plan, r->snapshot.position, r->target, err))
        return false;
    r->have_snapshot = true;
    return true;
}

static bool begin_again(struct run *r, struct err *err)
{
    return check_same_source(r, err) && environment_resume(r->target, actor(r), err) && load_plan(r, err);
}

/* -- phases -- */

static bool set_state(struct run *r, const char *state, const char *stamp, struct err *err)
{
    return pg_execf(r->target, err,
                    "update carryover.replication set state = '%s', updated = clock_timestamp(),"
                    " %s = coalesce(%s, clock_timestamp())",
                    state, stamp, stamp);
}

static bool set_following(struct run *r, struct err *err)
{
    if (pg_begin(r->target, err) && set_state(r, "following", "indexed", err) && note_replicated(r, err) &&
        pg_commit(r->target, err))
        return true;
    pg_rollback(r->target);
    return false;
}

static bool copy(struct run *r, bool consistent, struct err *err)
{
    struct copy_opts c = {.target_uri = r->o->target_uri,
                          .workers = r->o->workers,
                          .snapshot = r->have_snapshot ? &r->snapshot : NULL,
                          .consistent = consistent,
                          .progress = &r->w->copy};
    return copy_run(r->source, &r->plan, &c, err);
}

static bool follow(struct run *r, uint64_t until, struct err *err)
{
    struct target_position at;
    if (!target_position(r->target, &at, err))
        return false;
    if (until && at.applied_lsn >= until)
        return true;
    struct follow_opts f = {.target_uri = r->o->target_uri,
                            .batch_bytes = (size_t)r->o->batch_bytes,
                            .from = at.applied_lsn,
                            .until = until,
                            .watch = r->w->position,
                            .ctx = r->w->ctx};
    return follow_run(r->source, &r->plan, &f, err);
}

static bool caught_up(struct run *r, bool *ret, struct err *err)
{
    struct target_position at;
    if (!target_position(r->target, &at, err))
        return false;
    *ret = at.applied_lsn >= r->plan.consistent_lsn;
    return true;
}

/* Where ranges of a table come from two snapshots, its unique indexes have to wait until the changes between them are
 * applied: until then two rows may carry the same value. On the way a table may turn out to need copying anew. */
static bool finish_copy(struct run *r, struct err *err)
{
    for (;;) {
        bool there = false;
        if (!caught_up(r, &there, err))
            return false;
        if ((chunks_left(&r->plan) || indexes_left(&r->plan)) &&
            (!copy(r, there, err) || !set_state(r, "indexing", "copied", err)))
            return false;
        if (there)
            return true;
        log_info("replicate.catch_up", "catching up to the second snapshot before the unique indexes are built");
        if (!follow(r, r->plan.consistent_lsn, err) || !load_plan(r, err))
            return false;
    }
}

static bool tell_new_tables(struct run *r, struct err *err)
{
    struct drifts drifts;
    if (!drift_find(r->target, &r->catalog, r->arena, &drifts, err))
        return false;
    for (size_t i = 0; i < drifts.n; i++)
        log_warn("replicate.new_table", "the table %s %s", drifts.p[i].table, drifts.p[i].what);
    return true;
}

static bool begin(struct run *r, struct err *err)
{
    struct target_position at;
    if (!run_open(r, err) || !target_lock(r->target, TARGET_JOB_REPLICATE, err) || !target_prepare(r->target, err) ||
        !environment_check_sandbox(r->target, true, err) || !target_position(r->target, &at, err))
        return false;
    r->resumed = at.exists;
    return r->resumed ? begin_again(r, err) : begin_new(r, err);
}

static bool run_phases(struct run *r, struct err *err)
{
    if (!tell_new_tables(r, err))
        return false;
    if (r->w->planned)
        r->w->planned(r->w->ctx, &r->plan, r->resumed);
    if (!finish_copy(r, err) || !set_following(r, err))
        return false;
    if (r->o->only_copy)
        return true;
    if (r->w->following)
        r->w->following(r->w->ctx);
    return follow(r, r->o->until, err);
}

/* -- going on after a lost connection -- */

/* How long nothing has been achieved, and what was the last time something was. */
struct patience {
    bool begun; /* a run has come as far as its plan: from then on failures of the network are worth waiting for */
    int64_t achieved, since_us;
    int pause_ms;
};

/* Anything that grows with the work that is done. */
static int64_t achieved(const struct run *r, const struct target_position *at)
{
    int64_t n = (int64_t)at->applied_lsn;
    for (size_t i = 0; i < r->plan.n_chunks; i++)
        n += r->plan.chunks[i].done;
    for (size_t i = 0; i < r->plan.n_indexes; i++)
        n += r->plan.indexes[i].done;
    return n;
}

static bool note_begun(struct run *r, struct patience *p, struct err *err)
{
    struct target_position at;
    if (!target_position(r->target, &at, err))
        return false;
    int64_t now = achieved(r, &at);
    if (!p->begun || now != p->achieved)
        *p = (struct patience){.begun = true, .achieved = now};
    return true;
}

static bool run_once(const struct replicate_opts *o, const struct replicate_watch *w, struct patience *p,
                     struct err *err)
{
    SCOPED_RUN r = {.o = o, .w = w};
    if (!begin(&r, err) || !note_begun(&r, p, err))
        return false;
    if (run_phases(&r, err))
        return true;
    environment_fail(r.target, actor(&r), err);
    return false;
}

static bool may_pass(const struct err *err)
{
    return err->code == ERR_CONNECTION_LOST || err->code == ERR_CONNECT || err->code == ERR_SERVER_BUSY ||
           err->code == ERR_TARGET_BUSY;
}

static void pause_for(int ms)
{
    for (int64_t end = clock_us() + ms * 1000LL; clock_us() < end && !cancel_requested();)
        clock_sleep_ms(20);
}

/* True when it is worth another try, after a pause that doubles. */
static bool wait_patiently(const struct replicate_opts *o, struct patience *p, const struct err *why)
{
    if (!p->begun || !o->retry_ms || !may_pass(why) || cancel_requested())
        return false;
    if (!p->since_us)
        p->since_us = clock_us();
    int64_t left_ms = o->retry_ms - (clock_us() - p->since_us) / 1000;
    if (left_ms <= 0)
        return false;
    p->pause_ms = MIN(MAX(2 * p->pause_ms, RETRY_LEAST_MS), RETRY_MOST_MS);
    char left[32];
    clock_human(left_ms * 1000, left);
    log_warn("replicate.retry", "%s; trying again in %d ms, giving up in %s", why->message, p->pause_ms, left);
    pause_for(p->pause_ms);
    return true;
}

bool replicate_run(const struct replicate_opts *o, const struct replicate_watch *w, struct err *err)
{
    struct patience p = {0};
    while (!run_once(o, w, &p, err)) {
        if (cancel_requested() && may_pass(err))
            return cancel_check(err);
        if (!wait_patiently(o, &p, err))
            return false;
        *err = (struct err){0};
    }
    return true;
}

/* -- tables without key -- */

static bool reload_lenses(struct pg *target, const struct table *t, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select distinct on_truncate from carryover.tracker where rel_schema = $1 and rel_name = $2";
    if (!pg_query(target, sql, PG_ARGS(t->home, t->name), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        if (!pg_exec(target, pg_text(r, i, 0), err))
            return false;
    return true;
}

static bool copy_once_more(struct source_reader *reader, struct pg *target, const struct table *t, struct err *err)
{
    int64_t rows = 0, bytes = 0;
    if (pg_begin(target, err) && apply_empty(target, t, err) &&
        source_copy(reader, t, NULL, NULL, target, "", &rows, &bytes, err) && reload_lenses(target, t, err) &&
        pg_commit(target, err))
        return true;
    pg_rollback(target);
    return false;
}

bool replicate_copy_keyless(const struct replicate_opts *o, const struct source_snapshot *at, int *ret_tables,
                            struct err *err)
{
    static const struct replicate_watch silent = {0};
    SCOPED_RUN r = {.o = o, .w = &silent};
    SCOPED(source_reader) reader = NULL;
    struct drifts drifts;
    *ret_tables = 0;
    if (!run_open(&r, err) || !drift_find(r.target, &r.catalog, r.arena, &drifts, err) || !drift_refuse(&drifts, err) ||
        !source_reader_new(r.source, at, &reader, err))
        return false;
    for (size_t i = 0; i < r.catalog.n; i++) {
        if (r.catalog.p[i].mode != TABLE_CUTOVER || drift_of(&drifts, r.catalog.p[i].label))
            continue;
        if (!copy_once_more(reader, r.target, &r.catalog.p[i], err))
            return err_wrap(err, "copying the tables without key");
        (*ret_tables)++;
    }
    return true;
}

/* -- starting over -- */

/* Only what is ours: somebody may have put more beside it since. */
static const char drop_sql[] =
    "do $$ declare s text; begin"
    " for s in select nspname from pg_namespace where nspname in ('carryover', 'carryover_up', 'carryover_down',"
    "  'carryover_channel', 'carryover_channel_n',"
    "  '" TARGET_OLD "', '" TARGET_NEW "', '" TARGET_CALLS "')"
    " loop execute format('drop schema %I cascade', s); end loop; end $$";

bool replicate_reset(const struct replicate_opts *o, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(source) s = NULL;
    SCOPED(pg) target = NULL;
    char *owner = arena_dup(a, "");
    bool ours = false;
    if (!source_open(&o->source, &s, err) || !pg_open(o->target_uri, "target", &target, err) ||
        !target_prepared(target, &ours, err))
        return false;
    if (ours && (!target_lock(target, TARGET_JOB_REPLICATE, err) || !target_lock(target, TARGET_JOB_UPGRADE, err) ||
                 !target_check_not_live(target, err)))
        return false;
    if (ours && !target_prepare(target, err))
        return false;
    if (ours && !target_identity(target, a, &owner, err))
        return false;
    if (!source_release(s, owner, err))
        return false;
    return !ours || pg_exec(target, drop_sql, err);
}
