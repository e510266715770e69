#include "net/http.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/thread.h"
#include "net/http_internal.h"
#include <assert.h>
#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BACKLOG 4096
#define TICK_MS 100
#define SPARE_FILES 64 /* for everything that is no connection */
#define ALL_METHODS 0xFFFF

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
        job_finish(h, j);
    }
}

/* --- the loop --- */

/* What is being read then is lost to the client, who tries again elsewhere; what is being answered gets its answer. */
static void on_tick(evutil_socket_t fd, short what, void *arg)
{
    struct http *h = arg;
    (void)fd;
    (void)what;
    conn_sweep(h);
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
    evhttp_set_bevcb(h->evhttp, conn_new, h);
    evhttp_set_gencb(h->evhttp, job_begin, h);
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
    h->large = places_new(MAX(o->large_max, 1));
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
        job_free(j);
}

void http_free(struct http *h)
{
    if (!h)
        return;
    h->stopping = true;
    drop_jobs(h->jobs);
    drop_jobs(h->done);
    evhttp_free(h->evhttp); /* with its listener and connections */
    conn_sweep(h);
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
