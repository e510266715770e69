#include "runbook/forecast.h"
#include "test.h"
#include "unit/folder.h"

static bool nothing(void *ctx, struct buf *detail, struct err *err)
{
    (void)ctx;
    (void)detail;
    (void)err;
    return true;
}

static const struct task mail = {.name = "mail",
                                 .kind = TASK_SHELL,
                                 .phase = TASK_DOWNTIME,
                                 .estimate_ms = 40,
                                 .undo = "",
                                 .check = "",
                                 .owner = "",
                                 .place = ""};
static const size_t on_drain[] = {1};
static const struct runbook_step steps[] = {
    {"stop-writers", "", PHASE_DOWNTIME, false, nothing, NULL, GROWTH_NONE, true, NULL, NULL, 0},
    {"drain", "", PHASE_DOWNTIME, false, nothing, NULL, GROWTH_ROWS, true, NULL, NULL, 0},
    {"verify", "", PHASE_DOWNTIME, false, nothing, NULL, GROWTH_CHANGES, true, NULL, NULL, 0},
    {"mail", "", PHASE_DOWNTIME, false, NULL, NULL, GROWTH_NONE, false, &mail, on_drain, 1},
    {"open", "", PHASE_DOWNTIME, false, nothing, NULL, GROWTH_NONE, true, NULL, NULL, 0},
};
static const struct runbook book = {"night", steps, ARRAY_LEN(steps), NULL, NULL};

static struct arena *a;

static struct forecast_sample sample(int64_t drain_us, int64_t verify_us, int64_t downtime_us)
{
    struct forecast_sample s = {.load = {.bytes = 1000, .changes_s = 10},
                                .us = arena_new_array(a, int64_t, book.n),
                                .tells = arena_new_array(a, int64_t, book.n),
                                .estimated = arena_new_array(a, bool, book.n),
                                .downtime_us = downtime_us};
    s.us[1] = s.tells[1] = drain_us;
    s.us[2] = s.tells[2] = verify_us;
    s.estimated[0] = s.estimated[3] = true;
    s.tells[0] = 7000;
    s.tells[3] = 40000;
    return s;
}

static void times_grow_with_what_they_depend_on(void **state)
{
    (void)state;
    struct forecast f;
    const struct forecast_sample s[] = {sample(100000, 200000, 310000)};
    const struct forecast_load same = {.bytes = 1000, .changes_s = 10}, larger = {.bytes = 3000, .changes_s = 40};
    forecast_reckon(&book, s, 1, &same, a, &f);
    assert_int_equal(f.steps[1].us, 100000);
    assert_int_equal(f.steps[2].us, 200000);
    forecast_reckon(&book, s, 1, &larger, a, &f);
    assert_int_equal(f.steps[1].us, 300000);
    assert_in_range(f.steps[2].us, 340000, 350000); /* three times at most, and the root of that */
    assert_true(f.steps[2].low_us < 200000 && f.steps[2].high_us > 600000);
    assert_true(f.steps[1].low_us < f.steps[1].us && f.steps[1].us < f.steps[1].high_us);
}

static void an_unknown_load_changes_nothing(void **state)
{
    (void)state;
    struct forecast f;
    const struct forecast_sample s[] = {sample(100000, 200000, 310000)};
    const struct forecast_load unknown = {0};
    forecast_reckon(&book, s, 1, &unknown, a, &f);
    assert_int_equal(f.steps[1].us, 100000);
    assert_int_equal(f.steps[2].us, 200000);
}

static void several_rehearsals_give_their_middle_and_hold_all(void **state)
{
    (void)state;
    struct forecast f;
    const struct forecast_sample s[] = {sample(100000, 1, -1), sample(400000, 1, -1), sample(120000, 1, -1)};
    const struct forecast_load same = {.bytes = 1000, .changes_s = 10};
    forecast_reckon(&book, s, 3, &same, a, &f);
    assert_int_equal(f.steps[1].us, 120000);
    assert_int_equal(f.steps[1].low_us, 90000);
    assert_int_equal(f.steps[1].high_us, 440000);
    assert_int_equal(f.measured[1], 3);
}

static void what_was_not_rehearsed_counts_as_it_is_estimated(void **state)
{
    (void)state;
    struct forecast f;
    const struct forecast_sample s[] = {sample(100000, 200000, 310000)};
    const struct forecast_load same = {.bytes = 1000, .changes_s = 10};
    forecast_reckon(&book, s, 1, &same, a, &f);
    assert_int_equal(f.measured[0], 0);
    assert_int_equal(f.measured[3], 0);
    assert_int_equal(f.steps[0].us, 7000);
    assert_int_equal(f.steps[3].us, 40000);
    forecast_reckon(&book, NULL, 0, &same, a, &f);
    assert_int_equal(f.steps[3].us, 40000);
    assert_int_equal(f.steps[1].us, 0);
}

