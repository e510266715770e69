#include "runbook/runbook.h"
#include "runbook/summary.h"
#include "test.h"
#include "unit/folder.h"
#include <sqlite3.h>

#define STEPS 5

/* A night that goes wrong at a chosen step, a chosen number of times. */
struct night {
    int fail_at, fails_left;
    int done[STEPS];
    int order[64], n_order;
};

static bool act(void *ctx, int number, struct buf *detail, struct err *err)
{
    struct night *n = ctx;
    n->order[n->n_order++] = number;
    if (number == n->fail_at && n->fails_left-- > 0)
        return err_set(err, ERR_SQL, "the lights went out");
    n->done[number]++;
    buf_printf(detail, "number=%d", number);
    return true;
}

#define ACTION(n)                                                                                                      \
    static bool action_##n(void *ctx, struct buf *detail, struct err *err)                                             \
    {                                                                                                                  \
        return act(ctx, n, detail, err);                                                                               \
    }
ACTION(0)
ACTION(1)
ACTION(2)
ACTION(3)
ACTION(4)

static const struct runbook_step steps[STEPS] = {
    {"preflight", "", PHASE_BEFORE, false, action_0}, {"stop-writers", "", PHASE_DOWNTIME, false, action_1},
    {"drain", "", PHASE_DOWNTIME, false, action_2},   {"verify", "", PHASE_DOWNTIME, false, action_3},
    {"open", "", PHASE_DOWNTIME, false, action_4},
};
static const struct runbook book = {"night", steps, STEPS};
static const struct runbook_watch nobody = {0};

static bool run_again(const char *path, struct night *n, int64_t *ret_run, struct err *err)
{
    SCOPED(journal) j = NULL;
    return journal_open(path, "ada", &j, err) && runbook_run(&book, j, n, &nobody, ret_run, err);
}

static void a_run_does_every_step_once_and_in_order(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    const char *path = folder_path(&f, "a.db");
    struct err err = {0};
    struct night n = {.fail_at = -1};
    int64_t run = 0;
    must(run_again(path, &n, &run, &err));
    assert_int_equal(n.n_order, STEPS);
    for (int i = 0; i < STEPS; i++)
        assert_int_equal(n.order[i], i);
}

static void wherever_it_fails_the_next_run_goes_on_there(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    for (int at = 0; at < STEPS; at++) {
        char name[32];
        snprintf(name, sizeof name, "fail%d.db", at);
        const char *path = folder_path(&f, name);
        struct night n = {.fail_at = at, .fails_left = 2};
        int64_t first = 0, run = 0;
        assert_false(run_again(path, &n, &first, &err));
        assert_non_null(strstr(err.message, steps[at].name));
        assert_non_null(strstr(err.message, "the lights went out"));
        assert_false(run_again(path, &n, &run, &err));
        must(run_again(path, &n, &run, &err));
        assert_int_equal(run, first);
        for (int i = 0; i < STEPS; i++)
            assert_int_equal(n.done[i], 1);
        assert_int_equal(n.n_order, STEPS + 2);
    }
}

static void a_run_that_ended_is_followed_by_a_new_one(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    const char *path = folder_path(&f, "two.db");
    struct err err = {0};
    struct night n = {.fail_at = -1};
    int64_t first = 0, second = 0;
    must(run_again(path, &n, &first, &err));
    must(run_again(path, &n, &second, &err));
    assert_true(second > first);
    assert_int_equal(n.done[0], 2);
}

/* A kill between the action and its "done" leaves only the "begin": the step is done again. */
static void a_step_that_was_begun_but_not_finished_is_done_again(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    const char *path = folder_path(&f, "kill.db");
    struct err err = {0};
    struct night n = {.fail_at = -1};
    int64_t run = 0;
    SCOPED(journal) j = NULL;
    must(journal_open(path, "ada", &j, &err));
    must(journal_begin(j, "night", &run, &err));
    must(journal_add(j, run, "preflight", "begin", "", &err));
    must(journal_add(j, run, "preflight", "done", "", &err));
    must(journal_add(j, run, "stop-writers", "begin", "", &err));
    must(runbook_run(&book, j, &n, &nobody, &run, &err));
    assert_int_equal(n.done[0], 0);
    assert_int_equal(n.done[1], 1);
    assert_int_equal(n.done[4], 1);
}

