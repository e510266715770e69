#include "store/fetch.h"
#include "base/file.h"
#include "base/json.h"
#include "base/log.h"
#include "base/utf8.h"
#include "store/files.h"
#include "store/patience.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define PART_MAX (INT64_C(64) << 20)
#define BYTES_MAX (INT64_C(64) << 30)
#define PART_TRIES 5
#define MESSAGE_MAX 500
#define POLL_MAX_S 86400

/* --- what there is --- */

/* Names of chains are headquarters' business: every byte that may not stand in a query is written %XX. */
static void put_escaped(struct buf *b, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        bool plain =
            (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("-._~@", *c);
        plain ? buf_putc(b, (char)*c) : buf_printf(b, "%%%02X", *c);
    }
}

static bool put_question(struct channel *c, struct buf *b, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    buf_puts(b, "/v1/downloads?at=");
    if (!sqlite_query(c->db, "select chain, version from carryover_version order by chain", SQLITE_NONE, &s, err))
        return false;
    for (int i = 0; sqlite_next(c->db, s, &row, err) && row; i++) {
        buf_puts(b, i ? "," : "");
        put_escaped(b, sqlite_text(s, 0));
        buf_printf(b, ":%s", sqlite_text(s, 1));
    }
    return !row;
}

static const char *text_in(const json_t *o, const char *name, struct arena *a)
{
    const char *text = json_string_value(json_object_get(o, name));
    return text ? arena_dup(a, text) : "";
}

static int64_t number_in(const json_t *o, const char *name)
{
    const json_t *value = json_object_get(o, name);
    return json_is_integer(value) ? json_integer_value(value) : -1;
}

static bool is_digest(const char *text)
{
    return strlen(text) == 64 && strspn(text, "0123456789abcdef") == 64;
}

static bool check_offer(const struct offer *o, struct err *err)
{
    bool sound = o->id > 0 && o->job[0] && o->chain[0] && is_digest(o->sha256) && o->to > 0 && o->from >= 0 &&
                 (o->full || o->from < o->to) && o->bytes > 0 && o->bytes <= BYTES_MAX && o->part_bytes > 0 &&
                 o->part_bytes <= PART_MAX && o->parts == (o->bytes + o->part_bytes - 1) / o->part_bytes;
    return sound ||
           err_set(err, ERR_HQ_ANSWER, "the package %" PRId64 " is offered in a way that makes no sense", o->id);
}

static bool read_offer(const struct client_answer *got, struct arena *a, struct offer *ret, struct fetch_result *result,
                       struct err *err)
{
    SCOPED_JSON *root = NULL;
    if (!hq_object(got, &root, err))
        return false;
    const json_t *p = json_object_get(root, "package");
    int64_t poll = number_in(root, "poll_after");
    result->poll_after_s = (int)MIN(MAX(poll, 0), POLL_MAX_S);
    result->preparing = json_is_true(json_object_get(root, "preparing"));
    *ret = (struct offer){0};
    if (json_is_null(p))
        return true;
    *ret = (struct offer){.id = number_in(p, "id"),
                          .job = text_in(p, "job", a),
                          .chain = text_in(p, "chain", a),
                          .full = json_is_true(json_object_get(p, "full")),
                          .from = number_in(p, "from"),
                          .to = number_in(p, "to"),
                          .bytes = number_in(p, "bytes"),
                          .parts = number_in(p, "parts"),
                          .part_bytes = number_in(p, "part_bytes"),
                          .sha256 = text_in(p, "sha256", a)};
    return check_offer(ret, err);
}

static bool ask_offer(struct channel *c, struct hq *h, struct arena *a, struct offer *ret, struct fetch_result *result,
                      struct err *err)
{
    SCOPED_CLIENT_ANSWER got = {0};
    SCOPED_BUF target = {0};
    if (!put_question(c, &target, err))
        return false;
    struct client_request r = {.method = "GET", .target = target.p, .answer_max = HQ_ANSWER_MAX};
    return hq_ask(h, &r, &got, err) && read_offer(&got, a, ret, result, err);
}

