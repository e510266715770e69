#include "cmd/cutover_steps.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/proc.h"
#include "cmd/gate.h"
#include "cmd/job.h"
#include "cmd/open.h"
#include "cmd/proof.h"
#include "cmd/smoke.h"
#include "cmd/snapshot.h"
#include "cmd/steps.h"
#include "db/blockers.h"
#include "db/target.h"
#include "lens/state.h"
#include "runbook/summary.h"
#include "script/ledger.h"

#define CLOSE_ENOUGH_BYTES (1 << 20) /* of log that may be left when the writers are stopped */
#define CATCH_UP_TIMEOUT_MS (60 * 60 * 1000)
#define DRAIN_TIMEOUT_MS (10 * 60 * 1000)
#define LOOK_MS 2
#define BLOCKED_ROUNDS 1000 /* of LOOK_MS */
#define SNAPSHOT_TIMEOUT_MS (10 * 1000)
#define SNAPSHOT_TRIES 6 /* replication goes on between them */
#define REST_TRIES 4
#define REST_SHORT_US 2000000

/* An undo that was killed between two renames has left the target under another name. */
static bool open_target(struct cutover *c, struct err *err)
{
    bool mended = false, prepared = false;
    struct err second;
    const char *uri = c->replicate.target_uri;
    bool ok = pg_open(uri, "target", &c->target, err) && target_prepared(c->target, &prepared, err);
    if (prepared || (!ok && err->code != ERR_CONNECT))
        return ok;
    pg_free(c->target);
    c->target = NULL;
    if (!snapshot_mend(uri, &mended, &second) && !ok)
        return false;
    return (ok || mended) && pg_open(uri, "target", &c->target, err);
}

bool cutover_connect(struct cutover *c, struct err *err)
{
    return replication_opts(c->project, c->arena, &c->replicate, err) && open_target(c, err) &&
           target_lock(c->target, TARGET_JOB_CUTOVER, err) && source_open(&c->replicate.source, &c->source, err);
}

void cutover_disconnect(struct cutover *c)
{
    pg_free(c->target);
    source_free(c->source);
    c->target = NULL;
    c->source = NULL;
}

/* --- before --- */

static bool check_lenses(struct cutover *c, struct buf *detail, struct err *err)
{
    SCOPED_RESULT r = NULL;
    char *installed = NULL;
    const char *sql =
        "select count(*), count(*) filter (where state <> 'fresh'), min(name) filter (where state <> 'fresh')"
        " from carryover.lens where direction = 'up'";
    if (!state_installed(c->target, LENS_UP, c->arena, &installed, err) ||
        (installed[0] && !pg_query(c->target, sql, PG_NONE, &r, err)))
        return err_wrap(err, "looking at the lenses");
    if (!installed[0] || pg_i64(r, 0, 1) > 0) {
        err_set(err, ERR_TARGET_STATE, "%s is not loaded", installed[0] ? pg_text(r, 0, 2) : "version N");
        return err_hint(err, "Run `carryover upgrade --detach` and wait until `carryover upgrade status` says fresh.");
    }
    buf_printf(detail, "%s lenses are loaded", pg_text(r, 0, 0));
    return true;
}

bool cutover_check_jobs(struct cutover *c, struct err *err)
{
    bool replicating = false, upgrading = false;
    if (!target_locked(c->target, TARGET_JOB_REPLICATE, &replicating, err) ||
        !target_locked(c->target, TARGET_JOB_UPGRADE, &upgrading, err))
        return false;
    if (!replicating)
        return err_set(err, ERR_NOT_FOLLOWING, "replication does not run; the cutover needs it up to the last write");
    if (upgrading)
        return true;
    err_set(err, ERR_TARGET_STATE, "the upgrade does not run; the cutover needs it up to the last write");
    return err_hint(err, "Start it with `carryover upgrade --detach`.");
}

static bool check_hooks(struct cutover *c, struct err *err)
{
    if (project_text(c->home, SETTING_HOOK_STOP)[0])
        return true;
    err_set(err, ERR_GUARD, "hooks.stop_writers is not set: nothing would make the source fall silent");
    return err_hint(err,
                    "Set it in carryover.yaml to a command that ends when no more writes are accepted; `true` if the "
                    "source is silent already.");
}

/* What a script did is not what lenses and replication say, and it would not be done again. */
static bool check_untouched(struct cutover *c, struct err *err)
{
    int64_t n = 0;
    if (!ledger_count_done(c->target, &n, err))
        return false;
    if (n == 0)
        return true;
    err_set(err, ERR_GUARD, "%" PRId64 " scripts were run on this target before, so it is not what the source says", n);
    return err_hint(err, "`carryover scripts` shows them. Start over with `carryover replicate reset --yes`.");
}

