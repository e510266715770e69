/*
 * moment: source and target as they were at one and the same instant, for as many readers as wanted.
 *
 * While replication runs it is asked to stand still at the exact position of a snapshot of the source; the target's
 * snapshot is taken there and replication goes on: both snapshots can be read at leisure. When it does not run, the
 * source has to be silent, which its log is asked about, and is taken as it is now. Every worker has a connection to
 * each side that sees the snapshot; connections are opened by the thread that makes the moment and then used by one
 * worker each. On the target temporary tables may be made; nothing else may be written.
 */
#ifndef VERIFY_MOMENT_H
#define VERIFY_MOMENT_H
#include "source/source.h"

struct moment; /* opaque */

struct moment_opts {
    const char *target_uri;
    struct source *source;   /* NULL: the source is not looked at */
    const char *search_path; /* schema of the source's sessions */
    const char *target_path; /* and of the target's */
    const struct source_snapshot
        *at; /* replication is kept at this one by the caller; NULL: the moment takes its own */
    int workers;
    int hold_timeout_ms;   /* for replication to reach the position */
    int settle_timeout_ms; /* most that it is held so that others catch up, see `settled` */
    bool (*settled)(void *ctx, struct pg *target, bool *ret, struct err *err); /* asked while replication is held */
    void *ctx;
};

/* What `o` points to must outlive the moment. Fails with ERR_TARGET_STATE before the replica is whole, ERR_TIMEOUT when
 * replication does not get to the position or a transaction of the source is open for too long, ERR_NOT_FOLLOWING when
 * the source went on without replication. */
bool moment_open(const struct moment_opts *o, struct moment **ret, struct err *err) MUST_CHECK;

/* Ends the snapshots. */
void moment_free(struct moment *m);
DEFINE_SCOPED(moment)

struct pg *moment_source(struct moment *m, int worker);
struct pg *moment_target(struct moment *m, int worker);
int moment_workers(const struct moment *m);

bool moment_is_live(const struct moment *m);      /* replication runs */
uint64_t moment_position(const struct moment *m); /* of the source */
int64_t moment_held_us(const struct moment *m);   /* how long replication stood still */
const char *moment_xids(const struct moment *m);  /* the target's snapshot as pg_snapshot text */

#endif
