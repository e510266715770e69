#include "replicate/retain.h"
#include "test.h"

static struct retain with(int chain, const struct retained *batches, size_t n)
{
    struct retain r = {.chain = chain};
    for (size_t i = 0; i < n; i++)
        retain_add(&r, batches[i]);
    return r;
}

static void a_batch_is_needed_until_the_stream_has_passed_what_its_trackers_saw(void **state)
{
    (void)state;
    struct retained last;
    struct retain r = with(1, (struct retained[]){{1, 100, 150}}, 1);
    assert_false(retain_release(&r, 149, &last));
    assert_true(retain_release(&r, 150, &last));
    assert_int_equal(last.no, 1);
    assert_int_equal(r.n, 0);
    assert_false(retain_release(&r, 999, &last));
}

static void batches_go_in_their_order(void **state)
{
    (void)state;
    struct retained last;
    struct retain r = with(1, (struct retained[]){{1, 100, 150}, {2, 120, 160}, {3, 200, 300}}, 3);
    assert_true(retain_release(&r, 170, &last));
    assert_int_equal(last.no, 2);
    assert_int_equal(r.n, 1);
    assert_int_equal(r.p[0].no, 3);
}

static void a_chain_of_changes_keeps_the_first_of_them(void **state)
{
    (void)state;
    struct retained last;
    /* What 1 saw reaches into 2, what 2 saw into 3. */
    struct retained batches[] = {{1, 100, 150}, {2, 155, 200}, {3, 210, 260}};
    struct retain one = with(1, batches, 3), two = with(2, batches, 3), three = with(3, batches, 3);
    assert_true(retain_release(&one, 150, &last));
    assert_int_equal(last.no, 1);
    assert_false(retain_release(&two, 199, &last));
    assert_true(retain_release(&two, 200, &last));
    assert_int_equal(last.no, 1);
    assert_false(retain_release(&three, 259, &last));
    assert_true(retain_release(&three, 260, &last));
    assert_int_equal(last.no, 3);
}

static void without_room_two_batches_are_kept_as_long_as_the_later(void **state)
{
    (void)state;
    struct retained last;
    struct retain r = {.chain = 1};
    for (int i = 0; i <= RETAIN_MAX; i++)
        retain_add(&r, (struct retained){i, 100 + (uint64_t)i, 1000 + (uint64_t)i});
    assert_int_equal(r.n, RETAIN_MAX);
    assert_int_equal(r.p[RETAIN_MAX - 1].no, RETAIN_MAX);
    assert_true(retain_release(&r, 1000 + RETAIN_MAX - 1, &last));
    assert_int_equal(last.no, RETAIN_MAX - 2);
    assert_int_equal(r.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_is_needed_until_the_stream_has_passed_what_its_trackers_saw),
        cmocka_unit_test(batches_go_in_their_order),
        cmocka_unit_test(a_chain_of_changes_keeps_the_first_of_them),
        cmocka_unit_test(without_room_two_batches_are_kept_as_long_as_the_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