bool cutover_preflight(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    return target_check_not_live(c->target, err) && check_hooks(c, err) && cutover_check_jobs(c, err) &&
           check_untouched(c, err) && check_lenses(c, detail, err) && cutover_check_reverse(c, detail, err);
}

/* A rehearsal may begin whatever is open; it says what would not. */
static bool foretell_gate(struct cutover *c, struct buf *detail, struct err *err)
{
    if (gate_check(c->home, c->arena, GATE_CUTOVER, err)) {
        buf_puts(detail, "nothing that blocks is open");
        return true;
    }
    if (err->code != ERR_GATE)
        return false;
    int shown = (int)strcspn(err->message, ":");
    buf_printf(detail, "in the night it would end here: %.*s", shown, err->message);
    *err = (struct err){0};
    return true;
}

/* The checklist is asked when a run begins; what a person has answered may expire in the night. */
bool cutover_gate(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    struct gate_override *overrides = NULL;
    size_t n = 0;
    if (c->rehearsal)
        return foretell_gate(c, detail, err);
    if (!gate_check(c->home, c->arena, GATE_CUTOVER, err) || !gate_overrides(c->home, c->arena, &overrides, &n, err))
        return false;
    buf_puts(detail, "nothing that blocks is open");
    for (size_t i = 0; i < n; i++)
        buf_printf(detail, "; %s overridden by %s: %s", overrides[i].item, overrides[i].by, overrides[i].reason);
    return true;
}

bool cutover_prove(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    return proof_full(c->project, c->arena, detail, err);
}

static bool backlog(struct cutover *c, int64_t *ret, struct err *err)
{
    return state_backlog(c->target, LENS_UP, ret, err);
}

static bool log_left(struct cutover *c, int64_t *ret, struct err *err)
{
    struct target_position at;
    uint64_t now = 0;
    char *text = NULL;
    if (!target_position(c->target, &at, err) ||
        !pg_value(source_pg(c->source), "select pg_current_wal_lsn()", PG_NONE, c->arena, &text, err))
        return false;
    *ret = pg_lsn_parse(text, &now) && now > at.applied_lsn ? (int64_t)(now - at.applied_lsn) : 0;
    return true;
}

bool cutover_catch_up(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    int64_t start = clock_us(), left = 0, keys = 0;
    do {
        if (!log_left(c, &left, err) || !backlog(c, &keys, err))
            return false;
        if (left < CLOSE_ENOUGH_BYTES) {
            buf_printf(detail, "%" PRId64 " bytes of log and %" PRId64 " lens keys are left", left, keys);
            return true;
        }
        if (!cutover_check_jobs(c, err))
            return false;
        clock_sleep_ms(100);
    } while (clock_us() - start < (int64_t)CATCH_UP_TIMEOUT_MS * 1000);
    err_set(err, ERR_TIMEOUT, "the replica is still %" PRId64 " bytes of log behind", left);
    return err_hint(err, "The source writes faster than the replica follows; look at `carryover replicate status`.");
}

/* What changes while this proof is made is left for the one in the downtime: while that is much, and becomes less, it
 * is made again. */
bool cutover_prove_rest(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    int64_t before = INT64_MAX, took = 0;
    for (int i = 0; i < REST_TRIES; i++, before = took) {
        int64_t start = clock_us();
        buf_reset(detail);
        if (!proof_delta(c->project, c->arena, false, NULL, detail, err))
            return false;
        took = clock_us() - start;
        if (took < REST_SHORT_US || took > before / 2)
            break;
    }
    return true;
}

/* --- downtime --- */

/* The source's clock against ours, so that its last commit can be compared with what happens here. */
static bool clock_offset(struct cutover *c, int64_t *ret_us, struct err *err)
{
    int64_t theirs = 0, before = clock_wall_us();
    const char *sql = "select (extract(epoch from clock_timestamp()) * 1000000)::bigint";
    if (!pg_value_i64(source_pg(c->source), sql, PG_NONE, &theirs, err))
        return false;
    *ret_us = theirs - (before + clock_wall_us()) / 2;
    return true;
}

/* A rehearsal leaves the users of the source in peace. */
static bool hook(struct cutover *c, enum setting s, const char *name, struct err *err)
{
    return c->rehearsal || steps_hook(c->home, s, name, err);
}

/* A hook that was not run counts as long as somebody says that it takes. */
static void assume(const struct cutover *c, enum setting estimate, struct buf *detail)
{
    if (c->rehearsal)
        buf_printf(detail, " assumed_us=%" PRId64, project_number(c->home, estimate) * 1000);
}

bool cutover_stop_writers(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    int64_t offset = 0;
    if (!hook(c, SETTING_HOOK_STOP, "hooks.stop_writers", err) || !clock_offset(c, &offset, err))
        return false;
    buf_printf(detail, "%s | clock_offset_us=%" PRId64,
               c->rehearsal ? "a rehearsal: the writers go on" : "no more writes are accepted", offset);
    assume(c, SETTING_HOOK_STOP_ESTIMATE, detail);
    return true;
}

