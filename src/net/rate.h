/*
 * rate: how often somebody may come, as token buckets in memory.
 *
 * Everybody (a store, an address) has a bucket that holds `burst` tokens at most and gets `per_s` of them a second;
 * coming takes one. Memory is bounded: of the names that fall into the same place of the table the one that came the
 * longest time ago is forgotten. A rate of 0 limits nothing. Safe to share between threads.
 */
#ifndef NET_RATE_H
#define NET_RATE_H
#include "base/attr.h"
#include "base/str.h"
#include <stdint.h>

struct rate; /* opaque */

struct rate *rate_new(int64_t per_s, int64_t burst);
void rate_free(struct rate *r);
DEFINE_SCOPED(rate)

/* Takes a token from the bucket of `who` at the time `now_us` (clock_us()). 0 when there was one, else the whole
 * seconds until there will be. */
int rate_wait_s(struct rate *r, struct str who, int64_t now_us);

#endif
