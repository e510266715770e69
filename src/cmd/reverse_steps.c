#include "cmd/reverse_steps.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "cmd/job.h"
#include "cmd/n1_opts.h"
#include "cmd/reverse_losses.h"
#include "cmd/steps.h"
#include "db/environment.h"
#include "db/maintenance.h"
#include "db/target.h"
#include "lens/state.h"
#include "n1/rollout.h"
#include "replicate/trail.h"
#include "runbook/summary.h"

#define CLOSE_ENOUGH_BYTES (1 << 20) /* of log that may be left when users are put out */
#define CATCH_UP_TIMEOUT_MS (60 * 60 * 1000)
#define DRAIN_TIMEOUT_MS (10 * 60 * 1000)
#define START_TIMEOUT_MS (30 * 1000)
#define LOOK_MS 50

typedef bool step(void *ctx, struct buf *detail, struct err *err);
static step preflight, prove, catch_up, silence, keep, barrier, drain, keyless, values, verify, references, close_feed,
    resume, release;

static const struct runbook_step steps[] = {
    {"preflight", "the feed and `n1 keep` run, no store has moved on, nothing would be lost", PHASE_BEFORE, true,
     preflight},
    {"prove", "prove every row of the old headquarters, while version N is in use", PHASE_BEFORE, true, prove},
    {"catch-up", "wait until the old headquarters is only moments behind", PHASE_BEFORE, true, catch_up},
    {"silence", "users and stores are put out of version N", PHASE_DOWNTIME, true, silence},
    {"keep", "bring the last changes of version N into the tables of N-1", PHASE_DOWNTIME, true, keep},
    {"barrier", "note the position behind the last write", PHASE_DOWNTIME, true, barrier},
    {"drain", "apply the last changes to the old headquarters", PHASE_DOWNTIME, true, drain},
    {"keyless", "copy the tables that have no key", PHASE_DOWNTIME, true, keyless},
    {"values", "set sequences behind the values that their columns have", PHASE_DOWNTIME, true, values},
    {"verify", "prove what changed since the proof", PHASE_DOWNTIME, true, verify},
    {"references", "prove that foreign keys of the old headquarters hold", PHASE_DOWNTIME, true, references},
    {"close", "end the feed: the old headquarters has a life of its own again", PHASE_DOWNTIME, false, close_feed},
    {"resume", "let users into the old headquarters", PHASE_DOWNTIME, false, resume},
    {"release", "the target lets its log go, and nothing of ours stays behind", PHASE_AFTER, false, release},
};

static const struct runbook book = {REVERSE_RUN, steps, ARRAY_LEN(steps)};

const struct runbook *reverse_runbook(void)
{
    return &book;
}

/* --- looking --- */

/* One that was started a moment ago takes its time. */
static bool check_job(struct reversing *r, struct pg *pg, enum target_job lock, const char *job, const char *what,
                      const char *command, struct err *err)
{
    bool running = false;
    int64_t start = clock_us();
    do {
        if (!target_locked(pg, lock, &running, err) || !cancel_check(err))
            return false;
        if (running)
            return true;
        clock_sleep_ms(LOOK_MS);
    } while (job_pid(r->project, job) && clock_us() - start < (int64_t)START_TIMEOUT_MS * 1000);
    err_set(err, ERR_NOT_FOLLOWING, "%s does not run", what);
    return err_hint(err, "Start `carryover %s --detach`.", command);
}

static bool check_jobs(struct reversing *r, struct err *err)
{
    return check_job(r, r->old, TARGET_JOB_REPLICATE, REVERSE_JOB, "the reverse feed", "reverse start", err) &&
           check_job(r, r->target, TARGET_JOB_KEEP, N1_KEEP_JOB, "`n1 keep`", "n1 keep", err);
}

static bool check_still_out(struct reversing *r, struct err *err)
{
    struct journal_step s;
    struct environment e;
    struct reversing_last last;
    int64_t now = 0;
    if (!reversing_last(r, &last, err) || !journal_read(r->journal, last.run, "silence", r->a, &s, err) ||
        !environment_read(r->target, r->a, &e, err) || !environment_number(r->target, &now, err))
        return false;
    if (e.state == ENVIRONMENT_IN_MAINTENANCE && now == summary_number(s.detail, "state"))
        return true;
    err_set(err, ERR_GUARD, "users were let into version N again after the last changes were brought");
    return err_hint(err, "Give this return up with `carryover reverse release --yes`: nobody can tell any more whether "
                         "the old headquarters has everything.");
}

