/*
 * http_internal: what the three parts of the server share: connections (http_conn), requests on their way (http_job),
 * and the loop with its workers (http). Everything but the functions of a route runs in the thread of the loop.
 */
#ifndef NET_HTTP_INTERNAL_H
#define NET_HTTP_INTERNAL_H
#include "base/queue.h"
#include "net/http.h"
#include "net/places.h"
#include "net/rate.h"
#include "net/tls.h"
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/http.h>
#include <event2/listener.h>

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

/* The connection of a request, or NULL when it is gone. */
struct conn *conn_of(struct http *h, struct evhttp_request *ev);

/* What it does from now on, and its time limit. */
void conn_enter(struct conn *c, enum conn_state state);

/* For evhttp_set_bevcb(), with the server as argument: the bufferevent of a new connection. */
struct bufferevent *conn_new(struct event_base *base, void *arg);

/* Forgets the connections that evhttp has let go. */
void conn_sweep(struct http *h);

/* --- requests --- */

/* For evhttp_set_gencb(), with the server as argument: a request that was read; it is answered, or handed to a worker.
 */
void job_begin(struct evhttp_request *ev, void *arg);

/* Sends the answer, or the problem, and frees the job. */
void job_finish(struct http *h, struct job *j);
void job_free(struct job *j);

#endif
