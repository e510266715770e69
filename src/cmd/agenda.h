/*
 * agenda: the runbook of a project's cutover: the steps of carryover, those of the package, those of the project.
 */
#ifndef CMD_AGENDA_H
#define CMD_AGENDA_H
#include "conf/project.h"
#include "runbook/agenda.h"

/* All of them, in their order. `more` (may be NULL) is one more step, the last before the downtime. Fails with
 * ERR_PACKAGE or ERR_CONFIG; `ret` lives in the arena. */
bool agenda_read(struct project *p, const struct runbook_step *more, struct arena *a, struct runbook *ret,
                 struct err *err) MUST_CHECK;

/* Checks the tasks of a package. */
bool agenda_check_package(const struct package *p, struct arena *a, struct err *err) MUST_CHECK;

#endif
