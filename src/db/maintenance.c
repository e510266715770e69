#include "db/maintenance.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "db/environment.h"
#include "db/target.h"

#define LOOK_MS 100

/* PUBLIC is the empty name: no role can have it. */
static const char table_sql[] =
    "create table if not exists carryover.maintenance (grantee text primary key, grantable boolean not null,"
    " given boolean not null default false)";

/* A role that could only connect as everybody does would lock itself out: it is given the right first. */
static const char out_sql[] =
    "do $$ declare g record; db text := current_database(); begin"
    " delete from carryover.maintenance;"
    " insert into carryover.maintenance (grantee, grantable) select coalesce(r.rolname, ''), bool_or(x.is_grantable) "
    "from pg_database d"
    "  cross join aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x left join pg_roles r on r.oid = x.grantee"
    "  where d.datname = db and x.privilege_type = 'CONNECT' and x.grantee <> d.datdba and (x.grantee = 0 or"
    "  r.rolname <> current_user) group by 1;"
    " insert into carryover.maintenance select current_user, false, true from pg_database d where d.datname = db"
    "  and pg_get_userbyid(d.datdba) <> current_user and not exists (select from aclexplode(coalesce(d.datacl,"
    "  acldefault('d', d.datdba))) x where x.grantee = current_user::regrole and x.privilege_type = 'CONNECT');"
    " execute format('grant connect on database %I to %I', db, current_user);"
    " for g in select grantee from carryover.maintenance where not given loop"
    "  execute format('revoke connect on database %I from %s cascade', db,"
    "   case g.grantee when '' then 'public' else quote_ident(g.grantee) end); end loop; end $$";

static const char in_sql[] = "do $$ declare g record; db text := current_database(); begin"
                             " for g in select m.* from carryover.maintenance m where m.grantee = '' or exists"
                             "  (select from pg_roles where rolname = m.grantee) loop"
                             "  execute format(case when g.given then 'revoke connect on database %I from %s%s' else"
                             "   'grant connect on database %I to %s%s' end, db, case g.grantee when '' then 'public' "
                             "else quote_ident(g.grantee) end,"
                             "   case when g.grantable then ' with grant option' else '' end); end loop;"
                             " delete from carryover.maintenance; end $$";

/* Whoever may come in during maintenance is no user. */
#define USERS                                                                                                          \
    " from pg_stat_activity s join pg_database d on d.oid = s.datid join pg_roles r on r.oid = s.usesysid"             \
    " where s.datname = current_database() and s.pid <> pg_backend_pid() and s.backend_type = 'client backend'"        \
    " and not r.rolsuper and s.usesysid <> d.datdba and s.usename <> current_user"

static bool read_state(struct pg *pg, struct arena *a, struct environment *ret, struct err *err)
{
    if (!environment_read(pg, a, ret, err))
        return false;
    return ret->exists ||
           err_set(err, ERR_TARGET_STATE, "carryover keeps nothing in this database: it has no state to go back to");
}

/* Who may not change the database's rights gets a warning from the server, not a failure: asked first. */
static bool check_owner(struct pg *pg, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select pg_has_role(d.datdba, 'USAGE'), current_user, pg_get_userbyid(d.datdba),"
                      " format('GRANT %I TO %I;', pg_get_userbyid(d.datdba), current_user) from pg_database d"
                      " where d.datname = current_database()";
    if (!pg_query(pg, sql, PG_NONE, &r, err))
        return false;
    if (pg_bool(r, 0, 0))
        return true;
    err_set(err, ERR_TARGET_PRIVILEGE, "the role %s may not say who connects to a database of %s", pg_text(r, 0, 1),
            pg_text(r, 0, 2));
    return err_hint(err, "%s", pg_text(r, 0, 3));
}

/* What was committed before we said so was let in; it is waited for after that, when everybody can see it. */
static bool wait_writers(struct pg *pg, enum environment_state to, struct err *err)
{
    return to != ENVIRONMENT_IN_MAINTENANCE ||
           (pg_begin(pg, err) && target_wait_writers(pg, err) && pg_commit(pg, err));
}

/* The lock keeps two at the same time from remembering each other's work. */
static bool change(struct pg *pg, const char *sql, enum environment_state to, const char *who, struct err *err)
{
    if (pg_begin(pg, err) && pg_exec(pg, table_sql, err) &&
        pg_exec(pg, "lock table carryover.maintenance in exclusive mode", err) &&
        environment_move(pg, to, who, "", err) && pg_exec(pg, sql, err) && pg_commit(pg, err) &&
        wait_writers(pg, to, err))
        return true;
    pg_rollback(pg);
    return err_wrap(err, "changing who may connect to the database");
}

bool maintenance_on(struct pg *pg, const char *who, bool *ret_changed, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct environment e;
    if (!read_state(pg, a, &e, err) || !check_owner(pg, err))
        return false;
    *ret_changed = e.state != ENVIRONMENT_IN_MAINTENANCE;
    return !*ret_changed || change(pg, out_sql, ENVIRONMENT_IN_MAINTENANCE, who, err);
}

bool maintenance_off(struct pg *pg, const char *who, bool *ret_changed, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct environment e;
    if (!read_state(pg, a, &e, err) || !check_owner(pg, err))
        return false;
    *ret_changed = e.state == ENVIRONMENT_IN_MAINTENANCE;
    return !*ret_changed || change(pg, in_sql, e.interrupted, who, err);
}

bool maintenance_users(struct pg *pg, int64_t *ret, struct err *err)
{
    return pg_value_i64(pg, "select count(*)" USERS, PG_NONE, ret, err) || err_wrap(err, "counting sessions of users");
}

static bool refuse_users(struct pg *pg, int64_t users, int64_t drain_ms, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *who = NULL, waited[32];
    clock_human(drain_ms * 1000, waited);
    if (!pg_value(pg, "select string_agg(distinct s.usename || ' (process ' || s.pid || ')', ', ')" USERS, PG_NONE, a,
                  &who, err))
        return false;
    err_set(err, ERR_TIMEOUT, "%" PRId64 " sessions of users are still there after %s: %s", users, waited,
            who ? who : "gone by now");
    return err_hint(err, "Nobody new comes in. Wait longer with --drain, or end them with --force.");
}

bool maintenance_drain(struct pg *pg, int64_t drain_ms, bool force, int64_t *ret_ended, struct err *err)
{
    int64_t users = 0, start = clock_us();
    *ret_ended = 0;
    for (;;) {
        if (!maintenance_users(pg, &users, err) || !cancel_check(err))
            return false;
        if (users == 0)
            return true;
        if (clock_us() - start >= drain_ms * 1000)
            break;
        clock_sleep_ms(LOOK_MS);
    }
    if (!force)
        return refuse_users(pg, users, drain_ms, err);
    if (!pg_value_i64(pg, "select count(*) filter (where pg_terminate_backend(s.pid, 5000))" USERS, PG_NONE, ret_ended,
                      err) ||
        !maintenance_users(pg, &users, err))
        return false;
    return users == 0 || refuse_users(pg, users, drain_ms, err);
}
