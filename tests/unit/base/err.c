#include "base/err.h"
#include "test.h"
#include <errno.h>

static void a_failure_is_filled_once_and_wrapped_on_the_way(void **state)
{
    (void)state;
    struct err err;
    assert_false(err_set(&err, ERR_COPY, "row %d is too long", 7));
    assert_false(err_wrap(&err, "copying %s", "custtable"));
    assert_int_equal(err.code, ERR_COPY);
    assert_string_equal(err.message, "copying custtable: row 7 is too long");
    assert_string_equal(err.hint, "");
    assert_memory_equal(err.place, "err.c:", 6);
}

static void setting_an_err_again_forgets_the_first(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_COPY, "first");
    err_hint(&err, "try this");
    err_os(&err, ERR_FILE, ENOENT, "reading %s", "x");
    err_set(&err, ERR_SQL, "second");
    assert_int_equal(err.code, ERR_SQL);
    assert_int_equal(err.os_errno, 0);
    assert_string_equal(err.hint, "");
}

static void the_old_message_may_be_part_of_the_new_one(void **state)
{
    (void)state;
    struct err err;
    err_set(&err, ERR_COPY, "inner");
    err_set(&err, ERR_GUARD, "outer of %s", err.message);
    assert_string_equal(err.message, "outer of inner");
    err_wrap(&err, "around %s", err.message);
    assert_string_equal(err.message, "around outer of inner: outer of inner");
}

static void a_message_that_is_too_long_ends_in_dots(void **state)
{
    (void)state;
    struct err err;
    char text[5000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    err_set(&err, ERR_SQL, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
    assert_string_equal(err.message + sizeof err.message - 5, "x...");
    err_wrap(&err, "doing");
    assert_memory_equal(err.message, "doing: xxx", 10);
    assert_string_equal(err.message + sizeof err.message - 5, "x...");
    err_wrap(&err, "%s", text);
    assert_int_equal(strlen(err.message), sizeof err.message - 1);
}

static void an_errno_is_kept_and_spelled_out(void **state)
{
    (void)state;
    struct err err;
    assert_false(err_os(&err, ERR_FILE, ENOENT, "reading %s", "/x"));
    assert_string_equal(err.message, "reading /x: No such file or directory");
    assert_int_equal(err.os_errno, ENOENT);
}

static void every_code_is_found_by_its_own_name(void **state)
{
    (void)state;
    for (int code = 0; code < ERR_COUNT; code++) {
        const struct err_info *info = err_info((enum err_code)code);
        assert_int_equal(err_code_find(info->name), code);
        assert_true(info->status >= EXIT_FOUND && info->status <= EXIT_FAILED);
        assert_int_equal(info->title[strlen(info->title) - 1], '.');
        assert_int_equal(info->next[strlen(info->next) - 1], '.');
    }
    assert_int_equal(err_code_find("no-such-code"), ERR_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_filled_once_and_wrapped_on_the_way),
        cmocka_unit_test(setting_an_err_again_forgets_the_first),
        cmocka_unit_test(the_old_message_may_be_part_of_the_new_one),
        cmocka_unit_test(a_message_that_is_too_long_ends_in_dots),
        cmocka_unit_test(an_errno_is_kept_and_spelled_out),
        cmocka_unit_test(every_code_is_found_by_its_own_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
