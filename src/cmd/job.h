/*
 * job: a command of a project that goes on in the background.
 *
 * A job is this same program with a lock in the project folder that it holds as long as it lives; the lock is the truth
 * about whether it runs, however it ended. Its output goes to logs/<name>.log. It is stopped by SIGTERM, which every
 * command takes as the wish to stop cleanly.
 */
#ifndef CMD_JOB_H
#define CMD_JOB_H
#include "conf/command.h"
#include "conf/project.h"
#include <sys/types.h>

/* The process that holds the project's lock `name`, or 0. */
pid_t job_pid(const struct project *p, const char *name);

/* Starts this program with `args` (NULL-terminated; --project, --no-progress and the log format are added) and waits
 * until it holds the lock `name`. `settings` are those of this command line (command_settings()): they are handed on
 * through the environment, because the list of processes is for everybody to read. Fails with ERR_PROJECT_BUSY when one
 * runs already. */
bool job_start(struct project *p, const char *name, const char *const *args, const struct map *settings, pid_t *ret_pid,
               struct err *err) MUST_CHECK;

/* Asks it to stop and waits; `*ret_pid` is 0 when none ran. */
bool job_stop(const struct project *p, const char *name, pid_t *ret_pid, struct err *err) MUST_CHECK;

/* One attempt at what a job does; connections are opened anew in each. `*begun` becomes true when it has got so far
 * that a failure of the network is worth waiting for. */
typedef bool job_attempt(void *ctx, bool *begun, struct err *err);

/* Does a job that goes on for ever. When a server went away, or is busy, it is tried again, with a pause, for as long
 * as the setting replicate.retry_for allows since it last went on for a while. A first attempt that fails at once is
 * not worth waiting for. */
bool job_persist(const struct project *p, job_attempt *attempt, void *ctx, struct err *err) MUST_CHECK;

/* --- what commands print --- */

/* "what runs as process 4711...", or {"pid": ...}. `watch` is the command that shows it, or NULL. */
bool job_say_started(struct command_call *call, struct project *p, const char *name, pid_t pid, const char *what,
                     const char *watch, struct err *err) MUST_CHECK;

/* A whole stop command: stops the job and says `stopped`, or `idle` when it did not run. */
bool job_stop_command(struct command_call *call, const char *name, const char *stopped, const char *idle,
                      struct err *err) MUST_CHECK;

#endif
