#include "db/target.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "db/environment.h"

#define LOCK_SPACE 0x63617279 /* "cary": the class of our advisory locks */
#define POLL_MS 5
#define LOCK_WAIT_MS 2000

static const char prepare_sql[] =
    "create schema if not exists carryover;"
    "create table if not exists carryover.identity (only_row boolean primary key default true check (only_row),"
    " id text not null default gen_random_uuid()::text);"
    "insert into carryover.identity default values on conflict do nothing;"
    "create table if not exists carryover.replication ("
    " only_row boolean primary key default true check (only_row),"
    " slot text not null, publication text not null, source_system text not null, source_database text not null,"
    " state text not null, snapshot_lsn pg_lsn not null, consistent_lsn pg_lsn not null, applied_lsn pg_lsn not null,"
    " applied_commit timestamptz, source_lsn pg_lsn, updated timestamptz not null default clock_timestamp(),"
    " started timestamptz not null default clock_timestamp(), copied timestamptz, indexed timestamptz,"
    " transactions bigint not null default 0, changes bigint not null default 0, bytes bigint not null default 0,"
    " binary_stream boolean not null default true);"
    "create table if not exists carryover.relation ("
    " rel int primary key, source_schema text not null, source_name text not null, target_schema text not null,"
    " target_name text not null, key text[] not null, mode text not null, reason text not null default '',"
    " rows_estimate bigint not null, bytes bigint not null, shape text not null,"
    " changes bigint not null default 0, unique (source_schema, source_name));"
    "create table if not exists carryover.chunk ("
    " rel int not null references carryover.relation on delete cascade, no int not null, lo text[], hi text[],"
    " done boolean not null default false, at pg_lsn, rows bigint not null default 0, bytes bigint not null default 0,"
    " primary key (rel, no));"
    "create table if not exists carryover.index_job ("
    " rel int not null references carryover.relation on delete cascade, name text not null, ddl text not null,"
    " is_key boolean not null, is_unique boolean not null, done boolean not null default false,"
    " primary key (rel, name));"
    "create table if not exists carryover.control ("
    " only_row boolean primary key default true check (only_row), hold boolean not null default false, hold_by int,"
    " hold_until pg_lsn, held boolean not null default false, held_at pg_lsn, awaited pg_lsn);"
    "insert into carryover.control default values on conflict do nothing;"
    "create table if not exists carryover.tracker_version (only_row boolean primary key default true check (only_row),"
    " version bigint not null default 0);"
    "insert into carryover.tracker_version default values on conflict do nothing;"
    "create table if not exists carryover.tracker ("
    " rel_schema text not null, rel_name text not null, lens text not null, n int not null default 0,"
    " when_to_run text not null default 'both' check (when_to_run in ('before', 'after', 'both')),"
    " sql text not null, on_truncate text not null, primary key (rel_schema, rel_name, lens, n))";

static const char strangers_sql[] =
    "select quote_ident(n.nspname) || '.' || quote_ident(c.relname) from pg_class c"
    " join pg_namespace n on n.oid = c.relnamespace"
    " where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'"
    " and c.relkind in ('r', 'p', 'm', 'f', 'v')"
    " and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid"
    "                 and d.deptype = 'e')"
    " order by 1 limit 1";

bool target_prepared(struct pg *target, bool *ret, struct err *err)
{
    int64_t n = 0;
    const char *sql = "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                      " where n.nspname = 'carryover' and c.relname = 'control'";
    if (!pg_value_i64(target, sql, PG_NONE, &n, err))
        return false;
    *ret = n > 0;
    return true;
}

static bool check_empty(struct pg *target, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *stranger = NULL;
    if (!pg_value(target, strangers_sql, PG_NONE, a, &stranger, err))
        return false;
    return !stranger || err_set(err, ERR_TARGET_NOT_EMPTY, "the target database already holds the table %s", stranger);
}

static bool check_privilege(struct pg *target, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select has_database_privilege(current_database(), 'CREATE'), current_user,"
                      " format('GRANT CREATE ON DATABASE %I TO %I;', current_database(), current_user)";
    if (!pg_query(target, sql, PG_NONE, &r, err))
        return false;
    if (pg_bool(r, 0, 0))
        return true;
    err_set(err, ERR_TARGET_PRIVILEGE, "the role %s may not create schemas in the target database", pg_text(r, 0, 1));
    return err_hint(err, "%s", pg_text(r, 0, 2));
}

bool target_check(struct pg *target, struct err *err)
{
    bool ours = false;
    return target_prepared(target, &ours, err) && check_privilege(target, err) && (ours || check_empty(target, err));
}

bool target_prepare(struct pg *target, struct err *err)
{
    return target_check(target, err) && target_prepare_scratch(target, err);
}

bool target_prepare_scratch(struct pg *target, struct err *err)
{
    if (!pg_exec(target, prepare_sql, err) || !pg_exec(target, environment_sql, err)) {
        if (strcmp(err->sqlstate, "42501") == 0)
            err->code = ERR_TARGET_PRIVILEGE;
        return err_wrap(err, "making the schema carryover in the target");
    }
    return true;
}

