#include "refresh/databases.h"
#include "base/cancel.h"
#include "base/clock.h"

#define MARK "carryover refresh"
#define BARE "31415" /* connections, of a database that is made and not marked yet */
#define TRIES 50
#define PAUSE_MS 100
#define IN_USE "55006" /* object_in_use: somebody is connected */

bool databases_number(struct pg *admin, const char *name, int64_t *ret, struct err *err)
{
    return pg_value_i64(admin, "select coalesce((select oid::bigint from pg_database where datname = $1), 0)",
                        PG_ARGS(name), ret, err);
}

bool databases_name(struct pg *admin, int64_t number, struct arena *a, char **ret, struct err *err)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    return pg_value(admin, "select datname from pg_database where oid = $1::bigint::oid", PG_ARGS(text), a, ret, err);
}

/* --- making --- */

bool databases_is_ours(struct pg *admin, const char *name, bool *ret, struct err *err)
{
    int64_t n = 0;
    const char *sql = "select count(*) from pg_database where datname = $1"
                      " and shobj_description(oid, 'pg_database') = '" MARK "'";
    if (!pg_value_i64(admin, sql, PG_ARGS(name), &n, err))
        return false;
    *ret = n > 0;
    return true;
}

/* Between CREATE DATABASE and the mark a crash may leave it bare: nobody has ever been in it, and it has our limit. */
static bool is_bare(struct pg *admin, const char *name, bool *ret, struct err *err)
{
    int64_t n = 0;
    const char *sql =
        "select count(*) from pg_database where datname = $1 and not datallowconn and datconnlimit = " BARE
        " and shobj_description(oid, 'pg_database') is null";
    if (!pg_value_i64(admin, sql, PG_ARGS(name), &n, err))
        return false;
    *ret = n > 0;
    return true;
}

static bool create(struct pg *admin, const char *name, const struct databases_region *region, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (pg_execf(admin, err,
                 "create database %s template template0 encoding %s lc_collate %s lc_ctype %s"
                 " allow_connections false connection limit " BARE,
                 pg_ident(a, name), pg_literal(a, region->encoding), pg_literal(a, region->collate),
                 pg_literal(a, region->ctype)))
        return true;
    if (strcmp(err->sqlstate, "42501") == 0)
        err->code = ERR_TARGET_PRIVILEGE;
    return err_wrap(err, "making the database %s", name);
}

static bool mark(struct pg *admin, const char *name, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *db = pg_ident(a, name);
    return pg_execf(admin, err,
                    "revoke all on database %s from public; alter database %s set session_replication_role = 'replica';"
                    " alter database %s allow_connections true connection limit -1; comment on database %s is '" MARK
                    "'",
                    db, db, db, db) ||
           err_wrap(err, "marking the database %s", name);
}

bool databases_make(struct pg *admin, const char *name, const struct databases_region *region, struct err *err)
{
    int64_t number = 0;
    bool ours = false, bare = true;
    if (!databases_number(admin, name, &number, err) || !databases_is_ours(admin, name, &ours, err))
        return false;
    if (ours)
        return true;
    if (number && !is_bare(admin, name, &bare, err))
        return false;
    if (!bare) {
        err_set(err, ERR_GUARD, "there is a database %s already, which no refresh has made", name);
        return err_hint(err, "Rename or drop it: the name is needed for the next production database.");
    }
    return (number || create(admin, name, region, err)) && mark(admin, name, err);
}

/* --- shutting --- */

static bool put_out(struct pg *admin, const char *name, int spared, int64_t *ret_left, struct err *err)
{
    char pid[16];
    snprintf(pid, sizeof pid, "%d", spared);
    const char *sql = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1"
                      " and pid <> $2::int and backend_type = 'client backend'";
    return pg_value_i64(admin, sql, PG_ARGS(name, pid), ret_left, err);
}

static bool put_out_all(struct pg *admin, const char *name, int spared, struct err *err)
{
    int64_t left = 1;
    for (int i = 0; i < TRIES; i++) {
        if (!put_out(admin, name, spared, &left, err) || !cancel_check(err))
            return false;
        if (left == 0)
            return true;
        clock_sleep_ms(PAUSE_MS);
    }
    return err_set(err, ERR_TIMEOUT, "%" PRId64 " sessions of the database %s do not end", left, name);
}

