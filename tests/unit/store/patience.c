#include "store/patience.h"
#include "test.h"

static void waits_grow_to_a_limit_and_begin_again(void **state)
{
    (void)state;
    struct patience p = patience_new(1000, 60000, 7);
    for (int i = 0, whole = 1000; i<20; i++, whole = whole * 2> 60000 ? 60000 : whole * 2) {
        int ms = patience_ms(&p, 0);
        if (ms < whole / 2 || ms > whole)
            fail_msg("wait %d is %d ms, not %d to %d", i, ms, whole / 2, whole);
    }
    patience_reset(&p);
    assert_true(patience_ms(&p, 0) <= 1000);
}

static void the_server_may_ask_for_more(void **state)
{
    (void)state;
    struct patience p = patience_new(1000, 60000, 7);
    assert_int_equal(patience_ms(&p, 120), 120000);
}

static void stores_do_not_come_back_at_the_same_moment(void **state)
{
    (void)state;
    int least = 60000, most = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct patience p = patience_new(1000, 60000, seed);
        p.failures = 10;
        int ms = patience_ms(&p, 0);
        least = ms < least ? ms : least;
        most = ms > most ? ms : most;
    }
    assert_true(least < 35000 && most > 55000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(waits_grow_to_a_limit_and_begin_again),
        cmocka_unit_test(the_server_may_ask_for_more),
        cmocka_unit_test(stores_do_not_come_back_at_the_same_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