bool cutover_barrier(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    uint64_t lsn = 0;
    char text[24];
    if (!source_position(c->source, &lsn, err))
        return false;
    pg_lsn_format(lsn, text);
    buf_puts(detail, text);
    return true;
}

static bool read_detail(struct cutover *c, const char *step, const char **ret, struct err *err)
{
    struct journal_step s;
    if (!journal_read(c->journal, c->run, step, c->arena, &s, err))
        return false;
    *ret = s.detail;
    return true;
}

/* In a rehearsal the source goes on, and a snapshot of it stands for silence: replication is led up to it and kept
 * there until `close`. It is held before the snapshot is taken, which has to wait for transactions of users. */
static bool fall_silent(struct cutover *c, struct err *err)
{
    for (int i = 1;; i++) {
        struct err second;
        bool held = target_hold(c->target, DRAIN_TIMEOUT_MS, err);
        if (held && source_snapshot(c->source, SNAPSHOT_TIMEOUT_MS, &c->instant, err))
            return target_hold_until(c->target, c->instant.position, DRAIN_TIMEOUT_MS, err);
        if (!target_release(c->target, &second))
            return err_wrap(err, "%s; and", second.message);
        if (!held || err->code != ERR_TIMEOUT || i == SNAPSHOT_TRIES)
            return false;
        *err = (struct err){0};
        if (!cancel_check(err))
            return false;
    }
}

bool cutover_drain(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    struct target_position at;
    const char *barrier = NULL;
    uint64_t lsn = 0;
    if (!read_detail(c, "barrier", &barrier, err))
        return false;
    if (!pg_lsn_parse(barrier, &lsn))
        return err_set(err, ERR_TARGET_STATE, "the journal has no position of the barrier");
    if (!target_wait(c->target, lsn, DRAIN_TIMEOUT_MS, err) || !target_position(c->target, &at, err))
        return false;
    buf_printf(detail,
               "%" PRId64 " transactions were followed in all | last_commit_us=%" PRId64 " transactions=%" PRId64,
               at.transactions, at.applied_commit_us, at.transactions);
    int64_t start = clock_us();
    if (c->rehearsal && !fall_silent(c, err))
        return false;
    if (c->rehearsal)
        buf_printf(detail, " aside_us=%" PRId64, clock_us() - start);
    return true;
}

static const struct source_snapshot *silence(const struct cutover *c)
{
    return c->rehearsal ? &c->instant : NULL;
}

bool cutover_keyless(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    int n = 0;
    if (!replicate_copy_keyless(&c->replicate, silence(c), &n, err))
        return false;
    buf_printf(detail, "tables without key: %d", n);
    return true;
}

/* Somebody may have a table locked: that is said at once, because users wait. */
static bool tell_blockers(struct cutover *c, struct buf *ret, struct err *err)
{
    buf_reset(ret);
    if (!blockers_describe(c->target, ret, err))
        return false;
    if (ret->n)
        log_warn("cutover.blocked", "the target waits for %s", ret->p);
    return true;
}

bool cutover_reload(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    int64_t start = clock_us(), left = 0, first = -1;
    SCOPED_BUF blockers = {0};
    for (int round = 1;; round++) {
        if (!backlog(c, &left, err))
            return false;
        first = first < 0 ? left : first;
        if (left == 0)
            break;
        if (round % 100 == 0 && !cutover_check_jobs(c, err))
            return false;
        if (round % BLOCKED_ROUNDS == 0 && !tell_blockers(c, &blockers, err))
            return false;
        if (clock_us() - start > (int64_t)DRAIN_TIMEOUT_MS * 1000)
            return err_set(err, ERR_TIMEOUT, "%" PRId64 " lens keys are still to be brought up%s%s", left,
                           blockers.n ? "; the target waits for " : "", buf_text(&blockers));
        clock_sleep_ms(LOOK_MS);
    }
    buf_printf(detail, "lens keys that waited: %" PRId64, first);
    return true;
}

bool cutover_verify(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    SCOPED_BUF lenses = {0};
    return check_lenses(c, &lenses, err) && proof_delta(c->project, c->arena, true, silence(c), detail, err);
}

/* From here until the target is live nobody else may replicate or upgrade: this session holds their locks. */
static bool keep_out(struct cutover *c, struct err *err)
{
    return target_lock(c->target, TARGET_JOB_REPLICATE, err) && target_lock(c->target, TARGET_JOB_UPGRADE, err);
}

/* What was proven is worth nothing if the source went on after it: a run may be resumed hours later, and a hook may
 * have overlooked a writer. */
