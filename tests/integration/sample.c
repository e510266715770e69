#include "sample/sample.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "integration/pg.h"
#include "sample/workload.h"
#include "test.h"
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- a package of a few lines --- */

static struct package_file files[8];
static const char *first[] = {"10_schema.sql"}, *second[] = {"20_a.sql", "21_b.sql", "22_c.sql"};
static struct package_stage stages[] = {{first, 1}, {second, 3}};

static void put_file(struct package *p, struct arena *a, const char *name, const char *text)
{
    p->sample.p[p->sample.n++] = (struct package_file){
        .name = name, .path = arena_printf(a, "tiny/sample/%s.sql", name), .text = text, .body = text, .body_line = 1};
}

static const char workload_sql[] =
    "create schema workload;\n"
    "create table workload.log (writer int, step bigint, seed bigint, part int);\n"
    "create table workload.hot as select i as id, 0 as n from generate_series(1, 2) i;\n"
    "create function workload.begin(writer int, step bigint, seed bigint) returns int language sql as 'select 2';\n"
    "create function workload.part(w int, s bigint, seed bigint, part int) returns void language sql as\n"
    "  'insert into workload.log values (w, s, seed, part)';\n"
    "create function workload.finish(writer int, step bigint, seed bigint) returns boolean language sql as\n"
    "  'select step % 10 <> 0';\n";

static struct package *tiny(struct arena *a)
{
    struct package *p = arena_new_one(a, struct package);
    p->dir = "tiny";
    p->name = "tiny";
    p->version = "1";
    p->source_schema = "dbo";
    p->sample.p = files;
    put_file(p, a, "10_schema", "create schema dbo;\ncreate table dbo.a (n bigint);\ncreate table dbo.b (n bigint);");
    put_file(p, a, "20_a",
             "insert into dbo.a select hashint8extended(i, :seed) from generate_series(1, (100 * :scale)::int) i;");
    put_file(p, a, "21_b", "insert into dbo.b values (:scale);\nselect ':scale';\ncreate index on dbo.b (n)");
    put_file(p, a, "22_c", "-- :seed\ncreate table dbo.c as select 1 as n;");
    put_file(p, a, "workload", workload_sql);
    p->stages = stages;
    p->n_stages = 2;
    p->workload = "workload.sql";
    return p;
}

static struct sample_opts *make(void **state, const char *database)
{
    struct arena *a = *state;
    struct sample_opts *o = arena_new_one(a, struct sample_opts);
    *o = (struct sample_opts){
        .uri = test_pg_database(a, database), .package = tiny(a), .scale = "2", .seed = "7", .workers = 3};
    return o;
}

static const char *ask(const char *uri, const char *sql)
{
    struct pg *pg = test_pg_open(uri);
    const char *value = test_pg_value(pg, sql);
    pg_free(pg);
    return value;
}

static const char digest_sql[] = "select md5(string_agg(n::text, ',' order by n)) from dbo.a";

static char *must_create(void **state, const struct sample_opts *o)
{
    struct err err;
    struct sample_result r;
    must(sample_create(o, &r, &err));
    return arena_dup(*state, ask(o->uri, digest_sql));
}

/* --- the sample --- */

static void it_runs_all_scripts_with_scale_and_seed(void **state)
{
    struct err err;
    struct sample_result r;
    struct sample_opts *o = make(state, "sample");
    must(sample_create(o, &r, &err));
    assert_int_equal(r.scripts, 5);
    assert_int_equal(r.tables, 3);
    assert_true(r.bytes > 0 && r.elapsed_us > 0 && !r.was_there);
    assert_string_equal(ask(o->uri, "select count(*) from dbo.a"), "200");
    assert_string_equal(ask(o->uri, "select n from dbo.b"), "2");
    assert_string_equal(ask(o->uri, "select count(*) from pg_proc where pronamespace = 'workload'::regnamespace"), "3");
}

static void the_same_scale_and_seed_give_the_same_rows(void **state)
{
    struct sample_opts *o = make(state, "same"), *other = make(state, "other");
    char *digest = must_create(state, o);
    assert_string_equal(digest, must_create(state, other));
    other->seed = "8";
    other->replace = true;
    assert_string_not_equal(digest, must_create(state, other));
}

static void a_sample_that_is_there_is_kept(void **state)
{
    struct err err;
    struct sample_result r;
    struct sample_opts *o = make(state, "kept");
    (void)must_create(state, o);
    ask(o->uri, "insert into dbo.b values (99) returning n");
    must(sample_create(o, &r, &err));
    assert_true(r.was_there && r.tables == 3);
    assert_string_equal(ask(o->uri, "select count(*) from dbo.b"), "2");
    o->scale = "3";
    assert_false(sample_create(o, &r, &err));
    assert_int_equal(err.code, ERR_GUARD);
    assert_non_null(strstr(err.message, "scale 2, seed 7: complete"));
    o->replace = true;
    must(sample_create(o, &r, &err));
    assert_string_equal(ask(o->uri, "select count(*) from dbo.a"), "300");
}

