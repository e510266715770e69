#include "sample/sample.h"
#include "test.h"

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
        cmocka_unit_test(a_scale_is_a_decimal_number_above_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
