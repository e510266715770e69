/*
 * cutover_session: what every command of the cutover opens first: project, runbook, journal, the last run.
 *
 * Commands that move the run hold the project's lock, so that a second operator is told who holds it and since when.
 */
#ifndef CMD_CUTOVER_SESSION_H
#define CMD_CUTOVER_SESSION_H
#include "cmd/cutover_steps.h"
#include "conf/command.h"

enum cutover_hold { CUTOVER_LOOK, CUTOVER_MOVE };

/* Opens the session; with CUTOVER_MOVE takes the lock and connects to source and target. The run is the last one, 0
 * when there was none. Names the operator of --by in the journal. */
bool cutover_session_begin(struct command_call *call, const char *command, enum cutover_hold hold, struct cutover *ret,
                           struct err *err) MUST_CHECK;
void cutover_session_end(struct cutover *c);

/* Fails with ERR_TARGET_STATE unless a run is under way. */
bool cutover_under_way(const struct cutover *c, struct err *err) MUST_CHECK;

/* For jobs of replication and upgrade: fails with ERR_GUARD while a cutover of the project is under way that has ended
 * them. Opens the journal by itself. */
bool cutover_allows_jobs(struct project *p, struct err *err) MUST_CHECK;

/* Warns when a rehearsal did not come to its end and nobody is at it. */
bool cutover_tell_left(const struct cutover *c, struct err *err) MUST_CHECK;

/* Fails like signoff_check(), unless somebody overrides it with --by and --reason; and keeps with the run what came of
 * it.
 */
bool cutover_check_signoff(struct command_call *call, struct cutover *c, struct err *err) MUST_CHECK;
bool cutover_note_signoff(struct cutover *c, struct err *err) MUST_CHECK;

/* Prints how the run stands; writes the report when it is over. */
bool cutover_report(struct command_call *call, struct cutover *c, bool write, struct err *err) MUST_CHECK;

#endif
