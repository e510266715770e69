/*
 * counter: one till's transactions, written by the scripts of the package. Belongs to till.
 *
 * Each function is one transaction of a customer, inside of a transaction of the database that the caller has begun.
 * What it came to is left in the struct.
 */
#ifndef STORE_COUNTER_H
#define STORE_COUNTER_H
#include "base/rand.h"
#include "store/cart.h"
#include "store/recipe.h"
#include "store/till.h"

#define COUNTER_SCRIPTS(S)                                                                                             \
    S(STORE, "store")                                                                                                  \
    S(TERMINALS, "terminals")                                                                                          \
    S(BEGIN, "begin")                                                                                                  \
    S(SHIFT, "shift")                                                                                                  \
    S(OPEN_SHIFT, "open_shift")                                                                                        \
    S(CLOSE_SHIFT, "close_shift")                                                                                      \
    S(STAFF, "staff")                                                                                                  \
    S(CUSTOMER, "customer")                                                                                            \
    S(ITEM, "item")                                                                                                    \
    S(LINE, "line")                                                                                                    \
    S(TAX, "tax")                                                                                                      \
    S(DISCOUNT, "discount")                                                                                            \
    S(TENDER, "tender")                                                                                                \
    S(PAYMENT, "payment")                                                                                              \
    S(SALE, "sale")                                                                                                    \
    S(VOID, "void")                                                                                                    \
    S(NO_SALE, "no_sale")                                                                                              \
    S(DECLARATION, "declaration")                                                                                      \
    S(ORIGINAL, "original")                                                                                            \
    S(SUSPEND, "suspend")                                                                                              \
    S(SUSPEND_LINE, "suspend_line")                                                                                    \
    S(SUSPENDED, "suspended")                                                                                          \
    S(SUSPENDED_LINE, "suspended_line")                                                                                \
    S(RECALL, "recall")                                                                                                \
    S(CARD, "card")                                                                                                    \
    S(CARD_NEW, "card_new")                                                                                            \
    S(CARD_ISSUE, "card_issue")                                                                                        \
    S(CARD_PAY, "card_pay")                                                                                            \
    S(CARD_ITEM, "card_item")                                                                                          \
    S(CARD_TENDER, "card_tender")

enum counter_script {
#define S(id, name) SCRIPT_##id,
    COUNTER_SCRIPTS(S)
#undef S
        SCRIPT_COUNT
};

struct counter {
    struct channel *c;
    struct rand rand;
    struct values *v;
    struct recipe *scripts[SCRIPT_COUNT];
    struct cart cart; /* of the transaction */
    const char *kind; /* of the transaction, for the tape */
};

/* Prepares the scripts. Fails with ERR_PACKAGE when one that every till needs is missing. */
bool counter_open(struct counter *k, struct channel *c, uint64_t seed, struct err *err) MUST_CHECK;
void counter_close(struct counter *k);

bool counter_has(const struct counter *k, enum counter_script s);
bool counter_do(struct counter *k, enum counter_script s, bool *ret_row, struct err *err) MUST_CHECK;

bool counter_sale(struct counter *k, struct err *err) MUST_CHECK;
bool counter_void(struct counter *k, struct err *err) MUST_CHECK;

/* `*ret_done` is false when nothing can come back, or is suspended: then nothing was written. */
bool counter_return(struct counter *k, bool *ret_done, struct err *err) MUST_CHECK;
bool counter_recall(struct counter *k, bool *ret_done, struct err *err) MUST_CHECK;

/* Begins a transaction of this kind: what all recipes may use is set. */
bool counter_begin(struct counter *k, const char *kind, struct err *err) MUST_CHECK;

/* A receipt on which :card is sold for :card_amount, beside other things; or one that is paid with it in part. For the
 * second `*ret_done` is false when the receipt comes to less than that: then nothing may be committed. */
bool counter_sell_card(struct counter *k, struct err *err) MUST_CHECK;
bool counter_take_card(struct counter *k, bool *ret_done, struct err *err) MUST_CHECK;

bool counter_suspend(struct counter *k, struct err *err) MUST_CHECK;

#endif
