#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/cutover_session.h"
#include "cmd/steps.h"
#include "db/target.h"

/* A command that moves the run that is under way; `move` does it. */
typedef bool move_fn(struct command_call *call, struct cutover *c, struct err *err);

static bool moving(struct command_call *call, const char *command, move_fn *move, struct err *err)
{
    struct cutover c;
    bool ok = cutover_session_begin(call, command, CUTOVER_MOVE, &c, err) && cutover_under_way(&c, err) &&
              move(call, &c, err);
    cutover_session_end(&c);
    return ok;
}

static bool require_yes(struct command_call *call, struct err *err)
{
    return command_flag(call, OPTION_YES) || err_set(err, ERR_GUARD, "this does steps of the cutover: say --yes");
}

static bool require_reason(struct command_call *call, const char **ret, struct err *err)
{
    *ret = command_text(call, OPTION_REASON);
    return (*ret && **ret) || err_set(err, ERR_USAGE, "why? give --reason TEXT; it is kept in the journal");
}

static bool find(struct command_call *call, struct cutover *c, const char *name, size_t *ret,
                 struct journal_step *ret_state, struct err *err)
{
    (void)call;
    return runbook_find(&c->book, name, ret, err) && journal_read(c->journal, c->run, name, c->arena, ret_state, err);
}

static bool say(struct command_call *call, const char *json, const char *text, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, command_flag(call, OPTION_JSON) ? json : text);
    return cmd_print(&b, err);
}

/* --- next, retry --- */

static bool do_next(struct command_call *call, struct cutover *c, struct err *err)
{
    static const struct runbook_limit one = {.most = 1};
    bool ended = false;
    return cutover_check_signoff(call, c, err) && cutover_note_signoff(c, err) &&
           steps_go_on(&c->book, c->journal, c->run, &one, c, &ended, err) && cutover_report(call, c, ended, err);
}

bool cmd_cutover_next(struct command_call *call, struct err *err)
{
    return require_yes(call, err) && moving(call, "cutover next", do_next, err);
}

/* Nothing may stand on what is done anew. */
static bool check_last(struct cutover *c, size_t step, struct err *err)
{
    for (size_t i = step + 1; i < c->book.n; i++) {
        struct journal_step s;
        size_t one, n = 0;
        const size_t *needs = runbook_needs(&c->book, i, &one, &n);
        if (!journal_read(c->journal, c->run, c->book.steps[i].name, c->arena, &s, err))
            return false;
        for (size_t k = 0; k < n && s.started; k++)
            if (needs[k] == step) {
                err_set(err, ERR_STEP_STATE, "%s was begun after it", c->book.steps[i].name);
                return err_hint(err, "Take both back with `carryover cutover undo --to %s --yes`.",
                                c->book.steps[step].name);
            }
    }
    return true;
}

static bool do_retry(struct command_call *call, struct cutover *c, struct err *err)
{
    size_t i = 0;
    bool ended = false;
    struct journal_step s;
    const char *name = command_arg(call, 0);
    const struct runbook_limit only = {.most = 1, .only = name};
    if (!find(call, c, name, &i, &s, err))
        return false;
    if (!s.started && !s.done)
        return err_set(err, ERR_STEP_STATE, "the step %s was not tried yet", name);
    return check_last(c, i, err) && cutover_check_signoff(call, c, err) && cutover_note_signoff(c, err) &&
           journal_add(c->journal, c->run, name, "undone", "to be done once more", err) &&
           steps_go_on(&c->book, c->journal, c->run, &only, c, &ended, err) && cutover_report(call, c, ended, err);
}

bool cmd_cutover_retry(struct command_call *call, struct err *err)
{
    return require_yes(call, err) && moving(call, "cutover retry", do_retry, err);
}

/* --- skip, confirm --- */

static bool do_skip(struct command_call *call, struct cutover *c, struct err *err)
{
    size_t i = 0;
    struct journal_step s;
    const char *reason = NULL, *name = command_arg(call, 0);
    if (!require_reason(call, &reason, err) || !find(call, c, name, &i, &s, err))
        return false;
    if (c->book.steps[i].vital) {
        err_set(err, ERR_GUARD, "the step %s can not be skipped: without it the result would be wrong", name);
        return err_hint(err, "Mend what stops it and go on with `carryover cutover resume --yes`, or return with "
                             "`carryover cutover abort`.");
    }
    if (s.done)
        return err_set(err, ERR_STEP_STATE, "the step %s is done", name);
    log_warn("step.skipped", "%s is skipped: %s", name, reason);
    return journal_add(c->journal, c->run, name, "skipped", reason, err) &&
           say(call, "{\"skipped\":true}\n",
               "the step is skipped; every report says so\n  next: carryover cutover resume --yes\n", err);
}

bool cmd_cutover_skip(struct command_call *call, struct err *err)
{
    return moving(call, "cutover skip", do_skip, err);
}

