#include "base/clock.h"
#include "test.h"

static void human(int64_t us, const char *text)
{
    char got[32];
    clock_human(us, got);
    assert_string_equal(got, text);
}

static void durations_are_readable(void **state)
{
    (void)state;
    human(0, "0 ms");
    human(3000, "3 ms");
    human(1200000, "1.2 s");
    human(59940000, "59.9 s");
    human(59960000, "1 min 00 s");
    human(185000000, "3 min 05 s");
    human(3599600000, "1 h 00 min");
    human(7800000000, "2 h 10 min");
}

static void wall_time_is_iso(void **state)
{
    (void)state;
    char text[32];
    clock_iso(1772403245123456, text);
    assert_string_equal(text, "2026-03-01T22:14:05.123Z");
}

static void monotonic_time_goes_on(void **state)
{
    (void)state;
    int64_t began = clock_us();
    clock_sleep_ms(5);
    assert_true(clock_us() - began >= 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_are_readable),
        cmocka_unit_test(wall_time_is_iso),
        cmocka_unit_test(monotonic_time_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
