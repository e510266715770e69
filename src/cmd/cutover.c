#include "base/log.h"
#include "cmd/agenda.h"
#include "cmd/cmd.h"
#include "cmd/cutover_session.h"
#include "cmd/expect.h"
#include "cmd/rehearsal.h"
#include "cmd/steps.h"
#include "db/target.h"
#include "runbook/summary.h"

#define SUBJECT "subject" /* of a run, in the journal */

static bool refuse_without_yes(struct command_call *call, struct err *err)
{
    if (command_flag(call, OPTION_YES))
        return true;
    err_set(err, ERR_GUARD, "a cutover stops the writers of the source");
    return err_hint(err, "Look at the steps with `carryover cutover plan`, then run it with --yes.");
}

/* --- which run --- */

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
    *ret = arena_printf(c->arena, "%s %s", target ? target : "", c->package->core);
    return true;
}

/* A finished cutover is told again, never done again. */
static bool was_done(struct cutover *c, bool *ret, struct err *err)
{
    struct summary s;
    *ret = false;
    if (c->run == 0 || !c->ended)
        return true;
    if (!summary_read(c->journal, &c->book, c->run, c->arena, &s, err))
        return false;
    *ret = s.complete;
    return true;
}

static bool is_about(struct cutover *c, const char *about, bool *ret, struct err *err)
{
    struct journal_step s = {.detail = ""};
    if (c->run && !journal_read(c->journal, c->run, SUBJECT, c->arena, &s, err))
        return false;
    *ret = strcmp(s.detail, about) == 0;
    return true;
}

static bool begin_run(struct cutover *c, const char *about, struct err *err)
{
    return journal_begin(c->journal, c->book.kind, &c->run, err) &&
           journal_add(c->journal, c->run, SUBJECT, "done", about, err) && expect_note(c, err);
}

/* The last run goes on, or is told again (`*ret_done`), only when it is about the same thing: what it found holds
 * nowhere else. */
static bool look_back(struct cutover *c, const char *about, bool *ret_same, bool *ret_done, struct err *err)
{
    if (!was_done(c, ret_done, err) || !is_about(c, about, ret_same, err))
        return false;
    *ret_done &= *ret_same;
    return true;
}

/* Giving it up without undoing it would leave the writers of the source stopped. */
static bool check_left(struct cutover *c, struct err *err)
{
    struct journal_step stop;
    if (!journal_read(c->journal, c->run, "stop-writers", c->arena, &stop, err))
        return false;
    if (!stop.started)
        return true;
    err_set(err, ERR_GUARD, "a cutover is in its downtime, and it was begun with another target or another package");
    return err_hint(err, "Put back what was changed, or take the steps back with `carryover cutover abort`.");
}

static bool bind_run(struct cutover *c, const char *about, bool same, struct err *err)
{
    if (same && !c->ended)
        return true;
    if (!c->ended && !check_left(c, err))
        return false;
    if (!c->ended && !journal_add(c->journal, c->run, "", "abandoned", "another target or another package", err))
        return false;
    return begin_run(c, about, err);
}

/* --- commands --- */

static bool go_on(struct command_call *call, struct cutover *c, const char *about, bool same, struct err *err)
{
    static const struct runbook_limit all = {0};
    bool ended = false;
    return cutover_check_signoff(call, c, err) && bind_run(c, about, same, err) && cutover_note_signoff(c, err) &&
           steps_go_on(&c->book, c->journal, c->run, &all, c, &ended, err);
}

static bool run_cutover(struct command_call *call, struct cutover *c, struct err *err)
{
    char *about = NULL;
    bool same = false, done = false;
    if (!subject(c, &about, err) || !look_back(c, about, &same, &done, err))
        return false;
    if (done)
        log_info("cutover.done", "the cutover was done before; this is its report");
    else if (!go_on(call, c, about, same, err))
        return false;
    return cutover_report(call, c, true, err);
}

static bool print_steps(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    struct runbook book;
    return command_project(call, &p, err) && agenda_read(p, NULL, command_arena(call), &book, err) &&
           steps_print_plan(&book, err);
}

bool cmd_cutover(struct command_call *call, struct err *err)
{
    struct cutover c;
    if (command_flag(call, OPTION_DRY_RUN))
        return print_steps(call, err);
    if (command_flag(call, OPTION_MOCK))
        return rehearsal_command(call, err);
    if (!refuse_without_yes(call, err))
        return false;
    bool ok = cutover_session_begin(call, "cutover", CUTOVER_MOVE, &c, err) && run_cutover(call, &c, err);
    cutover_session_end(&c);
    return ok;
}

bool cmd_cutover_resume(struct command_call *call, struct err *err)
{
    struct cutover c;
    if (!refuse_without_yes(call, err))
        return false;
    bool ok = cutover_session_begin(call, "cutover resume", CUTOVER_MOVE, &c, err) && cutover_under_way(&c, err) &&
              run_cutover(call, &c, err);
    cutover_session_end(&c);
    return ok;
}

bool cmd_cutover_status(struct command_call *call, struct err *err)
{
    struct cutover c;
    bool ok = cutover_session_begin(call, "cutover status", CUTOVER_LOOK, &c, err) && cutover_tell_left(&c, err) &&
              cutover_report(call, &c, false, err);
    cutover_session_end(&c);
    return ok;
}
