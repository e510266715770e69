#include "base/str.h"
#include "base/attr.h"
#include "test.h"

static const struct str nothing = {NULL, 0};

static void views_compare_by_bytes(void **state)
{
    (void)state;
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("ab"), STR("a")) > 0);
    assert_int_equal(str_cmp(STR("ab"), STR("ab")), 0);
    assert_true(str_cmp(nothing, STR("a")) < 0);
    assert_int_equal(str_cmp(nothing, STR("")), 0);
    assert_true(str_eq(nothing, STR("")));
    assert_true(str_starts(STR("replicate"), "rep"));
    assert_false(str_starts(STR("re"), "rep"));
    assert_true(str_starts(nothing, ""));
}

static void trimming_takes_white_space_at_both_ends(void **state)
{
    (void)state;
    assert_true(str_is(str_trim(STR(" \t a b \r\n")), "a b"));
    assert_int_equal(str_trim(STR("  \n")).n, 0);
    assert_int_equal(str_trim(nothing).n, 0);
}

static void splitting_takes_one_piece_after_the_other(void **state)
{
    (void)state;
    struct str s = STR("a,,bc");
    assert_true(str_is(str_split(&s, ','), "a"));
    assert_true(str_is(str_split(&s, ','), ""));
    assert_true(str_is(str_split(&s, ','), "bc"));
    assert_int_equal(s.n, 0);
    assert_int_equal(str_split(&s, ',').n, 0);
}

static void only_whole_numbers_that_fit_are_numbers(void **state)
{
    (void)state;
    int64_t v = 0;
    assert_true(str_to_i64(STR("9223372036854775807"), &v));
    assert_int_equal(v, INT64_MAX);
    assert_true(str_to_i64(STR("-12"), &v));
    assert_int_equal(v, -12);
    static const struct str bad[] = {STR(""),    STR(" 1"), STR("1 "),   STR("1x"),
                                     STR("0x1"), STR("-"),  STR("1\0x"), STR("9223372036854775808")};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(str_to_i64(bad[i], &v));
    assert_int_equal(v, -12);
}

static void a_star_stands_for_any_characters(void **state)
{
    (void)state;
    assert_true(str_glob("*", ""));
    assert_true(str_glob("ems*", "EMSmeter"));
    assert_true(str_glob("*log", "sysuserlog"));
    assert_true(str_glob("a*b*c", "a-b-b-c"));
    assert_true(str_glob("a**c", "ac"));
    assert_true(str_glob("*ab", "aab"));
    assert_false(str_glob("a*b", "a-b-"));
    assert_false(str_glob("", "a"));
    assert_false(str_glob("ab", "a"));
}

/* With one recursion per star this would take longer than the universe. */
static void many_stars_take_no_time(void **state)
{
    (void)state;
    assert_false(
        str_glob("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_compare_by_bytes),
        cmocka_unit_test(trimming_takes_white_space_at_both_ends),
        cmocka_unit_test(splitting_takes_one_piece_after_the_other),
        cmocka_unit_test(only_whole_numbers_that_fit_are_numbers),
        cmocka_unit_test(a_star_stands_for_any_characters),
        cmocka_unit_test(many_stars_take_no_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
