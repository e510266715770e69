/*
 * hq: headquarters as a store sees it: signed requests in a session, as docs/n1/protocol.md has them.
 *
 * A session is opened with the first request, and again when it is over; it lives in memory only. The difference
 * between the two clocks is taken from the answers, so a store whose clock is wrong, or jumps, works all the same. What
 * can pass at once (a session that ended, a clock, a nonce) is tried again here, signed anew; everything else is an
 * answer for the caller, who makes an error of it with hq_refused(). One thread per object.
 */
#ifndef STORE_HQ_H
#define STORE_HQ_H
#include "base/arena.h"
#include "net/client.h"
#include "net/secret.h"
#include <jansson.h>

#define HQ_ANSWER_MAX (1u << 20) /* bytes of an answer that is JSON */

struct hq; /* opaque */

/* Everything is borrowed. Sends nothing yet. Fails like client_new(). */
bool hq_new(const struct client_opts *o, const char *store, const struct secret *secret, struct hq **ret,
            struct err *err) MUST_CHECK;
void hq_free(struct hq *h);
DEFINE_SCOPED(hq)

/* One request; its headers are made here. A 2xx is true and so is every other status that is not for the session: look
 * at ret->status. Fails like client_send(), and with the gateway's own codes when no session can be opened. */
bool hq_send(struct hq *h, const struct client_request *r, struct client_answer *ret, struct err *err) MUST_CHECK;

/* Sends it and fails unless the status is 2xx. */
bool hq_ask(struct hq *h, const struct client_request *r, struct client_answer *ret, struct err *err) MUST_CHECK;

/* Ends the session, when there is one; it does not matter whether that arrives. */
void hq_close(struct hq *h);

/* An error from an answer: its `type` is our code where we have one. Returns false. */
bool hq_refused(const struct client_answer *a, const char *what, struct err *err);

/* `type` of the problem, "" when it is none. */
void hq_type(const struct client_answer *a, char ret_type[40]);

/* A number of the problem ("expected"), or `fallback`. */
int64_t hq_detail(const struct client_answer *a, const char *name, int64_t fallback);

/* The body as a JSON object. Fails with ERR_HQ_ANSWER. The caller frees it (json_decref). */
bool hq_object(const struct client_answer *a, json_t **ret, struct err *err) MUST_CHECK;

/* Seconds that headquarters asked to wait with its last answer; 0: none. */
int hq_wait_s(const struct hq *h);

/* The four headers that sign a request: "Name: value" lines in the arena. */
void hq_sign(const char *session, const struct secret *key, int64_t now_s, const struct client_request *r,
             struct arena *a, const char *ret_headers[4]);

void hq_free_json(json_t **root);
#define SCOPED_JSON __attribute__((cleanup(hq_free_json))) json_t

#endif
