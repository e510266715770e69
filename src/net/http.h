/*
 * http: a small HTTP/1.1 server for programs, with TLS, limits and a table of routes.
 *
 * One thread reads and writes (libevent's evhttp on a listener of our own); a few workers run the handlers, which may
 * block. A request is handed to a worker when all of it is there, and the answer goes out when the handler returns.
 * When all workers are busy and the queue is full, the answer is 503. Handlers return errors; they become problem
 * documents (see problem), and those that are not meant for clients are logged with a reference. Only what is no HTTP
 * request at all is answered by evhttp itself, with a short page and the status.
 *
 * Limits: bytes of the head and of the body (a route may take more, but only a few connections at a time do, and half
 * of them is the most for one address), time without a request, time for one request to arrive and for one answer to be
 * taken, connections (more wait in the backlog), requests a second from one address. A server without a certificate
 * listens on loopback only, behind a proxy that does TLS; there the last entry of X-Forwarded-For counts as the
 * client's address. Source: RFC 9110, RFC 9112.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "net/address.h"
#include "net/route.h"

#define HTTP_CALLER_MAX 64

/* A request; everything lives until the answer is sent. */
struct http_request {
    struct arena *a;
    const char *method;     /* "GET" */
    struct str target;      /* path and query exactly as they were sent */
    struct str path, query; /* cut, not decoded */
    struct route_params params;
    struct str body;
    const char *address; /* of the client, without its port */
    const char *caller;  /* who it is, as the guard has found; "" before */
    int64_t epoch;       /* what else the guard wants the handler to know */
    struct http_header *headers;
    size_t n_headers;
};

struct http_header {
    const char *name, *value;
};

/* An answer. Starts as 200 with no body. */
struct http_response {
    int status;
    const char *type; /* of the body; "application/json" */
    struct buf body;
    struct buf problem; /* members of a problem document, each with a comma before it; used when the handler fails */
    int retry_after_s;  /* 0: no such header */
};

/* `ctx` is the server's, `worker` counts from 0: each worker may keep its own connection. False makes a problem. */
typedef bool http_fn(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err);

/* When a request is answered: after those that came before it; before those that are not urgent, because somebody
 * stands at a till; or at once by the thread that reads, without guard, because it needs nothing (worker is -1). */
enum http_haste { HTTP_IN_TURN, HTTP_URGENT, HTTP_AT_ONCE };

/* One row of the table of routes. */
struct http_route {
    const char *method, *pattern;
    int access; /* who may call it: a number that the guard understands */
    enum http_haste haste;
    http_fn *fn;
    size_t body_max; /* of this route alone; 0: as the server has it */
};

struct http_opts {
    const char *listen;     /* "127.0.0.1:8443"; port 0: any free one */
    const char *cert, *key; /* PEM files; "": plain, on loopback only */
    const struct http_route *routes;
    size_t n_routes;
    void *ctx;
    /* Runs in the worker before the handler; fails when the caller may not. Gives the caller's name. May be NULL. */
    bool (*guard)(void *ctx, int worker, int access, struct http_request *r, struct http_response *w, struct err *err);
    /* Runs in every worker about once a second between requests. May be NULL. */
    void (*idle)(void *ctx, int worker);
    /* Called once, when connections are accepted, with the address that is listened on. May be NULL. */
    void (*listening)(void *ctx, const char *address);
    int workers;
    int large_max; /* requests at a time whose route takes more than others */
    int connections_max;
    int waiting_max; /* requests that wait for a worker */
    size_t head_max, body_max;
    int idle_ms, request_ms;
    int64_t rate_per_s; /* requests from one address; 0: no limit */
};

struct http; /* opaque */

/* Opens the socket and reads the certificate, so that mistakes show before anything runs. Fails with ERR_USAGE,
 * ERR_GUARD (plain on an address that others can reach), ERR_TLS or ERR_LISTEN. Strings are borrowed from `o`. */
bool http_open(const struct http_opts *o, struct http **ret, struct err *err) MUST_CHECK;

/* Serves until a stop is requested (base/cancel): then nothing new is accepted, what is being answered gets its answer,
 * and true is returned. */
bool http_run(struct http *h, struct err *err) MUST_CHECK;

void http_free(struct http *h);
DEFINE_SCOPED(http)

/* The value of a header, or NULL; names compare without case. A header that was sent twice has no value. */
const char *http_header(const struct http_request *r, const char *name);

#endif
