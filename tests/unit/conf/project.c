#include "conf/project.h"
#include "unit/folder.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct project *open_with(const struct folder *f, const struct map *flags)
{
    struct project *p = NULL;
    struct err err;
    must(project_open(f->path, flags, f->a, &p, &err));
    return p;
}

/* A project whose carryover.yaml is `text` is refused with this message. */
static void refused(const char *text, const char *message)
{
    SCOPED_FOLDER f = folder_make();
    struct project *p = NULL;
    struct err err = {0};
    folder_put(&f, "carryover.yaml", text);
    assert_false(project_open(f.path, NULL, f.a, &p, &err));
    assert_int_equal(err.code, ERR_CONFIG);
    assert_string_equal(err.message, message);
}

static void an_empty_file_means_the_defaults(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    folder_put(&f, "carryover.yaml", "replicate:\n  # slot: x\nworkers:\n");
    struct project *p = open_with(&f, NULL);
    assert_string_equal(project_text(p, SETTING_SOURCE), "embedded");
    assert_int_equal(project_number(p, SETTING_WORKERS), 0);
    assert_int_equal(project_number(p, SETTING_CHUNK_SIZE), 64 << 20);
    assert_int_equal(project_number(p, SETTING_HOOK_TIMEOUT), 600000);
    assert_null(project_list(p, SETTING_EXCLUDE)[0]);
    assert_string_equal(project_origin(p, SETTING_SOURCE), "default");
    assert_string_equal(project_dir(p), f.path);
    assert_string_equal(project_path(p, "logs"), folder_path(&f, "logs"));
}

static void the_file_is_read_with_places(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    folder_put(&f, "carryover.yaml",
               "source: postgresql://h/ax\nworkers: 4\nreplicate:\n  chunk_size: 1MB\n  exclude: [ems*, \"wms*\"]\n");
    struct project *p = open_with(&f, NULL);
    assert_string_equal(project_text(p, SETTING_SOURCE), "postgresql://h/ax");
    assert_int_equal(project_number(p, SETTING_WORKERS), 4);
    assert_int_equal(project_number(p, SETTING_CHUNK_SIZE), 1 << 20);
    assert_string_equal(project_list(p, SETTING_EXCLUDE)[0], "ems*");
    assert_string_equal(project_list(p, SETTING_EXCLUDE)[1], "wms*");
    assert_null(project_list(p, SETTING_EXCLUDE)[2]);
    assert_string_equal(project_origin(p, SETTING_CHUNK_SIZE), "carryover.yaml:4:15");
}

static void flags_go_before_environment_before_dotenv_before_file(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED(map) flags = map_new();
    folder_put(&f, "carryover.yaml", "workers: 1\n");
    assert_int_equal(project_number(open_with(&f, NULL), SETTING_WORKERS), 1);
    folder_put(&f, ".env", "# a comment\nCARRYOVER_WORKERS=2\n");
    struct project *p = open_with(&f, NULL);
    assert_int_equal(project_number(p, SETTING_WORKERS), 2);
    assert_string_equal(project_origin(p, SETTING_WORKERS), ".env:2");
    setenv("CARRYOVER_WORKERS", "3", 1);
    p = open_with(&f, NULL);
    assert_int_equal(project_number(p, SETTING_WORKERS), 3);
    assert_string_equal(project_origin(p, SETTING_WORKERS), "CARRYOVER_WORKERS");
    map_put(flags, STR("workers"))->value = (void *)"4";
    p = open_with(&f, flags);
    assert_int_equal(project_number(p, SETTING_WORKERS), 4);
    assert_string_equal(project_origin(p, SETTING_WORKERS), "--workers");
    setenv("CARRYOVER_WORKERS", "", 1);
    assert_int_equal(project_number(open_with(&f, NULL), SETTING_WORKERS), 2);
    unsetenv("CARRYOVER_WORKERS");
}

static void dotenv_variables_of_others_reach_the_environment(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    folder_put(&f, "carryover.yaml", "");
    folder_put(&f, ".env", "export CO_TEST_A='x y'\nCO_TEST_B=file\nCO_TEST_C=\"a\\nb\"\nCARRYOVER_SLOT=s\n");
    setenv("CO_TEST_B", "real", 1);
    struct project *p = open_with(&f, NULL);
    assert_string_equal(getenv("CO_TEST_A"), "x y");
    assert_string_equal(getenv("CO_TEST_B"), "real");
    assert_string_equal(getenv("CO_TEST_C"), "a\nb");
    assert_null(getenv("CARRYOVER_SLOT"));
    assert_string_equal(project_text(p, SETTING_SLOT), "s");
}

