/* Scripts on a real server: each exactly once, whatever is killed when. CARRYOVER_SEED chooses other random runs. */
#include "base/clock.h"
#include "base/rand.h"
#include "integration/pg.h"
#include "script/run.h"
#include "test.h"
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST 80

static struct arena *a;
static const char *uri;
static struct pg *pg;
static struct script list[MOST];
static struct scripts all;

static int set_up(void **state)
{
    (void)state;
    a = arena_new();
    uri = test_pg_database(a, "scripts");
    pg = test_pg_open(uri);
    test_pg_exec(pg, "create schema hq; create schema carryover;"
                     "create table hq.log (no serial, script text, began timestamptz, ended timestamptz)");
    all = (struct scripts){.p = list};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pg_free(pg);
    arena_free(a);
    return 0;
}

static struct script *add(const char *name, const char *text)
{
    struct package_file *f = arena_new_one(a, struct package_file);
    struct script *s = &list[all.n++];
    assert_true(all.n <= MOST);
    *f = (struct package_file){.name = name, .path = arena_printf(a, "scripts/%s.sql", name), .text = text};
    *s = (struct script){.name = name, .title = name, .file = f, .phase = SCRIPT_POST_SYNC, .timeout_ms = 60000};
    s->after = arena_new_array(a, size_t, MOST);
    snprintf(s->digest, sizeof s->digest, "%zu", strlen(text));
    return s;
}

static bool run(int workers, struct run_result *ret, struct err *err)
{
    struct graph g;
    graph_init(&g, a);
    graph_add_scripts(&g, &all, NULL, 0);
    graph_finish(&g, NULL);
    struct run_opts o = {
        .uri = uri, .graph = &g, .phase = SCRIPT_POST_SYNC, .workers = workers, .who = "the test", .first_rest_ms = 1};
    return run_phase(&o, ret, err);
}

/* --- random graphs and kills --- */

static void add_random(struct rand *r, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char *name = arena_printf(a, "s%zu", i);
        struct script *s = add(name, arena_printf(a, "insert into hq.log (script) values ('%s'); select pg_sleep(%f)",
                                                  name, (double)rand_below(r, 60) / 1000));
        for (size_t k = 0; k < i; k++)
            if (rand_below(r, (uint64_t)i) < 2)
                s->after[s->n_after++] = k;
    }
}

