#include "store/cart.h"
#include "base/rand.h"
#include "test.h"

static void a_line_is_price_less_discount_plus_tax(void **state)
{
    (void)state;
    struct cart_line l = cart_sell(3, 1999, 1000, 825);
    assert_int_equal(l.discount, 600); /* 599.7 */
    assert_int_equal(l.net, 5397);
    assert_int_equal(l.tax, 445); /* 445.25 */
}

static void what_comes_back_is_what_was_sold(void **state)
{
    (void)state;
    struct cart_line sold = cart_sell(3, 1999, 1000, 825), back = cart_return(&sold, 3);
    assert_int_equal(back.quantity, -3);
    assert_int_equal(back.net, -sold.net);
    assert_int_equal(back.tax, -sold.tax);
    assert_int_equal(back.discount, 0);
    back = cart_return(&sold, 1);
    assert_int_equal(back.net, -1799);
    assert_int_equal(back.tax, -148);
}

static void parts_that_come_back_are_never_more_than_the_whole(void **state)
{
    (void)state;
    struct rand r = rand_seeded(5);
    for (int i = 0; i < 10000; i++) {
        int64_t n = 1 + (int64_t)rand_below(&r, 9);
        struct cart_line sold = cart_sell(n, 1 + (int64_t)rand_below(&r, 99999), (int64_t)rand_below(&r, 5000), 1900);
        struct cart_line back = cart_return(&sold, 1 + (int64_t)rand_below(&r, (uint64_t)n));
        assert_true(-back.net <= sold.net && -back.tax <= sold.tax && back.net <= 0 && back.tax <= 0);
    }
}

static void voided_lines_are_only_counted(void **state)
{
    (void)state;
    struct cart c = {0};
    struct cart_line a = cart_sell(1, 1000, 0, 825), b = cart_sell(2, 500, 0, 0);
    cart_add(&c, &a, true);
    cart_add(&c, &b, false);
    assert_int_equal(c.lines, 2);
    assert_int_equal(c.quantity, 2);
    assert_int_equal(cart_gross(&c), 1000);
}

static void cash_is_never_less_than_what_is_due(void **state)
{
    (void)state;
    assert_int_equal(cart_cash(1201, 500), 1500);
    assert_int_equal(cart_cash(1500, 500), 1500);
    assert_int_equal(cart_cash(-1201, 500), -1201);
    assert_int_equal(cart_cash(1201, 0), 1201);
}

static void amounts_are_rounded_to_coins(void **state)
{
    (void)state;
    assert_int_equal(cart_round(1202, 5), 1200);
    assert_int_equal(cart_round(1203, 5), 1205);
    assert_int_equal(cart_round(-1203, 5), -1205);
    assert_int_equal(cart_round(1203, 1), 1203);
    assert_int_equal(cart_round(1203, 0), 1203);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_price_less_discount_plus_tax),
        cmocka_unit_test(what_comes_back_is_what_was_sold),
        cmocka_unit_test(parts_that_come_back_are_never_more_than_the_whole),
        cmocka_unit_test(voided_lines_are_only_counted),
        cmocka_unit_test(cash_is_never_less_than_what_is_due),
        cmocka_unit_test(amounts_are_rounded_to_coins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
