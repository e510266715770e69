/*
 * tally: how many answers came, how fast, and what went wrong, in a fixed amount of memory.
 *
 * Latencies are counted in buckets of about 1.5 percent, so percentiles are that exact whatever their number; of all
 * requests, and of each kind.
 */
#ifndef STORE_TALLY_H
#define STORE_TALLY_H
#include "base/buf.h"
#include <stdbool.h>
#include <stdint.h>

#define TALLY_STEPS 64 /* buckets for each power of two */
#define TALLY_BUCKETS (TALLY_STEPS * 40)
#define TALLY_KINDS 32
#define TALLY_PARTS 24
#define TALLY_NAME_MAX 40

struct tally_times {
    int64_t n, max_us;
    int64_t buckets[TALLY_BUCKETS];
};

struct tally {
    int64_t bytes_in, bytes_out, packages, uploads, transactions;
    struct tally_times all;
    struct {
        char name[TALLY_NAME_MAX];
        struct tally_times times;
    } parts[TALLY_PARTS]; /* kinds of requests; those that find no room are in `all` only */
    struct {
        char name[TALLY_NAME_MAX];
        int64_t n;
    } kinds[TALLY_KINDS]; /* of errors; the last one takes all that find no room */
};

/* An answer to a request of the kind `what`: "poll", or the name of a call. */
void tally_answer(struct tally *t, const char *what, int64_t latency_us);
void tally_error(struct tally *t, const char *name);
int64_t tally_errors(const struct tally *t);

/* The latency that `share` (0.5, 0.99) of the answers did not exceed; 0 without answers. */
int64_t tally_quantile_us(const struct tally_times *t, double share);

void tally_put(struct buf *b, const struct tally *t, double seconds, bool json);

#endif
