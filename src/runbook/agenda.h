/*
 * agenda: the runbook of a project: the steps of carryover and the tasks of a package and a project, in one order.
 *
 * The steps of carryover follow each other. A task comes after every step of the phases before its own and before every
 * step of carryover in the phases behind it; in the downtime it begins, unless it says otherwise, when the writers are
 * stopped (the first step) and is done before users are let in (the last one). Pure: nothing is run here.
 */
#ifndef RUNBOOK_AGENDA_H
#define RUNBOOK_AGENDA_H
#include "runbook/runbook.h"

/* Puts the tasks between the steps of `own` and sorts all. Fails with ERR_CONFIG when a name is taken twice or unknown,
 * or when steps wait for each other; `ret` lives in the arena. */
bool agenda_make(const struct runbook *own, const struct tasks *const *lists, size_t n_lists, struct arena *a,
                 struct runbook *ret, struct err *err) MUST_CHECK;

/* When a step would begin and end, if every step took as long as `us` says. */
struct agenda_time {
    int64_t begin_us, end_us;
    bool critical; /* a delay of this step is one of the whole */
};

/* Times of all steps of one phase, from its begin on; other steps are zero. Gives the length of the phase. Steps of
 * carryover follow each other even where nothing else asks for it. */
int64_t agenda_schedule(const struct runbook *r, enum runbook_phase phase, const int64_t *us, struct agenda_time *ret);

#endif
