#include "cmd/script_set.h"
#include "base/log.h"
#include "base/progress.h"
#include "db/target.h"
#include "lens/schema.h"
#include "script/carry.h"

#define STEP "scripts" /* of events in the journal: lines of microseconds and key */
#define TOOK "took"

/* --- companies --- */

static bool refuse_companies(struct err *err)
{
    err_wrap(err, "the companies of package.yaml");
    if (strcmp(err->sqlstate, "42P01") != 0 && strcmp(err->sqlstate, "3F000") != 0)
        return false;
    return err_hint(err, "They are asked of the target: replicate the source into it first.");
}

static bool read_companies(struct pg *target, const struct package *p, struct arena *a, const char ***ret,
                           size_t *ret_n, struct err *err)
{
    SCOPED_RESULT r = NULL;
    *ret_n = 0;
    if (!p->scripts.companies)
        return true;
    if (!pg_exec(target, "set search_path = " TARGET_NEW ", public", err) ||
        !pg_query(target, p->scripts.companies, PG_NONE, &r, err) || !pg_exec(target, "reset search_path", err))
        return refuse_companies(err);
    if (PQnfields(r) != 1)
        return err_set(err, ERR_PACKAGE, "package.yaml: 'companies' has to be a SELECT of one column");
    *ret = arena_new_array(a, const char *, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++)
        (*ret)[(*ret_n)++] = arena_dup(a, pg_text(r, i, 0));
    return true;
}

/* --- tables --- */

static bool add_statements(const struct package *p, const char *name, bool constraint, struct arena *a,
                           struct carry_statement **list, size_t *n, struct err *err)
{
    struct schema_statements s;
    if (!schema_split(package_find(&p->schema, name), a, &s, err))
        return false;
    struct carry_statement *all = arena_new_array(a, struct carry_statement, *n + s.n + 1);
    if (*n)
        memcpy(all, *list, *n * sizeof *all);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i].table)
            all[(*n)++] = (struct carry_statement){s.p[i].table, s.p[i].sql, constraint};
    *list = all;
    return true;
}

static bool carry_opts_of(const struct package *p, struct arena *a, struct carry_opts *ret, struct err *err)
{
    struct carry_statement *list = NULL;
    size_t n = 0;
    const char **lenses = arena_new_array(a, const char *, p->up.n + 1);
    for (size_t i = 0; i < p->up.n; i++)
        lenses[i] = p->up.p[i].name;
    if (!add_statements(p, "20_indexes", false, a, &list, &n, err) ||
        !add_statements(p, "30_constraints", true, a, &list, &n, err))
        return false;
    *ret = (struct carry_opts){lenses, p->up.n, list, n};
    return true;
}

static bool add_tables(struct pg *target, const struct package *p, struct graph *g, struct arena *a, struct err *err)
{
    struct carry_opts o;
    struct graph_table *tables = NULL;
    size_t n = 0;
    if (!p->scripts.classic)
        return true;
    if (!carry_opts_of(p, a, &o, err) || !carry_plan(target, &o, a, &tables, &n, err))
        return false;
    graph_add_tables(g, tables, n);
    return true;
}

/* --- durations --- */

static void take_lines(struct map *took, const char *text, struct arena *a)
{
    struct str rest = str_of(arena_dup(a, text));
    while (rest.n) {
        struct str key = str_split(&rest, '\n');
        struct str us = str_split(&key, ' ');
        int64_t *n = arena_new_one(a, int64_t);
        if (key.n && str_to_i64(us, n))
            map_put(took, key)->value = n;
    }
}

