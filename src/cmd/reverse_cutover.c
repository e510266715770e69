#include "base/clock.h"
#include "cmd/cutover_steps.h"
#include "cmd/open.h"
#include "cmd/reverse_losses.h"

#define JOBS_BACK_MS 60000 /* until replication and upgrade have come back after a restart of the private server */
#define LOOK_MS 100
#define ASSUMED_US 2000000 /* of the step, which a rehearsal does not do */

static bool wait_for_jobs(struct cutover *c, struct err *err)
{
    int64_t start = clock_us();
    while (!cutover_check_jobs(c, err)) {
        if ((err->code != ERR_NOT_FOLLOWING && err->code != ERR_TARGET_STATE) ||
            clock_us() - start > (int64_t)JOBS_BACK_MS * 1000)
            return false;
        *err = (struct err){0};
        clock_sleep_ms(LOOK_MS);
    }
    return true;
}

/* A private server that writes as little log as it can is started anew before the downtime; its sessions come back. */
static bool follow_private(struct cutover *c, struct err *err)
{
    if (!open_is_embedded(c->project, OPEN_TARGET))
        return true;
    cutover_disconnect(c);
    return open_follow_target(c->project, err) && cutover_connect(c, err) && wait_for_jobs(c, err);
}

/* In a rehearsal the copy is on the server of the target, which is left as it is. */
bool cutover_check_reverse(struct cutover *c, struct buf *detail, struct err *err)
{
    SCOPED_REVERSING r = {0};
    if (!project_flag(c->home, SETTING_REVERSE))
        return true;
    if (c->package->down.n == 0)
        return err_set(err, ERR_PACKAGE, "cutover.reverse is on, but the package %s has no down lenses",
                       c->package->name);
    if (!c->rehearsal && !follow_private(c, err))
        return false;
    if (!reversing_init(c->home, c->arena, &r, err) || !reversing_connect(&r, err))
        return false;
    reverse_losses_put_columns(&r, detail);
    return (c->rehearsal && open_is_embedded(c->home, OPEN_TARGET)) || reverse_check(&r, detail, err);
}

bool cutover_reverse(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    SCOPED_REVERSING r = {0};
    if (c->rehearsal) {
        buf_printf(detail, "a rehearsal: the old headquarters is left as it is | assumed_us=%d", ASSUMED_US);
        return true;
    }
    if (!cutover_keep_still(c, err) || !reversing_init(c->project, c->arena, &r, err) || !reversing_connect(&r, err) ||
        !reverse_adopt(&r, err) || !written_note(r.target, REVERSE_BASELINE, err) || !reverse_note_proven(&r, err))
        return false;
    buf_puts(detail, "the old headquarters can follow: `carryover n1 keep` and `carryover reverse start`");
    return true;
}

bool cutover_end_reverse(void *ctx, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    SCOPED_REVERSING r = {0};
    bool any = false;
    if (c->rehearsal)
        return true;
    buf_puts(detail, "nothing of the reverse feed is left");
    return reversing_init(c->project, c->arena, &r, err) && reversing_connect(&r, err) &&
           reverse_release(&r, &any, err);
}
