#include "n1/quiet.h"
#include "test.h"

static void the_same_question_in_the_same_epoch_is_known(void **state)
{
    (void)state;
    SCOPED(quiet) q = quiet_new();
    assert_false(quiet_is(q, STR("HOUSTON"), STR("1010:1"), 7));
    quiet_note(q, STR("HOUSTON"), STR("1010:1"), 7);
    assert_true(quiet_is(q, STR("HOUSTON"), STR("1010:1"), 7));
    assert_false(quiet_is(q, STR("HOUSTON"), STR("1010:2"), 7));
    assert_false(quiet_is(q, STR("HOUSTON"), STR("1010:1"), 8));
    assert_false(quiet_is(q, STR("PARIS"), STR("1010:1"), 7));
}

static void contacts_are_due_now_and_then(void **state)
{
    (void)state;
    SCOPED(quiet) q = quiet_new();
    assert_true(quiet_contact(q, STR("HOUSTON"), 1000, 500));
    assert_false(quiet_contact(q, STR("HOUSTON"), 1499, 500));
    assert_true(quiet_contact(q, STR("PARIS"), 1499, 500));
    assert_true(quiet_contact(q, STR("HOUSTON"), 1500, 500));
    assert_false(quiet_contact(q, STR("HOUSTON"), 1501, 500));
}

static void many_stores_are_known_and_none_is_taken_for_another(void **state)
{
    (void)state;
    SCOPED(quiet) q = quiet_new();
    char name[20];
    int known = 0;
    for (int i = 0; i < 50000; i++) {
        snprintf(name, sizeof name, "S%d", i);
        if (i % 2)
            quiet_note(q, str_of(name), STR("1:1"), 1);
    }
    for (int i = 0; i < 50000; i++) {
        snprintf(name, sizeof name, "S%d", i);
        bool yes = quiet_is(q, str_of(name), STR("1:1"), 1);
        assert_false(yes && i % 2 == 0);
        known += yes;
    }
    assert_true(known > 10000 && known < 25000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_question_in_the_same_epoch_is_known),
        cmocka_unit_test(contacts_are_due_now_and_then),
        cmocka_unit_test(many_stores_are_known_and_none_is_taken_for_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
