#include "net/secret.h"
#include "base/arena.h"
#include "base/file.h"
#include "test.h"
#include <sys/stat.h>

#define TEXT "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"
#define HASH "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
#define DERIVED "rm2it28eE3jaI1Cw4TEwsCsFcrtw6_D01vY-Fp2MBAE"

static void text_goes_both_ways(void **state)
{
    (void)state;
    struct secret s, derived;
    char text[SECRET_TEXT_MAX], hash[SECRET_HASH_MAX];
    assert_true(secret_parse(STR(TEXT), &s));
    assert_int_equal(s.bytes[31], 31);
    secret_text(&s, text);
    assert_string_equal(text, TEXT);
    secret_hash(&s, hash);
    assert_string_equal(hash, HASH);
    assert_true(secret_is(&s, HASH));
    assert_false(secret_is(&s, ""));
    assert_false(secret_is(&s, "1" HASH));
    secret_derive(&s, "session", STR("abc"), &derived);
    secret_text(&derived, text);
    assert_string_equal(text, DERIVED);
}

static void what_is_no_secret_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "x",
                                        TEXT "=",
                                        (" " TEXT),
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!",
                                        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+"};
    struct secret s;
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(secret_parse(str_of(wrong[i]), &s));
}

static void two_are_never_the_same(void **state)
{
    (void)state;
    struct secret a, b;
    char one[SECRET_ID_MAX], two[SECRET_ID_MAX];
    secret_make(&a);
    secret_make(&b);
    assert_memory_not_equal(a.bytes, b.bytes, sizeof a.bytes);
    secret_id(one);
    secret_id(two);
    assert_int_equal(strlen(one), SECRET_ID_MAX - 1);
    assert_string_not_equal(one, two);
}

static void a_file_is_made_once_and_only_its_owner_may_read_it(void **state)
{
    struct arena *a = arena_new();
    (void)state;
    char dir[] = "/tmp/carryover-unit-XXXXXX";
    struct secret one, two;
    struct err err = {0};
    struct stat st;
    assert_non_null(mkdtemp(dir));
    char *path = arena_printf(a, "%s/key", dir);
    must(secret_file(path, &one, &err));
    must(secret_file(path, &two, &err));
    assert_memory_equal(one.bytes, two.bytes, sizeof one.bytes);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(chmod(path, 0640), 0);
    assert_false(secret_file(path, &one, &err));
    assert_int_equal(err.code, ERR_FILE);
    assert_int_equal(chmod(path, 0600), 0);
    must(file_write(path, STR("nonsense"), &err));
    assert_int_equal(chmod(path, 0600), 0);
    assert_false(secret_file(path, &one, &err));
    must(file_remove_tree(dir, &err));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_goes_both_ways),
        cmocka_unit_test(what_is_no_secret_is_refused),
        cmocka_unit_test(two_are_never_the_same),
        cmocka_unit_test(a_file_is_made_once_and_only_its_owner_may_read_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
