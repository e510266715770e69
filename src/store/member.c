#include "store/member.h"
#include "base/clock.h"
#include "store/hq.h"

/* --- requests --- */

static bool request_open(struct member *m, struct arena *a, struct client_request *ret)
{
    char word[SECRET_TEXT_MAX];
    secret_text(&m->secret, word);
    const char *body =
        arena_printf(a, "{\"store\":\"%s\",\"secret\":\"%s\",\"version\":\"carryover swarm\"}", m->id, word);
    *ret = (struct client_request){
        .method = "POST", .target = "/v1/sessions", .type = "application/json", .body = str_of(body)};
    return true;
}

static bool request_upload(struct member *m, struct template *like, int batch, struct arena *a,
                           struct client_request *ret, struct err *err)
{
    ret->method = "PUT";
    ret->target = arena_printf(a, "/v1/uploads/%" PRId64, m->place.number + 1);
    ret->type = "application/zstd";
    return template_make(like, m->id, &m->place, batch, a, &ret->body, err);
}

static bool request_call(const struct member *m, struct arena *a, struct client_request *ret)
{
    const struct callplan_call *c = &m->calls[m->call];
    char key[SECRET_ID_MAX];
    secret_id(key);
    ret->method = "POST";
    ret->target = arena_printf(a, "/v1/calls/%s", c->method);
    ret->type = "application/json";
    ret->body = str_of(c->key ? arena_printf(a, "{\"key\":\"%s\",\"parameters\":%s}", key, c->parameters)
                              : arena_printf(a, "{\"parameters\":%s}", c->parameters));
    return true;
}

static bool request_of_step(struct member *m, struct template *like, int batch, struct arena *a,
                            struct client_request *ret, struct err *err)
{
    *ret = (struct client_request){.method = "GET"};
    switch ((enum member_step)m->step) {
    case MEMBER_OPEN:
    case MEMBER_REST:
        return request_open(m, a, ret);
    case MEMBER_ASK:
        ret->target = arena_printf(a, "/v1/downloads?at=%s", m->at ? m->at : "");
        return true;
    case MEMBER_PART:
        ret->target = arena_printf(a, "/v1/downloads/%" PRId64 "/parts/%" PRId64, m->package, m->part);
        return true;
    case MEMBER_TELL:
        ret->method = "POST";
        ret->target = arena_printf(a, "/v1/downloads/%" PRId64 "/state", m->package);
        ret->type = "application/json";
        ret->body = STR("{\"state\":\"applied\"}");
        return true;
    case MEMBER_UPLOADS:
        ret->target = "/v1/uploads";
        return true;
    case MEMBER_UPLOAD:
        return request_upload(m, like, batch, a, ret, err);
    case MEMBER_CALL:
        return request_call(m, a, ret);
    }
    abort();
}

const char *member_asks(const struct member *m)
{
    static const char *const names[] = {
        [MEMBER_OPEN] = "session", [MEMBER_ASK] = "poll",        [MEMBER_PART] = "part",
        [MEMBER_TELL] = "state",   [MEMBER_UPLOADS] = "uploads", [MEMBER_UPLOAD] = "upload"};
    return m->step == MEMBER_CALL ? m->calls[m->call].method : names[m->step];
}

bool member_request(struct member *m, struct template *like, int batch, struct arena *a, const char *headers[4],
                    struct client_request *ret, struct err *err)
{
    if (!request_of_step(m, like, batch, a, ret, err))
        return false;
    ret->answer_max = m->step == MEMBER_PART ? (size_t)m->part_bytes : HQ_ANSWER_MAX;
    if (m->step == MEMBER_OPEN)
        return true;
    hq_sign(m->session, &m->key, clock_wall_us() / 1000000 + m->ahead_s, ret, a, headers);
    ret->headers = headers;
    ret->n_headers = 4;
    return true;
}

/* --- answers --- */

static enum member_step first_step(const struct member *m)
{
    return m->turn == MEMBER_CALLS ? MEMBER_CALL : MEMBER_ASK;
}

void member_wake(struct member *m, enum member_turn turn)
{
    m->turn = (uint8_t)turn;
    m->step = (uint8_t)(m->session[0] ? first_step(m) : MEMBER_OPEN);
}

static void fail(struct member *m, struct tally *t, const char *kind)
{
    tally_error(t, kind);
    m->step = MEMBER_REST;
}

/* The chain of the package leads to its version from now on. */
static void note_version(struct member *m)
{
    SCOPED_BUF b = {0};
    const char *own = strchr(m->chain, '@');
    for (struct str rest = str_of(m->at ? m->at : ""); rest.n;) {
        struct str one = str_split(&rest, ','), name = one;
        while (name.n && name.p[name.n - 1] != ':')
            name.n--;
        name.n -= name.n > 0;
        bool same_scope =
            own && name.n > (size_t)(own - m->chain) && strncmp(name.p, m->chain, (size_t)(own - m->chain) + 1) == 0;
        if (!same_scope && !str_is(name, m->chain))
            buf_printf(&b, "%s%.*s", b.n ? "," : "", STR_ARG(one));
    }
    buf_printf(&b, "%s%s:%" PRId64, b.n ? "," : "", m->chain, m->to);
    free(m->at);
    m->at = b.p;
    b.p = NULL;
}

