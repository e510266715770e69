#include "conf/uploads.h"
#include "test.h"

#define TABLES                                                                                                         \
    "tables:\n  sale: {store: branch, counter: id, transaction: [id]}\n  line: {transaction: [sale]}\n  shift: "       \
    "{store: "                                                                                                         \
    "branch}\n"

static bool read(struct arena *a, const char *text, struct uploads **ret, struct err *err)
{
    struct yaml *y = NULL;
    return yaml_parse(str_of(text), "package.yaml", ERR_PACKAGE, a, &y, err) && uploads_read(y, y->root, a, ret, err);
}

static void the_whole_section_is_read(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct uploads *u = NULL;
    struct err err;
    must(read(a,
              "job: P\ntransactions: sale\nstatus: {column: checked, good: 1, bad: 2, at: seen}\n"
              "defaults: {recid: \"nextval('s')\"}\nrecount: [months]\n" TABLES,
              &u, &err));
    assert_string_equal(u->job, "P");
    assert_int_equal(u->n_tables, 3);
    assert_string_equal(u->transactions->name, "sale");
    assert_string_equal(u->transactions->counter, "id");
    assert_string_equal(u->tables[1].transaction.p[0], "sale");
    assert_null(u->tables[1].store);
    assert_int_equal(u->tables[2].transaction.n, 0);
    assert_string_equal(u->status, "checked");
    assert_string_equal(u->status_at, "seen");
    assert_string_equal(u->defaults[0].column, "recid");
    assert_string_equal(u->defaults[0].sql, "nextval('s')");
    assert_string_equal(u->recount.p[0], "months");
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"transactions: sale\n" TABLES, "'job' is missing"},
        {"job: P\n" TABLES, "'transactions' is missing"},
        {"job: P\ntransactions: sale\n", "'tables' is missing"},
        {"job: P\ntransactions: other\n" TABLES, "package.yaml:2:15: 'other' is none of 'tables'"},
        {"job: P\ntransactions: line\n" TABLES, "needs both 'store' and 'transaction'"},
        {"job: P\ntransactions: shift\n" TABLES, "needs both 'store' and 'transaction'"},
        {"job: P\ntransactions: sale\ntables:\n  sale: {store: b, transaction: [a, b]}\n  line: {transaction: [a]}\n",
         "another number of columns"},
        {"job: P\ntransactions: sale\ntables:\n  sale: {counter: id}\n", "rows have to be somebody's"},
        {"job: P\ntransactions: sale\nstatus: {column: x, good: 1}\n" TABLES, "'bad' is missing"},
        {"job: P\ntransactions: sale\nmore: 1\n" TABLES, "more"},
        {"job: P\ntransactions: sale\ntables:\n  sale: {store: b, transaction: [id], color: x}\n", "color"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCOPED(arena) a = arena_new();
        struct uploads *u = NULL;
        struct err err = {0};
        assert_false(read(a, cases[i].text, &u, &err));
        assert_int_equal(err.code, ERR_PACKAGE);
        if (!strstr(err.message, cases[i].why))
            fail_msg("expected \"%s\", got \"%s\"", cases[i].why, err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_section_is_read),
        cmocka_unit_test(mistakes_are_named_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
