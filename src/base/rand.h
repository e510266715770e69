/*
 * rand: repeatable pseudo-random numbers from a seed, for tests, samples and jitter; never for secrets.
 */
#ifndef BASE_RAND_H
#define BASE_RAND_H
#include <stdint.h>

struct rand {
    uint64_t state;
};

struct rand rand_seeded(uint64_t seed);
uint64_t rand_next(struct rand *r);

/* Evenly spread over 0 .. n-1; n must not be 0. */
uint64_t rand_below(struct rand *r, uint64_t n);

#endif
