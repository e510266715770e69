#include "verify/narrow.h"
#include "test.h"
#include "verify/mask.h"

/* Rows with one or two key values; the list ends with an empty row. */
struct given {
    const char *key[2];
    int64_t hash;
};

static void take(const struct given *g, size_t n, struct narrow_rows *ret)
{
    for (size_t i = 0; i < n; i++)
        *vec_push(ret) = (struct narrow_row){g[i].key, g[i].hash};
}

static struct narrow_differences diff(const struct given *l, size_t nl, const struct given *r, size_t nr, size_t n_key)
{
    struct narrow_rows left = {0}, right = {0};
    struct narrow_differences d = {0};
    take(l, nl, &left);
    take(r, nr, &right);
    narrow_diff(&left, &right, n_key, &d);
    vec_done(&left);
    vec_done(&right);
    return d;
}

#define DIFF(l, r, n_key) diff(l, ARRAY_LEN(l), r, ARRAY_LEN(r), n_key)

static void test_equal_rows_in_any_order_do_not_differ(void **state)
{
    static const struct given l[] = {{{"1"}, 10}, {{"2"}, 20}, {{"3"}, 30}};
    static const struct given r[] = {{{"3"}, 30}, {{"1"}, 10}, {{"2"}, 20}};
    (void)state;
    struct narrow_differences d = DIFF(l, r, 1);
    assert_int_equal(d.n, 0);
    vec_done(&d);
}

static void test_each_kind_is_named(void **state)
{
    static const struct given l[] = {{{"1"}, 10}, {{"2"}, 20}, {{"3"}, 30}, {{"5"}, 50}};
    static const struct given r[] = {{{"1"}, 10}, {{"2"}, 21}, {{"4"}, 40}, {{"5"}, 50}, {{"5"}, 50}};
    (void)state;
    struct narrow_differences d = DIFF(l, r, 1);
    assert_int_equal(d.n, 4);
    assert_int_equal(d.p[0].kind, NARROW_CHANGED);
    assert_string_equal(d.p[0].key[0], "2");
    assert_int_equal(d.p[1].kind, NARROW_MISSING);
    assert_string_equal(d.p[1].key[0], "3");
    assert_int_equal(d.p[2].kind, NARROW_EXTRA);
    assert_string_equal(d.p[2].key[0], "4");
    assert_int_equal(d.p[3].kind, NARROW_TIMES);
    assert_int_equal(d.p[3].left_times, 1);
    assert_int_equal(d.p[3].right_times, 2);
    vec_done(&d);
}

static void test_swapped_rows_are_two_changes(void **state)
{
    static const struct given l[] = {{{"1"}, 10}, {{"2"}, 20}};
    static const struct given r[] = {{{"1"}, 20}, {{"2"}, 10}};
    (void)state;
    struct narrow_differences d = DIFF(l, r, 1);
    assert_int_equal(d.n, 2);
    assert_int_equal(d.p[0].kind, NARROW_CHANGED);
    assert_int_equal(d.p[1].kind, NARROW_CHANGED);
    vec_done(&d);
}

/* Several rows with one key, as in a table without a unique key: compared as a multiset. */
static void test_repeated_keys_are_multisets(void **state)
{
    static const struct given l[] = {{{"1"}, 10}, {{"1"}, 20}};
    static const struct given same[] = {{{"1"}, 20}, {{"1"}, 10}};
    static const struct given other[] = {{{"1"}, 20}, {{"1"}, 20}};
    (void)state;
    struct narrow_differences d = DIFF(l, same, 1);
    assert_int_equal(d.n, 0);
    vec_done(&d);
    d = DIFF(l, other, 1);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.p[0].kind, NARROW_CHANGED);
    vec_done(&d);
}

static void test_keys_of_several_columns_and_nulls(void **state)
{
    static const struct given l[] = {{{"a", "bc"}, 1}, {{"a", NULL}, 2}};
    static const struct given r[] = {{{"ab", "c"}, 1}, {{"a", ""}, 2}};
    (void)state;
    struct narrow_differences d = DIFF(l, r, 2);
    assert_int_equal(d.n, 4);
    vec_done(&d);
    d = DIFF(l, l, 2);
    assert_int_equal(d.n, 0);
    vec_done(&d);
}

static void test_nothing_against_something(void **state)
{
    static const struct given l[] = {{{"1"}, 1}, {{"2"}, 2}};
    (void)state;
    struct narrow_differences d = diff(l, 2, NULL, 0, 1);
    assert_int_equal(d.n, 2);
    assert_int_equal(d.p[1].kind, NARROW_MISSING);
    vec_done(&d);
    d = diff(NULL, 0, NULL, 0, 1);
    assert_int_equal(d.n, 0);
}

static void test_array_literals_are_quoted(void **state)
{
    static const char *const values[] = {"a", "b\"c", "d\\e", "", NULL, "NULL", "x,y}"};
    SCOPED_BUF b = {0};
    (void)state;
    narrow_put_array(&b, values, ARRAY_LEN(values));
    assert_string_equal(b.p, "{\"a\",\"b\\\"c\",\"d\\\\e\",\"\",NULL,\"NULL\",\"x,y}\"}");
}

static void test_keys_are_named_and_secrets_masked(void **state)
{
    struct twin_column columns[] = {{.name = "id"}, {.name = "passwordhash"}, {.name = "company"}};
    size_t key[] = {2, 0, 1};
    struct twin p = {.columns = columns, .n_columns = 3, .key = key, .n_key = 3};
    static const char *const values[] = {"usmf", "5", "geheim"};
    SCOPED(arena) a = arena_new();
    (void)state;
    char *text = narrow_key_text(a, &p, values);
    assert_non_null(strstr(text, "company=usmf, id=5, passwordhash=(secret, digest "));
    assert_null(strstr(text, "geheim"));
}

static void test_secrets_and_long_values(void **state)
{
    SCOPED(arena) a = arena_new();
    char lengthy[1001];
    (void)state;
    memset(lengthy, 'x', 1000);
    lengthy[1000] = '\0';
    assert_true(mask_is_secret("PasswordHash") && mask_is_secret("client_secret") && mask_is_secret("sha1hash"));
    assert_false(mask_is_secret("shipping") || mask_is_secret("name"));
    assert_null(mask_value(a, "password", NULL));
    assert_string_equal(mask_value(a, "name", "x"), "x");
    assert_string_equal(mask_value(a, "password", "x"), mask_value(a, "secret", "x"));
    assert_string_not_equal(mask_value(a, "password", "x"), mask_value(a, "password", "y"));
    assert_non_null(strstr(mask_value(a, "name", lengthy), "... (1000 bytes, digest "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_rows_in_any_order_do_not_differ),
        cmocka_unit_test(test_each_kind_is_named),
        cmocka_unit_test(test_swapped_rows_are_two_changes),
        cmocka_unit_test(test_repeated_keys_are_multisets),
        cmocka_unit_test(test_keys_of_several_columns_and_nulls),
        cmocka_unit_test(test_nothing_against_something),
        cmocka_unit_test(test_array_literals_are_quoted),
        cmocka_unit_test(test_keys_are_named_and_secrets_masked),
        cmocka_unit_test(test_secrets_and_long_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
