/*
 * The same property for the lenses of the flagship package: random changes of every table that they read, on a small
 * sample, leave every table of version N equal to its lens. And the package's SQL means what it should.
 *
 * CARRYOVER_SEED and CARRYOVER_ROUNDS choose other and longer runs, CARRYOVER_SCALE a larger sample.
 */
#include "db/target.h"
#include "integration/changes.h"
#include "integration/pg.h"
#include "lens/fresh.h"
#include "lens/index.h"
#include "lens/install.h"
#include "lens/load.h"
#include "lens/state.h"
#include "sample/script.h"
#include "test.h"

struct bench {
    struct arena *a;
    struct package *package;
    struct lens_set set;
    struct pg *pg;
    const char *uri;
    struct changes *changes;
    struct fresh *fresh;
};

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : fallback;
}

static void fill_old(struct bench *b, bool only_tables)
{
    struct err err = {0};
    SCOPED(map) values = map_new();
    const char *scale = getenv("CARRYOVER_SCALE");
    map_put(values, STR("scale"))->value = (char *)(scale ? scale : "0.01");
    map_put(values, STR("seed"))->value = (char *)"1";
    for (size_t s = 0; s < b->package->n_stages; s++)
        for (size_t i = 0; i < b->package->stages[s].n; i++) {
            const char *script = b->package->stages[s].scripts[i];
            char *name = arena_dup_str(b->a, (struct str){script, strlen(script) - strlen(".sql")});
            const struct package_file *f = package_find(&b->package->sample, name);
            if (!only_tables || s == 0 || s + 1 == b->package->n_stages)
                must(script_run(b->pg, f, values, &err));
        }
    must(pg_execf(b->pg, &err, "alter schema %s rename to old", b->package->source_schema));
    must(pg_exec(b->pg, "drop schema if exists workload cascade; analyze", &err));
}

static struct bench *open_bench(const char *database, bool only_tables)
{
    struct err err = {0};
    struct bench *b = calloc(1, sizeof *b);
    b->a = arena_new();
    const char *dir = arena_printf(b->a, "%s/packages/ax2012r3-commerce", getenv("CARRYOVER_ROOT"));
    must(package_load(dir, NULL, b->a, &b->package, &err));
    test_pg_start(NULL);
    b->uri = test_pg_database(b->a, database);
    b->pg = test_pg_open(b->uri);
    must(target_prepare(b->pg, &err));
    fill_old(b, only_tables);
    return b;
}

static void close_bench(struct bench *b)
{
    if (b->fresh)
        fresh_free(b->fresh);
    if (b->changes)
        changes_free(b->changes);
    pg_free(b->pg);
    arena_free(b->a);
    free(b);
}

static void the_package_passes_the_check_on_empty_tables(void **state)
{
    struct err err = {0};
    (void)state;
    struct bench *b = open_bench("checked", true);
    must(install_check(b->pg, b->package, &err));
    assert_string_equal(
        test_pg_value(b->pg, "select count(*) from pg_namespace where nspname in ('hq', 'carryover_up')"), "0");
    close_bench(b);
}

/* Loads the first chunk of a lens as a run does that is killed then; afterwards rows of its table move to its end. */
static void load_first_chunk(struct bench *b, const char *name)
{
    struct err err = {0};
    const struct lens *l = lens_find(&b->set, name);
    const char *hi = arena_printf(
        b->a, "(%s,0)",
        test_pg_value(b->pg,
                      arena_printf(b->a, "select hi from carryover.lens_chunk where lens = '%s' and no = 0", name)));
    must(pg_run(b->pg, l->branches[0].insert, PG_ARGS("(0,0)", hi), NULL, &err));
    test_pg_exec(b->pg,
                 arena_printf(b->a, "update carryover.lens_chunk set done = true where lens = '%s' and no = 0", name));
    assert_true(strtol(test_pg_value(b->pg, arena_printf(b->a, "select count(*) from hq.%s", name)), NULL, 10) > 0);
    for (size_t i = 0; i < changes_tables(b->changes); i++)
        if (strcmp(changes_table_name(b->changes, i), name) == 0)
            for (int round = 0; round < 5; round++)
                changes_of(b->changes, i, 20);
}

static int start(void **state)
{
    struct err err = {0};
    struct bench *b = open_bench("package", false);
    struct load_opts o = {.uri = b->uri, .set = &b->set, .workers = 2, .chunk_bytes = 1 << 15};
    must(index_build(b->uri, b->package, 2, &err));
    must(install_up(b->pg, b->package, INSTALL_KEEP, b->a, &b->set, &err));
    must(load_plan(b->pg, &o, NULL, &err));
    b->changes = changes_new(b->pg, "old", number_of("CARRYOVER_SEED", 1));
    load_first_chunk(b, "custtrans");
    load_first_chunk(b, "inventtrans");
    must(load_run(&o, &err));
    must(fresh_open(b->uri, &b->set, 2, &b->fresh, &err));
    *state = b;
    return 0;
}

static int stop(void **state)
{
    close_bench(*state);
    return 0;
}

static void make_fresh(struct bench *b)
{
    struct err err = {0};
    struct fresh_result r = {.lenses = 1};
    while (r.lenses)
        must(fresh_pass(b->fresh, false, &r, &err));
}

static size_t compare_all(struct bench *b, const char *when)
{
    size_t wrong = 0;
    for (size_t i = 0; i < b->set.n; i++) {
        int64_t n = changes_difference(b->pg, &b->set.p[i]);
        if (n)
            print_message("# %s differs by %d rows %s\n", b->set.p[i].name, (int)n, when);
        wrong += n != 0;
    }
    return wrong;
}

static void every_table_equals_its_lens_after_the_load(void **state)
{
    assert_int_equal(compare_all(*state, "after the load"), 0);
}

static void random_changes_of_every_table_keep_the_lenses_fresh(void **state)
{
    struct bench *b = *state;
    size_t done = 0, rounds = number_of("CARRYOVER_ROUNDS", 3);
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < changes_tables(b->changes); i++)
            done += changes_of(b->changes, i, 5);
        for (size_t i = 0; i < 20; i++)
            done += changes_batch(b->changes, 3, 4);
        make_fresh(b);
        assert_int_equal(compare_all(b, "after changes"), 0);
    }
    print_message("# %d batches\n", (int)done);
    assert_true(done > rounds * 30);
}

static void print_precision(void **state)
{
    struct bench *b = *state;
    struct err err = {0};
    struct state_rows rows;
    must(state_read(b->pg, LENS_UP, b->a, &rows, &err));
    for (size_t i = 0; i < rows.n; i++) {
        print_message("# %-40s %-5s rows %8d reloaded %6d changed %6d\n", rows.p[i].name, rows.p[i].kind,
                      (int)rows.p[i].rows, (int)rows.p[i].reloaded, (int)rows.p[i].changed);
        assert_string_equal(rows.p[i].state, "fresh");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_equals_its_lens_after_the_load),
        cmocka_unit_test(random_changes_of_every_table_keep_the_lenses_fresh),
        cmocka_unit_test(print_precision),
        cmocka_unit_test(the_package_passes_the_check_on_empty_tables),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
