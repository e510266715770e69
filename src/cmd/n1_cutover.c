#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "cmd/steps.h"
#include "db/target.h"
#include "n1/estate.h"
#include "n1/jobs.h"
#include "net/client.h"
#include "runbook/summary.h"

#define LOCK "n1-cutover"
#define LOOK_MS 500
#define PING_MS 10000
#define PING_BYTES 4096

struct estate {
    struct project *project;
    const struct package *package;
    struct arena *a;
    struct pg *pg;
    struct journal *journal;
};

/* --- what every step is made of --- */

/* Fails with what the package's check has found. */
static bool require_done(struct estate *e, const char *check, const char *what, struct buf *detail, struct err *err)
{
    SCOPED_BUF found = {0};
    int64_t n = 0;
    const struct package_file *f = package_find(&e->package->estate, check);
    if (!f) {
        buf_printf(detail, "the package has no check estate/%s.sql", check);
        return true;
    }
    if (!estate_check(e->pg, e->package, check, &found, &n, err))
        return false;
    if (n == 0) {
        buf_printf(detail, "none");
        return true;
    }
    err_set(err, ERR_GUARD, "%s: %" PRId64 "%s", what, n, found.p);
    return err_hint(err, "%s", package_word(f, "fix"));
}

static bool check_running(struct estate *e, struct err *err)
{
    bool keeping = false;
    if (!target_locked(e->pg, TARGET_JOB_KEEP, &keeping, err))
        return false;
    if (!keeping) {
        err_set(err, ERR_GUARD, "nothing keeps the tables of N-1 current and makes packages for stores");
        return err_hint(err, "Start `carryover n1 keep --detach`.");
    }
    return true;
}

/* --- the steps --- */

static bool step_preflight(void *ctx, struct buf *detail, struct err *err)
{
    struct estate *e = ctx;
    SCOPED_BUF missing = {0};
    int64_t n = 0;
    bool there = false;
    if (!jobs_prepared(e->pg, &there, err) || !check_running(e, err))
        return false;
    if (!there)
        return err_set(err, ERR_TARGET_STATE, "the package has no jobs for stores");
    if (!estate_missing(e->pg, e->package, &missing, &n, err))
        return false;
    if (n) {
        err_set(err, ERR_GUARD, "stores that nobody has registered: %" PRId64 "%s", n, missing.p);
        return err_hint(err, "`carryover n1 stores add ID` registers one and prints its secret.");
    }
    buf_puts(detail, "every store is registered");
    return true;
}

static bool step_shifts(void *ctx, struct buf *detail, struct err *err)
{
    return require_done(ctx, "shifts", "shifts that are open", detail, err);
}

static bool step_suspended(void *ctx, struct buf *detail, struct err *err)
{
    return require_done(ctx, "suspended", "transactions that are suspended", detail, err);
}

static bool step_uploads(void *ctx, struct buf *detail, struct err *err)
{
    return require_done(ctx, "uploads", "transactions that have not arrived", detail, err);
}

static bool step_stop_uploads(void *ctx, struct buf *detail, struct err *err)
{
    struct estate *e = ctx;
    buf_puts(detail,
             project_text(e->project, SETTING_HOOK_N1_UPLOADS)[0] ? "done by the hook" : "no hook: done by hand");
    return steps_hook(e->project, SETTING_HOOK_N1_UPLOADS, "hooks.n1_stop_uploads", err);
}

static bool step_stop_realtime(void *ctx, struct buf *detail, struct err *err)
{
    struct estate *e = ctx;
    buf_puts(detail,
             project_text(e->project, SETTING_HOOK_N1_REALTIME)[0] ? "done by the hook" : "no hook: done by hand");
    return steps_hook(e->project, SETTING_HOOK_N1_REALTIME, "hooks.n1_stop_realtime", err);
}

static bool step_packages(void *ctx, struct buf *detail, struct err *err)
{
    struct estate *e = ctx;
    int64_t left = 1;
    if (!estate_prepare(e->pg, err))
        return false;
    for (;;) {
        if (!estate_unprepared(e->pg, &left, err) || !check_running(e, err) || !cancel_check(err))
            return false;
        if (left == 0)
            break;
        clock_sleep_ms(LOOK_MS);
    }
    buf_puts(detail, "every chain has its full package");
    return true;
}

