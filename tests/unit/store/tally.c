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
        tally_answer(t, us % 2 ? "odd" : "even", us);
    near(tally_quantile_us(&t->all, 0.5), 50000);
    near(tally_quantile_us(&t->all, 0.99), 99000);
    near(tally_quantile_us(&t->all, 0.001), 100);
    assert_int_equal(tally_quantile_us(&t->all, 1), 100000);
    assert_int_equal(tally_quantile_us(&t->parts[0].times, 1), 99999);
    near(tally_quantile_us(&t->parts[1].times, 0.5), 50000);
    free(t);
}

static void extremes_have_a_bucket(void **state)
{
    (void)state;
    struct tally *t = calloc(1, sizeof *t);
    assert_int_equal(tally_quantile_us(&t->all, 0.5), 0);
    tally_answer(t, "poll", 0);
    tally_answer(t, "poll", INT64_MAX);
    assert_int_equal(tally_quantile_us(&t->all, 0.5), 0);
    assert_true(tally_quantile_us(&t->all, 1) > INT64_C(1000000000000));
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

static void kinds_of_requests_are_told_apart_in_bounded_memory(void **state)
{
    (void)state;
    struct tally *t = calloc(1, sizeof *t);
    char name[16];
    for (int i = 0; i < 2 * TALLY_PARTS; i++) {
        snprintf(name, sizeof name, "kind-%d", i);
        tally_answer(t, name, 10);
        tally_answer(t, "kind-0", 30);
    }
    assert_int_equal(t->all.n, 4 * TALLY_PARTS);
    assert_int_equal(t->parts[0].times.n, 2 * TALLY_PARTS + 1);
    assert_int_equal(t->parts[0].times.max_us, 30);
    assert_string_equal(t->parts[TALLY_PARTS - 1].name, "kind-23");
    assert_int_equal(t->parts[TALLY_PARTS - 1].times.n, 1);
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_are_exact_to_two_percent),
        cmocka_unit_test(extremes_have_a_bucket),
        cmocka_unit_test(errors_are_counted_by_name_in_bounded_memory),
        cmocka_unit_test(kinds_of_requests_are_told_apart_in_bounded_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
