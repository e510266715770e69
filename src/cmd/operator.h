/*
 * operator: who runs a command, for audits.
 */
#ifndef CMD_OPERATOR_H
#define CMD_OPERATOR_H
#include "base/arena.h"

/* "operator ada", by the user's name, or number where it has none. */
const char *operator_name(struct arena *a);

#endif
