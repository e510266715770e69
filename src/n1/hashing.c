#include "n1/hashing.h"
#include "n1/hasher.h"
#include <assert.h>
#include <pthread.h>
#include <sodium.h>

struct hashing {
    struct hashing_opts o;
    pthread_mutex_t lock;
    pthread_cond_t left;
    int busy, waiting;
    struct hasher **hashers; /* as many as places */
    bool *taken;
    char nobody[HASHING_TEXT_MAX];
};

_Static_assert(crypto_pwhash_STRBYTES <= HASHING_TEXT_MAX, "hashes fit into the column of version N");

/* --- one hash --- */

/* Whoever has a place finds one that is free. */
static int take_hasher(struct hashing *h)
{
    int i = 0;
    pthread_mutex_lock(&h->lock);
    while (i < h->o.at_once && h->taken[i])
        i++;
    assert(i < h->o.at_once);
    h->taken[i] = true;
    pthread_mutex_unlock(&h->lock);
    return i;
}

static bool run(struct hashing *h, const struct hasher_order *o, struct hasher_answer *ret, struct err *err)
{
    int i = take_hasher(h);
    bool ok = hasher_run(h->hashers[i], o, ret, err);
    pthread_mutex_lock(&h->lock);
    h->taken[i] = false;
    pthread_mutex_unlock(&h->lock);
    return ok;
}

bool hashing_make(struct hashing *h, const char *password, char ret[HASHING_TEXT_MAX], struct err *err)
{
    struct hasher_answer got;
    struct hasher_order o = {.password = password, .passes = h->o.passes, .memory = h->o.memory};
    memset(ret, 0, HASHING_TEXT_MAX);
    if (!run(h, &o, &got, err))
        return false;
    memcpy(ret, got.hash, sizeof got.hash);
    return true;
}

bool hashing_matches(struct hashing *h, const char *password, const char *hash, bool *ret, struct err *err)
{
    struct hasher_answer got;
    struct hasher_order o = {.password = password, .hash = hash[0] ? hash : h->nobody};
    if (!run(h, &o, &got, err))
        return false;
    *ret = got.ok && hash[0];
    return true;
}

bool hashing_is_current(const struct hashing *h, const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, (unsigned long long)h->o.passes, (size_t)h->o.memory) == 0;
}

bool hashing_open(const struct hashing_opts *o, struct hashing **ret, struct err *err)
{
    unsigned char nobody[32];
    char hex[65];
    if (sodium_init() < 0)
        abort();
    if (o->passes < (int64_t)crypto_pwhash_OPSLIMIT_MIN || o->memory < (int64_t)crypto_pwhash_MEMLIMIT_MIN)
        return err_set(err, ERR_CONFIG, "a password needs at least %d pass and %d bytes of memory to be hashed",
                       (int)crypto_pwhash_OPSLIMIT_MIN, (int)crypto_pwhash_MEMLIMIT_MIN);
    struct hashing *h = calloc(1, sizeof *h);
    if (!h)
        abort();
    h->o = *o;
    h->hashers = calloc((size_t)o->at_once, sizeof(struct hasher *));
    h->taken = calloc((size_t)o->at_once, sizeof *h->taken);
    if (!h->hashers || !h->taken)
        abort();
    for (int i = 0; i < o->at_once; i++)
        h->hashers[i] = hasher_new();
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->left, NULL);
    randombytes_buf(nobody, sizeof nobody);
    sodium_bin2hex(hex, sizeof hex, nobody, sizeof nobody);
    if (!hashing_make(h, hex, h->nobody, err)) {
        hashing_free(h);
        return err_set(err, ERR_CONFIG, "hashing a password with %" PRId64 " bytes of memory failed", o->memory);
    }
    *ret = h;
    return true;
}

void hashing_free(struct hashing *h)
{
    if (!h)
        return;
    for (int i = 0; i < h->o.at_once; i++)
        hasher_free(h->hashers[i]);
    free(h->hashers);
    free(h->taken);
    pthread_cond_destroy(&h->left);
    pthread_mutex_destroy(&h->lock);
    free(h);
}

/* --- places --- */

bool hashing_enter(struct hashing *h, struct err *err)
{
    pthread_mutex_lock(&h->lock);
    bool full = h->busy >= h->o.at_once && h->waiting >= h->o.waiting;
    if (!full) {
        h->waiting++;
        while (h->busy >= h->o.at_once)
            pthread_cond_wait(&h->left, &h->lock);
        h->waiting--;
        h->busy++;
    }
    pthread_mutex_unlock(&h->lock);
    return !full || err_set(err, ERR_GATEWAY_BUSY, "too many passwords are being checked");
}

void hashing_leave(struct hashing *h)
{
    pthread_mutex_lock(&h->lock);
    h->busy--;
    pthread_cond_signal(&h->left);
    pthread_mutex_unlock(&h->lock);
}
