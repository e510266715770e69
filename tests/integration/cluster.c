#include "db/cluster.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "db/place.h"
#include "integration/pg.h"
#include "test.h"
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const quick[] = {"fsync = off", "shared_buffers = 16MB", "work_mem = 7MB", NULL};

static const struct cluster_opts *made[4]; /* of the running test */
static size_t n_made;

static struct cluster_opts *make(void **state, const char *name)
{
    struct arena *a = *state;
    struct cluster_opts *o = arena_new_one(a, struct cluster_opts);
    assert_true(n_made < ARRAY_LEN(made));
    made[n_made++] = o;
    o->dir = arena_printf(a, "%s/%s", test_folder(), name);
    o->name = name;
    o->conf = quick;
    return o;
}

static char *must_start(void **state, const struct cluster_opts *o)
{
    struct err err = {0};
    char *uri = NULL;
    if (!cluster_start(o, *state, &uri, &err))
        fail_msg("%s", err.message);
    return uri;
}

static void must_remove(const struct cluster_opts *o)
{
    struct err err = {0};
    if (!cluster_remove(o, &err))
        fail_msg("%s", err.message);
    assert_false(cluster_running(o));
}

static const char *ask(const char *uri, const char *sql)
{
    struct pg *pg = test_pg_open(uri);
    const char *value = test_pg_value(pg, sql);
    pg_free(pg);
    return value;
}

static int64_t pid_of(void **state, const struct cluster_opts *o)
{
    struct arena *a = *state;
    struct err err;
    char *home;
    struct str text;
    int64_t pid;
    assert_true(cluster_home(o, a, &home, &err));
    assert_true(file_read(arena_printf(a, "%s/data/postmaster.pid", home), a, &text, &err));
    assert_true(str_to_i64(str_split(&text, '\n'), &pid));
    return pid;
}

static void it_is_made_started_asked_and_stopped(void **state)
{
    struct err err;
    struct cluster_opts *o = make(state, "source");
    assert_false(cluster_running(o));
    char *uri = must_start(state, o), *again = NULL;
    assert_true(cluster_running(o));
    assert_string_equal(ask(uri, "select current_database() || ' ' || current_user"), "source carryover");
    assert_string_equal(ask(uri, "show server_encoding"), "UTF8");
    assert_string_equal(ask(uri, "show listen_addresses"), "");
    assert_string_equal(ask(uri, "show work_mem"), "7MB");
    assert_true(cluster_uri(o, *state, &again, &err));
    assert_string_equal(uri, again);
    assert_string_equal(uri, must_start(state, o));
    assert_true(cluster_stop(o, &err));
    assert_false(cluster_running(o));
    assert_true(cluster_stop(o, &err));
    must_remove(o);
    assert_false(file_exists(o->dir));
}

static void what_was_written_is_there_after_a_restart_with_other_settings(void **state)
{
    struct err err;
    struct cluster_opts *o = make(state, "again");
    char *uri = must_start(state, o);
    ask(uri, "select 1 from pg_create_physical_replication_slot('s')");
    assert_true(cluster_stop(o, &err));
    static const char *const other[] = {"shared_buffers = 16MB", "wal_level = logical", NULL};
    o->conf = other;
    uri = must_start(state, o);
    assert_string_equal(ask(uri, "select slot_name from pg_replication_slots"), "s");
    assert_string_equal(ask(uri, "show wal_level"), "logical");
    must_remove(o);
}

static void it_recovers_when_it_was_killed(void **state)
{
    struct cluster_opts *o = make(state, "killed");
    struct pg *pg = test_pg_open(must_start(state, o));
    test_pg_exec(pg, "create table t as select 1 as a");
    assert_int_equal(kill((pid_t)pid_of(state, o), SIGKILL), 0);
    char *uri = must_start(state, o);
    assert_string_equal(ask(uri, "select a from t"), "1");
    pg_free(pg);
    must_remove(o);
}

