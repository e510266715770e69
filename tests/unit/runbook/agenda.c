#include "runbook/agenda.h"
#include "base/clock.h"
#include "test.h"
#include "unit/folder.h"
#include <pthread.h>

/* Steps of carryover: two before, two in the downtime, one after. Every action notes when it was done. */
struct log {
    pthread_mutex_t lock;
    const char *order[64];
    int n, running, most_running;
    const char *fails;
};

static bool note(struct log *l, const char *name, struct err *err)
{
    pthread_mutex_lock(&l->lock);
    l->most_running = MAX(l->most_running, ++l->running);
    pthread_mutex_unlock(&l->lock);
    clock_sleep_ms(20);
    pthread_mutex_lock(&l->lock);
    l->order[l->n++] = name;
    l->running--;
    pthread_mutex_unlock(&l->lock);
    return !l->fails || strcmp(l->fails, name) != 0 || err_set(err, ERR_COMMAND_FAILED, "%s broke", name);
}

#define ACTION(fn, name)                                                                                               \
    static bool fn(void *ctx, struct buf *detail, struct err *err)                                                     \
    {                                                                                                                  \
        (void)detail;                                                                                                  \
        return note(ctx, name, err);                                                                                   \
    }
ACTION(do_check, "check")
ACTION(do_prove, "prove")
ACTION(do_stop, "stop")
ACTION(do_open, "open")
ACTION(do_report, "report")

static bool perform(void *ctx, struct crew *crew, const struct task *t, int attempt, struct buf *detail,
                    struct err *err)
{
    (void)crew;
    (void)attempt;
    (void)detail;
    return note(ctx, t->name, err);
}

static bool revert(void *ctx, const struct task *t, struct buf *detail, struct err *err)
{
    buf_printf(detail, "taken back");
    return note(ctx, t->undo, err);
}

static const struct runbook_step steps[] = {
    {"check", "", PHASE_BEFORE, false, do_check, NULL, GROWTH_NONE, true, NULL, NULL, 0},
    {"prove", "", PHASE_BEFORE, false, do_prove, NULL, GROWTH_ROWS, false, NULL, NULL, 0},
    {"stop", "", PHASE_DOWNTIME, false, do_stop, do_stop, GROWTH_NONE, true, NULL, NULL, 0},
    {"open", "", PHASE_DOWNTIME, false, do_open, NULL, GROWTH_NONE, true, NULL, NULL, 0},
    {"report", "", PHASE_AFTER, false, do_report, NULL, GROWTH_NONE, false, NULL, NULL, 0},
};
static const struct runbook own = {"night", steps, ARRAY_LEN(steps), perform, revert};
static const struct runbook_watch nobody = {0};
static const struct runbook_limit all = {0};

static struct arena *a;

static bool make(const char *yaml, struct runbook *ret, struct err *err)
{
    struct tasks *t = arena_new_one(a, struct tasks);
    const struct tasks *const lists[] = {t};
    return tasks_parse(str_of(yaml), "runbook.yaml", "/", ERR_CONFIG, a, t, err) &&
           agenda_make(&own, lists, 1, a, ret, err);
}

static size_t at(const struct runbook *r, const char *name)
{
    size_t i = 0;
    struct err err = {0};
    must(runbook_find(r, name, &i, &err));
    return i;
}

static void tasks_stand_where_their_phase_and_their_needs_put_them(void **state)
{
    (void)state;
    struct runbook r;
    struct err err = {0};
    must(make("steps:\n"
              "  - {name: late, phase: after, run: x}\n"
              "  - {name: mail, phase: before, run: x, after: check, before: prove}\n"
              "  - {name: early, phase: before, run: x}\n"
              "  - {name: files, phase: downtime, run: x}\n"
              "  - {name: first, phase: downtime, run: x, before: stop, after: early}\n",
              &r, &err));
    assert_int_equal(r.n, 10);
    assert_true(at(&r, "check") < at(&r, "mail") && at(&r, "mail") < at(&r, "prove"));
    assert_true(at(&r, "early") < at(&r, "stop"));
    assert_true(at(&r, "first") < at(&r, "stop"));
    assert_true(at(&r, "stop") < at(&r, "files") && at(&r, "files") < at(&r, "open"));
    assert_true(at(&r, "open") < at(&r, "late"));
    for (size_t i = 0; i < r.n; i++)
        for (size_t k = 0; k < r.steps[i].n_needs; k++)
            assert_true(r.steps[i].needs[k] < i);
}

