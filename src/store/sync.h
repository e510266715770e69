/*
 * sync: a store and its headquarters, once or for ever: uploads first, then downloads.
 *
 * What fails is tried again with patience (see there), as long as it runs; each direction by itself, so that uploads
 * that are refused hold up no prices. When headquarters cannot be reached both wait. Tills work on meanwhile: they know
 * nothing of this. After a stop, a kill or a crash the next run goes on where this one was.
 */
#ifndef STORE_SYNC_H
#define STORE_SYNC_H
#include "store/channel.h"
#include "store/send.h"

struct sync_opts {
    int every_ms; /* between rounds; 0: one round, and its first failure is the result */
    struct send_opts upload;
};

struct sync_result {
    int64_t packages; /* applied */
    int64_t uploads, transactions;
};

/* Fails like send_next() and fetch_next(); a stop on request ends a run of rounds without failure. */
bool sync_run(struct channel *c, const struct sync_opts *o, struct sync_result *ret, struct err *err) MUST_CHECK;

#endif
