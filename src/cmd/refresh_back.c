#include "base/json.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/refresh_steps.h"
#include "cmd/steps.h"
#include "db/environment.h"
#include "db/target.h"

#define SWITCH_LOCK "refresh-switch"

/* --- switch --- */

static bool print_end(struct command_call *call, struct refreshing *r, struct err *err)
{
    SCOPED_BUF text = {0};
    SCOPED(pg) production = NULL;
    struct refreshing_switch last;
    struct environment e = {0};
    if (!refreshing_last(r, &last, err) || !refreshing_production(r, &production, err) ||
        (production && !environment_read(production, r->a, &e, err)))
        return false;
    const char *kept = last.production ? refreshing_name(r, "before", last.stamp) : NULL;
    if (command_flag(call, OPTION_JSON)) {
        buf_printf(&text, "{\"run\":%" PRId64, last.run);
        json_put_text(&text, ",", "production", r->production);
        json_put_text(&text, ",", "kept", kept);
        buf_puts(&text, "}\n");
    } else {
        buf_printf(&text, "%s is the sandbox's successor now\n", r->production);
        if (e.state == ENVIRONMENT_IN_MAINTENANCE)
            buf_printf(&text, "users are kept out of it until `carryover maintenance off --target '%s'`\n", r->named);
        if (kept)
            buf_printf(&text, "the former production is kept as %s until `carryover refresh release`\n", kept);
        buf_puts(&text, "the sandbox is in maintenance: what users would write to it stays there\n");
    }
    return cmd_print(&text, err);
}

/* A switch that is done is told again; another one needs another copy. */
static bool was_done(struct refreshing *r, bool *ret, struct err *err)
{
    struct refreshing_switch last;
    int64_t next = 0;
    if (!refreshing_last(r, &last, err) || !databases_number(r->admin, r->next, &next, err))
        return false;
    *ret = last.run && last.ended && last.next && !last.rolled_back && !next;
    return true;
}

bool cmd_refresh_switch(struct command_call *call, struct err *err)
{
    SCOPED_REFRESHING r = {0};
    int64_t run = 0;
    bool done = false;
    if (command_flag(call, OPTION_DRY_RUN))
        return steps_print_plan(refresh_runbook(), err);
    if (!refreshing_confirm(call, "a switch puts users out of the sandbox and replaces production",
                            "Look at the steps with `carryover refresh switch --dry-run`, then run it with --yes.",
                            err) ||
        !refreshing_open(call, &r, err))
        return false;
    project_set_command(r.project, "refresh switch");
    if (!project_lock(r.project, SWITCH_LOCK, err) || !was_done(&r, &done, err))
        return false;
    return (done || steps_run(refresh_runbook(), r.journal, &r, &run, err)) && print_end(call, &r, err);
}

/* --- rollback --- */

static bool find_switch(struct refreshing *r, struct refreshing_switch *ret, struct err *err)
{
    struct refreshing_switch *all = NULL;
    size_t n = 0;
    if (!refreshing_switches(r, &all, &n, err))
        return false;
    if (n && all[0].ended) {
        *ret = all[0];
        return refreshing_same_server(r, ret, err);
    }
    err_set(err, ERR_TARGET_STATE, "no switch of this project has ended");
    return err_hint(err, "Begin one with `carryover refresh start`.");
}

/* Nobody comes in while it is counted, so that the number is that of the moment of going back. */
static bool check_writes(struct refreshing *r, bool lose, struct err *err)
{
    SCOPED(pg) production = NULL;
    int64_t rows = 0;
    char *where = NULL;
    bool known = false;
    if (!databases_open(r->admin, r->production, err) || !pg_open(r->production_uri, "production", &production, err) ||
        !databases_shut(r->admin, r->production, PQbackendPID(pg_raw(production)), err) ||
        !next_written(production, r->a, &rows, &where, &known, err))
        return false;
    if ((known && rows == 0) || lose) {
        if (rows)
            log_warn("refresh.lost", "%" PRId64 " rows that were written since the switch are left behind: %s", rows,
                     where);
        return true;
    }
    if (known)
        err_set(err, ERR_GUARD, "%" PRId64 " rows were written to %s since the switch: %s", rows, r->production, where);
    else
        err_set(err, ERR_GUARD, "the server has lost its counters: nobody knows what was written to %s", r->production);
    return err_hint(err, "They would be lost. Go back all the same with --lose-writes.");
}