/* --- fetching --- */

static int64_t part_size(const struct offer *o, int64_t part)
{
    return part + 1 < o->parts ? o->part_bytes : o->bytes - part * o->part_bytes;
}

static bool get_part(struct hq *h, const struct offer *o, int64_t part, struct client_answer *got, struct err *err)
{
    SCOPED_BUF target = {0};
    buf_printf(&target, "/v1/downloads/%" PRId64 "/parts/%" PRId64, o->id, part);
    struct client_request r = {.method = "GET", .target = target.p, .answer_max = (size_t)o->part_bytes};
    if (!hq_ask(h, &r, got, err))
        return false;
    return (int64_t)got->body.n == part_size(o, part) ||
           err_set(err, ERR_HQ_LOST, "part %" PRId64 " of package %" PRId64 " came with %zu bytes instead of %" PRId64,
                   part, o->id, got->body.n, part_size(o, part));
}

/* A cut in the middle is tried again here, a few times; the parts before it stay. */
static bool get_patiently(struct hq *h, const struct offer *o, int64_t part, struct client_answer *got, struct err *err)
{
    struct patience p = patience_new(200, 5000, (uint64_t)(o->id + part));
    for (int i = 1; !get_part(h, o, part, got, err); i++) {
        if (!err_info(err->code)->retryable || i == PART_TRIES)
            return err_wrap(err, "part %" PRId64 " of %" PRId64, part + 1, o->parts);
        log_info("store.again", "package %" PRId64 ", part %" PRId64 ": %s; trying again", o->id, part, err->message);
        if (!patience_wait(patience_ms(&p, hq_wait_s(h))))
            return err_set(err, ERR_INTERRUPTED, "stopped on request");
    }
    return true;
}

