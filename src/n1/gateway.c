#include "n1/gateway.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "n1/ingest.h"
#include "n1/jobs.h"
#include "n1/registry.h"
#include "n1/rollout.h"
#include "n1/serve.h"
#include "net/rate.h"
#include "net/replay.h"
#include "net/sign.h"
#include <stdlib.h>
#include <unistd.h>

/* A request stays valid for twice the window: from a clock that is ahead until one that is behind. */
#define NONCE_KEEP_S (2 * SIGN_WINDOW_S + 60)
#define NONCES_MAX 4000000 /* of GET requests in that time: 64 MB */
#define HEAD_MAX 16384
#define WAITING_PER_WORKER 64
#define LARGE_PER_WORKER 4 /* uploads whose bodies are in memory */
#define PURGE_US INT64_C(60000000)
#define VERSION_MAX 60
#define VERSION_HEADER "Carryover-Client"

struct worker {
    struct pg *pg;
    struct ingest *ingest; /* NULL until the worker takes an upload */
    int64_t purged_us;
};

struct gateway {
    const struct gateway_opts *o;
    char key_id[SECRET_HASH_MAX]; /* of the key that sessions are derived from */
    struct rate *rate;
    struct replay *replay;
    struct quiet *quiet;
    struct worker *workers;
    int n_workers;
};

/* --- the database --- */

static bool connect_worker(struct gateway *g, struct worker *w, struct err *err)
{
    if (!pg_open(g->o->target_uri, "target", &w->pg, err))
        return false;
    quiet_forget(g->quiet);
    pg_shield(w->pg, true); /* a request that is being answered at the stop gets its answer */
    return pg_exec(w->pg, "set statement_timeout = '15s'; set lock_timeout = '10s'; set synchronous_commit = on", err);
}

/* A server that ended has said so on the socket: one read takes its last words, the next one finds the end. */
bool serve_is_broken(struct pg *pg)
{
    PGconn *conn = pg_raw(pg);
    for (int i = 0; i < 2; i++)
        if (!PQconsumeInput(conn))
            return true;
    return PQstatus(conn) != CONNECTION_OK;
}

bool serve_database(void *ctx, int worker, struct pg **ret, struct err *err)
{
    struct gateway *g = ctx;
    struct worker *w = &g->workers[worker];
    if (w->pg && serve_is_broken(w->pg)) {
        pg_free(w->pg);
        w->pg = NULL;
    }
    if (!w->pg && !connect_worker(g, w, err))
        return false;
    *ret = w->pg;
    return true;
}

static void purge(void *ctx, int worker)
{
    struct gateway *g = ctx;
    struct pg *pg = NULL;
    struct err why;
    if (worker != 0 || clock_us() - g->workers[0].purged_us < PURGE_US)
        return;
    g->workers[0].purged_us = clock_us();
    if (!serve_database(g, worker, &pg, &why) || !registry_purge(pg, &why) || !calls_purge(g->o->calls, pg, &why))
        log_warn("n1.purge", "what is over could not be removed: %s", why.message);
}

/* --- who may call --- */

static struct str header(const struct http_request *r, const char *name)
{
    const char *value = http_header(r, name);
    return value ? str_of(value) : (struct str){"", 0};
}

static bool check_store_rate(struct gateway *g, const char *store, struct http_response *w, struct err *err)
{
    w->retry_after_s = rate_wait_s(g->rate, str_of(store), clock_us());
    return w->retry_after_s == 0 || err_set(err, ERR_RATE, "too many requests of this store");
}

/* Last of all checks, so that nobody else can use up a nonce. */
static bool check_nonce(struct gateway *g, struct pg *pg, const struct http_request *r, const struct sign *s,
                        struct err *err)
{
    if (strcmp(r->method, "GET") != 0)
        return registry_note_nonce(pg, arena_dup_str(r->a, s->session), arena_dup_str(r->a, s->nonce), NONCE_KEEP_S,
                                   err);
    switch (replay_note(g->replay, s->session, s->nonce, clock_us())) {
    case REPLAY_NEW:
        return true;
    case REPLAY_SEEN:
        return err_set(err, ERR_REPLAY, "this nonce was used before in this session");
    case REPLAY_FULL:
        return err_set(err, ERR_GATEWAY_BUSY, "more requests than nonces can be remembered");
    }
    abort();
}

