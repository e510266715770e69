#include "n1/check.h"
#include "base/vec.h"
#include <assert.h>
#include <stdlib.h>

#define KEPT 20 /* findings of one check that are kept as evidence */

struct checks {
    struct arena *a;
    VEC(struct check) list;
};

struct checks *checks_new(struct arena *a)
{
    struct checks *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->a = a;
    return c;
}

void checks_free(struct checks *c)
{
    if (!c)
        return;
    vec_done(&c->list);
    free(c);
}

size_t checks_count(const struct checks *c)
{
    return c->list.n;
}

const struct check *checks_at(const struct checks *c, size_t i)
{
    assert(i < c->list.n);
    return &c->list.p[i];
}

int64_t checks_in(const struct checks *c, enum check_state state)
{
    int64_t n = 0;
    for (size_t i = 0; i < c->list.n; i++)
        n += c->list.p[i].state == state;
    return n;
}

/* --- findings --- */

static struct check *last(struct checks *c)
{
    assert(c->list.n > 0);
    return &c->list.p[c->list.n - 1];
}

void checks_begin(struct checks *c, const char *id, const char *what, const char *fix)
{
    *vec_push(&c->list) = (struct check){.id = arena_dup(c->a, id),
                                         .what = arena_dup(c->a, what),
                                         .fix = arena_dup(c->a, fix),
                                         .reason = "",
                                         .evidence = arena_new_array(c->a, struct check_evidence, KEPT)};
}

void checks_skip(struct checks *c, const char *reason)
{
    last(c)->state = CHECK_SKIPPED;
    last(c)->reason = arena_dup(c->a, reason);
}

void checks_found(struct checks *c, enum check_state state, const char *subject, const char *fmt, ...)
{
    struct check *k = last(c);
    va_list args;
    k->state = MAX(k->state, state);
    if (k->found++ >= KEPT)
        return;
    va_start(args, fmt);
    k->evidence[k->n_evidence++] = (struct check_evidence){arena_dup(c->a, subject), arena_vprintf(c->a, fmt, args)};
    va_end(args);
}

bool checks_query(struct checks *c, enum check_state state, struct pg *target, const char *sql, struct pg_args args,
                  struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, sql, args, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        checks_found(c, state, pg_text(r, i, 0), "%s", pg_text(r, i, 1));
    return true;
}

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
    for (int i = 0; i < PQntuples(r); i++)
        checks_found(c, blocks ? CHECK_BLOCKER : CHECK_WARNING, pg_text(r, i, 0), "%s", pg_text(r, i, 1));
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

bool check_tables(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                  struct err *err)
{
    bool ok = pg_begin(target, err) && make_functions(target, p, err) && check_staff(c, target, p, sql, err);
    for (size_t i = 0; ok && i < p->checks.n; i++)
        ok = ask(c, target, &p->checks.p[i], err);
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
