#include "base/copytext.h"
#include "base/rand.h"
#include "test.h"

/* What is not put here is not touched: the line is a copy of its own, so that a read too far is seen. */
static bool split(const char *text, size_t length, struct str *ret_values, size_t n, struct buf *line)
{
    buf_reset(line);
    buf_put(line, text, length);
    return copytext_split(line->p, length, ret_values, n);
}

static bool is_refused(const char *text, size_t length, size_t n)
{
    SCOPED_BUF line = {0};
    struct str values[8];
    return !split(text, length, values, n, &line);
}
#define refused(literal, n) assert_true(is_refused(literal, sizeof(literal) - 1, n))

static void a_line_is_cut_at_tabs(void **state)
{
    (void)state;
    SCOPED_BUF line = {0};
    struct str v[4];
    assert_true(split("a\t\t\\N\tlast", 10, v, 4, &line));
    assert_true(str_is(v[0], "a") && v[0].p[1] == '\0');
    assert_true(v[1].p && v[1].n == 0);
    assert_null(v[2].p);
    assert_true(str_is(v[3], "last") && v[3].p[4] == '\0');
}

static void escapes_are_undone_in_place(void **state)
{
    (void)state;
    SCOPED_BUF line = {0};
    struct str v[2];
    const char *text = "\\b\\f\\n\\r\\t\\v\\\\N\t\\\\x00ff";
    assert_true(split(text, strlen(text), v, 2, &line));
    assert_true(str_is(v[0], "\b\f\n\r\t\v\\N"));
    assert_string_equal(v[1].p, "\\x00ff");
}

static void other_numbers_of_values_are_refused(void **state)
{
    (void)state;
    refused("a", 2);
    refused("a\tb", 1);
    refused("a\tb\t", 2);
    refused("\\N\t\\N", 1);
    refused("", 2);
    assert_false(is_refused("", 0, 1));
}

static void what_is_no_escape_is_refused(void **state)
{
    (void)state;
    refused("\\", 1);
    refused("a\\", 1);
    refused("\\\tb", 2);
    refused("\\N ", 1);
    refused("a\\N", 1);
    refused("\\.", 1);
    refused("\\x41", 1);
    refused("\\101", 1);
    refused("\\\0", 1);
    refused("\\a", 1);
}

static void bytes_that_no_line_has_are_refused(void **state)
{
    (void)state;
    refused("a\0b", 1);
    refused("a\nb", 1);
    refused("a\rb", 1);
}

static void what_was_put_comes_back(void **state)
{
    (void)state;
    struct rand r = rand_seeded(7);
    SCOPED_BUF line = {0};
    char texts[5][20];
    struct str in[5], out[5];
    for (int round = 0; round < 2000; round++) {
        buf_reset(&line);
        for (size_t i = 0; i < 5; i++) {
            in[i] = (struct str){texts[i], rand_below(&r, sizeof texts[i])};
            for (size_t k = 0; k < in[i].n; k++)
                texts[i][k] = rand_below(&r, 3) ? (char)(1 + rand_below(&r, 15)) : "\\Nbx\xC3"[rand_below(&r, 5)];
            if (rand_below(&r, 5) == 0)
                in[i] = (struct str){NULL, 0};
            if (i)
                buf_putc(&line, '\t');
            copytext_put(&line, in[i]);
        }
        assert_null(memchr(line.p, '\n', line.n));
        assert_true(copytext_split(line.p, line.n, out, 5));
        for (size_t i = 0; i < 5; i++)
            assert_true(str_eq(in[i], out[i]) && !in[i].p == !out[i].p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_cut_at_tabs),
        cmocka_unit_test(escapes_are_undone_in_place),
        cmocka_unit_test(other_numbers_of_values_are_refused),
        cmocka_unit_test(what_is_no_escape_is_refused),
        cmocka_unit_test(bytes_that_no_line_has_are_refused),
        cmocka_unit_test(what_was_put_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
