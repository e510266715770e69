#include "net/route.h"
#include "test.h"

static void a_target_is_cut_into_decoded_segments(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct route_target t;
    struct err err;
    must(route_read(STR("/v1/stores/S%C3%A3o%20Paulo?a=1?b"), a, &t, &err));
    assert_true(str_is(t.path, "/v1/stores/S%C3%A3o%20Paulo"));
    assert_true(str_is(t.query, "a=1?b"));
    assert_int_equal(t.n_segments, 3);
    assert_true(str_is(t.segments[2], "São Paulo"));
    must(route_read(STR("/"), a, &t, &err));
    assert_int_equal(t.n_segments, 0);
}

static void a_second_spelling_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "v1",
        "*",
        "http://x/v1",
        "//",
        "/a//b",
        "/a/",
        "/.",
        "/a/..",
        "/a/%2e",
        "/%2E%2e",
        "/a%2fb",
        "/a%5Cb",
        "/a\\b",
        "/%00",
        "/%0a",
        "/%7f",
        "/%c2%85",
        "/%",
        "/%4",
        "/%zz",
        "/%ff",
        "/%c0%af",
        "/%ed%a0%80",
        "/a b",
        "/a\tb",
        "/a#b",
        "/\xc3\xa3",
        "/%f4%90%80%80",
        "/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16/17",
    };
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        SCOPED(arena) a = arena_new();
        struct route_target t;
        struct err err = {0};
        if (route_read(str_of(wrong[i]), a, &t, &err))
            fail_msg("'%s' was taken", wrong[i]);
        assert_int_equal(err.code, ERR_REQUEST);
    }
}

static bool fits(struct arena *a, const char *pattern, const char *target, struct route_params *ret)
{
    struct route_target t;
    struct err err;
    must(route_read(str_of(target), a, &t, &err));
    return route_matches(pattern, &t, ret);
}

static void patterns_fit_whole_targets(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct route_params p = {0};
    assert_true(fits(a, "/", "/", NULL));
    assert_true(fits(a, "/v1/ping", "/v1/ping?x", NULL));
    assert_false(fits(a, "/v1/ping", "/v1", NULL));
    assert_false(fits(a, "/v1/ping", "/v1/ping/x", NULL));
    assert_false(fits(a, "/v1/ping", "/v1/Ping", NULL));
    assert_true(fits(a, "/v1/stores/{store}/files/{no}", "/v1/stores/a%27b/files/7", &p));
    assert_true(str_is(route_param(&p, "store"), "a'b"));
    assert_true(str_is(route_param(&p, "no"), "7"));
    assert_int_equal(route_param(&p, "other").n, 0);
    assert_false(fits(a, "/v1/stores/{store}/files/{no}", "/v1/stores/a/files", &p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_target_is_cut_into_decoded_segments),
        cmocka_unit_test(a_second_spelling_is_refused),
        cmocka_unit_test(patterns_fit_whole_targets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
