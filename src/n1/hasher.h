/*
 * hasher: a process that does nothing but argon2id.
 *
 * A hash takes tens of megabytes, which are mapped and given back each time; meanwhile the kernel lets no other thread
 * of the same process map memory or fault a page in, and so one sign-in would hold up all requests of a gateway. Here
 * it holds up only itself, at a low priority. The process is forked from this one, keeps no file of it open but the
 * socket to it, and ends when that is closed. One that died is replaced when the next order comes. One thread at a
 * time.
 */
#ifndef N1_HASHER_H
#define N1_HASHER_H
#include "base/err.h"
#include <sodium.h>
#include <stdint.h>

#define HASHER_PASSWORD_MAX 2048

struct hasher; /* opaque */

struct hasher_order {
    const char *password; /* less than HASHER_PASSWORD_MAX bytes */
    const char *hash;     /* to compare with; NULL: one is to be made */
    int64_t passes, memory;
};

struct hasher_answer {
    bool ok;                           /* made, or the same password */
    bool failed;                       /* it could not be found out; hasher_run() makes an error of it */
    char hash[crypto_pwhash_STRBYTES]; /* libsodium's string, when one was to be made */
};

/* Starts the process. */
struct hasher *hasher_new(void);
void hasher_free(struct hasher *h);
DEFINE_SCOPED(hasher)

/* Waits for the answer. Fails with ERR_GATEWAY_BUSY when the process has died, or cannot be started. */
bool hasher_run(struct hasher *h, const struct hasher_order *o, struct hasher_answer *ret, struct err *err) MUST_CHECK;

#endif
