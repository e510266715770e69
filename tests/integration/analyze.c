/* Rules on a real source: findings, rules that cannot run, one snapshot, nothing written. */
#include "analyze/analyze.h"
#include "analyze/render.h"
#include "integration/pg.h"
#include "test.h"
#include <jansson.h>

static struct package_word words_of[][6] = {
    {{"id", "A1", 1},
     {"section", "cleanup", 2},
     {"severity", "advice", 3},
     {"title", "old rows", 4},
     {"why", "they cost", 5},
     {"fix", "delete <them>", 6}},
    {{"id", "B1", 1},
     {"section", "data", 2},
     {"severity", "blocker", 3},
     {"title", "bad rows", 4},
     {"why", "no", 5},
     {"fix", "mend", 6}},
    {{"id", "E1", 1},
     {"section", "data", 2},
     {"severity", "warning", 3},
     {"title", "broken", 4},
     {"why", "no", 5},
     {"fix", "mend", 6}},
    {{"id", "W1", 1},
     {"section", "data", 2},
     {"severity", "warning", 3},
     {"title", "writes", 4},
     {"why", "no", 5},
     {"fix", "mend", 6}},
};

static struct package_file rules[] = {
    {.name = "A1",
     .words = words_of[0],
     .n_words = 6,
     .body = "select 'row ' || i as subject, 'd' as detail, 10::bigint as bytes from generate_series(1, 30) i"},
    {.name = "B1",
     .words = words_of[1],
     .n_words = 6,
     .body = "select 'x' as subject, '' as detail, 0 as bytes from t where x < 0"},
    {.name = "E1", .words = words_of[2], .n_words = 6, .body = "select 1 / 0"},
    {.name = "W1",
     .words = words_of[3],
     .n_words = 6,
     .body = "select nextval('s')::text as subject, '' as detail, 0 as bytes"},
};

static struct package package = {.name = "p", .version = "1", .source_schema = "dbo", .analyze = {rules, 4}};
static struct arena *own;
static struct analyze_opts opts;
static struct pg *source;

static int make_source(void **state)
{
    (void)state;
    own = arena_new();
    opts = (struct analyze_opts){.uri = test_pg_database(own, "analyze"),
                                 .package = &package,
                                 .workers = 2,
                                 .timeout_ms = 60000,
                                 .most_rows = 20};
    source = test_pg_open(opts.uri);
    test_pg_exec(source, "create schema dbo; create table dbo.t as select i as x from generate_series(1, 1000) i;"
                         " create table dbo.small (x int); create sequence dbo.s; analyze");
    return 0;
}

static int end_source(void **state)
{
    (void)state;
    pg_free(source);
    arena_free(own);
    return 0;
}

static struct analysis run(struct arena *a)
{
    struct err err = {0};
    struct analysis r;
    must(analyze_run(&opts, a, &r, &err));
    return r;
}

static const struct analyze_finding *find(const struct analysis *r, const char *id)
{
    for (size_t i = 0; i < r->n_findings; i++)
        if (strcmp(r->findings[i].id, id) == 0)
            return &r->findings[i];
    fail_msg("no finding %s", id);
    return NULL;
}

static void test_rows_are_findings(void **state)
{
    SCOPED(arena) a = arena_new();
    struct analysis r = run(a);
    (void)state;
    const struct analyze_finding *f = find(&r, "A1");
    assert_int_equal(f->total, 30);
    assert_int_equal(f->n_rows, 20);
    assert_int_equal(f->bytes, 300);
    assert_string_equal(f->rows[0].subject, "row 1");
    assert_int_equal(find(&r, "B1")->total, 0);
    assert_int_equal(analyze_count(&r, ANALYZE_BLOCKER), 0);
    assert_string_equal(r.findings[0].id, "B1");
    assert_string_equal(r.tables[0].name, "t");
    assert_int_equal(r.n_tables, 2);
}

static void test_blockers_are_counted(void **state)
{
    SCOPED(arena) a = arena_new();
    (void)state;
    test_pg_exec(source, "insert into dbo.t values (-1)");
    struct analysis r = run(a);
    test_pg_exec(source, "delete from dbo.t where x = -1");
    assert_int_equal(analyze_count(&r, ANALYZE_BLOCKER), 1);
}

static void test_rules_that_cannot_run_say_why(void **state)
{
    SCOPED(arena) a = arena_new();
    struct analysis r = run(a);
    (void)state;
    assert_non_null(strstr(find(&r, "E1")->failure, "division by zero"));
    assert_non_null(strstr(find(&r, "W1")->failure, "read-only transaction"));
    assert_int_equal(analyze_count(&r, ANALYZE_WARNING), 2);
    assert_string_equal(test_pg_value(source, "select is_called from dbo.s"), "f");
}

static void test_slow_rules_are_ended(void **state)
{
    SCOPED(arena) a = arena_new();
    struct package_file was = rules[0];
    (void)state;
    rules[0].body = "select 'x' as subject, pg_sleep(5)::text as detail, 0 as bytes";
    opts.timeout_ms = 100;
    struct analysis r = run(a);
    rules[0] = was;
    opts.timeout_ms = 60000;
    assert_non_null(strstr(find(&r, "A1")->failure, "took longer"));
}

static void test_one_rule_or_none(void **state)
{
    SCOPED(arena) a = arena_new();
    struct err err = {0};
    struct analysis r;
    (void)state;
    opts.rule = "A1";
    r = run(a);
    assert_int_equal(r.n_findings, 1);
    opts.rule = "A2";
    assert_false(analyze_run(&opts, a, &r, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_non_null(strstr(err.hint, "A1"));
    opts.rule = NULL;
}

static void test_forms(void **state)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF text = {0}, json = {0}, html = {0};
    struct analysis r = run(a);
    (void)state;
    render_text(&text, &r, false, stdin);
    render_json(&json, &r);
    render_html(&html, &r);
    assert_non_null(strstr(text.p, "A1  old rows, saves 300 B"));
    assert_non_null(strstr(text.p, "and 10 more"));
    assert_null(strstr(text.p, "bad rows"));
    assert_non_null(strstr(html.p, "delete &lt;them&gt;"));
    json_t *j = json_loads(json.p, 0, NULL);
    assert_non_null(j);
    assert_int_equal(json_integer_value(json_object_get(j, "warning")), 2);
    json_decref(j);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_findings),
        cmocka_unit_test(test_blockers_are_counted),
        cmocka_unit_test(test_rules_that_cannot_run_say_why),
        cmocka_unit_test(test_slow_rules_are_ended),
        cmocka_unit_test(test_one_rule_or_none),
        cmocka_unit_test(test_forms),
    };
    return cmocka_run_group_tests(tests, make_source, end_source);
}