static void a_database_with_something_else_is_never_touched(void **state)
{
    struct err err;
    struct sample_result r;
    struct sample_opts *o = make(state, "precious");
    struct pg *pg = test_pg_open(o->uri);
    test_pg_exec(pg, "create schema shop; create table shop.t()");
    o->replace = true;
    assert_false(sample_create(o, &r, &err));
    assert_int_equal(err.code, ERR_GUARD);
    assert_non_null(strstr(err.message, "precious is not empty: it has the schema shop"));
    test_pg_exec(pg, "drop schema shop cascade; create table public.t()");
    assert_false(sample_create(o, &r, &err));
    assert_int_equal(err.code, ERR_GUARD);
    assert_string_equal(test_pg_value(pg, "select to_regclass('public.t')"), "t");
    pg_free(pg);
}

static void expect_failure(void **state, const char *database, const char *sql, enum err_code code, const char *text)
{
    struct err err = {0};
    struct sample_result r;
    struct sample_opts *o = make(state, database);
    files[2].text = sql;
    assert_false(sample_create(o, &r, &err));
    assert_int_equal(err.code, code);
    if (!strstr(err.message, text))
        fail_msg("<%s> has no <%s>", err.message, text);
    assert_string_equal(ask(o->uri, "select count(*) from dbo.b"), "0");
}

static void a_script_that_fails_is_named_with_file_and_line(void **state)
{
    expect_failure(state, "syntax", "insert into dbo.b values (1);\n\nselec 2;", ERR_PACKAGE,
                   "tiny/sample/21_b.sql:3: ");
    expect_failure(state, "column", "insert into dbo.b values (1);\nselect n,\n nope\nfrom dbo.b", ERR_PACKAGE,
                   "tiny/sample/21_b.sql:3: source: column \"nope\" does not exist");
    /* No position: the statement's first line. */
    expect_failure(state, "runtime", "insert into dbo.b values (1);\n-- then\nselect\n1 / n\nfrom (values (0)) v(n);",
                   ERR_PACKAGE, "tiny/sample/21_b.sql:3: source: division by zero");
    expect_failure(state, "plpgsql", "insert into dbo.b values (1);\ndo $$\nbegin\n perform nope(); end $$;",
                   ERR_PACKAGE, "tiny/sample/21_b.sql:2: source: function nope() does not exist");
}

static void after_a_failure_it_is_made_again_from_scratch(void **state)
{
    struct err err;
    struct sample_result r;
    struct sample_opts *o = make(state, "again");
    files[2].text = "selec";
    assert_false(sample_create(o, &r, &err));
    o->package = tiny(*state);
    assert_false(sample_create(o, &r, &err));
    assert_non_null(strstr(err.message, "unfinished"));
    o->replace = true;
    must(sample_create(o, &r, &err));
    assert_string_equal(ask(o->uri, "select count(*) from dbo.a"), "200");
}

static void a_package_without_sample_or_with_a_missing_script_is_refused(void **state)
{
    struct err err;
    struct sample_result r;
    struct sample_opts *o = make(state, "missing");
    struct package *p = tiny(*state);
    o->package = p;
    p->sample.n = 3;
    assert_false(sample_create(o, &r, &err));
    assert_int_equal(err.code, ERR_PACKAGE);
    assert_non_null(strstr(err.message, "tiny/sample/22_c.sql is named in package.yaml and does not exist"));
    p->n_stages = 0;
    p->workload = NULL;
    assert_false(sample_create(o, &r, &err));
    assert_non_null(strstr(err.message, "has no sample"));
}

/* --- the workload --- */

static const char *with_workload(void **state, const char *database)
{
    struct sample_opts *o = make(state, database);
    (void)must_create(state, o);
    return o->uri;
}

static void it_runs_for_its_time_and_counts(void **state)
{
    struct arena *a = *state;
    struct err err;
    struct workload_stats s;
    const char *uri = with_workload(state, "load"), *status = arena_printf(a, "%s/status.json", test_folder());
    struct workload_opts o = {.uri = uri, .writers = 3, .duration_ms = 1500, .seed = 5, .status_path = status};
    struct str json;
    must(workload_run(&o, &s, &err));
    assert_true(s.elapsed_us >= 1400000 && s.elapsed_us < 10000000);
    assert_true(s.commits > 0 && s.rollbacks > 0 && s.conflicts == 0 && s.errors == 0);
    assert_true(clock_wall_us() - s.last_commit_us < 10000000);
    /* Two parts of every step that committed, nothing of those rolled back. */
    int64_t rows = strtoll(ask(uri, "select count(*) from workload.log"), NULL, 10);
    assert_int_equal(rows, 2 * s.commits);
    assert_string_equal(ask(uri, "select count(*) from workload.log where step % 10 = 0 or seed <> 5"), "0");
    assert_string_equal(ask(uri, "select count(distinct writer) from workload.log"), "3");
    must(file_read(status, a, &json, &err));
    assert_non_null(strstr(json.p, "\"state\":\"stopped\""));
    assert_non_null(strstr(json.p, arena_printf(a, "\"commits\":%" PRId64 ",", s.commits)));
}

