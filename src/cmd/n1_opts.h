/*
 * n1_opts: settings of the gateway that several commands need.
 */
#ifndef CMD_N1_OPTS_H
#define CMD_N1_OPTS_H
#include "conf/project.h"
#include "n1/calls.h"

/* A number of the project inside its bounds. Fails with ERR_CONFIG. */
bool n1_bounded(const struct project *p, enum setting s, int64_t least, int64_t most, int64_t *ret,
                struct err *err) MUST_CHECK;

/* The real-time calls of the project's package, with the project's settings. */
bool n1_open_calls(struct project *p, struct calls **ret, struct err *err) MUST_CHECK;

#endif
