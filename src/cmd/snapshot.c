#include "cmd/snapshot.h"
#include "base/log.h"
#include "db/target.h"
#include "db/uri.h"

#define SUFFIX "_before"
#define ASIDE "_undone"
#define NAME_SHOWN 50 /* of a database, so that it is no longer than a name may be */

struct snapshot {
    struct arena *a;
    struct pg *server; /* another database of the same server */
    const char *uri;
    const char *target, *copy, *aside;
};

/* --- names --- */

/* The name is asked of the connection string, not of the target: that may be gone. */
static bool find_name(const char *uri, struct arena *a, const char **ret, struct err *err)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(uri, &why);
    *ret = NULL;
    for (PQconninfoOption *o = options; o && o->keyword; o++)
        if (strcmp(o->keyword, "dbname") == 0 && o->val && o->val[0])
            *ret = arena_dup(a, o->val);
    PQconninfoFree(options);
    PQfreemem(why);
    return *ret || err_set(err, ERR_CONFIG, "the setting target names no database");
}

static bool begin(struct snapshot *s, const char *uri, struct arena *a, struct err *err)
{
    char *server = NULL;
    *s = (struct snapshot){.a = a, .uri = uri};
    if (!find_name(uri, a, &s->target, err) || !uri_with_database(a, uri, "postgres", &server, err) ||
        !pg_open_shielded(server, "target", &s->server, err))
        return false;
    s->copy = arena_printf(a, "%.*s" SUFFIX, NAME_SHOWN, s->target);
    s->aside = arena_printf(a, "%.*s" ASIDE, NAME_SHOWN, s->target);
    return true;
}

static bool exists(struct snapshot *s, const char *database, bool *ret, struct err *err)
{
    int64_t n = 0;
    bool ok =
        pg_value_i64(s->server, "select count(*) from pg_database where datname = $1", PG_ARGS(database), &n, err);
    *ret = n > 0;
    return ok;
}

static bool drop(struct snapshot *s, const char *database, struct err *err)
{
    return pg_execf(s->server, err, "drop database if exists %s with (force)", pg_ident(s->a, database));
}

static bool rename_to(struct snapshot *s, const char *from, const char *to, struct err *err)
{
    return pg_run(s->server,
                  "select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> "
                  "pg_backend_pid()",
                  PG_ARGS(from), NULL, err) &&
           pg_execf(s->server, err, "alter database %s rename to %s", pg_ident(s->a, from), pg_ident(s->a, to));
}

/* --- whose is it --- */

static bool identity_of(struct snapshot *s, const char *database, char **ret, struct err *err)
{
    SCOPED(pg) pg = NULL;
    char *uri = NULL;
    return uri_with_database(s->a, s->uri, database, &uri, err) && pg_open_shielded(uri, database, &pg, err) &&
           target_identity(pg, s->a, ret, err);
}

static bool check_ours(struct snapshot *s, const char *database, struct err *err)
{
    char *own = NULL, *other = NULL;
    struct err why;
    if (!identity_of(s, s->target, &own, err))
        return false;
    if (identity_of(s, database, &other, &why) && own && other && strcmp(own, other) == 0)
        return true;
    err_set(err, ERR_GUARD, "the server of the target has a database %s that is no copy of it", database);
    return err_hint(err, "Rename it or drop it: the copy for the way back needs that name.");
}

/* --- taking --- */

/* Only the target gets the note: in the copy, and in a target that was restored from it, there is none. */
static bool note_taken(struct snapshot *s, struct err *err)
{
    SCOPED(pg) target = NULL;
    return pg_open(s->uri, "target", &target, err) &&
           pg_exec(
               target,
               "drop table if exists carryover.snapshot;"
               "create table carryover.snapshot (taken timestamptz not null, applied pg_lsn);"
               "insert into carryover.snapshot select clock_timestamp(), max(applied_lsn) from carryover.replication",
               err);
}

static bool is_noted(struct snapshot *s, bool *ret, struct err *err)
{
    SCOPED(pg) target = NULL;
    int64_t n = 0;
    if (!pg_open(s->uri, "target", &target, err) ||
        !pg_value_i64(target, "select (to_regclass('carryover.snapshot') is not null)::int", PG_NONE, &n, err))
        return false;
    *ret = n;
    return true;
}

static bool copy(struct snapshot *s, struct err *err)
{
    if (pg_execf(s->server, err, "create database %s template %s", pg_ident(s->a, s->copy), pg_ident(s->a, s->target)))
        return true;
    err_wrap(err, "copying the target for the way back");
    if (strcmp(err->sqlstate, "42501") == 0)
        return err_hint(err, "On the target's server: ALTER ROLE %s CREATEDB; or set cutover.snapshot to off.",
                        PQuser(pg_raw(s->server)));
    if (strcmp(err->sqlstate, "55006") == 0)
        return err_hint(err,
                        "Nobody else may be connected to the target while it is copied: select * from "
                        "pg_stat_activity where datname = '%s'.",
                        s->target);
    return false;
}

