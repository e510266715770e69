#include "net/http.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/thread.h"
#include "net/places.h"
#include "net/problem.h"
#include "net/rate.h"
#include "net/secret.h"
#include "net/tls.h"
#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/bufferevent_ssl.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/keyvalq_struct.h>
#include <event2/listener.h>
#include <search.h>
#include <strings.h>
#include <sys/eventfd.h>
#include <sys/queue.h>
#include <unistd.h>

#define BACKLOG 4096
#define TICK_MS 100
#define HEADERS_MAX 64
#define LARGE_PER_WORKER 4 /* requests at a time whose route takes more than others */
#define LINE_SEEN_MAX 64   /* bytes of a request line that tell such a route */
#define HEAD_SEEN_MAX 4096 /* bytes of a head that may tell who a proxy speaks for */
#define SPARE_FILES 64     /* for everything that is no connection */
#define ALL_METHODS 0xFFFF

/* What a connection is doing; each has its own time limit. */
enum conn_state { CONN_IDLE, CONN_READING, CONN_WORKING, CONN_WRITING };

/* One connection. evhttp does not tell when it frees a bufferevent, so there is a second reference to it here, which is
 * dropped at the next tick after evhttp has let go: one without callbacks is in nobody's hands. */
struct conn {
    struct bufferevent *socket;
    struct http *http;
    struct conn *next, **link; /* all connections */
    struct event *deadline;
    enum conn_state state;
    bool line_seen; /* of this request */
    int place;      /* among those whose route takes more than others */
};

struct http {
    const struct http_opts *o;
    struct tls *tls;
    struct rate *rate;
    struct event_base *base;
    struct evhttp *evhttp;
    struct evconnlistener *listener;
    struct event *tick, *wake;
    int wake_fd;
    struct queue *jobs, *done;
    void *tree; /* tsearch(3): connections by their bufferevent */
    struct conn *conns;
    int n_conns, n_conns_max;
    struct places *large; /* requests whose route takes more than others */
    int in_flight;        /* requests with a worker, or waiting for one */
    int busy;             /* requests whose answer is not sent yet */
    bool stopping;
};

/* One request on its way through a worker. */
struct job {
    struct arena *a;
    struct evhttp_request *ev;
    const struct http_route *route;
    struct http_request request;
    struct http_response response;
    bool ok;
    struct err err;
};

/* --- connections --- */

static int compare_conns(const void *a, const void *b)
{
    uintptr_t one = (uintptr_t)((const struct conn *)a)->socket, two = (uintptr_t)((const struct conn *)b)->socket;
    return one < two ? -1 : one > two;
}

static struct conn *conn_of(struct http *h, struct evhttp_request *ev)
{
    struct evhttp_connection *connection = evhttp_request_get_connection(ev);
    if (!connection)
        return NULL;
    struct conn key = {.socket = evhttp_connection_get_bufferevent(connection)};
    void *found = tfind(&key, &h->tree, compare_conns);
    return found ? *(struct conn **)found : NULL;
}

/* The callbacks of a bufferevent belong to evhttp, and their argument is its connection. */
static void set_body_max(struct conn *c, size_t most)
{
    void *connection = NULL;
    bufferevent_getcb(c->socket, NULL, NULL, NULL, &connection);
    if (connection)
        evhttp_connection_set_max_body_size(connection, (ev_ssize_t)most);
}

static void forget_request(struct conn *c)
{
    c->line_seen = false;
    if (c->place == PLACES_NONE)
        return;
    places_leave(c->http->large, c->place);
    c->place = PLACES_NONE;
    set_body_max(c, c->http->o->body_max);
}

static void enter(struct conn *c, enum conn_state state)
{
    const struct http_opts *o = c->http->o;
    int ms = state == CONN_IDLE ? o->idle_ms : o->request_ms;
    struct timeval limit = {ms / 1000, (ms % 1000) * 1000};
    bool was_busy = c->state >= CONN_WORKING, is_busy = state >= CONN_WORKING;
    c->http->busy += (int)is_busy - (int)was_busy;
    c->state = state;
    if (state == CONN_IDLE)
        forget_request(c);
    if (state == CONN_WORKING)
        event_del(c->deadline);
    else
        event_add(c->deadline, &limit);
}

/* evhttp sees the end of the stream and frees the connection. */
static void end_conn(evutil_socket_t fd, short what, void *arg)
{
    struct conn *c = arg;
    (void)fd;
    (void)what;
    log_debug("http.late", "a connection is closed: too late");
    shutdown(bufferevent_getfd(c->socket), SHUT_RDWR);
}

