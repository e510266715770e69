#include "cmd/task.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "cmd/cutover_steps.h"
#include "net/client.h"

#define LOOK_MS 200
#define CONNECT_MS 10000
#define ANSWER_BYTES 65536
#define REST_MOST_MS 30000
#define SAID_BYTES 200

/* --- shell --- */

/* Locals are copied: several threads do tasks, and an arena belongs to one. */
static bool shell(struct cutover *c, const struct task *t, const char *what, const char *command, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *logs = arena_printf(a, "%s/logs", project_dir(c->home));
    char *const env[] = {arena_printf(a, "CARRYOVER_PROJECT=%s", project_dir(c->home)),
                         arena_printf(a, "CARRYOVER_STEP=%s", t->name),
                         arena_printf(a, "CARRYOVER_REHEARSAL=%d", c->rehearsal), NULL};
    struct proc_opts o = {.log = arena_printf(a, "%s/step-%" PRId64 "-%s.log", logs, c->run, t->name),
                          .dir = t->dir,
                          .env = env,
                          .timeout_ms = (int)MIN(t->timeout_ms, INT32_MAX),
                          .dies_with_us = true};
    if (!file_make_dirs(logs, err))
        return false;
    return proc_shell(command, &o, NULL, err) || err_wrap(err, "%s of %s (%s), log %s", what, t->name, t->place, o.log);
}

/* --- HTTP --- */

/* The address without its path, and the path. */
static const char *split_url(const char *url, struct arena *a, const char **ret_path)
{
    const char *host = strstr(url, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;
    *ret_path = path ? path : "/";
    return path ? arena_printf(a, "%.*s", (int)(path - url), url) : url;
}

static bool request(const struct task *t, struct buf *detail, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(client) client = NULL;
    SCOPED_CLIENT_ANSWER answer = {0};
    const char *path = NULL;
    struct client_opts o = {split_url(t->url, a, &path), "", CONNECT_MS, (int)MIN(t->timeout_ms, INT32_MAX)};
    struct client_request r = {.method = t->method, .target = path, .answer_max = ANSWER_BYTES};
    if (t->body[0]) {
        r.type = "application/json";
        r.body = str_of(t->body);
    }
    if (!client_new(&o, &client, err) || !client_send(client, &r, &answer, err))
        return err_wrap(err, "%s (%s)", t->name, t->place);
    if (answer.status != t->expect)
        return err_set(err, ERR_COMMAND_FAILED, "%s (%s): %s answered with status %d instead of %d: %.*s", t->name,
                       t->place, t->shown, answer.status, t->expect, SAID_BYTES, buf_text(&answer.body));
    buf_printf(detail, "%s answered with status %d", t->shown, answer.status);
    return true;
}

/* --- people --- */

static bool confirmation(struct cutover *c, const struct task *t, struct buf *detail, bool *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct journal_event *events = NULL;
    size_t n = 0;
    *ret = false;
    if (!journal_events(c->journal, c->run, t->name, a, &events, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(events[i].event, "undone") == 0)
            *ret = false;
        if (strcmp(events[i].event, "confirmed") != 0)
            continue;
        *ret = true;
        buf_reset(detail);
        buf_puts(detail, events[i].detail);
    }
    return true;
}

/* Nobody waits for somebody while the night has failed elsewhere. */
static bool go_on_waiting(struct crew *crew, struct err *err)
{
    if (!cancel_check(err))
        return false;
    return !crew_stopping(crew) || err_set(err, ERR_INTERRUPTED, "another step failed meanwhile");
}

static bool wait_for_person(struct cutover *c, struct crew *crew, const struct task *t, struct buf *detail,
                            struct err *err)
{
    bool confirmed = false;
    int64_t start = clock_us();
    log_warn("step.waits", "%s waits for %s: %s", t->name, t->owner, t->run);
    log_warn("step.waits", "when it is done: carryover cutover confirm %s --by NAME", t->name);
    for (;;) {
        if (!confirmation(c, t, detail, &confirmed, err))
            return false;
        if (confirmed)
            return true;
        if (!go_on_waiting(crew, err))
            return false;
        if (clock_us() - start > t->timeout_ms * 1000) {
            err_set(err, ERR_TIMEOUT, "nobody confirmed %s within %" PRId64 " s: %s", t->name, t->timeout_ms / 1000,
                    t->run);
            return err_hint(err,
                            "When it is done: `carryover cutover confirm %s --by NAME`, then `carryover cutover "
                            "resume --yes`.",
                            t->name);
        }
        clock_sleep_ms(LOOK_MS);
    }
}

/* --- all kinds --- */

static bool act(struct cutover *c, struct crew *crew, const struct task *t, struct buf *detail, struct err *err)
{
    switch (t->kind) {
    case TASK_SHELL:
        return shell(c, t, "the command", t->run, err);
    case TASK_HTTP:
        return request(t, detail, err);
    case TASK_MANUAL:
        return wait_for_person(c, crew, t, detail, err);
    }
    abort();
}

static bool act_and_check(struct cutover *c, struct crew *crew, const struct task *t, struct buf *detail,
                          struct err *err)
{
    buf_reset(detail);
    return act(c, crew, t, detail, err) && (!t->check[0] || shell(c, t, "the check", t->check, err));
}

static bool rest(struct crew *crew, int attempt, struct err *err)
{
    int ms = MIN(1000 << MIN(attempt, 5), REST_MOST_MS);
    for (; ms > 0; ms -= LOOK_MS) {
        if (!go_on_waiting(crew, err))
            return false;
        clock_sleep_ms(LOOK_MS);
    }
    return true;
}

/* An attempt that failed, or was killed, may have come to its end all the same. */
static bool was_done(struct cutover *c, const struct task *t, struct buf *detail)
{
    struct err why;
    if (!t->check[0] || !shell(c, t, "the check", t->check, &why))
        return false;
    buf_reset(detail);
    buf_puts(detail, "its check says that it is done");
    return true;
}

bool task_perform(void *ctx, struct crew *crew, const struct task *t, int attempt, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    if (c->rehearsal && !t->rehearse) {
        buf_printf(detail, "not rehearsed | assumed_us=%" PRId64, t->estimate_ms * 1000);
        return true;
    }
    if (attempt > 1 && was_done(c, t, detail))
        return true;
    for (int i = 0; !act_and_check(c, crew, t, detail, err); i++) {
        if (i == t->retries || err->code == ERR_INTERRUPTED)
            return false;
        log_warn("step.again", "%s failed and is tried again, %d of %d: %s", t->name, i + 1, t->retries, err->message);
        struct err stop;
        if (!rest(crew, i, &stop)) {
            *err = stop;
            return false;
        }
        if (was_done(c, t, detail))
            break;
    }
    return true;
}

bool task_revert(void *ctx, const struct task *t, struct buf *detail, struct err *err)
{
    struct cutover *c = ctx;
    (void)detail;
    return c->rehearsal || shell(c, t, "the undo", t->undo, err);
}
