#include "store/send.h"
#include "base/file.h"
#include "base/log.h"
#include "store/bundle.h"
#include "store/files.h"
#include "store/reckon.h"
#include <unistd.h>

#define TRIES 4 /* of one call: notes that were wrong, a package that was too large */

/* What to do with an answer. */
enum verdict { VERDICT_TAKEN, VERDICT_RECKON, VERDICT_SMALLER, VERDICT_REFUSED, VERDICT_FAILED };

static enum verdict judge(const struct client_answer *got)
{
    char type[40];
    if (got->status == 201 || got->status == 200)
        return VERDICT_TAKEN;
    hq_type(got, type);
    if (strcmp(type, "upload-gap") == 0 || strcmp(type, "upload-counter") == 0)
        return VERDICT_RECKON;
    if (got->status == 413)
        return VERDICT_SMALLER;
    return strncmp(type, "upload-", 7) == 0 ? VERDICT_REFUSED : VERDICT_FAILED;
}

/* The file says what its row says, or it cannot be sent: bytes of a package never change. */
static bool is_sound(const struct bundle *b, bool *ret, struct err *err)
{
    char hex[SHA256_HEX_MAX];
    int64_t bytes = 0;
    *ret = false;
    if (!file_exists(b->path))
        return true;
    if (!files_digest(b->path, &bytes, hex, err))
        return false;
    *ret = bytes == b->bytes && strcmp(hex, b->sha256) == 0;
    return true;
}

static bool put(struct hq *h, const struct bundle *b, struct arena *a, struct client_answer *got, struct err *err)
{
    struct str body = {"", 0};
    if (!file_read(b->path, a, &body, err))
        return false;
    struct client_request r = {.method = "PUT",
                               .target = arena_printf(a, "/v1/uploads/%" PRId64, b->number),
                               .type = "application/zstd",
                               .body = body,
                               .answer_max = HQ_ANSWER_MAX};
    return hq_send(h, &r, got, err) || err_wrap(err, "upload %" PRId64, b->number);
}

static void take_counts(const struct client_answer *got, const struct bundle *b, struct send_result *ret)
{
    *ret = (struct send_result){.sent = true,
                                .number = b->number,
                                .rows = b->rows,
                                .transactions = b->transactions,
                                .aside = hq_detail(got, "aside", 0)};
}

static bool taken(struct channel *c, const struct client_answer *got, const struct bundle *b, struct send_result *ret,
                  struct err *err)
{
    take_counts(got, b, ret);
    if (!bundle_accept(c, b, err))
        return false;
    log_info("store.sent", "upload %" PRId64 ": %" PRId64 " transactions, %" PRId64 " rows, %" PRId64 " bytes",
             b->number, b->transactions, b->rows, b->bytes);
    if (ret->aside)
        log_warn("store.aside", "upload %" PRId64 ": headquarters set %" PRId64 " rows aside", b->number, ret->aside);
    return true;
}

static bool blocked(const struct client_answer *got, const struct bundle *b, struct err *err)
{
    SCOPED_BUF what = {0};
    buf_printf(&what, "upload %" PRId64, b->number);
    (void)hq_refused(got, what.p, err);
    err->code = ERR_UPLOAD_BLOCKED;
    return false;
}

/* Its number is not used up; what was refused stays for who has to look at it, and the next try makes it anew. */
static bool set_aside(struct channel *c, const struct client_answer *got, const struct bundle *b, struct arena *a,
                      struct err *err)
{
    char type[40];
    hq_type(got, type);
    if (strcmp(type, "upload-differs") == 0)
        return blocked(got, b, err);
    if (rename(b->path, arena_printf(a, "%s.refused", b->path)) != 0)
        log_warn("store.refused", "%s could not be kept for a look at it", b->path);
    return bundle_drop(c, b, err) && blocked(got, b, err);
}

static bool make_smaller(struct channel *c, const struct client_answer *got, const struct bundle *b,
                         struct bundle_limits *l, struct err *err)
{
    if (b->transactions <= 1)
        return blocked(got, b, err);
    l->transactions_max = b->transactions / 2;
    log_info("store.smaller",
             "upload %" PRId64 " is too large for headquarters: at most %" PRId64 " transactions in each from now on",
             b->number, l->transactions_max);
    return bundle_drop(c, b, err);
}

/* The file is gone or damaged. Headquarters may have the package all the same, and only its answer was lost: rows that
 * it has must not go up again under other counters. */
static bool replace(struct channel *c, struct hq *h, const struct bundle *b, struct err *err)
{
    bool is_taken = false;
    if (!reckon_is_taken(h, b->number, &is_taken, err))
        return false;
    log_warn("store.remade", "the file of upload %" PRId64 " is gone or damaged; %s", b->number,
             is_taken ? "headquarters has it already" : "it is made anew");
    return is_taken ? bundle_accept(c, b, err) : bundle_drop(c, b, err) && reckon_uploads(c, h, err);
}

/* One package once. `*ret_done` is false when the next try may do. */
static bool send_one(struct channel *c, struct hq *h, struct bundle_limits *l, struct arena *a, bool *ret_done,
                     struct send_result *ret, struct err *err)
{
    struct bundle b;
    bool sound = false;
    SCOPED_CLIENT_ANSWER got = {0};
    *ret_done = true;
    if (!bundle_next(c, l, a, &b, err))
        return false;
    if (!b.number)
        return true;
    if (!is_sound(&b, &sound, err))
        return false;
    *ret_done = false;
    if (!sound)
        return replace(c, h, &b, err);
    if (!put(h, &b, a, &got, err))
        return false;
    switch (judge(&got)) {
    case VERDICT_TAKEN:
        *ret_done = true;
        return taken(c, &got, &b, ret, err);
    case VERDICT_RECKON:
        return bundle_drop(c, &b, err) && reckon_uploads(c, h, err);
    case VERDICT_SMALLER:
        return make_smaller(c, &got, &b, l, err);
    case VERDICT_REFUSED:
        return set_aside(c, &got, &b, a, err);
    case VERDICT_FAILED:
        return hq_refused(&got, arena_printf(a, "upload %" PRId64, b.number), err);
    }
    abort();
}

bool send_next(struct channel *c, struct hq *h, struct send_opts *o, struct send_result *ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct bundle_limits l = {o->transactions_max, o->bytes_max};
    bool done = false;
    *ret = (struct send_result){0};
    if (!c->fresh_counters && !reckon_uploads(c, h, err))
        return false;
    for (int i = 0; i < TRIES && !done; i++)
        if (!send_one(c, h, &l, a, &done, ret, err))
            return false;
    o->transactions_max = l.transactions_max;
    return done || err_set(err, ERR_UPLOAD_BLOCKED, "headquarters and this store do not agree on what comes next");
}
