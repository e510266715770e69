#include "replicate/follow.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"
#include "db/target.h"
#include "replicate/apply.h"
#include <stdatomic.h>

#define WAIT_MS 5      /* for a message, before looking around */
#define CONTROL_MS 20  /* between two looks at the control row */
#define ADVANCE_MS 500 /* between two notes that nothing happened */
#define WATCH_MS 1000
#define RETENTION_MS 10000 /* between two looks at the log that the source keeps for us */
#define RECEIVER 0
#define BATCHES 2
#define BATCH_MAX ((size_t)1 << 30)

/* What the control row asks for. */
struct wish {
    bool hold;
    uint64_t until; /* 0: stand still here */
    uint64_t awaited;
    bool told; /* the row already says that we stand still */
};

struct follow {
    struct source *source;
    const struct plan *plan;
    const struct follow_opts *opts;
    struct queue *ready, *empty; /* batches to apply, and applied ones */
    atomic_uint_fast64_t applied;
    atomic_uint_fast64_t source_end;
    atomic_int in_flight; /* batches handed over and not yet applied */
    /* the receiver's own */
    struct pg *control;
    struct source_stream *stream;
    struct fold *batch;
    struct wish wish;
    bool in_transaction;
    bool stalled;         /* a BEGIN behind the wished position, or the end, was read: nothing more may be */
    uint64_t begin;       /* commit position of the transaction that is being read */
    uint64_t handed_over; /* position of the last batch that was handed over */
    int64_t control_us, advance_us, watch_us, retention_us, total;
};

/* -- handing over -- */

/* A batch may take longer than the source waits for a sign of life. */
static struct fold *wait_for_empty(struct follow *f)
{
    struct err ignored;
    struct fold *b = NULL;
    while (!(b = queue_take(f->empty, 200)) && !queue_closed(f->empty))
        if (!source_acknowledge(f->stream, atomic_load(&f->applied), &ignored))
            log_debug("replicate.acknowledge", "%s", ignored.message);
    return b;
}

static void hand_over(struct follow *f, bool open)
{
    struct fold *full = f->batch;
    full->open = open;
    atomic_fetch_add(&f->in_flight, 1);
    f->handed_over = MAX(f->handed_over, full->position);
    f->advance_us = clock_us();
    f->total += full->transactions;
    uint64_t position = full->position;
    int64_t commit_us = full->commit_us;
    f->batch = NULL;
    if (!queue_put(f->ready, full)) {
        fold_free(full);
        return;
    }
    f->batch = wait_for_empty(f);
    if (!f->batch)
        return;
    fold_reset(f->batch);
    f->batch->position = position;
    f->batch->commit_us = commit_us;
}

static bool idle(struct follow *f)
{
    return atomic_load(&f->in_flight) == 0;
}

/* The end of this run is read. A batch never goes beyond it: before and behind it other rules hold. */
static bool at_end(const struct follow *f)
{
    return f->opts->until && f->batch->position >= f->opts->until;
}

/* An empty batch only moves the position; it goes out seldom, unless somebody waits for it. */
static bool worth_it(const struct follow *f)
{
    if (f->batch->changes || f->batch->transactions)
        return true;
    if (f->batch->position <= f->handed_over)
        return false;
    bool waited_for = (f->wish.awaited > f->handed_over && f->batch->position >= f->wish.awaited) || at_end(f);
    return waited_for || clock_us() - f->advance_us > ADVANCE_MS * 1000;
}

static void hand_over_if_idle(struct follow *f)
{
    if (!f->in_transaction && idle(f) && worth_it(f))
        hand_over(f, false);
}

/* -- the control row -- */

static uint64_t lsn_or_zero(const PGresult *r, int column)
{
    uint64_t lsn = 0;
    return pg_lsn_parse(pg_text(r, 0, column), &lsn) ? lsn : 0;
}

static bool read_wish(struct follow *f, struct err *err)
{
    SCOPED_RESULT r = NULL;
    /* The function and not the view pg_stat_activity, whose joins would cost more than all the rest of it. */
    const char *sql =
        "select hold and exists (select from pg_stat_get_activity(coalesce(hold_by, 0))), hold_until, awaited, held"
        " from carryover.control";
    f->control_us = clock_us();
    if (!pg_query(f->control, sql, PG_NONE, &r, err))
        return false;
    f->wish = (struct wish){pg_bool(r, 0, 0), lsn_or_zero(r, 1), lsn_or_zero(r, 2), pg_bool(r, 0, 3)};
    if (!f->wish.hold || f->begin < f->wish.until)
        f->stalled = false;
    return true;
}

