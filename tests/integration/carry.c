/* Tables that are copied as they are: what would not fit is found first, the rest arrives. */
#include "script/carry.h"
#include "integration/pg.h"
#include "test.h"

static struct arena *a;
static struct pg *pg;
static const struct carry_opts nothing = {0};

static int set_up(void **state)
{
    (void)state;
    a = arena_new();
    pg = test_pg_open(test_pg_database(a, "carry"));
    test_pg_exec(pg, "create schema old; create schema hq");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pg_free(pg);
    arena_free(a);
    return 0;
}

static void refused(const char *columns_old, const char *columns_new, const char *values, const char *why)
{
    struct err err;
    test_pg_exec(pg, "drop table if exists old.t, hq.t");
    test_pg_exec(pg, arena_printf(a, "create table old.t (%s); create table hq.t (%s); insert into old.t values %s",
                                  columns_old, columns_new, values));
    bool ok = carry_check(pg, &nothing, a, &err);
    if (!*why) {
        must(ok);
        return;
    }
    assert_false(ok);
    assert_int_equal(err.code, ERR_SCRIPT_FAILED);
    if (!strstr(err.message, why))
        fail_msg("<%s> is not in: %s", why, err.message);
}

static void values_that_would_lose_something_are_counted(void **state)
{
    (void)state;
    refused("c varchar(10)", "c varchar(3)", "('abc'), ('abcd'), ('abcde'), (null)",
            "2 values of old.t.c (character varying(10)) would lose something as character varying(3)");
    refused("c numeric(12,4)", "c numeric(10,2)", "(1.25), (1.255), (3)",
            "1 values of old.t.c (numeric(12,4)) would lose something as numeric(10,2)");
    refused("c numeric(12,4)", "c numeric(4,2)", "(1.25), (99999), (3)", "1 values of old.t.c");
    refused("c text", "c int", "('1'), ('x'), ('2'), ('99999999999'), ('01')",
            "3 values of old.t.c (text) would lose something as integer");
    refused("c timestamp", "c date", "('2024-01-01'), ('2024-01-01 10:00')", "1 values of old.t.c");
    refused("c bigint", "c smallint", "(1), (40000)", "1 values of old.t.c");
    refused("c int", "c int not null", "(1), (null), (null)",
            "2 values of old.t.c (integer) are null, which version N does not allow");
}

static void values_that_fit_are_taken(void **state)
{
    (void)state;
    refused("c varchar(10)", "c varchar(3)", "('abc'), ('')", "");
    refused("c char(4)", "c varchar(10)", "('abcd'), ('a')", "");
    refused("c int", "c numeric(12,2)", "(2147483647)", "");
    refused("c numeric", "c numeric(4,2)", "(1.25)", "");
    refused("c json", "c jsonb", "('{\"a\":  1}')", "");
    refused("c text", "c text not null default 'x'", "('a')", "");
}

static void a_new_column_that_may_not_be_null_needs_a_default(void **state)
{
    (void)state;
    struct err err;
    struct graph_table *tables = NULL;
    size_t n = 0;
    test_pg_exec(pg, "create table old.t (a int); create table hq.t (a int, b int not null)");
    assert_false(carry_plan(pg, &nothing, a, &tables, &n, &err));
    assert_non_null(strstr(err.message, "hq.t.b may not be null"));
}

static void rows_arrive_with_their_indexes_and_what_stays_behind_is_named(void **state)
{
    (void)state;
    struct err err;
    struct graph_table *tables = NULL;
    size_t n = 0;
    static const char *const lenses[] = {"by_lens"};
    static const struct carry_statement statements[] = {{"t", "create unique index t_ix on hq.t (a)", false},
                                                        {"t", "alter table hq.t add check (a > 0)", true},
                                                        {"other", "select broken", false}};
    struct carry_opts o = {lenses, 1, statements, ARRAY_LEN(statements)};
    test_pg_exec(pg, "create table old.t (gone int, a int, \"Odd\" text, drop_me int);"
                     "alter table old.t drop column drop_me; insert into old.t values (1, 2, 'x'), (1, 3, null);"
                     "create table hq.t (\"Odd\" varchar(5), a bigint generated always as identity, d int not null"
                     " default 7, e int generated always as (1) stored); create table hq.new (i int);"
                     "create table old.by_lens (i int); create table hq.by_lens (i int)");
    must(carry_plan(pg, &o, a, &tables, &n, &err));
    assert_int_equal(n, 2);
    assert_string_equal(tables[0].note, "columns left behind: gone\n");
    test_pg_exec(pg, tables[0].sql);
    assert_true(tables[1].constraints);
    test_pg_exec(pg, tables[1].sql);
    assert_string_equal(test_pg_value(pg, "select string_agg(t::text, ' ' order by a) from hq.t t"),
                        "(x,2,7,1) (,3,7,1)");
    assert_string_equal(test_pg_value(pg, "select count(*) from pg_indexes where indexname = 't_ix'"), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(values_that_would_lose_something_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_that_fit_are_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_column_that_may_not_be_null_needs_a_default, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rows_arrive_with_their_indexes_and_what_stays_behind_is_named, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
