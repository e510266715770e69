#include "n1/check.h"
#include "db/checkrows.h"

/* --- the package's own --- */

static bool run_file(struct pg *target, const struct package_file *f, PGresult **ret, struct err *err)
{
    if (!pg_query(target, f->body, PG_NONE, ret, err)) {
        err->code = err->code == ERR_SQL ? ERR_PACKAGE : err->code;
        return err_wrap(err, "%s", f->path);
    }
    return PQnfields(*ret) == 2 ||
           err_set(err, ERR_PACKAGE, "%s: a check has two columns, what it is about and what is wrong", f->path);
}

static bool ask(struct checks *c, struct pg *target, const struct package_file *f, struct err *err)
{
    SCOPED_RESULT r = NULL;
    bool blocks = strcmp(package_word(f, "severity"), "blocker") == 0;
    if (!run_file(target, f, &r, err))
        return false;
    checks_begin(c, f->name, package_word(f, "title"), package_word(f, "fix"));
    checkrows_take(c, blocks ? CHECK_BLOCKER : CHECK_WARNING, r);
    return true;
}

/* A gateway that runs has made them, and should not have to wait for a check. */
static bool make_functions(struct pg *target, const struct package *p, struct err *err)
{
    const struct package_file *f = package_find(&p->schema, "calls");
    int64_t there = 0;
    if (!pg_value_i64(target, "select (to_regclass('carryover.n1_call') is not null)::int", PG_NONE, &there, err))
        return false;
    return !f || there || pg_exec(target, f->text, err) || err_wrap(err, "%s", f->path);
}

static bool ask_all(struct checks *c, struct pg *target, const struct package *p, const char *pattern, struct err *err)
{
    for (size_t i = 0; i < p->checks.n; i++)
        if (str_glob(pattern, p->checks.p[i].name) && !ask(c, target, &p->checks.p[i], err))
            return false;
    return true;
}

bool check_package(struct checks *c, struct pg *target, const struct package *p, const char *pattern, struct err *err)
{
    bool ok = pg_begin(target, err) && make_functions(target, p, err) && ask_all(c, target, p, pattern, err);
    pg_rollback(target);
    return ok;
}

bool check_tables(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                  struct err *err)
{
    bool ok = pg_begin(target, err) && make_functions(target, p, err) && check_staff(c, target, p, sql, err) &&
              ask_all(c, target, p, "*", err);
    pg_rollback(target);
    return ok;
}

bool check_package_try(struct pg *scratch, const struct package *p, struct err *err)
{
    for (size_t i = 0; i < p->checks.n; i++) {
        SCOPED_RESULT r = NULL;
        if (!run_file(scratch, &p->checks.p[i], &r, err))
            return false;
    }
    return true;
}
