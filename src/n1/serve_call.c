#include "n1/serve.h"

static bool post_call(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    const char *type = http_header(r, "Content-Type");
    if (!type || strncmp(type, "application/json", strlen("application/json")) != 0)
        return err_set(err, ERR_REQUEST, "the header Content-Type is not application/json");
    return serve_database(ctx, worker, &pg, err) &&
           calls_answer(serve_opts(ctx)->calls, pg, r->caller, route_param(&r->params, "method"), r->body, r->a,
                        &w->body, err);
}

static const struct http_route routes[] = {
    {"POST", "/v1/calls/{method}", SERVE_STORE, HTTP_URGENT, post_call},
};

const struct serve_routes serve_calls = {routes, ARRAY_LEN(routes)};
