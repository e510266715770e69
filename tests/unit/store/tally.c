#include "store/tally.h"
#include "test.h"
#include <stdlib.h>

static void near(int64_t got, int64_t wanted)
{
    if (got < wanted || got > wanted + wanted / 60 + 1)
        fail_msg("%lld is not near %lld", (long long)got, (long long)wanted);
}

static void quantiles_are_exact_to_two_percent(void **state)
{
    (void)state;
    struct tally *t = calloc(1, sizeof *t);
    for (int64_t us = 1; us <= 100000; us++)
        tally_answer(t, us);
    near(tally_quantile_us(t, 0.5), 50000);
    near(tally_quantile_us(t, 0.99), 99000);
    near(tally_quantile_us(t, 0.001), 100);
    assert_int_equal(tally_quantile_us(t, 1), 100000);
    free(t);
}

static void extremes_have_a_bucket(void **state)
{
    (void)state;
    struct tally *t = calloc(1, sizeof *t);
    assert_int_equal(tally_quantile_us(t, 0.5), 0);
    tally_answer(t, 0);
    tally_answer(t, INT64_MAX);
    assert_int_equal(tally_quantile_us(t, 0.5), 0);
    assert_true(tally_quantile_us(t, 1) > INT64_C(1000000000000));
    free(t);
}

static void errors_are_counted_by_name_in_bounded_memory(void **state)
{
    (void)state;
    struct tally *t = calloc(1, sizeof *t);
    char name[16];
    for (int i = 0; i < 100; i++) {
        snprintf(name, sizeof name, "kind-%d", i % 50);
        tally_error(t, name);
    }
    assert_int_equal(tally_errors(t), 100);
    assert_int_equal(t->kinds[0].n, 2);
    assert_string_equal(t->kinds[TALLY_KINDS - 1].name, "others");
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_exact_to_two_percent),
        cmocka_unit_test(extremes_have_a_bucket),
        cmocka_unit_test(errors_are_counted_by_name_in_bounded_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
