/*
 * n1_opts: settings of the gateway that several commands need.
 */
#ifndef CMD_N1_OPTS_H
#define CMD_N1_OPTS_H
#include "conf/project.h"
#include "n1/gateway.h"

#define N1_JOB "n1-serve"               /* the gateway of a project */
#define N1_PUBLICATION "carryover_n1"   /* of what `n1 keep` follows */
#define N1_KEEP_JOB "n1-keep"           /* what keeps the tables of N-1 current */
#define N1_READY_FILE N1_JOB ".address" /* "PID URL" once it listens */

/* A number of the project inside its bounds. Fails with ERR_CONFIG. */
bool n1_bounded(const struct project *p, enum setting s, int64_t least, int64_t most, int64_t *ret,
                struct err *err) MUST_CHECK;

/* The file of a setting: relative names are below the project folder; "" when it has none. */
const char *n1_file(const struct project *p, enum setting s);

/* What the settings say of the gateway; package, target, calls and key of sessions are left empty. Fails with
 * ERR_CONFIG.
 */
bool n1_gateway_opts(const struct project *p, struct gateway_opts *ret, struct err *err) MUST_CHECK;

/* The name of the slot of `n1 keep`: a server may have a sandbox and production, and both their slots. */
bool n1_keep_slot(struct pg *target, struct arena *a, const char **ret, struct err *err) MUST_CHECK;

/* The real-time calls of the project's package, with the project's settings. */
bool n1_open_calls(struct project *p, struct calls **ret, struct err *err) MUST_CHECK;

#endif
