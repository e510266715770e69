/*
 * steps: how a runbook is shown and run on a command line.
 */
#ifndef CMD_STEPS_H
#define CMD_STEPS_H
#include "conf/project.h"
#include "runbook/runbook.h"

/* Prints the steps of a runbook. */
bool steps_print_plan(const struct runbook *r, struct err *err) MUST_CHECK;

/* Runs it with a progress line and a log line per step; see runbook_run(). */
bool steps_run(const struct runbook *r, struct journal *j, void *ctx, int64_t *ret_run, struct err *err) MUST_CHECK;

/* The same for one run, as far as the limit says; see runbook_go_on(). */
bool steps_go_on(const struct runbook *r, struct journal *j, int64_t run, const struct runbook_limit *l, void *ctx,
                 bool *ret_ended, struct err *err) MUST_CHECK;

/* Undoes steps, the last first, down to this one; see runbook_undo(). */
bool steps_undo(const struct runbook *r, struct journal *j, int64_t run, size_t to, const struct runbook_leave *leave,
                void *ctx, struct err *err) MUST_CHECK;

/* Runs the command of a hook setting with a shell, within hooks.timeout; its output is logged. Nothing to do when it is
 * not set. Fails when it fails. */
bool steps_hook(struct project *p, enum setting s, const char *name, struct err *err) MUST_CHECK;

#endif
