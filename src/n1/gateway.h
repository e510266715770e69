/*
 * gateway: what stores of version N-1 speak to after the cutover; docs/n1/protocol.md is the contract.
 *
 * Stateless beside the target database, so several instances can serve the same stores. A store proves its secret once
 * and gets a session; its key is derived from the session's id with a key that all instances share and that is in no
 * database. Every other request is signed with it. Nonces of requests that change something are kept in the database,
 * those of GET in the memory of the instance. Each worker has a connection of its own, which is made anew when it
 * broke.
 */
#ifndef N1_GATEWAY_H
#define N1_GATEWAY_H
#include "base/err.h"
#include "conf/package.h"
#include "n1/calls.h"
#include "net/secret.h"
#include <stdint.h>

struct gateway_opts {
    const char *target_uri;
    const struct package *package;   /* what stores upload; borrowed */
    const char *listen, *cert, *key; /* as in struct http_opts */
    const char *ready;               /* file that says "PID URL" once it listens */
    const struct secret *session_key;
    struct calls *calls; /* what answers real-time calls; calls_prepare() is done by gateway_run() */
    int workers;         /* beside those that hash passwords */
    int connections_max;
    int64_t body_max;
    int64_t session_s; /* how long a session lasts */
    int64_t idle_ms, request_ms;
    int64_t poll_s;                   /* how long a store waits when there is nothing for it */
    int tries;                        /* of a package at a store, before it waits for the operator */
    int64_t rate_address, rate_store; /* requests a second; 0: no limit */
};

/* Serves until a stop is requested (base/cancel). The tables of the registry are made first. Fails like http_open() and
 * registry_prepare(). */
bool gateway_run(const struct gateway_opts *o, struct err *err) MUST_CHECK;

#endif
