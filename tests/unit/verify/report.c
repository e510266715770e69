#include "verify/report.h"
#include "test.h"
#include "verify/digest.h"
#include "verify/report_html.h"
#include "verify/report_json.h"
#include "verify/report_text.h"
#include <jansson.h>

static struct report *sample(void)
{
    struct report *r = report_new();
    r->id = "20260301T000000.000Z";
    r->kind = "full";
    r->package = "p<1>";
    r->version = "2";
    r->finished_us = 1500000;
    r->live = true;
    struct report_check *good = report_check(r, SECTION_REPLICA, "good", "rows");
    good->outcome = OUTCOME_PASS;
    good->found_rows = 12345;
    struct report_check *bad = report_check(r, SECTION_REPLICA, "bad", "rows");
    bad->outcome = OUTCOME_FAIL;
    bad->differences = 1;
    struct report_row *row = report_row(r, bad, "changed", "id=1");
    report_value(r, row, "amount", "1.00", NULL);
    report_value(r, row, "name", "\"<x>\"", "y");
    report_note(r, report_check(r, SECTION_LAWS, "L1", "a law"), "not %s", "now");
    report_lose(r, "t", "c", "gone", false, 3);
    report_remark(r, "a remark");
    return r;
}

static void test_worst_outcome_counts(void **state)
{
    SCOPED(report) r = report_new();
    (void)state;
    assert_int_equal(report_outcome(r), OUTCOME_SKIPPED);
    report_check(r, SECTION_LAWS, "a", "");
    assert_int_equal(report_outcome(r), OUTCOME_SKIPPED);
    report_check(r, SECTION_LAWS, "b", "")->outcome = OUTCOME_PASS;
    assert_int_equal(report_section_outcome(r, SECTION_LAWS), OUTCOME_PASS);
    report_check(r, SECTION_LENSES, "c", "")->outcome = OUTCOME_IN_FLIGHT;
    assert_int_equal(report_outcome(r), OUTCOME_IN_FLIGHT);
    report_check(r, SECTION_LENSES, "d", "")->outcome = OUTCOME_EXPLAINED;
    assert_int_equal(report_outcome(r), OUTCOME_IN_FLIGHT);
    report_check(r, SECTION_REPLICA, "e", "")->outcome = OUTCOME_FAIL;
    assert_int_equal(report_outcome(r), OUTCOME_FAIL);
    assert_int_equal(report_section_outcome(r, SECTION_LAWS), OUTCOME_PASS);
    assert_int_equal(report_count(r, SECTION_LENSES, OUTCOME_EXPLAINED), 1);
}

static const char *text_of(const json_t *o, const char *name)
{
    return json_string_value(json_object_get(o, name));
}

static void test_json_is_json_with_stable_names(void **state)
{
    SCOPED(report) r = sample();
    SCOPED_BUF b = {0};
    json_error_t why;
    (void)state;
    report_json_put(&b, r);
    json_t *j = json_loads(b.p, 0, &why);
    if (!j)
        fail_msg("%s: %s", why.text, b.p);
    assert_string_equal(text_of(j, "result"), "fail");
    assert_string_equal(text_of(j, "package"), "p<1>");
    assert_int_equal(json_integer_value(json_object_get(j, "elapsed_ms")), 1500);
    json_t *replica = json_array_get(json_object_get(j, "sections"), 0);
    assert_string_equal(text_of(replica, "name"), "replica");
    json_t *bad = json_array_get(json_object_get(replica, "checks"), 1);
    json_t *row = json_array_get(json_object_get(bad, "evidence"), 0);
    assert_string_equal(text_of(row, "key"), "id=1");
    json_t *columns = json_object_get(row, "columns");
    assert_true(json_is_null(json_object_get(json_array_get(columns, 0), "found")));
    assert_string_equal(text_of(json_array_get(columns, 1), "expected"), "\"<x>\"");
    assert_int_equal(json_array_size(json_object_get(j, "losses")), 1);
    json_decref(j);
}

static void test_empty_report_is_json_too(void **state)
{
    SCOPED(report) r = report_new();
    SCOPED_BUF b = {0};
    (void)state;
    report_json_put(&b, r);
    json_t *j = json_loads(b.p, 0, NULL);
    assert_non_null(j);
    json_decref(j);
}

static void test_page_escapes_and_says_all(void **state)
{
    SCOPED(report) r = sample();
    SCOPED_BUF b = {0};
    (void)state;
    report_html_put(&b, r);
    assert_null(strstr(b.p, "<x>"));
    assert_non_null(strstr(b.p, "&quot;&lt;x&gt;&quot;"));
    assert_non_null(strstr(b.p, "a remark"));
    assert_non_null(strstr(b.p, "12,345"));
    assert_non_null(strstr(b.p, "<svg"));
}

static void test_text_names_what_failed(void **state)
{
    SCOPED(report) r = sample();
    SCOPED_BUF brief = {0}, all = {0};
    (void)state;
    report_text_put(&brief, r, false, stdin);
    report_text_put(&all, r, true, stdin);
    assert_non_null(strstr(brief.p, "changed: id=1"));
    assert_non_null(strstr(brief.p, "amount: 1.00 -> (null)"));
    assert_non_null(strstr(brief.p, "not now"));
    assert_null(strstr(brief.p, "good"));
    assert_non_null(strstr(all.p, "good"));
}

/* Sums of hashes are kept modulo 2^64, whatever the sign and length of what the server says. */
static void test_sums_wrap_around(void **state)
{
    (void)state;
    assert_true(digest_sum(5, "-7") == (uint64_t)-2);
    assert_true(digest_sum(0, "18446744073709551617") == 1);
    assert_true(digest_sum(1, "-18446744073709551616") == 1);
    uint64_t whole = digest_sum(0, "92233720368547758070000"), parts = 0;
    for (int i = 0; i < 10000; i++)
        parts = digest_sum(parts, "9223372036854775807");
    assert_true(whole == parts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worst_outcome_counts),     cmocka_unit_test(test_json_is_json_with_stable_names),
        cmocka_unit_test(test_empty_report_is_json_too), cmocka_unit_test(test_page_escapes_and_says_all),
        cmocka_unit_test(test_text_names_what_failed),   cmocka_unit_test(test_sums_wrap_around),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
