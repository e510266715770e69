#include "net/problem.h"
#include "base/json.h"

static const int statuses[ERR_COUNT] = {
    [ERR_REQUEST] = 400,        [ERR_UNSIGNED] = 401,        [ERR_SIGNATURE] = 401,      [ERR_CLOCK] = 401,
    [ERR_SESSION] = 401,        [ERR_CREDENTIALS] = 401,     [ERR_FORBIDDEN] = 403,      [ERR_STORE_INACTIVE] = 403,
    [ERR_NOT_FOUND] = 404,      [ERR_METHOD] = 405,          [ERR_REPLAY] = 409,         [ERR_RATE] = 429,
    [ERR_GATEWAY_BUSY] = 503,   [ERR_CALL_PARAMETERS] = 422, [ERR_CALL_KEY] = 422,       [ERR_CALL_DIFFERS] = 409,
    [ERR_CALL_LARGE] = 422,     [ERR_UPLOAD_GAP] = 409,      [ERR_UPLOAD_DIFFERS] = 409, [ERR_UPLOAD_COUNTER] = 409,
    [ERR_UPLOAD_REFUSED] = 422, [ERR_UPLOAD_LARGE] = 413,
};

bool problem_is_public(enum err_code code)
{
    return statuses[code] != 0;
}

int problem_status(enum err_code code)
{
    if (statuses[code])
        return statuses[code];
    return err_info(code)->retryable ? 503 : 500;
}

static void put_member(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, ",\"%s\":", name);
    json_put_string(b, str_of(value));
}

void problem_put(struct buf *b, const struct err *err, const char *reference, int64_t now_s, struct str more)
{
    bool open = problem_is_public(err->code);
    int status = problem_status(err->code);
    const char *type = open ? err_info(err->code)->name : status == 503 ? "gateway-busy" : "internal";
    const char *detail = status == 503 ? "the gateway cannot do this now; try again later" : "the gateway failed";
    buf_puts(b, "{\"type\":");
    json_put_string(b, str_of(type));
    put_member(b, "title", open ? err_info(err->code)->title : "The gateway could not do this.");
    buf_printf(b, ",\"status\":%d", status);
    put_member(b, "detail", open ? err->message : detail);
    buf_printf(b, ",\"time\":%" PRId64, now_s);
    put_member(b, "reference", reference);
    buf_put(b, more.p, more.n);
    buf_puts(b, "}\n");
}