static bool append(int fd, const char *path, const struct buf *b, int64_t at, struct err *err)
{
    for (size_t done = 0; done < b->n;) {
        ssize_t n = pwrite(fd, b->p + done, b->n - done, at + (int64_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return files_fail(n < 0 ? errno : ENOSPC, "writing", path, err);
        done += (size_t)n;
    }
    return true;
}

/* Whole parts only count; what came behind them is fetched again. */
static bool fetch_parts(struct hq *h, const struct offer *o, int fd, const char *path, struct err *err)
{
    SCOPED_CLIENT_ANSWER got = {0};
    struct stat st;
    if (fstat(fd, &st) != 0)
        return files_fail(errno, "writing", path, err);
    int64_t part = (int64_t)st.st_size >= o->bytes ? o->parts : (int64_t)st.st_size / o->part_bytes;
    if (part > 0 && part < o->parts)
        log_info("store.resume", "package %" PRId64 ": going on with part %" PRId64 " of %" PRId64, o->id, part + 1,
                 o->parts);
    for (; part < o->parts; part++)
        if (!get_patiently(h, o, part, &got, err) || !append(fd, path, &got.body, part * o->part_bytes, err))
            return false;
    return ftruncate(fd, o->bytes) == 0 || files_fail(errno, "writing", path, err);
}

static bool check_file(const struct offer *o, const char *path, bool *ret_good, struct err *err)
{
    char hex[SHA256_HEX_MAX];
    int64_t bytes = 0;
    if (!files_digest(path, &bytes, hex, err))
        return false;
    *ret_good = bytes == o->bytes && strcmp(hex, o->sha256) == 0;
    return true;
}

/* What is left of other packages is of no use any more. */
static bool tidy(struct channel *c, const char *name, struct arena *a, struct err *err)
{
    char **names = NULL;
    size_t n = 0;
    if (!file_list(channel_path(c, "download"), "", a, &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) != 0)
            unlink(arena_printf(a, "%s/download/%s", c->dir, names[i]));
    return true;
}

static bool fetch_once(struct hq *h, const struct offer *o, const char *path, bool *ret_good, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return files_fail(errno, "writing", path, err);
    bool ok = fetch_parts(h, o, fd, path, err);
    close(fd);
    return ok && check_file(o, path, ret_good, err);
}

/* Bytes that changed on their way, or on this disk, are fetched once more before anybody is told. */
static bool fetch(struct channel *c, struct hq *h, const struct offer *o, struct arena *a, const char **ret_path,
                  struct err *err)
{
    const char *name = arena_printf(a, "%" PRId64 "-%.16s", o->id, o->sha256);
    const char *path = arena_printf(a, "%s/download/%s", c->dir, name);
    bool good = false;
    *ret_path = path;
    if (!tidy(c, name, a, err))
        return false;
    for (int i = 0; i < 2 && !good; i++) {
        if (!fetch_once(h, o, path, &good, err))
            return false;
        if (!good)
            unlink(path);
    }
    return good ||
           err_set(err, ERR_DOWNLOAD_DAMAGED, "package %" PRId64 " of %s: its digest is not %s, as was announced",
                   o->id, o->chain, o->sha256);
}

/* --- telling --- */

static void tell(struct hq *h, const struct offer *o, const char *state, const char *message)
{
    struct err why;
    SCOPED_CLIENT_ANSWER got = {0};
    SCOPED_BUF target = {0};
    SCOPED_BUF body = {0};
    buf_printf(&target, "/v1/downloads/%" PRId64 "/state", o->id);
    buf_printf(&body, "{\"state\":\"%s\"", state);
    if (message) {
        buf_puts(&body, ",\"message\":");
        json_put_string(&body, (struct str){message, utf8_cut(str_of(message), MESSAGE_MAX)});
    }
    buf_putc(&body, '}');
    struct client_request r = {"POST", target.p, "application/json", buf_str(&body), NULL, 0, HQ_ANSWER_MAX};
    if (!hq_ask(h, &r, &got, &why))
        log_warn("store.tell", "headquarters could not be told that package %" PRId64 " is %s: %s", o->id, state,
                 why.message);
}

/* A full disk or a stop is not the package's fault. */
static bool is_of_package(enum err_code code)
{
    return code == ERR_APPLY_FAILED || code == ERR_PARCEL || code == ERR_LIMIT || code == ERR_DOWNLOAD_DAMAGED;
}

static bool fetch_and_apply(struct channel *c, struct hq *h, const struct offer *o, struct apply_result *ret,
                            struct arena *a, struct err *err)
{
    const char *path = NULL;
    if (!fetch(c, h, o, a, &path, err))
        return false;
    tell(h, o, "downloaded", NULL);
    if (!apply_package(c, o, path, ret, err)) {
        if (is_of_package(err->code))
            unlink(path);
        return err_wrap(err, "applying package %" PRId64 " (%s)", o->id, o->chain);
    }
    unlink(path);
    return true;
}

static void say(const struct offer *o, const struct apply_result *r)
{
    if (r->was_there)
        log_info("store.known", "package %" PRId64 " leads %s to version %" PRId64 ", which is there already", o->id,
                 o->chain, o->to);
    else
        log_info("store.applied", "%s: %s %" PRId64 " to %" PRId64 ": %d tables, %" PRId64 " rows, %" PRId64 " gone",
                 o->chain, o->full ? "full," : "from", o->full ? INT64_C(0) : o->from, o->to, r->tables, r->rows,
                 r->keys);
}

bool fetch_next(struct channel *c, struct hq *h, struct fetch_result *ret, struct err *err)
{
    struct offer o;
    struct apply_result applied = {0};
    SCOPED(arena) a = arena_new();
    *ret = (struct fetch_result){0};
    if (!ask_offer(c, h, a, &o, ret, err))
        return false;
    if (!o.id)
        return true;
    if (!fetch_and_apply(c, h, &o, &applied, a, err)) {
        if (is_of_package(err->code))
            tell(h, &o, "failed", err->message);
        return false;
    }
    tell(h, &o, "applied", NULL);
    say(&o, &applied);
    ret->applied = !applied.was_there;
    return true;
}
