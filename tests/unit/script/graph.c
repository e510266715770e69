#include "script/graph.h"
#include "test.h"

static struct arena *a;

static int set_up(void **state)
{
    (void)state;
    a = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct script make(const char *name, const char *text, enum script_phase phase, bool per_company)
{
    struct package_file *f = arena_new_one(a, struct package_file);
    *f = (struct package_file){.name = name, .path = arena_printf(a, "scripts/%s.sql", name), .text = text};
    return (struct script){.name = name, .title = name, .file = f, .phase = phase, .per_company = per_company};
}

static void comes_after(struct script *s, size_t other)
{
    size_t *after = arena_new_array(a, size_t, s->n_after + 1);
    if (s->n_after)
        memcpy(after, s->after, s->n_after * sizeof *after);
    after[s->n_after++] = other;
    s->after = after;
}

static const struct graph_node *node(const struct graph *g, const char *label)
{
    for (size_t i = 0; i < g->n; i++)
        if (strcmp(graph_label(a, &g->p[i]), label) == 0)
            return &g->p[i];
    fail_msg("no node %s", label);
    return NULL;
}

static bool waits_for(const struct graph *g, const char *label, const char *other)
{
    const struct graph_node *n = node(g, label);
    for (size_t i = 0; i < n->n_needs; i++)
        if (&g->p[n->needs[i]] == node(g, other))
            return true;
    return false;
}

static void a_script_is_run_for_each_company(void **state)
{
    (void)state;
    static const char *const companies[] = {"dat", "o'neil"};
    struct script list[] = {
        make("shared", "select 1", SCRIPT_POST_SYNC, false), make("each", "select :'company'", SCRIPT_POST_SYNC, true),
        make("next", "select :'company', 2", SCRIPT_POST_SYNC, true), make("sum", "select 3", SCRIPT_POST_SYNC, false)};
    struct scripts s = {.p = list, .n = ARRAY_LEN(list)};
    struct graph g;
    comes_after(&list[1], 0);
    comes_after(&list[2], 1);
    comes_after(&list[3], 2);
    graph_init(&g, a);
    graph_add_scripts(&g, &s, companies, 2);
    graph_finish(&g, NULL);
    assert_int_equal(g.n, 6);
    assert_string_equal(node(&g, "each [o'neil]")->sql, "select 'o''neil'");
    assert_true(waits_for(&g, "each [dat]", "shared"));
    assert_true(waits_for(&g, "next [dat]", "each [dat]"));
    assert_false(waits_for(&g, "next [dat]", "each [o'neil]"));
    assert_true(waits_for(&g, "sum", "next [dat]") && waits_for(&g, "sum", "next [o'neil]"));
    assert_int_equal(node(&g, "sum")->level, 3);
}

static void the_longest_path_comes_first(void **state)
{
    (void)state;
    int64_t long_us = 5000000, short_us = 10;
    SCOPED(map) took = map_new();
    struct script list[] = {make("short", "select 1", SCRIPT_FINAL, false),
                            make("head", "select 2", SCRIPT_FINAL, false),
                            make("long", "select 3", SCRIPT_FINAL, false)};
    struct scripts s = {.p = list, .n = ARRAY_LEN(list)};
    struct graph g;
    comes_after(&list[2], 1);
    map_put(took, STR("final long "))->value = &long_us;
    map_put(took, STR("final head "))->value = &short_us;
    graph_init(&g, a);
    graph_add_scripts(&g, &s, NULL, 0);
    graph_finish(&g, took);
    assert_int_equal(node(&g, "head")->ahead_us, 5000010);
    assert_true(node(&g, "head")->ahead_us > node(&g, "short")->ahead_us);
    assert_true(node(&g, "head")->measured);
    assert_false(node(&g, "short")->measured);
}

static void a_need_of_another_phase_makes_no_level(void **state)
{
    (void)state;
    struct script list[] = {make("early", "select 1", SCRIPT_PRE_SYNC, false),
                            make("late", "select 2", SCRIPT_POST_SYNC, false)};
    struct scripts s = {.p = list, .n = ARRAY_LEN(list)};
    struct graph g;
    comes_after(&list[1], 0);
    graph_init(&g, a);
    graph_add_scripts(&g, &s, NULL, 0);
    graph_finish(&g, NULL);
    assert_int_equal(node(&g, "late")->level, 0);
    assert_int_equal(node(&g, "early")->ahead_us, node(&g, "early")->estimate_us);
}

static void constraints_come_when_all_tables_are_there_and_large_tables_first(void **state)
{
    (void)state;
    const struct graph_table tables[] = {{"small", "copy small", "", false, 100},
                                         {"large", "copy large", "", false, 100000},
                                         {"small", "alter small", "", true, 100}};
    struct graph g;
    graph_init(&g, a);
    graph_add_tables(&g, tables, ARRAY_LEN(tables));
    graph_finish(&g, NULL);
    assert_true(waits_for(&g, "small constraints", "large") && waits_for(&g, "small constraints", "small"));
    assert_true(node(&g, "large")->ahead_us > node(&g, "small")->ahead_us);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_script_is_run_for_each_company, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_longest_path_comes_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_need_of_another_phase_makes_no_level, set_up, tear_down),
        cmocka_unit_test_setup_teardown(constraints_come_when_all_tables_are_there_and_large_tables_first, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