/* 300 ms of steps were 310 ms for users; 7 ms of the stop come on top; the mail goes beside. */
static void the_downtime_is_what_users_felt_in_the_rehearsals(void **state)
{
    (void)state;
    struct forecast f;
    const struct forecast_sample s[] = {sample(100000, 200000, 310000)};
    const struct forecast_load same = {.bytes = 1000, .changes_s = 10};
    forecast_reckon(&book, s, 1, &same, a, &f);
    assert_int_equal(f.phases[PHASE_DOWNTIME].us, 307000);
    assert_int_equal(f.downtime.us, 317000);
    assert_true(f.downtime.low_us < 317000 && f.downtime.high_us > 317000);
}

static void a_forecast_is_kept_with_its_run(void **state)
{
    (void)state;
    SCOPED_FOLDER folder = folder_make();
    struct forecast f, read;
    struct err err = {0};
    bool there = true;
    int64_t run = 0, other = 0;
    SCOPED(journal) j = NULL;
    const struct forecast_sample s[] = {sample(100000, 200000, 310000)};
    const struct forecast_load same = {.bytes = 1000, .changes_s = 10};
    forecast_reckon(&book, s, 1, &same, a, &f);
    must(journal_open(folder_path(&folder, "a.db"), "ada", &j, &err));
    must(journal_begin(j, "night", &run, &err));
    must(journal_begin(j, "night", &other, &err));
    must(forecast_note(&f, &book, j, run, &err));
    must(forecast_noted(&book, j, run, a, &read, &there, &err));
    assert_true(there);
    assert_int_equal(read.n_samples, 1);
    assert_int_equal(read.downtime.us, f.downtime.us);
    assert_int_equal(read.downtime.high_us, f.downtime.high_us);
    assert_int_equal(read.steps[2].low_us, f.steps[2].low_us);
    must(forecast_noted(&book, j, other, a, &read, &there, &err));
    assert_false(there);
}

static void rehearsals_are_read_from_the_journal(void **state)
{
    (void)state;
    SCOPED_FOLDER folder = folder_make();
    struct err err = {0};
    struct forecast_sample *samples = NULL;
    size_t n = 0;
    int64_t run = 0;
    SCOPED(journal) j = NULL;
    const struct forecast_load load = {.bytes = 77, .changes_s = 2.5, .counter = 9, .at_us = 10};
    must(journal_open(folder_path(&folder, "a.db"), "ada", &j, &err));
    for (int i = 0; i < 3; i++) {
        must(journal_begin(j, "rehearsal", &run, &err));
        must(forecast_note_load(j, run, &load, &err));
        must(journal_add(j, run, "stop-writers", "begin", "", &err));
        must(journal_add(j, run, "stop-writers", "done", "a rehearsal | assumed_us=123", &err));
        must(journal_add(j, run, "drain", "begin", "", &err));
        must(journal_add(j, run, "drain", "done", "", &err));
        if (i != 1)
            must(journal_add(j, run, "", i == 0 ? "ended" : "abandoned", "", &err));
    }
    must(forecast_samples(&book, j, "rehearsal", a, &samples, &n, &err));
    assert_int_equal(n, 1);
    assert_int_equal(samples[0].load.bytes, 77);
    assert_true(samples[0].load.changes_s > 2.4 && samples[0].load.changes_s < 2.6);
    assert_true(samples[0].estimated[0]);
    assert_int_equal(samples[0].tells[0], 123);
    assert_true(samples[0].tells[1] >= 0 && !samples[0].estimated[1]);
    assert_int_equal(samples[0].tells[2], -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_grow_with_what_they_depend_on),
        cmocka_unit_test(an_unknown_load_changes_nothing),
        cmocka_unit_test(several_rehearsals_give_their_middle_and_hold_all),
        cmocka_unit_test(what_was_not_rehearsed_counts_as_it_is_estimated),
        cmocka_unit_test(the_downtime_is_what_users_felt_in_the_rehearsals),
        cmocka_unit_test(a_forecast_is_kept_with_its_run),
        cmocka_unit_test(rehearsals_are_read_from_the_journal),
    };
    a = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(a);
    return failed;
}