/* --- before --- */

static bool check_stores(struct reversing *r, struct err *err)
{
    char *moved = NULL;
    if (!rollout_promoted(r->target, r->a, &moved, err))
        return false;
    if (!moved)
        return true;
    err_set(err, ERR_GUARD, "stores have moved to version N: %s", moved);
    return err_hint(err, "The old headquarters cannot serve them. Take them back first: `carryover n1 promote STORE "
                         "--undo`.");
}

static bool preflight(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    buf_puts(detail, "the feed and `n1 keep` run");
    reverse_losses_put_columns(r, detail);
    return reversing_require(r, err) && check_jobs(r, err) && check_stores(r, err) &&
           reverse_losses_refuse(r, detail, err);
}

/* Again whenever a return goes on: only this sees what somebody else has written to the old headquarters meanwhile. */
static bool prove(void *ctx, struct buf *detail, struct err *err)
{
    return reverse_prove(ctx, false, false, detail, err);
}

static bool log_left(struct reversing *r, int64_t *ret, struct err *err)
{
    struct target_position at;
    uint64_t now = 0;
    char *text = NULL;
    if (!target_position(r->old, &at, err) ||
        !pg_value(r->target, "select pg_current_wal_lsn()", PG_NONE, r->a, &text, err))
        return false;
    *ret = pg_lsn_parse(text, &now) && now > at.applied_lsn ? (int64_t)(now - at.applied_lsn) : 0;
    return true;
}

static bool catch_up(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    int64_t left = 0, keys = 0, start = clock_us();
    do {
        if (!log_left(r, &left, err) || !state_backlog(r->target, LENS_DOWN, &keys, err) || !check_jobs(r, err))
            return false;
        if (left < CLOSE_ENOUGH_BYTES) {
            buf_printf(detail, "%" PRId64 " bytes of log and %" PRId64 " lens keys are left", left, keys);
            return true;
        }
        clock_sleep_ms(LOOK_MS);
    } while (clock_us() - start < (int64_t)CATCH_UP_TIMEOUT_MS * 1000);
    return err_set(err, ERR_TIMEOUT, "the old headquarters is still %" PRId64 " bytes of log behind", left);
}

/* --- downtime --- */

/* Stores write through the gateway, which no right to connect keeps out. */
static bool silence(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    bool changed = false;
    int64_t ended = 0, state = 0;
    pid_t gateway = 0;
    if (!maintenance_on(r->target, r->who, &changed, err) || !job_stop(r->project, N1_JOB, &gateway, err) ||
        !maintenance_drain(r->target, project_number(r->project, SETTING_REFRESH_DRAIN), r->force, &ended, err) ||
        !environment_number(r->target, &state, err))
        return false;
    buf_printf(detail, "version N is in maintenance; sessions that were ended: %" PRId64 "%s | state=%" PRId64, ended,
               gateway ? ", and the gateway" : "", state);
    return true;
}

static bool is_kept(struct reversing *r, uint64_t until, bool *ret, struct err *err)
{
    struct trail_position at;
    int64_t keys = 0;
    if (!trail_position(r->target, &at, err) || !state_backlog(r->target, LENS_DOWN, &keys, err))
        return false;
    *ret = at.exists && at.seen >= until && keys == 0;
    return true;
}

static bool check_fresh(struct reversing *r, struct err *err)
{
    struct state_rows rows;
    if (!state_read(r->target, LENS_DOWN, r->a, &rows, err))
        return false;
    for (size_t i = 0; i < rows.n; i++)
        if (strcmp(rows.p[i].state, "fresh") != 0 || rows.p[i].stale)
            return err_set(err, ERR_TARGET_STATE,
                           "the table %s of N-1 is not kept: `carryover n1 keep status` says why", rows.p[i].name);
    return true;
}

