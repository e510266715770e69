/*
 * tasks: the steps that a package or a project adds to the runbook of a cutover, in a file runbook.yaml.
 *
 * A task is a shell command, an HTTP request, or something that a person does and confirms. It has a phase, says after
 * and before which other steps it comes, and may bring a check that says whether it is done and a command that undoes
 * it. docs/package.md describes the file. Everything lives in the arena.
 */
#ifndef CONF_TASKS_H
#define CONF_TASKS_H
#include "base/arena.h"
#include "base/err.h"
#include <stdint.h>

#define TASKS_MAX 500 /* in one file */

enum task_kind { TASK_SHELL, TASK_HTTP, TASK_MANUAL };
enum task_phase { TASK_BEFORE, TASK_DOWNTIME, TASK_AFTER };

struct task {
    const char *name, *title, *owner;
    enum task_phase phase;
    enum task_kind kind;
    const char *run;                 /* TASK_SHELL: the command; TASK_MANUAL: what to do */
    const char *method, *url, *body; /* TASK_HTTP; body "" is none */
    const char *shown;               /* TASK_HTTP: the address without what stands behind a question mark */
    int expect;                      /* TASK_HTTP: the status that counts as done */
    const char *check, *undo;        /* shell commands, or "" */
    const char *const *after, *const *before;
    size_t n_after, n_before;
    int64_t timeout_ms, estimate_ms; /* estimate 0: unknown */
    int retries;                     /* attempts after the first one */
    bool rehearse;                   /* done in a rehearsal as well */
    const char *dir;                 /* folder in which its commands run */
    const char *place;               /* "runbook.yaml:12:5" */
};

struct tasks {
    const struct task *p;
    size_t n;
};

/* Reads `dir`/runbook.yaml; a missing file has no tasks. Messages call it `name`. Mistakes are `code`, with line and
 * column. */
bool tasks_read(const char *dir, const char *name, enum err_code code, struct arena *a, struct tasks *ret,
                struct err *err) MUST_CHECK;

/* The same from a text, for tests. */
bool tasks_parse(struct str text, const char *name, const char *dir, enum err_code code, struct arena *a,
                 struct tasks *ret, struct err *err) MUST_CHECK;

#endif
