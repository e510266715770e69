#include "base/name.h"
#include "test.h"

static void a_name_is_quoted_whatever_is_in_it(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    name_put(&b, "select");
    name_put(&b, "a\"b\"");
    name_put(&b, "");
    assert_string_equal(b.p, "\"select\"\"a\"\"b\"\"\"\"\"");
}

static void a_derived_name_is_never_cut(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    char longest[64], other[64];
    assert_string_equal(name_derived(a, "changed:", "t"), "changed:t");
    memset(longest, 'x', 63);
    longest[63] = '\0';
    memcpy(other, longest, 64);
    other[62] = 'y';
    assert_string_equal(name_derived(a, "", longest), longest);
    assert_int_equal(strlen(name_derived(a, "changed:", longest)), strlen("changed:") + 16);
    assert_string_not_equal(name_derived(a, "changed:", longest), name_derived(a, "changed:", other));
    assert_string_equal(name_derived(a, "changed:", longest), name_derived(a, "changed:", longest));
    longest[55] = '\0';
    assert_int_equal(strlen(name_derived(a, "changed:", longest)), 63);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_quoted_whatever_is_in_it),
        cmocka_unit_test(a_derived_name_is_never_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
