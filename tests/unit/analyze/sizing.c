/* Growth as a line through full months, and what follows from it. */
#include "analyze/sizing.h"
#include "test.h"

static struct package_word words[] = {{"title", "sales", 1}, {"tables", "sale, sale_line.id", 2}};
static struct package_file file = {.name = "sales", .words = words, .n_words = 2};
static const struct package package = {.sizing = {&file, 1}};
static struct analyze_table tables[] = {
    {.name = "sale", .bytes = 600}, {.name = "sale_line", .bytes = 400}, {.name = "other", .bytes = 9000}};
static const struct analysis result = {.tables = tables, .n_tables = 3, .database_bytes = 10000};

static struct sizing_kind grow(struct sizing_month *months, size_t n)
{
    struct sizing_kind k = {.name = "sales", .title = "sales", .months = months, .n_months = n};
    struct sizing s = {.kinds = &k, .n_kinds = 1, .months_ahead = 2};
    sizing_finish(&package, &result, &s);
    assert_int_equal(s.forecast_bytes, 10000 + k.next_bytes);
    return k;
}

static void test_a_line_through_the_full_months(void **state)
{
    struct sizing_month m[] = {
        {"2026-01", 1, 1}, {"2026-02", 10, 3}, {"2026-03", 20, 9}, {"2026-04", 30, 2}, {"2026-05", 2, 1}};
    (void)state;
    struct sizing_kind k = grow(m, 5);
    assert_int_equal(k.n_full, 3);
    assert_int_equal(k.rows, 63);
    assert_int_equal(k.peak_hour, 9);
    assert_string_equal(k.peak_month, "2026-03");
    assert_true(k.slope > 9.99 && k.slope < 10.01);
    assert_int_equal(k.next_rows, 40 + 50);
    assert_int_equal(k.bytes, 1000);
    assert_int_equal(k.next_bytes, 90 * 1000 / 63);
}

static void test_too_few_months_say_nothing(void **state)
{
    struct sizing_month m[] = {{"2026-01", 10, 1}, {"2026-02", 10, 1}, {"2026-03", 10, 1}, {"2026-04", 10, 1}};
    (void)state;
    struct sizing_kind k = grow(m, 4);
    assert_int_equal(k.n_full, 2);
    assert_int_equal(k.next_rows, 0);
}

static void test_what_shrinks_ends_at_nothing(void **state)
{
    struct sizing_month m[] = {
        {"2026-01", 1, 1}, {"2026-02", 30, 1}, {"2026-03", 20, 1}, {"2026-04", 10, 1}, {"2026-05", 1, 1}};
    (void)state;
    assert_int_equal(grow(m, 5).next_rows, 0);
}

static void test_stores_make_the_gateway(void **state)
{
    struct sizing none = {.database_bytes = 100, .forecast_bytes = 100, .workers = 2, .stores = -1};
    struct sizing many = {
        .database_bytes = 100, .forecast_bytes = 100, .workers = 2, .stores = 10000, .gateway_workers = 11};
    (void)state;
    assert_true(sizing_advise(&none).gateway_cores == 0);
    assert_int_equal(sizing_advise(&none).gateway_memory, 0);
    assert_true(sizing_advise(&many).gateway_cores > 0.44 && sizing_advise(&many).gateway_cores < 0.46);
    assert_true(sizing_advise(&many).gateway_memory > 10000 * 18 * 1024);
    assert_true(sizing_advise(&many).connections > sizing_advise(&none).connections + 11);
    assert_true(sizing_advise(&many).target_disk > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_line_through_the_full_months),
        cmocka_unit_test(test_too_few_months_say_nothing),
        cmocka_unit_test(test_what_shrinks_ends_at_nothing),
        cmocka_unit_test(test_stores_make_the_gateway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
