/*
 * check_engines: the checks of the checklist that carryover has built in, by the name that a package gives as `engine`.
 *
 * Each combines what other parts of carryover can tell already: the preflight of replication, the rules of `analyze`,
 * the checks of `n1 check`, the estate of stores. tables/engines.def lists them.
 */
#ifndef CMD_CHECK_ENGINES_H
#define CMD_CHECK_ENGINES_H
#include "cmd/checkup.h"

/* Runs the engine of the item. Fails when it could not look. */
bool check_engine_run(struct checkup *c, struct item_call *x, struct err *err) MUST_CHECK;

#endif
