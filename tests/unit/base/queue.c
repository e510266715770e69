#include "base/queue.h"
#include "base/clock.h"
#include "base/thread.h"
#include "test.h"

static void items_come_out_in_the_order_they_went_in(void **state)
{
    (void)state;
    SCOPED(queue) q = queue_new(3);
    char items[7];
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 3; i++)
            assert_true(queue_put(q, &items[i]));
        assert_false(queue_try_put(q, &items[3]));
        for (int i = 0; i < 3; i++)
            assert_ptr_equal(queue_take(q, -1), &items[i]);
    }
}

static void what_is_put_first_comes_out_first_in_its_own_order(void **state)
{
    (void)state;
    int n[7];
    SCOPED(queue) q = queue_new(5);
    assert_true(queue_try_put(q, &n[0]));
    assert_true(queue_try_put(q, &n[1]));
    assert_ptr_equal(queue_take(q, 0), &n[0]); /* the ring has turned */
    assert_true(queue_try_put(q, &n[2]));
    assert_true(queue_try_put_first(q, &n[3]));
    assert_true(queue_try_put(q, &n[4]));
    assert_true(queue_try_put_first(q, &n[5]));
    assert_false(queue_try_put_first(q, &n[6]));
    static const int order[] = {3, 5, 1, 2, 4};
    for (int i = 0; i < 5; i++)
        assert_ptr_equal(queue_take(q, 0), &n[order[i]]);
    assert_true(queue_try_put(q, &n[0]));
    assert_true(queue_try_put_first(q, &n[1]));
    assert_ptr_equal(queue_take(q, 0), &n[1]);
    assert_ptr_equal(queue_take(q, 0), &n[0]);
}

static void taking_from_an_empty_queue_ends_after_the_timeout(void **state)
{
    (void)state;
    SCOPED(queue) q = queue_new(1);
    int64_t began = clock_us();
    assert_null(queue_take(q, 0));
    assert_null(queue_take(q, 30));
    assert_true(clock_us() - began >= 30000);
}

static void a_closed_queue_gives_what_is_left_and_takes_nothing(void **state)
{
    (void)state;
    SCOPED(queue) q = queue_new(2);
    char item;
    assert_true(queue_put(q, &item));
    queue_close(q);
    assert_true(queue_closed(q));
    assert_false(queue_put(q, &item));
    assert_false(queue_try_put(q, &item));
    assert_ptr_equal(queue_take(q, -1), &item);
    assert_null(queue_take(q, -1));
}

struct traffic {
    struct queue *q;
    int numbers[4000];
    atomic_int producers;
    _Atomic int64_t sum;
    atomic_int taken;
};

static void produce(struct traffic *t, int from)
{
    for (int i = from; i < 4000; i += 2)
        assert_true(queue_put(t->q, &t->numbers[i]));
    if (atomic_fetch_sub(&t->producers, 1) == 1)
        queue_close(t->q);
}

static bool work(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct traffic *t = ctx;
    (void)crew;
    (void)err;
    if (member < 2) {
        produce(t, member);
        return true;
    }
    for (const int *p; (p = queue_take(t->q, -1));) {
        atomic_fetch_add(&t->sum, *p);
        atomic_fetch_add(&t->taken, 1);
    }
    return true;
}

static void several_producers_and_consumers_lose_nothing(void **state)
{
    (void)state;
    static struct traffic t;
    struct err err;
    t.q = queue_new(5);
    t.producers = 2;
    for (int i = 0; i < 4000; i++)
        t.numbers[i] = i;
    must(crew_run(5, work, &t, &err));
    assert_int_equal(t.taken, 4000);
    assert_int_equal(t.sum, 4000 * 3999 / 2);
    queue_free(t.q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_come_out_in_the_order_they_went_in),
        cmocka_unit_test(what_is_put_first_comes_out_first_in_its_own_order),
        cmocka_unit_test(taking_from_an_empty_queue_ends_after_the_timeout),
        cmocka_unit_test(a_closed_queue_gives_what_is_left_and_takes_nothing),
        cmocka_unit_test(several_producers_and_consumers_lose_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
