#include "n1/jobs.h"
#include "db/target.h"
#include "n1/listing.h"
#include "n1/registry.h"
#include "n1/rollout.h"
#include "n1/timeline.h"

/* The lock keeps two processes that start at once from making the same table. */
static const char prepare_sql[] =
    "select pg_advisory_xact_lock(1667330681, 6);"
    "create table if not exists carryover.n1_job (job text primary key, title text not null,"
    " schema text not null default 'N-1' check (schema in ('N-1', 'N')), every_ms bigint not null,"
    " paused boolean not null default false, asked boolean not null default false,"
    " asked_full boolean not null default false, version bigint not null default 0, snapshot pg_snapshot,"
    " ran timestamptz, error text not null default '');"
    "create table if not exists carryover.n1_subjob (job text not null references carryover.n1_job on delete cascade,"
    " lens text not null, scope text not null check (scope in ('all', 'group', 'store')), primary key (job, lens));"
    "create table if not exists carryover.n1_chain (job text not null references carryover.n1_job on delete cascade,"
    " scope text not null check (scope in ('group', 'store')), owner text not null, version bigint not null default 0,"
    " primary key (job, scope, owner));"
    "create table if not exists carryover.n1_wish (job text not null, scope text not null, owner text not null,"
    " primary key (job, scope, owner));"
    "create table if not exists carryover.n1_package (package bigint generated always as identity primary key,"
    " job text not null references carryover.n1_job on delete cascade, scope text not null, owner text not null,"
    " is_full boolean not null, from_version bigint not null, to_version bigint not null, rows bigint not null,"
    " keys bigint not null, bytes bigint not null, sha256 text not null, parts int not null,"
    " created timestamptz not null default clock_timestamp());"
    "create index if not exists n1_package_chain on carryover.n1_package (job, scope, owner, to_version);"
    "create table if not exists carryover.n1_package_part (package bigint not null"
    " references carryover.n1_package on delete cascade, no int not null, content bytea not null,"
    " primary key (package, no));"
    "alter table carryover.n1_package_part alter content set storage external;"
    "create table if not exists carryover.n1_download (store text not null references carryover.n1_store"
    " on delete cascade, package bigint not null references carryover.n1_package on delete cascade,"
    " state text not null check (state in ('requested', 'downloaded', 'applied', 'failed', 'canceled')),"
    " tries int not null default 0, requested timestamptz not null default clock_timestamp(),"
    " downloaded timestamptz, applied timestamptz, message text not null default '', primary key (store, package));"
    "create index if not exists n1_download_package on carryover.n1_download (package);"
    "create table if not exists carryover.n1_position (store text not null references carryover.n1_store"
    " on delete cascade, job text not null, scope text not null, owner text not null, version bigint not null,"
    " primary key (store, job, scope, owner));"
    "create table if not exists carryover.n1_resync (store text not null references carryover.n1_store"
    " on delete cascade, job text not null, scope text not null, behind bigint not null,"
    " primary key (store, job, scope));";

bool jobs_prepared(struct pg *target, bool *ret, struct err *err)
{
    int64_t n = 0;
    *ret = false;
    if (!pg_value_i64(target, "select (to_regclass('carryover.n1_resync') is not null)::int", PG_NONE, &n, err))
        return false;
    if (n && !pg_value_i64(target, "select count(*) from carryover.n1_job", PG_NONE, &n, err))
        return false;
    *ret = n > 0;
    return true;
}

