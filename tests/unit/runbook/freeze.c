#include "runbook/freeze.h"
#include "test.h"
#include "unit/folder.h"
#include <unistd.h>

static struct freeze take(const struct folder *f)
{
    struct freeze ret;
    struct err err = {0};
    freeze_init(&ret, f->a);
    freeze_text(&ret, "setting workers", "2");
    must(freeze_folder(&ret, "package", folder_path(f, "package"), &err));
    freeze_sort(&ret);
    return ret;
}

static struct folder package(void)
{
    struct folder f = folder_make();
    folder_put(&f, "package/package.yaml", "name: x\n");
    folder_put(&f, "package/up/customer.sql", "select 1\n");
    folder_put(&f, "package/up/sale.sql", "select 2\n");
    return f;
}

static void nothing_differs_from_itself(void **state)
{
    (void)state;
    SCOPED_FOLDER f = package();
    SCOPED_BUF b = {0};
    struct freeze one = take(&f), two = take(&f);
    assert_int_equal(one.n, 4);
    assert_int_equal(freeze_compare(&one, &two, 8, &b), 0);
    assert_int_equal(b.n, 0);
}

static void every_file_that_differs_is_named(void **state)
{
    (void)state;
    SCOPED_FOLDER f = package();
    SCOPED_BUF b = {0};
    struct freeze one = take(&f);
    folder_put(&f, "package/up/customer.sql", "select 1 \n");
    folder_put(&f, "package/up/new.sql", "select 3\n");
    assert_int_equal(unlink(folder_path(&f, "package/up/sale.sql")), 0);
    struct freeze two = take(&f);
    assert_int_equal(freeze_compare(&one, &two, 8, &b), 3);
    assert_string_equal(b.p, "package up/customer.sql (has changed), package up/new.sql (is new), "
                             "package up/sale.sql (is gone)");
    buf_reset(&b);
    assert_int_equal(freeze_compare(&one, &two, 1, &b), 3);
    assert_string_equal(b.p, "package up/customer.sql (has changed), ...");
}

static void a_list_is_kept_in_the_journal(void **state)
{
    (void)state;
    SCOPED_FOLDER f = package();
    SCOPED_BUF b = {0};
    struct err err = {0};
    struct freeze one = take(&f), two;
    int64_t run = 0;
    SCOPED(journal) j = NULL;
    must(journal_open(folder_path(&f, "a.db"), "ada", &j, &err));
    must(journal_begin(j, "signoff", &run, &err));
    must(freeze_store(&one, j, run, &err));
    freeze_init(&two, f.a);
    must(freeze_load(&two, j, run, &err));
    assert_int_equal(two.n, one.n);
    assert_int_equal(freeze_compare(&one, &two, 8, &b), 0);
    freeze_init(&two, f.a);
    must(freeze_load(&two, j, run + 1, &err));
    assert_int_equal(two.n, 0);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct freeze one;
    struct err err = {0};
    freeze_init(&one, f.a);
    assert_false(freeze_folder(&one, "package", folder_path(&f, "nowhere"), &err));
    assert_non_null(strstr(err.message, "nowhere"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_differs_from_itself),
        cmocka_unit_test(every_file_that_differs_is_named),
        cmocka_unit_test(a_list_is_kept_in_the_journal),
        cmocka_unit_test(a_folder_that_is_not_there_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
