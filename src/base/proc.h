/*
 * proc: other programs, started and waited for.
 *
 * Arguments are passed as a list, never through a shell, except for hooks, which are the user's own shell commands.
 */
#ifndef BASE_PROC_H
#define BASE_PROC_H
#include "base/buf.h"
#include "base/err.h"
#include <sys/types.h>

struct proc_opts {
    uid_t run_as; /* 0: as this process; else setgroups/setgid/setuid before exec */
    gid_t run_as_group;
    const char *log;   /* file that gets stdout and stderr, appended; NULL: they go to `ret_output` */
    const char *dir;   /* working directory; NULL: this one */
    char *const *env;  /* extra "NAME=value" strings, NULL-terminated; NULL: none */
    bool dies_with_us; /* it is killed when this process is */
    int timeout_ms;    /* 0: none; after it the process group is killed and ERR_TIMEOUT set */
};

/* Runs a program and waits. Its output (at most 1 MB) is put into `ret_output` when that is not NULL. Fails with
 * ERR_COMMAND_FAILED when it cannot start or ends with another status than 0. */
bool proc_run(char *const argv[], const struct proc_opts *opts, struct buf *ret_output, struct err *err) MUST_CHECK;

/* Runs `command` with /bin/sh -c. */
bool proc_shell(const char *command, const struct proc_opts *opts, struct buf *ret_output, struct err *err) MUST_CHECK;

/* Runs a program on this terminal: standard input, output and error are ours. Its exit status is a result, not a
 * failure; a program that was ended by a signal has 128 plus its number. */
bool proc_attached(char *const argv[], int *ret_status, struct err *err) MUST_CHECK;

/* Starts a program in a session of its own and does not wait; its output goes to opts->log. */
bool proc_spawn(char *const argv[], const struct proc_opts *opts, pid_t *ret_pid, struct err *err) MUST_CHECK;

#endif
