/*
 * thread: a crew of plain threads that do one job together.
 *
 * crew_run() starts n workers and waits for all of them. The first failure becomes the result; the others see
 * crew_stopping() and end between two units of work. Drivers block; nothing is locked across a call out.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H
#include "base/err.h"
#include <stdatomic.h>
#include <stdbool.h>

struct crew {
    atomic_bool failed;
};

/* The work of one member: `ctx` is shared by all, `member` counts from 0. */
typedef bool crew_fn(struct crew *crew, void *ctx, int member, struct err *err);

/* Runs `fn` on n threads and returns when all have ended; fails with the first failure. */
bool crew_run(int n, crew_fn *fn, void *ctx, struct err *err) MUST_CHECK;

/* True when a member failed or a stop was requested: end soon. */
bool crew_stopping(struct crew *crew);

#endif
