#include "base/thread.h"
#include "base/cancel.h"
#include <assert.h>
#include <pthread.h>

struct member {
    pthread_t thread;
    struct crew *crew;
    crew_fn *fn;
    void *ctx;
    int number;
    bool ok;
    struct err err;
};

static void *run_member(void *arg)
{
    struct member *m = arg;
    m->ok = m->fn(m->crew, m->ctx, m->number, &m->err);
    if (!m->ok)
        atomic_store(&m->crew->failed, true);
    return NULL;
}

/* A member that was merely told to stop must not hide the one that failed. */
static const struct member *worst(const struct member *members, int n)
{
    const struct member *found = NULL;
    for (int i = 0; i < n; i++) {
        if (members[i].ok)
            continue;
        if (!found || found->err.code == ERR_INTERRUPTED)
            found = &members[i];
    }
    return found;
}

bool crew_run(int n, crew_fn *fn, void *ctx, struct err *err)
{
    assert(n > 0);
    struct crew crew = {.failed = false};
    struct member *members = calloc((size_t)n, sizeof *members);
    if (!members)
        abort();
    for (int i = 0; i < n; i++) {
        members[i] = (struct member){.crew = &crew, .fn = fn, .ctx = ctx, .number = i};
        int rc = pthread_create(&members[i].thread, NULL, run_member, &members[i]);
        assert(rc == 0);
    }
    for (int i = 0; i < n; i++)
        pthread_join(members[i].thread, NULL);
    const struct member *bad = worst(members, n);
    if (bad)
        *err = bad->err;
    bool ok = !bad;
    free(members);
    return ok;
}

bool crew_stopping(struct crew *crew)
{
    return atomic_load(&crew->failed) || cancel_requested();
}
