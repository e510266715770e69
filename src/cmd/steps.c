#include "cmd/steps.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/progress.h"
#include "cmd/cmd.h"
#include "runbook/summary.h"

bool steps_print_plan(const struct runbook *r, struct err *err)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < r->n; i++)
        buf_printf(&b, "  %2zu  %-9s %-13s %s\n", i + 1, runbook_phase_name(r->steps[i].phase), r->steps[i].name,
                   r->steps[i].title);
    return cmd_print(&b, err);
}

static void show_begin(void *ctx, const struct runbook_step *s)
{
    struct progress *bar = ctx;
    progress_note(bar, "%s: %s", s->name, s->title);
}

static void show_end(void *ctx, const struct runbook_step *s, bool before, int64_t us, const char *detail)
{
    struct progress *bar = ctx;
    char took[32];
    clock_human(us, took);
    progress_add(bar, 1);
    struct str said = summary_words(detail);
    log_info("step", "%-13s %s in %s%s%.*s", s->name, before ? "was done" : "done", took, said.n ? ": " : "",
             STR_ARG(said));
}

static void show_failed(void *ctx, const struct runbook_step *s, const char *why)
{
    (void)ctx;
    log_warn("step.failed", "%s failed: %s", s->name, why);
}

bool steps_run(const struct runbook *r, struct journal *j, void *ctx, int64_t *ret_run, struct err *err)
{
    SCOPED(progress) bar = progress_new(r->kind, PROGRESS_STEPS, (int64_t)r->n);
    struct runbook_watch w = {.ctx = bar, .begin = show_begin, .end = show_end, .failed = show_failed};
    return runbook_run(r, j, ctx, &w, ret_run, err);
}

bool steps_go_on(const struct runbook *r, struct journal *j, int64_t run, const struct runbook_limit *l, void *ctx,
                 bool *ret_ended, struct err *err)
{
    SCOPED(progress) bar = progress_new(r->kind, PROGRESS_STEPS, (int64_t)r->n);
    struct runbook_watch w = {.ctx = bar, .begin = show_begin, .end = show_end, .failed = show_failed};
    return runbook_go_on(r, j, run, l, ctx, &w, ret_ended, err);
}

bool steps_undo(const struct runbook *r, struct journal *j, int64_t run, size_t to, const struct runbook_leave *leave,
                void *ctx, struct err *err)
{
    SCOPED(progress) bar = progress_new("undo", PROGRESS_STEPS, 0);
    struct runbook_watch w = {.ctx = bar, .begin = show_begin, .end = show_end, .failed = show_failed};
    return runbook_undo(r, j, run, to, leave, ctx, &w, err);
}

bool steps_hook(struct project *p, enum setting s, const char *what, struct err *err)
{
    const char *command = project_text(p, s);
    if (!command[0])
        return true;
    SCOPED(arena) a = arena_new();
    char *const env[] = {arena_printf(a, "CARRYOVER_PROJECT=%s", project_dir(p)), NULL};
    struct proc_opts o = {.dir = project_dir(p),
                          .timeout_ms = (int)project_number(p, SETTING_HOOK_TIMEOUT),
                          .env = env,
                          .dies_with_us = true};
    SCOPED_BUF output = {0};
    bool ok = proc_shell(command, &o, &output, err);
    struct str said = str_trim(buf_str(&output));
    if (said.n)
        log_info("hook", "%s: %.*s", what, STR_ARG(said));
    return ok || err_wrap(err, "the hook %s", what);
}
