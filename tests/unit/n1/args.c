#include "n1/args.h"
#include "base/arena.h"
#include "test.h"

static struct param declared[] = {
    {.name = "card", .type = PARAM_STR, .max = 5}, {.name = "on", .type = PARAM_BOOL},
    {.name = "day", .type = PARAM_DATE},           {.name = "n", .type = PARAM_INT},
    {.name = "big", .type = PARAM_INT64},          {.name = "id", .type = PARAM_GUID},
    {.name = "sum", .type = PARAM_REAL},
};
static struct param optional_card = {.name = "card", .type = PARAM_STR, .max = 5, .optional = true};

/* Reads one parameter alone; its text, or NULL when it is refused. */
static const char *read_one(const struct param *p, const char *value, struct arena *a)
{
    struct params one = {(struct param *)p, 1};
    SCOPED_ARGS args = {0};
    struct err err = {0};
    char *body = arena_printf(a, "{\"parameters\":{\"%s\":%s}}", p->name, value);
    if (args_read(str_of(body), &one, a, &args, &err))
        return arena_dup(a, map_get(args.values, str_of(p->name)));
    assert_true(err.code == ERR_CALL_PARAMETERS || err.code == ERR_REQUEST);
    return NULL;
}

static void takes(const struct param *p, const char *value, const char *text)
{
    SCOPED(arena) a = arena_new();
    const char *got = read_one(p, value, a);
    assert_non_null(got);
    assert_string_equal(got, text);
}

static void refuses(const struct param *p, const char *value)
{
    SCOPED(arena) a = arena_new();
    assert_null(read_one(p, value, a));
}

static void values_become_the_text_of_their_type(void **state)
{
    (void)state;
    takes(&declared[0], "\"\"", "");
    takes(&declared[0], "\"'; --\"", "'; --");
    takes(&declared[0], "\"äöü€𝕏\"", "äöü€𝕏");
    takes(&declared[1], "true", "t");
    takes(&declared[1], "false", "f");
    takes(&declared[2], "\"2024-02-29\"", "2024-02-29");
    takes(&declared[2], "\"2000-02-29\"", "2000-02-29");
    takes(&declared[3], "-2147483648", "-2147483648");
    takes(&declared[4], "9223372036854775807", "9223372036854775807");
    takes(&declared[4], "\"5637145576\"", "5637145576");
    takes(&declared[5], "\"0123abCD-0000-1111-2222-333344445555\"", "0123abCD-0000-1111-2222-333344445555");
    takes(&declared[6], "\"-0.05\"", "-0.05");
    takes(&declared[6], "\"12345678901234567890123456\"", "12345678901234567890123456");
}

static void what_is_not_of_the_type_is_refused(void **state)
{
    static const char *const wrong[][8] = {
        {"\"123456\"", "\"äöü€𝕏x\"", "1", "true", "null", "[]", "\"a\\u0007\""},
        {"1", "0", "\"true\"", "null"},
        {"\"2023-02-29\"", "\"1900-02-29\"", "\"2024-13-01\"", "\"2024-00-01\"", "\"2024-01-32\"", "\"24-01-01\"",
         "20240101"},
        {"2147483648", "-2147483649", "\"1\"", "1.0", "1e3", "true"},
        {"9223372036854775808", "\"9223372036854775808\"", "\"1x\"", "1.5", "\"\""},
        {"\"0123abCD-0000-1111-2222-33334444555\"", "\"0123abCDx0000-1111-2222-333344445555\"", "\"\"", "1"},
        {"1.5", "1", "\"1e5\"", "\"NaN\"", "\".5\"", "\"5.\"", "\"1 \"", "\"123456789012345678901234567\""},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        for (size_t j = 0; j < ARRAY_LEN(wrong[i]) && wrong[i][j]; j++)
            refuses(&declared[i], wrong[i][j]);
}

static void refused_as(const char *body, enum err_code code)
{
    struct params one = {declared, 1};
    SCOPED(arena) a = arena_new();
    SCOPED_ARGS args = {0};
    struct err err = {0};
    assert_false(args_read(str_of(body), &one, a, &args, &err));
    assert_int_equal(err.code, code);
    assert_null(strstr(err.message, "secret"));
}

static void messages_do_not_repeat_what_was_sent(void **state)
{
    (void)state;
    refused_as("{\"parameters\":{\"card\":\"a secret\"}}", ERR_CALL_PARAMETERS);
    refused_as("{\"parameters\":{\"card\":\"x\",\"secret\":1}}", ERR_CALL_PARAMETERS);
    refused_as("{\"parameters\":{\"secret", ERR_REQUEST);
    refused_as("{\"secret\":1}", ERR_REQUEST);
    refused_as("{\"key\":\"secret?\",\"parameters\":{\"card\":\"x\"}}", ERR_REQUEST);
    refused_as("{\"parameters\":{}}", ERR_CALL_PARAMETERS);
    refused_as("{}", ERR_CALL_PARAMETERS);
    refused_as("", ERR_REQUEST);
    refused_as("[]", ERR_REQUEST);
}

static void the_digest_is_of_values_not_of_spelling(void **state)
{
    static const char *const bodies[] = {
        "{\"parameters\":{\"card\":\"1\"}}", " { \"parameters\" : {\"card\":\"\\u0031\"}}",
        "{\"parameters\":{\"card\":\"2\"}}", "{\"parameters\":{}}", "{\"parameters\":{\"card\":null}}"};
    char digests[5][ARGS_DIGEST_MAX], other[ARGS_DIGEST_MAX];
    struct params one = {&optional_card, 1};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bodies); i++) {
        SCOPED(arena) a = arena_new();
        SCOPED_ARGS args = {0};
        struct err err;
        must(args_read(str_of(bodies[i]), &one, a, &args, &err));
        args_digest(&args, &one, "Pay", digests[i]);
        args_digest(&args, &one, "Add", other);
        assert_string_not_equal(digests[i], other);
    }
    assert_string_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
    assert_string_not_equal(digests[0], digests[3]);
    assert_string_equal(digests[3], digests[4]);
}

static void declarations_are_read_or_explained(void **state)
{
    static const char *const wrong[] = {"",        "x",      "x str",   "x str 0",   "x str 70000",       "x string 5",
                                        "x int 5", "1x int", "x-y int", "x int opt", "x int optional now"};
    SCOPED(arena) a = arena_new();
    struct param p;
    struct param_passwords w;
    const char *why = NULL;
    (void)state;
    assert_true(param_declare(STR("giftCardId str 30 optional"), a, &p, &why));
    assert_string_equal(p.name, "giftCardId");
    assert_true(p.type == PARAM_STR && p.max == 30 && p.optional);
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        why = NULL;
        assert_false(param_declare(str_of(wrong[i]), a, &p, &why));
        assert_non_null(why);
    }
    assert_true(param_read_passwords(STR("change who old new"), a, &w));
    assert_true(w.kind == PASSWORD_CHANGE && strcmp(w.fresh, "new") == 0 && strcmp(w.staff, "who") == 0);
    assert_true(param_read_passwords(STR("reset who new"), a, &w) && !w.password);
    assert_false(param_read_passwords(STR("check who"), a, &w));
    assert_false(param_read_passwords(STR("check who pw more"), a, &w));
    assert_false(param_read_passwords(STR("guess who pw"), a, &w));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_become_the_text_of_their_type),
        cmocka_unit_test(what_is_not_of_the_type_is_refused),
        cmocka_unit_test(messages_do_not_repeat_what_was_sent),
        cmocka_unit_test(the_digest_is_of_values_not_of_spelling),
        cmocka_unit_test(declarations_are_read_or_explained),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
