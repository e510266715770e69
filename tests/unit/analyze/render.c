/* Findings as a table for spreadsheets: quoting, line ends, nothing that a spreadsheet would run. */
#include "analyze/render.h"
#include "test.h"

static const char *csv_of(struct buf *b, const char *title, const char *detail)
{
    struct analyze_row row = {.subject = "s", .detail = detail};
    struct analyze_finding f = {.id = "A1",
                                .catalogue = "7120, 7130",
                                .section = "data",
                                .title = title,
                                .why = "w",
                                .fix = "f",
                                .change = "new",
                                .note = "",
                                .state = ANALYZE_OPEN,
                                .rows = &row,
                                .n_rows = 1,
                                .total = 1,
                                .affected = 12,
                                .bytes = 6000000};
    struct analysis r = {.findings = &f, .n_findings = 1, .copy_rate = 100000};
    render_csv(b, &r);
    return strchr(b->p, '\n') + 1;
}

static void test_a_line_for_each_finding(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    assert_string_equal(csv_of(&b, "t", "d"),
                        "\"A1\",\"7120, 7130\",\"data\",\"blocker\",\"open\",\"t\",\"w\",\"f\",1,12,6000000,1.00,"
                        "\"new\",\"\",\"\",\"\",\"s: d\"\r\n");
}

static void test_quotes_and_line_ends_stay_inside_of_a_cell(void **state)
{
    SCOPED_BUF b = {0};
    (void)state;
    assert_non_null(strstr(csv_of(&b, "say \"no\",\nthen go", "d"), ",\"say \"\"no\"\",\nthen go\","));
}

static void test_no_cell_is_a_formula(void **state)
{
    static const char *const bad[] = {"=1+1", "+1", "-1", "@sum", "\tx"};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        SCOPED_BUF b = {0};
        char wanted[32];
        snprintf(wanted, sizeof wanted, ",\"'%s\",", bad[i]);
        assert_non_null(strstr(csv_of(&b, bad[i], "d"), wanted));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_for_each_finding),
        cmocka_unit_test(test_quotes_and_line_ends_stay_inside_of_a_cell),
        cmocka_unit_test(test_no_cell_is_a_formula),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
