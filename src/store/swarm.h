/*
 * swarm: thousands of stores as one thread sees them: load for a gateway.
 *
 * Each store is a small struct (about 300 bytes and the versions of its chains), without a database: it opens a
 * session, asks for packages, fetches their parts and throws the bytes away, says that it applied them, and, when it is
 * one of those that upload, sends packages with transactions of its own. Between polls it makes the real-time calls of
 * a plan. A bounded number of requests is under way at the same time; stores that are due wait for their turn. Stores
 * come back every poll interval, spread evenly; calls come at random. Connections are few and shared, unless each store
 * keeps one of its own, as real ones do.
 */
#ifndef STORE_SWARM_H
#define STORE_SWARM_H
#include "base/err.h"
#include "store/callplan.h"
#include "store/tally.h"

struct template; /* see store/template.h */

struct swarm_opts {
    const char *url, *ca;
    const char *secrets;   /* file: id, a blank, secret, on each line */
    int64_t stores;        /* at most so many of the file; 0: all */
    int connections;       /* requests at the same time */
    bool own;              /* each store keeps a connection of its own */
    int64_t poll_ms;       /* between two questions of one store */
    int64_t warm_up_ms;    /* before anything is counted */
    int64_t seconds_ms;    /* how long after that */
    int64_t call_ms;       /* between two calls of one store, on average */
    struct callplan calls; /* empty: no calls */
    int upload_percent;    /* share of stores that upload at each poll */
    int batch;             /* transactions in each upload */
    struct template *like; /* what to upload, or NULL */
    uint64_t seed;
};

/* Runs until the time is over or a stop is requested. Fails with ERR_USAGE when the file has no stores or a mistake. */
bool swarm_run(const struct swarm_opts *o, struct tally *ret, double *ret_seconds, struct err *err) MUST_CHECK;

#endif
