#include "checklist/history.h"
#include "checklist/space.h"
#include "test.h"

#define GB(n) ((int64_t)(n) << 30)

static const struct checklist_item manual = {.id = "M", .kind = CHECKLIST_MANUAL};
static const struct checklist_item automatic = {.id = "A", .kind = CHECKLIST_ENGINE};

static struct history_event event(const char *item, const char *what, const char *detail)
{
    return (struct history_event){.at_us = 5, .who = "account", .item = item, .event = what, .detail = detail};
}

static enum item_state state_after(const struct checklist_item *item, const struct history_event *events, size_t n,
                                   struct arena *a, struct history *ret)
{
    history_fold(events, n, item->id, a, ret);
    return history_state(item, ret);
}

#define stands(item, expected, ...)                                                                                    \
    do {                                                                                                               \
        SCOPED(arena) arena = arena_new();                                                                             \
        struct history got;                                                                                            \
        const struct history_event events[] = {event("X", "passed", "{}"), __VA_ARGS__};                               \
        assert_int_equal(state_after(&(item), events, ARRAY_LEN(events), arena, &got), expected);                      \
    } while (0)

static void the_last_result_counts(void **state)
{
    (void)state;
    stands(automatic, ITEM_NEVER, event("B", "failed", "{}"));
    stands(automatic, ITEM_FAILED, event("A", "passed", "{}"), event("A", "failed", "{}"));
    stands(automatic, ITEM_PASSED, event("A", "failed", "{}"), event("A", "passed", "{}"));
    stands(automatic, ITEM_NOT_APPLICABLE, event("A", "failed", "{}"), event("A", "not-applicable", "{}"));
    stands(automatic, ITEM_OPEN, event("A", "asked", "{}"));
}

static void a_confirmation_answers_only_what_is_asked(void **state)
{
    (void)state;
    stands(automatic, ITEM_FAILED, event("A", "confirmed", "{}"), event("A", "failed", "{}"));
    stands(automatic, ITEM_CONFIRMED, event("A", "asked", "{}"), event("A", "confirmed", "{}"));
    stands(automatic, ITEM_FAILED, event("A", "asked", "{}"), event("A", "confirmed", "{}"),
           event("A", "failed", "{}"));
    stands(manual, ITEM_OPEN, event("M", "asked", "{}"));
    stands(manual, ITEM_CONFIRMED, event("M", "confirmed", "{}"));
    stands(manual, ITEM_EXPIRED, event("M", "confirmed", "{}"), event("M", "expired", "{}"));
    stands(manual, ITEM_CONFIRMED, event("M", "confirmed", "{}"), event("M", "expired", "{}"),
           event("M", "confirmed", "{}"));
    stands(manual, ITEM_OPEN, event("M", "confirmed", "{}"), event("M", "withdrawn", "{}"));
}

static void an_override_hides_nothing_that_is_in_order(void **state)
{
    (void)state;
    stands(automatic, ITEM_OVERRIDDEN, event("A", "failed", "{}"), event("A", "overridden", "{}"));
    stands(automatic, ITEM_OVERRIDDEN, event("A", "overridden", "{}"));
    stands(automatic, ITEM_PASSED, event("A", "overridden", "{}"), event("A", "passed", "{}"));
    stands(automatic, ITEM_FAILED, event("A", "overridden", "{}"), event("A", "withdrawn", "{}"),
           event("A", "failed", "{}"));
    stands(manual, ITEM_OVERRIDDEN, event("M", "overridden", "{}"), event("M", "asked", "{}"));
}

static void what_people_say_is_kept(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct history h;
    const struct history_event events[] = {
        event("M", "confirmed", "{\"by\":\"Ada\",\"note\":\"seen\",\"rests\":{\"package\":\"1\"}}"),
        event("M", "overridden", "{\"by\":\"Bob\",\"reason\":\"in a hurry\"}"),
        event("M", "expired", "{\"why\":\"w\"}")};
    history_fold(events, ARRAY_LEN(events), "M", a, &h);
    assert_string_equal(h.confirmed.by, "Ada");
    assert_string_equal(h.confirmed.text, "seen");
    assert_string_equal(h.confirmed.who, "account");
    assert_string_equal(h.overridden.text, "in a hurry");
    assert_string_equal(h.expired, "w");
    assert_null(history_changed(h.rests, "{\"package\":\"1\"}", a));
    assert_non_null(strstr(history_changed(h.rests, "{\"package\":\"2\"}", a), "package has changed"));
    assert_non_null(history_changed(h.rests, "{\"package\":\"1\",\"config\":\"x\"}", a));
    assert_non_null(history_changed("garbage", "{\"package\":\"1\"}", a));
}

static void evidence_comes_back_as_it_was(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct check k =
        history_evidence("{\"found\":7,\"evidence\":[{\"subject\":\"s\",\"detail\":\"d\"},{\"detail\":3}]}", a);
    assert_int_equal(k.found, 7);
    assert_int_equal(k.n_evidence, 2);
    assert_string_equal(k.evidence[0].detail, "d");
    assert_string_equal(k.evidence[1].detail, "");
    assert_int_equal(history_evidence("{}", a).n_evidence, 0);
}

static void a_size_that_is_confirmed_is_round(void **state)
{
    (void)state;
    assert_int_equal(space_round(0), GB(1));
    assert_int_equal(space_round(GB(1)), GB(1));
    assert_int_equal(space_round(GB(1) + 1), GB(3) / 2);
    assert_int_equal(space_round(GB(2)), GB(2));
    assert_int_equal(space_round(GB(2) + 1), GB(3));
    assert_int_equal(space_round(GB(5)), GB(6));
    assert_int_equal(space_round(GB(7)), GB(8));
    assert_true(space_round(INT64_MAX / 2) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_result_counts),
        cmocka_unit_test(a_confirmation_answers_only_what_is_asked),
        cmocka_unit_test(an_override_hides_nothing_that_is_in_order),
        cmocka_unit_test(what_people_say_is_kept),
        cmocka_unit_test(evidence_comes_back_as_it_was),
        cmocka_unit_test(a_size_that_is_confirmed_is_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
