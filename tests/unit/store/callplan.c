#include "store/callplan.h"
#include "unit/folder.h"

static void each_store_has_its_own_calls_in_the_order_of_the_file(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct callplan plan;
    struct err err;
    size_t n = 0;
    folder_put(&f, "calls",
               "{\"store\": \"B\", \"method\": \"Lock\", \"parameters\": {\"card\": \"1\"}}\n"
               "{\"store\": \"A\", \"method\": \"Alive\", \"parameters\": {}}\n\n"
               "{\"store\": \"B\", \"method\": \"Pay\", \"parameters\": {\"card\": \"1\"}, \"key\": true}\n");
    must(callplan_read(folder_path(&f, "calls"), f.a, &plan, &err));
    const struct callplan_call *c = callplan_of(&plan, "B", &n);
    assert_int_equal(n, 2);
    assert_string_equal(c[0].method, "Lock");
    assert_string_equal(c[0].parameters, "{\"card\":\"1\"}");
    assert_false(c[0].key);
    assert_string_equal(c[1].method, "Pay");
    assert_true(c[1].key);
    assert_non_null(callplan_of(&plan, "A", &n));
    assert_int_equal(n, 1);
    assert_null(callplan_of(&plan, "C", &n));
    assert_int_equal(n, 0);
}

static void a_line_that_is_no_call_is_named(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "\n\n",
                                        "x\n",
                                        "{\"store\": \"A\", \"parameters\": {}}\n",
                                        "{\"store\": \"A\", \"method\": \"a/b\", \"parameters\": {}}\n",
                                        "{\"store\": \"A\", \"method\": \"a\", \"parameters\": []}\n"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        SCOPED_FOLDER f = folder_make();
        struct callplan plan;
        struct err err = {0};
        folder_put(&f, "calls", wrong[i]);
        assert_false(callplan_read(folder_path(&f, "calls"), f.a, &plan, &err));
        assert_int_equal(err.code, ERR_USAGE);
        assert_non_null(strstr(err.message, i < 2 ? "no calls" : "calls:1:"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_store_has_its_own_calls_in_the_order_of_the_file),
        cmocka_unit_test(a_line_that_is_no_call_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
