#include "net/places.h"
#include "test.h"

static void one_address_gets_half_of_them(void **state)
{
    (void)state;
    struct places *p = places_new(4);
    int a = places_take(p, "192.0.2.1"), b = places_take(p, "192.0.2.1");
    assert_int_not_equal(a, PLACES_NONE);
    assert_int_not_equal(b, PLACES_NONE);
    assert_int_not_equal(a, b);
    assert_int_equal(places_take(p, "192.0.2.1"), PLACES_NONE);
    assert_int_not_equal(places_take(p, "192.0.2.2"), PLACES_NONE);
    places_leave(p, a);
    assert_int_equal(places_take(p, "192.0.2.1"), a);
    places_free(p);
}

static void what_is_full_takes_nobody_until_one_leaves(void **state)
{
    (void)state;
    struct places *p = places_new(2);
    int a = places_take(p, "192.0.2.1");
    assert_int_not_equal(places_take(p, "192.0.2.2"), PLACES_NONE);
    assert_int_equal(places_take(p, "192.0.2.3"), PLACES_NONE);
    places_leave(p, PLACES_NONE);
    assert_int_equal(places_take(p, "192.0.2.3"), PLACES_NONE);
    places_leave(p, a);
    assert_int_equal(places_take(p, "192.0.2.3"), a);
    places_free(p);
}

static void a_single_place_is_for_anybody(void **state)
{
    (void)state;
    struct places *p = places_new(1);
    assert_int_equal(places_take(p, ""), 0);
    places_leave(p, 0);
    assert_int_equal(places_take(p, "192.0.2.1"), 0);
    places_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_address_gets_half_of_them),
        cmocka_unit_test(what_is_full_takes_nobody_until_one_leaves),
        cmocka_unit_test(a_single_place_is_for_anybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
