#include "store/counter.h"
#include "base/str.h"
#include "store/money.h"

#define LINES_MAX 5
#define PICK_RANGE (UINT64_C(1) << 31)
#define CASH_STEP 500

static const char *const script_names[] = {
#define S(id, name) name,
    COUNTER_SCRIPTS(S)
#undef S
};

/* --- recipes --- */

static bool check_scripts(const struct counter *k, struct err *err)
{
    static const enum counter_script needed[] = {SCRIPT_STORE, SCRIPT_TERMINALS, SCRIPT_BEGIN,
                                                 SCRIPT_ITEM,  SCRIPT_LINE,      SCRIPT_SALE};
    for (size_t i = 0; i < ARRAY_LEN(needed); i++)
        if (!counter_has(k, needed[i]))
            return err_set(err, ERR_PACKAGE, "store/till/%s.sql is missing: without it there can be no till",
                           script_names[needed[i]]);
    return true;
}

bool counter_open(struct counter *k, struct channel *c, uint64_t seed, struct err *err)
{
    *k = (struct counter){.c = c, .rand = rand_seeded(seed), .v = values_new()};
    for (int i = 0; i < SCRIPT_COUNT; i++)
        if (!recipe_open(c, script_names[i], &k->scripts[i], err))
            return false;
    return check_scripts(k, err);
}

void counter_close(struct counter *k)
{
    for (int i = 0; i < SCRIPT_COUNT; i++)
        recipe_close(k->scripts[i]);
    if (k->v)
        values_free(k->v);
}

bool counter_has(const struct counter *k, enum counter_script s)
{
    return k->scripts[s] != NULL;
}

bool counter_do(struct counter *k, enum counter_script s, bool *ret_row, struct err *err)
{
    if (ret_row)
        *ret_row = false;
    values_set_number(k->v, "pick", (int64_t)rand_below(&k->rand, PICK_RANGE));
    return !k->scripts[s] || recipe_do(k->scripts[s], k->v, ret_row, err);
}

static bool need_row(struct counter *k, enum counter_script s, const char *what, struct err *err)
{
    bool row = false;
    if (!counter_do(k, s, &row, err))
        return false;
    return row || err_set(err, ERR_TILL_DATA, "the channel database has no %s", what);
}

static bool chance(struct counter *k, uint64_t one_in)
{
    return rand_below(&k->rand, one_in) == 0;
}

/* --- the beginning --- */

