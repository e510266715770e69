#include "base/clock.h"
#include "n1/download.h"
#include "n1/registry.h"
#include "n1/serve.h"

#define MESSAGE_MAX 500

/* The value of a query that is nothing but `at=...`. Names of chains need no percent signs, but @ and : may have some.
 */
static bool read_at(const struct http_request *r, struct download_store *ret, struct err *err)
{
    struct str text = {0};
    if (!str_starts(r->query, "at=") || !route_decode((struct str){r->query.p + 3, r->query.n - 3}, r->a, &text))
        return err_set(err, ERR_REQUEST, "the query has to be at=CHAIN:VERSION,... as in docs/n1/protocol.md");
    return download_parse(text, r->a, ret, err);
}

#define CONTACT_US INT64_C(60000000) /* how exactly a last contact is known while nothing happens */

static bool note_contact(void *ctx, int worker, const struct http_request *r, struct err *err)
{
    struct pg *pg = NULL;
    return !quiet_contact(serve_quiet(ctx), str_of(r->caller), clock_us(), CONTACT_US) ||
           (serve_database(ctx, worker, &pg, err) && registry_contact(pg, r->caller, NULL, err));
}

static bool look(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    const struct gateway_opts *o = serve_opts(ctx);
    struct download_store store = {.store = r->caller, .tries_max = o->tries};
    bool nothing = false;
    if (!read_at(r, &store, err) || !serve_database(ctx, worker, &pg, err) ||
        !download_next(pg, &store, o->poll_s, &w->body, &nothing, err))
        return false;
    if (nothing)
        quiet_note(serve_quiet(ctx), str_of(r->caller), r->query, r->epoch);
    return true;
}

/* Most polls end in memory. */
static bool get_next(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    if (!note_contact(ctx, worker, r, err))
        return false;
    if (!quiet_is(serve_quiet(ctx), str_of(r->caller), r->query, r->epoch))
        return look(ctx, worker, r, w, err);
    download_put_nothing(&w->body, false, serve_opts(ctx)->poll_s);
    return true;
}

static bool get_part(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    int64_t package = 0, no = 0;
    w->type = "application/octet-stream";
    return serve_number(r, "package", &package, err) && serve_number(r, "part", &no, err) &&
           serve_database(ctx, worker, &pg, err) && download_part(pg, r->caller, package, no, &w->body, err);
}

static bool post_state(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    int64_t package = 0;
    const char *state = "", *message = "";
    SCOPED_JSON *root = NULL;
    if (!serve_number(r, "package", &package, err) || !serve_object(r, &root, err) ||
        !serve_text(root, "state", 20, &state, err) ||
        (json_object_get(root, "message") && !serve_text(root, "message", MESSAGE_MAX, &message, err)) ||
        !serve_database(ctx, worker, &pg, err) || !download_note(pg, r->caller, package, state, message, err))
        return false;
    w->status = 204;
    return true;
}

static const struct http_route routes[] = {
    {"GET", "/v1/downloads", SERVE_STORE, HTTP_IN_TURN, get_next},
    {"GET", "/v1/downloads/{package}/parts/{part}", SERVE_STORE, HTTP_IN_TURN, get_part},
    {"POST", "/v1/downloads/{package}/state", SERVE_STORE, HTTP_IN_TURN, post_state},
};

const struct serve_routes serve_downloads = {routes, ARRAY_LEN(routes)};
