/*
 * operator: who runs a command, for audits.
 */
#ifndef CMD_OPERATOR_H
#define CMD_OPERATOR_H
#include "base/arena.h"

/* The name in the environment variable CARRYOVER_OPERATOR; without it "operator ada", by the account, or its number. */
const char *operator_name(struct arena *a);

#endif
