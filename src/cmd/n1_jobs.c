#include "cmd/cmd.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "n1/jobs.h"

static bool open_jobs(struct command_call *call, struct pg **ret, struct err *err)
{
    struct project *p = NULL;
    bool there = false;
    if (!command_project(call, &p, err) || !open_pg(p, OPEN_TARGET, ret, err) || !jobs_prepared(*ret, &there, err))
        return false;
    if (there)
        return true;
    err_set(err, ERR_TARGET_STATE, "there are no jobs yet: nothing keeps the tables of N-1 current");
    return err_hint(err, "Start `carryover n1 keep --detach`.");
}

bool cmd_n1_jobs(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    return open_jobs(call, &pg, err) && jobs_put(pg, command_flag(call, OPTION_JSON), &text, err) &&
           cmd_print(&text, err);
}

/* The id that means every job. */
static bool job_of(struct command_call *call, int arg, const char **ret, struct err *err)
{
    struct project *p = NULL;
    const struct package *package = NULL;
    *ret = command_arg(call, (size_t)arg);
    if (!command_project(call, &p, err) || !project_package(p, &package, err))
        return false;
    if (*ret && package->all_jobs && strcmp(*ret, package->all_jobs) == 0)
        *ret = NULL;
    return true;
}

static bool say(struct command_call *call, const char *what, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON))
        buf_puts(&text, "{\"done\":true}\n");
    else
        buf_printf(&text, "%s\n", what);
    return cmd_print(&text, err);
}

bool cmd_n1_jobs_run(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    const char *job = NULL, *who = operator_name(command_arena(call)), *store = command_text(call, OPTION_STORE);
    bool full = command_flag(call, OPTION_FULL);
    if (!job_of(call, 0, &job, err) || !open_jobs(call, &pg, err))
        return false;
    if (store)
        return jobs_resync(pg, who, store, job, err) &&
               say(call, "the store gets a full package at its next look", err);
    return jobs_ask(pg, who, job, full, err) && say(call,
                                                    full ? "asked for; every store gets a full package"
                                                         : "asked for; `carryover n1 jobs` shows when it has run",
                                                    err);
}

static bool pause_job(struct command_call *call, bool paused, struct err *err)
{
    SCOPED(pg) pg = NULL;
    const char *job = NULL;
    return job_of(call, 0, &job, err) && open_jobs(call, &pg, err) &&
           jobs_pause(pg, operator_name(command_arena(call)), job, paused, err) &&
           say(call, paused ? "paused: it is not run, and its packages are not offered" : "it is run again", err);
}

bool cmd_n1_jobs_pause(struct command_call *call, struct err *err)
{
    return pause_job(call, true, err);
}

bool cmd_n1_jobs_resume(struct command_call *call, struct err *err)
{
    return pause_job(call, false, err);
}

bool cmd_n1_sessions(struct command_call *call, struct err *err)
{
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    return open_jobs(call, &pg, err) &&
           jobs_put_sessions(pg, command_arg(call, 0), command_flag(call, OPTION_ALL_SESSIONS),
                             command_flag(call, OPTION_JSON), &text, err) &&
           cmd_print(&text, err);
}

static bool move(struct command_call *call, bool cancel, struct err *err)
{
    SCOPED(pg) pg = NULL;
    return open_jobs(call, &pg, err) &&
           jobs_move(pg, operator_name(command_arena(call)), command_arg(call, 0), command_arg(call, 1), cancel, err) &&
           say(call, cancel ? "canceled: the store gets a full package instead" : "it is offered again", err);
}

bool cmd_n1_sessions_cancel(struct command_call *call, struct err *err)
{
    return move(call, true, err);
}

bool cmd_n1_sessions_rerun(struct command_call *call, struct err *err)
{
    return move(call, false, err);
}