static bool check_owner(const struct http_request *r, const struct registry_session *session, struct err *err)
{
    struct str named = route_param(&r->params, "store");
    if (named.n && !str_is(named, session->store))
        return err_set(err, ERR_FORBIDDEN, "this session is of another store than the one in the path");
    return strcmp(session->state, "active") == 0 || err_set(err, ERR_STORE_INACTIVE, "the store is %s", session->state);
}

static bool admit_store(struct gateway *g, struct pg *pg, struct http_request *r, struct http_response *w,
                        struct err *err)
{
    struct sign_headers headers = {header(r, SIGN_SESSION), header(r, SIGN_TIMESTAMP), header(r, SIGN_NONCE),
                                   header(r, SIGN_SIGNATURE)};
    struct sign_request signed_request = {str_of(r->method), r->target, r->body};
    struct registry_session session;
    struct sign s;
    SCOPED_SECRET key = {{0}};
    if (!sign_read(&headers, &s, err) || !sign_check_clock(&s, clock_wall_us() / 1000000, err) ||
        !registry_session(pg, arena_dup_str(r->a, s.session), g->key_id, r->a, &session, err))
        return false;
    secret_derive(g->o->session_key, "session", s.session, &key);
    if (!sign_check(&s, &signed_request, &key, err) || !check_owner(r, &session, err) ||
        !check_store_rate(g, session.store, w, err) || !check_nonce(g, pg, r, &s, err))
        return false;
    r->caller = session.store;
    r->epoch = session.epoch;
    return true;
}

static bool admit_admin(struct pg *pg, const struct http_request *r, struct err *err)
{
    static const char scheme[] = "Bearer ";
    struct str value = header(r, "Authorization");
    SCOPED_SECRET token = {{0}};
    bool known = false;
    if (!str_starts(value, scheme) ||
        !secret_parse((struct str){value.p + sizeof scheme - 1, value.n - (sizeof scheme - 1)}, &token))
        return err_set(err, ERR_UNSIGNED, "the header Authorization with an administrator's token is missing");
    if (!registry_check_admin(pg, &token, &known, err))
        return false;
    return known || err_set(err, ERR_CREDENTIALS, "this is not the administrator's token");
}

static bool guard(void *ctx, int worker, int access, struct http_request *r, struct http_response *w, struct err *err)
{
    struct gateway *g = ctx;
    struct pg *pg = NULL;
    if (!serve_database(g, worker, &pg, err))
        return false;
    switch ((enum serve_access)access) {
    case SERVE_OPEN:
        return true;
    case SERVE_STORE:
        return admit_store(g, pg, r, w, err);
    case SERVE_ADMIN:
        return admit_admin(pg, r, err);
    }
    abort();
}

static bool is_version(const char *text)
{
    struct str s = str_of(text);
    return s.n > 0 && s.n <= VERSION_MAX && route_is_text(s);
}

/* --- routes --- */

static bool get_ping(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    (void)ctx;
    (void)worker;
    (void)r;
    (void)err;
    buf_puts(&w->body, "{\"name\":\"carryover\",\"version\":\"" CARRYOVER_VERSION "\"}\n");
    return true;
}

static void put_session(struct gateway *g, struct buf *b, const char *store, const char *id)
{
    char text[SECRET_TEXT_MAX];
    SCOPED_SECRET key = {{0}};
    secret_derive(g->o->session_key, "session", str_of(id), &key);
    secret_text(&key, text);
    buf_puts(b, "{\"store\":");
    json_put_string(b, str_of(store));
    buf_printf(b, ",\"session\":\"%s\",\"key\":\"%s\",\"expires_in\":%" PRId64 ",\"time\":%" PRId64 "}\n", id, text,
               g->o->session_s, clock_wall_us() / 1000000);
    explicit_bzero(text, sizeof text);
}

static bool open_session(struct gateway *g, struct pg *pg, const char *store, const char *secret_word,
                         struct http_response *w, struct err *err)
{
    char id[SECRET_ID_MAX];
    SCOPED_SECRET secret = {{0}};
    if (!registry_is_id(str_of(store)) || !secret_parse(str_of(secret_word), &secret))
        return err_set(err, ERR_CREDENTIALS, "no store has this id and this secret");
    secret_id(id);
    if (!registry_open_session(pg, store, &secret, id, g->key_id, g->o->session_s, err) ||
        !check_store_rate(g, store, w, err))
        return false;
    put_session(g, &w->body, store, id);
    w->status = 201;
    return true;
}

