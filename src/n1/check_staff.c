#include "db/checkrows.h"
#include "n1/check.h"
#include "n1/verifier.h"

/* The package's list of workers; `able`: somebody who can sign in, or prove an old password. */
#define WORKERS                                                                                                        \
    "with w as (select staff, coalesce(store, '') as store, blocked, coalesce(hash, '') as hash,"                      \
    " coalesce(old_hash, '') as old_hash from (%s) x),"                                                                \
    " able as (select *, not blocked and (hash <> '' or old_hash <> '') as able from w) "

static bool ask(struct checks *c, enum check_state state, struct pg *target, const struct credential_sql *sql,
                const char *select, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *with = arena_printf(a, WORKERS, sql->workers.sql);
    return checkrows_query(c, state, target, arena_printf(a, "%s%s", with, select), PG_NONE, err) ||
           err_wrap(err, "staff/workers.sql");
}

static bool check_passwords(struct checks *c, struct pg *target, const struct credential_sql *sql, struct err *err)
{
    checks_begin(c, "staff-passwords", "every worker has a password, and every store somebody who can sign in",
                 "`carryover n1 staff reset ID` gives a worker a temporary password.");
    return ask(c, CHECK_BLOCKER, target, sql,
               "select store, 'none of its ' || count(*) || ' workers can sign in' from able where store <> ''"
               " group by store having not bool_or(able) order by store",
               err) &&
           ask(c, CHECK_WARNING, target, sql,
               "select distinct staff, 'has no password' from able where not able and not blocked order by staff", err);
}

/* A hash of another form can never be proven, and the worker would be told that the password is wrong. */
static bool check_hashes(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                         struct err *err)
{
    SCOPED(arena) a = arena_new();
    checks_begin(
        c, "staff-hashes", "passwords of N-1 have the form that the package declares",
        "Correct `staff` in package.yaml (hash, form), or reset these passwords with `carryover n1 staff reset`.");
    return ask(
        c, CHECK_BLOCKER, target, sql,
        arena_printf(a,
                     "select distinct staff, 'its hash has ' || length(old_hash) || ' characters, not the %zu of %s as"
                     " %s' from able where not blocked and old_hash <> '' and length(old_hash) <> %zu order by staff",
                     verifier_length(&p->n1_staff), p->n1_staff.hash, p->n1_staff.form, verifier_length(&p->n1_staff)),
        err);
}

bool check_staff(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                 struct err *err)
{
    return !sql->workers.sql || (check_passwords(c, target, sql, err) && check_hashes(c, target, p, sql, err));
}
