#include "net/rate.h"
#include "test.h"

#define SECOND INT64_C(1000000)

static void a_bucket_is_emptied_and_fills_again(void **state)
{
    (void)state;
    SCOPED(rate) r = rate_new(10, 20);
    for (int i = 0; i < 20; i++)
        assert_int_equal(rate_wait_s(r, STR("a"), SECOND), 0);
    assert_int_equal(rate_wait_s(r, STR("a"), SECOND), 1);
    assert_int_equal(rate_wait_s(r, STR("b"), SECOND), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(rate_wait_s(r, STR("a"), SECOND + SECOND / 2), 0);
    assert_int_equal(rate_wait_s(r, STR("a"), SECOND + SECOND / 2), 1);
    for (int i = 0; i < 20; i++)
        assert_int_equal(rate_wait_s(r, STR("a"), INT64_MAX / 2), 0);
    assert_true(rate_wait_s(r, STR("a"), INT64_MAX / 2) > 0);
}

static void a_clock_that_stands_gives_nothing(void **state)
{
    (void)state;
    SCOPED(rate) r = rate_new(1, 1);
    assert_int_equal(rate_wait_s(r, STR("a"), 5 * SECOND), 0);
    assert_true(rate_wait_s(r, STR("a"), 5 * SECOND) > 0);
    assert_true(rate_wait_s(r, STR("a"), 4 * SECOND) > 0);
    assert_int_equal(rate_wait_s(r, STR("a"), 6 * SECOND), 0);
}

static void a_rate_of_nothing_limits_nothing(void **state)
{
    (void)state;
    SCOPED(rate) r = rate_new(0, 1);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(rate_wait_s(r, STR("a"), 0), 0);
}

static void more_names_than_there_is_room_for_do_no_harm(void **state)
{
    (void)state;
    SCOPED(rate) r = rate_new(1, 1);
    for (int i = 0; i < 100000; i++) {
        char name[16];
        snprintf(name, sizeof name, "%d", i);
        assert_int_equal(rate_wait_s(r, str_of(name), i), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_is_emptied_and_fills_again),
        cmocka_unit_test(a_clock_that_stands_gives_nothing),
        cmocka_unit_test(a_rate_of_nothing_limits_nothing),
        cmocka_unit_test(more_names_than_there_is_room_for_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
