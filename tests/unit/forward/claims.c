/* Files that several elements want: the first element of the inputs has each, whoever comes first. */
#include "forward/claims.h"
#include "base/thread.h"
#include "test.h"
#include "unit/folder.h"

enum { UNITS = 200, PATHS = 20, WORKERS = 4 };

struct race {
    struct claims *claims;
    const char *dir;
    atomic_uint next;
};

/* Unit u wants path u mod PATHS: the first PATHS units are the owners. From the last unit to the first, so that nearly
 * every claim displaces another one. */
static bool claim(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct race *r = ctx;
    SCOPED(arena) a = arena_new();
    (void)crew;
    (void)member;
    for (unsigned i; (i = atomic_fetch_add(&r->next, 1)) < UNITS;) {
        uint32_t unit = UNITS - 1 - i;
        const char *path = arena_printf(a, unit % 3 ? "Ax/File%02u.xml" : "Ax/FILE%02u.xml", unit % PATHS);
        if (!claims_write(r->claims, unit, r->dir, path, str_of(arena_printf(a, "%u", unit)), err))
            return false;
    }
    return true;
}

static void the_first_element_has_the_file(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    char **paths;
    size_t n;
    SCOPED(claims) c = claims_new();
    struct race r = {.claims = c, .dir = f.path};
    must(crew_run(WORKERS, claim, &r, &err));
    must(file_tree(f.path, f.a, &paths, &n, &err));
    assert_int_equal(n, PATHS); /* names in another case are no second file */
    for (unsigned i = 0; i < PATHS; i++) {
        struct str text;
        const char *path = arena_printf(f.a, i % 3 ? "Ax/File%02u.xml" : "Ax/FILE%02u.xml", i);
        must(file_read(folder_path(&f, path), f.a, &text, &err));
        assert_true(str_is(text, arena_printf(f.a, "%u", i)));
    }
    claims_losses lost;
    claims_lost(c, &lost);
    assert_int_equal(lost.n, UNITS - PATHS);
    for (size_t i = 0; i < lost.n; i++) {
        assert_int_equal(lost.p[i].unit, PATHS + i);
        assert_int_equal(lost.p[i].owner, lost.p[i].unit % PATHS);
    }
    vec_done(&lost);
}

static void an_element_has_a_file_once_and_an_estimate_writes_nothing(void **state)
{
    (void)state;
    struct err err;
    SCOPED(claims) c = claims_new();
    must(claims_write(c, 7, NULL, "a/b", STR("1"), &err));
    must(claims_write(c, 7, NULL, "A/B", STR("2"), &err));
    claims_losses lost;
    claims_lost(c, &lost);
    assert_int_equal(lost.n, 1);
    assert_int_equal(lost.p[0].unit, 7);
    assert_int_equal(lost.p[0].owner, 7);
    assert_string_equal(lost.p[0].path, "A/B");
    vec_done(&lost);
}

static void a_file_that_cannot_be_written_is_an_error(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    SCOPED(claims) c = claims_new();
    folder_put(&f, "plain", "");
    assert_false(claims_write(c, 0, f.path, "plain/file", STR("x"), &err));
    assert_int_equal(err.code, ERR_FILE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_element_has_the_file),
        cmocka_unit_test(an_element_has_a_file_once_and_an_estimate_writes_nothing),
        cmocka_unit_test(a_file_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
