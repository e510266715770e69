#include "base/map.h"
#include "base/arena.h"
#include "test.h"

static void an_empty_map_has_nothing(void **state)
{
    (void)state;
    SCOPED(map) m = map_new();
    assert_null(map_get(m, STR("a")));
    assert_int_equal(map_count(m), 0);
}

static void many_keys_are_found_again_in_the_order_they_came(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED(map) m = map_new();
    for (uintptr_t i = 0; i < 5000; i++)
        map_put(m, str_of(arena_printf(a, "key %d", (int)i)))->value = (void *)(i + 1);
    assert_int_equal(map_count(m), 5000);
    for (uintptr_t i = 0; i < 5000; i++) {
        char *key = arena_printf(a, "key %d", (int)i);
        assert_ptr_equal(map_get(m, str_of(key)), (void *)(i + 1));
        assert_true(str_is(map_at(m, i)->key, key));
    }
    assert_null(map_get(m, STR("key 5000")));
}

static void the_same_key_gives_the_same_slot(void **state)
{
    (void)state;
    SCOPED(map) m = map_new();
    map_put(m, STR("a"))->value = m;
    assert_ptr_equal(map_put(m, STR("a"))->value, m);
    assert_null(map_put(m, STR(""))->value);
    assert_null(map_put(m, (struct str){NULL, 0})->value);
    assert_null(map_put(m, STR("a\0b"))->value);
    assert_int_equal(map_count(m), 3);
}

static void a_reset_map_forgets(void **state)
{
    (void)state;
    SCOPED(map) m = map_new();
    map_reset(m);
    map_put(m, STR("a"))->value = m;
    map_reset(m);
    assert_null(map_get(m, STR("a")));
    assert_null(map_put(m, STR("a"))->value);
    assert_int_equal(map_count(m), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_has_nothing),
        cmocka_unit_test(many_keys_are_found_again_in_the_order_they_came),
        cmocka_unit_test(the_same_key_gives_the_same_slot),
        cmocka_unit_test(a_reset_map_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
