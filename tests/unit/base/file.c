#include "base/file.h"
#include "unit/folder.h"
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

static void what_was_written_is_read(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    struct str text;
    const char *path = folder_path(&f, "a");
    must(file_write(path, STR("one\0two"), &err));
    must(file_read(path, f.a, &text, &err));
    assert_true(str_eq(text, STR("one\0two")));
    assert_int_equal(text.p[text.n], '\0');
    must(file_write(path, STR(""), &err));
    must(file_read(path, f.a, &text, &err));
    assert_int_equal(text.n, 0);
}

static void nothing_is_left_beside_a_written_file(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    char **names;
    size_t n;
    folder_put(&f, "a", "x");
    must(file_list(f.path, "", f.a, &names, &n, &err));
    assert_int_equal(n, 1);
}

static void failures_name_the_path_and_the_cause(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    struct str text;
    const char *path = folder_path(&f, "no/file");
    assert_false(file_read(path, f.a, &text, &err));
    assert_int_equal(err.code, ERR_FILE);
    assert_int_equal(err.os_errno, ENOENT);
    assert_non_null(strstr(err.message, path));
    assert_false(file_write(path, STR("x"), &err));
    assert_int_equal(err.os_errno, ENOENT);
    assert_false(file_read(f.path, f.a, &text, &err));
    assert_int_equal(err.os_errno, EISDIR);
}

static void folders_are_made_with_their_parents(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    must(file_make_dirs(folder_path(&f, "a/b//c/"), &err));
    must(file_make_dirs(folder_path(&f, "a/b/c"), &err));
    assert_true(file_is_dir(folder_path(&f, "a/b/c")));
    assert_false(file_make_dirs("", &err));
    folder_put(&f, "file", "x");
    assert_false(file_make_dirs(folder_path(&f, "file"), &err));
    assert_false(file_make_dirs(folder_path(&f, "file/below"), &err));
}

static void a_listing_is_sorted_and_filtered(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    char **names;
    size_t n;
    folder_put(&f, "b.sql", "");
    folder_put(&f, "a.sql", "");
    folder_put(&f, "c.txt", "");
    folder_put(&f, ".sql", "");
    must(file_list(f.path, ".sql", f.a, &names, &n, &err));
    assert_int_equal(n, 2);
    assert_string_equal(names[0], "a.sql");
    assert_string_equal(names[1], "b.sql");
    assert_null(names[2]);
    must(file_list(folder_path(&f, "nowhere"), ".sql", f.a, &names, &n, &err));
    assert_int_equal(n, 0);
    assert_false(file_list(folder_path(&f, "c.txt"), ".sql", f.a, &names, &n, &err));
}

static void removing_a_tree_does_not_follow_links(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    folder_put(&f, "keep/x", "1");
    folder_put(&f, "tree/a/b", "1");
    assert_int_equal(symlink(folder_path(&f, "keep"), folder_path(&f, "tree/link")), 0);
    must(file_remove_tree(folder_path(&f, "tree"), &err));
    assert_false(file_exists(folder_path(&f, "tree")));
    assert_true(file_exists(folder_path(&f, "keep/x")));
    must(file_remove_tree(folder_path(&f, "tree"), &err));
}

static void a_link_to_nowhere_can_be_removed(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    struct stat st;
    const char *path = folder_path(&f, "link");
    assert_int_equal(symlink("/nonexistent/place", path), 0);
    must(file_remove_tree(path, &err));
    assert_int_equal(lstat(path, &st), -1);
}

static void a_path_becomes_absolute(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    assert_string_equal(file_absolute(f.a, "/nonexistent/x"), "/nonexistent/x");
    assert_int_equal(file_absolute(f.a, "nonexistent")[0], '/');
    assert_string_equal(file_absolute(f.a, folder_path(&f, "../")), file_absolute(f.a, "/tmp"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(nothing_is_left_beside_a_written_file),
        cmocka_unit_test(failures_name_the_path_and_the_cause),
        cmocka_unit_test(folders_are_made_with_their_parents),
        cmocka_unit_test(a_listing_is_sorted_and_filtered),
        cmocka_unit_test(removing_a_tree_does_not_follow_links),
        cmocka_unit_test(a_link_to_nowhere_can_be_removed),
        cmocka_unit_test(a_path_becomes_absolute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