bool target_identity(struct pg *target, struct arena *a, char **ret, struct err *err)
{
    return pg_value(target, "select 'carryover ' || id from carryover.identity", PG_NONE, a, ret, err);
}

static void put_job(enum target_job job, char ret_text[16])
{
    snprintf(ret_text, 16, "%d", (int)job);
}

static bool lock_holder(struct pg *target, enum target_job job, int64_t *ret_pid, struct err *err)
{
    char number[16], space[16];
    put_job(job, number);
    snprintf(space, sizeof space, "%d", LOCK_SPACE);
    *ret_pid = 0;
    SCOPED_RESULT r = NULL;
    const char *sql = "select pid from pg_locks where locktype = 'advisory' and classid = $1::bigint::oid"
                      " and objid = $2::bigint::oid and granted and pid <> pg_backend_pid()"
                      " and database = (select oid from pg_database where datname = current_database())";
    if (!pg_query(target, sql, PG_ARGS(space, number), &r, err))
        return false;
    if (PQntuples(r))
        *ret_pid = pg_i64(r, 0, 0);
    return true;
}

static bool try_lock(struct pg *target, enum target_job job, bool *ret, struct err *err)
{
    SCOPED_BUF sql = {0};
    int64_t got = 0;
    buf_printf(&sql, "select pg_try_advisory_lock(%d, %d)::int", LOCK_SPACE, (int)job);
    if (!pg_value_i64(target, sql.p, PG_NONE, &got, err))
        return false;
    *ret = got != 0;
    return true;
}

static bool lock_within(struct pg *target, enum target_job job, int timeout_ms, struct err *err)
{
    static const char *const names[] = {"", "replication", "an upgrade", "a cutover", "a proof", "`n1 keep`"};
    int64_t start = clock_us(), pid = 0;
    for (bool got = false;;) {
        if (!try_lock(target, job, &got, err))
            return false;
        if (got)
            return true;
        if (clock_us() - start > (int64_t)timeout_ms * 1000)
            break;
        clock_sleep_ms(20);
    }
    if (!lock_holder(target, job, &pid, err))
        return false;
    return err_set(err, ERR_TARGET_BUSY, "%s runs on this target already (server process %" PRId64 ")", names[job],
                   pid);
}

/* The session of a process that was killed lives on until the server notices, at the end of its statement. */
bool target_lock(struct pg *target, enum target_job job, struct err *err)
{
    return lock_within(target, job, LOCK_WAIT_MS, err);
}

bool target_locked(struct pg *target, enum target_job job, bool *ret, struct err *err)
{
    int64_t pid = 0;
    if (!lock_holder(target, job, &pid, err))
        return false;
    *ret = pid != 0;
    return true;
}

static uint64_t lsn_field(const PGresult *r, int column)
{
    uint64_t lsn = 0;
    return pg_lsn_parse(pg_text(r, 0, column), &lsn) ? lsn : 0;
}

bool target_cheapen_log(struct pg *target, struct err *err)
{
    return pg_exec(target,
                   "select set_config(name, case when 'lz4' = any (enumvals) then 'lz4' else 'off' end, false)"
                   " from pg_settings where name = 'wal_compression' and current_setting('is_superuser')::boolean",
                   err);
}

bool target_position(struct pg *target, struct target_position *ret, struct err *err)
{
    *ret = (struct target_position){0};
    bool ours = false;
    if (!target_prepared(target, &ours, err))
        return false;
    if (!ours)
        return true;
    SCOPED_RESULT r = NULL;
    const char *sql = "select state, snapshot_lsn, consistent_lsn, applied_lsn, source_lsn, transactions, changes,"
                      " coalesce((extract(epoch from applied_commit) * 1000000)::bigint, 0),"
                      " (extract(epoch from clock_timestamp() - updated) * 1000)::bigint from carryover.replication";
    /* While the tables are being made, or dropped by a reset, a session may see only some of them. */
    if (!pg_query(target, sql, PG_NONE, &r, err))
        return strcmp(err->sqlstate, "42P01") == 0;
    if (PQntuples(r) == 0)
        return true;
    ret->exists = true;
    snprintf(ret->state, sizeof ret->state, "%s", pg_text(r, 0, 0));
    ret->snapshot_lsn = lsn_field(r, 1);
    ret->consistent_lsn = lsn_field(r, 2);
    ret->applied_lsn = lsn_field(r, 3);
    ret->source_lsn = lsn_field(r, 4);
    ret->transactions = pg_i64(r, 0, 5);
    ret->changes = pg_i64(r, 0, 6);
    ret->applied_commit_us = pg_i64(r, 0, 7);
    ret->age_ms = pg_i64(r, 0, 8);
    return true;
}

/* One look at whether a condition holds; `lsn` is its argument as text. */
typedef bool look_fn(struct pg *target, const char *lsn, bool *ret_reached, struct err *err);

