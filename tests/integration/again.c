#include "integration/pg.h"
#include "test.h"

static const char wide[] = "select * from t";

static void a_statement_is_planned_once_and_run_again(void **state)
{
    (void)state;
    SCOPED(pg) pg = test_pg_open(test_pg_start(NULL));
    struct err err;
    for (int i = 0; i < 3; i++) {
        static const char sql[] = "select $1::int + 1";
        SCOPED_RESULT r = NULL;
        must(pg_again(pg, sql, PG_ARGS("41"), &r, &err));
        assert_string_equal(pg_text(r, 0, 0), "42");
    }
    assert_string_equal(test_pg_value(pg, "select count(*) from pg_prepared_statements"), "1");
}

static void a_table_of_another_shape_fails_once(void **state)
{
    (void)state;
    SCOPED(pg) pg = test_pg_open(test_pg_start(NULL));
    struct err err;
    test_pg_exec(pg, "create temp table t as select 1 as a");
    for (int shape = 0; shape < 2; shape++) {
        SCOPED_RESULT r = NULL;
        if (shape) {
            test_pg_exec(pg, "alter table t add b int default 2");
            assert_false(pg_again(pg, wide, PG_NONE, &r, &err));
            assert_int_equal(err.code, ERR_SERVER_BUSY);
        }
        must(pg_again(pg, wide, PG_NONE, &r, &err));
        assert_int_equal(PQnfields(r), shape + 1);
    }
}

static void more_statements_than_are_kept_work_all_the_same(void **state)
{
    (void)state;
    SCOPED(pg) pg = test_pg_open(test_pg_start(NULL));
    static char sql[200][24];
    struct err err;
    for (int i = 0; i < 400; i++) {
        SCOPED_RESULT r = NULL;
        snprintf(sql[i % 200], sizeof sql[0], "select %d", i % 200);
        must(pg_again(pg, sql[i % 200], PG_NONE, &r, &err));
        assert_int_equal(pg_i64(r, 0, 0), i % 200);
    }
    assert_string_equal(test_pg_value(pg, "select count(*) from pg_prepared_statements"), "128");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_statement_is_planned_once_and_run_again),
        cmocka_unit_test(a_table_of_another_shape_fails_once),
        cmocka_unit_test(more_statements_than_are_kept_work_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