bool jobs_make(struct pg *target, struct err *err)
{
    if (!pg_begin(target, err))
        return false;
    if (pg_exec(target, prepare_sql, err) && rollout_prepare(target, err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return err_wrap(err, "making the tables of jobs");
}

/* --- the package's jobs --- */

static bool take_job(struct pg *target, const struct package_job *j, struct err *err)
{
    char every[24];
    snprintf(every, sizeof every, "%" PRId64, j->every_ms);
    if (!pg_run(target,
                "insert into carryover.n1_job (job, title, every_ms, schema) values ($1, $2, $3::bigint, $4)"
                " on conflict (job) do update set title = excluded.title, every_ms = excluded.every_ms",
                PG_ARGS(j->id, j->title, every, j->is_new ? "N" : "N-1"), NULL, err))
        return false;
    for (size_t i = 0; i < j->n_lenses; i++)
        if (!pg_run(target,
                    "insert into carryover.n1_subjob (job, lens, scope) values ($1, $2, $3) on conflict (job, lens)"
                    " do update set scope = excluded.scope",
                    PG_ARGS(j->id, j->lenses[i]->name, package_word(j->lenses[i], "scope")), NULL, err))
            return false;
    return true;
}

static bool take_jobs(struct pg *target, const struct package *p, struct err *err)
{
    for (size_t i = 0; i < p->n_jobs; i++)
        if (!take_job(target, &p->jobs[i], err))
            return false;
    return true;
}

bool jobs_take(struct pg *target, const struct package *p, struct err *err)
{
    return (pg_exec(target, prepare_sql, err) && take_jobs(target, p, err) && rollout_prepare(target, err) &&
            timeline_prepare(target, err)) ||
           err_wrap(err, "preparing the jobs of stores");
}

/* --- what operators ask for --- */

/* Changes rows and leaves a line in the audit, both or none; no row: what was named does not exist. */
static bool change(struct pg *target, const char *sql, struct pg_args args, struct pg_args audit, enum err_code unknown,
                   struct err *err)
{
    int64_t n = 0;
    if (!pg_begin(target, err))
        return false;
    if (pg_run(target, sql, args, &n, err) &&
        (n ||
         err_set(err, unknown, "there is no such %s", unknown == ERR_JOB_UNKNOWN ? "job" : "package at this store")) &&
        pg_run(target,
               "insert into carryover.n1_audit (who, what, store, detail) values ($1, $2, $3, coalesce($4, ''))", audit,
               NULL, err) &&
        pg_run(target, REGISTRY_EPOCH_SQL, PG_NONE, NULL, err) && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return false;
}

bool jobs_ask(struct pg *target, const char *who, const char *job, bool full, struct err *err)
{
    return change(
        target,
        "update carryover.n1_job set asked = true, asked_full = asked_full or $2::boolean"
        " where ($1::text is null or job = $1) and (schema = 'N-1' or exists (select from carryover.n1_group g"
        " where g.schema = 'N'))",
        PG_ARGS(job, full ? "true" : "false"), PG_ARGS(who, full ? "job-asked-full" : "job-asked", NULL, job),
        ERR_JOB_UNKNOWN, err);
}

bool jobs_pause(struct pg *target, const char *who, const char *job, bool paused, struct err *err)
{
    return change(target, "update carryover.n1_job set paused = $2::boolean where $1::text is null or job = $1",
                  PG_ARGS(job, paused ? "true" : "false"),
                  PG_ARGS(who, paused ? "job-paused" : "job-resumed", NULL, job), ERR_JOB_UNKNOWN, err);
}

bool jobs_resync(struct pg *target, const char *who, const char *store, const char *job, struct err *err)
{
    return change(
        target,
        "insert into carryover.n1_resync (store, job, scope, behind) select s.store, j.job, c.scope, coalesce((select"
        " max(package) from carryover.n1_package), 0) from carryover.n1_store s cross join carryover.n1_job j"
        " cross join (values ('group'), ('store')) c(scope) where s.store = $1 and ($2::text is null or j.job = $2)"
        " on conflict (store, job, scope) do update set behind = excluded.behind",
        PG_ARGS(store, job), PG_ARGS(who, "store-resync", store, job), ERR_JOB_UNKNOWN, err);
}

bool jobs_move(struct pg *target, const char *who, const char *store, const char *package, bool cancel, struct err *err)
{
    const char *sql = cancel ? "update carryover.n1_download set state = 'canceled'"
                               " where store = $1 and package::text = $2 and state <> 'applied'"
                             : "update carryover.n1_download set state = 'requested', tries = 0, message = ''"
                               " where store = $1 and package::text = $2 and state <> 'applied'";
    return change(target, sql, PG_ARGS(store, package),
                  PG_ARGS(who, cancel ? "download-canceled" : "download-again", store, package), ERR_DOWNLOAD_UNKNOWN,
                  err);
}

/* --- as text and JSON --- */

static const char jobs_sql[] =
    "select j.job, j.title, j.schema, case when j.paused then 'paused' when j.error <> '' then 'failed'"
    " when j.asked then 'asked' else 'scheduled' end as state, (j.every_ms / 1000)::text || ' s' as every, j.version,"
    " " LISTING_ISO(
        "j.ran") " as ran, (select count(*) from carryover.n1_subjob s where s.job = j.job) as tables,"
                 " (select count(*) from carryover.n1_chain c where c.job = j.job) as chains,"
                 " (select count(*) from carryover.n1_package p where p.job = j.job) as packages,"
                 " (select coalesce(sum(p.bytes), 0) from carryover.n1_package p where p.job = j.job) as bytes, j.error"
                 " from carryover.n1_job j order by j.job";

bool jobs_put(struct pg *target, bool json, struct buf *b, struct err *err)
{
    struct listing l = {jobs_sql, PG_NONE, "jobs",
                        "job|title|for|state|every|>version|ran|>tables|>chains|>packages|>bytes|error"};
    return listing_put(target, &l, json, b, err);
}

static const char sessions_sql[] =
    "select d.store, p.package, p.job, case when p.is_full then 'full' else 'delta' end as kind, p.to_version as "
    "version,"
    " d.state, p.rows, p.keys, p.bytes, d.tries, " LISTING_ISO("d.requested") " as requested, " LISTING_ISO(
        "d.downloaded") " as downloaded, " LISTING_ISO("d.applied") " as applied, d.message from carryover.n1_download "
                                                                    "d "
                                                                    "join "
                                                                    "carryover.n1_package p using (package)"
                                                                    " where ($1::text is null or d.store = $1) and "
                                                                    "($2::boolean or d.state <> 'applied')"
                                                                    " order by p.package desc, d.store limit 1000";

bool jobs_put_sessions(struct pg *target, const char *store, bool all, bool json, struct buf *b, struct err *err)
{
    struct listing l = {sessions_sql, PG_ARGS(store, all ? "true" : "false"), "sessions",
                        "store|>package|job|kind|>version|state|>rows|>keys|>bytes|>tries|requested|downloaded|applied|"
                        "message"};
    return listing_put(target, &l, json, b, err);
}
