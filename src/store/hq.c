#include "store/hq.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "net/sign.h"
#include <sodium.h>

#define TRIES 4        /* of one request: the session, the clock and the nonce may each be wrong once */
#define CLOCK_OFF_S 30 /* less is the way of the answer */
#define VERSION "carryover " CARRYOVER_VERSION

struct hq {
    struct client *client;
    const char *store;
    const struct secret *secret;
    struct arena *a; /* of one request */
    char session[SECRET_ID_MAX + 48];
    struct secret key;
    int64_t ahead_s; /* of headquarters' clock before ours */
    int wait_s;
};

void hq_free_json(json_t **root)
{
    json_decref(*root);
}

bool hq_new(const struct client_opts *o, const char *store, const struct secret *secret, struct hq **ret,
            struct err *err)
{
    struct client *client = NULL;
    if (!client_new(o, &client, err))
        return false;
    struct hq *h = calloc(1, sizeof *h);
    if (!h)
        abort();
    *h = (struct hq){.client = client, .store = store, .secret = secret, .a = arena_new()};
    *ret = h;
    return true;
}

void hq_free(struct hq *h)
{
    if (!h)
        return;
    client_free(h->client);
    arena_free(h->a);
    secret_done(&h->key);
    free(h);
}

int hq_wait_s(const struct hq *h)
{
    return h->wait_s;
}

/* --- answers --- */

bool hq_object(const struct client_answer *a, json_t **ret, struct err *err)
{
    json_error_t why;
    *ret = a->is_json ? json_loadb(buf_text(&a->body), a->body.n, JSON_REJECT_DUPLICATES, &why) : NULL;
    return json_is_object(*ret) || err_set(err, ERR_HQ_ANSWER, "an answer with status %d is no JSON object", a->status);
}

void hq_type(const struct client_answer *a, char ret_type[40])
{
    struct err ignored;
    SCOPED_JSON *root = NULL;
    const char *type = hq_object(a, &root, &ignored) ? json_string_value(json_object_get(root, "type")) : NULL;
    snprintf(ret_type, 40, "%s", type ? type : "");
}

int64_t hq_detail(const struct client_answer *a, const char *name, int64_t fallback)
{
    struct err ignored;
    SCOPED_JSON *root = NULL;
    const json_t *value = hq_object(a, &root, &ignored) ? json_object_get(root, name) : NULL;
    return json_is_integer(value) ? json_integer_value(value) : fallback;
}

/* Codes that say what is wrong between a client and its gateway; any other name of ours is not for us. */
static enum err_code code_of(const char *type)
{
    static const enum err_code known[] = {
        ERR_REQUEST,     ERR_NOT_FOUND, ERR_METHOD, ERR_UNSIGNED, ERR_SIGNATURE,      ERR_CLOCK,       ERR_SESSION,
        ERR_CREDENTIALS, ERR_FORBIDDEN, ERR_REPLAY, ERR_RATE,     ERR_STORE_INACTIVE, ERR_GATEWAY_BUSY};
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (strcmp(err_info(known[i])->name, type) == 0)
            return known[i];
    return ERR_HQ_REFUSED;
}

bool hq_refused(const struct client_answer *a, const char *what, struct err *err)
{
    struct err ignored;
    SCOPED_JSON *root = NULL;
    bool is_problem = hq_object(a, &root, &ignored) && json_string_value(json_object_get(root, "type"));
    if (!is_problem)
        return err_set(err, a->status >= 500 ? ERR_GATEWAY_BUSY : ERR_HQ_ANSWER, "%s: the answer has status %d", what,
                       a->status);
    const char *type = json_string_value(json_object_get(root, "type"));
    const char *detail = json_string_value(json_object_get(root, "detail"));
    enum err_code code = code_of(type);
    if (code == ERR_HQ_REFUSED && a->status >= 500)
        code = ERR_GATEWAY_BUSY;
    return err_set(err, code, "%s: %s (%d %s)", what, detail ? detail : "no reason is given", a->status, type);
}

/* --- signing --- */

