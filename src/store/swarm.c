#include "store/swarm.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/rand.h"
#include "base/vec.h"
#include "store/endpoint.h"
#include "store/member.h"

#define CONNECT_MS 10000
#define STALL_MS 60000
#define WAIT_MS 100

/* A request on its way. */
struct lane {
    struct swarm *swarm;
    CURL *curl;
    struct member *member; /* NULL: free */
    struct curl_slist *headers, *to, *address;
    struct arena *a;
    struct client_answer answer;
    int64_t began_us;
    size_t bytes;
};

struct swarm {
    const struct swarm_opts *o;
    struct tally *t;
    struct rand rand;
    CURLM *multi;
    VEC(struct member) members;
    size_t *heap; /* members that rest, by the time at which they are due */
    size_t n_heap;
    struct lane *lanes;
    struct endpoint endpoint; /* when each store has its own connection */
    int64_t begin_us, end_us; /* of what counts */
    bool counts;
};

/* --- who is due: a heap --- */

static int64_t due(const struct swarm *w, size_t at)
{
    const struct member *m = &w->members.p[w->heap[at]];
    return m->n_calls ? MIN(m->poll_us, m->call_us) : m->poll_us;
}

static void swap(struct swarm *w, size_t a, size_t b)
{
    size_t keep = w->heap[a];
    w->heap[a] = w->heap[b];
    w->heap[b] = keep;
}

static void rest(struct swarm *w, size_t member)
{
    size_t at = w->n_heap++;
    w->heap[at] = member;
    for (; at > 0 && due(w, at) < due(w, (at - 1) / 2); at = (at - 1) / 2)
        swap(w, at, (at - 1) / 2);
}

static size_t take_due(struct swarm *w)
{
    size_t first = w->heap[0], at = 0;
    w->heap[0] = w->heap[--w->n_heap];
    for (;;) {
        size_t least = at, left = 2 * at + 1;
        if (left < w->n_heap && due(w, left) < due(w, least))
            least = left;
        if (left + 1 < w->n_heap && due(w, left + 1) < due(w, least))
            least = left + 1;
        if (least == at)
            return first;
        swap(w, at, least);
        at = least;
    }
}

/* --- one request --- */

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
    struct lane *l = ctx;
    n *= size;
    l->bytes += n;
    /* Parts are thrown away: only their number counts. */
    if (l->member->step != MEMBER_PART && l->answer.body.n + n <= 1u << 20)
        buf_put(&l->answer.body, p, n);
    return n;
}

static size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
    struct lane *l = ctx;
    static const char time_name[] = "Carryover-Time:", type_name[] = "Content-Type:";
    n *= size;
    if (n > sizeof time_name && strncasecmp(p, time_name, sizeof time_name - 1) == 0)
        (void)str_to_i64(str_trim((struct str){p + sizeof time_name - 1, n - sizeof time_name + 1}), &l->answer.time_s);
    if (n > sizeof type_name && strncasecmp(p, type_name, sizeof type_name - 1) == 0)
        l->answer.is_json = memmem(p, n, "json", 4) != NULL;
    return n;
}

