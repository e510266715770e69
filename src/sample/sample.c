#include "sample/sample.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/thread.h"
#include "db/pg.h"
#include "sample/script.h"
#include <stdatomic.h>

#define MARK "carryover sample "
#define COMPLETE " complete"

/* What all workers of one stage share. */
struct stage_run {
    const struct sample_opts *opts;
    const struct package_stage *stage;
    const struct map *values;
    struct progress *bar;
    atomic_size_t next;
};

bool sample_is_scale(const char *text)
{
    size_t n = strlen(text);
    bool digits = n > 0 && n <= 9 && strspn(text, "0123456789.") == n && strchr(text, '.') == strrchr(text, '.');
    return digits && strpbrk(text, "123456789") && text[0] != '.' && text[n - 1] != '.';
}

/* --- the database: empty, or a sample --- */

static char *mark_of(const struct sample_opts *o, struct arena *a)
{
    return arena_printf(a, MARK "of %s %s, scale %s, seed %s:", o->package->name, o->package->version, o->scale,
                        o->seed);
}

static bool set_mark(struct pg *pg, const struct sample_opts *o, const char *state, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *name = NULL;
    if (!pg_value(pg, "select current_database()", PG_NONE, a, &name, err))
        return false;
    char *text = arena_printf(a, "%s%s", mark_of(o, a), state);
    return pg_execf(pg, err, "comment on database %s is %s", pg_ident(a, name), pg_literal(a, text));
}

static bool read_mark(struct pg *pg, struct arena *a, char **ret, struct err *err)
{
    return pg_value(pg,
                    "select shobj_description(oid, 'pg_database') from pg_database where datname = current_database()",
                    PG_NONE, a, ret, err);
}

/* Schemas and tables that did not come with the database or with an extension. */
static const char holdings_sql[] =
    "select n.nspname from pg_namespace n where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' "
    "and (n.nspname <> 'public' or exists (select 1 from pg_class c where c.relnamespace = n.oid)) "
    "and not exists (select 1 from pg_depend d where d.classid = 'pg_namespace'::regclass and d.objid = n.oid "
    "and d.deptype = 'e') order by 1";

static bool check_empty(struct pg *pg, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, holdings_sql, PG_NONE, &r, err))
        return false;
    if (PQntuples(r) == 0)
        return true;
    err_set(err, ERR_GUARD, "the source database %s is not empty: it has the schema %s", PQdb(pg_raw(pg)),
            pg_text(r, 0, 0));
    return err_hint(
        err,
        "A sample is only made in an empty database. Name another one, or use the private one: --source embedded.");
}

static bool empty_it(struct pg *pg, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, holdings_sql, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        const char *schema = pg_text(r, i, 0);
        if (strcmp(schema, "public") == 0)
            return err_set(err, ERR_GUARD, "the schema public of the sample has something that no sample has made");
        if (!pg_execf(pg, err, "drop schema %s cascade", pg_ident(a, schema)))
            return err_wrap(err, "removing the old sample");
    }
    return true;
}

/* Decides what is to be done; `*ret_there` when nothing is. */
static bool prepare(struct pg *pg, const struct sample_opts *o, bool *ret_there, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *mark = NULL;
    if (!read_mark(pg, a, &mark, err))
        return false;
    bool is_sample = mark && str_starts(str_of(mark), MARK);
    if (!is_sample)
        return check_empty(pg, err);
    *ret_there = strcmp(mark, arena_printf(a, "%s%s", mark_of(o, a), COMPLETE)) == 0 && !o->replace;
    if (*ret_there)
        return true;
    if (o->replace)
        return empty_it(pg, err);
    err_set(err, ERR_GUARD, "the source database already has a %s", mark);
    return err_hint(err, "Add --replace to remove it and make the new one.");
}

/* --- scripts --- */

static const struct package_file *find_script(const struct package *p, const char *file_name)
{
    struct str name = str_of(file_name);
    if (name.n > 4 && strcmp(file_name + name.n - 4, ".sql") == 0)
        name.n -= 4;
    for (size_t i = 0; i < p->sample.n; i++)
        if (str_is(name, p->sample.p[i].name))
            return &p->sample.p[i];
    return NULL;
}

