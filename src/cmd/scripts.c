#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "base/suggest.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "cmd/replication.h"
#include "cmd/script_set.h"
#include "db/target.h"

#define RUN "scripts" /* kind of runs in the journal */

/* What all of these commands open. */
struct scripts_call {
    struct command_call *call;
    struct project *project;
    const struct package *package;
    struct arena *a;
    struct pg *target;
    struct journal *journal;
    char *uri;
};

static bool open_all(struct command_call *call, struct scripts_call *ret, struct err *err)
{
    *ret = (struct scripts_call){.call = call, .a = command_arena(call)};
    return command_project(call, &ret->project, err) && project_package(ret->project, &ret->package, err) &&
           open_uri(ret->project, OPEN_TARGET, ret->a, &ret->uri, err) &&
           pg_open(ret->uri, "target", &ret->target, err) && open_journal(ret->project, &ret->journal, err);
}

static void close_all(struct scripts_call *s)
{
    pg_free(s->target);
    journal_free(s->journal);
}

/* The cutover that is under way and behind `close`, or 0. */
static bool find_cutover(struct scripts_call *s, int64_t *ret, struct err *err)
{
    bool ended = true;
    struct journal_step closed = {0};
    int64_t run = 0;
    *ret = 0;
    if (!journal_last_run(s->journal, "cutover", &run, &ended, err) ||
        (run && !ended && !journal_read(s->journal, run, "close", s->a, &closed, err)))
        return false;
    *ret = closed.started ? run : 0;
    return true;
}

/* --- status --- */

static void put_row(struct buf *b, const struct ledger_row *r)
{
    char took[32] = "";
    if (r->us)
        clock_human(r->us, took);
    buf_printf(b, "  %-9s %-28s %-12s %-8s %5" PRId64 " %10s\n", r->phase, r->name, r->company, r->state, r->attempts,
               took);
    if (r->error[0])
        buf_printf(b, "    error: %s\n", r->error);
    if (r->reason[0])
        buf_printf(b, "    skipped by %s: %s\n", r->who, r->reason);
}

static void put_json_row(struct buf *b, const struct ledger_row *r)
{
    json_put_text(b, "{", "phase", r->phase);
    json_put_text(b, ",", "script", r->name);
    json_put_text(b, ",", "company", r->company);
    json_put_text(b, ",", "state", r->state);
    json_put_text(b, ",", "started", r->started);
    json_put_text(b, ",", "finished", r->finished);
    json_put_text(b, ",", "error", r->error);
    json_put_text(b, ",", "notices", r->notices);
    json_put_text(b, ",", "who", r->who);
    json_put_text(b, ",", "reason", r->reason);
    buf_printf(b, ",\"attempts\":%" PRId64 ",\"seconds\":%.6f}", r->attempts, (double)r->us / 1e6);
}

static bool print_ledger(struct scripts_call *s, struct err *err)
{
    SCOPED_BUF b = {0};
    struct ledger l;
    bool json = command_flag(s->call, OPTION_JSON);
    if (!ledger_read(s->target, s->a, &l, err))
        return false;
    if (json)
        buf_puts(&b, "{\"scripts\":[");
    else if (l.n)
        buf_printf(&b, "  %-9s %-28s %-12s %-8s %5s %10s\n", "phase", "script", "company", "state", "tries", "took");
    for (size_t i = 0; i < l.n; i++) {
        if (json && i)
            buf_putc(&b, ',');
        (json ? put_json_row : put_row)(&b, &l.p[i]);
    }
    buf_puts(&b, json  ? "]}\n"
                 : l.n ? ""
                       : "no script was run on this target yet; `carryover scripts plan` shows them\n");
    return cmd_print(&b, err);
}

bool cmd_scripts(struct command_call *call, struct err *err)
{
    struct scripts_call s;
    bool ok = open_all(call, &s, err) && print_ledger(&s, err);
    close_all(&s);
    return ok;
}

/* --- plan --- */

static int last_level(const struct graph *g, enum script_phase phase)
{
    int last = -1;
    for (size_t i = 0; i < g->n; i++)
        if (g->p[i].phase == phase)
            last = MAX(last, g->p[i].level);
    return last;
}

static void put_level(struct buf *b, const struct graph *g, enum script_phase phase, int level, struct arena *a)
{
    for (size_t i = 0; i < g->n; i++) {
        const struct graph_node *n = &g->p[i];
        char about[32];
        if (n->phase != phase || n->level != level)
            continue;
        clock_human(n->estimate_us, about);
        buf_printf(b, "  %-9s %5d %-32s %10s%s  %s\n", script_phase_name(phase), level + 1, graph_label(a, n), about,
                   n->measured ? " " : "?", n->title);
    }
}