/* The backend of a killed server that computes on holds the shared memory, so a new server would refuse to start. */
static void it_starts_when_a_backend_of_a_killed_server_is_still_busy(void **state)
{
    struct cluster_opts *o = make(state, "busy");
    char *uri = must_start(state, o);
    struct pg *pg = test_pg_open(uri);
    assert_int_equal(PQsendQuery(pg_raw(pg), "select count(*) from generate_series(1, 400000000)"), 1);
    clock_sleep_ms(300);
    assert_int_equal(kill((pid_t)pid_of(state, o), SIGKILL), 0);
    uri = must_start(state, o);
    assert_string_equal(ask(uri, "select 1"), "1");
    pg_free(pg);
    must_remove(o);
}

static void a_process_number_that_was_given_away_does_not_count(void **state)
{
    struct err err;
    struct arena *a = *state;
    struct cluster_opts *o = make(state, "stale");
    char *home;
    (void)must_start(state, o);
    assert_true(cluster_home(o, a, &home, &err));
    char *file = arena_printf(a, "%s/data/postmaster.pid", home);
    struct str text;
    assert_true(file_read(file, a, &text, &err));
    assert_true(cluster_stop(o, &err));
    str_split(&text, '\n');
    char *lie = arena_printf(a, "%d\n%.*s", getpid(), STR_ARG(text));
    assert_true(file_write(file, str_of(lie), &err));
    assert_int_equal(chmod(file, 0644), 0);
    assert_false(cluster_running(o));
    assert_true(cluster_stop(o, &err));
    must_remove(o);
}