static bool post_session(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct gateway *g = ctx;
    struct pg *pg = NULL;
    const char *store = "", *secret = "", *version = NULL;
    SCOPED_JSON *root = NULL;
    if (!serve_object(r, &root, err) || !serve_text(root, "store", REGISTRY_ID_MAX, &store, err) ||
        !serve_text(root, "secret", SECRET_TEXT_MAX, &secret, err) ||
        (json_object_get(root, "version") && !serve_text(root, "version", VERSION_MAX, &version, err)) ||
        !serve_database(g, worker, &pg, err))
        return false;
    if (open_session(g, pg, store, secret, w, err))
        return registry_contact(pg, store, version, err);
    if (err->code == ERR_CREDENTIALS)
        log_warn("n1.credentials", "a wrong store id or secret came from %s", r->address);
    return false;
}

static bool delete_session(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    if (!serve_database(ctx, worker, &pg, err) ||
        !registry_close_session(pg, r->caller, http_header(r, SIGN_SESSION), err))
        return false;
    w->status = 204;
    return true;
}

static bool get_store(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    struct registry_store store;
    const char *version = http_header(r, VERSION_HEADER);
    if (version && !is_version(version))
        return err_set(err, ERR_REQUEST, "the header %s is no text of 1 to %d bytes", VERSION_HEADER, VERSION_MAX);
    if (!serve_database(ctx, worker, &pg, err) || !registry_contact(pg, r->caller, version, err) ||
        !registry_show(pg, r->caller, r->a, &store, err))
        return false;
    registry_put_store(&w->body, &store);
    buf_putc(&w->body, '\n');
    return true;
}

static bool put_version(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    const char *version = "";
    SCOPED_JSON *root = NULL;
    if (!serve_object(r, &root, err) || !serve_text(root, "version", VERSION_MAX, &version, err) ||
        !serve_database(ctx, worker, &pg, err) || !registry_contact(pg, r->caller, version, err))
        return false;
    w->status = 204;
    return true;
}

/* Numbers by name; what they mean is the store's and the operator's business. */
static bool read_facts(const struct http_request *r, json_t **ret, struct err *err)
{
    const char *name = NULL;
    json_t *value = NULL;
    if (!serve_object(r, ret, err))
        return false;
    if (json_object_size(*ret) > ROLLOUT_FACTS_MAX)
        return err_set(err, ERR_REQUEST, "a report has at most %d numbers", ROLLOUT_FACTS_MAX);
    json_object_foreach(*ret, name, value) if (!registry_is_id(str_of(name)) || !json_is_integer(value) ||
                                               json_integer_value(value) <
                                                   0) return err_set(err, ERR_REQUEST,
                                                                     "a report has names with whole numbers from 0");
    return true;
}

static bool put_report(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    SCOPED_JSON *root = NULL;
    if (!read_facts(r, &root, err) || !serve_database(ctx, worker, &pg, err))
        return false;
    char *facts = json_dumps(root, JSON_COMPACT);
    bool ok = rollout_report(pg, r->caller, facts, err);
    free(facts);
    w->status = 204;
    return ok;
}

static bool get_stores(void *ctx, int worker, struct http_request *r, struct http_response *w, struct err *err)
{
    struct pg *pg = NULL;
    struct registry_stores stores;
    if (!serve_database(ctx, worker, &pg, err) || !registry_list(pg, r->a, &stores, err))
        return false;
    registry_put_stores(&w->body, &stores);
    return true;
}

static const struct http_route own_routes[] = {
    {"GET", "/v1/ping", SERVE_OPEN, HTTP_AT_ONCE, get_ping},
    {"POST", "/v1/sessions", SERVE_OPEN, HTTP_IN_TURN, post_session},
    {"DELETE", "/v1/session", SERVE_STORE, HTTP_IN_TURN, delete_session},
    {"GET", "/v1/store", SERVE_STORE, HTTP_IN_TURN, get_store},
    {"GET", "/v1/stores/{store}", SERVE_STORE, HTTP_IN_TURN, get_store},
    {"PUT", "/v1/stores/{store}/version", SERVE_STORE, HTTP_IN_TURN, put_version},
    {"PUT", "/v1/report", SERVE_STORE, HTTP_IN_TURN, put_report},
    {"GET", "/v1/admin/stores", SERVE_ADMIN, HTTP_IN_TURN, get_stores},
};