static bool read_took(struct journal *j, struct map *took, struct arena *a, struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    if (!journal_events(j, 0, STEP, a, &events, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(events[i].event, TOOK) == 0)
            take_lines(took, events[i].detail, a);
    return true;
}

bool script_set_read(struct pg *target, const struct package *p, bool tables, struct journal *journal, struct arena *a,
                     struct graph *ret, struct err *err)
{
    SCOPED(map) took = map_new();
    const char **companies = NULL;
    size_t n = 0;
    graph_init(ret, a);
    if (!read_companies(target, p, a, &companies, &n, err))
        return false;
    graph_add_scripts(ret, &p->scripts, companies, n);
    if ((tables && !add_tables(target, p, ret, a, err)) || (journal && !read_took(journal, took, a, err)))
        return false;
    graph_finish(ret, took);
    return true;
}

/* --- running --- */

struct running {
    struct progress *bar;
    struct arena *a;
    struct buf took;
};

static void count(void *ctx, const struct graph_node *n, int64_t us)
{
    struct running *r = ctx;
    buf_printf(&r->took, "%" PRId64 " %s\n", us, graph_key(r->a, n));
    progress_add(r->bar, 1);
    progress_note(r->bar, "%s", graph_label(r->a, n));
    log_debug("script.done", "%s in %" PRId64 " ms", graph_label(r->a, n), us / 1000);
}

/* Nothing may be copied before all of it is known to fit. */
static bool check_fits(const struct script_set_run *s, const struct graph *g, struct arena *a, struct err *err)
{
    struct ledger l;
    struct carry_opts o;
    bool left = false;
    if (!ledger_read(s->target, a, &l, err))
        return false;
    for (size_t i = 0; i < g->n; i++)
        left |= g->p[i].phase == SCRIPT_SYNC && !ledger_settled(ledger_find(&l, &g->p[i]));
    return !left || (carry_opts_of(s->package, a, &o, err) && carry_check(s->target, &o, a, err));
}

/* Skipped ones show in every report. */
static bool put_skipped(struct pg *target, enum script_phase phase, struct arena *a, struct buf *b, struct err *err)
{
    struct ledger l;
    if (!ledger_read(target, a, &l, err))
        return false;
    for (size_t i = 0; i < l.n; i++)
        if (strcmp(l.p[i].phase, script_phase_name(phase)) == 0 && strcmp(l.p[i].state, "skipped") == 0)
            buf_printf(b, "; %s%s%s%s skipped by %s: %s", l.p[i].name, l.p[i].company[0] ? " [" : "", l.p[i].company,
                       l.p[i].company[0] ? "]" : "", l.p[i].who, l.p[i].reason);
    return true;
}

static size_t count_phase(const struct graph *g, enum script_phase phase)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++)
        n += g->p[i].phase == phase;
    return n;
}

/* The durations are kept whatever came of it: a rehearsal is thrown away. */
static bool run_and_note(const struct script_set_run *s, const struct run_opts *o, struct running *r,
                         struct run_result *ret, struct err *err)
{
    struct err second;
    bool ok = run_phase(o, ret, err);
    if (r->took.n && !journal_add(s->journal, s->run, STEP, TOOK, buf_text(&r->took), ok ? err : &second))
        return false;
    return ok;
}

bool script_set_run(const struct script_set_run *s, enum script_phase phase, const char *only, struct buf *detail,
                    struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct graph g;
    struct run_result result = {0};
    if (!script_set_read(s->target, s->package, phase == SCRIPT_SYNC, s->journal, a, &g, err) ||
        (phase == SCRIPT_SYNC && !check_fits(s, &g, a, err)))
        return false;
    SCOPED(progress) bar = progress_new(script_phase_name(phase), PROGRESS_STEPS, (int64_t)count_phase(&g, phase));
    struct running r = {.bar = bar, .a = a};
    struct run_opts o = {.uri = s->uri,
                         .graph = &g,
                         .phase = phase,
                         .only = only,
                         .workers = s->workers,
                         .who = s->who,
                         .done = count,
                         .ctx = &r};
    bool ok = run_and_note(s, &o, &r, &result, err);
    buf_done(&r.took);
    if (!ok)
        return false;
    buf_printf(detail, "%s: %zu done", phase == SCRIPT_SYNC ? "tables and their constraints" : "scripts", result.done);
    if (result.before)
        buf_printf(detail, ", %zu were done before", result.before);
    return put_skipped(s->target, phase, a, detail, err);
}
