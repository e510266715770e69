#include "store/call.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/log.h"

#define CONNECT_MS 3000
#define STALL_MS 10000
#define TRIES 3 /* of one call without an answer */

struct call_line {
    struct channel *c;
    struct secret secret;
    struct hq *h;
};

/* What came of one call. */
enum outcome { OUTCOME_DONE, OUTCOME_REFUSED, OUTCOME_UNKNOWN };

/* A row of carryover_call. */
struct call {
    const char *key, *method, *parameters;
};

bool call_line_open(struct channel *c, struct call_line **ret, struct err *err)
{
    struct call_line *l = calloc(1, sizeof *l);
    struct client_opts o = {c->url, c->ca, CONNECT_MS, STALL_MS};
    if (!l)
        abort();
    l->c = c;
    if (!channel_secret(c, &l->secret, err) || !hq_new(&o, c->id, &l->secret, &l->h, err)) {
        call_line_free(l);
        return false;
    }
    *ret = l;
    return true;
}

void call_line_free(struct call_line *l)
{
    if (!l)
        return;
    if (l->h)
        hq_close(l->h);
    hq_free(l->h);
    secret_done(&l->secret);
    free(l);
}

/* --- the plan --- */

static bool note_call(void *ctx, struct values *v, struct err *err)
{
    struct call_line *l = ctx;
    char key[2][SECRET_ID_MAX];
    secret_id(key[0]);
    secret_id(key[1]);
    return sqlite_run(l->c->db,
                      "insert into carryover_call (key, moment, method, parameters, undo_key, undo_method,"
                      " undo_parameters) values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                      SQLITE_ARGS(key[0], values_text(v, "moment"), values_text(v, "method"),
                                  values_text(v, "parameters"), key[1], values_text(v, "undo_method"),
                                  values_text(v, "undo_parameters")),
                      err);
}

bool call_plan(struct call_line *l, struct recipe *plan, struct values *v, struct err *err)
{
    return recipe_each(plan, v, note_call, l, err);
}

bool call_conclude(struct call_line *l, struct err *err)
{
    return sqlite_exec(l->c->db,
                       "delete from carryover_call where moment = 'before';"
                       "update carryover_call set moment = 'due' where moment = 'after'",
                       err);
}

/* --- sending --- */

/* Only what headquarters says of the call itself ends it. A paused store (403), a session that cannot be opened (401),
 * a page of a proxy and an answer that was cut off say nothing: what has to be taken back would be forgotten. */
static enum outcome judge(const struct client_answer *got)
{
    static const char *const of_the_call[] = {"request", "call-parameters", "call-key", "call-large", "call-differs"};
    struct err ignored;
    SCOPED_JSON *root = NULL;
    char type[40];
    hq_type(got, type);
    for (size_t i = 0; i < ARRAY_LEN(of_the_call); i++)
        if (got->status >= 400 && strcmp(type, of_the_call[i]) == 0)
            return OUTCOME_REFUSED;
    if (got->status != 200 || !hq_object(got, &root, &ignored))
        return OUTCOME_UNKNOWN;
    return json_is_true(json_object_get(root, "success")) ? OUTCOME_DONE : OUTCOME_REFUSED;
}

static enum outcome send_call(struct call_line *l, const struct call *call, struct arena *a)
{
    struct err why = {0};
    SCOPED_CLIENT_ANSWER got = {0};
    SCOPED_BUF body = {0};
    buf_puts(&body, "{\"key\":");
    json_put_string(&body, str_of(call->key));
    buf_printf(&body, ",\"parameters\":%s}", call->parameters);
    struct client_request r = {.method = "POST",
                               .target = arena_printf(a, "/v1/calls/%s", call->method),
                               .type = "application/json",
                               .body = buf_str(&body),
                               .answer_max = HQ_ANSWER_MAX};
    for (int i = 0; i < TRIES; i++) {
        if (hq_send(l->h, &r, &got, &why))
            return judge(&got);
        if (why.code != ERR_HQ_LOST) /* whether it took effect is not known only then; else nothing was sent */
            break;
    }
    log_debug("store.call", "%s: %s", call->method, why.message);
    return OUTCOME_UNKNOWN;
}

static bool next_call(struct call_line *l, const char *sql, struct arena *a, struct call *ret, bool *ret_row,
                      struct err *err)
{
    SCOPED_STMT *s = NULL;
    if (!sqlite_query(l->c->db, sql, SQLITE_NONE, &s, err) || !sqlite_next(l->c->db, s, ret_row, err))
        return false;
    if (*ret_row)
        *ret = (struct call){arena_dup(a, sqlite_text(s, 0)), arena_dup(a, sqlite_text(s, 1)),
                             arena_dup(a, sqlite_text(s, 2))};
    return true;
}

bool call_before(struct call_line *l, bool *ret_done, struct err *err)
{
    static const char next[] = "select key, method, parameters from carryover_call where moment = 'before' and not sent"
                               " order by number limit 1";
    SCOPED(arena) a = arena_new();
    *ret_done = true;
    while (*ret_done) {
        struct call call;
        bool row = false;
        if (!next_call(l, next, a, &call, &row, err))
            return false;
        if (!row)
            return true;
        *ret_done = send_call(l, &call, a) == OUTCOME_DONE;
        if (!sqlite_run(l->c->db, "update carryover_call set sent = 1 where key = ?1", SQLITE_ARGS(call.key), err))
            return false;
    }
    return true;
}

/* Sends the calls of a query one after the other and forgets each that got an answer, whichever: what is refused now
 * has nothing to take back. */
static bool send_all(struct call_line *l, const char *sql, bool *ret_all, struct err *err)
{
    SCOPED(arena) a = arena_new();
    *ret_all = true;
    for (;;) {
        struct call call;
        bool row = false;
        if (!next_call(l, sql, a, &call, &row, err))
            return false;
        if (!row)
            return true;
        if (call.method[0] && send_call(l, &call, a) == OUTCOME_UNKNOWN) {
            *ret_all = false;
            return true;
        }
        if (!sqlite_run(l->c->db, "delete from carryover_call where key = ?1 or undo_key = ?1", SQLITE_ARGS(call.key),
                        err))
            return false;
    }
}

bool call_settle(struct call_line *l, bool *ret_all, struct err *err)
{
    static const char undo[] = "select undo_key, undo_method, undo_parameters from carryover_call"
                               " where moment = 'before' order by number desc limit 1";
    static const char due[] = "select key, method, parameters from carryover_call where moment = 'due'"
                              " order by number limit 1";
    if (!send_all(l, undo, ret_all, err))
        return false;
    if (!*ret_all)
        return true;
    /* A plan that was taken back has nothing to come after it. */
    return sqlite_exec(l->c->db, "delete from carryover_call where moment = 'after'", err) &&
           send_all(l, due, ret_all, err);
}