/* --- running --- */

static void say_listening(void *ctx, const char *address)
{
    struct gateway *g = ctx;
    struct err err;
    SCOPED_BUF text = {0};
    const char *scheme = g->o->cert[0] ? "https" : "http";
    log_info("n1.listening", "listening on %s://%s", scheme, address);
    buf_printf(&text, "%d %s://%s\n", (int)getpid(), scheme, address);
    if (!file_write(g->o->ready, buf_str(&text), &err))
        log_warn("n1.ready", "%s", err.message);
}

static bool prepare(const struct gateway_opts *o, struct err *err)
{
    SCOPED(pg) pg = NULL;
    return pg_open(o->target_uri, "target", &pg, err) && registry_prepare(pg, err) && jobs_make(pg, err) &&
           calls_prepare(o->calls, pg, err);
}

struct quiet *serve_quiet(void *ctx)
{
    return ((struct gateway *)ctx)->quiet;
}

struct ingest **serve_ingest(void *ctx, int worker)
{
    return &((struct gateway *)ctx)->workers[worker].ingest;
}

const struct gateway_opts *serve_opts(void *ctx)
{
    return ((struct gateway *)ctx)->o;
}

/* One table of all routes; each file has its own. */
static const struct http_route *all_routes(struct arena *a, size_t *ret_n)
{
    const struct serve_routes lists[] = {
        {own_routes, ARRAY_LEN(own_routes)}, serve_downloads, serve_calls, serve_uploads};
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        n += lists[i].n;
    struct http_route *all = arena_new_array(a, struct http_route, n);
    *ret_n = 0;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        for (size_t k = 0; k < lists[i].n; k++)
            all[(*ret_n)++] = lists[i].p[k];
    return all;
}

static bool serve(struct gateway *g, struct err *err)
{
    const struct gateway_opts *o = g->o;
    SCOPED(arena) a = arena_new();
    size_t n_routes = 0;
    const struct http_route *routes = all_routes(a, &n_routes);
    struct http_opts h = {.listen = o->listen,
                          .cert = o->cert,
                          .key = o->key,
                          .routes = routes,
                          .n_routes = n_routes,
                          .ctx = g,
                          .guard = guard,
                          .idle = purge,
                          .listening = say_listening,
                          .workers = g->n_workers,
                          .large_max = o->workers * LARGE_PER_WORKER,
                          .connections_max = o->connections_max,
                          .waiting_max = o->workers * WAITING_PER_WORKER,
                          .head_max = HEAD_MAX,
                          .body_max = (size_t)o->body_max,
                          .idle_ms = (int)o->idle_ms,
                          .request_ms = (int)o->request_ms,
                          .rate_per_s = o->rate_address};
    SCOPED(http) http = NULL;
    return http_open(&h, &http, err) && prepare(o, err) && http_run(http, err);
}

static void free_worker(struct worker *w)
{
    if (w->pg)
        pg_free(w->pg);
    if (w->ingest)
        ingest_free(w->ingest);
}

bool gateway_run(const struct gateway_opts *o, struct err *err)
{
    SCOPED(rate) rate = rate_new(o->rate_store, MAX(2 * o->rate_store, 1));
    SCOPED(quiet) quiet = quiet_new();
    SCOPED(replay) replay = replay_new(NONCE_KEEP_S * INT64_C(1000000), NONCES_MAX);
    struct gateway g = {.o = o, .rate = rate, .replay = replay, .quiet = quiet};
    g.n_workers = o->workers + calls_hashing(o->calls);
    secret_hash(o->session_key, g.key_id);
    g.workers = calloc((size_t)g.n_workers, sizeof *g.workers);
    if (!g.workers)
        abort();
    bool ok = serve(&g, err);
    for (int i = 0; i < g.n_workers; i++)
        free_worker(&g.workers[i]);
    free(g.workers);
    return ok;
}
