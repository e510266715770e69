#include "store/patience.h"
#include "base/attr.h"
#include "base/cancel.h"
#include "base/clock.h"

#define LOOK_MS 50

struct patience patience_new(int first_ms, int most_ms, uint64_t seed)
{
    return (struct patience){rand_seeded(seed), first_ms, most_ms, 0};
}

int patience_ms(struct patience *p, int asked_s)
{
    int64_t wait = p->first_ms;
    for (int i = 0; i < p->failures && wait < p->most_ms; i++)
        wait *= 2;
    p->failures++;
    wait = MIN(wait, p->most_ms);
    wait = wait / 2 + (int64_t)rand_below(&p->rand, (uint64_t)wait / 2 + 1);
    return (int)MAX(wait, (int64_t)asked_s * 1000);
}

void patience_reset(struct patience *p)
{
    p->failures = 0;
}

bool patience_wait(int ms)
{
    int64_t until = clock_us() + (int64_t)ms * 1000;
    for (;;) {
        int64_t left = (until - clock_us()) / 1000;
        if (cancel_requested())
            return false;
        if (left <= 0)
            return true;
        clock_sleep_ms((int)MIN(left + 1, LOOK_MS));
    }
}
