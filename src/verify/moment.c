#include "verify/moment.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "db/target.h"
#include <stdlib.h>

#define SETTLE_POLL_MS 10
#define SNAPSHOT_TRIES 6 /* replication goes on between them */
#define BUSY_POLL_MS 200

struct moment {
    struct moment_opts opts;
    struct arena *arena;
    struct pg *keeper;              /* owns the target's snapshot */
    struct pg **targets;            /* by worker */
    struct source_reader **sources; /* by worker; one more keeps the snapshot of a silent source */
    struct source_snapshot at_source;
    char *at_target, *xids;
    bool live, blocked; /* blocked: the source's snapshot waits for old transactions */
    uint64_t position;
    int64_t held_us;
};

/* Estimates of views and of many keys are poor; compiling for them is not worth it. */
static const char target_session[] = "set lc_monetary = 'C'; set jit = off; set work_mem = '64MB'";
static const char source_session[] = "set lc_monetary = 'C'; set enable_seqscan = on";

static bool check_state(struct moment *m, struct err *err)
{
    struct target_position at;
    if (!target_position(m->keeper, &at, err))
        return false;
    if (!at.exists) {
        err_set(err, ERR_TARGET_STATE, "there is no replica in the target yet");
        return err_hint(err, "run `carryover replicate start` first");
    }
    if (strcmp(at.state, "following") != 0) {
        err_set(err, ERR_TARGET_STATE, "the replica is not whole yet: replication is at %s", at.state);
        return err_hint(err, "wait until `carryover replicate status` says following");
    }
    m->position = at.applied_lsn;
    return target_locked(m->keeper, TARGET_JOB_REPLICATE, &m->live, err);
}

static bool export_target(struct moment *m, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_exec(m->keeper, "begin isolation level repeatable read", err) ||
        !pg_query(m->keeper, "select pg_export_snapshot(), pg_current_snapshot()", PG_NONE, &r, err))
        return false;
    m->at_target = arena_dup(m->arena, pg_text(r, 0, 0));
    m->xids = arena_dup(m->arena, pg_text(r, 0, 1));
    return true;
}

/* -- while replication runs -- */

static bool settle(struct moment *m, struct pg *control, struct err *err)
{
    int64_t end = clock_us() + (int64_t)m->opts.settle_timeout_ms * 1000;
    bool settled = m->opts.settled == NULL;
    while (!settled) {
        if (!m->opts.settled(m->opts.ctx, control, &settled, err))
            return false;
        if (settled || clock_us() > end)
            return true;
        clock_sleep_ms(SETTLE_POLL_MS);
    }
    return true;
}

static bool read_held_at(struct moment *m, struct pg *control, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *text = NULL;
    if (!pg_value(control, "select held_at from carryover.control where hold and held", PG_NONE, a, &text, err))
        return false;
    return (text && pg_lsn_parse(text, &m->position)) ||
           err_set(err, ERR_TARGET_STATE, "replication does not say where it stands still");
}

static bool go_to_source_snapshot(struct moment *m, struct pg *control, struct err *err)
{
    if (!m->opts.source)
        return read_held_at(m, control, err);
    m->blocked = !source_snapshot(m->opts.source, m->opts.hold_timeout_ms / SNAPSHOT_TRIES, &m->at_source, err);
    if (m->blocked || !target_hold_until(control, m->at_source.position, m->opts.hold_timeout_ms, err))
        return false;
    m->position = m->at_source.position;
    return true;
}

static bool now(int64_t *ret_us)
{
    *ret_us = clock_us();
    return true;
}

static bool take_both_live(struct moment *m, struct err *err)
{
    SCOPED(pg) control = NULL;
    if (!pg_open(m->opts.target_uri, "target", &control, err))
        return false;
    int64_t start = clock_us(), held = 0, reached = 0, settled = 0;
    bool ok = target_hold(control, m->opts.hold_timeout_ms, err) && now(&held) &&
              go_to_source_snapshot(m, control, err) && now(&reached) && settle(m, control, err) && now(&settled) &&
              export_target(m, err);
    struct err ignored;
    bool released = target_release(control, ok ? err : &ignored);
    m->held_us = clock_us() - held;
    log_debug("verify.moment",
              "%" PRId64 " ms until replication stood still, %" PRId64 " ms to the source's snapshot, %" PRId64
              " ms until the upgrade had caught up",
              (held - start) / 1000, (reached - held) / 1000, (settled - reached) / 1000);
    return ok && released;
}

/* Replication is never held for long because somebody's transaction on the source is open for long. */
static bool take_both_patiently(struct moment *m, struct err *err)
{
    for (int i = 1; !take_both_live(m, err); i++) {
        if (!m->blocked || err->code != ERR_TIMEOUT || i == SNAPSHOT_TRIES)
            return false;
        *err = (struct err){0};
        if (!cancel_check(err))
            return false;
    }
    return true;
}

/* -- when the source is silent -- */