/* Refused: production is open as it was. After a kill it is shut until this is run again. */
static bool back_or_open(struct refreshing *r, const struct refreshing_switch *last, bool lose, struct err *err)
{
    struct err second;
    const struct databases_move moves[] = {{r->production, refreshing_name(r, "rolled_back", last->stamp), false},
                                           {refreshing_name(r, "before", last->stamp), r->production, true}};
    if (check_writes(r, lose, err) && databases_exchange(r->admin, moves, 2, err))
        return true;
    if (!databases_open(r->admin, r->production, &second))
        err_wrap(err, "%s; and", second.message);
    return false;
}

static bool roll_back(struct refreshing *r, const struct refreshing_switch *last, bool lose, struct err *err)
{
    char *name = NULL;
    if (!databases_name(r->admin, last->next, r->a, &name, err) ||
        !journal_add(r->journal, last->run, "rollback", "begin", "", err))
        return false;
    if (!name)
        return err_set(err, ERR_TARGET_STATE, "the database that the switch has made is gone");
    bool there = strcmp(name, r->production) == 0;
    return (!there || back_or_open(r, last, lose, err)) &&
           journal_add(r->journal, last->run, "rollback", "done", "", err);
}

bool cmd_refresh_rollback(struct command_call *call, struct err *err)
{
    SCOPED_REFRESHING r = {0};
    SCOPED_BUF text = {0};
    struct refreshing_switch last = {0};
    if (!refreshing_confirm(call, "this puts the former production into the place of the new one",
                            "Run it with --yes to do so.", err) ||
        !refreshing_open(call, &r, err) || !project_lock(r.project, SWITCH_LOCK, err) || !find_switch(&r, &last, err))
        return false;
    if (!last.production || last.released)
        return err_set(err, ERR_GUARD, "there is nothing to go back to: %s",
                       last.released ? "the former production was released" : "there was no production before");
    if (!last.rolled_back && !roll_back(&r, &last, command_flag(call, OPTION_LOSE_WRITES), err))
        return false;
    const char *kept = refreshing_name(&r, "rolled_back", last.stamp);
    if (command_flag(call, OPTION_JSON)) {
        json_put_text(&text, "{", "production", r.production);
        json_put_text(&text, ",", "kept", kept);
        buf_puts(&text, "}\n");
    } else {
        buf_printf(&text, "%s is the former production again; the other one is kept as %s\n", r.production, kept);
    }
    return cmd_print(&text, err);
}

/* --- release --- */

/* Stores follow production now: what `n1 keep` followed in the sandbox would hold its log for ever. */
static bool release_keep(struct refreshing *r, const struct refreshing_switch *last, struct err *err)
{
    const char *slot = NULL;
    const char *sql = "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1"
                      " and not active";
    return last->rolled_back ||
           (n1_keep_slot(r->sandbox, r->a, &slot, err) && pg_run(r->sandbox, sql, PG_ARGS(slot), NULL, err)) ||
           err_wrap(err, "dropping the slot of `n1 keep` on the sandbox");
}

/* A database is known by its number, and by the name that the switch has given it. */
static bool drop_kept(struct refreshing *r, const struct refreshing_switch *s, char **ret_name, struct err *err)
{
    const char *expected = refreshing_name(r, s->rolled_back ? "rolled_back" : "before", s->stamp);
    *ret_name = NULL;
    if (!refreshing_same_server(r, s, err) ||
        !databases_name(r->admin, s->rolled_back ? s->next : s->production, r->a, ret_name, err))
        return false;
    if (*ret_name && strcmp(*ret_name, expected) != 0)
        return err_set(err, ERR_GUARD, "the database that would be dropped is called %s, not %s", *ret_name, expected);
    return journal_add(r->journal, s->run, "release", "begin", "", err) && release_keep(r, s, err) &&
           (!*ret_name || databases_drop(r->admin, *ret_name, err)) &&
           journal_add(r->journal, s->run, "release", "done", "", err);
}

