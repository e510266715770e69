#include "base/json.h"
#include "base/attr.h"
#include "base/rand.h"
#include "test.h"
#include <jansson.h>

static void check(struct str in, const char *out)
{
    SCOPED_BUF b = {0};
    json_put_string(&b, in);
    assert_string_equal(buf_text(&b), out);
}

static void special_characters_are_escaped(void **state)
{
    (void)state;
    check(STR(""), "\"\"");
    check(STR("a\"b\\c/d"), "\"a\\\"b\\\\c/d\"");
    check(STR("\n\t\r\x01\x7f"), "\"\\n\\t\\u000d\\u0001\\u007f\"");
    check(STR("a\0b"), "\"a\\u0000b\"");
    check(STR("Zürich €😀"), "\"Zürich €😀\"");
}

static void bytes_that_are_not_utf8_become_a_replacement(void **state)
{
    (void)state;
    check(STR("\xff"), "\"\xEF\xBF\xBD\"");
    check(STR("a\xc3"), "\"a\xEF\xBF\xBD\"");
    check(STR("\xc0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    check(STR("\xed\xa0\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    check(STR("\xf4\x90\x80\x80"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

/* Whatever goes in, a JSON reader understands what comes out. */
static void any_bytes_make_a_valid_string(void **state)
{
    (void)state;
    struct rand r = rand_seeded(3);
    for (int i = 0; i < 2000; i++) {
        char bytes[16];
        size_t n = rand_below(&r, sizeof bytes);
        for (size_t j = 0; j < n; j++)
            bytes[j] = (char)rand_below(&r, 256);
        SCOPED_BUF b = {0};
        json_put_string(&b, (struct str){bytes, n});
        json_error_t why;
        json_t *v = json_loadb(b.p, b.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, &why);
        assert_non_null(v);
        json_decref(v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(special_characters_are_escaped),
        cmocka_unit_test(bytes_that_are_not_utf8_become_a_replacement),
        cmocka_unit_test(any_bytes_make_a_valid_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