static bool take_source_silent(struct moment *m, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *name = NULL;
    if (!m->opts.source)
        return true;
    SCOPED(source_reader) reader = NULL;
    if (!source_reader_new(m->opts.source, NULL, &reader, err) ||
        !pg_value(source_reader_pg(reader), "select pg_export_snapshot()", PG_NONE, a, &name, err))
        return false;
    snprintf(m->at_source.name, sizeof m->at_source.name, "%s", name);
    source_reader_free(m->sources[m->opts.workers]);
    m->sources[m->opts.workers] = reader;
    reader = NULL;
    return true;
}

/* A source that went on has rows that nobody promised to be here. */
static bool check_silent(struct moment *m, struct err *err)
{
    uint64_t from = 0;
    int64_t late = 0;
    if (!m->opts.source)
        return true;
    if (!source_capturing(m->opts.source, &from, err) ||
        (from && !source_changed_since(m->opts.source, m->position, &late, err)))
        return false;
    if (late == 0)
        return true;
    err_set(err, ERR_NOT_FOLLOWING, "replication does not run, and the replica lacks %" PRId64 " changes of the source",
            late);
    return err_hint(err, "Start it with `carryover replicate start --detach`, or wait until it is connected again.");
}

/* Replication may begin at any time: then the target moves on from the position that the source was asked about. */
static bool take_target_silent(struct moment *m, struct err *err)
{
    struct target_position at;
    if (!export_target(m, err) || !target_position(m->keeper, &at, err))
        return false;
    return at.applied_lsn == m->position || err_set(err, ERR_SERVER_BUSY, "replication has just begun");
}

static bool take_where_it_is(struct moment *m, struct err *err)
{
    m->at_source = *m->opts.at;
    if (!read_held_at(m, m->keeper, err))
        return false;
    if (m->position == m->at_source.position)
        return export_target(m, err);
    return err_set(err, ERR_TARGET_STATE, "replication is not kept at the source's snapshot");
}

static bool take(struct moment *m, struct err *err)
{
    int64_t end = clock_us() + (int64_t)m->opts.hold_timeout_ms * 1000;
    for (;;) {
        if (!check_state(m, err))
            return false;
        if (m->opts.at)
            return take_where_it_is(m, err);
        if (m->live)
            return take_both_patiently(m, err);
        if (take_source_silent(m, err) && check_silent(m, err) && take_target_silent(m, err))
            return true;
        if (err->code != ERR_SERVER_BUSY || clock_us() > end)
            return false;
        pg_rollback(m->keeper);
        *err = (struct err){0};
        clock_sleep_ms(BUSY_POLL_MS);
        if (!cancel_check(err))
            return false;
    }
}

/* -- the workers' connections -- */

static bool open_target(struct moment *m, int i, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return pg_open(m->opts.target_uri, "target", &m->targets[i], err) && pg_exec(m->targets[i], target_session, err) &&
           pg_execf(m->targets[i], err, "set search_path = %s", pg_ident(a, m->opts.target_path)) &&
           pg_exec(m->targets[i], "begin isolation level repeatable read", err) &&
           pg_execf(m->targets[i], err, "set transaction snapshot %s", pg_literal(a, m->at_target));
}

static bool open_source(struct moment *m, int i, struct err *err)
{
    if (!m->opts.source)
        return true;
    SCOPED(arena) a = arena_new();
    if (!source_reader_new(m->opts.source, &m->at_source, &m->sources[i], err))
        return false;
    struct pg *pg = source_reader_pg(m->sources[i]);
    return pg_exec(pg, source_session, err) &&
           pg_execf(pg, err, "set search_path = %s", pg_ident(a, m->opts.search_path));
}

static bool open_workers(struct moment *m, struct err *err)
{
    for (int i = 0; i < m->opts.workers; i++)
        if (!open_target(m, i, err) || !open_source(m, i, err))
            return false;
    return true;
}

bool moment_open(const struct moment_opts *o, struct moment **ret, struct err *err)
{
    struct moment *m = calloc(1, sizeof *m);
    if (!m)
        abort();
    m->opts = *o;
    m->arena = arena_new();
    m->targets = arena_new_array(m->arena, struct pg *, (size_t)o->workers + 1);
    m->sources = arena_new_array(m->arena, struct source_reader *, (size_t)o->workers + 1);
    bool ok = pg_open(o->target_uri, "target", &m->keeper, err) && take(m, err) && open_workers(m, err);
    if (ok) {
        *ret = m;
        return true;
    }
    moment_free(m);
    return err_wrap(err, "taking snapshots of both sides");
}

void moment_free(struct moment *m)
{
    if (!m)
        return;
    for (int i = 0; i <= m->opts.workers; i++) {
        pg_free(m->targets[i]);
        source_reader_free(m->sources[i]);
    }
    pg_free(m->keeper);
    arena_free(m->arena);
    free(m);
}

struct pg *moment_source(struct moment *m, int worker)
{
    return m->opts.source ? source_reader_pg(m->sources[worker]) : NULL;
}

struct pg *moment_target(struct moment *m, int worker)
{
    return m->targets[worker];
}

int moment_workers(const struct moment *m)
{
    return m->opts.workers;
}

bool moment_is_live(const struct moment *m)
{
    return m->live;
}

uint64_t moment_position(const struct moment *m)
{
    return m->position;
}

int64_t moment_held_us(const struct moment *m)
{
    return m->held_us;
}

const char *moment_xids(const struct moment *m)
{
    return m->xids;
}