/* Every switch and roll-back may have kept one. */
static bool drop_all_kept(struct refreshing *r, struct buf *names, struct err *err)
{
    struct refreshing_switch *all = NULL;
    size_t n = 0;
    if (!refreshing_switches(r, &all, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        char *name = NULL;
        if (!all[i].ended || all[i].released)
            continue;
        if (!drop_kept(r, &all[i], &name, err))
            return false;
        if (name)
            buf_printf(names, "%s%s", names->n ? ", " : "", name);
    }
    return true;
}

bool cmd_refresh_release(struct command_call *call, struct err *err)
{
    SCOPED_REFRESHING r = {0};
    SCOPED_BUF text = {0}, names = {0};
    struct refreshing_switch last = {0};
    if (!refreshing_confirm(call, "this drops the former production: there is no way back then",
                            "Run it with --yes to do so.", err) ||
        !refreshing_open(call, &r, err) || !project_lock(r.project, SWITCH_LOCK, err) || !find_switch(&r, &last, err) ||
        !drop_all_kept(&r, &names, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"released\":%s}\n", names.n ? "true" : "false");
    else
        buf_printf(&text, names.n ? "dropped: %s\n" : "nothing is kept\n", buf_text(&names));
    return cmd_print(&text, err);
}

/* --- reset --- */

static bool refuse_switched(struct refreshing *r, const struct refreshing_switch *last, struct err *err)
{
    char *name = NULL;
    if (!last->run || last->ended || !last->next)
        return true;
    if (!databases_name(r->admin, last->next, r->a, &name, err))
        return false;
    if (!name || strcmp(name, r->production) != 0)
        return true;
    err_set(err, ERR_GUARD, "the databases are exchanged already");
    return err_hint(err, "Let `carryover refresh switch --yes` end; `carryover refresh rollback` is the way back.");
}

/* The slot is known by the copy's identity; without a copy there is none of ours. */
static bool remove_copy(struct refreshing *r, struct err *err)
{
    SCOPED(pg) next = NULL;
    struct next_state state;
    bool ours = false;
    char *owner = NULL;
    if (!databases_is_ours(r->admin, r->next, &ours, err))
        return false;
    if (!ours)
        return true;
    if (!databases_open(r->admin, r->next, err) || !refreshing_next(r, &next, &state, err))
        return false;
    if (state.made && (!target_identity(next, r->a, &owner, err) || !refreshing_source(r, err) ||
                       !source_release(r->source, owner, err)))
        return false;
    return databases_drop(r->admin, r->next, err);
}

static bool give_up(struct refreshing *r, const struct refreshing_switch *last, struct err *err)
{
    int64_t production = 0;
    pid_t pid = 0;
    if (!job_stop(r->project, REFRESH_JOB, &pid, err) || !remove_copy(r, err) ||
        !databases_number(r->admin, r->production, &production, err))
        return false;
    if (!last->run || last->ended)
        return true;
    return (!production || databases_open(r->admin, r->production, err)) &&
           journal_add(r->journal, last->run, "", "abandoned", "", err);
}

bool cmd_refresh_reset(struct command_call *call, struct err *err)
{
    SCOPED_REFRESHING r = {0};
    SCOPED_BUF text = {0};
    struct refreshing_switch last;
    if (!refreshing_confirm(call, "this removes the copy of the sandbox and the slot on it",
                            "Run it with --yes to do so.", err) ||
        !refreshing_open(call, &r, err) || !project_lock(r.project, SWITCH_LOCK, err) ||
        !refreshing_last(&r, &last, err) || !refuse_switched(&r, &last, err) || !give_up(&r, &last, err))
        return false;
    buf_puts(&text, command_flag(call, OPTION_JSON)
                        ? "{\"reset\":true}\n"
                        : "the copy, the slot and the publication are removed; where users were put out of the sandbox,"
                          " `carryover maintenance off` lets them in again\n");
    return cmd_print(&text, err);
}
