#include "base/json.h"
#include "base/term.h"
#include "cmd/cmd.h"
#include "cmd/n1_opts.h"
#include "cmd/open.h"
#include "cmd/operator.h"
#include "n1/registry.h"

static const char *const states[] = {"changed", "temporary", "old", "none", "blocked"};
#define STATES ARRAY_LEN(states)

/* The gateway's tables and the package's workers. */
static bool open_staff(struct command_call *call, struct calls **ret_calls, struct pg **ret, struct err *err)
{
    struct project *p = NULL;
    return command_project(call, &p, err) && n1_open_calls(p, ret_calls, err) && open_pg(p, OPEN_TARGET, ret, err) &&
           registry_prepare(*ret, err) && calls_prepare(*ret_calls, *ret, err);
}

/* --- by store --- */

struct tally {
    const char *store;
    int64_t workers, locked, of[STATES];
};

static void add(struct tally *t, const struct credential_worker *w)
{
    t->workers++;
    t->locked += w->locked;
    for (size_t i = 0; i < STATES; i++)
        t->of[i] += strcmp(w->state, states[i]) == 0;
}

/* Workers are in the order of their stores. */
static size_t tally(const struct credential_workers *l, struct arena *a, struct tally **ret)
{
    size_t n = 0;
    *ret = arena_new_array(a, struct tally, l->n + 1);
    for (size_t i = 0; i < l->n; i++) {
        if (n == 0 || strcmp((*ret)[n - 1].store, l->p[i].store) != 0)
            (*ret)[n++].store = l->p[i].store;
        add(&(*ret)[n - 1], &l->p[i]);
    }
    return n;
}

static void put_stores(struct buf *b, const struct credential_workers *l, struct arena *a)
{
    struct tally *t = NULL;
    size_t n = tally(l, a, &t);
    struct term_table *table =
        term_table_new(a, "store|>workers|>changed|>temporary|>old password|>no password|>blocked|>locked out");
    for (size_t i = 0; i < n; i++) {
        char c[STATES + 2][32];
        term_count(t[i].workers, c[STATES]);
        term_count(t[i].locked, c[STATES + 1]);
        for (size_t j = 0; j < STATES; j++)
            term_count(t[i].of[j], c[j]);
        term_table_row(table, t[i].store[0] ? t[i].store : "(none)", c[STATES], c[0], c[1], c[2], c[3], c[4],
                       c[STATES + 1]);
    }
    term_table_put(table, b);
}

/* --- one by one --- */

static void put_workers(struct buf *b, const struct credential_workers *l, struct arena *a)
{
    struct term_table *t = term_table_new(a, "store|worker|name|password|changed|locked out");
    for (size_t i = 0; i < l->n; i++) {
        const struct credential_worker *w = &l->p[i];
        term_table_row(t, w->store[0] ? w->store : "(none)", w->staff, w->name, w->state,
                       w->changed[0] ? w->changed : "-", w->locked ? "yes" : "");
    }
    term_table_put(t, b);
}

static void put_member(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
    buf_putc(b, ',');
}

static void put_json(struct buf *b, const struct credential_workers *l, struct arena *a)
{
    struct tally *t = NULL;
    size_t n = tally(l, a, &t);
    buf_puts(b, "{\"stores\":[");
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_member(b, "store", t[i].store);
        buf_printf(b, "\"workers\":%" PRId64 ",\"locked\":%" PRId64, t[i].workers, t[i].locked);
        for (size_t j = 0; j < STATES; j++)
            buf_printf(b, ",\"%s\":%" PRId64, states[j], t[i].of[j]);
        buf_putc(b, '}');
    }
    buf_puts(b, "],\"workers\":[");
    for (size_t i = 0; i < l->n; i++) {
        const struct credential_worker *w = &l->p[i];
        buf_puts(b, i ? ",{" : "{");
        put_member(b, "store", w->store);
        put_member(b, "staff", w->staff);
        put_member(b, "name", w->name);
        put_member(b, "state", w->state);
        put_member(b, "changed", w->changed);
        buf_printf(b, "\"locked\":%s}", w->locked ? "true" : "false");
    }
    buf_puts(b, "]}\n");
}

static void keep_store(struct credential_workers *l, const char *store)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->p[i].store, store) == 0)
            l->p[n++] = l->p[i];
    l->n = n;
}

bool cmd_n1_staff(struct command_call *call, struct err *err)
{
    SCOPED(calls) calls = NULL;
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    struct credential_workers l = {0};
    struct arena *a = command_arena(call);
    const char *store = command_arg(call, 0);
    if (!open_staff(call, &calls, &pg, err))
        return false;
    const struct credential_sql *sql = staff_sql(calls_staff(calls));
    if (!sql->workers.sql)
        return err_set(err, ERR_PACKAGE, "the package has no staff/workers.sql, which says who works where");
    if (!credential_list(sql, pg, a, &l, err))
        return false;
    if (store)
        keep_store(&l, store);
    if (command_flag(call, OPTION_JSON))
        put_json(&text, &l, a);
    else if (store || command_flag(call, OPTION_ALL_STAFF))
        put_workers(&text, &l, a);
    else
        put_stores(&text, &l, a);
    return cmd_print(&text, err);
}

bool cmd_n1_staff_reset(struct command_call *call, struct err *err)
{
    SCOPED(calls) calls = NULL;
    SCOPED(pg) pg = NULL;
    SCOPED_BUF text = {0};
    char *password = NULL;
    struct arena *a = command_arena(call);
    const char *id = command_arg(call, 0);
    if (!open_staff(call, &calls, &pg, err) ||
        !staff_reset(calls_staff(calls), pg, operator_name(a), id, a, &password, err))
        return false;
    if (command_flag(call, OPTION_JSON)) {
        buf_puts(&text, "{\"staff\":");
        json_put_string(&text, str_of(id));
        buf_printf(&text, ",\"password\":\"%s\"}\n", password);
    } else {
        buf_printf(&text,
                   "the temporary password of %s: %s\nIt is shown this once, and has to be changed at the next "
                   "sign-in.\n",
                   id, password);
    }
    bool ok = cmd_print(&text, err);
    explicit_bzero(password, strlen(password));
    explicit_bzero(text.p, text.n);
    return ok;
}
