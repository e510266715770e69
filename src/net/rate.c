#include "net/rate.h"
#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define SETS 4096
#define WAYS 8
#define TOKEN INT64_C(1000000) /* tokens are counted in millionths, so that a microsecond adds `per_s` of them */

struct bucket {
    uint64_t who; /* 0: free */
    int64_t tokens, at_us;
};

struct rate {
    pthread_mutex_t lock;
    unsigned char key[crypto_shorthash_KEYBYTES];
    int64_t per_s, full;
    struct bucket buckets[SETS][WAYS];
};

struct rate *rate_new(int64_t per_s, int64_t burst)
{
    assert(per_s >= 0 && burst > 0);
    struct rate *r = calloc(1, sizeof *r);
    if (!r || sodium_init() < 0)
        abort();
    pthread_mutex_init(&r->lock, NULL);
    crypto_shorthash_keygen(r->key);
    r->per_s = per_s;
    r->full = burst * TOKEN;
    return r;
}

void rate_free(struct rate *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r);
}

static struct bucket *bucket_of(struct rate *r, struct str who, int64_t now_us)
{
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)who.p, who.n, r->key);
    hash = hash ? hash : 1;
    struct bucket *set = r->buckets[hash % SETS], *oldest = set;
    for (int i = 0; i < WAYS; i++) {
        if (set[i].who == hash)
            return &set[i];
        if (set[i].who == 0 || (oldest->who != 0 && set[i].at_us < oldest->at_us))
            oldest = &set[i];
    }
    *oldest = (struct bucket){.who = hash, .tokens = r->full, .at_us = now_us};
    return oldest;
}

/* A bucket that was empty is full again after full / per_s microseconds: longer times must not overflow. */
static void refill(const struct rate *r, struct bucket *b, int64_t now_us)
{
    int64_t passed = MAX(now_us - b->at_us, 0);
    bool whole = passed > r->full / r->per_s;
    b->tokens = whole ? r->full : MIN(b->tokens + passed * r->per_s, r->full);
    b->at_us = MAX(now_us, b->at_us);
}

int rate_wait_s(struct rate *r, struct str who, int64_t now_us)
{
    int wait = 0;
    if (r->per_s == 0)
        return 0;
    pthread_mutex_lock(&r->lock);
    struct bucket *b = bucket_of(r, who, now_us);
    refill(r, b, now_us);
    if (b->tokens >= TOKEN)
        b->tokens -= TOKEN;
    else
        wait = (int)((TOKEN - b->tokens) / r->per_s / 1000000) + 1;
    pthread_mutex_unlock(&r->lock);
    return wait;
}
