/*
 * patience: how long to wait before trying again: twice as long after every failure, with jitter, up to a limit.
 *
 * Ten thousand stores that lost their headquarters at the same moment come back spread over time: the wait is random
 * between half of it and all of it.
 */
#ifndef STORE_PATIENCE_H
#define STORE_PATIENCE_H
#include "base/rand.h"
#include <stdbool.h>

struct patience {
    struct rand rand;
    int first_ms, most_ms;
    int failures; /* in a row */
};

struct patience patience_new(int first_ms, int most_ms, uint64_t seed);

/* After a failure: how long to wait, at least what the server has asked for. */
int patience_ms(struct patience *p, int asked_s);

/* After a success. */
void patience_reset(struct patience *p);

/* Sleeps; false when a stop was requested meanwhile. */
bool patience_wait(int ms);

#endif
