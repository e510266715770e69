#include "analyze/analyze.h"
#include "analyze/inventory.h"
#include "analyze/rule.h"
#include "analyze/sizing.h"
#include "base/clock.h"
#include "base/progress.h"
#include "base/thread.h"

/* Workers take the next rule, then the next query of sizes; each writes into its own finding, with an arena of its own
 * for the texts. */
struct run {
    const struct analyze_opts *o;
    struct rules rules;
    struct analyze_finding *findings;
    struct sizing *sizing;
    struct pg **connections;
    struct arena **arenas;
    struct progress *bar;
    atomic_size_t next;
};

static const char *const severities[] = {"blocker", "warning", "advice", "info"};
static const char *const states[] = {"ok", "open", "accepted", "fixed", "not applicable", "failed"};

const char *analyze_severity_name(enum analyze_severity s)
{
    return s < ANALYZE_SEVERITIES ? severities[s] : "?";
}

const char *analyze_state_name(enum analyze_state s)
{
    return s < ANALYZE_STATES ? states[s] : "?";
}

bool analyze_is_found(const struct analyze_finding *f)
{
    return f->total || f->failure;
}

int analyze_count(const struct analysis *r, enum analyze_severity s)
{
    int n = 0;
    for (size_t i = 0; i < r->n_findings; i++)
        n += r->findings[i].severity == s &&
             (r->findings[i].state == ANALYZE_OPEN || r->findings[i].state == ANALYZE_FAILED);
    return n;
}

int analyze_count_state(const struct analysis *r, enum analyze_state s)
{
    int n = 0;
    for (size_t i = 0; i < r->n_findings; i++)
        n += r->findings[i].state == s;
    return n;
}

double analyze_minutes(const struct analysis *r, int64_t bytes)
{
    return r->copy_rate > 0 ? (double)bytes / (double)r->copy_rate / 60 : 0;
}

int64_t analyze_savings(const struct analysis *r)
{
    int64_t bytes = 0;
    for (size_t i = 0; i < r->n_findings; i++)
        bytes += r->findings[i].state == ANALYZE_OPEN ? r->findings[i].bytes : 0;
    return bytes;
}

/* -- one rule, one query of sizes -- */

static enum analyze_state state_of(const struct analyze_finding *f)
{
    return f->skipped ? ANALYZE_SKIPPED : f->failure ? ANALYZE_FAILED : f->total ? ANALYZE_OPEN : ANALYZE_OK;
}

static bool run_rule(struct run *run, size_t i, struct pg *pg, struct arena *a, struct err *err)
{
    struct analyze_finding *f = &run->findings[i];
    int64_t start = clock_us();
    int64_t deadline = run->o->timeout_ms ? start + (int64_t)run->o->timeout_ms * 1000 : 0;
    struct rule_call c = {run->o, &run->rules.p[i], pg, a, deadline};
    progress_note(run->bar, "%s", f->id);
    if (!pg_exec(pg, "savepoint rule", err) || (!f->skipped && !c.rule->run(&c, f, err)))
        return false;
    f->state = state_of(f);
    f->elapsed_us = clock_us() - start;
    progress_add(run->bar, 1);
    return pg_exec(pg, "rollback to savepoint rule", err);
}

static bool run_sizing(struct run *run, size_t i, struct pg *pg, struct arena *a, struct err *err)
{
    struct sizing_kind *k = &run->sizing->kinds[i];
    progress_note(run->bar, "%s", k->name);
    if (!pg_exec(pg, "savepoint rule", err) ||
        (!k->skipped &&
         !sizing_run(pg, package_find(&run->o->package->sizing, k->name), run->o->timeout_ms, a, k, err)))
        return false;
    progress_add(run->bar, 1);
    return pg_exec(pg, "rollback to savepoint rule", err);
}

static bool member(struct crew *crew, void *ctx, int number, struct err *err)
{
    struct run *run = ctx;
    struct pg *pg = run->connections[number];
    struct arena *a = run->arenas[number];
    while (!crew_stopping(crew)) {
        size_t i = atomic_fetch_add(&run->next, 1);
        if (i >= run->rules.n + run->sizing->n_kinds)
            return true;
        if (i < run->rules.n ? !run_rule(run, i, pg, a, err) : !run_sizing(run, i - run->rules.n, pg, a, err))
            return false;
    }
    return true;
}

/* -- connections that see one snapshot -- */

static bool begin(const struct analyze_opts *o, struct pg *pg, struct arena *a, char **snapshot, struct err *err)
{
    if (!pg_exec(pg, "begin isolation level repeatable read read only", err))
        return false;
    if (*snapshot && !pg_execf(pg, err, "set transaction snapshot %s", pg_literal(a, *snapshot)))
        return false;
    if (!*snapshot && !pg_value(pg, "select pg_export_snapshot()", PG_NONE, a, snapshot, err))
        return false;
    return pg_execf(pg, err, "set local search_path = %s; set local statement_timeout = %d",
                    pg_ident(a, o->package->source_schema), o->timeout_ms);
}

