#include "base/vec.h"
#include "test.h"

static void new_elements_are_zeroed_and_keep_their_order(void **state)
{
    (void)state;
    VEC(int64_t) v = {0};
    for (int64_t i = 0; i < 1000; i++) {
        int64_t *p = vec_push(&v);
        assert_int_equal(*p, 0);
        *p = i;
    }
    int64_t want = 0;
    vec_each (&v, it)
        assert_int_equal(*it, want++);
    assert_int_equal(want, 1000);
    vec_done(&v);
    assert_null(v.p);
    assert_int_equal(v.n, 0);
}

static void a_shortened_vec_zeroes_what_it_uses_again(void **state)
{
    (void)state;
    VEC(int) v = {0};
    *vec_push(&v) = 7;
    v.n = 0;
    assert_int_equal(*vec_push(&v), 0);
    vec_done(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_elements_are_zeroed_and_keep_their_order),
        cmocka_unit_test(a_shortened_vec_zeroes_what_it_uses_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