/* A note of another position is one of a night that was given up: its copy is not the target as it is now. */
static bool is_of_now(struct snapshot *s, bool *ret, struct err *err)
{
    SCOPED(pg) target = NULL;
    int64_t same = 0;
    const char *sql = "select count(*) from carryover.snapshot where applied is not distinct from"
                      " (select max(applied_lsn) from carryover.replication)";
    if (!pg_open(s->uri, "target", &target, err) || !pg_value_i64(target, sql, PG_NONE, &same, err))
        return false;
    *ret = same > 0;
    return true;
}

/* A copy whose target has the note is whole: this process was killed after it had written that. */
static bool take(struct snapshot *s, struct err *err)
{
    bool there = false, noted = false;
    if (!exists(s, s->copy, &there, err) || (there && !check_ours(s, s->copy, err)) || !is_noted(s, &noted, err))
        return false;
    if (noted && !is_of_now(s, &noted, err))
        return false;
    if (noted && there)
        return true;
    if (noted)
        return err_set(err, ERR_GUARD, "the copy %s of the target is gone, and scripts may have run since it was taken",
                       s->copy);
    return drop(s, s->copy, err) && copy(s, err) && note_taken(s, err);
}

bool snapshot_take(const char *uri, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct snapshot s;
    bool ok = begin(&s, uri, a, err) && take(&s, err);
    pg_free(s.server);
    return ok;
}

/* --- back --- */

/* What an undo that was stopped has put aside. */
static bool drop_aside(struct snapshot *s, struct err *err)
{
    bool there = false;
    return exists(s, s->aside, &there, err) && (!there || (check_ours(s, s->aside, err) && drop(s, s->aside, err)));
}

static bool swap(struct snapshot *s, struct err *err)
{
    return rename_to(s, s->target, s->aside, err) && rename_to(s, s->copy, s->target, err) && drop(s, s->aside, err);
}

static bool restore(struct snapshot *s, bool *ret_restored, struct err *err)
{
    bool there = false, noted = false;
    if (!is_noted(s, &noted, err) || !exists(s, s->copy, &there, err) || (there && !check_ours(s, s->copy, err)))
        return false;
    if (!noted)
        return drop(s, s->copy, err) && drop_aside(s, err);
    if (!there)
        return err_set(err, ERR_GUARD, "the copy %s of the target is gone: there is nothing to return to", s->copy);
    *ret_restored = true;
    return drop_aside(s, err) && swap(s, err);
}

bool snapshot_restore(const char *uri, bool *ret_restored, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct snapshot s;
    *ret_restored = false;
    bool ok = begin(&s, uri, a, err) && restore(&s, ret_restored, err);
    pg_free(s.server);
    return ok || err_wrap(err, "returning to the copy of the target");
}

/* A private server makes its database anew when that is missing: an empty one is none. */
static bool is_lost(struct snapshot *s, bool *ret, struct err *err)
{
    SCOPED(pg) target = NULL;
    bool there = false, prepared = false;
    struct err why;
    if (!exists(s, s->target, &there, err))
        return false;
    if (there && (!pg_open(s->uri, "target", &target, err) || !target_prepared(target, &prepared, err)))
        return false;
    *ret = !there || (!prepared && target_check(target, &why));
    return true;
}

static bool mend(struct snapshot *s, bool *ret_mended, struct err *err)
{
    bool lost = false, there = false;
    if (!exists(s, s->copy, &there, err) || (there && !is_lost(s, &lost, err)))
        return false;
    if (!lost)
        return true;
    char *whose = NULL;
    if (!identity_of(s, s->copy, &whose, err) || !whose)
        return err_set(err, ERR_GUARD, "there is no target %s, and the database %s is no copy of one", s->target,
                       s->copy);
    log_info("snapshot.mended", "the copy %s takes the place of the target, as an undo that was stopped wanted it",
             s->copy);
    *ret_mended = true;
    return drop(s, s->target, err) && rename_to(s, s->copy, s->target, err) && drop_aside(s, err);
}

bool snapshot_mend(const char *uri, bool *ret_mended, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct snapshot s;
    *ret_mended = false;
    bool ok = begin(&s, uri, a, err) && mend(&s, ret_mended, err);
    pg_free(s.server);
    return ok;
}

/* A database of that name that is no copy is left alone. */
static bool drop_own(struct snapshot *s, const char *identity, struct err *err)
{
    bool there = false;
    char *whose = NULL;
    struct err why;
    if (!exists(s, s->copy, &there, err))
        return false;
    if (!there)
        return true;
    if (identity_of(s, s->copy, &whose, &why) && whose && strcmp(whose, identity) == 0)
        return drop(s, s->copy, err);
    log_warn("snapshot.foreign", "the database %s is no copy that was made for this target; it is left alone", s->copy);
    return true;
}

bool snapshot_drop(const char *uri, const char *identity, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct snapshot s;
    bool ok = begin(&s, uri, a, err) && drop_own(&s, identity, err);
    pg_free(s.server);
    return ok || err_wrap(err, "dropping the copy of the target");
}
