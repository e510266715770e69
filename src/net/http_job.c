#include "base/clock.h"
#include "base/log.h"
#include "net/http_internal.h"
#include "net/problem.h"
#include "net/secret.h"
#include <assert.h>
#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <strings.h>
#include <sys/queue.h>

#define HEADERS_MAX 64

/* --- answers --- */

static void on_sent(struct evhttp_request *ev, void *arg)
{
    struct conn *c = conn_of(arg, ev);
    if (c)
        conn_enter(c, CONN_IDLE);
}

static void put_headers(struct http *h, struct evhttp_request *ev, const struct http_response *w)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(ev);
    char number[24];
    snprintf(number, sizeof number, "%" PRId64, clock_wall_us() / 1000000);
    evhttp_add_header(out, "Carryover-Time", number);
    evhttp_add_header(out, "Cache-Control", "no-store");
    if (w->body.n)
        evhttp_add_header(out, "Content-Type", w->type);
    if (w->retry_after_s > 0) {
        snprintf(number, sizeof number, "%d", w->retry_after_s);
        evhttp_add_header(out, "Retry-After", number);
    }
    if (h->stopping || w->status == 400)
        evhttp_add_header(out, "Connection", "close");
}

static const char *reason(int status)
{
    static const struct {
        int status;
        const char *text;
    } reasons[] = {{200, "OK"},
                   {201, "Created"},
                   {204, "No Content"},
                   {400, "Bad Request"},
                   {401, "Unauthorized"},
                   {403, "Forbidden"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {409, "Conflict"},
                   {413, "Content Too Large"},
                   {422, "Unprocessable Content"},
                   {429, "Too Many Requests"},
                   {503, "Service Unavailable"}};
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (reasons[i].status == status)
            return reasons[i].text;
    return "Internal Server Error";
}

static void send_response(struct http *h, struct evhttp_request *ev, const struct http_response *w)
{
    struct conn *c = conn_of(h, ev);
    struct evbuffer *body = evbuffer_new();
    if (!body || evbuffer_add(body, w->body.p, w->body.n) != 0)
        abort();
    if (c) {
        put_headers(h, ev, w);
        evhttp_request_set_on_complete_cb(ev, on_sent, h);
        conn_enter(c, CONN_WRITING);
    }
    evhttp_send_reply(ev, w->status, reason(w->status), body);
    evbuffer_free(body);
}

static void put_problem(struct http_response *w, const struct err *err, const char *what)
{
    char reference[SECRET_ID_MAX];
    secret_id(reference);
    if (problem_is_public(err->code))
        log_debug("http.refused", "%s: %s: %s (%s)", what, err_info(err->code)->name, err->message, reference);
    else
        log_error("http.failed", "%s: [%s] %s (%s)", what, err_info(err->code)->name, err->message, reference);
    w->status = problem_status(err->code);
    w->type = PROBLEM_TYPE;
    if (w->status == 503 && !w->retry_after_s)
        w->retry_after_s = 1;
    buf_reset(&w->body);
    problem_put(&w->body, err, reference, clock_wall_us() / 1000000, buf_str(&w->problem));
}

void job_free(struct job *j)
{
    buf_done(&j->response.body);
    buf_done(&j->response.problem);
    arena_free(j->a);
}

void job_finish(struct http *h, struct job *j)
{
    if (!j->ok)
        put_problem(&j->response, &j->err, j->request.path.n ? j->route ? j->route->pattern : "no route" : "request");
    send_response(h, j->ev, &j->response);
    job_free(j);
}

/* --- requests --- */

static const char *method_name(enum evhttp_cmd_type type)
{
    switch (type) {
    case EVHTTP_REQ_GET:
        return "GET";
    case EVHTTP_REQ_POST:
        return "POST";
    case EVHTTP_REQ_PUT:
        return "PUT";
    case EVHTTP_REQ_DELETE:
        return "DELETE";
    case EVHTTP_REQ_PATCH:
        return "PATCH";
    case EVHTTP_REQ_HEAD:
        return "HEAD";
    case EVHTTP_REQ_OPTIONS:
        return "OPTIONS";
    case EVHTTP_REQ_TRACE:
        return "TRACE";
    case EVHTTP_REQ_CONNECT:
        return "CONNECT";
    }
    return "?";
}

const char *http_header(const struct http_request *r, const char *name)
{
    const char *found = NULL;
    for (size_t i = 0; i < r->n_headers; i++) {
        if (strcasecmp(r->headers[i].name, name) != 0)
            continue;
        if (found)
            return NULL;
        found = r->headers[i].value;
    }
    return found;
}

/* A token, RFC 9110 section 5.6.2. */
static bool is_header_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    return name[0] && name[strspn(name, letters)] == 0;
}

