#include "conf/tasks.h"
#include "test.h"

static struct arena *a;

static bool parse(const char *text, struct tasks *ret, struct err *err)
{
    return tasks_parse(str_of(text), "runbook.yaml", "/where", ERR_CONFIG, a, ret, err);
}

static void every_key_is_taken(void **state)
{
    (void)state;
    struct tasks t;
    struct err err = {0};
    must(parse("steps:\n"
               "  - name: announce\n"
               "    title: tell the stores\n"
               "    phase: before\n"
               "    owner: Grace\n"
               "    manual: call every store\n"
               "    after: prove\n"
               "    before: [stop-writers, catch-up]\n"
               "    estimate: 20m\n"
               "  - name: web-shop\n"
               "    phase: downtime\n"
               "    http: {url: 'http://127.0.0.1:1/close', method: PUT, body: '{}', expect: 204}\n"
               "    retries: 3\n"
               "    timeout: 30s\n"
               "    rehearse: yes\n"
               "  - {name: files, phase: after, run: ./copy, check: ./copied, undo: ./away}\n",
               &t, &err));
    assert_int_equal(t.n, 3);
    assert_int_equal(t.p[0].kind, TASK_MANUAL);
    assert_int_equal(t.p[0].phase, TASK_BEFORE);
    assert_string_equal(t.p[0].after[0], "prove");
    assert_int_equal(t.p[0].n_before, 2);
    assert_string_equal(t.p[0].before[1], "catch-up");
    assert_int_equal(t.p[0].estimate_ms, 20 * 60 * 1000);
    assert_string_equal(t.p[0].place, "runbook.yaml:2:5");
    assert_int_equal(t.p[1].kind, TASK_HTTP);
    assert_int_equal(t.p[1].expect, 204);
    assert_string_equal(t.p[1].method, "PUT");
    assert_int_equal(t.p[1].retries, 3);
    assert_int_equal(t.p[1].timeout_ms, 30000);
    assert_true(t.p[1].rehearse);
    assert_string_equal(t.p[2].check, "./copied");
    assert_string_equal(t.p[2].undo, "./away");
    assert_string_equal(t.p[2].dir, "/where");
    assert_string_equal(t.p[2].title, "./copy");
}

static void a_file_without_steps_has_none(void **state)
{
    (void)state;
    struct tasks t;
    struct err err = {0};
    must(parse("", &t, &err));
    assert_int_equal(t.n, 0);
    must(parse("steps: []\n", &t, &err));
    assert_int_equal(t.n, 0);
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"steps:\n  - phase: before\n    run: x\n", "runbook.yaml:2:5: a step needs 'name'"},
        {"steps:\n  - name: Close\n    phase: before\n    run: x\n", "runbook.yaml:2:11: 'Close' is no name"},
        {"steps:\n  - name: x\n    phase: soon\n    run: x\n", "before, downtime or after"},
        {"steps:\n  - name: x\n    phase: before\n", "needs one of 'run', 'http' and 'manual'"},
        {"steps:\n  - {name: x, phase: before, run: a, manual: b}\n", "needs one of"},
        {"steps:\n  - {name: x, phase: before, run: ''}\n", "says nothing to do"},
        {"steps:\n  - {name: x, phase: before, manual: b}\n", "needs an 'owner'"},
        {"steps:\n  - {name: x, phase: before, run: a, timeout: soon}\n", "'timeout' is no time"},
        {"steps:\n  - {name: x, phase: before, run: a, retries: 1000}\n", "'retries' is no number from 0 to 100"},
        {"steps:\n  - {name: x, phase: before, run: a, rehearse: maybe}\n", "'rehearse' is yes or no"},
        {"steps:\n  - {name: x, phase: before, run: a, after: {b: c}}\n", "'after' is the name of a step"},
        {"steps:\n  - {name: x, phase: before, run: a, aftr: b}\n", "after"},
        {"steps:\n  - {name: x, phase: before, http: {method: GET}}\n", "a step needs 'url'"},
        {"stepps: []\n", "steps"},
        {"steps: x\n", "runbook.yaml:1:8"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct tasks t;
        struct err err = {0};
        assert_false(parse(cases[i].text, &t, &err));
        assert_int_equal(err.code, ERR_CONFIG);
        char said[sizeof err.message + sizeof err.hint];
        snprintf(said, sizeof said, "%s %s", err.message, err.hint);
        if (!strstr(said, cases[i].says))
            fail_msg("<%s> does not say <%s>", said, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_is_taken),
        cmocka_unit_test(a_file_without_steps_has_none),
        cmocka_unit_test(mistakes_are_named_with_their_place),
    };
    a = arena_new();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_free(a);
    return failed;
}
