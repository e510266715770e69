/*
 * cart: the arithmetic of a receipt, in whole cents, as the customer sees it: what is bought is positive, what comes
 * back is negative. Pure.
 */
#ifndef STORE_CART_H
#define STORE_CART_H
#include <stdbool.h>
#include <stdint.h>

/* One line. `net` is without tax and after the discount. */
struct cart_line {
    int64_t quantity, price, discount, net, tax;
};

/* `price` a piece; `discount_rate` and `tax_rate` in hundredths of a percent. */
struct cart_line cart_sell(int64_t quantity, int64_t price, int64_t discount_rate, int64_t tax_rate);

/* `quantity` of a line that was sold, all of it or a part: its share of net and tax comes back, without a discount. */
struct cart_line cart_return(const struct cart_line *sold, int64_t quantity);

/* What a receipt comes to. Lines that were voided are counted in `lines` only. */
struct cart {
    int64_t lines, quantity, discount, net, tax;
    int64_t paid;     /* all payments, change taken off */
    int64_t payments; /* how many, with change */
};

void cart_add(struct cart *c, const struct cart_line *l, bool voided);
int64_t cart_gross(const struct cart *c);

/* An amount rounded to what can be paid with coins of `step` cents, half away from zero. */
int64_t cart_round(int64_t due, int64_t step);

/* What is handed over in cash for an amount, in coins and notes of `step` cents at least; never less than it. Money
 * that goes back (a negative amount) is exact. */
int64_t cart_cash(int64_t due, int64_t step);

#endif
