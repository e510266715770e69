#include "store/sync.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "store/bundle.h"
#include "store/fetch.h"
#include "store/patience.h"
#include "store/report.h"
#include <unistd.h>

#define CONNECT_MS 10000
#define STALL_MS 60000
#define PREPARING_US INT64_C(60000000) /* how long one round waits while headquarters makes packages */
#define RETRY_FIRST_MS 1000
#define RETRY_MOST_MS 300000

/* One direction: when it is its turn, and how often it has failed. */
struct lane {
    const char *name; /* of its note */
    struct patience patience;
    int64_t next_us;
};

struct round {
    struct channel *c;
    struct hq *h;
    struct sync_opts o;
    struct sync_result *result;
    struct lane up, down;
    struct report report;
};

static bool upload_all(struct round *r, struct err *err)
{
    struct send_result one = {.sent = true};
    while (one.sent) {
        if (!cancel_check(err) || !send_next(r->c, r->h, &r->o.upload, &one, err))
            return false;
        r->result->uploads += one.sent;
        r->result->transactions += one.transactions;
    }
    return true;
}

static bool download_all(struct round *r, int *ret_poll_s, struct err *err)
{
    struct fetch_result one = {.applied = true};
    int64_t patient_until_us = clock_us() + (r->o.every_ms ? 0 : PREPARING_US);
    while (one.applied || (one.preparing && clock_us() < patient_until_us)) {
        if (!one.applied)
            (void)patience_wait(MAX(one.poll_after_s, 1) * 1000);
        if (!cancel_check(err) || !fetch_next(r->c, r->h, &one, err))
            return false;
        r->result->packages += one.applied;
    }
    *ret_poll_s = one.poll_after_s;
    return true;
}

/* What `carryover store status` shows; when the disk is full there is no room for it, and that is no further failure.
 */
static void note(struct channel *c, const char *name, const char *text)
{
    struct err ignored;
    if (!channel_note(c, name, text, &ignored))
        log_debug("store.note", "%s", ignored.message);
}

static void note_now(struct channel *c, const char *name)
{
    char now[32];
    clock_iso(clock_wall_us(), now);
    note(c, name, now);
}

static void settle(struct round *r, struct lane *lane, bool ok, int wait_s, const struct err *err)
{
    SCOPED_BUF text = {0};
    if (!ok && err->code == ERR_INTERRUPTED)
        return;
    if (ok || (err->code != ERR_HQ_CONNECT && err->code != ERR_HQ_TRUST && err->code != ERR_DISK_FULL))
        note_now(r->c, "last-contact");
    if (ok) {
        patience_reset(&lane->patience);
        lane->next_us = clock_us() + MAX((int64_t)r->o.every_ms, (int64_t)wait_s * 1000) * 1000;
        note(r->c, lane->name, "");
        return;
    }
    int wait_ms = patience_ms(&lane->patience, hq_wait_s(r->h));
    lane->next_us = clock_us() + (int64_t)wait_ms * 1000;
    buf_printf(&text, "[%s] %s", err_info(err->code)->name, err->message);
    note(r->c, lane->name, text.p);
    if (r->o.every_ms)
        log_warn("store.failed", "[%s] %s; next try in %d s", err_info(err->code)->name, err->message,
                 (wait_ms + 999) / 1000);
}

static bool is_offline(const struct err *err)
{
    return err->code == ERR_HQ_CONNECT || err->code == ERR_HQ_TRUST || err->code == ERR_INTERRUPTED;
}

/* Both directions when it is their turn; the first failure is the result. */
static bool one_round(struct round *r, struct err *err)
{
    struct err down_err;
    int poll_s = 0;
    bool up = true, down = true, offline = false;
    if (clock_us() >= r->up.next_us) {
        up = upload_all(r, err);
        offline = !up && is_offline(err);
        settle(r, &r->up, up, 0, err);
        if (offline)
            r->down.next_us = MAX(r->down.next_us, r->up.next_us);
    }
    if (!offline && clock_us() >= r->down.next_us) {
        down = download_all(r, &poll_s, &down_err);
        settle(r, &r->down, down, poll_s, &down_err);
        if (!down && up)
            *err = down_err;
    }
    return up && down && (offline || report_send(&r->report, r->c, r->h, err));
}

static bool run_rounds(struct round *r, struct err *err)
{
    while (!cancel_requested()) {
        (void)one_round(r, err);
        int64_t next = MIN(r->up.next_us, r->down.next_us), now = clock_us();
        if (next > now)
            (void)patience_wait((int)MIN((next - now) / 1000 + 1, 3600000));
    }
    return true;
}

bool sync_run(struct channel *c, const struct sync_opts *o, struct sync_result *ret, struct err *err)
{
    SCOPED_SECRET secret = {{0}};
    SCOPED(hq) h = NULL;
    struct client_opts client = {c->url, c->ca, CONNECT_MS, STALL_MS};
    uint64_t seed = (uint64_t)clock_wall_us() ^ (uint64_t)getpid() << 40;
    *ret = (struct sync_result){0};
    if (!channel_lock(c, "sync", err) || !bundle_tidy(c, err) || !channel_secret(c, &secret, err) ||
        !hq_new(&client, c->id, &secret, &h, err))
        return false;
    struct round r = {.c = c,
                      .h = h,
                      .o = *o,
                      .result = ret,
                      .up = {"upload-error", patience_new(RETRY_FIRST_MS, RETRY_MOST_MS, seed), 0},
                      .down = {"download-error", patience_new(RETRY_FIRST_MS, RETRY_MOST_MS, seed + 1), 0}};
    SCOPED(arena) reports = arena_new();
    r.report.a = reports;
    bool ok = o->every_ms ? run_rounds(&r, err) : one_round(&r, err);
    hq_close(h);
    return ok;
}
