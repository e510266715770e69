#include "base/log.h"
#include "net/http_internal.h"
#include <event2/buffer.h>
#include <event2/bufferevent_ssl.h>
#include <search.h>

#define LINE_SEEN_MAX 64   /* bytes of a request line that tell a route that takes more than others */
#define HEAD_SEEN_MAX 4096 /* bytes of a head that may tell who a proxy speaks for */

static int compare_conns(const void *a, const void *b)
{
    uintptr_t one = (uintptr_t)((const struct conn *)a)->socket, two = (uintptr_t)((const struct conn *)b)->socket;
    return one < two ? -1 : one > two;
}

struct conn *conn_of(struct http *h, struct evhttp_request *ev)
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

void conn_enter(struct conn *c, enum conn_state state)
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

/* What follows a header's name in a head that is still being read; "" when it is not there, or there twice. */
static void value_in_head(struct evbuffer *in, const char *name, char *ret, size_t size)
{
    char head[HEAD_SEEN_MAX] = "";
    evbuffer_copyout(in, head, sizeof head - 1);
    char *end = strstr(head, "\r\n\r\n");
    if (end)
        *end = '\0';
    const char *at = strcasestr(head, name);
    if (at && strcasestr(at + 1, name))
        at = NULL;
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
        conn_enter(c, CONN_READING);
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

void conn_sweep(struct http *h)
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

struct bufferevent *conn_new(struct event_base *base, void *arg)
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
    conn_enter(c, CONN_IDLE);
    if (++h->n_conns == h->n_conns_max)
        evconnlistener_disable(h->listener);
    return c->socket;
}
