#include "net/client.h"
#include "base/cancel.h"
#include "base/file.h"

#define STALL_BYTES 100L

struct client {
    struct client_opts o;
    CURL *curl;
    char reason[CURL_ERROR_SIZE];
    size_t answer_max;
    bool too_large;
    struct client_answer *answer;
};

void client_answer_done(struct client_answer *a)
{
    buf_done(&a->body);
}

/* --- the address --- */

static bool is_of_this_machine(const char *url)
{
    static const char *const names[] = {"http://127.0.0.1", "http://[::1]", "http://localhost"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t n = strlen(names[i]);
        if (strncmp(url, names[i], n) == 0 && (url[n] == ':' || url[n] == '\0'))
            return true;
    }
    return false;
}

bool client_check_url(const char *url, struct err *err)
{
    struct str s = str_of(url);
    size_t scheme = str_starts(s, "https://") ? 8 : str_starts(s, "http://") ? 7 : 0;
    if (!scheme || !url[scheme] || strpbrk(url + scheme, "/?#@ \\\"\n\r\t"))
        return err_set(err, ERR_USAGE, "'%s' is not the address of a gateway, like https://hq.example.com:8443", url);
    if (scheme == 8 || is_of_this_machine(url))
        return true;
    err_set(err, ERR_GUARD, "without TLS everything that is sent to %s could be read by others", url);
    return err_hint(err, "Use https://; http:// is for 127.0.0.1, [::1] and localhost only.");
}

const char *client_host(const char *url, struct arena *a)
{
    char *host = NULL;
    CURLU *u = curl_url();
    if (!u)
        abort();
    bool ok = url[0] && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
              curl_url_get(u, CURLUPART_HOST, &host, 0) == CURLUE_OK;
    const char *plain = ok ? host + (host[0] == '[') : "";
    const char *ret = arena_dup_str(a, (struct str){plain, strcspn(plain, "]")});
    curl_free(host);
    curl_url_cleanup(u);
    return ret;
}

/* --- what comes in --- */

static size_t take_body(char *p, size_t size, size_t n, void *ctx)
{
    struct client *c = ctx;
    n *= size;
    if (c->answer->body.n + n > c->answer_max) {
        c->too_large = true;
        return 0;
    }
    buf_put(&c->answer->body, p, n);
    return n;
}

static struct str value_of(struct str line, const char *name)
{
    size_t n = strlen(name);
    if (line.n <= n || strncasecmp(line.p, name, n) != 0 || line.p[n] != ':')
        return (struct str){NULL, 0};
    return str_trim((struct str){line.p + n + 1, line.n - n - 1});
}

static size_t take_header(char *p, size_t size, size_t n, void *ctx)
{
    struct client *c = ctx;
    struct str line = {p, n * size}, value;
    int64_t seconds = 0;
    if ((value = value_of(line, "Carryover-Time")).p && str_to_i64(value, &seconds))
        c->answer->time_s = seconds;
    if ((value = value_of(line, "Retry-After")).p && str_to_i64(value, &seconds) && seconds > 0)
        c->answer->retry_after_s = (int)MIN(seconds, 86400);
    if ((value = value_of(line, "Content-Type")).p)
        c->answer->is_json = str_starts(value, "application/json") || str_starts(value, "application/problem+json");
    return line.n;
}

static int look_for_stop(void *ctx, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    (void)ctx, (void)a, (void)b, (void)c, (void)d;
    return cancel_requested();
}

/* --- one server --- */

void client_prepare(const struct client_opts *o, CURL *curl)
{
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)o->connect_ms);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, STALL_BYTES);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)MAX(o->stall_ms / 1000, 1));
    if (o->total_ms)
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)o->total_ms);
    if (o->ca[0])
        curl_easy_setopt(curl, CURLOPT_CAINFO, o->ca);
    if (str_starts(str_of(o->url), "http://"))
        curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* what is plain stays on this machine */
}

static void connect_callbacks(struct client *c)
{
    curl_easy_setopt(c->curl, CURLOPT_ERRORBUFFER, c->reason);
    curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c);
    curl_easy_setopt(c->curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c->curl, CURLOPT_XFERINFOFUNCTION, look_for_stop);
}

bool client_new(const struct client_opts *o, struct client **ret, struct err *err)
{
    if (!client_check_url(o->url, err))
        return false;
    if (o->ca[0] && !file_exists(o->ca))
        return err_set(err, ERR_FILE, "there is no file %s with certificates", o->ca);
    struct client *c = calloc(1, sizeof *c);
    if (!c || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK || !(c->curl = curl_easy_init()))
        abort();
    c->o = *o;
    client_prepare(&c->o, c->curl);
    connect_callbacks(c);
    *ret = c;
    return true;
}

void client_free(struct client *c)
{
    if (!c)
        return;
    curl_easy_cleanup(c->curl);
    free(c);
}

/* --- one request --- */

struct curl_slist *client_headers(const struct client_request *r)
{
    struct curl_slist *list = NULL;
    SCOPED_BUF type = {0};
    for (size_t i = 0; i < r->n_headers; i++)
        list = curl_slist_append(list, r->headers[i]);
    if (r->type) {
        buf_printf(&type, "Content-Type: %s", r->type);
        list = curl_slist_append(list, type.p);
    }
    return curl_slist_append(list, "Expect:"); /* bodies go at once: the answer to "100-continue" is a round trip */
}

void client_body(CURL *curl, const struct client_request *r)
{
    bool none = strcmp(r->method, "GET") == 0 || (!r->body.p && strcmp(r->method, "DELETE") == 0);
    curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    if (!none) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body.p ? r->body.p : "");
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
}

static bool explain(struct client *c, const struct client_request *r, CURLcode rc, struct err *err)
{
    const char *why = c->reason[0] ? c->reason : curl_easy_strerror(rc);
    if (rc == CURLE_ABORTED_BY_CALLBACK)
        return err_set(err, ERR_INTERRUPTED, "stopped on request during %s %s", r->method, r->target);
    if (c->too_large)
        return err_set(err, ERR_HQ_ANSWER, "the answer to %s %s has more than %zu bytes", r->method, r->target,
                       r->answer_max);
    switch ((int)rc) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_SSL_CONNECT_ERROR:
        return err_set(err, ERR_HQ_CONNECT, "%s: %s", c->o.url, why);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        return err_set(err, ERR_HQ_TRUST, "%s: %s", c->o.url, why);
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_BAD_CONTENT_ENCODING:
        return err_set(err, ERR_HQ_ANSWER, "%s %s at %s: %s", r->method, r->target, c->o.url, why);
    default:
        return err_set(err, ERR_HQ_LOST, "%s %s at %s: %s", r->method, r->target, c->o.url, why);
    }
}

bool client_send(struct client *c, const struct client_request *r, struct client_answer *ret, struct err *err)
{
    SCOPED_BUF url = {0};
    long status = 0;
    struct curl_slist *headers = client_headers(r);
    buf_printf(&url, "%s%s", c->o.url, r->target);
    buf_reset(&ret->body);
    *ret = (struct client_answer){.body = ret->body};
    c->answer = ret;
    c->answer_max = r->answer_max;
    c->too_large = false;
    c->reason[0] = '\0';
    client_body(c->curl, r);
    curl_easy_setopt(c->curl, CURLOPT_URL, url.p);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
    CURLcode rc = curl_easy_perform(c->curl);
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    ret->status = (int)status;
    return rc == CURLE_OK || explain(c, r, rc, err);
}
