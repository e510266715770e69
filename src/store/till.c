#include "store/till.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/vec.h"
#include "store/call.h"
#include "store/counter.h"
#include "store/money.h"
#include "store/patience.h"
#include "store/tape.h"
#include <time.h>

#define SHIFT_LEAST 15 /* transactions before a shift may end */
#define SHIFT_ENDS 10  /* one in so many of those after */
#define CARD_ONE_IN 8  /* transactions with a gift card, sold or taken */

struct register_ {
    const char *name;
    bool closing; /* tenders are declared: the shift ends next */
};

struct till {
    struct counter k;
    struct tape *tape;
    struct call_line *line; /* to headquarters; NULL: no gift cards */
    struct till_result *result;
    VEC(struct register_) registers;
};

/* What may happen, out of a hundred; the rest are sales. */
enum happening { HAPPENS_RETURN, HAPPENS_VOID, HAPPENS_NO_SALE, HAPPENS_SUSPEND, HAPPENS_RECALL, HAPPENS_SALE };

static const struct {
    enum happening what;
    uint64_t share;
    enum counter_script needs;
} happenings[] = {{HAPPENS_RETURN, 8, SCRIPT_ORIGINAL},
                  {HAPPENS_VOID, 4, SCRIPT_VOID},
                  {HAPPENS_NO_SALE, 3, SCRIPT_NO_SALE},
                  {HAPPENS_SUSPEND, 5, SCRIPT_SUSPEND},
                  {HAPPENS_RECALL, 6, SCRIPT_RECALL}};

/* --- the tape and the marks --- */

static bool mark_tables(struct sqlite *db, const char *number, struct err *err)
{
    return sqlite_run(db,
                      "insert into carryover_mark_table (mark, name, counter)"
                      " select cast(?1 as integer), name, last from carryover_upload where last > marked",
                      SQLITE_ARGS(number), err) &&
           sqlite_exec(db, "update carryover_upload set marked = last where last > marked", err);
}

static void put_line(struct buf *b, struct till *t, int64_t number)
{
    char gross[MONEY_TEXT_MAX], paid[MONEY_TEXT_MAX];
    money_text(cart_gross(&t->k.cart), gross);
    money_text(t->k.cart.paid, paid);
    buf_printf(b, "{\"number\":%" PRId64 ",\"id\":", number);
    json_put_string(b, str_of(values_text(t->k.v, "id")));
    buf_printf(b, ",\"kind\":\"%s\",\"terminal\":", t->k.kind);
    json_put_string(b, str_of(values_text(t->k.v, "terminal")));
    buf_printf(b, ",\"day\":\"%s\",\"gross\":\"%s\",\"paid\":\"%s\",\"lines\":%" PRId64 "}", values_text(t->k.v, "day"),
               gross, paid, t->k.cart.lines);
}

/* Last in every transaction: uploads may be cut behind it, and the tape gets its line. */
static bool mark(struct till *t, struct err *err)
{
    struct sqlite *db = t->k.c->db;
    char number[24];
    SCOPED_BUF line = {0};
    snprintf(number, sizeof number, "%s", values_text(t->k.v, "mark"));
    put_line(&line, t, values_number(t->k.v, "mark"));
    return sqlite_run(db, "insert into carryover_mark (number, line) values (?1, ?2)", SQLITE_ARGS(number, line.p),
                      err) &&
           mark_tables(db, number, err);
}

/* --- one transaction --- */

static void set_time(struct values *v)
{
    char text[32];
    struct tm local, utc;
    time_t now = (time_t)(clock_wall_us() / 1000000);
    localtime_r(&now, &local);
    gmtime_r(&now, &utc);
    strftime(text, sizeof text, "%Y-%m-%d", &local);
    values_set_text(v, "day", text);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &utc);
    values_set_text(v, "now", text);
    values_set_number(v, "seconds", local.tm_hour * 3600 + local.tm_min * 60 + local.tm_sec);
}

/* Receipts are numbered as their rows are counted, so a number never comes twice, not even after this database was made
 * anew: headquarters knows the counters. Marks are counted here only. */