static void forget_last(struct counter *k)
{
    static const char *const texts[] = {
        "customer", "card", "card_sold", "original_id", "original_store", "original_terminal", "original_receipt"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        values_set_text(k->v, texts[i], "");
    values_set_number(k->v, "original_line", 0);
    k->cart = (struct cart){0};
}

bool counter_begin(struct counter *k, const char *kind, struct err *err)
{
    k->kind = kind;
    forget_last(k);
    if (!need_row(k, SCRIPT_BEGIN, "store or terminal", err))
        return false;
    return !chance(k, 3) || counter_do(k, SCRIPT_CUSTOMER, NULL, err);
}

/* --- lines --- */

static void set_line(struct counter *k, const struct cart_line *l, bool voided)
{
    values_set_number(k->v, "line", k->cart.lines + 1);
    values_set_number(k->v, "quantity", l->quantity);
    values_set_number(k->v, "price", l->price);
    values_set_number(k->v, "discount", l->discount);
    values_set_number(k->v, "net", l->net);
    values_set_number(k->v, "tax", l->tax);
    values_set_number(k->v, "voided", voided);
}

static bool write_line(struct counter *k, const struct cart_line *l, bool voided, struct err *err)
{
    set_line(k, l, voided);
    if (!counter_do(k, SCRIPT_LINE, NULL, err) || (l->tax && !counter_do(k, SCRIPT_TAX, NULL, err)) ||
        (l->discount && !counter_do(k, SCRIPT_DISCOUNT, NULL, err)))
        return false;
    cart_add(&k->cart, l, voided);
    return true;
}

/* Packages without a table of discounts, or of tax, have none. */
static struct cart_line price_line(struct counter *k, int64_t quantity)
{
    bool discounts = counter_has(k, SCRIPT_DISCOUNT) && chance(k, 5);
    int64_t rate = discounts ? 500 + 100 * (int64_t)rand_below(&k->rand, 20) : 0;
    values_set_number(k->v, "discount_rate", rate);
    int64_t tax_rate = counter_has(k, SCRIPT_TAX) ? values_number(k->v, "tax_rate") : 0;
    return cart_sell(quantity, values_number(k->v, "price"), rate, tax_rate);
}

static bool pick_line(struct counter *k, struct cart_line *ret, struct err *err)
{
    if (!need_row(k, SCRIPT_ITEM, "item that could be sold", err))
        return false;
    *ret = price_line(k, 1 + (int64_t)rand_below(&k->rand, 13) / 5);
    return true;
}

static bool sell_lines(struct counter *k, bool voided, struct err *err)
{
    uint64_t n = 1 + rand_below(&k->rand, LINES_MAX);
    for (uint64_t i = 0; i < n; i++) {
        struct cart_line l;
        if (!pick_line(k, &l, err) || !write_line(k, &l, voided || chance(k, 25), err))
            return false;
    }
    return true;
}

/* --- money --- */

static bool pay(struct counter *k, int64_t amount, bool change, struct err *err)
{
    if (!amount)
        return true;
    values_set_number(k->v, "payment", ++k->cart.payments);
    values_set_number(k->v, "amount", amount);
    values_set_number(k->v, "change", change);
    k->cart.paid += amount;
    return counter_do(k, SCRIPT_PAYMENT, NULL, err);
}

static bool pay_all(struct counter *k, struct err *err)
{
    if (!counter_has(k, SCRIPT_PAYMENT)) {
        k->cart.paid = cart_gross(&k->cart);
        return !counter_has(k, SCRIPT_TENDER) || need_row(k, SCRIPT_TENDER, "means of payment", err);
    }
    values_set_text(k->v, "card", "");
    int64_t due = cart_gross(&k->cart) - k->cart.paid;
    if (!due)
        return true;
    if (!need_row(k, SCRIPT_TENDER, "means of payment", err))
        return false;
    due = cart_round(due, values_number(k->v, "round_to"));
    int64_t given = values_number(k->v, "gives_change") ? cart_cash(due, CASH_STEP) : due;
    return pay(k, given, false, err) && pay(k, due - given, true, err);
}

static bool write_header(struct counter *k, enum counter_script s, struct err *err)
{
    const struct cart *c = &k->cart;
    const struct {
        const char *name;
        int64_t n;
    } totals[] = {{"lines", c->lines},   {"total_quantity", c->quantity}, {"total_discount", c->discount},
                  {"total_net", c->net}, {"total_tax", c->tax},           {"total_gross", cart_gross(c)},
                  {"paid", c->paid},     {"payments", c->payments},       {"difference", cart_gross(c) - c->paid}};
    for (size_t i = 0; i < ARRAY_LEN(totals); i++)
        values_set_number(k->v, totals[i].name, totals[i].n);
    return counter_do(k, s, NULL, err);
}

/* --- transactions --- */

bool counter_sale(struct counter *k, struct err *err)
{
    return counter_begin(k, "sale", err) && sell_lines(k, false, err) && pay_all(k, err) &&
           write_header(k, SCRIPT_SALE, err);
}

bool counter_sell_card(struct counter *k, struct err *err)
{
    int64_t amount = values_number(k->v, "card_amount");
    SCOPED_BUF card = {0};
    buf_puts(&card, values_text(k->v, "card"));
    if (!counter_begin(k, "sale", err) || !counter_do(k, SCRIPT_CARD_ITEM, NULL, err))
        return false;
    struct cart_line l = cart_sell(1, amount, 0, 0);
    values_set_text(k->v, "card_sold", buf_text(&card));
    values_set_number(k->v, "discount_rate", 0);
    if (!write_line(k, &l, false, err))
        return false;
    values_set_text(k->v, "card_sold", "");
    return sell_lines(k, false, err) && pay_all(k, err) && write_header(k, SCRIPT_SALE, err);
}

bool counter_take_card(struct counter *k, bool *ret_done, struct err *err)
{
    int64_t amount = values_number(k->v, "card_amount");
    SCOPED_BUF card = {0};
    buf_puts(&card, values_text(k->v, "card"));
    *ret_done = false;
    if (!counter_begin(k, "sale", err) || !sell_lines(k, false, err))
        return false;
    values_set_text(k->v, "card", buf_text(&card));
    if (cart_gross(&k->cart) < amount)
        return true;
    *ret_done = true;
    return need_row(k, SCRIPT_CARD_TENDER, "gift cards as means of payment", err) && pay(k, amount, false, err) &&
           pay_all(k, err) && write_header(k, SCRIPT_SALE, err);
}

bool counter_void(struct counter *k, struct err *err)
{
    return counter_begin(k, "void", err) && sell_lines(k, true, err) && write_header(k, SCRIPT_VOID, err);
}

bool counter_return(struct counter *k, bool *ret_done, struct err *err)
{
    if (!counter_begin(k, "return", err) || !counter_do(k, SCRIPT_ORIGINAL, ret_done, err))
        return false;
    if (!*ret_done)
        return true;
    struct cart_line sold = {values_number(k->v, "quantity"), values_number(k->v, "price"), 0,
                             values_number(k->v, "net"), values_number(k->v, "tax")};
    struct cart_line back = cart_return(&sold, 1 + (int64_t)rand_below(&k->rand, (uint64_t)sold.quantity));
    return write_line(k, &back, false, err) && pay_all(k, err) && write_header(k, SCRIPT_SALE, err);
}

bool counter_suspend(struct counter *k, struct err *err)
{
    if (!counter_begin(k, "suspend", err))
        return false;
    uint64_t n = 1 + rand_below(&k->rand, LINES_MAX);
    for (uint64_t i = 0; i < n; i++) {
        struct cart_line l;
        if (!pick_line(k, &l, err))
            return false;
        set_line(k, &l, false);
        if (!counter_do(k, SCRIPT_SUSPEND_LINE, NULL, err))
            return false;
        cart_add(&k->cart, &l, false);
    }
    return write_header(k, SCRIPT_SUSPEND, err);
}

/* Lines of what is suspended are priced as they were, one after the other until there is none. */
static bool take_up_lines(struct counter *k, struct err *err)
{
    for (;;) {
        bool row = false;
        values_set_number(k->v, "line", k->cart.lines + 1);
        if (!counter_do(k, SCRIPT_SUSPENDED_LINE, &row, err))
            return false;
        if (!row)
            return true;
        int64_t rate = values_number(k->v, "discount_rate");
        struct cart_line l = cart_sell(values_number(k->v, "quantity"), values_number(k->v, "price"), rate,
                                       counter_has(k, SCRIPT_TAX) ? values_number(k->v, "tax_rate") : 0);
        if (!write_line(k, &l, false, err))
            return false;
    }
}

bool counter_recall(struct counter *k, bool *ret_done, struct err *err)
{
    if (!counter_begin(k, "recall", err) || !counter_do(k, SCRIPT_SUSPENDED, ret_done, err))
        return false;
    if (!*ret_done)
        return true;
    return take_up_lines(k, err) && pay_all(k, err) && write_header(k, SCRIPT_SALE, err) &&
           counter_do(k, SCRIPT_RECALL, NULL, err);
}
