#include "cmd/refresh_steps.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/refresh_report.h"
#include "cmd/smoke.h"
#include "db/environment.h"
#include "db/maintenance.h"
#include "db/target.h"
#include "source/drift.h"
#include "verify/verify.h"

#define CLOSE_ENOUGH_BYTES (1 << 20) /* of log that may be left when users are put out */
#define CATCH_UP_TIMEOUT_MS (60 * 60 * 1000)
#define DRAIN_TIMEOUT_MS (10 * 60 * 1000)
#define LOOK_MS 100
#define START_TIMEOUT_MS (30 * 1000)

static const struct runbook_step steps[] = {
    {"preflight", "the copy is complete and follows, its schema is the sandbox's", PHASE_BEFORE, true,
     refresh_preflight},
    {"prove", "prove every row of the copy, while the sandbox is in use", PHASE_BEFORE, false, refresh_prove},
    {"catch-up", "wait until the copy is only moments behind", PHASE_BEFORE, true, refresh_catch_up},
    {"silence", "users are put out of the sandbox", PHASE_DOWNTIME, true, refresh_silence},
    {"barrier", "note the position behind the last write", PHASE_DOWNTIME, true, refresh_barrier},
    {"drain", "apply the last changes to the copy", PHASE_DOWNTIME, true, refresh_drain},
    {"keyless", "copy the tables that have no key", PHASE_DOWNTIME, true, refresh_keyless},
    {"verify", "prove what changed since the proof", PHASE_DOWNTIME, true, refresh_verify},
    {"close", "end the replication: the copy has a life of its own now", PHASE_DOWNTIME, false, refresh_close},
    {"keep", "shut the old production and take over what it keeps", PHASE_DOWNTIME, false, refresh_keep},
    {"reset", "reset what refresh.yaml says", PHASE_DOWNTIME, false, refresh_reset_rules},
    {"values", "take sequences, materialized views and trackers", PHASE_DOWNTIME, false, refresh_values},
    {"proof", "prove what was not carried, kept and reset", PHASE_DOWNTIME, false, refresh_prove_rules},
    {"smoke", "read from the copy and write to it, rolled back", PHASE_DOWNTIME, false, refresh_smoke},
    {"accept", "give the copy the rights and settings of production", PHASE_DOWNTIME, false, refresh_accept},
    {"switch", "exchange the databases in one moment", PHASE_DOWNTIME, false, refresh_switch},
    {"release-slot", "the sandbox lets its log go", PHASE_AFTER, false, refresh_release_slot},
};

static const struct runbook book = {REFRESH_RUN, steps, ARRAY_LEN(steps)};

const struct runbook *refresh_runbook(void)
{
    return &book;
}

/* --- looking --- */

static bool open_next(struct refreshing *r, struct pg **ret, struct next_state *state, struct err *err)
{
    if (!refreshing_next(r, ret, state, err))
        return false;
    if (*ret && state->complete)
        return true;
    err_set(err, ERR_TARGET_STATE, "there is no complete copy of the sandbox beside %s", r->production);
    return err_hint(err,
                    "Run `carryover refresh start --detach` and wait until `carryover refresh status` says following.");
}

static bool check_schema(struct refreshing *r, const struct next_state *state, struct err *err)
{
    struct schema_opts o = refreshing_schema(r);
    struct schema_dump dump;
    return schema_take(&o, pg_version(r->sandbox) / 10000, r->a, &dump, err) &&
           refreshing_same_schema(state, &dump, err);
}

/* A table that came after the copy was begun would be missing without a word. */
static bool check_tables(struct refreshing *r, struct pg *next, struct err *err)
{
    struct table_list tables;
    struct drifts drifts;
    if (!refreshing_source(r, err) || !source_catalog(r->source, r->a, &tables, err) ||
        !drift_find(next, &tables, r->a, &drifts, err))
        return false;
    if (drifts.n == 0)
        return true;
    err_set(err, ERR_SOURCE_DDL, "the table %s %s", drifts.p[0].table, drifts.p[0].what);
    return err_hint(err, "Begin anew: `carryover refresh reset --yes`, then `carryover refresh start`.");
}

/* One that was started a moment ago looks at the sandbox first. */
static bool check_following(struct refreshing *r, struct pg *next, struct err *err)
{
    bool running = false;
    int64_t start = clock_us();
    do {
        if (!target_locked(next, TARGET_JOB_REPLICATE, &running, err))
            return false;
        if (running)
            return true;
        clock_sleep_ms(LOOK_MS);
    } while (job_pid(r->project, REFRESH_JOB) && clock_us() - start < (int64_t)START_TIMEOUT_MS * 1000);
    err_set(err, ERR_NOT_FOLLOWING, "nothing follows the sandbox");
    return err_hint(err, "Start `carryover refresh start --detach`.");
}