static void run_and_be_killed(struct rand *r)
{
    struct err err;
    struct run_result result;
    pid_t child = fork();
    if (child == 0)
        _exit(run(3, &result, &err) ? 0 : 1);
    clock_sleep_ms((int)rand_below(r, 120) + 5);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void check_order(void)
{
    for (size_t i = 0; i < all.n; i++)
        for (size_t k = 0; k < list[i].n_after; k++) {
            char *sql = arena_printf(a,
                                     "select (select no from hq.log where script = '%s') < (select no from hq.log"
                                     " where script = '%s')",
                                     list[list[i].after[k]].name, list[i].name);
            assert_string_equal(test_pg_value(pg, sql), "t");
        }
}

static void each_script_is_done_exactly_once_whatever_is_killed_when(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    const char *seed = getenv("CARRYOVER_SEED");
    struct rand r = rand_seeded(seed ? strtoull(seed, NULL, 10) : (uint64_t)clock_wall_us());
    add_random(&r, 60);
    for (int i = 0; i < 12; i++)
        run_and_be_killed(&r);
    must(run(3, &result, &err));
    print_message("# %zu of 60 were left for the last run\n", result.done);
    assert_int_equal(result.done + result.before, 60);
    assert_string_equal(test_pg_value(pg, "select count(*) || ' ' || count(distinct script) from hq.log"), "60 60");
    assert_string_equal(test_pg_value(pg, "select count(*) from carryover.script where state = 'done'"), "60");
    check_order();
    must(run(3, &result, &err));
    assert_int_equal(result.before, 60);
}

/* --- failures --- */

static void a_failure_stops_only_what_waits_for_it(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    add("bad", "insert into hq.log (script) values ('bad');\nselect nothing");
    add("worse", "select 1 / 0");
    add("good", "insert into hq.log (script) values ('good')");
    struct script *waits = add("waits", "select 1");
    waits->after[waits->n_after++] = 0;
    assert_false(run(1, &result, &err));
    assert_int_equal(err.code, ERR_SCRIPT_FAILED);
    assert_non_null(strstr(err.message, "2 of the post-sync scripts failed: "));
    assert_non_null(strstr(err.message, "bad: scripts/bad.sql:2: target: column \"nothing\" does not exist"));
    assert_non_null(strstr(err.message, "worse: scripts/worse.sql:1: target: division by zero"));
    assert_non_null(strstr(err.message, "(1 more wait for that)"));
    assert_string_equal(test_pg_value(pg, "select string_agg(script, ' ') from hq.log"), "good");
    assert_string_equal(test_pg_value(pg, "select error from carryover.script where name = 'worse'"),
                        "scripts/worse.sql:1: target: division by zero");
}

static void a_retry_may_succeed(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    test_pg_exec(pg, "create sequence hq.tries");
    struct script *s = add("moody", "do $$ begin raise notice 'try'; if nextval('hq.tries') < 3 then"
                                    " raise exception 'not yet'; end if; end $$");
    s->retries = 1;
    assert_false(run(1, &result, &err));
    assert_non_null(strstr(err.message, "not yet"));
    s->retries = 2;
    must(run(1, &result, &err));
    assert_string_equal(test_pg_value(pg, "select attempts || state || notices from carryover.script"),
                        "3doneNOTICE: try\n");
}

static void a_script_has_its_time_and_no_more(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    struct script *s = add("slow", "insert into hq.log (script) values ('slow'); select pg_sleep(0.2);"
                                   "select pg_sleep(0.2); select pg_sleep(0.2); select pg_sleep(20)");
    s->timeout_ms = 500;
    int64_t start = clock_us();
    assert_false(run(1, &result, &err));
    assert_true(clock_us() - start < 5000000);
    assert_non_null(strstr(err.message, "did not end within"));
    assert_string_equal(test_pg_value(pg, "select count(*) from hq.log"), "0");
}

static void what_a_script_leaves_in_its_session_is_not_there_for_the_next(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    add("first", "set work_mem = '1MB'; create temp table t (i int); select pg_advisory_lock(1)");
    struct script *s = add("second", "create temp table t (i int); do $$ begin if current_setting('work_mem') = '1MB'"
                                     " then raise exception 'work_mem was left'; end if; end $$");
    s->after[s->n_after++] = 0;
    must(run(1, &result, &err));
    assert_int_equal(result.done, 2);
}

static void a_script_that_was_changed_after_it_was_done_is_refused(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    struct script *s = add("once", "select 1");
    must(run(1, &result, &err));
    snprintf(s->digest, sizeof s->digest, "other");
    assert_false(run(1, &result, &err));
    assert_int_equal(err.code, ERR_GUARD);
}

/* --- side by side --- */

static void independent_scripts_run_at_the_same_time(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    static const char text[] = "insert into hq.log (script, began, ended) select 'x', b, clock_timestamp() from"
                               " (select clock_timestamp() as b offset 0) s, lateral (select pg_sleep(0.5) where s.b is"
                               " not null offset 0) p";
    add("one", text);
    add("two", text);
    must(run(2, &result, &err));
    assert_string_equal(test_pg_value(pg, "select max(began) < min(ended) from hq.log"), "t");
}

static void two_processes_do_not_do_the_same(void **state)
{
    (void)state;
    struct err err;
    struct run_result result;
    for (int i = 0; i < 20; i++)
        add(arena_printf(a, "s%d", i), "insert into hq.log (script) values ('s'); select pg_sleep(0.01)");
    must(ledger_prepare(pg, &err));
    pid_t child = fork();
    if (child == 0)
        _exit(run(2, &result, &err) ? 0 : 1);
    int status = 0;
    bool ok = run(2, &result, &err);
    waitpid(child, &status, 0);
    must(ok);
    assert_int_equal(status, 0);
    assert_string_equal(test_pg_value(pg, "select count(*) from hq.log"), "20");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_script_is_done_exactly_once_whatever_is_killed_when, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_failure_stops_only_what_waits_for_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_retry_may_succeed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_script_has_its_time_and_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_script_leaves_in_its_session_is_not_there_for_the_next, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_script_that_was_changed_after_it_was_done_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(independent_scripts_run_at_the_same_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_processes_do_not_do_the_same, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
