/*
 * hashing: argon2id for passwords, a few at a time.
 *
 * One hash takes much memory and a long time on purpose, so only `at_once` run at the same time and only so many wait;
 * whoever comes then is told to come again. The gateway has as many workers more, so that those for other requests are
 * never fewer. Hashes are made by
 * processes of their own (n1/hasher.h). No database transaction is open meanwhile. Hashes are libsodium's
 * strings (crypto_pwhash_str), up to 128 bytes with their salt and parameters, so that memory and passes can be changed
 * later. Safe to share between threads.
 */
#ifndef N1_HASHING_H
#define N1_HASHING_H
#include "base/err.h"
#include <stdint.h>

#define HASHING_TEXT_MAX 128

struct hashing; /* opaque */

struct hashing_opts {
    int64_t memory; /* bytes */
    int64_t passes;
    int at_once, waiting; /* how many hash, how many wait for that */
};

/* Fails with ERR_CONFIG when memory or passes are outside what argon2id takes, or the memory is not there. */
bool hashing_open(const struct hashing_opts *o, struct hashing **ret, struct err *err) MUST_CHECK;
void hashing_free(struct hashing *h);
DEFINE_SCOPED(hashing)

/* Takes a place, waiting for it. Fails with ERR_GATEWAY_BUSY when too many wait. Give it back with hashing_leave(). */
bool hashing_enter(struct hashing *h, struct err *err) MUST_CHECK;
void hashing_leave(struct hashing *h);

/* The hash of a password, to be kept. Fails with ERR_GATEWAY_BUSY without memory. Needs a place. */
bool hashing_make(struct hashing *h, const char *password, char ret[HASHING_TEXT_MAX], struct err *err) MUST_CHECK;

/* `*ret` says whether `hash` is that of the password. "" is compared with the hash of something nobody knows, in the
 * same time. Fails with ERR_GATEWAY_BUSY. Needs a place. */
bool hashing_matches(struct hashing *h, const char *password, const char *hash, bool *ret, struct err *err) MUST_CHECK;

/* False when the hash was made with other memory or passes than are set now: checking it takes another time. */
bool hashing_is_current(const struct hashing *h, const char *hash);

#endif