/* The least that a phase takes is its longest path, however many work at it. */
static int64_t longest(const struct graph *g, enum script_phase phase)
{
    int64_t us = 0;
    for (size_t i = 0; i < g->n; i++)
        if (g->p[i].phase == phase)
            us = MAX(us, g->p[i].ahead_us);
    return us;
}

static void put_plan(struct buf *b, const struct graph *g, struct arena *a)
{
    buf_printf(b, "  %-9s %5s %-32s %10s\n", "phase", "level", "script", "about");
    for (int p = 0; p < SCRIPT_PHASES; p++) {
        int last = last_level(g, (enum script_phase)p);
        char path[32];
        for (int level = 0; level <= last; level++)
            put_level(b, g, (enum script_phase)p, level, a);
        clock_human(longest(g, (enum script_phase)p), path);
        if (last >= 0)
            buf_printf(b, "  %-9s       the longest path takes about %s\n", script_phase_name((enum script_phase)p),
                       path);
    }
    buf_puts(b, "  ?: not measured yet, only guessed\n");
}

static void put_plan_json(struct buf *b, const struct graph *g)
{
    buf_puts(b, "{\"scripts\":[");
    for (size_t i = 0; i < g->n; i++) {
        const struct graph_node *n = &g->p[i];
        json_put_text(b, i ? ",{" : "{", "phase", script_phase_name(n->phase));
        json_put_text(b, ",", "script", n->name);
        json_put_text(b, ",", "company", n->company);
        json_put_text(b, ",", "title", n->title);
        buf_printf(b, ",\"level\":%d,\"about_seconds\":%.6f,\"measured\":%s,\"needs\":[", n->level + 1,
                   (double)n->estimate_us / 1e6, n->measured ? "true" : "false");
        for (size_t k = 0; k < n->n_needs; k++) {
            buf_puts(b, k ? "," : "");
            json_put_string(b, str_of(g->p[n->needs[k]].name));
        }
        buf_puts(b, "]}");
    }
    buf_puts(b, "]}\n");
}

/* Before there is a replica nobody knows companies and tables. */
static bool print_plan(struct scripts_call *s, struct err *err)
{
    SCOPED_BUF b = {0};
    struct graph g;
    if (!script_set_read(s->target, s->package, true, s->journal, s->a, &g, err))
        return false;
    if (command_flag(s->call, OPTION_JSON))
        put_plan_json(&b, &g);
    else if (g.n)
        put_plan(&b, &g, s->a);
    else
        buf_puts(&b, "the package has no scripts\n");
    return cmd_print(&b, err);
}

bool cmd_scripts_plan(struct command_call *call, struct err *err)
{
    struct scripts_call s;
    bool ok = open_all(call, &s, err) && print_plan(&s, err);
    close_all(&s);
    return ok;
}

/* --- run --- */

static bool refuse_run(struct scripts_call *s, struct err *err)
{
    int64_t run = 0;
    if (!command_flag(s->call, OPTION_YES)) {
        err_set(err, ERR_GUARD, "scripts change the target, and what they did is not undone");
        return err_hint(err, "`carryover scripts plan` shows them; run them with --yes, on a target made for that.");
    }
    if (!target_check_not_live(s->target, err) || !find_cutover(s, &run, err))
        return false;
    if (run == 0)
        return true;
    err_set(err, ERR_GUARD, "a cutover is under way, which runs the scripts in their order");
    return err_hint(err, "Go on with it: `carryover cutover resume --yes`.");
}

/* Replication and scripts write the same tables: they take turns. */
static bool take_locks(struct scripts_call *s, struct err *err)
{
    static const enum target_job jobs[] = {TARGET_JOB_CUTOVER, TARGET_JOB_REPLICATE, TARGET_JOB_UPGRADE};
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++)
        if (!target_lock(s->target, jobs[i], err))
            return false;
    return target_prepare(s->target, err);
}

static bool choose_phase(struct scripts_call *s, const char *script, bool *ret, enum script_phase *ret_phase,
                         struct err *err)
{
    const char *word = command_text(s->call, OPTION_SCRIPT_PHASE);
    *ret = word != NULL;
    if (word)
        return script_phase_find(word, ret_phase);
    const struct scripts *all = &s->package->scripts;
    const char **names = arena_new_array(s->a, const char *, all->n + 1);
    for (size_t i = 0; i < all->n && script; i++) {
        names[i] = all->p[i].name;
        if (strcmp(names[i], script) != 0)
            continue;
        *ret = true;
        *ret_phase = all->p[i].phase;
        return true;
    }
    if (!script)
        return true;
    const char *near = suggest_nearest(str_of(script), names, all->n);
    err_set(err, ERR_USAGE, "the package has no script %s", script);
    return near ? err_hint(err, "did you mean %s?", near) : false;
}