static void what_can_not_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *says;
    } cases[] = {
        {"steps: [{name: prove, phase: before, run: x}]", "carryover has one of that name"},
        {"steps: [{name: freeze, phase: before, run: x}]", "the journal uses that name itself"},
        {"steps: [{name: x, phase: before, run: x}, {name: x, phase: after, run: x}]", "is there already, at"},
        {"steps: [{name: x, phase: before, run: x, after: prov}]", "a step that is not there: prov"},
        {"steps: [{name: x, phase: before, run: x, after: y}, {name: y, phase: before, run: x, after: x}]",
         "wait for each other: x, y"},
        {"steps: [{name: x, phase: downtime, run: x, after: open}]", "wait for each other"},
        {"steps: [{name: x, phase: before, run: x, after: stop}]", "can not come after stop"},
        {"steps: [{name: x, phase: after, run: x, before: prove}]", "can not come after x"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct runbook r;
        struct err err = {0};
        if (make(cases[i].yaml, &r, &err))
            fail_msg("taken: %s", cases[i].yaml);
        assert_int_equal(err.code, ERR_CONFIG);
        if (!strstr(err.message, cases[i].says))
            fail_msg("<%s> does not say <%s>", err.message, cases[i].says);
    }
}

static void the_critical_path_is_the_longest_one(void **state)
{
    (void)state;
    struct runbook r;
    struct err err = {0};
    struct agenda_time times[16];
    int64_t us[16] = {0};
    must(make("steps:\n"
              "  - {name: long, phase: downtime, run: x}\n"
              "  - {name: short, phase: downtime, run: x}\n",
              &r, &err));
    us[at(&r, "stop")] = 10;
    us[at(&r, "long")] = 50;
    us[at(&r, "short")] = 20;
    us[at(&r, "open")] = 5;
    assert_int_equal(agenda_schedule(&r, PHASE_DOWNTIME, us, times), 65);
    assert_true(times[at(&r, "long")].critical && times[at(&r, "stop")].critical && times[at(&r, "open")].critical);
    assert_false(times[at(&r, "short")].critical);
    assert_int_equal(times[at(&r, "open")].begin_us, 60);
    assert_int_equal(times[at(&r, "short")].end_us, 30);
    assert_int_equal(times[at(&r, "prove")].end_us, 0);
}

/* --- doing it --- */

struct fixture {
    struct folder folder;
    struct log log;
    struct journal *journal;
    struct runbook book;
    int64_t run;
};

static void begin(struct fixture *f, const char *yaml)
{
    struct err err = {0};
    *f = (struct fixture){.folder = folder_make()};
    pthread_mutex_init(&f->log.lock, NULL);
    must(make(yaml, &f->book, &err));
    must(journal_open(folder_path(&f->folder, "a.db"), "ada", &f->journal, &err));
    must(journal_begin(f->journal, "night", &f->run, &err));
}

static void end(struct fixture *f)
{
    journal_free(f->journal);
    folder_done(&f->folder);
}

static bool go(struct fixture *f, const struct runbook_limit *l, bool *ret_ended, struct err *err)
{
    return runbook_go_on(&f->book, f->journal, f->run, l, &f->log, &nobody, ret_ended, err);
}

static int done_at(const struct fixture *f, const char *name)
{
    for (int i = 0; i < f->log.n; i++)
        if (strcmp(f->log.order[i], name) == 0)
            return i;
    return -1;
}

