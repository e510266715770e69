#include "cmd/n1_check.h"
#include "base/clock.h"
#include "cmd/cmd.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "conf/contract.h"
#include "db/target.h"
#include "lens/install.h"
#include "lens/state.h"
#include "n1/check_gateway.h"
#include "n1/verdict.h"
#include "net/client.h"

struct checking {
    struct project *project;
    const struct package *package;
    struct calls *calls;
    struct pg *target; /* NULL as long as there are no tables of version N */
    struct arena *a;
    struct checks *found;
};

static const char *const no_target = "the target has no tables of version N yet";

/* What is wrong with the package or its tables is a finding; that it could not be looked at is a failure. */
static bool note(struct checking *c, const char *subject, const struct err *why, struct err *err)
{
    if (why->code != ERR_PACKAGE && why->code != ERR_LENS_CONSTRUCT && why->code != ERR_TARGET_STATE) {
        *err = *why;
        return false;
    }
    checks_found(c->found, CHECK_BLOCKER, subject, "%s", why->message);
    return true;
}

static bool begin(struct checking *c, const char *id, const char *what, const char *fix)
{
    checks_begin(c->found, id, what, fix);
    if (!c->target)
        checks_skip(c->found, no_target);
    return c->target != NULL;
}

/* --- the gateway's settings --- */

static void check_settings(struct checking *c)
{
    struct gateway_opts o;
    struct err why;
    const char *url = project_text(c->project, SETTING_N1_URL);
    checks_begin(c->found, "settings", "every setting of the gateway is one it takes",
                 "Correct it in carryover.yaml; docs/reference.md lists the settings with their limits.");
    if (!n1_gateway_opts(c->project, &o, &why)) {
        checks_found(c->found, CHECK_BLOCKER, "carryover.yaml", "%s", why.message);
        return;
    }
    if (url[0] && !client_check_url(url, &why)) {
        checks_found(c->found, CHECK_BLOCKER, "n1.url", "%s", why.message);
        url = "";
    }
    check_gateway(c->found, &(struct check_gateway){.opts = &o,
                                                    .host = client_host(url, c->a),
                                                    .session_key = n1_file(c->project, SETTING_N1_SESSION_KEY),
                                                    .now_s = clock_wall_us() / 1000000,
                                                    .runs = job_pid(c->project, N1_JOB) != 0});
}

/* --- the package on the target --- */

/* The stores' side knows what the package said when it was loaded: nothing may have changed since. */
static bool check_installed(struct checking *c, struct err *err)
{
    char *digest = NULL;
    if (!begin(c, "package-installed", "the tables of version N were loaded with this package, as it is now",
               "Go back to the package as it was, or load the tables anew with `carryover upgrade --reset`."))
        return true;
    if (!state_installed(c->target, LENS_UP, c->a, &digest, err))
        return false;
    if (strcmp(digest, c->package->core) != 0)
        checks_found(c->found, CHECK_BLOCKER, c->package->name, "it has changed since its tables were loaded");
    return true;
}

static bool check_channels(struct checking *c, struct err *err)
{
    struct err why;
    if (!begin(c, "channel-lenses", "what stores download can be followed",
               "Correct the file that is named; `carryover package check` tries it without the data."))
        return true;
    if (!pg_begin(c->target, err))
        return false;
    bool ok = install_channel(c->target, c->package, &why);
    pg_rollback(c->target);
    return ok || note(c, "channel", &why, err);
}

static bool check_keep(struct checking *c, struct err *err)
{
    bool runs = false;
    if (!begin(c, "keep", "the tables of N-1 are kept current and packages are made",
               "`carryover n1 keep --detach`, after the cutover."))
        return true;
    if (!target_locked(c->target, TARGET_JOB_KEEP, &runs, err))
        return false;
    if (!runs)
        checks_found(c->found, CHECK_WARNING, "n1 keep", "it does not run");
    return true;
}

/* --- real-time calls --- */

static void check_answered(struct checking *c)
{
    const struct package_calls *calls = &c->package->n1_calls;
    checks_begin(c->found, "calls-answered", "every method that tills call is answered or declared as unsupported",
                 "Write calls/ for it, or say in package.yaml below calls.unsupported why not.");
    for (size_t i = 0; i < calls->n_methods; i++)
        if (contract_state(c->package, str_of(calls->methods[i]), NULL, NULL) == CONTRACT_MISSING)
            checks_found(c->found, CHECK_BLOCKER, calls->methods[i], "tills call it and nothing answers");
}

static bool check_statements(struct checking *c, struct err *err)
{
    struct err why;
    if (!begin(c, "calls-statements", "the statements of real-time calls can run on the target",
               "Correct the file that is named."))
        return true;
    return calls_try(c->calls, c->target, &why) || note(c, "calls", &why, err);
}

/* A rule that cannot run would refuse every upload. */
static bool check_rules(struct checking *c, struct err *err)
{
    struct err why;
    if (!begin(c, "upload-rules", "the rules and totals of uploads can run on the target",
               "Correct the file that is named."))
        return true;
    if (!pg_begin(c->target, err))
        return false;
    bool ok = verdict_check(c->target, c->package, &why);
    pg_rollback(c->target);
    return ok || note(c, "uploads", &why, err);
}

/* --- all of them --- */

static bool open_target(struct checking *c, struct pg **keep, struct err *err)
{
    int64_t tables = 0;
    if (!open_pg(c->project, OPEN_TARGET, keep, err) ||
        !pg_value_i64(*keep, "select count(*) from pg_tables where schemaname = 'hq'", PG_NONE, &tables, err))
        return false;
    c->target = tables ? *keep : NULL;
    return true;
}

static bool run_all(struct checking *c, struct err *err)
{
    check_settings(c);
    check_answered(c);
    if (!check_statements(c, err) || !check_rules(c, err) || !check_installed(c, err) || !check_channels(c, err) ||
        !check_keep(c, err))
        return false;
    return !c->target || (check_registry(c->found, c->target, c->package, err) &&
                          check_tables(c->found, c->target, c->package, staff_sql(calls_staff(c->calls)), err));
}

/* --- printing --- */

static bool print(const struct command_call *call, const struct checks *c, struct err *err)
{
    SCOPED_BUF text = {0};
    if (command_flag(call, OPTION_JSON))
        checks_put_json(c, &text);
    else
        checks_put_text(c, &text);
    return cmd_print(&text, err);
}

static bool judge(const struct checks *c, struct err *err)
{
    int64_t n = checks_in(c, CHECK_BLOCKER);
    if (n == 0)
        return true;
    err_set(err, ERR_FINDINGS, "%" PRId64 " of %zu checks found what must not be so when stores are taken over", n,
            checks_count(c));
    return err_hint(err, "Each of them says how it is mended; run `carryover n1 check` again afterwards.");
}

bool n1_check_run(struct project *p, struct arena *a, struct checks *found, struct err *err)
{
    struct checking c = {.project = p, .a = a, .found = found};
    SCOPED(calls) calls = NULL;
    SCOPED(pg) pg = NULL;
    if (!project_package(p, &c.package, err) || !n1_open_calls(p, &calls, err))
        return false;
    c.calls = calls;
    return open_target(&c, &pg, err) && run_all(&c, err);
}

bool cmd_n1_check(struct command_call *call, struct err *err)
{
    struct project *p = NULL;
    SCOPED(checks) found = checks_new(command_arena(call));
    return command_project(call, &p, err) && n1_check_run(p, command_arena(call), found, err) &&
           print(call, found, err) && judge(found, err);
}
