#include "cmd/fault.h"
#include "test.h"
#include <jansson.h>

static void a_fault_has_message_next_step_and_where_to_read_more(void **state)
{
    (void)state;
    struct err err;
    SCOPED_BUF b = {0};
    err_set(&err, ERR_SLOT_LOST, "the slot carryover is gone");
    err_hint(&err, "do this");
    fault_put_text(&b, &err, "<", ">");
    assert_string_equal(buf_text(&b), "<carryover: error [slot-lost]:> the slot carryover is gone\n"
                                      "  next: do this\n"
                                      "  more: carryover explain slot-lost\n");
}

static void further_lines_are_indented_and_harmless(void **state)
{
    (void)state;
    struct err err;
    SCOPED_BUF b = {0};
    err_set(&err, ERR_SQL, "a statement failed\nDETAIL: \033[31mred\n\n  QUERY: select 1\n");
    fault_put_text(&b, &err, "", "");
    assert_memory_equal(buf_text(&b),
                        "carryover: error [sql]: a statement failed\n"
                        "  DETAIL:  [31mred\n"
                        "    QUERY: select 1\n"
                        "  next: The message",
                        strlen("carryover: error [sql]: a statement failed\n  DETAIL:  [31mred\n    QUERY: select 1\n"
                               "  next: The message"));
}

static void programs_get_the_same_as_json(void **state)
{
    (void)state;
    struct err err;
    SCOPED_BUF b = {0};
    err_set(&err, ERR_CONNECTION_LOST, "a \"quoted\"\nmessage");
    memcpy(err.sqlstate, "08006", 6);
    fault_put_json(&b, &err);
    json_t *all = json_loads(buf_text(&b), 0, NULL);
    const json_t *e = json_object_get(all, "error");
    assert_string_equal(json_string_value(json_object_get(e, "code")), "connection-lost");
    assert_string_equal(json_string_value(json_object_get(e, "message")), "a \"quoted\"\nmessage");
    assert_string_equal(json_string_value(json_object_get(e, "sqlstate")), "08006");
    assert_int_equal(json_integer_value(json_object_get(e, "status")), EXIT_CONNECT);
    assert_true(json_is_true(json_object_get(e, "retryable")));
    assert_true(json_is_true(json_object_get(e, "outcome_unknown")));
    json_decref(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_has_message_next_step_and_where_to_read_more),
        cmocka_unit_test(further_lines_are_indented_and_harmless),
        cmocka_unit_test(programs_get_the_same_as_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
