#include "model/table.h"
#include "test.h"

static struct column columns[] = {
    {.name = "b", .number = 1, .type = "text", .fallback = "'x'::text"},
    {.name = "a\"a", .number = 2, .type = "numeric(8,2)", .not_null = true},
    {.name = "sum", .number = 4, .type = "int", .generated = "a + 1"},
};
static size_t key[] = {1, 0};
static const struct table order = {
    .schema = "dbo", .name = "Order", .home = "old", .columns = columns, .n_columns = 3, .key = key, .n_key = 2};

static void statements_name_what_is_copied(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    table_put_columns(&b, &order, "t.");
    assert_string_equal(b.p, "t.\"b\", t.\"a\"\"a\"");
    buf_reset(&b);
    table_put_key(&b, &order, "");
    assert_string_equal(b.p, "\"a\"\"a\", \"b\"");
    buf_reset(&b);
    table_put_target(&b, &order);
    assert_string_equal(b.p, "\"old\".\"Order\"");
}

static void only_a_partitioned_table_is_read_with_its_children(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    struct table t = order;
    table_put_source(&b, &t);
    assert_string_equal(b.p, "only \"dbo\".\"Order\"");
    buf_reset(&b);
    t.partitioned = true;
    table_put_source(&b, &t);
    assert_string_equal(b.p, "\"dbo\".\"Order\"");
}

static void the_table_of_the_target_has_no_key(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    table_put_create(&b, &order);
    assert_string_equal(
        b.p, "create table \"old\".\"Order\" (\"b\" text default 'x'::text, \"a\"\"a\" numeric(8,2) not null,"
             " \"sum\" int generated always as (a + 1) stored)");
}

static void tables_and_columns_are_found_by_exact_name(void **state)
{
    (void)state;
    struct table tables[] = {
        {.schema = "dbo", .name = "t"}, {.schema = "DBO", .name = "t"}, {.schema = "dbo", .name = "T"}};
    const struct table_list l = {tables, 3};
    assert_ptr_equal(table_find(&l, "dbo", "T"), &tables[2]);
    assert_ptr_equal(table_find(&l, "DBO", "t"), &tables[1]);
    assert_null(table_find(&l, "x", "t"));
    assert_ptr_equal(table_column(&order, "a\"a"), &columns[1]);
    assert_null(table_column(&order, "B"));
}

static void expect_change(const struct table *now, const char *expected)
{
    SCOPED_BUF before = {0}, after = {0}, text = {0};
    table_put_shape(&before, &order);
    table_put_shape(&after, now);
    table_put_shape_change(&text, buf_str(&before), buf_str(&after));
    if (!strstr(buf_text(&text), expected) || (*expected == '\0' && text.n))
        fail_msg("<%s> instead of <%s>", buf_text(&text), expected);
}

static void a_change_of_shape_names_the_column(void **state)
{
    (void)state;
    struct column changed[4];
    struct table t = order;
    t.columns = changed;
    memcpy(changed, columns, sizeof columns);
    expect_change(&t, "");
    changed[0].fallback = "'y'::text"; /* a default does not matter */
    expect_change(&t, "");
    changed[0].type = "varchar(3)";
    expect_change(&t, "column \"b\" was \"b\" text #1 and is \"b\" varchar(3) #1");
    changed[0] = columns[0];
    changed[1].name = "c";
    expect_change(&t, "column \"a\"\"a\" is gone");
    memcpy(changed, columns, sizeof columns);
    changed[3] = (struct column){.name = "d", .number = 5, .type = "int"};
    t.n_columns = 4;
    expect_change(&t, "column \"d\" is new");
    t.n_columns = 3;
    changed[0].number = 9; /* dropped, and made anew under its old name */
    expect_change(&t, "column \"b\"");
    t.columns = columns;
    t.n_key = 1;
    expect_change(&t, "key");
    t.n_key = 2;
    t.mode = TABLE_FULL;
    expect_change(&t, "full key");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_name_what_is_copied),
        cmocka_unit_test(only_a_partitioned_table_is_read_with_its_children),
        cmocka_unit_test(the_table_of_the_target_has_no_key),
        cmocka_unit_test(tables_and_columns_are_found_by_exact_name),
        cmocka_unit_test(a_change_of_shape_names_the_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