static void mistakes_in_the_file_have_a_place_and_a_suggestion(void **state)
{
    (void)state;
    refused("sorce: x\n", "carryover.yaml:1:1: unknown key 'sorce'; did you mean 'source'?");
    refused("a: 1\nzzzzzz: 1\n", "carryover.yaml:1:1: unknown key 'a'");
    refused("replicate:\n  slott: x\n", "carryover.yaml:2:3: unknown key 'slott' in replicate; did you mean 'slot'?");
    refused("replicate: x\n",
            "carryover.yaml:1:12: 'replicate' has to be a mapping (`key: value`), not a single value");
    refused("source: [a]\n", "carryover.yaml:1:9: 'source' has to be a single value, not a list");
    refused("workers: many\n", "carryover.yaml:1:10: 'workers' has to be a whole number, not 'many'");
    refused("replicate:\n  chunk_size: big\n",
            "carryover.yaml:2:15: 'replicate.chunk_size' has to be a size such as 64MB, 512kB or 2GB, not 'big'");
    refused("hooks:\n  timeout: 5 weeks\n",
            "carryover.yaml:2:12: 'hooks.timeout' has to be a duration such as 500ms, 30s, 10m or 2h, not '5 weeks'");
    refused("replicate:\n  exclude: [[a]]\n",
            "carryover.yaml:2:13: 'replicate.exclude' has to be a single value, not a list");
    refused("replicate:\n  exclude: [\"a,b\"]\n",
            "carryover.yaml:2:13: a member of 'replicate.exclude' may not hold a comma");
    refused("- a\n", "carryover.yaml:1:1: the file has to be a mapping (`key: value`), not a list");
    refused("settings: 1\n", "carryover.yaml:1:11: 'settings' has to be a mapping (`key: value`), not a single value");
    refused("settings: {a: [1]}\n", "carryover.yaml:1:15: 'a' has to be a single value, not a list");
    refused("source: 'x\n", "carryover.yaml:2:1: found unexpected end of stream");
}

static void mistakes_elsewhere_name_where(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED(map) flags = map_new();
    struct project *p = NULL;
    struct err err = {0};
    folder_put(&f, "carryover.yaml", "");
    setenv("CARRYOVER_WORKERS", "x", 1);
    assert_false(project_open(f.path, NULL, f.a, &p, &err));
    assert_string_equal(err.message, "CARRYOVER_WORKERS: 'workers' has to be a whole number, not 'x'");
    unsetenv("CARRYOVER_WORKERS");
    map_put(flags, STR("replicate.slto"))->value = (void *)"x";
    assert_false(project_open(f.path, flags, f.a, &p, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.message, "there is no setting 'replicate.slto'");
    assert_string_equal(err.hint, "did you mean 'replicate.slot'?");
    folder_put(&f, ".env", "A=1\nnonsense\n");
    assert_false(project_open(f.path, NULL, f.a, &p, &err));
    assert_int_equal(err.code, ERR_CONFIG);
    assert_string_equal(err.message, ".env:2: expected NAME=value");
    folder_put(&f, ".env", "A='open\n");
    assert_false(project_open(f.path, NULL, f.a, &p, &err));
    assert_string_equal(err.message, ".env:1: the quotes around the value of A are not closed");
}

static void a_folder_without_a_file_is_no_project(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct project *p = NULL;
    struct err err = {0};
    assert_false(project_open(f.path, NULL, f.a, &p, &err));
    assert_int_equal(err.code, ERR_PROJECT_MISSING);
    assert_string_equal(err.message, arena_printf(f.a, "there is no carryover.yaml in %s", f.path));
}

/* In another process: takes the lock, says so, waits to be killed. */
static pid_t hold_lock(const struct folder *f)
{
    int fds[2];
    char byte = 0;
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct err err;
        struct project *p = open_with(f, NULL);
        project_set_command(p, "carryover replicate start");
        byte = project_lock(p, "replicate", &err) ? 1 : 2;
        if (write(fds[1], &byte, 1) != 1)
            _exit(1);
        alarm(60);
        pause();
        _exit(0);
    }
    assert_int_equal(read(fds[0], &byte, 1), 1);
    assert_int_equal(byte, 1);
    close(fds[0]);
    close(fds[1]);
    return pid;
}

