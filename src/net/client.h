/*
 * client: requests over HTTP/1.1 to one server, over libcurl.
 *
 * TLS 1.2 or newer, and the server's certificate is always verified; a CA file takes the place of the system's. Plain
 * http is for addresses of this machine only. Connections are kept open and used again. Every request has an end: the
 * connection has to stand in `connect_ms`, and a transfer that moves less than 100 bytes a second for `stall_ms` is
 * given up. Redirects are not followed. One thread per object.
 *
 * A failure says what is known: ERR_HQ_CONNECT, nothing was sent; ERR_HQ_TRUST, the server is not who it should be;
 * ERR_HQ_LOST, it may have taken effect; ERR_HQ_ANSWER, the answer is larger than allowed or no HTTP. Any status is an
 * answer, not a failure. A stop that is requested (base/cancel) ends a request with ERR_INTERRUPTED.
 */
#ifndef NET_CLIENT_H
#define NET_CLIENT_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include <curl/curl.h>
#include <stdint.h>

struct client_opts {
    const char *url; /* "https://hq.example.com:8443", without a path */
    const char *ca;  /* PEM file; "": the system's */
    int connect_ms, stall_ms;
    int total_ms; /* of a whole request; 0: no limit */
};

struct client_request {
    const char *method, *target; /* "GET", "/v1/store?x=1" */
    const char *type;            /* of the body */
    struct str body;             /* p NULL: none */
    const char *const *headers;  /* "Name: value" */
    size_t n_headers;
    size_t answer_max; /* bytes of the answer's body */
};

struct client_answer {
    int status;
    int64_t time_s;    /* of the header Carryover-Time; 0: none */
    int retry_after_s; /* 0: none */
    bool is_json;      /* also application/problem+json */
    struct buf body;
};

void client_answer_done(struct client_answer *a);
#define SCOPED_CLIENT_ANSWER __attribute__((cleanup(client_answer_done))) struct client_answer

struct client; /* opaque */

/* Checks the address and the CA file. Fails with ERR_USAGE, ERR_GUARD (plain http to another machine), ERR_FILE. */
bool client_new(const struct client_opts *o, struct client **ret, struct err *err) MUST_CHECK;
void client_free(struct client *c);
DEFINE_SCOPED(client)

/* Sends a request and waits for the answer, whose buffers are used again. */
bool client_send(struct client *c, const struct client_request *r, struct client_answer *ret,
                 struct err *err) MUST_CHECK;

/* Sets what every request of this server has on a curl handle, for those who drive many at the same time. */
void client_prepare(const struct client_opts *o, CURL *curl);

/* The headers of a request as curl wants them, to be freed with curl_slist_free_all() after it; and its method and
 * body, which have to live until then. */
struct curl_slist *client_headers(const struct client_request *r);
void client_body(CURL *curl, const struct client_request *r);

/* Fails with ERR_USAGE or ERR_GUARD for an address that client_new() would refuse. */
bool client_check_url(const char *url, struct err *err) MUST_CHECK;

/* The host in an address that client_check_url() has passed, without brackets, in the arena; "" for "". */
const char *client_host(const char *url, struct arena *a);

#endif