/* Our own processes would go on writing to the sandbox. */
static bool check_quiet(struct refreshing *r, struct err *err)
{
    static const struct {
        enum target_job job;
        const char *what, *stop;
    } jobs[] = {{TARGET_JOB_REPLICATE, "replication", "carryover replicate stop"},
                {TARGET_JOB_UPGRADE, "the upgrade", "carryover upgrade stop"},
                {TARGET_JOB_KEEP, "`n1 keep`", "carryover n1 keep stop"}};
    for (size_t i = 0; i < ARRAY_LEN(jobs); i++) {
        bool running = false;
        if (!target_locked(r->sandbox, jobs[i].job, &running, err))
            return false;
        if (!running)
            continue;
        err_set(err, ERR_GUARD, "%s still writes to the sandbox", jobs[i].what);
        return err_hint(err, "Stop it with `%s`, and the gateway with `carryover n1 serve stop`.", jobs[i].stop);
    }
    return true;
}

/* What was proven is worth nothing if the sandbox went on after it. */
static bool check_silent(struct refreshing *r, struct pg *next, struct err *err)
{
    struct target_position at;
    int64_t late = 0;
    if (!refreshing_source(r, err) || !target_position(next, &at, err) ||
        !source_changed_since(r->source, at.applied_lsn, &late, err))
        return false;
    if (late == 0)
        return true;
    err_set(err, ERR_GUARD, "the sandbox accepted %" PRId64 " changes after the last one that was applied", late);
    return err_hint(err,
                    "Give this up with `carryover refresh reset --yes`, find out who still writes, and begin again.");
}

/* From `close` on nothing repeats what made the sandbox silent, and somebody may let users in between two attempts. */
static bool check_still_silent(struct refreshing *r, struct err *err)
{
    struct refreshing_switch last;
    int64_t late = 0, now = 0;
    if (!refreshing_last(r, &last, err) || !environment_number(r->sandbox, &now, err) || !refreshing_source(r, err) ||
        !source_changed_since(r->source, (uint64_t)last.applied, &late, err))
        return false;
    if (now == last.state && late == 0)
        return true;
    err_set(err, ERR_GUARD, "the sandbox was in use again after the last changes were brought");
    return err_hint(err, "Give this up with `carryover refresh reset --yes`, and begin again with `carryover refresh "
                         "start`.");
}

/* --- before --- */

bool refresh_preflight(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    SCOPED(pg) production = NULL;
    struct next_state state;
    if (!refreshing_production(r, &production, err) || !refreshing_check_open(r, production, err) ||
        !refreshing_resolve(r, err) || !open_next(r, &next, &state, err) || !check_following(r, next, err) ||
        !check_tables(r, next, err) || !check_schema(r, &state, err) || !check_quiet(r, err))
        return false;
    buf_puts(detail, "the copy is complete and follows");
    return true;
}

/* The rows alone: of lenses and laws the sandbox was proven. */
static bool prove_rows(struct refreshing *r, bool since_last, bool silent, struct buf *detail, struct err *err)
{
    struct verify_opts o;
    struct package rows_only = {.name = r->package->name, .version = r->package->version};
    SCOPED(report) report = NULL;
    char *path = NULL;
    verify_defaults(&o);
    if (!refreshing_resolve(r, err))
        return false;
    o.source = r->replicate.source;
    o.target_uri = r->next_uri;
    o.package = &rows_only;
    o.workers = r->replicate.workers;
    o.since_last = since_last;
    o.keyless_copied = silent;
    if (!verify_run(&o, &report, err) || !verify_store(report, project_path(r->project, "reports"), r->a, &path, err))
        return false;
    buf_printf(detail, "%s: %d tables; %s", outcome_name(report_outcome(report)),
               report_count(report, SECTION_REPLICA, OUTCOME_PASS), path);
    return report_outcome(report) != OUTCOME_FAIL ||
           err_set(err, ERR_VERIFY_FAILED, "the copy differs from the sandbox: %s", path);
}

bool refresh_prove(void *ctx, struct buf *detail, struct err *err)
{
    return prove_rows(ctx, false, false, detail, err);
}

