/*
 * analysis: what the commands that begin with `analyze` have in common: their options, and the history of runs.
 */
#ifndef CMD_ANALYSIS_H
#define CMD_ANALYSIS_H
#include "analyze/analyze.h"
#include "analyze/runs.h"
#include "conf/command.h"

/* Everything that analyze_run() wants but the connection. Strings belong to the call. */
bool analysis_opts(struct command_call *call, struct project *p, struct analyze_opts *ret, struct err *err) MUST_CHECK;

/* The same with the connection string of the source; starts the private server. */
bool analysis_opts_source(struct command_call *call, struct project *p, struct analyze_opts *ret,
                          struct err *err) MUST_CHECK;

/* What version N and the stores can hold, as far as opts->package says. Fails with ERR_PACKAGE. */
bool analysis_capacities(struct analyze_opts *o, struct arena *a, struct err *err) MUST_CHECK;

/* The project's history: analysis.db. */
bool analysis_runs(struct project *p, struct runs **ret, struct err *err) MUST_CHECK;

/* Runs all rules (NULL), or those with an id like `rule`, for the checklist: what was accepted is marked, nothing is
 * kept. */
bool analysis_run(struct project *p, const char *rule, struct arena *a, struct analysis *ret,
                  struct err *err) MUST_CHECK;

#endif
