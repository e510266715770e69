#include "base/html.h"
#include "test.h"
#include <stdlib.h>

static void test_text_is_escaped(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    html_put(&b, "<b> & \"x\" 'y' \x01 \x7f é\n");
    assert_string_equal(b.p, "&lt;b&gt; &amp; &quot;x&quot; &#39;y&#39;     é\n");
}

/* Every way into the page escapes what it is given. */
static void test_nothing_gets_through(void **state)
{
    static const char evil[] = "<script>alert('x')</script>";
    SCOPED_BUF b = {0};
    (void)state;
    struct html_bar bar = {evil, evil, 1, HTML_BAD};
    html_page_begin(&b, evil);
    html_heading(&b, 1, evil);
    html_paragraph(&b, HTML_GOOD, evil);
    html_badge(&b, HTML_WARN, evil);
    html_figures_begin(&b);
    html_figure(&b, HTML_MUTED, evil, evil);
    html_figures_end(&b);
    html_details_begin(&b, evil);
    html_table_begin(&b, "<script>|>\"");
    html_row_begin(&b);
    html_cell(&b, evil);
    html_cell_right(&b, evil);
    html_cell_badge(&b, HTML_BAD, evil);
    html_row_end(&b);
    html_table_end(&b);
    html_details_end(&b);
    html_bars(&b, &bar, 1);
    html_page_end(&b);
    assert_null(strstr(b.p, "<script"));
    assert_non_null(strstr(b.p, "&lt;script&gt;"));
}

static void test_page_needs_nothing_from_outside(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    html_page_begin(&b, "t");
    html_page_end(&b);
    assert_null(strstr(b.p, "http://"));
    assert_null(strstr(b.p, "https://"));
    assert_null(strstr(b.p, "src="));
    assert_non_null(strstr(b.p, "default-src 'none'"));
}

/* The width that a bar got. */
static double width_of(const char *svg, int nth)
{
    const char *p = svg;
    for (int i = 0; i <= nth; i++) {
        p = strstr(p, "<rect");
        assert_non_null(p);
        p++;
    }
    p = strstr(p, "width=\"");
    assert_non_null(p);
    return strtod(p + 7, NULL);
}

static void test_bars_are_in_proportion(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    const struct html_bar bars[] = {
        {"long", "4 s", 4, HTML_PLAIN}, {"half", "2 s", 2, HTML_PLAIN}, {"none", "0 s", 0, HTML_PLAIN}};
    html_bars(&b, bars, 3);
    assert_true(width_of(b.p, 0) > 400);
    assert_true(width_of(b.p, 1) * 2 == width_of(b.p, 0));
    assert_true(width_of(b.p, 2) == 1);
}

static void test_no_bars_is_an_empty_chart(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    html_bars(&b, NULL, 0);
    assert_null(strstr(b.p, "<rect"));
}

static void test_columns_stand_side_by_side(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    const struct html_bar columns[] = {{"2026-01", "<1>", 1, HTML_MUTED}, {"2026-02", "4", 4, HTML_PLAIN}};
    html_columns(&b, columns, 2);
    assert_non_null(strstr(b.p, "height=\"140.0\""));
    assert_non_null(strstr(b.p, "height=\"35.0\""));
    assert_non_null(strstr(b.p, "<title>2026-01: &lt;1&gt;</title>"));
    assert_non_null(strstr(b.p, "opacity"));
    buf_reset(&b);
    html_columns(&b, NULL, 0);
    assert_null(strstr(b.p, "<rect"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_escaped),
        cmocka_unit_test(test_nothing_gets_through),
        cmocka_unit_test(test_page_needs_nothing_from_outside),
        cmocka_unit_test(test_bars_are_in_proportion),
        cmocka_unit_test(test_no_bars_is_an_empty_chart),
        cmocka_unit_test(test_columns_stand_side_by_side),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
