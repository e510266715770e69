#include "n1/serve.h"
#include "n1/upload.h"

#define BODY_MAX ((size_t)16 << 20)

/* The worker's connection for uploads, which is another one than for everything else: it has temporary tables and
 * prepared statements. One that broke, or failed in a way that is not the store's, is made anew. */
static bool open_ingest(void *ctx, int worker, struct ingest **ret, struct err *err)
{
    struct ingest **slot = serve_ingest(ctx, worker);
    const struct gateway_opts *o = serve_opts(ctx);
    if (*slot && serve_is_broken((*slot)->pg)) {
        ingest_free(*slot);
        *slot = NULL;
    }
    if (!*slot && !upload_open(o->target_uri, o->package, slot, err))
        return false;
    *ret = *slot;
    return true;
}

/* Nothing is wrong with the connection. */
static bool is_usual(const struct err *err)
{
    return err->code == ERR_SERVER_BUSY || err->code == ERR_GATEWAY_BUSY || err->code == ERR_UPLOAD_GAP ||
           err->code == ERR_UPLOAD_DIFFERS || err->code == ERR_UPLOAD_COUNTER || err->code == ERR_UPLOAD_REFUSED ||
           err->code == ERR_UPLOAD_LARGE;
}

static bool keep_or_drop(void *ctx, int worker, bool ok, const struct err *err)
{
    struct ingest **slot = serve_ingest(ctx, worker);
    if (!ok && !is_usual(err)) {
        ingest_free(*slot);
        *slot = NULL;
    }
    return ok;
}

static bool get_uploads(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct ingest *in = NULL;
    return open_ingest(ctx, worker, &in, err) &&
           keep_or_drop(ctx, worker, upload_state(in, r->caller, &w->body, err), err);
}

static bool put_upload(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct ingest *in = NULL;
    struct upload u = {.store = r->caller, .body = r->body};
    const char *type = http_header(r, "Content-Type");
    if (!type || strcmp(type, "application/zstd") != 0)
        return err_set(err, ERR_REQUEST, "the header Content-Type is not application/zstd");
    if (!serve_number(r, "number", &u.number, err) || !open_ingest(ctx, worker, &in, err))
        return false;
    if (u.number < 1)
        return err_set(err, ERR_REQUEST, "packages are numbered from 1");
    w->status = 201;
    return keep_or_drop(ctx, worker, upload_take(in, &u, r->a, &w->body, &w->problem, err), err);
}

static const struct http_route routes[] = {
    {"GET", "/v1/uploads", SERVE_STORE, HTTP_IN_TURN, get_uploads, 0},
    {"PUT", "/v1/uploads/{number}", SERVE_STORE, HTTP_IN_TURN, put_upload, BODY_MAX},
};

const struct serve_routes serve_uploads = {routes, ARRAY_LEN(routes)};
