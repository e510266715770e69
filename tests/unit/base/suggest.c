#include "base/suggest.h"
#include "base/attr.h"
#include "test.h"

static const char *const names[] = {"replicate", "verify", "upgrade", NULL, "cutover", "up"};

static const char *nearest(const char *word)
{
    return suggest_nearest(str_of(word), names, ARRAY_LEN(names));
}

static void small_slips_are_understood(void **state)
{
    (void)state;
    assert_string_equal(nearest("replciate"), "replicate");
    assert_string_equal(nearest("Verfy"), "verify");
    assert_string_equal(nearest("cutovre"), "cutover");
    assert_string_equal(nearest("upgrades"), "upgrade");
}

static void what_is_too_far_gets_no_suggestion(void **state)
{
    (void)state;
    assert_null(nearest("x"));
    assert_null(nearest(""));
    assert_null(nearest("completely"));
    char longer[200];
    memset(longer, 'a', sizeof longer);
    assert_null(suggest_nearest((struct str){longer, sizeof longer}, names, ARRAY_LEN(names)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_slips_are_understood),
        cmocka_unit_test(what_is_too_far_gets_no_suggestion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
