/*
 * runbook: steps that are done once each, whatever happens in between, and in the order that their needs leave.
 *
 * A runbook is a list of steps. Those of carryover have an action and are done one after the other, by one thread;
 * tasks that a package or a project added are done beside them as soon as what they need is done. Before a step begins
 * and after it ended the journal says so; where a run stands is derived from that. Killed at any instant and run again
 * it goes on with the steps that were not done: actions must therefore be harmless when they are repeated. What a step
 * found out (a position, a number) is its detail in the journal, and later steps read it there.
 */
#ifndef RUNBOOK_RUNBOOK_H
#define RUNBOOK_RUNBOOK_H
#include "base/buf.h"
#include "base/thread.h"
#include "conf/tasks.h"
#include "runbook/journal.h"

enum runbook_phase { PHASE_BEFORE, PHASE_DOWNTIME, PHASE_AFTER };

/* What the time of a step grows with: nothing, the rows of the database, or what changes in a second. */
enum runbook_growth { GROWTH_NONE, GROWTH_ROWS, GROWTH_CHANGES };

/* Does the step and puts what the journal shall keep into `detail`. */
typedef bool runbook_action(void *ctx, struct buf *detail, struct err *err);

struct runbook_step {
    const char *name, *title;
    enum runbook_phase phase;
    bool again; /* what it found holds only while nobody interferes: done again when a run is resumed */
    runbook_action *action;
    runbook_action *undo; /* NULL: it changed nothing that would have to be undone */
    enum runbook_growth growth;
    bool vital;              /* without it the result would be wrong: it can not be skipped */
    const struct task *task; /* of a package or a project; `action` is NULL then */
    const size_t *needs;     /* steps before this one in the list; NULL: the one before it */
    size_t n_needs;
};

struct runbook {
    const char *kind; /* "cutover" */
    const struct runbook_step *steps;
    size_t n;
    /* Does a task; `attempt` counts from 1. Called from several threads, members of `crew`: what waits ends when that
     * is stopping. NULL where there are no tasks. */
    bool (*perform)(void *ctx, struct crew *crew, const struct task *t, int attempt, struct buf *detail,
                    struct err *err);
    /* Undoes a task that has `undo`. */
    bool (*revert)(void *ctx, const struct task *t, struct buf *detail, struct err *err);
};

/* Told when a step begins, ends, or was done before. Calls come one at a time, from any thread. */
struct runbook_watch {
    void *ctx;
    void (*begin)(void *ctx, const struct runbook_step *s);
    void (*end)(void *ctx, const struct runbook_step *s, bool before, int64_t us, const char *detail);
    void (*failed)(void *ctx, const struct runbook_step *s, const char *why); /* at once; others may still be at work */
};

/* Goes on with the last run of the kind when that has not ended, else begins a new one. When it goes on, steps marked
 * `again` are done again unless a later step without the mark was begun: between the two runs somebody may have undone
 * what they did. Fails with the failure of the step, after it is journaled and the steps beside it have ended;
 * ERR_INTERRUPTED between two steps. */
bool runbook_run(const struct runbook *r, struct journal *j, void *ctx, const struct runbook_watch *w, int64_t *ret_run,
                 struct err *err) MUST_CHECK;

/* How far to go, for an operator who does step by step. Steps marked `again` that were done count as done then. */
struct runbook_limit {
    int most;         /* steps; 0: all, and the other member counts not */
    const char *only; /* the name of the only step to do, or NULL */
};

/* The same for the run `run`, as far as the limit says. `*ret_ended`: all steps are done. */
bool runbook_go_on(const struct runbook *r, struct journal *j, int64_t run, const struct runbook_limit *l, void *ctx,
                   const struct runbook_watch *w, bool *ret_ended, struct err *err) MUST_CHECK;

/* What is not undone on the way back: the name of a task, and why. */
struct runbook_leave {
    const char *name, *reason;
};

/* Undoes what was begun, the last first, down to the step with the number `to`. Each is journaled before the next.
 * `leave` (may be NULL) is passed over, which the journal says with the reason. */
bool runbook_undo(const struct runbook *r, struct journal *j, int64_t run, size_t to, const struct runbook_leave *leave,
                  void *ctx, const struct runbook_watch *w, struct err *err) MUST_CHECK;

/* The number of the step with this name. Fails with ERR_USAGE and the nearest name. */
bool runbook_find(const struct runbook *r, const char *name, size_t *ret, struct err *err) MUST_CHECK;

/* The steps before `i` that it waits for: at most `most` numbers, `*ret_n` of them. */
const size_t *runbook_needs(const struct runbook *r, size_t i, size_t *ret_one, size_t *ret_n);

/* "before", "downtime", "after". */
const char *runbook_phase_name(enum runbook_phase p);

#endif