static bool read_headers(struct http_request *r, const struct evkeyvalq *in, struct err *err)
{
    const struct evkeyval *kv;
    size_t lengths = 0, codings = 0;
    r->headers = arena_new_array(r->a, struct http_header, HEADERS_MAX);
    TAILQ_FOREACH(kv, in, next)
    {
        if (r->n_headers == HEADERS_MAX)
            return err_set(err, ERR_REQUEST, "the request has more than %d headers", HEADERS_MAX);
        if (!is_header_name(kv->key))
            return err_set(err, ERR_REQUEST, "the name of a header has a character that may not be in it");
        r->headers[r->n_headers++] = (struct http_header){arena_dup(r->a, kv->key), arena_dup(r->a, kv->value)};
        lengths += strcasecmp(kv->key, "Content-Length") == 0;
        codings += strcasecmp(kv->key, "Transfer-Encoding") == 0;
    }
    /* Two ways to say where a body ends are how requests are smuggled past proxies (RFC 9112, section 11.2). */
    if (lengths + codings > 1)
        return err_set(err, ERR_REQUEST, "the length of the body is given more than once");
    return true;
}

static struct str read_body(struct arena *a, struct evbuffer *in)
{
    size_t n = evbuffer_get_length(in);
    char *p = arena_alloc(a, n + 1);
    evbuffer_copyout(in, p, n);
    return (struct str){p, n};
}

static const char *client_address(const struct http *h, const struct http_request *r, struct evhttp_request *ev)
{
    char *peer = NULL;
    ev_uint16_t port = 0;
    const char *forwarded = h->tls ? NULL : http_header(r, "X-Forwarded-For");
    if (forwarded) {
        const char *last = strrchr(forwarded, ',');
        return arena_dup_str(r->a, str_trim(str_of(last ? last + 1 : forwarded)));
    }
    evhttp_connection_get_peer(evhttp_request_get_connection(ev), &peer, &port);
    return arena_dup(r->a, peer ? peer : "?");
}

static bool check_rate(const struct http *h, struct job *j, struct err *err)
{
    char line[ADDRESS_MAX];
    address_line(j->request.address, line);
    j->response.retry_after_s = rate_wait_s(h->rate, str_of(line), clock_us());
    return j->response.retry_after_s == 0 || err_set(err, ERR_RATE, "too many requests from this address");
}

static bool find_route(const struct http_opts *o, struct job *j, struct err *err)
{
    struct route_target target;
    struct http_request *r = &j->request;
    bool other_method = false;
    if (!route_read(r->target, r->a, &target, err))
        return false;
    r->path = target.path;
    r->query = target.query;
    for (size_t i = 0; i < o->n_routes && !j->route; i++) {
        if (!route_matches(o->routes[i].pattern, &target, &r->params))
            continue;
        if (strcmp(o->routes[i].method, r->method) == 0)
            j->route = &o->routes[i];
        other_method = true;
    }
    if (j->route)
        return true;
    return other_method ? err_set(err, ERR_METHOD, "the method %s is not one of this path", r->method)
                        : err_set(err, ERR_NOT_FOUND, "there is nothing at this path");
}

static bool read_request(const struct http *h, struct job *j, struct err *err)
{
    struct http_request *r = &j->request;
    struct evhttp_request *ev = j->ev;
    *r = (struct http_request){.a = j->a, .caller = "", .address = "?"};
    r->method = method_name(evhttp_request_get_command(ev));
    r->target = str_of(arena_dup(j->a, evhttp_request_get_uri(ev)));
    bool ok = read_headers(r, evhttp_request_get_input_headers(ev), err);
    r->address = client_address(h, r, ev);
    r->body = read_body(j->a, evhttp_request_get_input_buffer(ev));
    return ok && check_rate(h, j, err) && find_route(h->o, j, err);
}

static bool enqueue(struct http *h, struct job *j)
{
    return j->route->haste == HTTP_URGENT ? queue_try_put_first(h->jobs, j) : queue_try_put(h->jobs, j);
}

static bool hand_over(struct http *h, struct job *j, struct err *err)
{
    if (h->stopping || h->in_flight >= h->o->waiting_max || !enqueue(h, j))
        return err_set(err, ERR_GATEWAY_BUSY, "%d requests wait already", h->in_flight);
    h->in_flight++;
    return true;
}

void job_begin(struct evhttp_request *ev, void *arg)
{
    struct http *h = arg;
    struct conn *c = conn_of(h, ev);
    struct arena *a = arena_new();
    struct job *j = arena_new_one(a, struct job);
    *j = (struct job){.a = a, .ev = ev, .response = {.status = 200, .type = "application/json"}};
    assert(c);
    conn_enter(c, CONN_WORKING);
    j->ok = read_request(h, j, &j->err);
    if (j->ok && j->route->haste == HTTP_AT_ONCE)
        j->ok = j->route->fn(h->o->ctx, -1, &j->request, &j->response, &j->err);
    else if (j->ok && hand_over(h, j, &j->err))
        return;
    else
        j->ok = false;
    job_finish(h, j);
}
