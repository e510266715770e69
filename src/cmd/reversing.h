/*
 * reversing: what the commands of `carryover reverse`, and the cutover, share: both databases of the reverse feed, what
 * replication between them is to do, and its state.
 *
 * The feed brings every change of old.* of the target into the old headquarters database, the project's source, by the
 * engine of `carryover replicate`. What it keeps is in the schema carryover of the old database, as in any target of a
 * replication, with a row of carryover.reverse that says which target it belongs to. Sessions on the old database run
 * with session_replication_role = replica: its triggers and foreign keys do not act while sets of rows are exchanged.
 */
#ifndef CMD_REVERSING_H
#define CMD_REVERSING_H
#include "conf/command.h"
#include "conf/project.h"
#include "replicate/replicate.h"
#include "runbook/journal.h"

#define REVERSE_JOB "reverse"            /* lock and log of the process that follows */
#define REVERSE_RUN "reverse-return"     /* kind of the journal's runs */
#define REVERSE_LOCK "reverse-return"    /* of the project: one at a time goes back */
#define REVERSE_SLOT "carryover_reverse" /* slot and publication on the target */
#define REVERSE_BASELINE "reverse_baseline"

struct reversing {
    struct project *project;
    const struct package *package;
    struct arena *a;
    const char *who;
    char *old_uri, *target_uri; /* old_uri: with the settings of our sessions */
    struct pg *old, *target;
    struct source *source; /* old.* of the target as what is followed; opened by reversing_source() */
    struct replicate_opts replicate;
    struct journal *journal; /* of commands */
    bool force, lose;
    uint64_t barrier; /* of this run of a return */
};

/* Where everything is; opens nothing. */
bool reversing_init(struct project *p, struct arena *a, struct reversing *ret, struct err *err) MUST_CHECK;

/* Opens both databases, once. Fails with ERR_SOURCE_PRIVILEGE and the statement that mends it when the role may not put
 * triggers to sleep in the old one. */
bool reversing_connect(struct reversing *r, struct err *err) MUST_CHECK;
void reversing_disconnect(struct reversing *r);

/* All of it for a command, with its options and the journal. */
bool reversing_open(struct command_call *call, struct reversing *r, struct err *err) MUST_CHECK;
void reversing_done(struct reversing *r);
#define SCOPED_REVERSING __attribute__((cleanup(reversing_done))) struct reversing

/* Opens the target as what is followed, once. */
bool reversing_source(struct reversing *r, struct err *err) MUST_CHECK;

struct reversing_state {
    bool exists;  /* the old database has a schema carryover */
    bool ours;    /* and this target's feed made it */
    bool adopted; /* changes are captured: nothing is lost from here on */
    bool proven;  /* both were equal when that began */
};

bool reversing_state(struct reversing *r, struct reversing_state *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_TARGET_STATE when there is no feed to talk of. */
bool reversing_require(struct reversing *r, struct err *err) MUST_CHECK;

/* What the last return has done, from the journal. */
struct reversing_last {
    int64_t run;
    bool ended, closing, resumed, released;
};

bool reversing_last(struct reversing *r, struct reversing_last *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_GUARD and what to look at first, unless --yes was given. */
bool reversing_confirm(struct command_call *call, const char *what, const char *hint, struct err *err) MUST_CHECK;

/* --- beginning and ending, reverse_begin.c --- */

/* Everything that would stop the feed: what the target's server lacks, tables and rights in the old database. Changes
 * nothing; says into `detail` (may be NULL) which tables are copied only on return. */
bool reverse_check(struct reversing *r, struct buf *detail, struct err *err) MUST_CHECK;

/* Takes the tables of the old database as they are for the replica of old.*, and captures from now on. Both have to be
 * equal, and nobody may write to either. May be repeated. */
bool reverse_adopt(struct reversing *r, struct err *err) MUST_CHECK;

/* It is known that they were equal. */
bool reverse_note_proven(struct reversing *r, struct err *err) MUST_CHECK;

/* Compares every row of old.* with the old database, or with `since_last` only what the feed has changed since the last
 * time; `silent`: nobody writes to old.*, and tables without key are as they are there. Fails with ERR_VERIFY_FAILED.
 */
bool reverse_prove(struct reversing *r, bool since_last, bool silent, struct buf *detail, struct err *err) MUST_CHECK;

/* Begins long after the cutover: proves that they are equal, or leaves nothing behind. */
bool reverse_begin_late(struct reversing *r, struct err *err) MUST_CHECK;

/* Removes slot and publication from the target, and what is ours from the old database. No failure when it is gone. */
bool reverse_release(struct reversing *r, bool *ret_any, struct err *err) MUST_CHECK;

#endif
