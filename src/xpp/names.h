/*
 * names: numbers by a kind and a name without regard to case.
 *
 * Starts zeroed, released with names_done(). Names are borrowed and must outlive it. Reading is safe from any number of
 * threads as long as nobody puts.
 */
#ifndef XPP_NAMES_H
#define XPP_NAMES_H
#include "base/str.h"

struct names_slot {
    struct str name; /* p == NULL: free */
    uint32_t hash, kind, number;
};

struct names {
    struct names_slot *slots;
    size_t n, n_slots; /* a power of two */
};

void names_done(struct names *t);

/* The number of a name; NULL when it has none. */
const uint32_t *names_get(const struct names *t, uint32_t kind, struct str name);

/* The number of a name, given the value `fresh` when it is new. Valid until the next names_put(). */
uint32_t *names_put(struct names *t, uint32_t kind, struct str name, uint32_t fresh);

#endif