/* Beside the process that waits for it. */
static bool do_confirm(struct command_call *call, struct cutover *c, struct err *err)
{
    size_t i = 0;
    struct journal_step s;
    const char *by = command_text(call, OPTION_BY), *note = command_text(call, OPTION_NOTE);
    const char *name = command_arg(call, 0);
    if (!by || !*by)
        return err_set(err, ERR_USAGE, "who confirms it? name a person with --by NAME");
    if (!cutover_under_way(c, err) || !find(call, c, name, &i, &s, err))
        return false;
    const struct task *t = c->book.steps[i].task;
    if (!t || t->kind != TASK_MANUAL)
        return err_set(err, ERR_STEP_STATE, "the step %s is done by carryover and checks itself", name);
    if (s.done)
        return err_set(err, ERR_STEP_STATE, "the step %s is done", name);
    const char *detail = arena_printf(c->arena, "confirmed by %s%s%s", by, note ? ": " : "", note ? note : "");
    return journal_add(c->journal, c->run, name, "confirmed", detail, err) &&
           say(call, "{\"confirmed\":true}\n",
               "confirmed; a cutover that waits for it goes on by itself, else: carryover cutover resume --yes\n", err);
}

bool cmd_cutover_confirm(struct command_call *call, struct err *err)
{
    struct cutover c;
    bool ok = cutover_session_begin(call, "cutover confirm", CUTOVER_LOOK, &c, err) && do_confirm(call, &c, err);
    cutover_session_end(&c);
    return ok;
}

/* --- back --- */

/* Whether users were let in is a mark in the target: a step that failed may have begun without doing it. */
static bool was_opened(struct cutover *c, bool *ret, struct err *err)
{
    struct err why;
    *ret = !target_check_not_live(c->target, &why);
    if (*ret && why.code != ERR_GUARD) {
        *err = why;
        return false;
    }
    return true;
}

static bool check_return(struct cutover *c, size_t to, struct err *err)
{
    bool opened = false;
    if (!was_opened(c, &opened, err))
        return false;
    if (!opened || c->book.steps[to].phase == PHASE_AFTER)
        return true;
    err_set(err, ERR_GUARD, "the new database was opened: this is behind the point of no return");
    return err_hint(err,
                    "Users may have written to it. Go on with `carryover cutover resume --yes`; steps of the phase "
                    "`after` can be undone.");
}

/* What scripts did can only be undone as a whole, by the copy that was taken before them. */
static bool find_safe_point(struct cutover *c, size_t *to, struct err *err)
{
    size_t safe = 0;
    bool any = false;
    struct journal_step s;
    struct err unknown;
    if (!runbook_find(&c->book, "snapshot", &safe, &unknown))
        return true;
    if (!journal_read(c->journal, c->run, "snapshot", c->arena, &s, err))
        return false;
    bool taken = s.started && !s.skipped;
    for (size_t i = MAX(*to, safe + 1); i < c->book.n && taken; i++) {
        if (!journal_read(c->journal, c->run, c->book.steps[i].name, c->arena, &s, err))
            return false;
        any |= s.started && !c->book.steps[i].task;
    }
    if (any && *to > safe) {
        log_info("undo.snapshot", "scripts are undone by returning to the snapshot, so that is undone as well");
        *to = safe;
    }
    return true;
}

/* A task whose undo fails must not keep the writers of the source from coming back. */
static bool find_left(struct command_call *call, struct cutover *c, struct runbook_leave *store,
                      const struct runbook_leave **ret, struct err *err)
{
    size_t i = 0;
    *ret = NULL;
    *store = (struct runbook_leave){.name = command_text(call, OPTION_LEAVE)};
    if (!store->name)
        return true;
    if (!runbook_find(&c->book, store->name, &i, err) || !require_reason(call, &store->reason, err))
        return false;
    if (!c->book.steps[i].task)
        return err_set(err, ERR_GUARD, "the step %s is one of carryover's: it can not be left as it is", store->name);
    *ret = store;
    return true;
}

static bool do_undo(struct command_call *call, struct cutover *c, struct err *err)
{
    size_t to = 0;
    struct journal_step s;
    const char *name = command_text(call, OPTION_TO);
    if (!name)
        return err_set(err, ERR_USAGE, "back to which step? say --to STEP; that step is undone as well");
    struct runbook_leave left;
    const struct runbook_leave *leave;
    return find(call, c, name, &to, &s, err) && find_left(call, c, &left, &leave, err) && check_return(c, to, err) &&
           find_safe_point(c, &to, err) && steps_undo(&c->book, c->journal, c->run, to, leave, c, err) &&
           cutover_report(call, c, false, err);
}

bool cmd_cutover_undo(struct command_call *call, struct err *err)
{
    return require_yes(call, err) && moving(call, "cutover undo", do_undo, err);
}

static bool do_abort(struct command_call *call, struct cutover *c, struct err *err)
{
    const char *reason = command_text(call, OPTION_REASON);
    struct runbook_leave left;
    const struct runbook_leave *leave;
    return find_left(call, c, &left, &leave, err) && check_return(c, 0, err) &&
           steps_undo(&c->book, c->journal, c->run, 0, leave, c, err) &&
           journal_add(c->journal, c->run, "", "abandoned", reason ? reason : "", err) &&
           say(call, "{\"aborted\":true}\n",
               "the cutover is given up; the source is in use again\n"
               "  next: `carryover replicate start --detach` and `carryover upgrade --detach`, if they were stopped\n",
               err);
}

bool cmd_cutover_abort(struct command_call *call, struct err *err)
{
    return moving(call, "cutover abort", do_abort, err);
}