static bool check_silent(struct cutover *c, struct err *err)
{
    struct target_position at;
    int64_t late = 0;
    if (!target_position(c->target, &at, err) || !source_changed_since(c->source, at.applied_lsn, &late, err))
        return false;
    if (late == 0 || c->rehearsal)
        return true;
    err_set(err, ERR_GUARD, "the source accepted %" PRId64 " changes after the last one that was applied", late);
    return err_hint(err,
                    "Give this cutover up with `carryover cutover abort`, find out who still writes, and begin again.");
}

static bool check_fresh(struct cutover *c, struct err *err)
{
    int64_t left = 0;
    if (!backlog(c, &left, err))
        return false;
    return left == 0 ||
           err_set(err, ERR_GUARD, "%" PRId64 " lens keys were not brought up when the upgrade stopped", left);
}

/* Somebody may have started replication and ended it again since `close`: what it applied was never proven. */
static bool check_position(struct cutover *c, struct err *err)
{
    struct target_position at;
    const char *closed = NULL;
    if (!read_detail(c, "close", &closed, err) || !target_position(c->target, &at, err))
        return false;
    int64_t applied = summary_number(closed, "applied");
    if (applied == 0 || (uint64_t)applied == at.applied_lsn)
        return true;
    err_set(err, ERR_GUARD, "the replica went on after replication was ended for the cutover");
    return err_hint(err,
                    "Give this cutover up with `carryover cutover abort`, find out who started it, and begin again.");
}

bool cutover_keep_still(struct cutover *c, struct err *err)
{
    return keep_out(c, err) && check_silent(c, err) && check_position(c, err) && check_fresh(c, err);
}

bool cutover_close(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    SCOPED_BUF lenses = {0};
    struct target_position at;
    pid_t replicate = 0, upgrade = 0;
    if (!job_stop(c->project, UPGRADE_JOB, &upgrade, err) || !job_stop(c->project, REPLICATION_JOB, &replicate, err) ||
        !keep_out(c, err) || !check_silent(c, err) || !check_fresh(c, err) || !check_lenses(c, &lenses, err) ||
        !target_position(c->target, &at, err))
        return false;
    buf_printf(detail, "%s | applied=%" PRIu64,
               c->rehearsal ? "replication and upgrade of the rehearsal are stopped"
                            : "replication and upgrade are stopped, the source is silent",
               at.applied_lsn);
    return true;
}

/* A real write to a table of version N, taken back. */
static bool probe_write(struct cutover *c, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_puts(&sql, "begin; ");
    if (c->package->n_homes) {
        const char *table = pg_qualified(c->arena, TARGET_NEW, c->package->homes[0].table);
        buf_printf(&sql, "insert into %s select * from %s limit 0; ", table, table);
    }
    buf_puts(&sql, "create table " TARGET_NEW ".\"carryover probe\" (i int); insert into " TARGET_NEW
                   ".\"carryover probe\" values (1); rollback");
    return pg_exec(c->target, sql.p, err) || err_wrap(err, "a first write to the new database");
}

/* The last look before users come. */
bool cutover_smoke(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    return smoke_run(c->project, NULL, c->arena, detail, err);
}

/* On a copy it is asked for the time that it takes: what is open in the night is not known yet. */
static bool pass_gate(struct cutover *c, struct err *err)
{
    if (gate_check(c->project, c->arena, GATE_OPEN, err))
        return true;
    if (!c->rehearsal || err->code != ERR_GATE)
        return false;
    *err = (struct err){0};
    return true;
}

bool cutover_open(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    if (!cutover_keep_still(c, err) || !pass_gate(c, err) || !target_set_live(c->target, true, err) ||
        !hook(c, SETTING_HOOK_OPEN, "hooks.open", err) || !probe_write(c, err))
        return false;
    buf_printf(detail, "%s | first_write_us=%" PRId64,
               c->rehearsal ? "a rehearsal: nobody was let in" : "users may come", clock_wall_us());
    return true;
}

/* --- back --- */

/* The final scripts changed rows that no lens knows of: every table is made anew when the upgrade goes on. */
bool cutover_forget_final(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    const char *sql = "insert into carryover.lens_stale select direction, name from carryover.lens";
    if (!pg_begin(c->target, err) || !pg_exec(c->target, sql, err) || !ledger_forget(c->target, SCRIPT_FINAL, err) ||
        !pg_commit(c->target, err)) {
        pg_rollback(c->target);
        return false;
    }
    buf_puts(detail, "the upgrade will make every table of version N anew");
    return true;
}

bool cutover_resume_writers(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    buf_puts(detail, "the source is in use again");
    return hook(c, SETTING_HOOK_RESUME, "hooks.resume_writers", err);
}

bool cutover_refuse_undo(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    buf_puts(detail, "nobody was let in");
    return target_check_not_live(c->target, err);
}