static bool set_numbers(struct till *t, struct err *err)
{
    struct sqlite *db = t->k.c->db;
    int64_t last = 0, marked = 0;
    if (!sqlite_number(db, "select last from carryover_upload order by position limit 1", SQLITE_NONE, 0, &last, err) ||
        !sqlite_number(db, "select max(number) from carryover_mark", SQLITE_NONE, 0, &marked, err))
        return false;
    values_set_number(t->k.v, "number", last + 1);
    values_set_number(t->k.v, "mark", marked + 1);
    return true;
}

static bool simple(struct till *t, enum counter_script s, const char *kind, int64_t *count, struct err *err)
{
    static const char *const zeros[] = {"lines",       "total_quantity", "total_discount", "total_net", "total_tax",
                                        "total_gross", "paid",           "payments",       "difference"};
    bool row = false;
    t->k.kind = kind;
    t->k.cart = (struct cart){0};
    values_set_text(t->k.v, "customer", "");
    for (size_t i = 0; i < ARRAY_LEN(zeros); i++)
        values_set_number(t->k.v, zeros[i], 0);
    *count += 1;
    return counter_do(&t->k, SCRIPT_BEGIN, &row, err) && counter_do(&t->k, s, NULL, err);
}

static enum happening draw(struct till *t)
{
    uint64_t n = rand_below(&t->k.rand, 100);
    for (size_t i = 0; i < ARRAY_LEN(happenings); i++) {
        if (n < happenings[i].share)
            return counter_has(&t->k, happenings[i].needs) ? happenings[i].what : HAPPENS_SALE;
        n -= happenings[i].share;
    }
    return HAPPENS_SALE;
}

static bool sell(struct till *t, struct err *err)
{
    t->result->sales++;
    return counter_sale(&t->k, err);
}

static bool or_sell(struct till *t, bool done, int64_t *count, struct err *err)
{
    *count += done;
    return done || sell(t, err);
}

static bool happen(struct till *t, struct err *err)
{
    bool done = false;
    switch (draw(t)) {
    case HAPPENS_RETURN:
        return counter_return(&t->k, &done, err) && or_sell(t, done, &t->result->returns, err);
    case HAPPENS_RECALL:
        return counter_recall(&t->k, &done, err) && or_sell(t, done, &t->result->recalled, err);
    case HAPPENS_VOID:
        t->result->voids++;
        return counter_void(&t->k, err);
    case HAPPENS_SUSPEND:
        t->result->suspended++;
        return counter_suspend(&t->k, err);
    case HAPPENS_NO_SALE:
        return simple(t, SCRIPT_NO_SALE, "no-sale", &t->result->others, err);
    case HAPPENS_SALE:
        return sell(t, err);
    }
    abort();
}

static bool sign_in(struct till *t, struct err *err)
{
    bool row = false;
    if (!counter_has(&t->k, SCRIPT_STAFF))
        return true;
    return counter_do(&t->k, SCRIPT_STAFF, &row, err) &&
           (row || err_set(err, ERR_TILL_DATA, "the channel database has no workers"));
}

/* A shift is opened, is declared and ends, or something happens in it. */
static bool do_one(struct till *t, struct register_ *r, struct err *err)
{
    bool open = true;
    values_set_text(t->k.v, "terminal", r->name);
    if (!sign_in(t, err))
        return false;
    if (counter_has(&t->k, SCRIPT_SHIFT) && !counter_do(&t->k, SCRIPT_SHIFT, &open, err))
        return false;
    if (!open)
        return simple(t, SCRIPT_OPEN_SHIFT, "open-shift", &t->result->shifts_opened, err);
    if (r->closing) {
        r->closing = false;
        return simple(t, SCRIPT_CLOSE_SHIFT, "close-shift", &t->result->shifts_closed, err);
    }
    r->closing = counter_has(&t->k, SCRIPT_CLOSE_SHIFT) && values_number(t->k.v, "shift_transactions") >= SHIFT_LEAST &&
                 rand_below(&t->k.rand, SHIFT_ENDS) == 0;
    return r->closing ? simple(t, SCRIPT_DECLARATION, "declaration", &t->result->others, err) : happen(t, err);
}

static bool commit(struct till *t, struct err *err)
{
    if (!mark(t, err)) {
        sqlite_rollback(t->k.c->db);
        return false;
    }
    if (!sqlite_commit(t->k.c->db, err) || !tape_follow(t->tape, err))
        return false;
    t->result->done++;
    if (strcmp(t->k.kind, "suspend") == 0)
        return true;
    t->result->gross += cart_gross(&t->k.cart);
    t->result->paid += t->k.cart.paid;
    return true;
}

