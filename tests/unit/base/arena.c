#include "base/arena.h"
#include "base/rand.h"
#include "test.h"
#include <stdalign.h>

static void bytes_are_zeroed_and_aligned(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    for (size_t n = 0; n < 300; n++) {
        unsigned char *p = arena_alloc(a, n);
        assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
        for (size_t i = 0; i < n; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xAA, n);
    }
}

static void allocations_of_any_size_do_not_overlap(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct rand r = rand_seeded(1);
    unsigned char *p[500];
    size_t n[500];
    for (int i = 0; i < 500; i++) {
        n[i] = rand_below(&r, i % 50 == 0 ? 300000 : 3000);
        p[i] = arena_alloc_raw(a, n[i]);
        memset(p[i], i & 0xFF, n[i]);
    }
    for (int i = 0; i < 500; i++)
        for (size_t j = 0; j < n[i]; j++)
            assert_int_equal(p[i][j], i & 0xFF);
}

static void a_reset_arena_counts_from_zero_and_zeroes_again(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    memset(arena_alloc(a, 1000), 0xAA, 1000);
    assert_true(arena_used(a) >= 1000);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    const unsigned char *p = arena_alloc(a, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(p[i], 0);
}

static void texts_are_copied_with_a_zero(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    assert_string_equal(arena_dup_str(a, (struct str){"hello", 4}), "hell");
    assert_string_equal(arena_dup_str(a, (struct str){NULL, 0}), "");
    assert_string_equal(arena_printf(a, "%s-%d", "x", 5), "x-5");
    char *big = arena_printf(a, "%0100000d", 7);
    assert_int_equal(strlen(big), 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_zeroed_and_aligned),
        cmocka_unit_test(allocations_of_any_size_do_not_overlap),
        cmocka_unit_test(a_reset_arena_counts_from_zero_and_zeroes_again),
        cmocka_unit_test(texts_are_copied_with_a_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
