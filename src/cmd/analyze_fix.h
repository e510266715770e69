/*
 * analyze_fix: `carryover analyze --fix RULE`, and with --apply what it shows.
 */
#ifndef CMD_ANALYZE_FIX_H
#define CMD_ANALYZE_FIX_H
#include "conf/command.h"

/* Shows the script of a rule with what it would touch, or runs it on the source and asks the rule again. Fails with
 * ERR_GUARD without --yes, or once the cutover has passed the source. */
bool analyze_fix(struct command_call *call, struct project *p, struct err *err) MUST_CHECK;

#endif
