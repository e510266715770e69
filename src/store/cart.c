#include "store/cart.h"
#include "store/money.h"

struct cart_line cart_sell(int64_t quantity, int64_t price, int64_t discount_rate, int64_t tax_rate)
{
    struct cart_line l = {.quantity = quantity, .price = price};
    l.discount = money_share(quantity * price, discount_rate);
    l.net = quantity * price - l.discount;
    l.tax = money_share(l.net, tax_rate);
    return l;
}

struct cart_line cart_return(const struct cart_line *sold, int64_t quantity)
{
    struct cart_line l = {.quantity = -quantity, .price = sold->net / sold->quantity};
    bool all = quantity == sold->quantity;
    l.net = all ? -sold->net : -(sold->net * quantity / sold->quantity);
    l.tax = all ? -sold->tax : -(sold->tax * quantity / sold->quantity);
    return l;
}

void cart_add(struct cart *c, const struct cart_line *l, bool voided)
{
    c->lines++;
    if (voided)
        return;
    c->quantity += l->quantity;
    c->discount += l->discount;
    c->net += l->net;
    c->tax += l->tax;
}

int64_t cart_gross(const struct cart *c)
{
    return c->net + c->tax;
}

int64_t cart_round(int64_t due, int64_t step)
{
    return step <= 1 ? due : (due + (due < 0 ? -step / 2 : step / 2)) / step * step;
}

int64_t cart_cash(int64_t due, int64_t step)
{
    return due <= 0 || step <= 1 ? due : (due + step - 1) / step * step;
}
