/*
 * n1_check: everything that has to be set before stores are taken over, for the command and for the checklist.
 */
#ifndef CMD_N1_CHECK_H
#define CMD_N1_CHECK_H
#include "base/checks.h"
#include "conf/project.h"

/* Runs all checks of `carryover n1 check`. Fails only when it could not look. */
bool n1_check_run(struct project *p, struct arena *a, struct checks *found, struct err *err) MUST_CHECK;

#endif