static bool log_left(struct refreshing *r, struct pg *next, int64_t *ret, struct err *err)
{
    struct target_position at;
    uint64_t now = 0;
    char *text = NULL;
    if (!target_position(next, &at, err) ||
        !pg_value(r->sandbox, "select pg_current_wal_lsn()", PG_NONE, r->a, &text, err))
        return false;
    *ret = pg_lsn_parse(text, &now) && now > at.applied_lsn ? (int64_t)(now - at.applied_lsn) : 0;
    return true;
}

bool refresh_catch_up(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    struct next_state state;
    int64_t left = 0, start = clock_us();
    if (!open_next(r, &next, &state, err))
        return false;
    do {
        if (!log_left(r, next, &left, err) || !check_following(r, next, err))
            return false;
        if (left < CLOSE_ENOUGH_BYTES) {
            buf_printf(detail, "%" PRId64 " bytes of log are left", left);
            return true;
        }
        clock_sleep_ms(LOOK_MS);
    } while (clock_us() - start < (int64_t)CATCH_UP_TIMEOUT_MS * 1000);
    return err_set(err, ERR_TIMEOUT, "the copy is still %" PRId64 " bytes of log behind", left);
}

/* --- downtime --- */

bool refresh_silence(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    bool changed = false;
    int64_t ended = 0;
    pid_t gateway = 0;
    if (!check_quiet(r, err) || !maintenance_on(r->sandbox, r->who, &changed, err) ||
        !job_stop(r->project, N1_JOB, &gateway, err) ||
        !maintenance_drain(r->sandbox, project_number(r->project, SETTING_REFRESH_DRAIN), r->force, &ended, err))
        return false;
    buf_printf(detail, "the sandbox is in maintenance; sessions that were ended: %" PRId64 "%s", ended,
               gateway ? ", and the gateway" : "");
    return true;
}

bool refresh_barrier(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    char text[24];
    if (!refreshing_source(r, err) || !source_position(r->source, &r->barrier, err))
        return false;
    pg_lsn_format(r->barrier, text);
    buf_puts(detail, text);
    return true;
}

/* Barrier and drain are always done in one run: both are marked `again`. */
bool refresh_drain(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    struct next_state state;
    struct target_position at;
    if (!open_next(r, &next, &state, err) || !target_wait(next, r->barrier, DRAIN_TIMEOUT_MS, err) ||
        !target_position(next, &at, err))
        return false;
    buf_printf(detail, "%" PRId64 " transactions were followed in all", at.transactions);
    return true;
}

bool refresh_keyless(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    int n = 0;
    if (!refreshing_resolve(r, err) || !replicate_copy_keyless(&r->replicate, NULL, &n, err))
        return false;
    buf_printf(detail, "tables without key: %d", n);
    return true;
}

bool refresh_verify(void *ctx, struct buf *detail, struct err *err)
{
    return prove_rows(ctx, true, true, detail, err);
}

bool refresh_close(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    struct next_state state;
    pid_t pid = 0;
    struct environment e;
    struct target_position at;
    int64_t production = 0, number = 0, server = 0, moves = 0;
    if (!job_stop(r->project, REFRESH_JOB, &pid, err) || !open_next(r, &next, &state, err) ||
        !target_lock(next, TARGET_JOB_REPLICATE, err) || !check_silent(r, next, err) ||
        !target_position(next, &at, err) || !databases_number(r->admin, r->production, &production, err) ||
        !databases_number(r->admin, r->next, &number, err) || !refreshing_server(r, &server, err) ||
        !environment_number(r->sandbox, &moves, err) || !environment_read(r->sandbox, r->a, &e, err))
        return false;
    if (e.state != ENVIRONMENT_IN_MAINTENANCE)
        return err_set(err, ERR_GUARD, "users were let into the sandbox meanwhile: run the switch again");
    buf_printf(detail,
               "the sandbox is silent | production=%" PRId64 " next=%" PRId64 " stamp=%" PRId64 " server=%" PRId64
               " state=%" PRId64 " applied=%" PRIu64,
               production, number, refreshing_stamp(), server, moves, at.applied_lsn);
    return true;
}

bool refresh_values(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    struct next_state state;
    int n = 0;
    if (!open_next(r, &next, &state, err) || !check_still_silent(r, err) ||
        !next_take_values(r->sandbox, next, &n, err))
        return false;
    buf_printf(detail, "sequences: %d", n);
    return true;
}

