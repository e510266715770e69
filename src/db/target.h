/*
 * target: what carryover keeps in the target database, in the schema `carryover`, and how its parts wait for each
 * other.
 *
 * Replication writes where it is; the proof and the cutover ask it to stand still at an exact position or to say when
 * it has reached one; the upgrade registers trackers that replication runs. All of that is rows here, so every part can
 * be a process of its own and a crash of any of them loses nothing. Positions are source LSNs. The tables are described
 * in ARCHITECTURE.md, "State in the target".
 */
#ifndef DB_TARGET_H
#define DB_TARGET_H
#include "db/pg.h"

#define TARGET_OLD "old"
#define TARGET_NEW "hq"
#define TARGET_CALLS "hq_call" /* what real-time calls need beside the tables of version N */

/* Which store belongs to which channel database group: the gateway's registry writes it, channel lenses read it. */
#define TARGET_MEMBER_SQL                                                                                              \
    "create table if not exists carryover.n1_member (store text primary key, channel_group text not null);"

/* One job may run once on a target at a time; these are the jobs. */
enum target_job {
    TARGET_JOB_REPLICATE = 1,
    TARGET_JOB_UPGRADE,
    TARGET_JOB_CUTOVER,
    TARGET_JOB_HOLD,
    TARGET_JOB_KEEP,
    TARGET_JOB_GATEWAY
};

/* For a transaction that writes for users who are no sessions of the database: stores, through the gateway. Fails with
 * ERR_GATEWAY_BUSY while users are kept out; what it lets in is waited for by target_wait_writers(). */
bool target_admit_writer(struct pg *target, struct err *err) MUST_CHECK;

/* Inside of the transaction that keeps users out: waits for those that were admitted before. */
bool target_wait_writers(struct pg *target, struct err *err) MUST_CHECK;

/* Where replication stands; all zero before it began. */
struct target_position {
    bool exists;
    char state[16]; /* "copying", "indexing", "following" */
    uint64_t snapshot_lsn;
    uint64_t consistent_lsn; /* before it the replica may mix two snapshots */
    uint64_t applied_lsn;
    uint64_t source_lsn; /* end of the source's WAL when replication last looked */
    int64_t transactions, changes;
    int64_t applied_commit_us; /* commit time on the source of the last applied transaction, 0 if unknown */
    int64_t age_ms;            /* since replication last wrote its position */
};

/* Fails with ERR_TARGET_NOT_EMPTY or ERR_TARGET_PRIVILEGE where target_prepare() would; changes nothing. */
bool target_check(struct pg *target, struct err *err) MUST_CHECK;

/* A name that no other prepared target has, to mark on the source what belongs to this one. */
bool target_identity(struct pg *target, struct arena *a, char **ret, struct err *err) MUST_CHECK;

/* Makes the schema carryover and its tables, or checks that they are ours. Fails with ERR_TARGET_NOT_EMPTY when the
 * database holds anything else, ERR_TARGET_PRIVILEGE when it may not. */
bool target_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* The same without the look at what else is there: only for a database that is thrown away. */
bool target_prepare_scratch(struct pg *target, struct err *err) MUST_CHECK;

/* True when target_prepare() was ever done here. */
bool target_prepared(struct pg *target, bool *ret, struct err *err) MUST_CHECK;

/* Takes the session lock of a job, waiting two seconds at most. Fails with ERR_TARGET_BUSY naming the server process
 * that has it. */
bool target_lock(struct pg *target, enum target_job job, struct err *err) MUST_CHECK;

/* True when another session holds the job's lock. */
bool target_locked(struct pg *target, enum target_job job, bool *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_GUARD once users work on the target, and on a production database: nothing may overwrite their tables
 * any more. See db/environment.h. */
bool target_check_not_live(struct pg *target, struct err *err) MUST_CHECK;

/* Marks the target as live, or takes that back: a move of db/environment.h. */
bool target_set_live(struct pg *target, bool live, struct err *err) MUST_CHECK;

/* For a session that writes much: pages in the server's log are compressed by lz4, or not at all where the server does
 * not know it. The default method, pglz, takes a quarter of the server's time. Does nothing without the privilege. */
bool target_cheapen_log(struct pg *target, struct err *err) MUST_CHECK;

bool target_position(struct pg *target, struct target_position *ret, struct err *err) MUST_CHECK;

/* Waits until everything that the source had committed before `lsn` is applied. Fails with ERR_NOT_FOLLOWING when
 * replication does not run, ERR_TIMEOUT after `timeout_ms`. */
bool target_wait(struct pg *target, uint64_t lsn, int timeout_ms, struct err *err) MUST_CHECK;

/* Asks replication to stop applying at the next commit and waits until it stands still. One session at a time has this
 * wish; others wait for it, within the same time. It ends with the session: replication goes on by itself when the
 * connection is gone. */
bool target_hold(struct pg *target, int timeout_ms, struct err *err) MUST_CHECK;

/* While held: lets it apply exactly the transactions that committed before `lsn`, and waits until it did. */
bool target_hold_until(struct pg *target, uint64_t lsn, int timeout_ms, struct err *err) MUST_CHECK;

/* Lets replication go on. Call it on every way out after target_hold(). */
bool target_release(struct pg *target, struct err *err) MUST_CHECK;

#endif
