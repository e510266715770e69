/*
 * snapshot: a copy of the target as it was, on the same server, for the way back.
 *
 * The copy is a database of its own (CREATE DATABASE ... TEMPLATE), for which nobody may be connected to the target.
 * The target then notes that it has one; the copy itself does not have that note, which tells the two apart after a
 * crash. To return, the target is renamed aside, the copy takes its name, and what was put aside is dropped: whatever
 * is killed between two of these, the next command goes on with it.
 */
#ifndef CMD_SNAPSHOT_H
#define CMD_SNAPSHOT_H
#include "db/pg.h"

/* All want the URI of the target. Fail like pg_open(), or with the server's reason and what helps. */

/* Takes a copy. Nobody may be connected, this process neither. A copy that an earlier attempt has left is replaced,
 * unless it is of another target (ERR_GUARD). */
bool snapshot_take(const char *uri, struct err *err) MUST_CHECK;

/* Puts the copy in the place of the target. Nothing to do when the target is the copy, or was not touched since:
 * `*ret_restored` is false then. Fails with ERR_GUARD when the copy is gone. Sessions on the target end. */
bool snapshot_restore(const char *uri, bool *ret_restored, struct err *err) MUST_CHECK;

/* Finishes what a process that was killed in snapshot_restore() has left, so that there is a target again.
 * `*ret_mended`: there was something. */
bool snapshot_mend(const char *uri, bool *ret_mended, struct err *err) MUST_CHECK;

/* Drops the copy of the target with this identity (target_identity()); no failure when there is none. A database of its
 * name that is anything else is left alone. */
bool snapshot_drop(const char *uri, const char *identity, struct err *err) MUST_CHECK;

#endif
