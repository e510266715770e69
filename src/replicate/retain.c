#include "replicate/retain.h"
#include <string.h>

void retain_add(struct retain *r, struct retained batch)
{
    if (r->n == RETAIN_MAX)
        r->n--;
    r->p[r->n++] = batch;
}

/* The horizon of the first batch that reaches `lsn`; of the last one where none does. */
static uint64_t horizon_behind(const struct retain *r, uint64_t lsn)
{
    size_t i = 0;
    while (i + 1 < r->n && r->p[i].position < lsn)
        i++;
    return r->p[i].horizon;
}

static bool is_needed(const struct retain *r, const struct retained *batch, uint64_t seen)
{
    uint64_t horizon = batch->horizon;
    for (int i = 0; i < r->chain; i++) {
        if (horizon > seen)
            return true;
        uint64_t next = horizon_behind(r, horizon);
        if (next <= horizon)
            return false;
        horizon = next;
    }
    return false;
}

bool retain_release(struct retain *r, uint64_t seen, struct retained *ret_last)
{
    size_t n = 0;
    while (n < r->n && !is_needed(r, &r->p[n], seen))
        n++;
    if (n == 0)
        return false;
    *ret_last = r->p[n - 1];
    r->n -= n;
    memmove(r->p, r->p + n, r->n * sizeof *r->p);
    return true;
}
