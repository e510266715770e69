#include "cmd/analyze_fix.h"
#include "analyze/fix.h"
#include "base/file.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/term.h"
#include "cmd/analysis.h"
#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "db/target.h"

struct fixing {
    struct command_call *call;
    struct project *project;
    struct analyze_opts analysis;
    struct runs *runs;
    const char *script;
    struct analyze_finding before, after; /* of the rule */
};

/* Asks the rule alone, and keeps the answer as a run. */
static bool ask(struct fixing *x, struct analyze_finding *ret, struct err *err)
{
    struct analysis r;
    struct arena *a = command_arena(x->call);
    if (!analyze_run(&x->analysis, a, &r, err) || !runs_judge(x->runs, &r, 0, a, err) || !runs_store(x->runs, &r, err))
        return false;
    *ret = r.findings[0];
    return true;
}

/* -- showing -- */

static void put_count(struct buf *b, const struct analyze_finding *f)
{
    char rows[32], size[16];
    term_count(f->affected, rows);
    term_size(f->bytes, size);
    if (f->skipped || f->failure)
        buf_printf(b, "-- %s\n", f->skipped ? f->skipped : f->failure);
    else if (!f->total)
        buf_puts(b, "-- nothing is found now\n");
    else
        buf_printf(b, "-- would touch %s rows, about %s\n", f->affected ? rows : "an unknown number of", size);
}

static bool show(const struct fixing *x, struct err *err)
{
    SCOPED_BUF b = {0};
    const struct analyze_finding *f = &x->before;
    progress_hide();
    if (command_flag(x->call, OPTION_JSON)) {
        buf_printf(&b, "{\"rule\":\"%s\",\"state\":\"%s\",\"rows\":%lld,\"bytes\":%lld,\"script\":", f->id,
                   analyze_state_name(f->state), (long long)f->affected, (long long)f->bytes);
        json_put_string(&b, str_of(x->script));
        buf_puts(&b, "}\n");
        return cmd_print(&b, err);
    }
    buf_printf(&b, "-- %s: %s\n-- %s\n", f->id, f->title, f->fix);
    put_count(&b, f);
    buf_printf(&b,
               "-- a statement with a limit is repeated until it touches no row; each time is a transaction\n\n%s\n",
               x->script);
    buf_printf(&b, "\n-- `carryover analyze --fix %s --apply --yes` runs it on the source\n", f->id);
    return cmd_print(&b, err);
}

/* -- running -- */

static bool refuse_without_yes(const struct fixing *x, struct err *err)
{
    if (command_flag(x->call, OPTION_YES))
        return true;
    err_set(err, ERR_GUARD, "a fix script changes the live source");
    return err_hint(err, "Read it with `carryover analyze --fix %s`, then run it with --apply --yes.", x->before.id);
}

/* Once users work on the target the source is what one could go back to: nothing may change there. A private target
 * that was never made has no users. */
static bool refuse_after_cutover(const struct fixing *x, struct err *err)
{
    SCOPED(pg) target = NULL;
    bool prepared = false;
    struct cluster_opts private_one = open_cluster(x->project, OPEN_TARGET);
    if (open_is_embedded(x->project, OPEN_TARGET) && !file_is_dir(private_one.dir))
        return true;
    if (!open_pg(x->project, OPEN_TARGET, &target, err) || !target_prepared(target, &prepared, err))
        return err_wrap(err, "looking whether the cutover has passed the source");
    return !prepared || target_check_not_live(target, err);
}

static bool report(const struct fixing *x, const struct fix_result *done, struct err *err)
{
    SCOPED_BUF b = {0};
    char rows[32];
    const struct analyze_finding *f = &x->after;
    progress_hide();
    term_count(done->rows, rows);
    if (command_flag(x->call, OPTION_JSON))
        buf_printf(&b, "{\"rule\":\"%s\",\"rows\":%lld,\"chunks\":%lld,\"state\":\"%s\",\"found\":%lld}\n", f->id,
                   (long long)done->rows, (long long)done->chunks, analyze_state_name(f->state), (long long)f->total);
    else
        buf_printf(&b, "%s: %s rows in %lld transactions; the rule was asked again and is %s\n", f->id, rows,
                   (long long)done->chunks, analyze_state_name(f->state));
    return cmd_print(&b, err);
}

static bool apply(struct fixing *x, struct err *err)
{
    struct fix_result done;
    struct fix_opts o = {.uri = x->analysis.uri,
                         .package = x->analysis.package,
                         .rule = x->before.id,
                         .by = operator_name(command_arena(x->call)),
                         .chunk = project_number(x->project, SETTING_ANALYZE_FIX_CHUNK),
                         .timeout_ms = x->analysis.timeout_ms};
    return refuse_without_yes(x, err) && refuse_after_cutover(x, err) && fix_apply(&o, x->runs, &done, err) &&
           ask(x, &x->after, err) && report(x, &done, err);
}

static bool prepare(struct fixing *x, struct err *err)
{
    const char *rule = command_text(x->call, OPTION_FIX);
    if (!rule)
        return err_set(err, ERR_USAGE, "--apply runs the script of a rule: `carryover analyze --fix RULE --apply`");
    if (!analysis_opts_source(x->call, x->project, &x->analysis, err))
        return false;
    x->analysis.rule = rule;
    return fix_script(x->analysis.package, rule, project_number(x->project, SETTING_ANALYZE_FIX_CHUNK),
                      command_arena(x->call), &x->script, err) &&
           analysis_runs(x->project, &x->runs, err) && ask(x, &x->before, err);
}

bool analyze_fix(struct command_call *call, struct project *p, struct err *err)
{
    struct fixing x = {.call = call, .project = p, .script = ""};
    bool ok = prepare(&x, err) && (command_flag(call, OPTION_APPLY) ? apply(&x, err) : show(&x, err));
    runs_free(x.runs);
    return ok;
}