void hq_sign(const char *session, const struct secret *key, int64_t now_s, const struct client_request *r,
             struct arena *a, const char *ret_headers[4])
{
    unsigned char mac[SIGN_MAC_BYTES];
    char nonce[SECRET_ID_MAX], text[SECRET_TEXT_MAX];
    secret_id(nonce);
    const char *at = arena_printf(a, "%" PRId64, now_s);
    struct sign s = {.session = str_of(session), .timestamp = str_of(at), .nonce = str_of(nonce)};
    struct sign_request what = {str_of(r->method), str_of(r->target), r->body};
    sign_make(&s, &what, key, mac);
    sodium_bin2base64(text, sizeof text, mac, sizeof mac, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    ret_headers[0] = arena_printf(a, SIGN_SESSION ": %s", session);
    ret_headers[1] = arena_printf(a, SIGN_TIMESTAMP ": %s", at);
    ret_headers[2] = arena_printf(a, SIGN_NONCE ": %s", nonce);
    ret_headers[3] = arena_printf(a, SIGN_SIGNATURE ": %s", text);
}

/* --- the session --- */

static int64_t now_s(void)
{
    return clock_wall_us() / 1000000;
}

static void look_at_clock(struct hq *h, const struct client_answer *a)
{
    int64_t ahead = a->time_s ? a->time_s - now_s() : h->ahead_s, change = ahead - h->ahead_s;
    h->wait_s = a->retry_after_s;
    if (change > -CLOCK_OFF_S && change < CLOCK_OFF_S)
        return;
    log_info("store.clock", "the clock of headquarters is %" PRId64 " s %s this one", ahead < 0 ? -ahead : ahead,
             ahead < 0 ? "behind" : "ahead of");
    h->ahead_s = ahead;
}

static bool take_session(struct hq *h, const struct client_answer *a, struct err *err)
{
    SCOPED_JSON *root = NULL;
    if (!hq_object(a, &root, err))
        return false;
    const char *id = json_string_value(json_object_get(root, "session"));
    const char *key = json_string_value(json_object_get(root, "key"));
    if (!id || !key || strlen(id) >= sizeof h->session || !secret_parse(str_of(key), &h->key))
        return err_set(err, ERR_HQ_ANSWER, "the answer to the opening of a session has no session in it");
    snprintf(h->session, sizeof h->session, "%s", id);
    return true;
}

static bool open_session(struct hq *h, struct err *err)
{
    char word[SECRET_TEXT_MAX];
    SCOPED_CLIENT_ANSWER got = {0};
    SCOPED_BUF body = {0};
    secret_text(h->secret, word);
    buf_puts(&body, "{\"store\":");
    json_put_string(&body, str_of(h->store));
    buf_printf(&body, ",\"secret\":\"%s\",\"version\":\"" VERSION "\"}", word);
    struct client_request r = {"POST", "/v1/sessions", "application/json", buf_str(&body), NULL, 0, HQ_ANSWER_MAX};
    bool ok = client_send(h->client, &r, &got, err);
    explicit_bzero(word, sizeof word);
    explicit_bzero(body.p, body.n);
    if (!ok)
        return false;
    look_at_clock(h, &got);
    ok = got.status == 201 ? take_session(h, &got, err) : hq_refused(&got, "opening a session", err);
    if (got.body.p)
        explicit_bzero(got.body.p, got.body.n);
    return ok;
}

static bool send_signed(struct hq *h, const struct client_request *r, struct client_answer *ret, struct err *err)
{
    const char *headers[4];
    struct client_request signed_request = *r;
    hq_sign(h->session, &h->key, now_s() + h->ahead_s, r, h->a, headers);
    signed_request.headers = headers;
    signed_request.n_headers = ARRAY_LEN(headers);
    bool ok = client_send(h->client, &signed_request, ret, err);
    arena_reset(h->a);
    if (ok)
        look_at_clock(h, ret);
    return ok;
}

/* True when the answer is about the session and not about the request, and it is mended. */
static bool mended(struct hq *h, const struct client_answer *a)
{
    char type[40];
    if (a->status != 401 && a->status != 409)
        return false;
    hq_type(a, type);
    if (strcmp(type, "session") == 0) {
        h->session[0] = '\0';
        return true;
    }
    /* The difference of the clocks was taken from the answer. */
    return strcmp(type, "clock") == 0 || strcmp(type, "replay") == 0;
}

bool hq_send(struct hq *h, const struct client_request *r, struct client_answer *ret, struct err *err)
{
    for (int i = 0; i < TRIES; i++) {
        if (!h->session[0] && !open_session(h, err))
            return false;
        if (!send_signed(h, r, ret, err))
            return false;
        if (!mended(h, ret))
            return true;
    }
    return hq_refused(ret, r->target, err);
}

bool hq_ask(struct hq *h, const struct client_request *r, struct client_answer *ret, struct err *err)
{
    if (!hq_send(h, r, ret, err))
        return false;
    return (ret->status >= 200 && ret->status < 300) || hq_refused(ret, r->target, err);
}

void hq_close(struct hq *h)
{
    struct err ignored;
    SCOPED_CLIENT_ANSWER got = {0};
    struct client_request r = {.method = "DELETE", .target = "/v1/session", .answer_max = HQ_ANSWER_MAX};
    if (!h->session[0])
        return;
    if (!send_signed(h, &r, &got, &ignored))
        log_debug("store.close", "the session was not closed: %s", ignored.message);
    h->session[0] = '\0';
}