static void it_keeps_to_the_rate(void **state)
{
    struct err err;
    struct workload_stats s;
    struct workload_opts o = {.uri = with_workload(state, "rate"), .writers = 4, .duration_ms = 2000, .rate = 50};
    must(workload_run(&o, &s, &err));
    assert_in_range((uint64_t)(s.commits + s.rollbacks), 50, 115);
}

static void deadlocks_are_counted_and_the_next_step_goes_on(void **state)
{
    struct err err;
    struct workload_stats s;
    const char *uri = with_workload(state, "deadlock");
    struct pg *pg = test_pg_open(uri);
    test_pg_exec(pg, "alter database deadlock set deadlock_timeout = '10ms'; create or replace function "
                     "workload.part(w int, s bigint, seed bigint, part int) returns void language sql as "
                     "'update workload.hot set n = n + 1 where id = case when w % 2 = 0 then part else 3 - part end'");
    pg_free(pg);
    struct workload_opts o = {.uri = uri, .writers = 4, .duration_ms = 2000};
    must(workload_run(&o, &s, &err));
    assert_true(s.commits > 0 && s.conflicts > 0 && s.errors == 0);
    assert_int_equal(strtoll(ask(uri, "select sum(n) from workload.hot"), NULL, 10), 2 * s.commits);
}

static void an_error_that_does_not_go_away_ends_it(void **state)
{
    struct err err;
    struct workload_stats s;
    const char *uri = with_workload(state, "broken");
    struct pg *pg = test_pg_open(uri);
    test_pg_exec(pg, "drop table workload.log");
    pg_free(pg);
    struct workload_opts o = {.uri = uri, .writers = 2};
    log_to(stderr, LOG_TEXT, LOG_ERROR);
    assert_false(workload_run(&o, &s, &err));
    assert_non_null(strstr(err.message, "times in a row"));
    assert_non_null(strstr(err.message, "workload.log"));
    assert_true(s.errors >= 30 && s.commits == 0);
}

static void it_connects_again_when_it_was_thrown_out(void **state)
{
    struct err err;
    struct workload_stats s;
    const char *uri = with_workload(state, "thrown");
    pid_t child = fork();
    if (child == 0) {
        struct workload_opts o = {.uri = uri, .writers = 2, .duration_ms = 2500};
        bool ok = workload_run(&o, &s, &err);
        _exit(ok && s.errors > 0 && s.commits > 0 && clock_wall_us() - s.last_commit_us < 1000000 ? 0 : 1);
    }
    clock_sleep_ms(700);
    ask(uri, "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'thrown' and pid <> "
             "pg_backend_pid()");
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void a_request_to_stop_ends_it_cleanly(void **state)
{
    struct err err;
    struct workload_stats s;
    const char *uri = with_workload(state, "stopped");
    pid_t child = fork();
    if (child == 0) {
        cancel_install();
        struct workload_opts o = {.uri = uri, .writers = 3};
        bool ok = workload_run(&o, &s, &err);
        int64_t rows = 2 * s.commits;
        _exit(ok && s.commits > 0 && s.errors == 0 && rows > 0 ? 0 : 1);
    }
    clock_sleep_ms(800);
    kill(child, SIGTERM);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_string_equal(
        ask(uri, "select count(*) from (select 1 from workload.log group by writer, step having count(*) <> 2) x"),
        "0");
    assert_string_equal(ask(uri, "select count(*) from pg_prepared_xacts"), "0");
}

static void a_database_without_workload_is_told(void **state)
{
    struct err err;
    struct workload_stats s;
    struct workload_opts o = {.uri = test_pg_database(*state, "bare"), .writers = 1, .duration_ms = 10};
    assert_false(workload_run(&o, &s, &err));
    assert_int_equal(err.code, ERR_TARGET_STATE);
    assert_non_null(strstr(err.hint, "sample create"));
}

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(it_runs_all_scripts_with_scale_and_seed),
        T(the_same_scale_and_seed_give_the_same_rows),
        T(a_sample_that_is_there_is_kept),
        T(a_database_with_something_else_is_never_touched),
        T(a_script_that_fails_is_named_with_file_and_line),
        T(after_a_failure_it_is_made_again_from_scratch),
        T(a_package_without_sample_or_with_a_missing_script_is_refused),
        T(it_runs_for_its_time_and_counts),
        T(it_keeps_to_the_rate),
        T(deadlocks_are_counted_and_the_next_step_goes_on),
        T(an_error_that_does_not_go_away_ends_it),
        T(it_connects_again_when_it_was_thrown_out),
        T(a_request_to_stop_ends_it_cleanly),
        T(a_database_without_workload_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