static bool transact(struct till *t, struct register_ *r, struct err *err)
{
    if (!sqlite_begin(t->k.c->db, err))
        return false;
    set_time(t->k.v);
    if (set_numbers(t, err) && do_one(t, r, err))
        return commit(t, err);
    sqlite_rollback(t->k.c->db);
    return false;
}

/* --- closing time --- */

/* Everything that is suspended is taken up and finished, then the shift is declared, then closed: one of these. */
static bool close_next(struct till *t, struct register_ *r, bool *ret_done, struct err *err)
{
    if (r->closing) {
        r->closing = false;
        return simple(t, SCRIPT_CLOSE_SHIFT, "close-shift", &t->result->shifts_closed, err);
    }
    if (!counter_recall(&t->k, ret_done, err))
        return false;
    t->result->recalled += *ret_done;
    if (*ret_done || !counter_has(&t->k, SCRIPT_CLOSE_SHIFT))
        return true;
    *ret_done = r->closing = true;
    return simple(t, SCRIPT_DECLARATION, "declaration", &t->result->others, err);
}

/* `*ret_done` is false when nothing is left to do at this terminal. */
static bool close_step(struct till *t, struct register_ *r, bool *ret_done, struct err *err)
{
    bool open = true;
    values_set_text(t->k.v, "terminal", r->name);
    if (!sign_in(t, err) || (counter_has(&t->k, SCRIPT_SHIFT) && !counter_do(&t->k, SCRIPT_SHIFT, &open, err)))
        return false;
    *ret_done = open;
    return !open || close_next(t, r, ret_done, err);
}

static bool close_transaction(struct till *t, struct register_ *r, bool *ret_done, struct err *err)
{
    if (!sqlite_begin(t->k.c->db, err))
        return false;
    set_time(t->k.v);
    bool ok = set_numbers(t, err) && close_step(t, r, ret_done, err);
    if (ok && *ret_done)
        return commit(t, err);
    sqlite_rollback(t->k.c->db);
    return ok;
}

static bool close_up(struct till *t, struct err *err)
{
    for (size_t i = 0; i < t->registers.n; i++) {
        bool done = true;
        while (done && !cancel_requested())
            if (!close_transaction(t, &t->registers.p[i], &done, err))
                return err_wrap(err, "closing terminal %s", t->registers.p[i].name);
    }
    return true;
}

/* --- gift cards: headquarters first --- */

/* Terminal, worker, shift and the receipt's id; `*ret_open` is false when there is no shift to sell in. */
static bool stand_at(struct till *t, struct register_ *r, bool *ret_open, struct err *err)
{
    *ret_open = true;
    values_set_text(t->k.v, "terminal", r->name);
    set_time(t->k.v);
    return set_numbers(t, err) && sign_in(t, err) &&
           (!counter_has(&t->k, SCRIPT_SHIFT) || counter_do(&t->k, SCRIPT_SHIFT, ret_open, err)) &&
           counter_do(&t->k, SCRIPT_BEGIN, NULL, err);
}

static bool plan(struct till *t, struct register_ *r, bool sells, bool *ret_planned, struct err *err)
{
    bool open = false;
    if (!stand_at(t, r, &open, err) || !counter_do(&t->k, sells ? SCRIPT_CARD_NEW : SCRIPT_CARD, ret_planned, err))
        return false;
    *ret_planned = *ret_planned && open;
    return !*ret_planned || call_plan(t->line, t->k.scripts[sells ? SCRIPT_CARD_ISSUE : SCRIPT_CARD_PAY], t->k.v, err);
}

static bool plan_and_keep(struct till *t, struct register_ *r, bool sells, bool *ret_planned, struct err *err)
{
    if (!sqlite_begin(t->k.c->db, err))
        return false;
    if (plan(t, r, sells, ret_planned, err))
        return sqlite_commit(t->k.c->db, err);
    sqlite_rollback(t->k.c->db);
    return false;
}

/* The receipt, under the id that headquarters was told. */
static bool write_card_receipt(struct till *t, bool sells, bool *ret_done, struct err *err)
{
    int64_t number = values_number(t->k.v, "number");
    *ret_done = false;
    if (!set_numbers(t, err))
        return false;
    if (values_number(t->k.v, "number") != number)
        return true;
    *ret_done = true;
    return (sells ? counter_sell_card(&t->k, err) : counter_take_card(&t->k, ret_done, err)) &&
           (!*ret_done || call_conclude(t->line, err));
}

