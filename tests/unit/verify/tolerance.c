#include "verify/tolerance.h"
#include "test.h"

static int start(void **state)
{
    *state = arena_new();
    return 0;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

static void test_compare_is_read(void **state)
{
    struct tolerances l = tolerance_compare(" n exact, acc 0.005,qty   0.0001 ", *state);
    assert_int_equal(l.n, 3);
    assert_string_equal(l.p[0].column, "n");
    assert_string_equal(l.p[0].most, "0");
    assert_string_equal(l.p[1].column, "acc");
    assert_string_equal(l.p[1].most, "0.005");
    assert_string_equal(l.p[2].column, "qty");
    assert_string_equal(l.p[2].most, "0.0001");
    assert_ptr_equal(tolerance_find(&l, "acc"), &l.p[1]);
    assert_null(tolerance_find(&l, "rep"));
}

static void test_names_are_cut(void **state)
{
    size_t n;
    const char **names = tolerance_names(" a, b ,c,", *state, &n);
    assert_int_equal(n, 3);
    assert_string_equal(names[0], "a");
    assert_string_equal(names[1], "b");
    assert_string_equal(names[2], "c");
}

static void test_rounding_names_its_decimals(void **state)
{
    assert_string_equal(tolerance_of_rounding("to 6 decimals, half away from zero", *state), "0.0000005");
    assert_string_equal(tolerance_of_rounding("numeric(32,16) comes back with 2 decimals", *state), "0.005");
    assert_string_equal(tolerance_of_rounding("to 0 decimals", *state), "0.5");
    assert_string_equal(tolerance_of_rounding("to 12 decimals", *state), "0.0000000000005");
    assert_string_equal(tolerance_of_rounding("the scale is smaller", *state), "0.0000005");
    assert_string_equal(tolerance_of_rounding("", *state), "0.0000005");
}

static void test_lens_words_are_read(void **state)
{
    struct package_word words[] = {{"key", "recid", 1},
                                   {"loses", "a, b: gone: for good", 2},
                                   {"rounds", "c: to 2 decimals", 3},
                                   {"loses", "d: x, y", 4}};
    struct package_file f = {.words = words, .n_words = ARRAY_LEN(words)};
    struct tolerances l = tolerance_lens(&f, *state);
    assert_int_equal(l.n, 4);
    assert_string_equal(l.p[0].column, "a");
    assert_string_equal(l.p[0].reason, "gone: for good");
    assert_true(l.p[0].is_lost && l.p[1].is_lost && l.p[3].is_lost);
    assert_false(l.p[2].is_lost);
    assert_string_equal(l.p[2].most, "0.005");
    assert_string_equal(l.p[3].column, "d");
}

static void test_condition_takes_both_sides(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    tolerance_put_differs(&b, "x", "y", "0.005");
    assert_string_equal(b.p, "(x is distinct from y and (x is null or y is null or abs(x - y) > 0.005))");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_compare_is_read, start, end),
        cmocka_unit_test_setup_teardown(test_names_are_cut, start, end),
        cmocka_unit_test_setup_teardown(test_rounding_names_its_decimals, start, end),
        cmocka_unit_test_setup_teardown(test_lens_words_are_read, start, end),
        cmocka_unit_test_setup_teardown(test_condition_takes_both_sides, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