/* Everything that the wish allows is applied: say so. */
static bool tell_held(struct follow *f, struct err *err)
{
    char at[24];
    pg_lsn_format(f->wish.until ? f->wish.until : atomic_load(&f->applied), at);
    f->wish.told = true;
    const char *sql = "update carryover.control set held = true, held_at = $1::pg_lsn where hold and"
                      " hold_until is not distinct from nullif($2, '')::pg_lsn";
    return pg_run(f->control, sql, PG_ARGS(at, f->wish.until ? at : ""), NULL, err);
}

/* True when nothing more may be read for now. */
static bool standing(const struct follow *f)
{
    if (f->in_transaction)
        return false;
    if (at_end(f))
        return true;
    return f->wish.hold && (f->wish.until == 0 || f->stalled || f->batch->position >= f->wish.until);
}

static bool stand_still(struct follow *f, struct err *err)
{
    hand_over_if_idle(f);
    bool done = idle(f) && !f->batch->changes && !f->batch->transactions;
    if (done && f->wish.hold && !f->wish.told && !tell_held(f, err))
        return false;
    clock_sleep_ms(1);
    return true;
}

/* -- receiving -- */

/* The rows of a table that was copied in one snapshot already hold whatever committed before it. */
static bool already_copied(const struct follow *f, const struct table *t)
{
    return f->begin < f->plan->copied_at[t->number];
}

static bool is_full(const struct follow *f)
{
    return fold_size(f->batch) > MIN(f->opts->batch_bytes, BATCH_MAX);
}

static void take_row(struct follow *f, const struct change *c)
{
    if (already_copied(f, c->table))
        return;
    fold_add(f->batch, c);
    if (is_full(f))
        hand_over(f, true);
}

static void take_begin(struct follow *f, const struct change *c)
{
    bool behind_end = f->opts->until && c->position >= f->opts->until;
    f->begin = c->position;
    /* Its rows stay in the socket until the wish is withdrawn. */
    f->stalled = behind_end || (f->wish.hold && f->wish.until && c->position >= f->wish.until);
    f->in_transaction = !f->stalled;
    if (behind_end)
        f->batch->position = MAX(f->batch->position, f->opts->until);
    else
        f->batch->commit_us = c->commit_us;
}

static void take_commit(struct follow *f, const struct change *c)
{
    f->in_transaction = false;
    f->batch->transactions++;
    f->batch->position = c->position;
    if (is_full(f))
        hand_over(f, false);
    else
        hand_over_if_idle(f);
}

static void take(struct follow *f, const struct change *c)
{
    switch (c->kind) {
    case CHANGE_NONE:
        break;
    case CHANGE_BEGIN:
        take_begin(f, c);
        return;
    case CHANGE_INSERT:
    case CHANGE_UPDATE:
    case CHANGE_DELETE:
    case CHANGE_TRUNCATE:
        f->in_transaction = true;
        take_row(f, c);
        return;
    case CHANGE_COMMIT:
        take_commit(f, c);
        return;
    case CHANGE_IDLE:
        f->batch->position = MAX(f->batch->position, c->position);
        break;
    }
    hand_over_if_idle(f);
}

/* -- watching -- */

static bool watch_retention(struct follow *f, struct err *err)
{
    int64_t kept = 0, limit = 0;
    if (clock_us() - f->retention_us < RETENTION_MS * 1000)
        return true;
    f->retention_us = clock_us();
    if (!source_retained(f->source, &kept, &limit, err) || !source_still_captured(f->source, f->plan->tables, err))
        return false;
    if (limit > 0 && kept > limit / 10 * 8)
        log_warn("replicate.retention",
                 "the source keeps %" PRId64 " MB of log for carryover and will drop it at %" PRId64
                 " MB (max_slot_wal_keep_size)",
                 kept >> 20, limit >> 20);
    return true;
}

