/* Every rule of the flagship package: on an empty source, on one in which what it looks for was planted, and after its
 * fix script. */
#include "analyze/analyze.h"
#include "analyze/fix.h"
#include "base/file.h"
#include "integration/pg.h"
#include "sample/sample.h"
#include "test.h"

static struct arena *own;
static struct package *package;

/* What is about gigabytes finds something here, too. */
static const char *const small[][2] = {{"large_table_mb", "0"}, {"large_database_gb", "0"}, {"bloat_mb", "0"}};

static const char *root(const char *path)
{
    return arena_printf(own, "%s/%s", getenv("CARRYOVER_ROOT"), path);
}

static int load(void **state)
{
    struct err err;
    (void)state;
    own = arena_new();
    SCOPED(map) overrides = map_new();
    for (size_t i = 0; i < ARRAY_LEN(small); i++)
        map_put(overrides, str_of(small[i][0]))->value = (void *)small[i][1];
    must(package_load(root("packages/ax2012r3-commerce"), overrides, own, &package, &err));
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(own);
    return 0;
}

static struct analysis run(const char *uri, const char *rule)
{
    struct err err;
    struct analysis r;
    struct analyze_opts o = {.uri = uri,
                             .package = package,
                             .rule = rule,
                             .workers = 2,
                             .timeout_ms = 60000,
                             .most_rows = 20,
                             .copy_rate = 1000000};
    must(analyze_run(&o, own, &r, &err));
    return r;
}

/* Rules about the server and about sizes, which are as small as `small` has them. */
static bool speaks_always(const char *id)
{
    static const char *const ids[] = {"BKP01", "ENV01", "DBS01", "BIG01"};
    for (size_t i = 0; i < ARRAY_LEN(ids); i++)
        if (strcmp(ids[i], id) == 0)
            return true;
    return false;
}

static void test_an_empty_source_fails_no_rule(void **state)
{
    const char *uri = test_pg_database(own, "empty");
    struct pg *pg = test_pg_open(uri);
    (void)state;
    test_pg_exec(pg, "create schema dbo; create table dbo.workcalendardate (other date primary key)");
    struct analysis r = run(uri, NULL);
    for (size_t i = 0; i < r.n_findings; i++) {
        const struct analyze_finding *f = &r.findings[i];
        if (f->failure)
            fail_msg("%s: %s", f->id, f->failure);
        if (strcmp(f->id, "CLN09") == 0)
            assert_string_equal(f->skipped, "no column workcalendardate.transdate");
        if (f->total && !speaks_always(f->id))
            fail_msg("%s found %s in nothing", f->id, f->rows[0].subject);
    }
    assert_true(analyze_count_state(&r, ANALYZE_SKIPPED) > 60);
    pg_free(pg);
}

/* The sample, what the rules look for, and rows that were dead for a while. */
static const char *plant(void)
{
    struct err err;
    struct str sql;
    struct sample_result made;
    const char *uri = test_pg_database(own, "planted");
    struct sample_opts o = {.uri = uri, .package = package, .scale = "0.01", .seed = "1", .workers = 2};
    must(sample_create(&o, &made, &err));
    must(file_read(root("tests/integration/analyze_rules.sql"), own, &sql, &err));
    struct pg *pg = test_pg_open(uri);
    test_pg_exec(pg, sql.p);
    test_pg_exec(pg, "select pg_stat_force_next_flush()");
    pg_free(pg);
    return uri;
}

static void fix(const char *uri, struct runs *runs, const char *rule)
{
    struct err err;
    struct fix_result done;
    struct fix_opts o = {.uri = uri, .package = package, .rule = rule, .by = "test", .chunk = 10};
    must(fix_apply(&o, runs, &done, &err));
    if (done.rows == 0)
        fail_msg("the script of %s did nothing", rule);
    struct analysis r = run(uri, rule);
    if (r.findings[0].state != ANALYZE_OK)
        fail_msg("%s is still %s after its script: %s", rule, analyze_state_name(r.findings[0].state),
                 r.findings[0].failure ? r.findings[0].failure : r.findings[0].rows[0].detail);
}

static void test_every_rule_is_found_once_and_its_script_mends_it(void **state)
{
    struct err err;
    SCOPED(runs) runs = NULL;
    const char *uri = plant();
    struct analysis r = run(uri, NULL);
    int silent = 0;
    (void)state;
    must(runs_open(arena_printf(own, "%s/analysis.db", test_folder()), &runs, &err));
    for (size_t i = 0; i < r.n_findings; i++) {
        const struct analyze_finding *f = &r.findings[i];
        if (f->failure || f->skipped)
            fail_msg("%s: %s", f->id, f->failure ? f->failure : f->skipped);
        if (!f->total) {
            printf("# %s found nothing\n", f->id);
            silent++;
            continue;
        }
        if (f->has_fix)
            fix(uri, runs, f->id);
    }
    assert_int_equal(silent, 0);
    assert_true(r.n_findings >= 86);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_empty_source_fails_no_rule),
        cmocka_unit_test(test_every_rule_is_found_once_and_its_script_mends_it),
    };
    return cmocka_run_group_tests(tests, load, end);
}
