#include "store/ask.h"

#define CONNECT_MS 10000
#define STALL_MS 30000

bool ask_method(struct channel *c, const char *method, const char *body, struct buf *ret, struct err *err)
{
    SCOPED_SECRET secret = {{0}};
    SCOPED(hq) h = NULL;
    SCOPED_CLIENT_ANSWER answer = {0};
    SCOPED_BUF target = {0};
    struct client_opts o = {c->url, c->ca, CONNECT_MS, STALL_MS};
    buf_printf(&target, "/v1/calls/%s", method);
    struct client_request r = {.method = "POST",
                               .target = target.p,
                               .type = "application/json",
                               .body = str_of(body),
                               .answer_max = HQ_ANSWER_MAX};
    if (!channel_secret(c, &secret, err) || !hq_new(&o, c->id, &secret, &h, err) || !hq_ask(h, &r, &answer, err))
        return false;
    buf_put(ret, answer.body.p, answer.body.n);
    hq_close(h);
    return true;
}