static void prepare(struct swarm *w, struct lane *l)
{
    struct client_opts o = {w->o->url, w->o->ca, CONNECT_MS, STALL_MS};
    l->swarm = w;
    l->a = arena_new();
    l->curl = curl_easy_init();
    if (!l->curl)
        abort();
    client_prepare(&o, l->curl);
    curl_easy_setopt(l->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(l->curl, CURLOPT_WRITEDATA, l);
    curl_easy_setopt(l->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(l->curl, CURLOPT_HEADERDATA, l);
    curl_easy_setopt(l->curl, CURLOPT_PRIVATE, l);
}

static void use_own_connection(struct lane *l)
{
    struct swarm *w = l->swarm;
    size_t number = (size_t)(l->member - w->members.p);
    curl_slist_free_all(l->to);
    l->to = endpoint_to(number);
    curl_easy_setopt(l->curl, CURLOPT_CONNECT_TO, l->to);
    if (l->member->met)
        return;
    l->member->met = true;
    curl_slist_free_all(l->address);
    l->address = endpoint_address(&w->endpoint, number);
    curl_easy_setopt(l->curl, CURLOPT_RESOLVE, l->address);
}

static bool send_step(struct lane *l, struct err *err)
{
    struct swarm *w = l->swarm;
    const char *headers[4];
    struct client_request r;
    SCOPED_BUF url = {0};
    arena_reset(l->a);
    if (!member_request(l->member, w->o->like, w->o->batch, l->a, headers, &r, err))
        return false;
    curl_slist_free_all(l->headers);
    l->headers = client_headers(&r);
    buf_reset(&l->answer.body);
    l->answer = (struct client_answer){.body = l->answer.body};
    client_body(l->curl, &r);
    buf_printf(&url, "%s%s", w->o->url, r.target);
    curl_easy_setopt(l->curl, CURLOPT_URL, url.p);
    curl_easy_setopt(l->curl, CURLOPT_HTTPHEADER, l->headers);
    if (w->o->own)
        use_own_connection(l);
    w->t->bytes_out += (int64_t)r.body.n;
    l->began_us = clock_us();
    l->bytes = 0;
    return curl_multi_add_handle(w->multi, l->curl) == CURLM_OK;
}

/* --- turns --- */

static int64_t between(struct swarm *w, int64_t from, int64_t to)
{
    return from + (int64_t)rand_below(&w->rand, (uint64_t)(to - from) + 1);
}

static void end_turn(struct lane *l)
{
    struct swarm *w = l->swarm;
    struct member *m = l->member;
    int64_t now = clock_us(), poll_us = w->o->poll_ms * 1000;
    if (m->turn == MEMBER_CALLS)
        m->call_us = now + between(w, 0, 2 * w->o->call_ms * 1000);
    else
        m->poll_us = now + between(w, poll_us - poll_us / 20, poll_us + poll_us / 20);
    rest(w, (size_t)(m - w->members.p));
    l->member = NULL;
}

static enum member_turn turn_of(struct swarm *w, const struct member *m)
{
    if (m->n_calls && m->call_us < m->poll_us)
        return MEMBER_CALLS;
    bool uploads = w->o->like && rand_below(&w->rand, 100) < (uint64_t)w->o->upload_percent;
    return uploads ? MEMBER_POLLS_AND_UPLOADS : MEMBER_POLLS;
}

static bool begin_turns(struct swarm *w, struct err *err)
{
    int64_t now = clock_us();
    for (int i = 0; i < w->o->connections && w->n_heap && due(w, 0) <= now; i++) {
        struct lane *l = &w->lanes[i];
        if (l->member)
            continue;
        l->member = &w->members.p[take_due(w)];
        member_wake(l->member, turn_of(w, l->member));
        if (!send_step(l, err))
            return false;
    }
    return true;
}

static void take_failure(struct lane *l, CURLcode rc)
{
    char kind[TALLY_NAME_MAX];
    snprintf(kind, sizeof kind, "%s", curl_easy_strerror(rc));
    tally_error(l->swarm->t, kind);
    l->member->step = MEMBER_REST;
}

static bool finish(struct lane *l, CURLcode rc, struct err *err)
{
    struct swarm *w = l->swarm;
    long status = 0;
    curl_multi_remove_handle(w->multi, l->curl);
    if (rc != CURLE_OK) {
        take_failure(l, rc);
    } else {
        curl_easy_getinfo(l->curl, CURLINFO_RESPONSE_CODE, &status);
        l->answer.status = (int)status;
        tally_answer(w->t, member_asks(l->member), clock_us() - l->began_us);
        w->t->bytes_in += (int64_t)l->bytes;
        member_answer(l->member, &l->answer, w->o->like, w->t);
    }
    if (l->member->step != MEMBER_REST)
        return send_step(l, err);
    end_turn(l);
    return true;
}

static bool take_answers(struct swarm *w, struct err *err)
{
    CURLMsg *msg;
    int left = 0;
    while ((msg = curl_multi_info_read(w->multi, &left))) {
        struct lane *l = NULL;
        if (msg->msg != CURLMSG_DONE)
            continue;
        CURLcode rc = msg->data.result;
        curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &l);
        if (!finish(l, rc, err))
            return false;
    }
    return true;
}

static int wait_ms(const struct swarm *w)
{
    int64_t next = w->n_heap ? (due(w, 0) - clock_us()) / 1000 : WAIT_MS;
    return (int)MIN(MAX(next, 1), WAIT_MS);
}

static void begin_counting(struct swarm *w)
{
    if (w->counts || clock_us() < w->begin_us)
        return;
    memset(w->t, 0, sizeof *w->t);
    w->counts = true;
}

static bool run(struct swarm *w, struct err *err)
{
    while (clock_us() < w->end_us && !cancel_requested()) {
        int running = 0;
        begin_counting(w);
        if (!begin_turns(w, err) || curl_multi_perform(w->multi, &running) != CURLM_OK || !take_answers(w, err))
            return false;
        curl_multi_poll(w->multi, NULL, 0, wait_ms(w), NULL);
    }
    return true;
}

/* --- who is in it --- */

static bool add_member(struct swarm *w, struct str line, int number, struct err *err)
{
    struct str id = str_split(&line, ' ');
    struct member *m = vec_push(&w->members);
    if (id.n == 0 || id.n >= MEMBER_ID_MAX || !secret_parse(str_trim(line), &m->secret))
        return err_set(err, ERR_USAGE, "%s:%d: here has to stand the id of a store, a blank and its secret",
                       w->o->secrets, number);
    memcpy(m->id, id.p, id.n);
    m->step = MEMBER_REST;
    m->calls = callplan_of(&w->o->calls, m->id, &m->n_calls);
    return true;
}

static bool read_members(struct swarm *w, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct str text;
    if (!file_read(w->o->secrets, a, &text, err))
        return false;
    for (int number = 1; text.n && (!w->o->stores || (int64_t)w->members.n < w->o->stores); number++) {
        struct str line = str_trim(str_split(&text, '\n'));
        if (line.n && !add_member(w, line, number, err))
            return false;
    }
    return w->members.n || err_set(err, ERR_USAGE, "%s names no stores", w->o->secrets);
}

/* All of them for the first time within one poll interval. */
static void spread(struct swarm *w)
{
    int64_t now = clock_us();
    w->heap = calloc(w->members.n + 1, sizeof *w->heap);
    w->lanes = calloc((size_t)w->o->connections, sizeof *w->lanes);
    if (!w->heap || !w->lanes)
        abort();
    for (size_t i = 0; i < w->members.n; i++) {
        w->members.p[i].poll_us = now + between(w, 0, w->o->poll_ms * 1000);
        w->members.p[i].call_us = now + between(w, 0, w->o->call_ms * 1000);
        rest(w, i);
    }
    for (int i = 0; i < w->o->connections; i++)
        prepare(w, &w->lanes[i]);
}

static void end(struct swarm *w)
{
    for (int i = 0; w->lanes && i < w->o->connections; i++) {
        struct lane *l = &w->lanes[i];
        curl_multi_remove_handle(w->multi, l->curl);
        curl_easy_cleanup(l->curl);
        curl_slist_free_all(l->headers);
        curl_slist_free_all(l->to);
        curl_slist_free_all(l->address);
        buf_done(&l->answer.body);
        arena_free(l->a);
    }
    curl_multi_cleanup(w->multi);
    vec_each (&w->members, m)
        member_done(m);
    vec_done(&w->members);
    free(w->lanes);
    free(w->heap);
}

/* Each store's connection is an open file. */
static bool prepare_own(struct swarm *w, struct err *err)
{
    return endpoint_allow((int64_t)w->members.n, err) && endpoint_find(w->o->url, &w->endpoint, err);
}

bool swarm_run(const struct swarm_opts *o, struct tally *ret, double *ret_seconds, struct err *err)
{
    struct swarm w = {.o = o, .t = ret, .rand = rand_seeded(o->seed)};
    if (!client_check_url(o->url, err))
        return false;
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(w.multi = curl_multi_init()))
        abort();
    bool ok = read_members(&w, err) && (!o->own || prepare_own(&w, err));
    curl_multi_setopt(w.multi, CURLMOPT_MAXCONNECTS, (long)(o->own ? (int64_t)w.members.n : o->connections));
    w.begin_us = clock_us() + o->warm_up_ms * 1000;
    w.end_us = w.begin_us + o->seconds_ms * 1000;
    if (ok) {
        log_info("store.swarm", "%zu stores, %zu bytes each", w.members.n, sizeof(struct member));
        spread(&w);
        ok = run(&w, err);
    }
    *ret_seconds = (double)MAX(clock_us() - w.begin_us, 1) / 1e6;
    end(&w);
    return ok;
}