static bool run_phases(struct scripts_call *s, struct buf *text, struct err *err)
{
    const char *script = command_text(s->call, OPTION_SCRIPT);
    enum script_phase only = SCRIPT_PRE_SYNC;
    bool one = false;
    struct script_set_run run = {.package = s->package,
                                 .target = s->target,
                                 .uri = s->uri,
                                 .who = operator_name(s->a),
                                 .workers = replication_workers(s->project),
                                 .journal = s->journal};
    if (!choose_phase(s, script, &one, &only, err) || !journal_begin(s->journal, RUN, &run.run, err))
        return false;
    for (int p = 0; p < SCRIPT_PHASES; p++) {
        SCOPED_BUF detail = {0};
        bool has = p == SCRIPT_SYNC ? s->package->scripts.classic
                                    : scripts_count(&s->package->scripts, (enum script_phase)p) > 0;
        if ((one && p != (int)only) || !has)
            continue;
        if (!script_set_run(&run, (enum script_phase)p, script, &detail, err))
            return false;
        buf_printf(text, "  %-9s %s\n", script_phase_name((enum script_phase)p), buf_text(&detail));
    }
    return journal_add(s->journal, run.run, "", "ended", "", err);
}

static bool run_all(struct scripts_call *s, struct err *err)
{
    SCOPED_BUF text = {0};
    if (!refuse_run(s, err) || !take_locks(s, err) || !run_phases(s, &text, err))
        return false;
    return command_flag(s->call, OPTION_JSON) ? print_ledger(s, err) : cmd_print(&text, err);
}

bool cmd_scripts_run(struct command_call *call, struct err *err)
{
    struct scripts_call s;
    bool ok = open_all(call, &s, err) && run_all(&s, err);
    close_all(&s);
    return ok;
}

/* --- skip, reset --- */

static bool say(struct command_call *call, const char *json, const char *text, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, command_flag(call, OPTION_JSON) ? json : text);
    return cmd_print(&b, err);
}

/* Rows for all of its companies, so that there is something to mark. */
static bool plan_rows(struct scripts_call *s, const char *name, struct err *err)
{
    struct graph g;
    bool script = false, any = false;
    for (size_t i = 0; i < s->package->scripts.n; i++)
        script |= strcmp(s->package->scripts.p[i].name, name) == 0;
    if (!script_set_read(s->target, s->package, !script, NULL, s->a, &g, err))
        return false;
    bool *chosen = arena_new_array(s->a, bool, g.n + 1);
    for (size_t i = 0; i < g.n; i++)
        any |= chosen[i] = strcmp(g.p[i].name, name) == 0;
    if (!any)
        return err_set(err, ERR_USAGE, "there is no script %s; `carryover scripts plan` shows them", name);
    return ledger_prepare(s->target, err) && ledger_plan(s->target, &g, chosen, err);
}

static bool skip(struct scripts_call *s, struct err *err)
{
    const char *name = command_arg(s->call, 0), *by = command_text(s->call, OPTION_BY),
               *reason = command_text(s->call, OPTION_REASON);
    int64_t n = 0, run = 0;
    if (!reason || !*reason || !by || !*by)
        return err_set(err, ERR_USAGE, "who skips it, and why? give --by NAME and --reason TEXT");
    if (!target_check_not_live(s->target, err) || !plan_rows(s, name, err) || !find_cutover(s, &run, err) ||
        !ledger_skip(s->target, name, by, reason, &n, err))
        return false;
    if (n == 0)
        return err_set(err, ERR_STEP_STATE, "the script %s is done or skipped", name);
    journal_set_who(s->journal, by);
    if (run && !journal_add(s->journal, run, arena_printf(s->a, "script %s", name), "skipped", reason, err))
        return false;
    log_warn("script.skipped", "%s is skipped by %s: %s", name, by, reason);
    return say(s->call, "{\"skipped\":true}\n",
               "the script is skipped; what waits for it goes on, and every report says so\n", err);
}

bool cmd_scripts_skip(struct command_call *call, struct err *err)
{
    struct scripts_call s;
    bool ok = open_all(call, &s, err) && skip(&s, err);
    close_all(&s);
    return ok;
}

static bool reset(struct scripts_call *s, struct err *err)
{
    const char *name = command_arg(s->call, 0);
    int64_t n = 0;
    if (!command_flag(s->call, OPTION_YES))
        return err_set(err, ERR_GUARD, "the script will be run again, on what it has changed before: say --yes");
    if (!target_check_not_live(s->target, err) || !ledger_prepare(s->target, err) ||
        !ledger_reset(s->target, name, &n, err))
        return false;
    if (n == 0)
        return err_set(err, ERR_STEP_STATE, "the script %s was not run on this target", name);
    return say(s->call, "{\"reset\":true}\n", "it will be run again\n", err);
}

bool cmd_scripts_reset(struct command_call *call, struct err *err)
{
    struct scripts_call s;
    bool ok = open_all(call, &s, err) && reset(&s, err);
    close_all(&s);
    return ok;
}
