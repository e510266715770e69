#include "base/csv.h"
#include "base/buf.h"
#include "test.h"

/* All records as "LINE:field|field" or "LINE!mistake", one after the other with a space between. */
static const char *read_all(struct arena *a, struct str text)
{
    SCOPED_BUF b = {0};
    struct csv c;
    struct csv_record r;
    csv_init(&c, text);
    while (csv_next(&c, a, &r)) {
        buf_printf(&b, "%s%d%s", b.n ? " " : "", r.line, r.mistake ? "!" : ":");
        for (size_t i = 0; !r.mistake && i < r.n; i++)
            buf_printf(&b, "%s%.*s", i ? "|" : "", STR_ARG(r.fields[i]));
        buf_puts(&b, r.mistake ? r.mistake : "");
    }
    return arena_dup(a, buf_text(&b));
}

#define reads(text, expected)                                                                                          \
    do {                                                                                                               \
        SCOPED(arena) arena = arena_new();                                                                             \
        assert_string_equal(read_all(arena, STR(text)), expected);                                                     \
    } while (0)

static void lines_end_with_lf_or_crlf_or_not_at_all(void **state)
{
    (void)state;
    reads("a,b\nc,d\n", "1:a|b 2:c|d");
    reads("a,b\r\nc,d", "1:a|b 2:c|d");
    reads("", "");
    reads("\n\r\n\n", "");
    reads("\n\na", "3:a");
    reads("a\rb\n", "1:a\rb");
    reads("a\r", "1:a\r");
}

static void fields_may_be_empty_and_quoted(void **state)
{
    (void)state;
    reads(",", "1:|");
    reads("a,,b,\n", "1:a||b|");
    reads("\"a,b\",\"c \"\"d\"\"\"\n", "1:a,b|c \"d\"");
    reads("\"\",x", "1:|x");
    reads("\"two\nlines\",x\ny", "1:two\nlines|x 3:y");
    reads(" a , b ", "1: a | b ");
}

static void a_byte_order_mark_is_skipped_at_the_start_only(void **state)
{
    (void)state;
    reads("\xEF\xBB\xBF"
          "a,b",
          "1:a|b");
    reads("\xEF\xBB\xBF"
          "\"a\",b",
          "1:a|b");
    reads("a\n\xEF\xBB\xBF"
          "b",
          "1:a 2:\xEF\xBB\xBF"
          "b");
}

static void a_mistake_costs_its_line_only(void **state)
{
    (void)state;
    reads("\"open,x\nb,c\n", "1!a quote is opened and never closed 2:b|c");
    reads("\"a\"b,x\nc", "1!something stands behind a closing quote 2:c");
    reads("a\"b\nc", "1!a quote stands inside a field that does not begin with one 2:c");
    reads("x,\"", "1!a quote is opened and never closed");
    reads("\"a\nb\"c\nd", "1!something stands behind a closing quote "
                          "2!a quote stands inside a field that does not begin with one 3:d");
}

static void a_record_has_a_bounded_number_of_fields(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF b = {0};
    for (int i = 1; i < CSV_FIELDS_MAX; i++)
        buf_putc(&b, ',');
    assert_null(strchr(read_all(a, buf_str(&b)), '!'));
    buf_puts(&b, ",\nnext");
    assert_non_null(strstr(read_all(a, buf_str(&b)), "1!it has more than 64 fields 2:next"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_with_lf_or_crlf_or_not_at_all),
        cmocka_unit_test(fields_may_be_empty_and_quoted),
        cmocka_unit_test(a_byte_order_mark_is_skipped_at_the_start_only),
        cmocka_unit_test(a_mistake_costs_its_line_only),
        cmocka_unit_test(a_record_has_a_bounded_number_of_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
