#include "base/term.h"
#include "test.h"

static void size(int64_t bytes, const char *text)
{
    char got[16];
    term_size(bytes, got);
    assert_string_equal(got, text);
}

static void count(int64_t n, const char *text)
{
    char got[32];
    term_count(n, got);
    assert_string_equal(got, text);
}

static void sizes_and_counts_are_readable(void **state)
{
    (void)state;
    size(0, "0 B");
    size(999, "999 B");
    size(1000, "1.0 kB");
    size(9949, "9.9 kB");
    size(9951, "10 kB");
    size(999499, "999 kB");
    size(999500, "1.0 MB");
    size(1400000000, "1.4 GB");
    size(INT64_MAX, "9.2 EB");
    count(0, "0");
    count(999, "999");
    count(1000, "1,000");
    count(12345678, "12,345,678");
    count(-100, "-100");
    count(INT64_MIN, "-9,223,372,036,854,775,808");
}

static void columns_count_characters_not_bytes(void **state)
{
    (void)state;
    assert_int_equal(term_columns(STR("Zürich")), 6);
    assert_int_equal(term_columns(STR("e\xCC\x81")), 1);
    assert_int_equal(term_columns(STR("")), 0);
}

static void wrapped(const char *text, int column, int indent, int width, const char *want)
{
    SCOPED_BUF b = {0};
    term_put_wrapped(&b, text, column, indent, width);
    assert_string_equal(buf_text(&b), want);
}

static void text_is_wrapped_between_words(void **state)
{
    (void)state;
    wrapped("one two three", 0, 0, 7, "one two\nthree");
    wrapped("one two three", 4, 2, 7, "one\n  two\n  three");
    wrapped("unbreakable", 0, 0, 3, "unbreakable");
    wrapped("a\n\nb", 0, 1, 10, "a\n\n b");
    wrapped("", 0, 0, 10, "");
}

static void a_table_aligns_its_columns(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF b = {0};
    struct term_table *t = term_table_new(a, "table|>rows|state");
    term_table_row(t, "Zürich", "7", "done");
    term_table_row(t, "b", "1,234", NULL);
    term_table_put(t, &b);
    assert_string_equal(buf_text(&b), "table    rows  state\n"
                                      "------  -----  -----\n"
                                      "Zürich      7  done\n"
                                      "b       1,234  \n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_counts_are_readable),
        cmocka_unit_test(columns_count_characters_not_bytes),
        cmocka_unit_test(text_is_wrapped_between_words),
        cmocka_unit_test(a_table_aligns_its_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