/* The position is read before the keys: what committed before it has left its keys by then. */
static bool keep(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    uint64_t until = 0;
    bool done = false;
    int64_t start = clock_us();
    if (!reversing_source(r, err) || !source_position(r->source, &until, err))
        return false;
    while (is_kept(r, until, &done, err) && !done) {
        if (clock_us() - start > (int64_t)DRAIN_TIMEOUT_MS * 1000)
            return err_set(err, ERR_TIMEOUT, "`n1 keep` has not brought the last changes of version N");
        if (!check_jobs(r, err))
            return false;
        clock_sleep_ms(LOOK_MS);
    }
    buf_puts(detail, "the tables of N-1 have every change");
    return done && check_fresh(r, err) && reverse_losses_refuse(r, detail, err);
}

static bool barrier(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    char text[24];
    if (!reversing_source(r, err) || !source_position(r->source, &r->barrier, err))
        return false;
    pg_lsn_format(r->barrier, text);
    buf_puts(detail, text);
    return true;
}

/* Barrier and drain are always done in one run: both are marked `again`. */
static bool drain(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    struct target_position at;
    if (!target_wait(r->old, r->barrier, DRAIN_TIMEOUT_MS, err) || !target_position(r->old, &at, err))
        return false;
    buf_printf(detail, "%" PRId64 " transactions were followed in all", at.transactions);
    return true;
}

static bool keyless(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    int n = 0;
    if (!replicate_copy_keyless(&r->replicate, NULL, &n, err))
        return false;
    buf_printf(detail, "tables without key: %d", n);
    return true;
}

static bool values(void *ctx, struct buf *detail, struct err *err)
{
    int n = 0;
    if (!reverse_set_sequences(ctx, &n, err))
        return false;
    buf_printf(detail, "sequences that were behind: %d", n);
    return true;
}

static bool verify(void *ctx, struct buf *detail, struct err *err)
{
    return reverse_prove(ctx, true, true, detail, err);
}

static bool references(void *ctx, struct buf *detail, struct err *err)
{
    return reverse_check_references(ctx, detail, err);
}

/* What was proven is worth nothing if version N went on after it. */
static bool check_silent(struct reversing *r, struct err *err)
{
    struct target_position at;
    int64_t late = 0;
    if (!reversing_source(r, err) || !target_position(r->old, &at, err) ||
        !source_changed_since(r->source, at.applied_lsn, &late, err))
        return false;
    if (late == 0)
        return true;
    err_set(err, ERR_GUARD, "the tables of N-1 got %" PRId64 " changes after the last one that was brought back", late);
    return err_hint(err, "Find out who still writes: a gateway on another machine, or a person. Then give this return "
                         "up with `carryover reverse release --yes`.");
}

/* Sessions of what was just stopped may live on for a moment: their locks are waited for. */
static bool keep_out(const char *uri, const char *role, enum target_job job, struct pg **ret, struct err *err)
{
    if (!pg_open(uri, role, ret, err))
        return false;
    return target_lock(*ret, job, err) ||
           (err->code == ERR_TARGET_BUSY && err_hint(err, "It runs on another machine: stop it there."));
}

static bool close_feed(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    SCOPED(pg) target = NULL;
    SCOPED(pg) old = NULL;
    pid_t pid = 0;
    if (!check_still_out(r, err) || !job_stop(r->project, N1_KEEP_JOB, &pid, err) ||
        !keep_out(r->target_uri, "target", TARGET_JOB_KEEP, &target, err) ||
        !job_stop(r->project, REVERSE_JOB, &pid, err) ||
        !keep_out(r->old_uri, "old headquarters", TARGET_JOB_REPLICATE, &old, err))
        return false;
    buf_puts(detail, "the feed and `n1 keep` are stopped");
    return check_silent(r, err);
}

static bool resume(void *ctx, struct buf *detail, struct err *err)
{
    struct reversing *r = ctx;
    buf_puts(detail, "the old headquarters is in use again");
    return check_still_out(r, err) && check_silent(r, err) &&
           steps_hook(r->project, SETTING_HOOK_RESUME, "hooks.resume_writers", err);
}

static bool release(void *ctx, struct buf *detail, struct err *err)
{
    bool any = false;
    buf_puts(detail, "slot, publication and the state of the feed are removed");
    return reverse_release(ctx, &any, err);
}