/* A route that takes larger bodies than others is told by its method and the part of its pattern before a brace. */
static size_t large_body_max(const struct http_opts *o, const char *line)
{
    for (size_t i = 0; i < o->n_routes; i++) {
        const struct http_route *r = &o->routes[i];
        char start[LINE_SEEN_MAX];
        int n = snprintf(start, sizeof start, "%s %.*s", r->method, (int)strcspn(r->pattern, "{"), r->pattern);
        if (r->body_max > o->body_max && strncmp(line, start, (size_t)n) == 0)
            return r->body_max;
    }
    return 0;
}

/* What follows a header's name in a head that is still being read; "" when it is not there. */
static void value_in_head(struct evbuffer *in, const char *name, char *ret, size_t size)
{
    char head[HEAD_SEEN_MAX] = "";
    evbuffer_copyout(in, head, sizeof head - 1);
    const char *at = strcasestr(head, name);
    size_t n = at ? strcspn(at + strlen(name), "\r\n") : 0;
    snprintf(ret, size, "%.*s", (int)n, at ? at + strlen(name) : "");
}

/* Whose request this will be: client_address() before there is a request. */
static void line_of(const struct conn *c, struct evbuffer *in, char ret_line[ADDRESS_MAX])
{
    struct address peer = {0};
    socklen_t n = sizeof peer.sa;
    char text[ADDRESS_MAX], forwarded[HEAD_SEEN_MAX] = "";
    if (!c->http->tls)
        value_in_head(in, "\nX-Forwarded-For:", forwarded, sizeof forwarded);
    if (forwarded[0]) {
        const char *last = strrchr(forwarded, ',');
        struct str one = str_trim(str_of(last ? last + 1 : forwarded));
        snprintf(text, sizeof text, "%.*s", STR_ARG(one));
    } else {
        getpeername(bufferevent_getfd(c->socket), (struct sockaddr *)&peer.sa, &n);
        address_host(&peer, text);
    }
    address_line(text, ret_line);
}

/* The limit has to stand before evhttp has read the head. Memory for large bodies is for a few at a time, and one
 * client leaves half of it to the others: who comes too much gets no answer, and sends it again. */
static void look_at_line(struct conn *c, struct evbuffer *in)
{
    struct http *h = c->http;
    char line[LINE_SEEN_MAX] = "";
    ev_ssize_t n = evbuffer_copyout(in, line, sizeof line - 1);
    if (n < (ev_ssize_t)sizeof line - 1 && !memchr(line, '\n', (size_t)MAX(n, 0)))
        return;
    c->line_seen = true;
    size_t most = large_body_max(h->o, line);
    if (most == 0)
        return;
    char whose[ADDRESS_MAX];
    line_of(c, in, whose);
    c->place = places_take(h->large, whose);
    if (c->place == PLACES_NONE) {
        log_warn("http.large", "a connection of %s is closed: too many large requests are on their way", whose);
        shutdown(bufferevent_getfd(c->socket), SHUT_RDWR);
        return;
    }
    set_body_max(c, most);
}

static void on_input(struct evbuffer *buffer, const struct evbuffer_cb_info *info, void *arg)
{
    struct conn *c = arg;
    if (info->n_added && c->state == CONN_IDLE)
        enter(c, CONN_READING);
    if (info->n_added && c->state == CONN_READING && !c->line_seen)
        look_at_line(c, buffer);
}

static void forget_conn(struct conn *c)
{
    struct http *h = c->http;
    tdelete(c, &h->tree, compare_conns);
    *c->link = c->next;
    if (c->next)
        c->next->link = c->link;
    if (c->state >= CONN_WORKING)
        h->busy--;
    places_leave(h->large, c->place);
    if (h->n_conns-- == h->n_conns_max && !h->stopping)
        evconnlistener_enable(h->listener);
    event_free(c->deadline);
    bufferevent_decref(c->socket);
    free(c);
}

static bool is_let_go(const struct conn *c)
{
    bufferevent_event_cb on_event = NULL;
    bufferevent_getcb(c->socket, NULL, NULL, &on_event, NULL);
    return !on_event;
}

static void sweep(struct http *h)
{
    for (struct conn *c = h->conns, *next; c; c = next) {
        next = c->next;
        if (is_let_go(c))
            forget_conn(c);
    }
}

