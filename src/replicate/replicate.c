#include "replicate/replicate.h"
#include "base/cancel.h"
#include "base/log.h"
#include "base/name.h"
#include "db/target.h"
#include "replicate/follow.h"

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
    bool have_snapshot;
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

bool replicate_check(const struct replicate_opts *o, struct arena *a, struct table_list *ret_tables,
                     struct source_problems *ret, struct err *err)
{
    SCOPED(source) s = NULL;
    return source_open(&o->source, &s, err) && source_catalog(s, a, ret_tables, err) &&
           source_check(s, ret_tables, a, ret, err);
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

/* -- beginning -- */

static bool store_beginning(struct run *r, const char *types, const char *system, const char *database, struct err *err)
{
    char at[24];
    pg_lsn_format(r->snapshot.position, at);
    const char *sql = "insert into carryover.replication (slot, publication, source_system, source_database, state,"
                      " snapshot_lsn, consistent_lsn, applied_lsn, binary_stream)"
                      " values ($1, $1, $2, $3, 'copying', $4::pg_lsn, $4::pg_lsn, $4::pg_lsn, $5::boolean)";
    const char *functions = r->o->functions_sql ? r->o->functions_sql : "";
    if (pg_begin(r->target, err) && pg_exec(r->target, functions, err) && plan_store(&r->plan, types, r->target, err) &&
        pg_run(r->target, sql, PG_ARGS(r->o->source.slot, system, database, at, r->plan.binary ? "true" : "false"), NULL,
               err) &&
        pg_commit(r->target, err))
        return true;
    pg_rollback(r->target);
    return false;
}

static bool begin_new(struct run *r, struct err *err)
{
    char *system = NULL, *database = NULL, *types = NULL;
    if (!refuse_problems(r, err) || !source_identity(r->source, r->arena, &system, &database, err) ||
        !source_types(r->source, &r->catalog, r->arena, &types, err) ||
        !plan_make(r->source, &r->catalog, r->o->chunk_bytes, r->o->extras, r->arena, &r->plan, err) ||
        !source_capture(r->source, &r->catalog, &r->snapshot, err))
        return false;
    r->have_snapshot = true;
    r->plan.snapshot_lsn = r->plan.consistent_lsn = r->snapshot.position;
    return store_beginning(r, types, system, database, err);
}

/* -- going on -- */

static bool check_same_source(struct run *r, struct err *err)
{
    SCOPED_RESULT q = NULL;
    char *system = NULL, *database = NULL;
    bool capturing = false;
    if (!source_identity(r->source, r->arena, &system, &database, err) ||
        !pg_query(r->target, "select source_system, source_database, slot from carryover.replication", PG_NONE, &q, err))
        return false;
    if (strcmp(system, pg_text(q, 0, 0)) != 0 || strcmp(database, pg_text(q, 0, 1)) != 0)
        return err_set(err, ERR_SOURCE_CHANGED, "the replica was made from database %s of server %s, the source is %s of %s",
                       pg_text(q, 0, 1), pg_text(q, 0, 0), database, system);
    if (!source_capturing(r->source, &capturing, err))
        return false;
    return capturing || err_set(err, ERR_SLOT_LOST, "the replication slot %s or its publication is gone from the source",
                                pg_text(q, 0, 2));
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
static bool begin_again(struct run *r, struct err *err)
{
    if (!check_same_source(r, err) || !plan_load(r->target, &r->catalog, r->arena, &r->plan, err))
        return false;
    if (!chunks_left(&r->plan))
        return true;
    if (!source_snapshot(r->source, &r->snapshot, err) ||
        !plan_renew(&r->plan, r->snapshot.position, r->target, err))
        return false;
    r->have_snapshot = true;
    return true;
}

/* -- phases -- */

static bool set_state(struct run *r, const char *state, const char *stamp, struct err *err)
{
    return pg_execf(r->target, err, "update carryover.replication set state = '%s', updated = clock_timestamp(),"
                                    " %s = coalesce(%s, clock_timestamp())", state, stamp, stamp);
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

/* Where ranges of a table come from two snapshots, its unique indexes have to wait until the changes between them are
 * applied: until then two rows may carry the same value. */
static bool finish_copy(struct run *r, struct err *err)
{
    if (!chunks_left(&r->plan) && !indexes_left(&r->plan))
        return true;
    bool continuous = r->plan.consistent_lsn == r->plan.snapshot_lsn;
    if (!copy(r, continuous, err) || !set_state(r, "indexing", "copied", err))
        return false;
    r->have_snapshot = false;
    if (!indexes_left(&r->plan))
        return true;
    log_info("replicate.catch_up", "catching up to the second snapshot before the unique indexes are built");
    return follow(r, r->plan.consistent_lsn, err) && copy(r, true, err);
}

static void tell_new_tables(struct run *r)
{
    for (size_t i = 0; i < r->catalog.n; i++)
        if (!table_find(r->plan.tables, r->catalog.p[i].schema, r->catalog.p[i].name))
            log_warn("replicate.new_table", "the table %s came to the source after replication began; it is not replicated",
                     r->catalog.p[i].name);
}

static bool run_phases(struct run *r, struct err *err)
{
    struct target_position at;
    if (!target_lock(r->target, TARGET_JOB_REPLICATE, err) || !target_check_not_live(r->target, err) ||
        !target_position(r->target, &at, err))
        return false;
    bool resumed = at.exists;
    if (!(resumed ? begin_again(r, err) : begin_new(r, err)))
        return false;
    tell_new_tables(r);
    if (r->w->planned)
        r->w->planned(r->w->ctx, &r->plan, resumed);
    if (!finish_copy(r, err))
        return false;
    bool first = strcmp(at.state, "following") != 0;
    if (first && !set_state(r, "following", "indexed", err))
        return false;
    if (r->o->only_copy)
        return true;
    if (r->w->following)
        r->w->following(r->w->ctx);
    return follow(r, r->o->until, err);
}

bool replicate_run(const struct replicate_opts *o, const struct replicate_watch *w, struct err *err)
{
    SCOPED_RUN r = {.o = o, .w = w};
    return run_open(&r, err) && target_prepare(r.target, err) && run_phases(&r, err);
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
    SCOPED_BUF truncate = {0};
    int64_t rows = 0, bytes = 0;
    buf_puts(&truncate, "truncate ");
    table_put_target(&truncate, t);
    if (pg_begin(target, err) && pg_exec(target, truncate.p, err) &&
        source_copy(reader, t, NULL, NULL, target, "", &rows, &bytes, err) && reload_lenses(target, t, err) &&
        pg_commit(target, err))
        return true;
    pg_rollback(target);
    return false;
}

bool replicate_copy_keyless(const struct replicate_opts *o, int *ret_tables, struct err *err)
{
    static const struct replicate_watch silent = {0};
    SCOPED_RUN r = {.o = o, .w = &silent};
    SCOPED(source_reader) reader = NULL;
    *ret_tables = 0;
    if (!run_open(&r, err) || !source_reader_new(r.source, NULL, &reader, err))
        return false;
    for (size_t i = 0; i < r.catalog.n; i++) {
        if (r.catalog.p[i].mode != TABLE_CUTOVER)
            continue;
        if (!copy_once_more(reader, r.target, &r.catalog.p[i], err))
            return err_wrap(err, "copying the tables without key");
        (*ret_tables)++;
    }
    return true;
}

/* -- starting over -- */

/* The target holds nothing but ours: target_prepare() saw to that. */
static const char drop_sql[] =
    "do $$ declare s text; begin"
    " for s in select nspname from pg_namespace where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')"
    " loop execute format('drop schema %I cascade', s); end loop; end $$";

bool replicate_reset(const struct replicate_opts *o, struct err *err)
{
    SCOPED(source) s = NULL;
    SCOPED(pg) target = NULL;
    bool ours = false;
    if (!source_open(&o->source, &s, err) || !pg_open(o->target_uri, "target", &target, err) ||
        !target_prepared(target, &ours, err))
        return false;
    if (ours && (!target_lock(target, TARGET_JOB_REPLICATE, err) || !target_check_not_live(target, err)))
        return false;
    if (!source_release(s, err))
        return false;
    return !ours || pg_exec(target, drop_sql, err);
}
