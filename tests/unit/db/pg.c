#include "db/pg.h"
#include "test.h"

static void a_log_position_is_read_and_written(void **state)
{
    (void)state;
    uint64_t lsn = 1;
    char text[24];
    assert_true(pg_lsn_parse("0/0", &lsn));
    assert_true(lsn == 0);
    assert_true(pg_lsn_parse("16/B374D848", &lsn));
    assert_true(lsn == 0x16B374D848u);
    pg_lsn_format(lsn, text);
    assert_string_equal(text, "16/B374D848");
    assert_true(pg_lsn_parse("ffffffff/ffffffff", &lsn));
    assert_true(lsn == UINT64_MAX);
    pg_lsn_format(lsn, text);
    assert_string_equal(text, "FFFFFFFF/FFFFFFFF");
}

static void what_is_no_log_position_is_refused(void **state)
{
    (void)state;
    const char *bad[] = {"",    "/",    "0",    "0/",    "/0",          "0/0 ",       " 0/0",
                         "0/g", "-1/0", "0/-1", "0x1/0", "100000000/0", "0/100000000"};
    uint64_t lsn = 7;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (pg_lsn_parse(bad[i], &lsn))
            fail_msg("<%s> was taken", bad[i]);
    assert_true(lsn == 7);
}

static void literals_and_names_are_quoted(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    assert_string_equal(pg_literal(a, "it's"), "'it''s'");
    assert_string_equal(pg_literal(a, "a\\b'"), " E'a\\\\b'''");
    assert_string_equal(pg_ident(a, "my \"table\""), "\"my \"\"table\"\"\"");
    assert_string_equal(pg_qualified(a, "old", "t"), "\"old\".\"t\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_log_position_is_read_and_written),
        cmocka_unit_test(what_is_no_log_position_is_refused),
        cmocka_unit_test(literals_and_names_are_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