static struct bufferevent *new_socket(struct http *h)
{
    if (!h->tls)
        return bufferevent_socket_new(h->base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct bufferevent *b = bufferevent_openssl_socket_new(h->base, -1, tls_accept(h->tls), BUFFEREVENT_SSL_ACCEPTING,
                                                           BEV_OPT_CLOSE_ON_FREE);
    bufferevent_openssl_set_allow_dirty_shutdown(b, 1);
    return b;
}

static struct bufferevent *new_conn(struct event_base *base, void *arg)
{
    struct http *h = arg;
    struct conn *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->http = h;
    c->place = PLACES_NONE;
    c->socket = new_socket(h);
    bufferevent_incref(c->socket);
    c->deadline = evtimer_new(base, end_conn, c);
    if (!c->deadline || !tsearch(c, &h->tree, compare_conns))
        abort();
    c->next = h->conns;
    c->link = &h->conns;
    if (c->next)
        c->next->link = &c->next;
    h->conns = c;
    evbuffer_add_cb(bufferevent_get_input(c->socket), on_input, c);
    enter(c, CONN_IDLE);
    if (++h->n_conns == h->n_conns_max)
        evconnlistener_disable(h->listener);
    return c->socket;
}

/* --- answers --- */

static void on_sent(struct evhttp_request *ev, void *arg)
{
    struct conn *c = conn_of(arg, ev);
    if (c)
        enter(c, CONN_IDLE);
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
        enter(c, CONN_WRITING);
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

static void free_job(struct job *j)
{
    buf_done(&j->response.body);
    buf_done(&j->response.problem);
    arena_free(j->a);
}

static void finish(struct http *h, struct job *j)
{
    if (!j->ok)
        put_problem(&j->response, &j->err, j->request.path.n ? j->route ? j->route->pattern : "no route" : "request");
    send_response(h, j->ev, &j->response);
    free_job(j);
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

static void on_request(struct evhttp_request *ev, void *arg)
{
    struct http *h = arg;
    struct conn *c = conn_of(h, ev);
    struct arena *a = arena_new();
    struct job *j = arena_new_one(a, struct job);
    *j = (struct job){.a = a, .ev = ev, .response = {.status = 200, .type = "application/json"}};
    assert(c);
    enter(c, CONN_WORKING);
    j->ok = read_request(h, j, &j->err);
    if (j->ok && j->route->haste == HTTP_AT_ONCE)
        j->ok = j->route->fn(h->o->ctx, -1, &j->request, &j->response, &j->err);
    else if (j->ok && hand_over(h, j, &j->err))
        return;
    else
        j->ok = false;
    finish(h, j);
}

/* --- workers --- */

static void run_job(struct http *h, struct job *j, int worker)
{
    const struct http_opts *o = h->o;
    uint64_t one = 1;
    j->ok = (!o->guard || o->guard(o->ctx, worker, j->route->access, &j->request, &j->response, &j->err)) &&
            j->route->fn(o->ctx, worker, &j->request, &j->response, &j->err);
    bool put = queue_try_put(h->done, j);
    assert(put); /* it has room for everything that can be in flight */
    ssize_t n = write(h->wake_fd, &one, sizeof one);
    assert(n == sizeof one);
}

/* Ends when the queue is closed, which happens when the loop has ended. */
static void work(struct http *h, int worker)
{
    int64_t idled = clock_us();
    while (!queue_closed(h->jobs)) {
        struct job *j = queue_take(h->jobs, 200);
        if (j)
            run_job(h, j, worker);
        if (h->o->idle && clock_us() - idled >= 1000000) {
            h->o->idle(h->o->ctx, worker);
            idled = clock_us();
        }
    }
}

static void on_done(evutil_socket_t fd, short what, void *arg)
{
    struct http *h = arg;
    uint64_t count = 0;
    (void)what;
    if (read(fd, &count, sizeof count) < 0)
        return;
    for (struct job *j; (j = queue_take(h->done, 0));) {
        h->in_flight--;
        finish(h, j);
    }
}

/* --- the loop --- */

/* What is being read then is lost to the client, who tries again elsewhere; what is being answered gets its answer. */
static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct http *h = arg;
    (void)fd;
    (void)what;
    sweep(h);
    if (h->tls)
        tls_watch(h->tls);
    if (!cancel_requested())
        return;
    if (!h->stopping) {
        h->stopping = true;
        evconnlistener_disable(h->listener);
        log_info("http.stopping", "no more connections are accepted; %d requests get their answer", h->busy);
    }
    if (h->in_flight == 0 && h->busy == 0)
        event_base_loopbreak(h->base);
}

static bool loop(struct http *h, struct err *err)
{
    struct timeval tick = {0, TICK_MS * 1000};
    event_add(h->wake, NULL);
    event_add(h->tick, &tick);
    int rc = event_base_dispatch(h->base);
    queue_close(h->jobs);
    return rc >= 0 || err_set(err, ERR_LISTEN, "the event loop failed");
}

static bool take_part(struct crew *crew, void *ctx, int member, struct err *err)
{
    (void)crew;
    if (member == 0)
        return loop(ctx, err);
    work(ctx, member - 1);
    return true;
}

bool http_run(struct http *h, struct err *err)
{
    struct address at = {0};
    socklen_t n = sizeof at.sa;
    char text[ADDRESS_MAX];
    getsockname(evconnlistener_get_fd(h->listener), (struct sockaddr *)&at.sa, &n);
    address_text(&at, text);
    if (h->o->listening)
        h->o->listening(h->o->ctx, text);
    return crew_run(1 + h->o->workers, take_part, h, err);
}

/* --- open and free --- */

static bool check_plain(const struct http_opts *o, const struct address *at, struct err *err)
{
    if (o->cert[0] && o->key[0])
        return true;
    if (o->cert[0] || o->key[0])
        return err_set(err, ERR_USAGE, "a certificate and its key are needed, but only one of them is given");
    if (address_is_loopback(at))
        return true;
    err_set(err, ERR_GUARD, "without TLS %s would be open to everybody who can reach it", o->listen);
    return err_hint(err, "Give a certificate and its key, or listen on 127.0.0.1 behind a proxy that does TLS.");
}

static bool open_socket(struct http *h, const struct address *at, struct err *err)
{
    unsigned flags = LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_REUSEABLE;
    h->listener = evconnlistener_new_bind(h->base, NULL, NULL, flags, BACKLOG, (const struct sockaddr *)&at->sa, at->n);
    if (!h->listener)
        return err_os(err, ERR_LISTEN, errno, "listening on %s", h->o->listen);
    if (!evhttp_bind_listener(h->evhttp, h->listener))
        abort();
    return true;
}

/* Said at the start: who notices it under load thinks of the network. */
static int files_for_connections(int wanted)
{
    int64_t most = MAX(file_most_open() - SPARE_FILES, 1);
    if (most >= wanted)
        return wanted;
    log_warn("http.files", "only %" PRId64 " connections at the same time instead of %d: no more files may be open",
             most, wanted);
    return (int)most;
}

static void set_limits(struct http *h)
{
    const struct http_opts *o = h->o;
    evhttp_set_max_headers_size(h->evhttp, (ev_ssize_t)o->head_max);
    evhttp_set_max_body_size(h->evhttp, (ev_ssize_t)o->body_max);
    evhttp_set_timeout(h->evhttp, (MAX(o->idle_ms, o->request_ms) + 999) / 1000 + 1); /* `deadline` comes first */
    evhttp_set_allowed_methods(h->evhttp, ALL_METHODS);
    evhttp_set_default_content_type(h->evhttp, NULL);
    evhttp_set_bevcb(h->evhttp, new_conn, h);
    evhttp_set_gencb(h->evhttp, on_request, h);
    h->n_conns_max = files_for_connections(o->connections_max);
}

static void log_libevent(int severity, const char *message)
{
    log_event(severity >= EVENT_LOG_ERR ? LOG_WARN : LOG_DEBUG, "http.libevent", "%s", message);
}

static struct http *new_http(const struct http_opts *o)
{
    struct http *h = calloc(1, sizeof *h);
    if (!h)
        abort();
    event_set_log_callback(log_libevent);
    h->o = o;
    h->rate = rate_new(o->rate_per_s, MAX(2 * o->rate_per_s, 1));
    h->large = places_new(o->workers * LARGE_PER_WORKER);
    h->jobs = queue_new((size_t)o->waiting_max);
    h->done = queue_new((size_t)o->waiting_max);
    h->base = event_base_new();
    h->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (!h->base || h->wake_fd < 0 || !(h->evhttp = evhttp_new(h->base)))
        abort();
    h->wake = event_new(h->base, h->wake_fd, EV_READ | EV_PERSIST, on_done, h);
    h->tick = event_new(h->base, -1, EV_PERSIST, on_tick, h);
    if (!h->wake || !h->tick)
        abort();
    set_limits(h);
    return h;
}

bool http_open(const struct http_opts *o, struct http **ret, struct err *err)
{
    struct address at;
    SCOPED(tls) tls = NULL;
    assert(o->workers > 0 && o->waiting_max > 0 && o->connections_max > 0);
    if (!address_parse(o->listen, &at, err) || !check_plain(o, &at, err) ||
        (o->cert[0] && !tls_open(o->cert, o->key, &tls, err)))
        return false;
    SCOPED(http) h = new_http(o);
    h->tls = tls;
    tls = NULL;
    if (!open_socket(h, &at, err))
        return false;
    *ret = h;
    h = NULL;
    return true;
}

static void drop_jobs(struct queue *q)
{
    for (struct job *j; (j = queue_take(q, 0));)
        free_job(j);
}

void http_free(struct http *h)
{
    if (!h)
        return;
    h->stopping = true;
    drop_jobs(h->jobs);
    drop_jobs(h->done);
    evhttp_free(h->evhttp); /* with its listener and connections */
    sweep(h);
    event_base_loop(h->base, EVLOOP_NONBLOCK); /* bufferevents end in the loop */
    event_free(h->wake);
    event_free(h->tick);
    event_base_free(h->base);
    assert(h->n_conns == 0);
    close(h->wake_fd);
    queue_free(h->jobs);
    queue_free(h->done);
    rate_free(h->rate);
    places_free(h->large);
    tls_free(h->tls);
    free(h);
}
