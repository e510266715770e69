#include "base/proc.h"
#include "base/clock.h"
#include "unit/folder.h"
#include <sys/wait.h>

static void the_output_of_both_streams_is_taken(void **state)
{
    (void)state;
    SCOPED_BUF out = {0};
    struct err err;
    must(proc_shell("echo one; echo two >&2", NULL, &out, &err));
    assert_string_equal(buf_text(&out), "one\ntwo\n");
}

static void arguments_do_not_pass_through_a_shell(void **state)
{
    (void)state;
    SCOPED_BUF out = {0};
    struct err err;
    char *const argv[] = {(char *)"printf", (char *)"%s", (char *)"$HOME `x` ;'\"", NULL};
    must(proc_run(argv, NULL, &out, &err));
    assert_string_equal(buf_text(&out), "$HOME `x` ;'\"");
}

static void a_failing_program_is_reported_with_its_words(void **state)
{
    (void)state;
    struct err err = {0};
    assert_false(proc_shell("echo disk is full; exit 3", NULL, NULL, &err));
    assert_int_equal(err.code, ERR_COMMAND_FAILED);
    assert_string_equal(err.message, "/bin/sh ended with status 3: disk is full");
    assert_false(proc_shell("kill -9 $$", NULL, NULL, &err));
    assert_string_equal(err.message, "/bin/sh was ended by signal 9: it said nothing");
    char *const argv[] = {(char *)"/nonexistent/program", NULL};
    assert_false(proc_run(argv, NULL, NULL, &err));
    assert_non_null(strstr(err.message, "status 127: /nonexistent/program: No such file or directory"));
}

static void a_log_gets_the_output_and_is_named(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    struct str text;
    const char *log = folder_path(&f, "log");
    struct proc_opts o = {.log = log, .dir = f.path, .timeout_ms = 10000};
    must(proc_shell("pwd", &o, NULL, &err));
    assert_false(proc_shell("echo no; false", &o, NULL, &err));
    assert_non_null(strstr(err.message, log));
    must(file_read(log, f.a, &text, &err));
    assert_string_equal(text.p, arena_printf(f.a, "%s\nno\n", f.path));
}

static void the_environment_can_be_extended(void **state)
{
    (void)state;
    SCOPED_BUF out = {0};
    struct err err;
    char *env[] = {(char *)"CARRYOVER_TEST=yes", NULL};
    struct proc_opts o = {.env = env};
    must(proc_shell("printf $CARRYOVER_TEST", &o, &out, &err));
    assert_string_equal(buf_text(&out), "yes");
}

static void a_program_that_takes_too_long_is_killed_with_its_children(void **state)
{
    (void)state;
    struct err err = {0};
    struct proc_opts o = {.timeout_ms = 200};
    int64_t began = clock_us();
    assert_false(proc_shell("sleep 30 & sleep 30", &o, NULL, &err));
    assert_int_equal(err.code, ERR_TIMEOUT);
    assert_string_equal(err.message, "/bin/sh did not end within 200 ms");
    assert_true(clock_us() - began < 10000000);
}

static void much_output_is_bounded(void **state)
{
    (void)state;
    SCOPED_BUF out = {0};
    struct err err;
    must(proc_shell("head -c 3000000 /dev/zero", NULL, &out, &err));
    assert_true(out.n >= 1 << 20 && out.n < (1 << 20) + 8192);
}

static void a_spawned_program_runs_on_its_own(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err;
    char *path = folder_path(&f, "made");
    char *const argv[] = {(char *)"touch", path, NULL};
    pid_t pid = 0;
    int status = 0;
    must(proc_spawn(argv, NULL, &pid, &err));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_true(file_exists(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_output_of_both_streams_is_taken),
        cmocka_unit_test(arguments_do_not_pass_through_a_shell),
        cmocka_unit_test(a_failing_program_is_reported_with_its_words),
        cmocka_unit_test(a_log_gets_the_output_and_is_named),
        cmocka_unit_test(the_environment_can_be_extended),
        cmocka_unit_test(a_program_that_takes_too_long_is_killed_with_its_children),
        cmocka_unit_test(much_output_is_bounded),
        cmocka_unit_test(a_spawned_program_runs_on_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
