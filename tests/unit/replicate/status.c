#include "replicate/status.h"
#include "test.h"
#include <jansson.h>

static struct status_table tables[] = {
    {.name = "big \"one\"",
     .mode = "follow",
     .reason = "",
     .rows = 1234567,
     .bytes = 900,
     .rows_total = 2000000,
     .bytes_total = 10 << 20,
     .chunks = 4,
     .chunks_done = 1,
     .indexes = 2,
     .changes = 77,
     .eta_s = 12},
    {.name = "log",
     .mode = "cutover",
     .reason = "it has no primary key",
     .rows = 5,
     .rows_total = 5,
     .bytes_total = 8192,
     .chunks = 1,
     .chunks_done = 1,
     .eta_s = -1},
};

static struct status status_of(const char *state)
{
    struct status s = {.running = true,
                       .tables = tables,
                       .n_tables = 2,
                       .bytes_done = 3 << 20,
                       .bytes_total = 10 << 20,
                       .chunks = 5,
                       .chunks_done = 2,
                       .indexes = 2,
                       .lag_bytes = -1,
                       .lag_s = -1,
                       .bytes_per_s = 1 << 20,
                       .eta_s = 7,
                       .retained_bytes = 16 << 20,
                       .retained_limit = -1};
    s.at = (struct target_position){.exists = true,
                                    .snapshot_lsn = 0x16B374D848u,
                                    .applied_lsn = 0x16B374D900u,
                                    .transactions = 1234,
                                    .changes = 56789};
    snprintf(s.at.state, sizeof s.at.state, "%s", state);
    return s;
}

static json_t *json_of(const struct status *s)
{
    SCOPED_BUF b = {0};
    json_error_t e;
    status_put_json(&b, s);
    assert_int_equal(b.p[b.n - 1], '\n');
    json_t *j = json_loadb(b.p, b.n, 0, &e);
    if (!j)
        fail_msg("%s in %s", e.text, b.p);
    return j;
}

static void json_has_stable_names(void **state)
{
    (void)state;
    struct status s = status_of("copying");
    json_t *j = json_of(&s);
    assert_string_equal(json_string_value(json_object_get(j, "state")), "copying");
    assert_true(json_is_true(json_object_get(j, "running")));
    assert_string_equal(json_string_value(json_object_get(j, "applied_lsn")), "16/B374D900");
    assert_true(json_is_null(json_object_get(j, "lag_seconds")));
    assert_int_equal(json_integer_value(json_object_get(j, "source_retained_bytes")), 16 << 20);
    const json_t *t = json_array_get(json_object_get(j, "tables"), 0);
    assert_string_equal(json_string_value(json_object_get(t, "table")), "big \"one\"");
    assert_string_equal(json_string_value(json_object_get(t, "mode")), "follow");
    assert_int_equal(json_integer_value(json_object_get(t, "changes")), 77);
    assert_int_equal(json_array_size(json_object_get(j, "tables")), 2);
    json_decref(j);
}

static const char *text_of(const struct status *s, bool all)
{
    static char text[8192];
    SCOPED_BUF b = {0};
    status_put_text(&b, s, all);
    snprintf(text, sizeof text, "%s", buf_text(&b));
    return text;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("<%s> is not in <%s>", part, text);
}

static void people_see_how_far_the_copy_is(void **state)
{
    (void)state;
    struct status s = status_of("copying");
    const char *text = text_of(&s, false);
    has(text, "replication: copying\n");
    has(text, "2 of 5 ranges");
    has(text, "7.0 s left");
    has(text, "cutover: it has no primary key");
    s.running = false;
    has(text_of(&s, false), "not running (starting it again goes on)");
}

static void people_see_the_lag(void **state)
{
    (void)state;
    struct status s = status_of("following");
    has(text_of(&s, false), "lag       unknown: the source was not asked");
    s.lag_bytes = 0;
    has(text_of(&s, false), "lag       none");
    s.lag_bytes = 5 << 20;
    s.lag_s = 3;
    has(text_of(&s, false), "last applied commit 3.0 s ago");
    has(text_of(&s, false), "up to 16/B374D900");
}

static void long_lists_are_cut_unless_all_are_wanted(void **state)
{
    (void)state;
    static struct status_table many[40];
    struct status s = status_of("following");
    for (size_t i = 0; i < ARRAY_LEN(many); i++)
        many[i] = (struct status_table){.name = "t", .mode = "follow", .reason = "", .chunks = 1, .chunks_done = 1};
    s.tables = many;
    s.n_tables = ARRAY_LEN(many);
    has(text_of(&s, false), "smaller tables (--all shows them)");
    assert_null(strstr(text_of(&s, true), "--all"));
}

static void before_the_beginning_there_is_one_line(void **state)
{
    (void)state;
    struct status s = {.lag_bytes = -1, .lag_s = -1, .eta_s = -1, .retained_limit = -1};
    assert_string_equal(text_of(&s, true), "replication has not begun\n");
    json_decref(json_of(&s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_has_stable_names),
        cmocka_unit_test(people_see_how_far_the_copy_is),
        cmocka_unit_test(people_see_the_lag),
        cmocka_unit_test(long_lists_are_cut_unless_all_are_wanted),
        cmocka_unit_test(before_the_beginning_there_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
