#include "checklist/usermap.h"
#include "test.h"

static const struct usermap_user users[] = {{"Ada", true}, {"bob", true}, {"gone", false}, {"UserId", false}};

static struct usermap map_of(struct arena *a, const char *text)
{
    struct usermap m;
    usermap_read(str_of(text), users, ARRAY_LEN(users), a, &m);
    return m;
}

#define counts(text, head, n_rows, n_accepted, n_left)                                                                 \
    do {                                                                                                               \
        SCOPED(arena) arena = arena_new();                                                                             \
        struct usermap got = map_of(arena, text);                                                                      \
        assert_int_equal(got.header, head);                                                                            \
        assert_int_equal(got.rows, n_rows);                                                                            \
        assert_int_equal(got.accepted, n_accepted);                                                                    \
        assert_int_equal(got.n_rejected, (n_rows) - (n_accepted));                                                     \
        assert_int_equal(got.n_missing, n_left);                                                                       \
    } while (0)

#define rejects(text, at, part)                                                                                        \
    do {                                                                                                               \
        SCOPED(arena) arena = arena_new();                                                                             \
        struct usermap got = map_of(arena, text);                                                                      \
        assert_int_equal(got.n_rejected, 1);                                                                           \
        assert_int_equal(got.rejected[0].line, at);                                                                    \
        assert_non_null(strstr(got.rejected[0].reason, part));                                                         \
    } while (0)

static void the_first_line_is_names_only_when_it_can_be_nothing_else(void **state)
{
    (void)state;
    counts("UserName,EmailAddress\nada,a@example.com\nbob,b@example.com\n", true, 2, 2, 0);
    counts("ada,a@example.com\nbob,b@example.com\n", false, 2, 2, 0);
    counts("ada,email\nbob,b@example.com\n", false, 2, 1, 1);           /* a user with a bad address */
    counts("UserId,EmailAddress\nbob,b@example.com\n", false, 2, 1, 1); /* somebody is called so */
    counts("User,Adresse\nbob,b@example.com\n", false, 2, 1, 1);        /* rejected, and seen */
    counts("zed,mail@example.com\n", false, 1, 0, 2);
    counts("", false, 0, 0, 2);
}

static void every_row_is_accepted_or_says_why_not(void **state)
{
    (void)state;
    rejects("ada,a@example.com\nADA,b@example.com", 2, "line 1 maps this user already");
    rejects("ada,a@example.com\nbob,A@Example.com", 2, "line 1 gives this address to another user");
    rejects("ada,a@b", 1, "no e-mail address");
    rejects("zed,z@example.com", 1, "no such user");
    rejects(",z@example.com", 1, "names no user");
    rejects("ada", 1, "1 columns");
    rejects("ada;a@example.com", 1, "separated by commas");
    rejects("ada,a@example.com,x", 1, "3 columns");
    rejects("ada,\xFF@example.com", 1, "UTF-8");
    rejects("ada,\"a@example.com", 1, "never closed");
}

static void users_who_may_not_sign_in_need_no_row(void **state)
{
    (void)state;
    counts("ada,a@example.com\nbob,b@example.com\ngone,g@example.com", false, 3, 3, 0);
    SCOPED(arena) a = arena_new();
    struct usermap m = map_of(a, "gone,g@example.com");
    assert_int_equal(m.n_missing, 2);
    assert_string_equal(m.missing[0], "Ada");
    assert_string_equal(m.missing[1], "bob");
}

static bool is_email(const char *text)
{
    return usermap_is_email(str_of(text));
}

static void addresses_are_checked_by_their_form(void **state)
{
    (void)state;
    assert_true(is_email("ada@example.com"));
    assert_true(is_email("o'neil+x@mail.example.co.uk"));
    assert_true(is_email("a@1.io"));
    static const char *const wrong[] = {"",       "@",        "a@",      "@b.c",    "a@b",     "a b@c.d",
                                        "a@b..c", "a@.b.c",   "a@b.c.",  "a@-b.c",  "a@b-.c",  ".a@b.c",
                                        "a.@b.c", "a..b@c.d", "a@b@c.d", "a@b_c.d", "<a@b.c>", "a@b.c\n"};
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
        assert_false(is_email(wrong[i]));
    char longest[300];
    memset(longest, 'a', sizeof longest);
    memcpy(longest + 64, "@b.c", 5);
    assert_true(is_email(longest));
    memset(longest, 'a', 65);
    memcpy(longest + 65, "@b.c", 5);
    assert_false(is_email(longest));
}

static void rejected_rows_can_be_read_again(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF b = {0};
    struct usermap m = map_of(a, "\"=cmd\"\"x\",b\n");
    usermap_put_rejected(&m, &b);
    assert_string_equal(buf_text(&b), "Line,UserId,EmailAddress,Reason\r\n"
                                      "1,\"'=cmd\"\"x\",\"b\",\"the source has no such user\"\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_line_is_names_only_when_it_can_be_nothing_else),
        cmocka_unit_test(every_row_is_accepted_or_says_why_not),
        cmocka_unit_test(users_who_may_not_sign_in_need_no_row),
        cmocka_unit_test(addresses_are_checked_by_their_form),
        cmocka_unit_test(rejected_rows_can_be_read_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