static const struct runbook_step fragile_steps[STEPS] = {
    {"preflight", "", PHASE_BEFORE, false, action_0}, {"stop-writers", "", PHASE_DOWNTIME, true, action_1},
    {"drain", "", PHASE_DOWNTIME, true, action_2},    {"verify", "", PHASE_DOWNTIME, true, action_3},
    {"open", "", PHASE_DOWNTIME, false, action_4},
};
static const struct runbook fragile = {"fragile", fragile_steps, STEPS};

static void what_may_have_been_undone_is_done_again(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    struct night n = {.fail_at = 3, .fails_left = 1};
    int64_t run = 0;
    SCOPED(journal) j = NULL;
    must(journal_open(folder_path(&f, "again.db"), "ada", &j, &err));
    assert_false(runbook_run(&fragile, j, &n, &nobody, &run, &err));
    must(runbook_run(&fragile, j, &n, &nobody, &run, &err));
    assert_int_equal(n.done[0], 1);
    assert_int_equal(n.done[1], 2);
    assert_int_equal(n.done[2], 2);
    assert_int_equal(n.done[4], 1);
}

static void once_a_later_step_was_begun_nothing_is_done_again(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    struct night n = {.fail_at = 4, .fails_left = 1};
    int64_t run = 0;
    SCOPED(journal) j = NULL;
    must(journal_open(folder_path(&f, "sealed.db"), "ada", &j, &err));
    assert_false(runbook_run(&fragile, j, &n, &nobody, &run, &err));
    must(runbook_run(&fragile, j, &n, &nobody, &run, &err));
    assert_int_equal(n.done[1], 1);
    assert_int_equal(n.done[3], 1);
    assert_int_equal(n.done[4], 1);
}

static void what_a_step_found_out_is_kept(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    const char *path = folder_path(&f, "detail.db");
    struct err err = {0};
    struct night n = {.fail_at = -1};
    struct journal_step s;
    int64_t run = 0;
    SCOPED(arena) a = arena_new();
    SCOPED(journal) j = NULL;
    must(run_again(path, &n, &run, &err));
    must(journal_open(path, "ada", &j, &err));
    must(journal_read(j, run, "drain", a, &s, &err));
    assert_true(s.done);
    assert_int_equal(s.attempts, 1);
    assert_string_equal(s.detail, "number=2");
    assert_int_equal(summary_number(s.detail, "number"), 2);
    assert_int_equal(summary_number(s.detail, "umber"), 0);
}

