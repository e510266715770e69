/*
 * download: which package a store gets next, its bytes, and what the store says of it.
 *
 * A store says which version it has of each chain; the answer is the oldest package that leads on, or a full one when
 * it has none, when what would lead on is gone or was canceled, or when a full one is cheaper than everything between.
 * A chain whose package has failed too often waits for the operator, and the others go on. Nothing that a store says
 * can make it skip a package: positions are its own, and kept here only to be shown.
 */
#ifndef N1_DOWNLOAD_H
#define N1_DOWNLOAD_H
#include "base/arena.h"
#include "base/buf.h"
#include "db/pg.h"
#include <stdint.h>

#define DOWNLOAD_CHAINS_MAX 500

/* The version that a store has of a chain. */
struct download_at {
    const char *chain;
    int64_t version;
};

struct download_store {
    const char *store;
    const struct download_at *at;
    size_t n_at;
    int tries_max; /* of one package; then its chain waits */
};

/* Reads `1010@US:17,1010:9`; "" is a store that has nothing. Fails with ERR_REQUEST. */
bool download_parse(struct str text, struct arena *a, struct download_store *ret, struct err *err) MUST_CHECK;

/* Puts the answer to "what comes next?" as JSON, with `poll_s` when there is nothing to do at once; wishes for a full
 * package where one is needed. `*ret_nothing`: the answer stays the same until the epoch moves (see registry.h). */
bool download_next(struct pg *target, const struct download_store *s, int64_t poll_s, struct buf *b, bool *ret_nothing,
                   struct err *err) MUST_CHECK;

/* The answer when there is nothing. */
void download_put_nothing(struct buf *b, bool preparing, int64_t poll_s);

/* The bytes of a part. Fails with ERR_NOT_FOUND when there is no such part, or it is not for this store. */
bool download_part(struct pg *target, const char *store, int64_t package, int64_t no, struct buf *b,
                   struct err *err) MUST_CHECK;

/* Notes "downloaded", "applied" or "failed" (with a message). Fails with ERR_REQUEST for another state, ERR_NOT_FOUND.
 */
bool download_note(struct pg *target, const char *store, int64_t package, const char *state, const char *message,
                   struct err *err) MUST_CHECK;

#endif