static bool open_all(struct run *run, struct arena *a, struct err *err)
{
    char *snapshot = NULL;
    run->connections = arena_new_array(a, struct pg *, (size_t)run->o->workers);
    run->arenas = arena_new_array(a, struct arena *, (size_t)run->o->workers);
    for (int i = 0; i < run->o->workers; i++) {
        run->arenas[i] = arena_new();
        if (!pg_open(run->o->uri, "source", &run->connections[i], err) ||
            !begin(run->o, run->connections[i], a, &snapshot, err))
            return false;
    }
    return true;
}

static void close_all(struct run *run)
{
    for (int i = 0; run->connections && i < run->o->workers; i++) {
        pg_free(run->connections[i]);
        arena_free(run->arenas[i]);
    }
}

/* -- which of them apply -- */

static const char *sizing_tables(const struct package *p, const struct sizing_kind *k)
{
    const char *tables = package_word(package_find(&p->sizing, k->name), "tables");
    return tables ? tables : "";
}

/* What needs a table that this source does not have says so instead of failing. */
static bool find_skipped(struct run *run, struct arena *a, struct err *err)
{
    size_t n = run->rules.n + run->sizing->n_kinds;
    const char **lists = arena_new_array(a, const char *, n + 1), **missing = arena_new_array(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        lists[i] = i < run->rules.n ? run->rules.p[i].tables
                                    : sizing_tables(run->o->package, &run->sizing->kinds[i - run->rules.n]);
    if (!inventory_missing(run->connections[0], lists, n, a, missing, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (i < run->rules.n)
            run->findings[i].skipped = missing[i];
        else
            run->sizing->kinds[i - run->rules.n].skipped = missing[i];
    return true;
}

/* -- the rest of the report -- */

static struct analyze_row *keep_rows(const struct analyze_finding *f, struct arena *a)
{
    struct analyze_row *rows = arena_new_array(a, struct analyze_row, f->n_rows + 1);
    for (size_t k = 0; k < f->n_rows; k++)
        rows[k] =
            (struct analyze_row){arena_dup(a, f->rows[k].subject), arena_dup(a, f->rows[k].detail), f->rows[k].bytes};
    return rows;
}

/* The workers' arenas end with the run. */
static void keep_texts(struct run *run, struct arena *a)
{
    for (size_t i = 0; i < run->rules.n; i++) {
        struct analyze_finding *f = &run->findings[i];
        f->rows = keep_rows(f, a);
        f->failure = f->failure ? arena_dup(a, f->failure) : NULL;
        f->note = arena_dup(a, f->note);
    }
    for (size_t i = 0; i < run->sizing->n_kinds; i++) {
        struct sizing_kind *k = &run->sizing->kinds[i];
        struct sizing_month *months = arena_new_array(a, struct sizing_month, k->n_months + 1);
        if (k->n_months)
            memcpy(months, k->months, k->n_months * sizeof *months);
        k->months = months;
        k->failure = k->failure ? arena_dup(a, k->failure) : NULL;
    }
}

static bool ask(struct run *run, struct arena *a, struct analysis *ret, struct err *err)
{
    const struct package *p = run->o->package;
    return open_all(run, a, err) && find_skipped(run, a, err) && crew_run(run->o->workers, member, run, err) &&
           sizing_count_stores(run->connections[0], p, run->sizing, err) &&
           inventory_read(run->connections[0], p, a, ret, err);
}

static void begin_report(const struct analyze_opts *o, struct analysis *ret)
{
    *ret = (struct analysis){.package = o->package->name,
                             .version = o->package->version,
                             .digest = o->package->digest,
                             .schema = o->package->source_schema,
                             .copy_rate = o->copy_rate,
                             .started_us = clock_wall_us()};
}

bool analyze_run(const struct analyze_opts *o, struct arena *a, struct analysis *ret, struct err *err)
{
    struct run run = {.o = o, .sizing = sizing_new(o, a)};
    begin_report(o, ret);
    if (!rule_choose(o, a, &run.rules, err))
        return false;
    run.findings = arena_new_array(a, struct analyze_finding, run.rules.n + 1);
    for (size_t i = 0; i < run.rules.n; i++)
        run.findings[i] = run.rules.p[i].about;
    SCOPED(progress) bar = progress_new("analyze", PROGRESS_STEPS, (int64_t)(run.rules.n + run.sizing->n_kinds));
    run.bar = bar;
    bool ok = ask(&run, a, ret, err);
    keep_texts(&run, a);
    close_all(&run);
    ret->findings = run.findings;
    ret->n_findings = run.rules.n;
    ret->sizing = run.sizing;
    sizing_finish(o->package, ret, run.sizing);
    ret->finished_us = clock_wall_us();
    return ok;
}
