#include "n1/quiet.h"
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>

#define SETS 8192
#define WAYS 4

struct entry {
    uint64_t store; /* 0: free */
    uint64_t said;  /* what it said last when there was nothing; 0: there was something */
    int64_t epoch;
    int64_t contact_us, used;
};

struct quiet {
    pthread_mutex_t lock;
    unsigned char key[crypto_shorthash_KEYBYTES];
    int64_t clock;
    struct entry entries[SETS][WAYS];
};

struct quiet *quiet_new(void)
{
    struct quiet *q = calloc(1, sizeof *q);
    if (!q || sodium_init() < 0)
        abort();
    pthread_mutex_init(&q->lock, NULL);
    crypto_shorthash_keygen(q->key);
    return q;
}

void quiet_free(struct quiet *q)
{
    if (!q)
        return;
    pthread_mutex_destroy(&q->lock);
    free(q);
}

void quiet_forget(struct quiet *q)
{
    pthread_mutex_lock(&q->lock);
    memset(q->entries, 0, sizeof q->entries);
    pthread_mutex_unlock(&q->lock);
}

/* Keyed, so that nobody can choose names that fall together; never 0. */
static uint64_t hash_of(const struct quiet *q, struct str s)
{
    uint64_t hash = 0;
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)s.p, s.n, q->key);
    return hash ? hash : 1;
}

/* The entry of a store, or NULL. */
static struct entry *find(struct quiet *q, uint64_t hash)
{
    struct entry *set = q->entries[hash % SETS];
    for (int i = 0; i < WAYS; i++)
        if (set[i].store == hash)
            return &set[i];
    return NULL;
}

/* The entry of a store; where there is no room it takes that of the one that came the longest time ago. */
static struct entry *entry_of(struct quiet *q, struct str store)
{
    uint64_t hash = hash_of(q, store);
    struct entry *e = find(q, hash), *set = q->entries[hash % SETS];
    if (!e) {
        e = set;
        for (int i = 1; i < WAYS; i++)
            e = set[i].used < e->used ? &set[i] : e;
        *e = (struct entry){.store = hash};
    }
    e->used = ++q->clock;
    return e;
}

bool quiet_is(struct quiet *q, struct str store, struct str at, int64_t epoch)
{
    uint64_t said = hash_of(q, at), hash = hash_of(q, store);
    pthread_mutex_lock(&q->lock);
    const struct entry *e = find(q, hash);
    bool yes = e && e->said == said && e->epoch == epoch;
    pthread_mutex_unlock(&q->lock);
    return yes;
}

void quiet_note(struct quiet *q, struct str store, struct str at, int64_t epoch)
{
    uint64_t said = hash_of(q, at);
    pthread_mutex_lock(&q->lock);
    struct entry *e = entry_of(q, store);
    e->said = said;
    e->epoch = epoch;
    pthread_mutex_unlock(&q->lock);
}

bool quiet_contact(struct quiet *q, struct str store, int64_t now_us, int64_t every_us)
{
    pthread_mutex_lock(&q->lock);
    struct entry *e = entry_of(q, store);
    bool due = e->contact_us == 0 || now_us - e->contact_us >= every_us;
    if (due)
        e->contact_us = now_us;
    pthread_mutex_unlock(&q->lock);
    return due;
}