static bool run_script(const struct stage_run *run, struct pg *pg, const char *name, struct err *err)
{
    char took[32];
    const struct package *p = run->opts->package;
    const struct package_file *file = find_script(p, name);
    if (!file)
        return err_set(err, ERR_PACKAGE, "%s/sample/%s is named in package.yaml and does not exist", p->dir, name);
    int64_t began = clock_us();
    progress_note(run->bar, "%s", name);
    if (!script_run(pg, file, run->values, err))
        return false;
    clock_human(clock_us() - began, took);
    log_debug("sample.script", "%s in %s", name, took);
    progress_add(run->bar, 1);
    return true;
}

static bool work(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct stage_run *run = ctx;
    SCOPED(pg) pg = NULL;
    (void)member;
    if (!pg_open(run->opts->uri, "source", &pg, err) ||
        !pg_exec(pg, "set synchronous_commit = off; set check_function_bodies = off", err))
        return false;
    for (;;) {
        size_t i = atomic_fetch_add(&run->next, 1);
        if (i >= run->stage->n || crew_stopping(crew))
            return true;
        if (!run_script(run, pg, run->stage->scripts[i], err))
            return false;
    }
}

static bool run_stage(const struct sample_opts *o, const struct package_stage *stage, const struct map *values,
                      struct progress *bar, struct err *err)
{
    struct stage_run run = {.opts = o, .stage = stage, .values = values, .bar = bar};
    int n = MIN(MAX(o->workers, 1), (int)stage->n);
    return n == 0 || crew_run(n, work, &run, err);
}

static int count_scripts(const struct package *p)
{
    size_t n = p->workload ? 1 : 0;
    for (size_t i = 0; i < p->n_stages; i++)
        n += p->stages[i].n;
    return (int)n;
}

static bool run_stages(const struct sample_opts *o, struct progress *bar, struct err *err)
{
    SCOPED(map) values = map_new();
    const struct package *p = o->package;
    map_put(values, STR("scale"))->value = (void *)o->scale;
    map_put(values, STR("seed"))->value = (void *)o->seed;
    for (size_t i = 0; i < p->n_stages; i++)
        if (!run_stage(o, &p->stages[i], values, bar, err))
            return false;
    const char *last[] = {p->workload};
    const struct package_stage workload = {.scripts = last, .n = p->workload ? 1 : 0};
    return run_stage(o, &workload, values, bar, err);
}

/* As a database in use has it: hint bits, visibility, statistics. Tables of an ERP have hundreds of columns: with the
 * usual target this would take longer than making the data, and the server's own vacuum refines it later. */
static bool settle(struct pg *pg, struct progress *bar, struct err *err)
{
    progress_note(bar, "vacuum");
    return pg_exec(pg, "set default_statistics_target = 20", err) && pg_exec(pg, "vacuum (analyze)", err);
}

static bool measure(struct pg *pg, const struct sample_opts *o, struct sample_result *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg,
                  "select count(*), coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint from pg_class c "
                  "join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'r' and n.nspname = $1",
                  PG_ARGS(o->package->source_schema), &r, err))
        return false;
    ret->tables = pg_i64(r, 0, 0);
    ret->bytes = pg_i64(r, 0, 1);
    return true;
}

bool sample_create(const struct sample_opts *o, struct sample_result *ret, struct err *err)
{
    int64_t began = clock_us();
    SCOPED(pg) pg = NULL;
    *ret = (struct sample_result){.scripts = count_scripts(o->package)};
    if (ret->scripts == 0)
        return err_set(err, ERR_PACKAGE, "the package %s has no sample: %s/package.yaml names no sample stages",
                       o->package->name, o->package->dir);
    if (!pg_open(o->uri, "source", &pg, err) || !prepare(pg, o, &ret->was_there, err))
        return false;
    if (ret->was_there)
        return measure(pg, o, ret, err);
    SCOPED(progress) bar = progress_new("sample", PROGRESS_STEPS, ret->scripts + 1);
    if (!set_mark(pg, o, " unfinished", err) || !run_stages(o, bar, err) || !settle(pg, bar, err) ||
        !set_mark(pg, o, COMPLETE, err))
        return false;
    progress_add(bar, 1);
    ret->elapsed_us = clock_us() - began;
    return measure(pg, o, ret, err);
}
