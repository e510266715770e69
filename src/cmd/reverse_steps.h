/*
 * reverse_steps: the way back to the old headquarters, step by step.
 *
 * The target is in use when it begins. Users are put out of it, everything that they wrote is brought into the old
 * database and proven there, and its users come in again. Each step may be repeated after a kill.
 */
#ifndef CMD_REVERSE_STEPS_H
#define CMD_REVERSE_STEPS_H
#include "cmd/reversing.h"
#include "runbook/runbook.h"

/* The steps; their context is a struct reversing. */
const struct runbook *reverse_runbook(void);

/* Moves sequences of the old database that feed columns behind what the columns have by now. `*ret_n`: how many had to
 * be moved. */
bool reverse_set_sequences(struct reversing *r, int *ret_n, struct err *err) MUST_CHECK;

/* Fails with ERR_VERIFY_FAILED when rows of tables that the feed has changed point nowhere, unless r->lose. */
bool reverse_check_references(struct reversing *r, struct buf *detail, struct err *err) MUST_CHECK;

#endif
