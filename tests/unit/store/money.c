#include "store/money.h"
#include "test.h"

static void reads(const char *text, int64_t cents)
{
    int64_t got = -1;
    if (!money_parse(str_of(text), &got))
        fail_msg("'%s' is no money", text);
    assert_int_equal(got, cents);
}

static void decimals_become_cents(void **state)
{
    (void)state;
    reads("12.05", 1205);
    reads("-0.5", -50);
    reads("7", 700);
    reads(" +3.10 ", 310);
    reads("19.9900000000000000", 1999);
    reads("0.005", 1);
    reads("0.0049", 0);
    reads("-1.995", -200);
    reads(".5", 50);
}

static void what_is_no_money_is_refused(void **state)
{
    (void)state;
    int64_t got = 0;
    static const char *const bad[] = {"", "-", ".", "1,5", "1.2.3", "x", "1e3", "99999999999999999999"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        if (money_parse(str_of(bad[i]), &got))
            fail_msg("'%s' was taken for money", bad[i]);
}

static void cents_are_written_with_two_decimals(void **state)
{
    (void)state;
    char text[MONEY_TEXT_MAX];
    static const struct {
        int64_t cents;
        const char *text;
    } cases[] = {{0, "0.00"}, {5, "0.05"}, {-5, "-0.05"}, {-1205, "-12.05"}, {INT64_MIN, "-92233720368547758.08"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        money_text(cases[i].cents, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void shares_are_rounded_half_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(money_share(1000, 825), 83); /* 82.5 */
    assert_int_equal(money_share(-1000, 825), -83);
    assert_int_equal(money_share(100, 825), 8);
    assert_int_equal(money_share(0, 825), 0);
}

static void sql_knows_money_and_cents(void **state)
{
    (void)state;
    struct err err;
    SCOPED(sqlite) db = sqlite_memory();
    SCOPED(arena) a = arena_new();
    const char *text = NULL;
    int64_t n = 0;
    must(money_install(db, &err));
    must(sqlite_word(db, "select money(-cents('12.50'))", SQLITE_NONE, a, &text, &err));
    assert_string_equal(text, "-12.50");
    must(sqlite_word(db, "select money(cents(null))", SQLITE_NONE, a, &text, &err));
    assert_null(text);
    assert_false(sqlite_number(db, "select cents('abc')", SQLITE_NONE, 0, &n, &err));
    assert_int_equal(err.code, ERR_SQL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decimals_become_cents),
        cmocka_unit_test(what_is_no_money_is_refused),
        cmocka_unit_test(cents_are_written_with_two_decimals),
        cmocka_unit_test(shares_are_rounded_half_away_from_zero),
        cmocka_unit_test(sql_knows_money_and_cents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