/* As a store would: by name, over TLS, trusting what stores trust. */
static bool ask_gateway(struct estate *e, struct buf *detail, struct err *err)
{
    SCOPED(client) client = NULL;
    SCOPED_CLIENT_ANSWER answer = {0};
    const char *url = project_text(e->project, SETTING_N1_URL);
    struct client_opts o = {url, n1_file(e->project, SETTING_N1_CA), PING_MS, PING_MS};
    struct client_request r = {.method = "GET", .target = "/v1/ping", .answer_max = PING_BYTES};
    if (!url[0]) {
        buf_puts(detail, "n1.url is not set, so the gateway was not asked; ");
        return true;
    }
    if (!client_new(&o, &client, err) || !client_send(client, &r, &answer, err))
        return err_hint(err,
                        "Stores use n1.url. When it is right and only this machine cannot reach it, leave it empty "
                        "(--set n1.url=) and go on; `carryover n1 fleet` shows the stores that come.");
    if (answer.status == 200 && strstr(buf_text(&answer.body), "\"carryover\"")) {
        buf_printf(detail, "%s answers; ", url);
        return true;
    }
    err_set(err, ERR_GUARD, "what answers at %s is no gateway of carryover: status %d", url, answer.status);
    return err_hint(err, "Look at n1.url, at the gateway, and at what stands before it.");
}

static bool step_open(void *ctx, struct buf *detail, struct err *err)
{
    struct estate *e = ctx;
    int64_t behind = 0, of = 0;
    if (!job_pid(e->project, N1_JOB) && !steps_hook(e->project, SETTING_HOOK_N1_OPEN, "hooks.n1_open", err))
        return false;
    if (!job_pid(e->project, N1_JOB) && !project_text(e->project, SETTING_HOOK_N1_OPEN)[0]) {
        err_set(err, ERR_GUARD, "no gateway of this project runs, and hooks.n1_open is not set");
        return err_hint(err, "Start `carryover n1 serve --detach`, or set hooks.n1_open to what opens it to stores.");
    }
    if (!ask_gateway(e, detail, err) || !estate_behind(e->pg, &behind, &of, err))
        return false;
    buf_printf(detail, "%" PRId64 " of %" PRId64 " stores have everything", of - behind, of);
    return true;
}

static const struct runbook_step steps[] = {
    {"preflight", "stores are registered, their packages can be made", PHASE_BEFORE, true, step_preflight},
    {"shifts", "every shift in the stores is closed", PHASE_DOWNTIME, true, step_shifts},
    {"suspended", "no transaction is suspended", PHASE_DOWNTIME, true, step_suspended},
    {"uploads", "everything that stores have sold has arrived", PHASE_DOWNTIME, true, step_uploads},
    {"stop-uploads", "the upload jobs of the old headquarters are switched off", PHASE_DOWNTIME, false,
     step_stop_uploads},
    {"stop-realtime", "the real-time service of the old headquarters is switched off", PHASE_DOWNTIME, false,
     step_stop_realtime},
    {"packages", "every store has full packages waiting", PHASE_DOWNTIME, false, step_packages},
    {"open", "the gateway serves stores", PHASE_DOWNTIME, true, step_open},
};

static const struct runbook book = {"n1 cutover", steps, ARRAY_LEN(steps)};

/* --- the command --- */

static bool print_end(struct command_call *call, struct estate *e, int64_t run, struct err *err)
{
    SCOPED_BUF text = {0};
    struct summary s;
    int64_t behind = 0, of = 0;
    if (!summary_read(e->journal, &book, run, e->a, &s, err) || !estate_behind(e->pg, &behind, &of, err))
        return false;
    if (command_flag(call, OPTION_JSON))
        buf_printf(&text, "{\"run\":%" PRId64 ",\"complete\":%s,\"stores\":%" PRId64 ",\"current\":%" PRId64 "}\n", run,
                   s.complete ? "true" : "false", of, of - behind);
    else
        buf_printf(&text,
                   "the stores belong to the gateway now: %" PRId64 " of %" PRId64
                   " have everything; `carryover n1 fleet` shows the others\n",
                   of - behind, of);
    return cmd_print(&text, err);
}

static bool run_steps(struct command_call *call, struct estate *e, struct err *err)
{
    int64_t run = 0;
    return open_journal(e->project, &e->journal, err) && open_pg(e->project, OPEN_TARGET, &e->pg, err) &&
           steps_run(&book, e->journal, e, &run, err) && print_end(call, e, run, err);
}

bool cmd_n1_cutover(struct command_call *call, struct err *err)
{
    struct estate e = {.a = command_arena(call)};
    if (!command_project(call, &e.project, err))
        return false;
    if (command_flag(call, OPTION_DRY_RUN))
        return steps_print_plan(&book, err);
    project_set_command(e.project, "n1 cutover");
    if (!command_flag(call, OPTION_YES)) {
        err_set(err, ERR_GUARD, "this takes all stores from the old headquarters");
        return err_hint(err, "Look at the steps with `carryover n1 cutover --dry-run`, then run it with --yes.");
    }
    bool ok =
        project_package(e.project, &e.package, err) && project_lock(e.project, LOCK, err) && run_steps(call, &e, err);
    pg_free(e.pg);
    journal_free(e.journal);
    return ok;
}