static bool allow(struct pg *admin, const char *name, const char *yes, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_execf(admin, err, "alter database %s allow_connections %s", pg_ident(a, name), yes);
}

bool databases_shut(struct pg *admin, const char *name, int spared, struct err *err)
{
    return (allow(admin, name, "false", err) && put_out_all(admin, name, spared, err)) ||
           err_wrap(err, "shutting the database %s", name);
}

bool databases_open(struct pg *admin, const char *name, struct err *err)
{
    return allow(admin, name, "true", err) || err_wrap(err, "opening the database %s", name);
}

/* --- dressing --- */

/* $1 like (or ''), $2 to, as literals. Settings that are lists are stored as they are written. */
static const char dress_sql[] =
    "do $do$ declare x record; l oid := (select oid from pg_database where datname = %s); t text := %s; begin"
    " execute format('alter database %%I reset all', t);"
    " for x in select pg_get_userbyid(datdba) as owner, datconnlimit from pg_database where oid = l loop"
    "  execute format('alter database %%I owner to %%I', t, x.owner);"
    "  execute format('alter database %%I connection limit %%s', t, x.datconnlimit); end loop;"
    " execute format('revoke all on database %%I from public', t);"
    " for x in select r.rolname, a.privilege_type as p, a.is_grantable as g from pg_database d cross join"
    "  aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a left join pg_roles r on r.oid = a.grantee"
    "  where d.oid = l and a.grantee <> d.datdba union all"
    "  select null, p, false from unnest(array['CONNECT', 'TEMPORARY']) p where l is null loop"
    "  execute format('grant %%s on database %%I to %%s%%s', x.p, t, coalesce(quote_ident(x.rolname), 'public'),"
    "   case when x.g then ' with grant option' else '' end); end loop;"
    " for x in select r.rolname, split_part(c, '=', 1) as n, substr(c, strpos(c, '=') + 1) as v from"
    "  pg_db_role_setting s cross join unnest(s.setconfig) c left join pg_roles r on r.oid = s.setrole"
    "  where s.setdatabase = l loop"
    "  execute format(case when x.rolname is null then 'alter database %%2$I set %%3$I = %%4$s'"
    "   else 'alter role %%1$I in database %%2$I set %%3$I = %%4$s' end, x.rolname, t, x.n,"
    "   case when x.n in ('search_path', 'temp_tablespaces', 'session_preload_libraries', 'local_preload_libraries')"
    "   then x.v else quote_literal(x.v) end); end loop; end $do$";

bool databases_dress(struct pg *admin, const char *like, const char *to, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_execf(admin, err, dress_sql, like ? pg_literal(a, like) : "null", pg_literal(a, to)) ||
           err_wrap(err, "giving the database %s its rights and settings", to);
}

/* --- exchanging --- */

static bool move_all(struct pg *admin, const struct databases_move *moves, size_t n, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (!pg_begin(admin, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        const char *to = pg_ident(a, moves[i].to);
        if (!pg_execf(admin, err, "alter database %s rename to %s; alter database %s allow_connections %s",
                      pg_ident(a, moves[i].from), to, to, moves[i].open ? "true" : "false"))
            return false;
    }
    return pg_commit(admin, err);
}

bool databases_exchange(struct pg *admin, const struct databases_move *moves, size_t n, struct err *err)
{
    for (int tries = 0;; tries++) {
        for (size_t i = 0; i < n; i++)
            if (!databases_shut(admin, moves[i].from, 0, err))
                return false;
        if (move_all(admin, moves, n, err))
            return true;
        pg_rollback(admin);
        if (strcmp(err->sqlstate, IN_USE) != 0 || tries == TRIES)
            return err_wrap(err, "renaming the databases");
    }
}

bool databases_unmark(struct pg *admin, const char *name, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_execf(admin, err, "comment on database %s is null", pg_ident(a, name));
}

bool databases_drop(struct pg *admin, const char *name, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_execf(admin, err, "drop database if exists %s with (force)", pg_ident(a, name)) ||
           err_wrap(err, "dropping the database %s", name);
}