static bool look_around(struct follow *f, struct err *err)
{
    int64_t now = clock_us();
    int64_t pause = f->wish.hold ? 2 : CONTROL_MS;
    if (now - f->control_us > pause * 1000 && !read_wish(f, err))
        return false;
    atomic_store(&f->source_end, source_stream_end(f->stream));
    if (f->opts->watch && now - f->watch_us > WATCH_MS * 1000) {
        f->watch_us = now;
        f->opts->watch(f->opts->ctx, atomic_load(&f->applied), source_stream_end(f->stream), f->total);
    }
    return watch_retention(f, err) && source_acknowledge(f->stream, atomic_load(&f->applied), err);
}

static bool reached(struct follow *f)
{
    return f->opts->until && atomic_load(&f->applied) >= f->opts->until;
}

static bool receive(struct follow *f, struct crew *crew, struct err *err)
{
    struct change c;
    while (f->batch && !reached(f) && !crew_stopping(crew)) {
        if (!look_around(f, err))
            return false;
        if (standing(f)) {
            if (!stand_still(f, err))
                return false;
            continue;
        }
        for (int i = 0; i < 256 && f->batch && !standing(f); i++) {
            if (!source_next(f->stream, WAIT_MS, &c, err))
                return false;
            take(f, &c);
            if (c.kind == CHANGE_NONE)
                break;
        }
    }
    return true;
}

/* -- applying -- */

static bool apply_one(struct follow *f, struct apply *ap, struct fold *batch, struct err *err)
{
    if (!apply_batch(ap, batch, atomic_load(&f->source_end), err))
        return false;
    if (!batch->open)
        atomic_store(&f->applied, MAX(atomic_load(&f->applied), batch->position));
    atomic_fetch_sub(&f->in_flight, 1);
    return true;
}

/* The source forgets what we acknowledge: what we applied must survive a crash of the target by then. */
static bool apply_ready(struct follow *f, struct crew *crew, struct err *err)
{
    struct fold *batch;
    SCOPED(pg) target = NULL;
    SCOPED(apply) ap = NULL;
    if (!pg_open(f->opts->target_uri, "target", &target, err) || !target_cheapen_log(target, err) ||
        !pg_exec(target,
                 "set work_mem = '64MB'; set jit = off; set synchronous_commit = on;"
                 " set join_collapse_limit = 20; set from_collapse_limit = 20",
                 err))
        return false;
    ap = apply_new(target, &(struct apply_opts){.tables = f->plan->tables,
                                                .binary = f->plan->binary,
                                                .from = f->opts->from,
                                                .consistent_lsn = f->plan->consistent_lsn});
    while ((batch = queue_take(f->ready, 100)) || !queue_closed(f->ready)) {
        if (!batch)
            continue;
        bool ok = crew_stopping(crew) || apply_one(f, ap, batch, err);
        if (!queue_put(f->empty, batch))
            fold_free(batch);
        if (!ok || crew_stopping(crew))
            return ok;
    }
    return true;
}

static bool member(struct crew *crew, void *ctx, int number, struct err *err)
{
    struct follow *f = ctx;
    bool ok = number == RECEIVER ? receive(f, crew, err) : apply_ready(f, crew, err);
    queue_close(f->ready);
    queue_close(f->empty);
    return ok;
}

static void free_batches(struct follow *f)
{
    struct fold *b;
    fold_free(f->batch);
    while ((b = queue_take(f->ready, 0)))
        fold_free(b);
    while ((b = queue_take(f->empty, 0)))
        fold_free(b);
    queue_free(f->ready);
    queue_free(f->empty);
}

bool follow_run(struct source *s, const struct plan *p, const struct follow_opts *o, struct err *err)
{
    struct follow f = {.source = s, .plan = p, .opts = o, .handed_over = o->from};
    atomic_store(&f.applied, o->from);
    f.ready = queue_new(BATCHES);
    f.empty = queue_new(BATCHES);
    f.batch = fold_new(p->tables);
    f.batch->position = o->from;
    bool ok = queue_put(f.empty, fold_new(p->tables)) && pg_open(o->target_uri, "target", &f.control, err) &&
              source_stream_open(s, p->tables, o->from, p->binary, &f.stream, err) && crew_run(2, member, &f, err);
    if (ok && f.stream && !source_acknowledge(f.stream, atomic_load(&f.applied), err))
        ok = false;
    source_stream_free(f.stream);
    pg_free(f.control);
    free_batches(&f);
    return ok && (reached(&f) || cancel_check(err));
}
