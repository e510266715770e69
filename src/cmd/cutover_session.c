#include "cmd/cutover_session.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "cmd/agenda.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "cmd/signoff.h"
#include "runbook/summary.h"

#define LOCK "cutover"

/* The lock says who has it, so that the second one knows whom to call. */
static bool take_lock(struct project *p, const char *command, const char *who, struct arena *a, struct err *err)
{
    char now[32];
    clock_iso(clock_wall_us(), now);
    project_set_command(p, arena_printf(a, "%s, by %s since %s", command, who, now));
    return project_lock(p, LOCK, err);
}

bool cutover_session_begin(struct command_call *call, const char *command, enum cutover_hold hold, struct cutover *ret,
                           struct err *err)
{
    struct arena *a = command_arena(call);
    const char *by = command_text(call, OPTION_BY), *who = by && *by ? by : operator_name(a);
    *ret = (struct cutover){.arena = a, .ended = true};
    if (!command_project(call, &ret->project, err))
        return false;
    ret->home = ret->project;
    if (!project_package(ret->project, &ret->package, err) || !agenda_read(ret->project, NULL, a, &ret->book, err))
        return false;
    if (hold == CUTOVER_MOVE && !take_lock(ret->project, command, who, a, err))
        return false;
    if (!open_journal(ret->project, &ret->journal, err) ||
        !journal_last_run(ret->journal, ret->book.kind, &ret->run, &ret->ended, err))
        return false;
    journal_set_who(ret->journal, who);
    return hold == CUTOVER_LOOK || cutover_connect(ret, err);
}

void cutover_session_end(struct cutover *c)
{
    cutover_disconnect(c);
    journal_free(c->journal);
    c->journal = NULL;
}

bool cutover_under_way(const struct cutover *c, struct err *err)
{
    struct journal_step open = {0};
    if (!c->ended)
        return true;
    if (c->run && !journal_read(c->journal, c->run, "open", c->arena, &open, err))
        return false;
    if (open.done)
        return err_set(err, ERR_GUARD,
                       "the cutover is over: users were let into the new database, which is the point of no return");
    return err_set(err, ERR_TARGET_STATE, "no cutover is under way");
}

bool cutover_allows_jobs(struct project *p, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(journal) j = NULL;
    struct journal_step close = {0};
    int64_t run = 0;
    bool ended = true;
    if (!open_journal(p, &j, err) || !journal_last_run(j, "cutover", &run, &ended, err) ||
        (run && !ended && !journal_read(j, run, "close", a, &close, err)))
        return false;
    if (!close.started)
        return true;
    err_set(err, ERR_GUARD,
            "a cutover is under way and has ended replication and upgrade: what is proven stays as it is");
    return err_hint(err, "Go on with `carryover cutover resume --yes`, or return with `carryover cutover abort`.");
}

bool cutover_tell_left(const struct cutover *c, struct err *err)
{
    int64_t run = 0;
    bool ended = true;
    if (!journal_last_run(c->journal, SIGNOFF_REHEARSAL, &run, &ended, err))
        return false;
    if (run && !ended && !job_pid(c->project, LOCK))
        log_warn("rehearsal.left",
                 "a rehearsal was killed and has left its copy of the target and its slot on the "
                 "source, which holds log: `carryover cutover --mock` takes them away and begins anew");
    return true;
}

/* --- sign-off --- */

bool cutover_check_signoff(struct command_call *call, struct cutover *c, struct err *err)
{
    SCOPED_BUF detail = {0};
    const char *reason = command_text(call, OPTION_REASON), *by = command_text(call, OPTION_BY);
    struct journal_step closed = {0};
    if (c->run && !c->ended && !journal_read(c->journal, c->run, "close", c->arena, &closed, err))
        return false;
    bool ok = signoff_check(c->project, closed.started ? NULL : c->target, c->journal, c->arena, &detail, err);
    if (!ok && (err->code != ERR_SIGNOFF || !reason || !*reason || !by || !*by))
        return false;
    if (!ok) {
        log_warn("signoff.overridden", "%s goes on without it: %s (%s)", by, reason, err->message);
        buf_printf(&detail, "%s; overridden: %s", err->message, reason);
    }
    c->signoff = arena_dup(c->arena, buf_text(&detail));
    c->overridden = !ok;
    return true;
}

bool cutover_note_signoff(struct cutover *c, struct err *err)
{
    return journal_add(c->journal, c->run, "signoff", c->overridden ? "overridden" : "checked", c->signoff, err);
}

/* --- the report --- */

static bool write_report(struct cutover *c, const struct summary *s, char **ret_path, struct err *err)
{
    SCOPED_BUF html = {0};
    SCOPED_BUF json = {0};
    const char *reports = project_path(c->home, "reports");
    summary_put_html(&html, s, arena_printf(c->arena, "carryover: %s", c->book.kind));
    summary_put_json(&json, s);
    *ret_path = arena_printf(c->arena, "%s/%s-%" PRId64 ".html", reports, c->book.kind, c->run);
    char *json_path = arena_printf(c->arena, "%s/%s-%" PRId64 ".json", reports, c->book.kind, c->run);
    return file_make_dirs(reports, err) && file_write(*ret_path, buf_str(&html), err) &&
           file_write(json_path, buf_str(&json), err);
}

bool cutover_report(struct command_call *call, struct cutover *c, bool write, struct err *err)
{
    SCOPED_BUF b = {0};
    struct summary s;
    char *path = NULL;
    if (!summary_read(c->journal, &c->book, c->run, c->arena, &s, err) || (write && !write_report(c, &s, &path, err)))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        summary_put_json(&b, &s);
    } else {
        summary_put_text(&b, &s);
        if (path)
            buf_printf(&b, "  report    %s\n", path);
        if (path && s.complete)
            buf_puts(&b, c->rehearsal
                             ? "  next      carryover cutover plan, then carryover cutover signoff --by NAME\n"
                             : "  next      carryover check --phase post, carryover n1 keep --detach for stores "
                               "of N-1, carryover evidence export\n");
    }
    return cmd_print(&b, err);
}
