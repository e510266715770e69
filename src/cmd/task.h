/*
 * task: how the steps that a package or a project added to the cutover are done.
 *
 * Shell commands run in the folder of the file that names them, within their time, with a log of their own in logs/.
 * HTTP requests count as done when the expected status comes. A manual step is waited for until a person confirms it
 * (`carryover cutover confirm`). After the action the check of the step has to pass; before an action is repeated the
 * check is asked whether it is needed at all. In a rehearsal only tasks that allow it are done; others count as long as
 * they are estimated.
 */
#ifndef CMD_TASK_H
#define CMD_TASK_H
#include "base/buf.h"
#include "base/thread.h"
#include "conf/tasks.h"

/* The functions of struct runbook; the context is a struct cutover. */
bool task_perform(void *ctx, struct crew *crew, const struct task *t, int attempt, struct buf *detail,
                  struct err *err) MUST_CHECK;
bool task_revert(void *ctx, const struct task *t, struct buf *detail, struct err *err) MUST_CHECK;

#endif
