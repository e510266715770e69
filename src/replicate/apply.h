/*
 * apply: a folded batch into the target, exactly once.
 *
 * One target transaction has the rows, the dirty keys that trackers find before and after, and the source position: a
 * crash leaves either all of it or nothing, and the stream goes on behind the position. Rows of a table are staged,
 * deleted by key and inserted again, which cannot trip over a unique index whatever order the source changed them in.
 * A table of two snapshots may lack a large value that the source did not send again: then it is emptied and marked to
 * be copied anew, in the same transaction, and left alone from there on. Belongs to one thread and one connection.
 */
#ifndef REPLICATE_APPLY_H
#define REPLICATE_APPLY_H
#include "replicate/fold.h"

struct apply; /* opaque */

struct apply_opts {
    const struct table_list *tables;
    bool binary;             /* rows come in binary form */
    uint64_t from;           /* position of the replica */
    uint64_t consistent_lsn; /* changes that committed before it may meet a replica that is already ahead of them */
};

struct apply *apply_new(struct pg *target, const struct apply_opts *o);
void apply_free(struct apply *ap);
DEFINE_SCOPED(apply)

/* Applies a batch. When batch->open the transaction stays open for the rest of it; else it is committed and
 * batch->position durable. `source_end` is the end of the source's log, for watching. After a failure the transaction
 * is rolled back and nothing of the batch, or of the open ones before it, is there. Fails with ERR_TARGET_BUSY when
 * somebody else has moved the replica meanwhile, such as the last words of a process that was killed. */
bool apply_batch(struct apply *ap, const struct fold *batch, uint64_t source_end, struct err *err) MUST_CHECK;

/* Removes all rows of a table on the target, inside of the transaction that is open. */
bool apply_empty(struct pg *target, const struct table *t, struct err *err) MUST_CHECK;

#endif