static bool check_following(struct pg *target, struct err *err)
{
    bool running = false;
    if (!target_locked(target, TARGET_JOB_REPLICATE, &running, err))
        return false;
    return running || err_set(err, ERR_NOT_FOLLOWING, "replication does not run");
}

static bool wait_for(struct pg *target, look_fn *look, const char *lsn, int timeout_ms, const char *what,
                     struct err *err)
{
    int64_t start = clock_us();
    for (int round = 1;; round++) {
        bool reached = false;
        if (!look(target, lsn, &reached, err))
            return false;
        if (reached)
            return true;
        if (round % 50 == 0 && !check_following(target, err))
            return err_wrap(err, "waiting until %s", what);
        if (timeout_ms >= 0 && clock_us() - start > (int64_t)timeout_ms * 1000)
            return err_set(err, ERR_TIMEOUT, "waited %d s until %s", timeout_ms / 1000, what);
        clock_sleep_ms(POLL_MS);
    }
}

static bool look_at(struct pg *target, const char *sql, const char *lsn, bool *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, sql, lsn ? PG_ARGS(lsn) : PG_NONE, &r, err))
        return false;
    *ret = PQntuples(r) > 0;
    return true;
}

static bool look_applied(struct pg *target, const char *lsn, bool *ret, struct err *err)
{
    return look_at(target, "select from carryover.replication where state = 'following' and applied_lsn >= $1::pg_lsn",
                   lsn, ret, err);
}

static bool look_held(struct pg *target, const char *lsn, bool *ret, struct err *err)
{
    (void)lsn;
    return look_at(target, "select from carryover.control where hold and held", NULL, ret, err);
}

static bool look_held_at(struct pg *target, const char *lsn, bool *ret, struct err *err)
{
    return look_at(target, "select from carryover.control where hold and held and held_at = $1::pg_lsn", lsn, ret, err);
}

bool target_wait(struct pg *target, uint64_t lsn, int timeout_ms, struct err *err)
{
    char text[24];
    pg_lsn_format(lsn, text);
    SCOPED_BUF what = {0};
    buf_printf(&what, "the replica has reached %s", text);
    const char *ask = "update carryover.control set awaited = greatest(awaited, $1::pg_lsn)";
    return pg_run(target, ask, PG_ARGS(text), NULL, err) &&
           wait_for(target, look_applied, text, timeout_ms, what.p, err);
}

bool target_hold(struct pg *target, int timeout_ms, struct err *err)
{
    const char *ask = "update carryover.control set hold = true, hold_by = pg_backend_pid(), hold_until = null,"
                      " held = false, held_at = null";
    return lock_within(target, TARGET_JOB_HOLD, timeout_ms, err) && pg_exec(target, ask, err) &&
           wait_for(target, look_held, NULL, timeout_ms, "replication stands still", err);
}

bool target_hold_until(struct pg *target, uint64_t lsn, int timeout_ms, struct err *err)
{
    char text[24];
    pg_lsn_format(lsn, text);
    SCOPED_BUF what = {0};
    buf_printf(&what, "replication stands still at %s", text);
    const char *ask = "update carryover.control set held = false, hold_until = $1::pg_lsn";
    return pg_run(target, ask, PG_ARGS(text), NULL, err) &&
           wait_for(target, look_held_at, text, timeout_ms, what.p, err);
}

bool target_release(struct pg *target, struct err *err)
{
    bool was = pg_shield(target, true);
    SCOPED_BUF sql = {0};
    buf_printf(&sql,
               "update carryover.control set hold = false, hold_until = null, held = false"
               " where hold_by = pg_backend_pid(); select pg_advisory_unlock(%d, %d)",
               LOCK_SPACE, TARGET_JOB_HOLD);
    bool ok = pg_exec(target, sql.p, err);
    pg_shield(target, was);
    return ok;
}

bool target_check_not_live(struct pg *target, struct err *err)
{
    return environment_check_sandbox(target, false, err);
}

bool target_set_live(struct pg *target, bool live, struct err *err)
{
    return environment_move(target, live ? ENVIRONMENT_LIVE : ENVIRONMENT_UPGRADED, "cutover", "", err);
}

/* -- who writes for users -- */

/* The state is read after the lock: whoever puts users out waits for us, or has said so by then. */
bool target_admit_writer(struct pg *target, struct err *err)
{
    int64_t out = 0;
    const char *sql = "select count(*) from carryover.environment where state = 'in-maintenance'";
    if (!pg_execf(target, err, "select pg_advisory_xact_lock_shared(%d, %d)", LOCK_SPACE, TARGET_JOB_GATEWAY) ||
        !pg_value_i64(target, sql, PG_NONE, &out, err))
        return false;
    return out == 0 || err_set(err, ERR_GATEWAY_BUSY, "headquarters is in maintenance");
}

bool target_wait_writers(struct pg *target, struct err *err)
{
    return pg_execf(target, err, "select pg_advisory_xact_lock(%d, %d)", LOCK_SPACE, TARGET_JOB_GATEWAY);
}
