/*
 * journal: what was done, by whom and when, in an append-only log in the project's state.db (SQLite).
 *
 * Nothing is ever changed or deleted: where a run stands is derived from its events. Every event is on disk before
 * journal_add() returns, so that after a kill the journal never claims more than what happened. Each event carries a
 * digest of itself and of the one before, so that a line that was changed, taken out or put in later shows
 * (journal_check()). Several processes may write, each event as a whole; so may several threads.
 */
#ifndef RUNBOOK_JOURNAL_H
#define RUNBOOK_JOURNAL_H
#include "base/arena.h"
#include "base/digest.h"
#include "base/err.h"
#include <stdint.h>

struct journal; /* opaque */

/* What the events say of one step of a run. */
struct journal_step {
    bool started, done, failed;
    bool skipped; /* counts as done */
    int attempts;
    int64_t first_us, start_us, done_us; /* wall clock: of the first attempt, the last one, its end */
    const char *detail;                  /* of the last event: result, error, or reason */
    const char *who;                     /* of the last event */
};

struct journal_event {
    int64_t seq, run, at_us; /* wall clock */
    const char *who, *step, *event, *detail;
};

struct journal_run {
    int64_t id, at_us;
    const char *kind;
    bool ended, abandoned;
};

/* Opens or makes the file. `who` is written into every event: an account, or a person who gave a name. */
bool journal_open(const char *path, const char *who, struct journal **ret, struct err *err) MUST_CHECK;
void journal_free(struct journal *j);

/* From now on events are by somebody else: a person who gave a name. */
void journal_set_who(struct journal *j, const char *who);
DEFINE_SCOPED(journal)

/* The newest run of this kind ("cutover"), finished or not; 0 when there is none. */
bool journal_last_run(struct journal *j, const char *kind, int64_t *ret_run, bool *ret_ended,
                      struct err *err) MUST_CHECK;

/* All runs of this kind, the oldest first. */
bool journal_runs(struct journal *j, const char *kind, struct arena *a, struct journal_run **ret, size_t *ret_n,
                  struct err *err) MUST_CHECK;

/* Begins a run and gives its number. */
bool journal_begin(struct journal *j, const char *kind, int64_t *ret_run, struct err *err) MUST_CHECK;

/* Adds an event: "begin", "done", "failed", "skipped", "undone" of a step; "ended", "abandoned" of the run (step "").
 * Any other event is kept and changes nothing of what is known of a step. */
bool journal_add(struct journal *j, int64_t run, const char *step, const char *event, const char *detail,
                 struct err *err) MUST_CHECK;

/* Reads the events of a step; texts live in the arena. */
bool journal_read(struct journal *j, int64_t run, const char *step, struct arena *a, struct journal_step *ret,
                  struct err *err) MUST_CHECK;

/* The events of a run, or with run 0 all there are, in their order; only those of `step` unless that is NULL. */
bool journal_events(struct journal *j, int64_t run, const char *step, struct arena *a, struct journal_event **ret,
                    size_t *ret_n, struct err *err) MUST_CHECK;

/* Takes one more event into what is known of a step. */
void journal_take(struct journal_step *step, const struct journal_event *e);

/* Reckons all digests anew. `*ret_broken` is the number of the first event that does not fit to those before it, 0 when
 * all do; `ret_last` is the digest of the last one ("" when there is none). */
bool journal_check(struct journal *j, int64_t *ret_broken, char ret_last[DIGEST_HEX], struct err *err) MUST_CHECK;

/* The digest of an event that follows one with the digest `before`. */
void journal_digest(const struct journal_event *e, const char *before, char ret[DIGEST_HEX]);

#endif