static bool card_receipt(struct till *t, bool sells, bool *ret_done, struct err *err)
{
    if (!sqlite_begin(t->k.c->db, err))
        return false;
    bool ok = write_card_receipt(t, sells, ret_done, err);
    if (ok && *ret_done) {
        *(sells ? &t->result->cards_sold : &t->result->cards_taken) += 1;
        return commit(t, err);
    }
    sqlite_rollback(t->k.c->db);
    return ok;
}

/* `*ret_done` is false when nothing came of it: whatever headquarters did is taken back. */
static bool with_card(struct till *t, struct register_ *r, bool *ret_done, struct err *err)
{
    bool sells = rand_below(&t->k.rand, 2) == 0, ready = false;
    *ret_done = false;
    if (!call_settle(t->line, &ready, err) || (ready && !plan_and_keep(t, r, sells, &ready, err)))
        return false;
    if (!ready)
        return true;
    return call_before(t->line, &ready, err) && (!ready || card_receipt(t, sells, ret_done, err)) &&
           call_settle(t->line, &ready, err);
}

static bool do_next(struct till *t, struct err *err)
{
    struct register_ *r = &t->registers.p[rand_below(&t->k.rand, t->registers.n)];
    bool done = false;
    if (t->line && rand_below(&t->k.rand, CARD_ONE_IN) == 0 && !with_card(t, r, &done, err))
        return false;
    return done || transact(t, r, err);
}

/* --- a day in the store --- */

static bool add_register(void *ctx, struct values *v, struct err *err)
{
    struct till *t = ctx;
    (void)err;
    vec_push(&t->registers)->name = arena_dup(t->k.c->a, values_text(v, "terminal"));
    return true;
}

static bool look_around(struct till *t, struct err *err)
{
    bool row = false;
    values_set_text(t->k.v, "store_id", t->k.c->id);
    if (!counter_do(&t->k, SCRIPT_STORE, &row, err))
        return false;
    if (!row)
        return err_set(err, ERR_TILL_DATA, "the channel database has no store %s", t->k.c->id);
    return recipe_each(t->k.scripts[SCRIPT_TERMINALS], t->k.v, add_register, t, err) &&
           (t->registers.n || err_set(err, ERR_TILL_DATA, "the store %s has no terminals", t->k.c->id));
}

static bool run(struct till *t, const struct till_opts *o, struct err *err)
{
    int64_t began_us = clock_us();
    bool endless = !o->transactions && !o->close_up;
    for (int64_t i = 0; (endless || i < o->transactions) && !cancel_requested(); i++) {
        int64_t due_us = o->rate ? began_us + i * 1000000 / o->rate : 0, early = due_us - clock_us();
        if (early > 0 && !patience_wait((int)MIN(early / 1000, 3600000)))
            return true;
        if (!do_next(t, err))
            return err_wrap(err, "%s at terminal %s", t->k.kind ? t->k.kind : "beginning",
                            values_text(t->k.v, "terminal"));
    }
    return true;
}

static bool open_line(struct till *t, const struct till_opts *o, struct err *err)
{
    bool settled = false;
    return !o->gift_cards || !counter_has(&t->k, SCRIPT_CARD_ISSUE) || !counter_has(&t->k, SCRIPT_CARD_PAY) ||
           (call_line_open(t->k.c, &t->line, err) && call_settle(t->line, &settled, err));
}

bool till_run(struct channel *c, const struct till_opts *o, struct till_result *ret, struct err *err)
{
    struct till t = {.result = ret};
    *ret = (struct till_result){0};
    bool ok = channel_lock(c, "till", err) && counter_open(&t.k, c, o->seed, err);
    ok = ok && open_line(&t, o, err) && look_around(&t, err) && tape_open(c, &t.tape, err) && run(&t, o, err) &&
         (!o->close_up || close_up(&t, err));
    if (t.tape)
        tape_free(t.tape);
    call_line_free(t.line);
    vec_done(&t.registers);
    counter_close(&t.k);
    return ok && (!o->transactions || ret->done >= o->transactions || cancel_check(err));
}