static void two_processes_that_start_it_at_once_both_get_it(void **state)
{
    struct cluster_opts *o = make(state, "both");
    pid_t child[3];
    for (size_t i = 0; i < ARRAY_LEN(child); i++) {
        child[i] = fork();
        if (child[i] == 0) {
            struct err err;
            char *uri = NULL;
            bool ok = cluster_start(o, *state, &uri, &err);
            _exit(ok && strcmp(ask(uri, "select 1"), "1") == 0 ? 0 : 1);
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(child); i++) {
        int status = -1;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_int_equal(status, 0);
    }
    must_remove(o);
}

static void a_setting_that_the_server_refuses_is_named_with_the_log(void **state)
{
    struct err err = {0};
    struct cluster_opts *o = make(state, "wrong");
    static const char *const wrong[] = {"wal_level = sideways", NULL};
    o->conf = wrong;
    char *uri = NULL;
    assert_false(cluster_start(o, *state, &uri, &err));
    if (err.code != ERR_CLUSTER)
        fail_msg("%s: %s", err_info(err.code)->name, err.message);
    assert_non_null(strstr(err.message, "invalid value for parameter \"wal_level\""));
    assert_non_null(strstr(err.message, "server.log"));
    assert_non_null(strstr(err.message, "private server \"wrong\""));
    o->conf = quick;
    (void)must_start(state, o);
    must_remove(o);
}

static void a_crash_while_it_was_made_leaves_nothing_to_trip_over(void **state)
{
    struct err err;
    struct arena *a = *state;
    struct cluster_opts *o = make(state, "half");
    char *half = arena_printf(a, "%s/data.new/base", o->dir);
    assert_true(file_make_dirs(half, &err));
    assert_string_equal(ask(must_start(state, o), "select 1"), "1");
    must_remove(o);
}

static void a_long_path_gets_a_short_folder_for_its_socket(void **state)
{
    struct arena *a = *state;
    struct cluster_opts *o =
        make(state, "a-folder-with-a-long-name/and-another-one-below-it/and-then-one-more/deep, it's");
    o->name = "long";
    char *uri = must_start(state, o), *home;
    struct err err;
    assert_non_null(strstr(uri, "host=/tmp/carryover-"));
    assert_string_equal(ask(uri, "select 1"), "1");
    assert_true(cluster_home(o, a, &home, &err));
    char *sockets = place_sockets(a, home);
    struct stat st;
    assert_int_equal(stat(sockets, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    must_remove(o);
    assert_false(file_exists(sockets));
}

static void a_socket_folder_of_somebody_else_is_refused(void **state)
{
    struct err err = {0};
    struct arena *a = *state;
    struct cluster_opts *o = make(state, "trap, laid in the temporary folder by somebody else");
    char *home, *uri = NULL;
    if (geteuid() != 0)
        return;
    assert_true(cluster_home(o, a, &home, &err));
    char *sockets = place_sockets(a, home);
    assert_int_equal(mkdir(sockets, 0777), 0);
    assert_int_equal(chown(sockets, 65534, 65534), 0);
    assert_false(cluster_start(o, a, &uri, &err));
    assert_non_null(strstr(err.message, "belongs to another user"));
    must_remove(o);
}

static void a_closed_folder_stays_closed_and_the_data_goes_elsewhere(void **state)
{
    struct err err;
    struct arena *a = *state;
    if (geteuid() != 0)
        return;
    char *closed = arena_printf(a, "%s/closed", test_folder()), *home;
    assert_int_equal(mkdir(closed, 0700), 0);
    struct cluster_opts *o = make(state, "closed/servers/source");
    o->name = "source";
    char *uri = must_start(state, o);
    assert_true(cluster_home(o, a, &home, &err));
    assert_true(str_starts(str_of(home), "/var/lib/carryover/"));
    assert_string_equal(ask(uri, "select 1"), "1");
    struct stat st;
    assert_int_equal(stat(closed, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_true(cluster_stop(o, &err));
    assert_string_equal(ask(must_start(state, o), "select 1"), "1");
    must_remove(o);
    assert_false(file_exists(home));
}

/* The old data still belongs to somebody: a project that was moved has the link to it. */
static void a_new_project_at_the_path_of_a_moved_one_gets_data_of_its_own(void **state)
{
    struct err err;
    struct arena *a = *state;
    if (geteuid() != 0)
        return;
    assert_int_equal(mkdir(arena_printf(a, "%s/shut", test_folder()), 0700), 0);
    struct cluster_opts *o = make(state, "shut/here"), *moved = make(state, "shut/there");
    o->name = moved->name = "db";
    struct pg *pg = test_pg_open(must_start(state, o));
    test_pg_exec(pg, "create table mine()");
    pg_free(pg);
    assert_true(cluster_stop(o, &err));
    assert_int_equal(rename(o->dir, moved->dir), 0);
    assert_string_equal(ask(must_start(state, o), "select to_regclass('mine')"), "");
    assert_string_equal(ask(must_start(state, moved), "select to_regclass('mine')"), "mine");
    must_remove(o);
    must_remove(moved);
}

static void what_is_missing_is_named(void **state)
{
    struct err err = {0};
    struct cluster_opts *o = make(state, "none");
    char *uri = NULL;
    o->bin = "/nowhere/bin";
    assert_false(cluster_start(o, *state, &uri, &err));
    assert_int_equal(err.code, ERR_SERVER_MISSING);
    o->bin = "";
    o->run_as = "nobody-of-this-name";
    if (geteuid() == 0) {
        assert_false(cluster_start(o, *state, &uri, &err));
        assert_int_equal(err.code, ERR_CLUSTER);
        assert_non_null(strstr(err.message, "no system user nobody-of-this-name"));
        o->run_as = "root";
        assert_false(cluster_start(o, *state, &uri, &err));
        assert_non_null(strstr(err.message, "refuses to run as root"));
    }
}

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

/* A test that failed half-way must not leave a server behind. */
static int tear_down(void **state)
{
    struct err err;
    while (n_made > 0)
        if (!cluster_remove(made[--n_made], &err))
            print_message("# %s\n", err.message);
    arena_free(*state);
    return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(it_is_made_started_asked_and_stopped),
        T(what_was_written_is_there_after_a_restart_with_other_settings),
        T(it_recovers_when_it_was_killed),
        T(it_starts_when_a_backend_of_a_killed_server_is_still_busy),
        T(a_process_number_that_was_given_away_does_not_count),
        T(two_processes_that_start_it_at_once_both_get_it),
        T(a_setting_that_the_server_refuses_is_named_with_the_log),
        T(a_crash_while_it_was_made_leaves_nothing_to_trip_over),
        T(a_long_path_gets_a_short_folder_for_its_socket),
        T(a_socket_folder_of_somebody_else_is_refused),
        T(a_closed_folder_stays_closed_and_the_data_goes_elsewhere),
        T(a_new_project_at_the_path_of_a_moved_one_gets_data_of_its_own),
        T(what_is_missing_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
