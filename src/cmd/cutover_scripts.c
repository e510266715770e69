#include "base/clock.h"
#include "base/log.h"
#include "cmd/cutover_steps.h"
#include "cmd/operator.h"
#include "cmd/script_set.h"
#include "cmd/snapshot.h"
#include "db/target.h"

/* --- the copy for the way back --- */

/* Nobody may be connected while the target is copied; the locks are taken again, and what was proven must still be
 * there. */
static bool copy_target(struct cutover *c, struct err *err)
{
    struct err second;
    const char *uri = c->replicate.target_uri;
    cutover_disconnect(c);
    bool ok = snapshot_take(uri, err);
    return cutover_connect(c, ok ? err : &second) && ok;
}

bool cutover_snapshot(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    struct target_position before, after;
    int64_t bytes = 0, start = clock_us();
    char took[32];
    if (!cutover_keep_still(c, err) || !target_position(c->target, &before, err) || !copy_target(c, err) ||
        !cutover_keep_still(c, err) || !target_position(c->target, &after, err) ||
        !pg_value_i64(c->target, "select pg_database_size(current_database())", PG_NONE, &bytes, err))
        return false;
    if (before.applied_lsn != after.applied_lsn)
        return err_set(err, ERR_GUARD, "somebody has replicated into the target while it was copied");
    clock_human(clock_us() - start, took);
    buf_printf(detail, "%" PRId64 " MB are copied in %s", bytes >> 20, took);
    return true;
}

bool cutover_restore(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    bool restored = false;
    const char *uri = c->replicate.target_uri;
    cutover_disconnect(c);
    if (!snapshot_restore(uri, &restored, err) || !cutover_connect(c, err))
        return false;
    buf_puts(detail, restored ? "the target is again as it was before the scripts" : "nothing had changed since");
    return true;
}

bool cutover_drop_snapshot(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    buf_puts(detail, "the copy of the target is dropped");
    char *identity = NULL;
    return target_identity(c->target, c->arena, &identity, err) &&
           snapshot_drop(c->replicate.target_uri, identity, err) &&
           pg_exec(c->target, "drop table if exists carryover.snapshot", err);
}

/* --- scripts --- */

static bool run(struct cutover *c, enum script_phase phase, struct buf *detail, struct err *err)
{
    struct script_set_run s = {.package = c->package,
                               .target = c->target,
                               .uri = c->replicate.target_uri,
                               .who = operator_name(c->arena),
                               .workers = c->replicate.workers,
                               .journal = c->journal,
                               .run = c->run};
    return cutover_keep_still(c, err) && script_set_run(&s, phase, NULL, detail, err);
}

bool cutover_pre_sync(void *ctx, struct buf *detail, struct err *err)
{
    return run(ctx, SCRIPT_PRE_SYNC, detail, err);
}

bool cutover_sync(void *ctx, struct buf *detail, struct err *err)
{
    return run(ctx, SCRIPT_SYNC, detail, err);
}

bool cutover_post_sync(void *ctx, struct buf *detail, struct err *err)
{
    return run(ctx, SCRIPT_POST_SYNC, detail, err);
}

bool cutover_final(void *ctx, struct buf *detail, struct err *err)
{
    return run(ctx, SCRIPT_FINAL, detail, err);
}

/* The step `snapshot`, which is undone after this one, brings back what the scripts changed. Without it the target
 * stays as it is, and the next cutover refuses it. */
bool cutover_forget_scripts(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    struct journal_step s;
    if (!journal_read(c->journal, c->run, "snapshot", c->arena, &s, err))
        return false;
    if (s.started && !s.skipped) {
        buf_puts(detail, "the snapshot has the target as it was");
        return true;
    }
    log_warn("undo.changed", "there is no snapshot: the target stays as the scripts have left it");
    buf_puts(detail, "the target stays changed: before another cutover `carryover replicate reset --yes`");
    return true;
}