static void add_at(struct journal *j, int64_t run, const char *step, const char *event, const char *detail,
                   int64_t at_us, const char *path)
{
    struct err err = {0};
    sqlite3 *db = NULL;
    must(journal_add(j, run, step, event, detail, &err));
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    char sql[128];
    snprintf(sql, sizeof sql, "update event set at_us = %lld where seq = (select max(seq) from event)",
             (long long)at_us);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* The source's clock is 1 s ahead; its last commit came 0.5 s after the stop began. */
static void the_downtime_goes_from_the_last_commit_to_the_first_write(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    const char *path = folder_path(&f, "down.db");
    struct err err = {0};
    struct summary s;
    int64_t run = 0, t = 1000000000000;
    SCOPED(arena) a = arena_new();
    SCOPED(journal) j = NULL;
    must(journal_open(path, "ada", &j, &err));
    must(journal_begin(j, "night", &run, &err));
    add_at(j, run, "stop-writers", "begin", "", t, path);
    add_at(j, run, "stop-writers", "done", "clock_offset_us=1000000", t + 600000, path);
    add_at(j, run, "drain", "begin", "", t + 700000, path);
    add_at(j, run, "drain", "done", "last_commit_us=1000001500000 transactions=7", t + 900000, path);
    must(summary_read(j, &book, run, a, &s, &err));
    assert_int_equal(s.downtime_us, -1);
    add_at(j, run, "open", "begin", "", t + 1000000, path);
    add_at(j, run, "open", "done", "first_write_us=1000002000000", t + 2000000, path);
    must(summary_read(j, &book, run, a, &s, &err));
    assert_int_equal(s.last_commit_us, t + 500000);
    assert_int_equal(s.downtime_us, 1500000);
    assert_false(s.complete);
}

static int64_t broken_after(const char *path, const char *sql)
{
    struct err err = {0};
    sqlite3 *db = NULL;
    SCOPED(journal) j = NULL;
    int64_t broken = -1;
    char last[DIGEST_HEX];
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    must(journal_open(path, "ada", &j, &err));
    must(journal_check(j, &broken, last, &err));
    return broken;
}

/* What is done to a copy of the journal, and the event at which it shows. */
static void a_journal_that_somebody_has_changed_says_where(void **state)
{
    (void)state;
    static const struct {
        const char *sql;
        int64_t broken;
    } cases[] = {
        {"select 1", 0},
        {"update event set detail = 'number=3' where seq = 4", 4},
        {"update event set at_us = at_us + 1 where seq = 1", 1},
        {"update event set who = 'eve' where seq = 2", 2},
        {"delete from event where seq = 3", 3},
        {"update event set seq = 99 where seq = 3; update event set seq = 3 where seq = 4;"
         "update event set seq = 4 where seq = 99",
         3},
        {"insert into event select max(seq) + 1, run, at_us, step, event, detail, who, digest from event", 13},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        SCOPED_FOLDER f = folder_make();
        const char *path = folder_path(&f, "chain.db");
        struct err err = {0};
        struct night n = {.fail_at = -1};
        int64_t run = 0;
        must(run_again(path, &n, &run, &err));
        assert_int_equal(broken_after(path, cases[i].sql), cases[i].broken);
    }
}

static void every_event_names_who_caused_it(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    const char *path = folder_path(&f, "who.db");
    struct err err = {0};
    struct night n = {.fail_at = -1};
    int64_t run = 0;
    struct journal_event *events = NULL;
    size_t n_events = 0;
    SCOPED(arena) a = arena_new();
    SCOPED(journal) j = NULL;
    must(run_again(path, &n, &run, &err));
    must(journal_open(path, "grace", &j, &err));
    must(journal_add(j, run, "open", "checked", "", &err));
    must(journal_events(j, run, "open", a, &events, &n_events, &err));
    assert_int_equal(n_events, 3);
    assert_string_equal(events[0].who, "ada");
    assert_string_equal(events[2].who, "grace");
    assert_string_equal(events[2].event, "checked");
    must(journal_events(j, 0, NULL, a, &events, &n_events, &err));
    assert_int_equal(n_events, 13);
}

static void a_database_that_is_no_journal_is_named(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    const char *path = folder_path(&f, "garbage.db");
    struct err err = {0};
    struct journal *j = NULL;
    must(file_write(path,
                    STR("this is not a database, but it is long enough to look like one to a careless reader........"
                        "........................................................................"),
                    &err));
    assert_false(journal_open(path, "ada", &j, &err));
    assert_non_null(strstr(err.message, "garbage.db"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_does_every_step_once_and_in_order),
        cmocka_unit_test(wherever_it_fails_the_next_run_goes_on_there),
        cmocka_unit_test(a_run_that_ended_is_followed_by_a_new_one),
        cmocka_unit_test(a_step_that_was_begun_but_not_finished_is_done_again),
        cmocka_unit_test(what_may_have_been_undone_is_done_again),
        cmocka_unit_test(once_a_later_step_was_begun_nothing_is_done_again),
        cmocka_unit_test(what_a_step_found_out_is_kept),
        cmocka_unit_test(the_downtime_goes_from_the_last_commit_to_the_first_write),
        cmocka_unit_test(a_journal_that_somebody_has_changed_says_where),
        cmocka_unit_test(every_event_names_who_caused_it),
        cmocka_unit_test(a_database_that_is_no_journal_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
