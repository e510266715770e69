#include "base/file.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/cutover_steps.h"
#include "cmd/open.h"
#include "cmd/steps.h"
#include "db/target.h"
#include "runbook/summary.h"

#define LOCK "cutover"
#define SUBJECT "subject" /* of a run, in the journal */

/* --- the report --- */

static bool write_report(struct project *p, const struct summary *s, struct arena *a, char **ret_path, struct err *err)
{
    SCOPED_BUF html = {0};
    SCOPED_BUF json = {0};
    summary_put_html(&html, s, "carryover: cutover");
    summary_put_json(&json, s);
    *ret_path = arena_printf(a, "%s/cutover-%" PRId64 ".html", project_path(p, "reports"), s->run);
    char *json_path = arena_printf(a, "%s/cutover-%" PRId64 ".json", project_path(p, "reports"), s->run);
    return file_make_dirs(project_path(p, "reports"), err) && file_write(*ret_path, buf_str(&html), err) &&
           file_write(json_path, buf_str(&json), err);
}

static bool print_summary(struct command_call *call, const struct summary *s, const char *path, struct err *err)
{
    SCOPED_BUF b = {0};
    if (command_flag(call, OPTION_JSON)) {
        summary_put_json(&b, s);
    } else {
        summary_put_text(&b, s);
        if (path)
            buf_printf(&b, "  report    %s\n", path);
    }
    return cmd_print(&b, err);
}

static bool finish(struct command_call *call, struct cutover *c, int64_t run, struct err *err)
{
    struct summary s;
    char *path = NULL;
    return summary_read(c->journal, cutover_runbook(), run, c->arena, &s, err) &&
           write_report(c->project, &s, c->arena, &path, err) && print_summary(call, &s, path, err);
}

/* --- commands --- */

static bool refuse_without_yes(struct command_call *call, struct err *err)
{
    if (command_flag(call, OPTION_YES))
        return true;
    err_set(err, ERR_GUARD, "a cutover stops the writers of the source");
    return err_hint(err, "Look at the steps with `carryover cutover --dry-run`, then run it with --yes.");
}

/* A finished cutover is told again, never done again. */
static bool was_done(struct cutover *c, int64_t *ret_run, bool *ret_ended, bool *ret_done, struct err *err)
{
    struct summary s;
    *ret_done = false;
    if (!journal_last_run(c->journal, cutover_runbook()->kind, ret_run, ret_ended, err))
        return false;
    if (*ret_run == 0 || !*ret_ended)
        return true;
    if (!summary_read(c->journal, cutover_runbook(), *ret_run, c->arena, &s, err))
        return false;
    *ret_done = s.complete;
    return true;
}

/* What a run is about: this replica in this database, and this package. */
static bool subject(struct cutover *c, char **ret, struct err *err)
{
    char *target = NULL;
    bool ours = false;
    if (!target_prepared(c->target, &ours, err))
        return false;
    if (!ours) {
        err_set(err, ERR_TARGET_STATE, "nothing is replicated into the target yet");
        return false;
    }
    if (!target_identity(c->target, c->arena, &target, err))
        return false;
    *ret = arena_printf(c->arena, "%s %s", target ? target : "", c->package->digest);
    return true;
}

static bool is_about(struct cutover *c, int64_t run, const char *about, bool *ret, struct err *err)
{
    struct journal_step s = {.detail = ""};
    if (run && !journal_read(c->journal, run, SUBJECT, c->arena, &s, err))
        return false;
    *ret = strcmp(s.detail, about) == 0;
    return true;
}

/* The last run goes on, or is told again, only when it is about the same thing: what it found holds nowhere else. */
static bool bind_run(struct cutover *c, int64_t *ret_run, bool *ret_done, struct err *err)
{
    char *about = NULL;
    bool ended = true, same = false;
    if (!subject(c, &about, err) || !was_done(c, ret_run, &ended, ret_done, err) ||
        !is_about(c, *ret_run, about, &same, err))
        return false;
    if (same && (!ended || *ret_done))
        return true;
    *ret_done = false;
    if (*ret_run && !ended &&
        !journal_add(c->journal, *ret_run, "", "abandoned", "another target or another package", err))
        return false;
    return journal_begin(c->journal, cutover_runbook()->kind, ret_run, err) &&
           journal_add(c->journal, *ret_run, SUBJECT, "done", about, err);
}

static bool run_cutover(struct command_call *call, struct cutover *c, struct err *err)
{
    int64_t run = 0;
    bool done = false;
    if (!bind_run(c, &run, &done, err))
        return false;
    if (done)
        log_info("cutover.done", "the cutover was done before; this is its report");
    else if (!steps_run(cutover_runbook(), c->journal, c, &run, err))
        return false;
    return finish(call, c, run, err);
}

bool cmd_cutover(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct cutover c;
    if (!command_project(call, &p, err))
        return false;
    if (command_flag(call, OPTION_DRY_RUN))
        return steps_print_plan(cutover_runbook(), err);
    project_set_command(p, "cutover");
    if (!refuse_without_yes(call, err) || !project_lock(p, LOCK, err))
        return false;
    bool ok = cutover_init(&c, p, command_arena(call), err) && run_cutover(call, &c, err);
    cutover_done(&c);
    return ok;
}

bool cmd_cutover_status(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct summary s;
    SCOPED(journal) j = NULL;
    int64_t run = 0;
    bool ended = false;
    struct arena *a = command_arena(call);
    if (!command_project(call, &p, err) || !open_journal(p, &j, err) ||
        !journal_last_run(j, cutover_runbook()->kind, &run, &ended, err) ||
        !summary_read(j, cutover_runbook(), run, a, &s, err))
        return false;
    if (run && ended && !s.complete)
        log_info("cutover.abandoned", "the last cutover was given up");
    return print_summary(call, &s, NULL, err);
}

bool cmd_cutover_abort(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct cutover c;
    int64_t run = 0;
    bool ended = true;
    SCOPED_BUF text = {0};
    if (!command_project(call, &p, err))
        return false;
    project_set_command(p, "cutover abort");
    if (!project_lock(p, LOCK, err))
        return false;
    bool ok = cutover_init(&c, p, command_arena(call), err) &&
              journal_last_run(c.journal, cutover_runbook()->kind, &run, &ended, err);
    if (ok && ended)
        ok = err_set(err, ERR_TARGET_STATE, "no cutover is under way");
    ok = ok && cutover_abandon(&c, run, err);
    cutover_done(&c);
    if (!ok)
        return false;
    buf_puts(
        &text,
        command_flag(call, OPTION_JSON)
            ? "{\"aborted\":true}\n"
            : "the cutover is given up; the source is in use again\n"
              "  next: `carryover replicate start --detach` and `carryover upgrade --detach`, if they were stopped\n");
    return cmd_print(&text, err);
}
