/* What earlier runs say of a finding: fixed, accepted, grown, compared with a run that is named. */
#include "analyze/runs.h"
#include "test.h"
#include "unit/folder.h"

static struct analyze_finding findings[2];
static struct analysis result;
static struct folder place;
static struct arena *own;

/* An analysis in which rule A found `total` things of `affected` rows, and B nothing. */
static struct analysis *analysis_of(int64_t total, int64_t affected)
{
    findings[0] = (struct analyze_finding){.id = "A",
                                           .severity = ANALYZE_BLOCKER,
                                           .state = total ? ANALYZE_OPEN : ANALYZE_OK,
                                           .total = total,
                                           .affected = affected,
                                           .change = "",
                                           .note = ""};
    findings[1] =
        (struct analyze_finding){.id = "B", .severity = ANALYZE_INFO, .state = ANALYZE_OK, .change = "", .note = ""};
    result = (struct analysis){.package = "p", .version = "1", .digest = "d", .findings = findings, .n_findings = 2};
    return &result;
}

static struct runs *open_new(void)
{
    static int n;
    struct runs *r = NULL;
    struct err err;
    must(runs_open(arena_printf(own, "%s/analysis-%d.db", place.path, n++), &r, &err));
    return r;
}

static const struct analyze_finding *judge(struct runs *r, int64_t total, int64_t affected, int64_t since)
{
    struct err err;
    must(runs_judge(r, analysis_of(total, affected), since, own, &err));
    must(runs_store(r, &result, &err));
    return &findings[0];
}

static void test_the_difference_to_the_last_run(void **state)
{
    SCOPED(runs) r = open_new();
    (void)state;
    assert_string_equal(judge(r, 2, 10, 0)->change, ""); /* nothing is known of it */
    assert_int_equal(findings[0].total_before, -1);
    assert_string_equal(judge(r, 3, 10, 0)->change, "grown");
    assert_int_equal(findings[0].total_before, 2);
    assert_string_equal(judge(r, 3, 12, 0)->change, "grown");
    assert_string_equal(judge(r, 3, 12, 0)->change, "");
    assert_string_equal(judge(r, 1, 12, 0)->change, "shrunk");
    assert_string_equal(judge(r, 0, 0, 0)->change, "gone");
    assert_string_equal(judge(r, 1, 1, 0)->change, "new");
}

static void test_a_run_that_is_named(void **state)
{
    struct err err;
    SCOPED(runs) r = open_new();
    (void)state;
    judge(r, 2, 0, 0);
    judge(r, 5, 0, 0);
    assert_string_equal(judge(r, 5, 0, 1)->change, "grown");
    assert_int_equal(findings[0].total_before, 2);
    assert_false(runs_judge(r, analysis_of(1, 0), 99, own, &err));
    assert_int_equal(err.code, ERR_USAGE);
}

static void test_found_before_and_not_any_more_is_fixed(void **state)
{
    SCOPED(runs) r = open_new();
    (void)state;
    judge(r, 2, 0, 0);
    assert_int_equal(judge(r, 0, 0, 0)->state, ANALYZE_FIXED);
    assert_int_equal(findings[1].state, ANALYZE_OK);
    assert_int_equal(judge(r, 0, 0, 0)->state, ANALYZE_FIXED);
    assert_int_equal(judge(r, 1, 0, 0)->state, ANALYZE_OPEN);
}

static void test_an_acceptance_belongs_to_what_was_found(void **state)
{
    struct err err;
    SCOPED(runs) r = open_new();
    (void)state;
    judge(r, 2, 10, 0);
    must(runs_accept(r, "A", "Ada", "it is closed in May", &err));
    assert_int_equal(judge(r, 2, 10, 0)->state, ANALYZE_ACCEPTED);
    assert_string_equal(findings[0].accepted_by, "Ada");
    assert_string_equal(findings[0].accepted_for, "it is closed in May");
    assert_int_equal(analyze_count(&result, ANALYZE_BLOCKER), 0);
    assert_int_equal(judge(r, 1, 9, 0)->state, ANALYZE_ACCEPTED);
    assert_int_equal(judge(r, 2, 11, 0)->state, ANALYZE_OPEN);
    assert_non_null(strstr(findings[0].accepted_grown, "10 rows; now there are 11"));
    assert_int_equal(analyze_count(&result, ANALYZE_BLOCKER), 1);
    must(runs_accept(r, "A", "Ben", "still", &err));
    assert_string_equal(judge(r, 2, 11, 0)->accepted_by, "Ben");
    must(runs_reopen(r, "A", "Ada", &err));
    assert_int_equal(judge(r, 2, 11, 0)->state, ANALYZE_OPEN);
    assert_false(runs_reopen(r, "A", "Ada", &err));
    assert_int_equal(err.code, ERR_USAGE);
}

static void test_nothing_is_accepted_in_advance(void **state)
{
    struct err err;
    SCOPED(runs) r = open_new();
    (void)state;
    assert_false(runs_accept(r, "A", "Ada", "why", &err));
    judge(r, 0, 0, 0);
    assert_false(runs_accept(r, "A", "Ada", "why", &err));
    assert_int_equal(err.code, ERR_USAGE);
}

static void test_a_rule_that_could_not_run_says_nothing(void **state)
{
    struct err err;
    SCOPED(runs) r = open_new();
    (void)state;
    judge(r, 2, 0, 0);
    analysis_of(0, 0);
    findings[0].failure = "it took longer";
    findings[0].state = ANALYZE_FAILED;
    must(runs_judge(r, &result, 0, own, &err));
    must(runs_store(r, &result, &err));
    assert_string_equal(findings[0].change, "");
    assert_int_equal(judge(r, 2, 0, 0)->total_before, 2);
}

static void test_the_list_has_runs_acceptances_and_fixes(void **state)
{
    struct err err;
    int64_t id = 0;
    SCOPED_BUF text = {0}, json = {0};
    SCOPED(runs) r = open_new();
    (void)state;
    judge(r, 2, 10, 0);
    must(runs_accept(r, "A", "Ada", "why \"not\"", &err));
    must(runs_fix_begin(r, "A", "operator ada", "delete", &id, &err));
    must(runs_fix_progress(r, id, 20, 2, &err));
    must(runs_fix_end(r, id, "interrupted", &err));
    must(runs_put_text(r, &text, &err));
    must(runs_put_json(r, &json, &err));
    assert_non_null(strstr(text.p, "interrupted"));
    assert_non_null(strstr(json.p, "\"rule\":\"A\",\"at\":\""));
    assert_non_null(strstr(json.p, "why \\\"not\\\""));
    assert_non_null(strstr(json.p, "\"rows\":20,\"chunks\":2"));
}

static int begin(void **state)
{
    (void)state;
    place = folder_make();
    own = place.a;
    return 0;
}

static int end(void **state)
{
    (void)state;
    folder_done(&place);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_difference_to_the_last_run),
        cmocka_unit_test(test_a_run_that_is_named),
        cmocka_unit_test(test_found_before_and_not_any_more_is_fixed),
        cmocka_unit_test(test_an_acceptance_belongs_to_what_was_found),
        cmocka_unit_test(test_nothing_is_accepted_in_advance),
        cmocka_unit_test(test_a_rule_that_could_not_run_says_nothing),
        cmocka_unit_test(test_the_list_has_runs_acceptances_and_fixes),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
