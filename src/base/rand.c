#include "base/rand.h"
#include <assert.h>

struct rand rand_seeded(uint64_t seed)
{
    return (struct rand){seed};
}

/* splitmix64 (Steele, Lea, Flood 2014): one 64-bit word of state, full period. */
uint64_t rand_next(struct rand *r)
{
    uint64_t z = (r->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

uint64_t rand_below(struct rand *r, uint64_t n)
{
    assert(n);
    return (uint64_t)(((unsigned __int128)rand_next(r) * n) >> 64);
}
