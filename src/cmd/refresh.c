#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "cmd/refresh_plan.h"
#include "cmd/replication_view.h"
#include "db/target.h"
#include "replicate/status.h"

/* --- start --- */

/* A private server that writes as little log as it can is started anew; everything connected to it is cut off. */
static bool make_followed(struct refreshing *r, struct err *err)
{
    if (!r->private_sandbox)
        return true;
    pg_free(r->sandbox);
    pg_free(r->admin);
    r->sandbox = r->admin = NULL;
    return open_follow_target(r->project, err) && refreshing_connect(r, err);
}

/* A switch that has taken the last changes has made the copy the truth: nothing is added to it any more. */
static bool refuse_closing(struct refreshing *r, struct err *err)
{
    struct refreshing_switch last;
    if (!refreshing_last(r, &last, err))
        return false;
    if (!last.run || last.ended || !last.closing)
        return true;
    err_set(err, ERR_GUARD, "a switch is under way and has taken the last changes");
    return err_hint(err, "Go on with `carryover refresh switch --yes`, or give it up with `carryover refresh reset`.");
}

static bool make_schema(struct refreshing *r, struct pg *next, struct err *err)
{
    struct schema_opts o = refreshing_schema(r);
    struct schema_dump dump;
    log_info("refresh.schema", "making the schema of %s", r->next);
    return schema_take(&o, pg_version(r->sandbox) / 10000, r->a, &dump, err) &&
           next_begin(&dump, &r->rules, next, r->a, err);
}

static bool prepare(struct refreshing *r, struct err *err)
{
    SCOPED(pg) next = NULL;
    struct checks checks;
    struct next_state state;
    if (!refreshing_check(r, &checks, err) || !check_refuse(&checks, err) ||
        !databases_make(r->admin, r->next, &checks.region, err) || !refreshing_next(r, &next, &state, err))
        return false;
    return state.made || make_schema(r, next, err);
}

static bool complete(struct refreshing *r, struct err *err)
{
    SCOPED(pg) next = NULL;
    struct next_state state;
    struct schema_dump dump;
    struct schema_opts o = refreshing_schema(r);
    if (!refreshing_next(r, &next, &state, err) || state.complete)
        return state.complete;
    log_info("refresh.complete", "making what comes after the rows: foreign keys, triggers, views");
    return schema_take(&o, pg_version(r->sandbox) / 10000, r->a, &dump, err) &&
           refreshing_same_schema(&state, &dump, err) && next_complete(&dump, r->sandbox, next, r->a, err);
}

static bool run_engine(struct refreshing *r, bool only_copy, struct err *err)
{
    struct replication_view v = {0};
    struct replicate_watch w = replication_watch(&v);
    r->replicate.only_copy = only_copy;
    bool ok = replicate_run(&r->replicate, &w, err);
    replication_view_done(&v);
    if (!ok && err->code == ERR_SOURCE_DDL)
        err_hint(err, "Begin anew: `carryover refresh reset --yes`, then `carryover refresh start`.");
    return ok;
}

static bool run_here(struct refreshing *r, bool once, struct err *err)
{
    project_set_command(r->project, "refresh start");
    bool ok = project_lock(r->project, REFRESH_JOB, err) && refuse_closing(r, err) && make_followed(r, err) &&
              refreshing_resolve(r, err) && prepare(r, err) && run_engine(r, true, err) && complete(r, err) &&
              (once || run_engine(r, false, err));
    if (!ok && err->code == ERR_INTERRUPTED)
        log_info("refresh.stopped", "stopped; `carryover refresh start` goes on where it was");
    return ok;
}

/* URIs of the command line may have passwords: they go through the environment, as settings. */
static void put_settings(const struct refreshing *r, struct command_call *call, struct map *ret)
{
    const struct map *given = command_settings(call);
    for (size_t i = 0; given && i < map_count(given); i++)
        map_put(ret, map_at(given, i)->key)->value = map_at(given, i)->value;
    if (!r->private_sandbox)
        map_put(ret, STR("target"))->value = (void *)r->sandbox_uri;
    map_put(ret, STR("production"))->value = (void *)r->production_uri;
}

static bool run_detached(struct command_call *call, struct refreshing *r, struct err *err)
{
    static const char *const args[] = {"refresh", "start", NULL};
    SCOPED(map) settings = map_new();
    pid_t pid = 0;
    put_settings(r, call, settings);
    return refuse_closing(r, err) && job_start(r->project, REFRESH_JOB, args, settings, &pid, err) &&
           job_say_started(call, r->project, REFRESH_JOB, pid, "the refresh runs", "refresh status", err);
}

/* What can be known before the private server is started anew. */
static bool check_first(struct refreshing *r, struct err *err)
{
    struct checks checks;
    return refreshing_resolve(r, err) && refreshing_check(r, &checks, err) && check_refuse(&checks, err);
}

bool cmd_refresh_start(struct command_call *call, struct err *err)
{
    SCOPED_REFRESHING r = {0};
    if (!refreshing_open(call, &r, err))
        return false;
    if (command_flag(call, OPTION_DRY_RUN))
        return refresh_plan_print(call, &r, err);
    if (!command_flag(call, OPTION_DETACH))
        return run_here(&r, command_flag(call, OPTION_ONCE), err);
    return check_first(&r, err) && run_detached(call, &r, err);
}

/* --- stop, status --- */

bool cmd_refresh_stop(struct command_call *call, struct err *err)
{
    return job_stop_command(call, REFRESH_JOB, "the refresh is stopped; `carryover refresh start` goes on where it was",
                            "the refresh does not run", err);
}

bool cmd_refresh_status(struct command_call *call, struct err *err)
{
    SCOPED_REFRESHING r = {0};
    SCOPED(pg) next = NULL;
    SCOPED_BUF text = {0};
    struct next_state state;
    struct status s;
    if (!refreshing_open(call, &r, err) || !refreshing_next(&r, &next, &state, err))
        return false;
    if (!next) {
        err_set(err, ERR_TARGET_STATE, "there is no copy of the sandbox beside %s", r.production);
        return err_hint(err, "Start one with `carryover refresh start --detach`.");
    }
    if (!refreshing_source(&r, err) || !status_read(next, r.source, 300, r.a, &s, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        status_put_json(&text, &s);
    else
        status_put_text(&text, &s, command_flag(call, OPTION_ALL));
    return cmd_print(&text, err);
}