/* From here on nobody works on the old production. One session is spared: the one that reads what is kept. */
bool refresh_keep(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    SCOPED(pg) before = NULL;
    struct next_state state;
    struct refreshing_switch last;
    if (!refreshing_resolve(r, err) || !open_next(r, &next, &state, err) || !check_still_silent(r, err) ||
        !refreshing_last(r, &last, err))
        return false;
    if (!last.production) {
        buf_puts(detail, "there is no old production");
        return true;
    }
    if (!databases_open(r->admin, r->production, err) || !pg_open(r->production_uri, "production", &before, err) ||
        !refreshing_check_open(r, before, err) ||
        !databases_shut(r->admin, r->production, PQbackendPID(pg_raw(before)), err) ||
        !rules_keep(&r->rules, before, next, err))
        return false;
    buf_puts(detail, "the old production is shut");
    return true;
}

bool refresh_reset_rules(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    struct next_state state;
    if (!refreshing_resolve(r, err) || !open_next(r, &next, &state, err) || !rules_apply(&r->rules, next, err))
        return false;
    buf_printf(detail, "rules: %zu", r->rules.n);
    return true;
}

bool refresh_prove_rules(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    struct next_state state;
    struct refreshing_switch last;
    struct rule_proof *proofs = NULL;
    return refreshing_resolve(r, err) && open_next(r, &next, &state, err) && refreshing_last(r, &last, err) &&
           rules_prove(&r->rules, next, r->a, &proofs, err) &&
           refresh_report(r->project, &r->rules, proofs, last.run, r->a, detail, err);
}

bool refresh_smoke(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    return check_still_silent(r, err) && smoke_run(r->project, r->next_uri, r->a, detail, err);
}

/* Rights are given before users are kept out again: an attempt that was killed may have done both already. */
static bool dress(struct refreshing *r, struct pg *next, const struct refreshing_switch *last, bool *ret_closed,
                  struct err *err)
{
    struct environment e;
    enum environment_kind kind = r->production_kind ? ENVIRONMENT_PRODUCTION : ENVIRONMENT_SANDBOX;
    if (!environment_read(next, r->a, &e, err))
        return false;
    *ret_closed = e.state == ENVIRONMENT_IN_MAINTENANCE;
    return *ret_closed || (databases_dress(r->admin, last->production ? r->production : NULL, r->next, err) &&
                           environment_set_kind(next, kind, r->who, err) &&
                           environment_move(next, ENVIRONMENT_LIVE, r->who, "refresh", err));
}

/* The state first, then what was written so far is noted, then nobody comes in before the exchange. */
bool refresh_accept(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) next = NULL;
    struct refreshing_switch last;
    bool closed = false, changed = false;
    if (!check_still_silent(r, err) || !refreshing_last(r, &last, err) || !databases_open(r->admin, r->next, err) ||
        !pg_open(r->next_uri, "next production", &next, err) || !dress(r, next, &last, &closed, err) ||
        (r->closed && !closed && !maintenance_on(next, r->who, &changed, err)) || !next_note_baseline(next, err) ||
        !databases_shut(r->admin, r->next, PQbackendPID(pg_raw(next)), err))
        return false;
    buf_puts(detail, closed || r->closed ? "production, in maintenance" : "production, live");
    return true;
}

bool refresh_switch(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    struct refreshing_switch last;
    char *name = NULL;
    if (!refreshing_last(r, &last, err) || !databases_name(r->admin, last.next, r->a, &name, err))
        return false;
    if (!name)
        return err_set(err, ERR_TARGET_STATE, "the copy of the sandbox is gone");
    const char *kept = refreshing_name(r, "before", last.stamp);
    const struct databases_move moves[] = {{r->production, kept, false}, {r->next, r->production, true}};
    size_t first = last.production ? 0 : 1;
    if (strcmp(name, r->production) != 0 && !check_still_silent(r, err))
        return false;
    if (strcmp(name, r->production) != 0 && !databases_exchange(r->admin, moves + first, 2 - first, err))
        return false;
    buf_printf(detail, "%s%s | switched_us=%" PRId64, last.production ? "the old production is kept as " : "",
               last.production ? kept : "there was no production", clock_wall_us());
    return true;
}

bool refresh_release_slot(void *ctx, struct buf *detail, struct err *err)
{
    struct refreshing *r = ctx;
    SCOPED(pg) production = NULL;
    char *owner = NULL;
    if (!refreshing_production(r, &production, err) || !production || !target_identity(production, r->a, &owner, err) ||
        !refreshing_source(r, err) || !source_release(r->source, owner, err) ||
        !databases_unmark(r->admin, r->production, err))
        return false;
    buf_puts(detail, "the slot and the publication are removed");
    return true;
}
