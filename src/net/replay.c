#include "net/replay.h"
#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define LEAST_SLOTS 64

/* Open addressing; 0 is a free slot. Grows up to the bound, at most half full. */
struct generation {
    uint64_t *slots;
    size_t n, cap;
};

struct replay {
    pthread_mutex_t lock;
    unsigned char key[crypto_shorthash_KEYBYTES];
    struct generation now, before;
    int64_t keep_us, began_us;
    size_t most;
};

struct replay *replay_new(int64_t keep_us, size_t most)
{
    assert(keep_us > 0 && most > 0);
    struct replay *r = calloc(1, sizeof *r);
    if (!r || sodium_init() < 0)
        abort();
    pthread_mutex_init(&r->lock, NULL);
    crypto_shorthash_keygen(r->key);
    r->keep_us = keep_us;
    r->most = most;
    return r;
}

void replay_free(struct replay *r)
{
    if (!r)
        return;
    pthread_mutex_destroy(&r->lock);
    free(r->now.slots);
    free(r->before.slots);
    free(r);
}

static uint64_t *slot_of(const struct generation *g, uint64_t hash)
{
    size_t i = hash & (g->cap - 1);
    while (g->slots[i] && g->slots[i] != hash)
        i = (i + 1) & (g->cap - 1);
    return &g->slots[i];
}

static bool has(const struct generation *g, uint64_t hash)
{
    return g->cap && *slot_of(g, hash);
}

static void grow(struct generation *g)
{
    struct generation bigger = {.n = g->n, .cap = g->cap ? g->cap * 2 : LEAST_SLOTS};
    bigger.slots = calloc(bigger.cap, sizeof *bigger.slots);
    if (!bigger.slots)
        abort();
    for (size_t i = 0; i < g->cap; i++)
        if (g->slots[i])
            *slot_of(&bigger, g->slots[i]) = g->slots[i];
    free(g->slots);
    *g = bigger;
}

static void add(struct generation *g, uint64_t hash)
{
    if ((g->n + 1) * 2 > g->cap)
        grow(g);
    *slot_of(g, hash) = hash;
    g->n++;
}

static void turn(struct replay *r, int64_t now_us)
{
    int64_t age = now_us - r->began_us;
    if (age < r->keep_us)
        return;
    free(r->before.slots);
    r->before = age < 2 * r->keep_us ? r->now : (struct generation){0};
    if (age >= 2 * r->keep_us)
        free(r->now.slots);
    r->now = (struct generation){0};
    r->began_us = now_us;
}

/* Session and nonce have no newline in them. */
static uint64_t hash_of(const struct replay *r, struct str session, struct str nonce)
{
    unsigned char text[160];
    uint64_t hash = 0;
    assert(session.n + nonce.n + 1 <= sizeof text);
    memcpy(text, session.p, session.n);
    text[session.n] = '\n';
    memcpy(text + session.n + 1, nonce.p, nonce.n);
    crypto_shorthash((unsigned char *)&hash, text, session.n + nonce.n + 1, r->key);
    return hash ? hash : 1;
}

enum replay_answer replay_note(struct replay *r, struct str session, struct str nonce, int64_t now_us)
{
    enum replay_answer answer = REPLAY_NEW;
    uint64_t hash = hash_of(r, session, nonce);
    pthread_mutex_lock(&r->lock);
    turn(r, now_us);
    if (has(&r->now, hash) || has(&r->before, hash))
        answer = REPLAY_SEEN;
    else if (r->now.n >= r->most)
        answer = REPLAY_FULL;
    else
        add(&r->now, hash);
    pthread_mutex_unlock(&r->lock);
    return answer;
}
