/*
 * runbook: steps that are done one after the other, each once, whatever happens in between.
 *
 * A runbook is a table of steps with an action each. Before an action begins and after it ended the journal says so;
 * where a run stands is derived from that. Killed at any instant and run again it goes on with the step that was not
 * done: actions must therefore be harmless when they are repeated. What a step found out (a position, a number) is its
 * detail in the journal, and later steps read it there.
 */
#ifndef RUNBOOK_RUNBOOK_H
#define RUNBOOK_RUNBOOK_H
#include "base/buf.h"
#include "runbook/journal.h"

enum runbook_phase { PHASE_BEFORE, PHASE_DOWNTIME, PHASE_AFTER };

/* Does the step and puts what the journal shall keep into `detail`. */
typedef bool runbook_action(void *ctx, struct buf *detail, struct err *err);

struct runbook_step {
    const char *name, *title;
    enum runbook_phase phase;
    bool again; /* what it found holds only while nobody interferes: done again when a run is resumed */
    runbook_action *action;
};

struct runbook {
    const char *kind; /* "cutover" */
    const struct runbook_step *steps;
    size_t n;
};

/* Told when a step begins, ends or is skipped because it was done before. */
struct runbook_watch {
    void *ctx;
    void (*begin)(void *ctx, const struct runbook_step *s);
    void (*end)(void *ctx, const struct runbook_step *s, bool before, int64_t us, const char *detail);
};

/* Goes on with the last run of the kind when that has not ended, else begins a new one. When it goes on, steps marked
 * `again` are done again unless a later step without the mark was begun: between the two runs somebody may have undone
 * what they did. Fails with the failure of the
 * step, after it is journaled; ERR_INTERRUPTED between two steps. */
bool runbook_run(const struct runbook *r, struct journal *j, void *ctx, const struct runbook_watch *w, int64_t *ret_run,
                 struct err *err) MUST_CHECK;

/* "before", "downtime", "after". */
const char *runbook_phase_name(enum runbook_phase p);

#endif
