#include "net/replay.h"
#include "base/str.h"
#include "test.h"

static void a_nonce_is_new_once_in_its_time(void **state)
{
    (void)state;
    SCOPED(replay) r = replay_new(100, 1000);
    assert_int_equal(replay_note(r, STR("s"), STR("n"), 0), REPLAY_NEW);
    assert_int_equal(replay_note(r, STR("s"), STR("n"), 99), REPLAY_SEEN);
    assert_int_equal(replay_note(r, STR("t"), STR("n"), 99), REPLAY_NEW);
    assert_int_equal(replay_note(r, STR("sn"), STR(""), 99), REPLAY_NEW);
    assert_int_equal(replay_note(r, STR("s"), STR("n"), 100), REPLAY_SEEN);
    assert_int_equal(replay_note(r, STR("t"), STR("n"), 199), REPLAY_SEEN);
    assert_int_equal(replay_note(r, STR("s"), STR("n"), 200), REPLAY_NEW);
    assert_int_equal(replay_note(r, STR("s"), STR("n"), 100000), REPLAY_NEW);
}

static void what_is_full_takes_no_more_until_it_ends(void **state)
{
    (void)state;
    SCOPED(replay) r = replay_new(1000000, 500);
    char nonce[16];
    for (int i = 0; i < 500; i++) {
        snprintf(nonce, sizeof nonce, "%d", i);
        assert_int_equal(replay_note(r, STR("s"), str_of(nonce), i), REPLAY_NEW);
    }
    for (int i = 0; i < 500; i++) {
        snprintf(nonce, sizeof nonce, "%d", i);
        assert_int_equal(replay_note(r, STR("s"), str_of(nonce), 500), REPLAY_SEEN);
    }
    assert_int_equal(replay_note(r, STR("s"), STR("x"), 500), REPLAY_FULL);
    assert_int_equal(replay_note(r, STR("s"), STR("x"), 1000000), REPLAY_NEW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_nonce_is_new_once_in_its_time),
        cmocka_unit_test(what_is_full_takes_no_more_until_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