static void take_session(struct member *m, const json_t *root, struct tally *t)
{
    const char *id = json_string_value(json_object_get(root, "session"));
    const char *key = json_string_value(json_object_get(root, "key"));
    if (!id || !key || strlen(id) >= sizeof m->session || !secret_parse(str_of(key), &m->key)) {
        fail(m, t, "no-session");
        return;
    }
    snprintf(m->session, sizeof m->session, "%s", id);
    m->step = (uint8_t)first_step(m);
}

static void take_offer(struct member *m, const json_t *root, struct tally *t)
{
    const json_t *p = json_object_get(root, "package");
    if (!json_is_object(p)) {
        m->step = m->turn != MEMBER_POLLS_AND_UPLOADS ? MEMBER_REST : m->knows_last ? MEMBER_UPLOAD : MEMBER_UPLOADS;
        return;
    }
    const char *chain = json_string_value(json_object_get(p, "chain"));
    m->package = json_integer_value(json_object_get(p, "id"));
    m->to = json_integer_value(json_object_get(p, "to"));
    m->parts = json_integer_value(json_object_get(p, "parts"));
    m->part_bytes = json_integer_value(json_object_get(p, "part_bytes"));
    m->part = 0;
    if (!chain || m->parts < 1 || m->part_bytes < 1 || m->part_bytes > (INT64_C(64) << 20)) {
        fail(m, t, "odd-offer");
        return;
    }
    free(m->chain);
    m->chain = strdup(chain);
    m->step = MEMBER_PART;
}

static void take_last(struct member *m, const json_t *root, struct template *like)
{
    const char *table;
    json_t *counter;
    m->place.number = json_integer_value(json_object_get(root, "last"));
    json_object_foreach(json_object_get(root, "counters"), table, counter)
        template_know(like, &m->place, table, json_integer_value(counter));
    m->knows_last = true;
    m->step = MEMBER_UPLOAD;
}

/* What headquarters refuses is counted by its code: "refused GiftCardLocked". */
static void take_call(struct member *m, const json_t *root, struct tally *t)
{
    char kind[TALLY_NAME_MAX];
    const char *message = json_string_value(json_object_get(root, "message"));
    m->call = (m->call + 1) % m->n_calls;
    m->step = MEMBER_REST;
    if (json_is_true(json_object_get(root, "success")))
        return;
    snprintf(kind, sizeof kind, "refused %.*s", (int)MIN(strcspn(message ? message : "?", ":"), 30u),
             message ? message : "?");
    tally_error(t, kind);
}

static void take_good(struct member *m, const json_t *root, struct template *like, struct tally *t)
{
    switch ((enum member_step)m->step) {
    case MEMBER_OPEN:
        take_session(m, root, t);
        return;
    case MEMBER_ASK:
        take_offer(m, root, t);
        return;
    case MEMBER_PART:
        m->step = ++m->part < m->parts ? MEMBER_PART : MEMBER_TELL;
        return;
    case MEMBER_TELL:
        t->packages++;
        note_version(m);
        m->step = MEMBER_ASK;
        return;
    case MEMBER_UPLOADS:
        take_last(m, root, like);
        return;
    case MEMBER_UPLOAD:
        t->uploads++;
        t->transactions += json_integer_value(json_object_get(root, "transactions"));
        template_taken(like, &m->place);
        m->step = MEMBER_REST;
        return;
    case MEMBER_CALL:
        take_call(m, root, t);
        return;
    case MEMBER_REST:
        return;
    }
    abort();
}

/* A session that is over is opened again at once, and notes on uploads that were wrong are asked for anew. */
static void take_bad(struct member *m, const char *type, int status, struct tally *t)
{
    char kind[48];
    snprintf(kind, sizeof kind, "%d %.30s", status, type[0] ? type : "-");
    fail(m, t, kind);
    m->knows_last = m->knows_last && strncmp(type, "upload-", 7) != 0;
    if (status == 401 && m->session[0]) {
        m->session[0] = '\0';
        m->step = MEMBER_OPEN;
    }
}

void member_answer(struct member *m, const struct client_answer *got, struct template *like, struct tally *t)
{
    char type[40];
    struct err ignored;
    SCOPED_JSON *root = NULL;
    if (got->time_s)
        m->ahead_s = (int32_t)(got->time_s - clock_wall_us() / 1000000);
    if (got->status < 200 || got->status > 299) {
        hq_type(got, type);
        take_bad(m, type, got->status, t);
        return;
    }
    bool plain = m->step == MEMBER_PART || m->step == MEMBER_TELL;
    if (!plain && !hq_object(got, &root, &ignored))
        fail(m, t, "no-json");
    else
        take_good(m, root, like, t);
}

void member_done(struct member *m)
{
    free(m->at);
    free(m->chain);
    secret_done(&m->secret);
    secret_done(&m->key);
}
