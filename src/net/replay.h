/*
 * replay: the nonces of the last minutes, in memory.
 *
 * Two generations, each as long as a request stays valid: a nonce is remembered for at least one whole generation and
 * forgotten with the second. Only a keyed 64-bit hash is kept of each. Bounded: a generation that is full takes no more
 * nonces until it ends. Safe to share between threads.
 */
#ifndef NET_REPLAY_H
#define NET_REPLAY_H
#include "base/attr.h"
#include "base/str.h"
#include <stdint.h>

struct replay; /* opaque */

enum replay_answer { REPLAY_NEW, REPLAY_SEEN, REPLAY_FULL };

/* Remembers nonces for `keep_us` at least, `most` of them in that time. */
struct replay *replay_new(int64_t keep_us, size_t most);
void replay_free(struct replay *r);
DEFINE_SCOPED(replay)

/* Notes a nonce of a session; `now_us` is clock_us(). */
enum replay_answer replay_note(struct replay *r, struct str session, struct str nonce, int64_t now_us);

#endif