static void a_lock_names_its_holder_and_ends_with_him(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    folder_put(&f, "carryover.yaml", "");
    pid_t pid = hold_lock(&f);
    struct project *p = open_with(&f, NULL);
    assert_false(project_lock(p, "replicate", &err));
    assert_int_equal(err.code, ERR_PROJECT_BUSY);
    assert_string_equal(err.message, arena_printf(f.a, "process %d (carryover replicate start) works in the project %s",
                                                  (int)pid, f.path));
    must(project_lock(p, "verify", &err));
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    must(project_lock(p, "replicate", &err));
    must(project_lock(p, "replicate", &err));
}

static void a_lock_that_cannot_be_written_says_so(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    folder_put(&f, "carryover.yaml", "");
    folder_put(&f, "x.lock/file", "");
    assert_false(project_lock(open_with(&f, NULL), "x", &err));
    assert_int_equal(err.code, ERR_FILE);
}

static void put_package(const struct folder *f, const char *dir, const char *name)
{
    folder_put(f, arena_printf(f->a, "%s/package.yaml", dir),
               arena_printf(f->a,
                            "name: %s\ntitle: t\nversion: 1\nfrom: {name: a, version: 1}\nto: {name: a, version: 2}\n"
                            "source: {schema: dbo}\nhome: {hq: []}\nsettings:\n  size: {default: 1, about: x}\n",
                            name));
    folder_put(f, arena_printf(f->a, "%s/schema/10_tables.sql", dir), "select :size;");
}

static void a_package_is_found_by_path_or_name(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    char *dir = NULL;
    put_package(&f, "own", "own");
    put_package(&f, "shelf/other", "other");
    must(project_find_package("own", f.path, f.a, &dir, &err));
    assert_string_equal(dir, folder_path(&f, "own"));
    must(project_find_package("shelf/other", f.path, f.a, &dir, &err));
    must(project_find_package(folder_path(&f, "own"), "/nonexistent", f.a, &dir, &err));
    assert_false(project_find_package("other", f.path, f.a, &dir, &err));
    assert_int_equal(err.code, ERR_PACKAGE_MISSING);
    assert_non_null(strstr(err.message, "there is no package 'other': no package.yaml in "));
    setenv("CARRYOVER_PACKAGES", arena_printf(f.a, "/nonexistent:%s", folder_path(&f, "shelf")), 1);
    must(project_find_package("other", f.path, f.a, &dir, &err));
    assert_string_equal(dir, folder_path(&f, "shelf/other"));
    unsetenv("CARRYOVER_PACKAGES");
    assert_false(project_find_package("", f.path, f.a, &dir, &err));
}

static void the_project_gives_settings_to_its_package(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED(map) flags = map_new();
    struct err err = {0};
    const struct package *pkg = NULL;
    put_package(&f, "own", "own");
    folder_put(&f, "carryover.yaml", "package: own\nsettings:\n  size: 7\n");
    must(project_package(open_with(&f, NULL), &pkg, &err));
    assert_string_equal(package_find(&pkg->schema, "10_tables")->body, "select 7");
    map_put(flags, STR("settings.size"))->value = (void *)"8";
    must(project_package(open_with(&f, flags), &pkg, &err));
    assert_string_equal(package_find(&pkg->schema, "10_tables")->body, "select 8");
    map_put(flags, STR("settings.sise"))->value = (void *)"8";
    assert_false(project_package(open_with(&f, flags), &pkg, &err));
    assert_string_equal(err.message, "the package own has no setting 'sise'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_file_means_the_defaults),
        cmocka_unit_test(the_file_is_read_with_places),
        cmocka_unit_test(flags_go_before_environment_before_dotenv_before_file),
        cmocka_unit_test(dotenv_variables_of_others_reach_the_environment),
        cmocka_unit_test(mistakes_in_the_file_have_a_place_and_a_suggestion),
        cmocka_unit_test(mistakes_elsewhere_name_where),
        cmocka_unit_test(a_folder_without_a_file_is_no_project),
        cmocka_unit_test(a_lock_names_its_holder_and_ends_with_him),
        cmocka_unit_test(a_lock_that_cannot_be_written_says_so),
        cmocka_unit_test(a_package_is_found_by_path_or_name),
        cmocka_unit_test(the_project_gives_settings_to_its_package),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
