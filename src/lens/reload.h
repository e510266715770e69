/*
 * reload: brings the dirty keys of a lens up to date.
 *
 * One transaction takes keys out of the dirty log, evaluates the lens for them, and changes only the rows of its table
 * that differ: rows that came out the same are not touched. Marks that are committed later wait for the next reload.
 * The connection needs reload_prepare() once per lens; several lenses may be reloaded at the same time on connections
 * of their own, one lens only once at a time.
 */
#ifndef LENS_RELOAD_H
#define LENS_RELOAD_H
#include "lens/lens.h"

#define RELOAD_FOCUSED_MAX 20000 /* more keys than this are looked up in bulk */
#define RELOAD_KEYS_MAX 500000   /* of one transaction */

struct reload_result {
    int64_t keys;    /* distinct keys that were dirty; for a lens made anew, its rows */
    int64_t removed; /* rows that went or differed */
    int64_t added;   /* rows that came or differed */
    bool more;       /* keys are left */
};

/* Sets up a session for evaluating lenses: memory, planner, no synchronous commits. */
bool reload_session(struct pg *target, struct err *err) MUST_CHECK;

/* Makes the temporary tables of a lens on this connection. */
bool reload_prepare(struct pg *target, const struct lens *l, struct err *err) MUST_CHECK;

/* Reloads at most `most` keys, or the whole lens when it is stale. `loaded` says that the table has its key
 * and at most one row for each; before that, rows that were loaded twice while they moved are made single. Fails with
 * ERR_LENS_DATA when the source's data does not fit the new table; nothing is changed then and the marks stay. */
bool reload_lens(struct pg *target, const struct lens *l, bool loaded, int most, struct reload_result *ret,
                 struct err *err) MUST_CHECK;

/* For a loaded table, after reload_lens() failed with ERR_LENS_DATA: reloads fewer keys at a time; the one whose row
 * the table cannot hold is set aside in carryover.aside with the reason, until it can be reloaded. One step: call it
 * while `ret->more`. Not for a lens that is made anew as a whole every time. */
bool reload_around(struct pg *target, const struct lens *l, struct reload_result *ret, struct err *err) MUST_CHECK;

/* Notes for the proof that the whole table of a lens was made; in the transaction that did it. */
bool reload_log_whole(struct pg *target, const struct lens *l, struct err *err) MUST_CHECK;

/* Turns an error about values or constraints into ERR_LENS_DATA of this lens; returns false. */
bool reload_blame(const struct lens *l, struct err *err);

#endif
