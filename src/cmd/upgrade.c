#include "base/json.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/term.h"
#include "cmd/cmd.h"
#include "cmd/cutover_session.h"
#include "cmd/gate.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "cmd/replication.h"
#include "db/blockers.h"
#include "db/environment.h"
#include "db/target.h"
#include "lens/fresh.h"
#include "lens/index.h"
#include "lens/install.h"
#include "lens/load.h"
#include "lens/state.h"

#define CONSISTENT_TIMEOUT_MS (10 * 60 * 1000)

struct upgrade {
    struct command_call *call;
    struct project *project;
    const struct package *package;
    struct arena *a;
    struct pg *target;
    char *uri;
    struct lens_set set;
    struct progress *bar;
    bool reset;     /* asked for, and not done yet */
    bool installed; /* the tables of version N are there */
};

/* --- before --- */

static bool open_upgrade(struct command_call *call, struct upgrade *u, struct err *err)
{
    *u = (struct upgrade){.call = call, .a = command_arena(call), .reset = command_flag(call, OPTION_RESET)};
    return command_project(call, &u->project, err) && project_package(u->project, &u->package, err) &&
           open_uri(u->project, OPEN_TARGET, u->a, &u->uri, err) && pg_open(u->uri, "target", &u->target, err);
}

static void close_upgrade(struct upgrade *u)
{
    progress_free(u->bar);
    if (u->target)
        pg_free(u->target);
}

/* The lenses need all tables, with their keys, from one snapshot. */
static bool check_replica(struct upgrade *u, struct err *err)
{
    struct target_position at;
    if (!target_position(u->target, &at, err))
        return false;
    if (!at.exists || strcmp(at.state, "following") != 0) {
        err_set(err, ERR_TARGET_STATE, "the replica is not complete (%s)", at.exists ? at.state : "not begun");
        return err_hint(err,
                        "Run `carryover replicate start --detach` and wait until `carryover replicate status` says "
                        "that it follows.");
    }
    return at.applied_lsn >= at.consistent_lsn || target_wait(u->target, at.consistent_lsn, CONSISTENT_TIMEOUT_MS, err);
}

static bool show_plan(struct command_call *call, struct upgrade *u, struct err *err)
{
    SCOPED_BUF text = {0};
    if (!check_replica(u, err) || !install_up(u->target, u->package, INSTALL_PLAN, u->a, &u->set, err))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"lenses\":");
        install_put_json(&text, &u->set);
        buf_puts(&text, "}\n");
    } else {
        install_put_text(&text, &u->set);
    }
    return cmd_print(&text, err);
}

/* --- load --- */

static void count_rows(void *ctx, int64_t rows)
{
    struct upgrade *u = ctx;
    progress_add(u->bar, rows);
}

static bool load(struct upgrade *u, struct err *err)
{
    struct load_opts o = {.uri = u->uri,
                          .set = &u->set,
                          .workers = replication_workers(u->project),
                          .chunk_bytes = project_number(u->project, SETTING_CHUNK_SIZE),
                          .loaded = count_rows,
                          .ctx = u};
    int64_t rows = 0;
    if (!load_plan(u->target, &o, &rows, err))
        return false;
    u->bar = progress_new("load", PROGRESS_ROWS, rows);
    bool ok = load_run(&o, err);
    progress_free(u->bar);
    u->bar = NULL;
    return ok;
}

/* --- keep fresh --- */

static bool move_to(struct upgrade *u, enum environment_state to, struct err *err)
{
    return environment_move(u->target, to, operator_name(u->a), "", err);
}

static void count_pass(void *ctx, const struct fresh_result *r)
{
    struct upgrade *u = ctx;
    progress_add(u->bar, r->keys);
    log_debug("upgrade.pass", "%zu lenses, %" PRId64 " keys, %" PRId64 " rows changed", r->lenses, r->keys, r->changed);
}

static bool print_state(struct command_call *call, struct upgrade *u, struct err *err)
{
    struct state_rows rows;
    SCOPED_BUF text = {0}, blockers = {0};
    bool running = false;
    if (!state_read(u->target, LENS_UP, u->a, &rows, err) ||
        !target_locked(u->target, TARGET_JOB_UPGRADE, &running, err) || !blockers_describe(u->target, &blockers, err))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        buf_printf(&text, "{\"running\":%s,\"waits_for\":", running ? "true" : "false");
        json_put_string(&text, buf_str(&blockers));
        buf_puts(&text, ",\"lenses\":");
        state_put_json(&text, &rows);
        buf_puts(&text, "}\n");
    } else if (rows.n == 0) {
        buf_puts(&text, "nothing is upgraded yet\n");
    } else {
        state_put_text(&text, &rows, command_flag(call, OPTION_ALL));
        if (blockers.n)
            buf_printf(&text, "waits for %s\n", blockers.p);
    }
    return cmd_print(&text, err);
}

