/*
 * tally: how many answers came, how fast, and what went wrong, in a fixed amount of memory.
 *
 * Latencies are counted in buckets of about 1.5 percent, so percentiles are that exact whatever their number.
 */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H
#include "base/buf.h"
#include <stdbool.h>
#include <stdint.h>

#define TALLY_STEPS 64 /* buckets for each power of two */
#define TALLY_BUCKETS (TALLY_STEPS * 40)
#define TALLY_KINDS 32
#define TALLY_NAME_MAX 40

struct tally {
    int64_t answers, max_us, bytes_in, bytes_out, packages, uploads, transactions;
    int64_t buckets[TALLY_BUCKETS];
    struct {
        char name[TALLY_NAME_MAX];
        int64_t n;
    } kinds[TALLY_KINDS]; /* of errors; the last one takes all that find no room */
};

void tally_answer(struct tally *t, int64_t latency_us);
void tally_error(struct tally *t, const char *name);
int64_t tally_errors(const struct tally *t);

/* The latency that `share` (0.5, 0.99) of all answers did not exceed; 0 without answers. */
int64_t tally_quantile_us(const struct tally *t, double share);

void tally_put(struct buf *b, const struct tally *t, double seconds, bool json);

#endif
