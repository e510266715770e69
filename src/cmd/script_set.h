/*
 * script_set: the scripts of a project's package as a graph: companies as they are on the target, tables that are
 * copied, and how long each took before, as the journal has it.
 */
#ifndef CMD_SCRIPT_SET_H
#define CMD_SCRIPT_SET_H
#include "runbook/journal.h"
#include "script/run.h"

/* The graph; with `tables` also the copying of tables (phase sync). `journal` may be NULL. All in the arena. */
bool script_set_read(struct pg *target, const struct package *p, bool tables, struct journal *journal, struct arena *a,
                     struct graph *ret, struct err *err) MUST_CHECK;

struct script_set_run {
    const struct package *package;
    struct pg *target;
    const char *uri, *who;
    int workers;
    struct journal *journal;
    int64_t run; /* in the journal, for the durations */
};

/* Does the scripts of a phase, all or only the one named, and says in `detail` what was done. Values that would not fit
 * are found before the first table is copied. */
bool script_set_run(const struct script_set_run *s, enum script_phase phase, const char *only, struct buf *detail,
                    struct err *err) MUST_CHECK;

#endif
