#include "base/json.h"
#include "base/term.h"
#include "base/vec.h"
#include "cmd/cmd.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "conf/contract.h"

/* What a check has found: one line for people. */
struct finding {
    const char *check, *subject, *detail;
};

struct checking {
    struct project *project;
    const struct package *package;
    struct calls *calls;
    struct pg *target; /* NULL as long as there are no tables of version N */
    struct arena *a;
    VEC(struct finding) found;
    const char *check; /* the one that runs */
};

static void found(struct checking *c, const char *subject, const char *detail)
{
    *vec_push(&c->found) = (struct finding){c->check, arena_dup(c->a, subject), arena_dup(c->a, detail)};
}

/* --- the checks --- */

static bool check_answered(struct checking *c, struct err *err)
{
    (void)err;
    const struct package_calls *calls = &c->package->n1_calls;
    for (size_t i = 0; i < calls->n_methods; i++)
        if (contract_state(c->package, str_of(calls->methods[i]), NULL, NULL) == CONTRACT_MISSING)
            found(c, calls->methods[i],
                  "tills call it and nothing answers: write calls/ for it, or say in package.yaml below "
                  "calls.unsupported why not");
    return true;
}

static bool check_statements(struct checking *c, struct err *err)
{
    struct err why;
    if (calls_try(c->calls, c->target, &why))
        return true;
    if (why.code != ERR_PACKAGE) {
        *err = why;
        return false;
    }
    found(c, "calls", why.message);
    return true;
}

static const struct check {
    const char *id, *title;
    bool needs_target;
    bool (*run)(struct checking *c, struct err *err);
} checks[] = {
    {"calls-answered", "every method that tills call is answered or declared as unsupported", false, check_answered},
    {"calls-statements", "the statements of real-time calls can run on the target", true, check_statements},
};

/* --- running and printing --- */

static bool open_target(struct checking *c, struct pg **keep, struct err *err)
{
    int64_t tables = 0;
    if (!open_pg(c->project, OPEN_TARGET, keep, err) ||
        !pg_value_i64(*keep, "select count(*) from pg_tables where schemaname = 'hq'", PG_NONE, &tables, err))
        return false;
    c->target = tables ? *keep : NULL;
    return true;
}

static bool run_all(struct checking *c, struct err *err)
{
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        c->check = checks[i].id;
        if ((!checks[i].needs_target || c->target) && !checks[i].run(c, err))
            return false;
    }
    return true;
}

static size_t count(const struct checking *c, const char *check)
{
    size_t n = 0;
    for (size_t i = 0; i < c->found.n; i++)
        n += strcmp(c->found.p[i].check, check) == 0;
    return n;
}

static const char *state_of(const struct checking *c, const struct check *check)
{
    if (check->needs_target && !c->target)
        return "skipped";
    return count(c, check->id) ? "found" : "passed";
}

static void put_json(struct buf *b, const struct checking *c)
{
    buf_puts(b, "{\"checks\":[");
    for (size_t i = 0; i < ARRAY_LEN(checks); i++)
        buf_printf(b, "%s{\"id\":\"%s\",\"title\":\"%s\",\"state\":\"%s\"}", i ? "," : "", checks[i].id,
                   checks[i].title, state_of(c, &checks[i]));
    buf_puts(b, "],\"findings\":[");
    for (size_t i = 0; i < c->found.n; i++) {
        buf_printf(b, "%s{\"check\":\"%s\",\"subject\":", i ? "," : "", c->found.p[i].check);
        json_put_string(b, str_of(c->found.p[i].subject));
        buf_puts(b, ",\"detail\":");
        json_put_string(b, str_of(c->found.p[i].detail));
        buf_putc(b, '}');
    }
    buf_puts(b, "]}\n");
}

static void put_text(struct buf *b, const struct checking *c)
{
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        buf_printf(b, "%-8s %s: %s%s\n", state_of(c, &checks[i]), checks[i].id, checks[i].title,
                   checks[i].needs_target && !c->target ? " (the target has no tables of version N yet)" : "");
        for (size_t j = 0; j < c->found.n; j++)
            if (strcmp(c->found.p[j].check, checks[i].id) == 0)
                buf_printf(b, "         %s: %s\n", c->found.p[j].subject, c->found.p[j].detail);
    }
}

static bool print(const struct command_call *call, const struct checking *c, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON))
        put_json(&text, c);
    else
        put_text(&text, c);
    return cmd_print(&text, err);
}

bool cmd_n1_check(struct command_call *call, struct err *err)
{
    struct checking c = {.a = command_arena(call)};
    SCOPED(calls) calls = NULL;
    SCOPED(pg) pg = NULL;
    if (!command_project(call, &c.project, err) || !project_package(c.project, &c.package, err) ||
        !n1_open_calls(c.project, &calls, err))
        return false;
    c.calls = calls;
    bool ok = open_target(&c, &pg, err) && run_all(&c, err) && print(call, &c, err);
    size_t n = c.found.n;
    vec_done(&c.found);
    return ok && (n == 0 || err_set(err, ERR_FINDINGS, "%zu findings: stores of version N-1 would miss something", n));
}
