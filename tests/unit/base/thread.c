#include "base/thread.h"
#include "base/clock.h"
#include "test.h"

static bool count(struct crew *crew, void *ctx, int member, struct err *err)
{
    (void)crew;
    (void)err;
    atomic_fetch_add((atomic_int *)ctx, 1 << (4 * member));
    return true;
}

static void every_member_works_once(void **state)
{
    (void)state;
    atomic_int sum = 0;
    struct err err;
    must(crew_run(5, count, &sum, &err));
    assert_int_equal(sum, 0x11111);
}

/* Member 2 fails; the others end because of it and say that they were stopped. */
static bool fail_one(struct crew *crew, void *ctx, int member, struct err *err)
{
    (void)ctx;
    if (member == 2)
        return err_set(err, ERR_COPY, "member %d", member);
    for (int i = 0; i < 5000 && !crew_stopping(crew); i++)
        clock_sleep_ms(1);
    return !crew_stopping(crew) || err_set(err, ERR_INTERRUPTED, "told to stop");
}

static void the_failure_is_reported_and_stops_the_others(void **state)
{
    (void)state;
    struct err err = {0};
    int64_t began = clock_us();
    assert_false(crew_run(4, fail_one, NULL, &err));
    assert_int_equal(err.code, ERR_COPY);
    assert_string_equal(err.message, "member 2");
    assert_true(clock_us() - began < 4000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_works_once),
        cmocka_unit_test(the_failure_is_reported_and_stops_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
