#include "base/utf8.h"
#include "base/attr.h"
#include "test.h"

static void all_well_formed_sequences_are_valid(void **state)
{
    (void)state;
    char text[8];
    for (uint32_t c = 0; c <= 0x10FFFF; c++) {
        size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        static const unsigned char first[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (size_t i = n; i-- > 1;)
            text[i] = (char)(0x80 | ((c >> (6 * (n - 1 - i))) & 0x3F));
        text[0] = (char)(first[n] | (c >> (6 * (n - 1))));
        bool surrogate = c >= 0xD800 && c <= 0xDFFF;
        assert_int_equal(utf8_length(text, n), surrogate ? 0 : n);
        assert_true(n == 1 || utf8_length(text, n - 1) == 0);
        assert_int_equal(utf8_is_valid((struct str){text, n}), !surrogate);
    }
}

static void bytes_that_are_none_are_found_anywhere(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5", "\xFF",     "\xC3(",    "\xE2\x82("};
    char text[40];
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        for (size_t before = 0; before < 20; before++) {
            int n = snprintf(text, sizeof text, "%.*s%s%s", (int)before, "abcdefghijklmnopqrstuvw", bad[i], "12345678");
            assert_false(utf8_is_valid((struct str){text, (size_t)n}));
        }
    assert_true(utf8_is_valid(STR("")));
    assert_true(utf8_is_valid(STR("twelve letters, then \xE2\x82\xAC and more of them")));
}

static void a_cut_never_halves_a_character(void **state)
{
    (void)state;
    assert_int_equal(utf8_cut(STR("abc"), 5), 3);
    assert_int_equal(utf8_cut(STR("abc"), 2), 2);
    assert_int_equal(utf8_cut(STR("a\xC3\xA4"
                                  "b"),
                              2),
                     1);
    assert_int_equal(utf8_cut(STR("a\xC3\xA4"
                                  "b"),
                              3),
                     3);
    assert_int_equal(utf8_cut(STR("\xE5\xB1\xB1\xE7\x94\xB0"), 5), 3);
    assert_int_equal(utf8_cut(STR("\xE5\xB1\xB1"), 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_well_formed_sequences_are_valid),
        cmocka_unit_test(bytes_that_are_none_are_found_anywhere),
        cmocka_unit_test(a_cut_never_halves_a_character),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
