/*
 * tape: DIR/journal.jsonl, the witness of the tills: a line of JSON for every transaction, on disk before anybody is
 * told that the transaction is done.
 *
 * The line is made in the transaction itself (carryover_mark), so none is ever missing: what a crash kept from being
 * written is written when the tape is opened again, and a line that was torn is cut off first.
 */
#ifndef STORE_TAPE_H
#define STORE_TAPE_H
#include "store/channel.h"

struct tape; /* opaque */

/* Opens it and brings it up to the marks of the database. Fails with ERR_FILE, ERR_DISK_FULL, or ERR_JOURNAL_DIFFERS
 * when the journal has transactions that the database does not. */
bool tape_open(struct channel *c, struct tape **ret, struct err *err) MUST_CHECK;
void tape_free(struct tape *t);
DEFINE_SCOPED(tape)

/* Writes the lines of marks that it does not have yet, and waits for the disk. */
bool tape_follow(struct tape *t, struct err *err) MUST_CHECK;

#endif