static bool keep_fresh(struct command_call *call, struct upgrade *u, struct err *err)
{
    SCOPED(fresh) f = NULL;
    struct fresh_result r;
    if (!fresh_open(u->uri, &u->set, replication_workers(u->project), &f, err))
        return false;
    bool once = command_flag(call, OPTION_ONCE_UPGRADE);
    if (!fresh_pass(f, !once, &r, err) || !move_to(u, ENVIRONMENT_UPGRADED, err))
        return false;
    log_info("upgrade.fresh", "all %zu tables of version N are loaded%s", u->set.n,
             once ? "" : "; keeping them fresh until Ctrl-C or `carryover upgrade stop`");
    if (once)
        return print_state(call, u, err);
    progress_free(u->bar);
    u->bar = progress_new("fresh", PROGRESS_ROWS, 0);
    return fresh_loop(f, NULL, count_pass, u, err);
}

static bool run_here(struct command_call *call, struct upgrade *u, struct err *err)
{
    enum install_mode mode = u->reset ? INSTALL_RESET : INSTALL_KEEP;
    project_set_command(u->project, "upgrade");
    if (!project_lock(u->project, UPGRADE_JOB, err) || !cutover_allows_jobs(u->project, err) ||
        !target_lock(u->target, TARGET_JOB_UPGRADE, err) || !environment_check_sandbox(u->target, true, err) ||
        !check_replica(u, err) || !environment_resume(u->target, operator_name(u->a), err) ||
        !move_to(u, ENVIRONMENT_UPGRADING, err))
        return false;
    bool ok = index_build(u->uri, u->package, replication_workers(u->project), err) &&
              install_up(u->target, u->package, mode, u->a, &u->set, err);
    u->installed |= ok;
    u->reset &= !ok;
    ok = ok && load(u, err) && keep_fresh(call, u, err);
    if (!ok && err->code == ERR_INTERRUPTED)
        log_info("upgrade.stopped", "stopped; `carryover upgrade` goes on where it was");
    else if (!ok)
        environment_fail(u->target, operator_name(u->a), err);
    return ok;
}

/* A target that was away has lost the session and its locks. */
static bool attempt(void *ctx, bool *begun, struct err *err)
{
    struct upgrade *u = ctx;
    if (!u->target && !pg_open(u->uri, "target", &u->target, err))
        return false;
    bool ok = run_here(u->call, u, err);
    *begun |= u->installed;
    pg_free(u->target);
    u->target = NULL;
    return ok;
}

static bool run_detached(struct command_call *call, struct upgrade *u, struct err *err)
{
    const char *args[] = {"upgrade", command_flag(call, OPTION_RESET) ? "--reset" : NULL, NULL};
    pid_t pid = 0;
    return check_replica(u, err) && job_start(u->project, UPGRADE_JOB, args, command_settings(call), &pid, err) &&
           job_say_started(call, u->project, UPGRADE_JOB, pid, "the upgrade runs", "upgrade status", err);
}

/* --- commands --- */

/* As for replication, what has begun may go on. */
static bool pass_gate(struct command_call *call, struct upgrade *u, struct err *err)
{
    struct state_rows rows;
    if (!state_read(u->target, LENS_UP, u->a, &rows, err))
        return false;
    bool begins = rows.n == 0 || command_flag(call, OPTION_RESET);
    return !begins || gate_check(u->project, u->a, GATE_UPGRADE, err);
}

static bool start(struct command_call *call, struct upgrade *u, struct err *err)
{
    if (!pass_gate(call, u, err))
        return false;
    return command_flag(call, OPTION_DETACH) ? run_detached(call, u, err) : job_persist(u->project, attempt, u, err);
}

bool cmd_upgrade(struct command_call *call, struct err *err)
{
    struct upgrade u;
    bool ok = open_upgrade(call, &u, err) &&
              (command_flag(call, OPTION_DRY_RUN) ? show_plan(call, &u, err) : start(call, &u, err));
    close_upgrade(&u);
    return ok;
}

bool cmd_upgrade_status(struct command_call *call, struct err *err)
{
    struct upgrade u;
    bool ok = open_upgrade(call, &u, err) && print_state(call, &u, err);
    close_upgrade(&u);
    return ok;
}

bool cmd_upgrade_stop(struct command_call *call, struct err *err)
{
    return job_stop_command(call, UPGRADE_JOB, "the upgrade is stopped; `carryover upgrade` goes on where it was",
                            "the upgrade does not run", err);
}
