#include "conf/value.h"
#include "test.h"

static int64_t size_of(const char *text)
{
    int64_t v = -1;
    return value_size(str_of(text), &v) ? v : -1;
}

static int64_t duration_of(const char *text)
{
    int64_t v = -1;
    return value_duration(str_of(text), &v) ? v : -1;
}

static void sizes_are_bytes(void **state)
{
    (void)state;
    assert_int_equal(size_of("0"), 0);
    assert_int_equal(size_of("512"), 512);
    assert_int_equal(size_of("64MB"), 64 << 20);
    assert_int_equal(size_of("64 mb"), 64 << 20);
    assert_int_equal(size_of("1kB"), 1024);
    assert_int_equal(size_of("2TB"), (int64_t)2 << 40);
    assert_int_equal(size_of("-1"), -1);
    assert_int_equal(size_of("MB"), -1);
    assert_int_equal(size_of("1 mile"), -1);
    assert_int_equal(size_of("1.5GB"), -1);
    assert_int_equal(size_of("9223372036854775807kB"), -1);
    assert_int_equal(size_of(""), -1);
}

static void durations_are_milliseconds(void **state)
{
    (void)state;
    assert_int_equal(duration_of("500ms"), 500);
    assert_int_equal(duration_of("2s"), 2000);
    assert_int_equal(duration_of("2"), 2000);
    assert_int_equal(duration_of("10m"), 600000);
    assert_int_equal(duration_of("10 min"), 600000);
    assert_int_equal(duration_of("1h"), 3600000);
    assert_int_equal(duration_of("1d"), 86400000);
    assert_int_equal(duration_of("soon"), -1);
}

static void numbers_are_whole_and_not_negative(void **state)
{
    (void)state;
    int64_t v = -1;
    assert_true(value_number(STR("007"), &v));
    assert_int_equal(v, 7);
    assert_false(value_number(STR("+7"), &v));
    assert_false(value_number(STR("-7"), &v));
    assert_false(value_number(STR("7 "), &v));
    assert_false(value_number(STR("99999999999999999999"), &v));
}

static void switches_have_several_words(void **state)
{
    (void)state;
    bool on = false;
    assert_true(value_flag(STR("Yes"), &on) && on);
    assert_true(value_flag(STR("off"), &on) && !on);
    assert_true(value_flag(STR("1"), &on) && on);
    assert_true(value_flag(STR("FALSE"), &on) && !on);
    assert_false(value_flag(STR("perhaps"), &on));
    assert_false(value_flag(STR(""), &on));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_are_bytes),
        cmocka_unit_test(durations_are_milliseconds),
        cmocka_unit_test(numbers_are_whole_and_not_negative),
        cmocka_unit_test(switches_have_several_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
