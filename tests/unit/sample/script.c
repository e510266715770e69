#include "sample/script.h"
#include "sample/sample.h"
#include "test.h"

static void a_position_is_counted_in_characters(void **state)
{
    (void)state;
    assert_int_equal(script_line("select 1", 0, 1), 1);
    assert_int_equal(script_line("a\nb\nc", 0, 3), 2);
    assert_int_equal(script_line("a\nb\nc", 0, 5), 3);
    /* Three bytes, one character. */
    assert_int_equal(script_line("\xE2\x82\xAC\nb", 0, 3), 2);
    assert_int_equal(script_line("a\nb", 0, 99), 2);
}

static void without_a_position_it_is_the_begin_of_the_statement(void **state)
{
    (void)state;
    const char *sql = "-- first; not a statement\nselect ';'\n;\n\n;\ndo $$ begin; end $$;\n/* ; */ select 3";
    assert_int_equal(script_line(sql, 0, 0), 2);
    assert_int_equal(script_line(sql, 1, 0), 6);
    assert_int_equal(script_line(sql, 2, 0), 7);
    assert_int_equal(script_line(sql, 3, 0), 7);
    assert_int_equal(script_line("", 0, 0), 1);
}

static void a_scale_is_a_decimal_number_above_zero(void **state)
{
    (void)state;
    const char *good[] = {"1", "50", "0.1", "2.25", "0.001", "999999999"};
    const char *bad[] = {"", "0", "0.0", "-1", "1e3", "1.", ".5", "1.2.3", "one", "1 ", "1;drop", "1234567890"};
    for (size_t i = 0; i < ARRAY_LEN(good); i++)
        assert_true(sample_is_scale(good[i]));
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        assert_false(sample_is_scale(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_position_is_counted_in_characters),
        cmocka_unit_test(without_a_position_it_is_the_begin_of_the_statement),
        cmocka_unit_test(a_scale_is_a_decimal_number_above_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