#define BESIDE                                                                                                         \
    "steps:\n"                                                                                                         \
    "  - {name: one, phase: downtime, run: x, undo: not-one}\n"                                                        \
    "  - {name: two, phase: downtime, run: x}\n"                                                                       \
    "  - {name: three, phase: downtime, run: x, after: one}\n"

static void what_does_not_wait_is_done_at_the_same_time(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    bool ended = false;
    begin(&f, BESIDE);
    must(go(&f, &all, &ended, &err));
    assert_true(ended);
    assert_int_equal(f.log.n, 8);
    assert_true(f.log.most_running >= 2);
    assert_true(done_at(&f, "stop") < done_at(&f, "one") && done_at(&f, "one") < done_at(&f, "three"));
    assert_true(done_at(&f, "three") < done_at(&f, "open") && done_at(&f, "two") < done_at(&f, "open"));
    end(&f);
}

static void a_failure_lets_the_others_end_and_begins_nothing_new(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    bool ended = true;
    begin(&f, BESIDE);
    f.log.fails = "one";
    assert_false(go(&f, &all, &ended, &err));
    assert_false(ended);
    assert_non_null(strstr(err.message, "step one: one broke"));
    assert_int_equal(done_at(&f, "three"), -1);
    assert_int_equal(done_at(&f, "open"), -1);
    f.log.fails = NULL;
    int before = f.log.n;
    must(go(&f, &all, &ended, &err));
    assert_true(ended);
    assert_true(f.log.n - before >= 4 && f.log.n - before <= 5); /* one, three, open, report; two if it was not begun */
    end(&f);
}

static void step_by_step_is_the_same_way(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    const struct runbook_limit one = {.most = 1};
    bool ended = false;
    begin(&f, BESIDE);
    for (int i = 1; i <= 8; i++) {
        assert_false(ended);
        must(go(&f, &one, &ended, &err));
        assert_int_equal(f.log.n, i);
    }
    assert_true(ended);
    end(&f);
}

static void what_was_done_is_undone_backwards_and_can_be_done_again(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    const struct runbook_limit six = {.most = 6};
    bool ended = false;
    begin(&f, BESIDE);
    must(go(&f, &six, &ended, &err));
    assert_true(done_at(&f, "open") < 0);
    f.log.n = 0;
    must(runbook_undo(&f.book, f.journal, f.run, at(&f.book, "stop"), NULL, &f.log, &nobody, &err));
    assert_int_equal(f.log.n, 2);
    assert_string_equal(f.log.order[0], "not-one");
    assert_string_equal(f.log.order[1], "stop");
    f.log.n = 0;
    must(go(&f, &all, &ended, &err));
    assert_true(ended);
    assert_int_equal(done_at(&f, "prove"), -1);
    assert_true(done_at(&f, "stop") == 0 && done_at(&f, "one") > 0);
    end(&f);
}

static void a_skipped_step_counts_as_done(void **state)
{
    (void)state;
    struct fixture f;
    struct err err = {0};
    struct journal_step s;
    bool ended = false;
    begin(&f, BESIDE);
    must(journal_add(f.journal, f.run, "one", "skipped", "not tonight", &err));
    must(go(&f, &all, &ended, &err));
    assert_true(ended);
    assert_int_equal(done_at(&f, "one"), -1);
    assert_true(done_at(&f, "three") >= 0);
    must(journal_read(f.journal, f.run, "one", a, &s, &err));
    assert_true(s.skipped && s.done);
    assert_string_equal(s.detail, "not tonight");
    end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_stand_where_their_phase_and_their_needs_put_them),
        cmocka_unit_test(what_can_not_be_is_refused),
        cmocka_unit_test(the_critical_path_is_the_longest_one),
        cmocka_unit_test(what_does_not_wait_is_done_at_the_same_time),
        cmocka_unit_test(a_failure_lets_the_others_end_and_begins_nothing_new),
        cmocka_unit_test(step_by_step_is_the_same_way),
        cmocka_unit_test(what_was_done_is_undone_backwards_and_can_be_done_again),
        cmocka_unit_test(a_skipped_step_counts_as_done),
    };
    a = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(a);
    return failed;
}
