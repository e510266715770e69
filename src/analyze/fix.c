#include "analyze/fix.h"
#include "base/cancel.h"
#include "base/progress.h"
#include "base/suggest.h"
#include "conf/sqltext.h"
#include "db/pg.h"

#define LOCK_TIMEOUT_MS 5000
#define CHUNK "chunk"

struct fix {
    const struct fix_opts *o;
    struct runs *runs;
    struct pg *pg;
    struct progress *bar;
    struct fix_result *done;
    int64_t id;
};

/* -- the script -- */

static bool refuse(const struct package *p, const char *rule, struct arena *a, struct err *err)
{
    const char **names = arena_new_array(a, const char *, p->analyze.n + 1);
    for (size_t i = 0; i < p->analyze.n; i++)
        names[i] = p->analyze.p[i].fix ? p->analyze.p[i].name : NULL;
    const char *near = suggest_nearest(str_of(rule), names, p->analyze.n);
    err_set(err, ERR_USAGE, "the package %s has no fix script for a rule %s", p->name, rule);
    return near ? err_hint(err, "did you mean %s?", near)
                : err_hint(err,
                           "`carryover analyze rules` marks the rules that have one; do by hand what the others say.");
}

bool fix_script(const struct package *p, const char *rule, int64_t chunk, struct arena *a, const char **ret,
                struct err *err)
{
    const struct package_file *f = package_find(&p->analyze, rule);
    SCOPED(map) values = map_new();
    if (!f || !f->fix)
        return refuse(p, rule, a, err);
    map_put(values, STR(CHUNK))->value = arena_printf(a, "%lld", (long long)chunk);
    *ret = package_substitute(f->fix, values, a);
    return true;
}

/* Cuts the next statement off, without its semicolon; an empty one when there is none. */
static struct str next_statement(struct str *rest, bool *ret_repeats)
{
    struct str all = *rest;
    *ret_repeats = false;
    for (;;) {
        struct sqltext_token t = sqltext_next(rest);
        if (t.kind == SQLTEXT_END)
            return str_trim(all);
        if (t.kind == SQLTEXT_SETTING && str_is(t.name, CHUNK))
            *ret_repeats = true;
        if (t.kind == SQLTEXT_SEMICOLON)
            return str_trim((struct str){all.p, (size_t)(t.text.p - all.p)});
    }
}

/* -- running it -- */

static bool explain_failure(const struct fix *x, struct err *err)
{
    if (err->code == ERR_INTERRUPTED || err->code == ERR_CONNECTION_LOST || err->code == ERR_DISK_FULL)
        return err_wrap(err, "mending %s, chunk %lld", x->o->rule, (long long)x->done->chunks + 1);
    bool locked = err->code == ERR_SERVER_BUSY, refers = strcmp(err->sqlstate, "23503") == 0;
    char why[512];
    snprintf(why, sizeof why, "%.*s", (int)sizeof why - 1, err->message);
    err_set(err, ERR_FIX, "mending %s stopped at chunk %lld, after %lld rows: %s", x->o->rule,
            (long long)x->done->chunks + 1, (long long)x->done->rows, why);
    if (locked)
        return err_hint(err, "Somebody else works on these rows. What is done stays done; run the same command again.");
    return refers ? err_hint(err, "Other rows refer to these; they have to go first. What is done stays done.") : false;
}

/* One transaction: the rows that it touched are gone for good, and are counted at once. */
static bool run_chunk(struct fix *x, const char *sql, int64_t *ret_rows, struct err *err)
{
    if (!cancel_check(err))
        return err_wrap(err, "mending %s, chunk %lld", x->o->rule, (long long)x->done->chunks + 1);
    if (!pg_begin(x->pg, err) || !pg_run(x->pg, sql, PG_NONE, ret_rows, err) || !pg_commit(x->pg, err)) {
        pg_rollback(x->pg);
        return explain_failure(x, err);
    }
    x->done->rows += *ret_rows;
    x->done->chunks++;
    progress_add(x->bar, *ret_rows);
    return runs_fix_progress(x->runs, x->id, x->done->rows, x->done->chunks, err);
}

static bool run_statement(struct fix *x, const char *sql, bool repeats, struct err *err)
{
    int64_t rows = 0;
    do {
        if (!run_chunk(x, sql, &rows, err))
            return false;
    } while (repeats && rows > 0);
    return true;
}

static bool run_script(struct fix *x, const char *script, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(map) values = map_new();
    map_put(values, STR(CHUNK))->value = arena_printf(a, "%lld", (long long)x->o->chunk);
    for (struct str rest = str_of(script); rest.n;) {
        bool repeats = false;
        struct str sql = next_statement(&rest, &repeats);
        if (sql.n && !run_statement(x, package_substitute(arena_dup_str(a, sql), values, a), repeats, err))
            return false;
    }
    return true;
}

static bool open_source(struct fix *x, struct arena *a, struct err *err)
{
    return pg_open(x->o->uri, "source", &x->pg, err) &&
           pg_execf(x->pg, err, "set search_path = %s; set lock_timeout = %d; set statement_timeout = %d",
                    pg_ident(a, x->o->package->source_schema), LOCK_TIMEOUT_MS, x->o->timeout_ms);
}

static bool apply(struct fix *x, const char *script, struct arena *a, struct err *err)
{
    struct err second;
    if (!open_source(x, a, err) || !runs_fix_begin(x->runs, x->o->rule, x->o->by, script, &x->id, err))
        return false;
    bool ok = run_script(x, package_find(&x->o->package->analyze, x->o->rule)->fix, err);
    bool stopped = !ok && err->code == ERR_INTERRUPTED;
    bool noted = runs_fix_end(x->runs, x->id, ok ? "done" : stopped ? "interrupted" : err->message, &second);
    if (ok && !noted)
        *err = second;
    return ok && noted;
}

bool fix_apply(const struct fix_opts *o, struct runs *runs, struct fix_result *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct fix x = {.o = o, .runs = runs, .done = ret};
    const char *shown = NULL;
    *ret = (struct fix_result){0};
    if (!fix_script(o->package, o->rule, o->chunk, a, &shown, err))
        return false;
    SCOPED(progress) bar = progress_new(o->rule, PROGRESS_ROWS, 0);
    x.bar = bar;
    bool ok = apply(&x, shown, a, err);
    pg_free(x.pg);
    return ok;
}
