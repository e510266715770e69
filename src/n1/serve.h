/*
 * serve: what the files with routes of the gateway share.
 *
 * Each file has handlers and exports their table; gateway.c puts the tables together and lets nobody in who may not.
 * The `ctx` of a handler is the gateway. A handler of a store finds the store's id in `r->caller`.
 */
#ifndef N1_SERVE_H
#define N1_SERVE_H
#include "db/pg.h"
#include "n1/gateway.h"
#include "n1/quiet.h"
#include "net/http.h"
#include <jansson.h>

/* Who may call a route. */
enum serve_access { SERVE_OPEN, SERVE_STORE, SERVE_ADMIN };

struct serve_routes {
    const struct http_route *p;
    size_t n;
};

extern const struct serve_routes serve_downloads, serve_calls, serve_uploads;

/* The worker's connection to the target; one that broke is replaced. */
bool serve_database(void *ctx, int worker, struct pg **ret, struct err *err) MUST_CHECK;

const struct gateway_opts *serve_opts(void *ctx);
struct quiet *serve_quiet(void *ctx);

/* Where the worker keeps its connection for uploads; NULL in it: it has none. */
struct ingest **serve_ingest(void *ctx, int worker);

/* True when the server has ended the connection. */
bool serve_is_broken(struct pg *pg);

/* --- reading requests; all fail with ERR_REQUEST --- */

void serve_free_json(json_t **root);
#define SCOPED_JSON __attribute__((cleanup(serve_free_json))) json_t

/* The body as a JSON object; release it with SCOPED_JSON. */
bool serve_object(const struct http_request *r, json_t **ret, struct err *err) MUST_CHECK;

/* A member: text of 1 to `most` bytes without control characters. `*ret` lives as long as the document. */
bool serve_text(const json_t *root, const char *name, size_t most, const char **ret, struct err *err) MUST_CHECK;

/* A part of the path that is a number from 0. */
bool serve_number(const struct http_request *r, const char *name, int64_t *ret, struct err *err) MUST_CHECK;

#endif
