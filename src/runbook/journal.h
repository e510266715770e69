/*
 * journal: what was done, in an append-only log in the project's state.db (SQLite).
 *
 * Nothing is ever changed or deleted: where a run stands is derived from its events. Every event is on disk before
 * journal_add() returns, so that after a kill the journal never claims more than what happened. One process writes at a
 * time (the project's lock sees to that); others may read.
 */
#ifndef RUNBOOK_JOURNAL_H
#define RUNBOOK_JOURNAL_H
#include "base/arena.h"
#include "base/err.h"
#include <stdint.h>

struct journal; /* opaque */

/* What the events say of one step of a run. */
struct journal_step {
    bool started, done;
    int attempts;
    int64_t first_us, start_us, done_us; /* wall clock: of the first attempt, the last one, its end */
    const char *detail;                  /* of the last event: result or error */
};

bool journal_open(const char *path, struct journal **ret, struct err *err) MUST_CHECK;
void journal_free(struct journal *j);
DEFINE_SCOPED(journal)

/* The newest run of this kind ("cutover"), finished or not; 0 when there is none. */
bool journal_last_run(struct journal *j, const char *kind, int64_t *ret_run, bool *ret_ended,
                      struct err *err) MUST_CHECK;

/* Begins a run and gives its number. */
bool journal_begin(struct journal *j, const char *kind, int64_t *ret_run, struct err *err) MUST_CHECK;

/* Adds an event: "begin", "done", "failed" of a step; "ended", "abandoned" of the run (step ""). */
bool journal_add(struct journal *j, int64_t run, const char *step, const char *event, const char *detail,
                 struct err *err) MUST_CHECK;

/* Reads the events of a step; texts live in the arena. */
bool journal_read(struct journal *j, int64_t run, const char *step, struct arena *a, struct journal_step *ret,
                  struct err *err) MUST_CHECK;

#endif
