/*
 * The property that everything rests on: after any changes of its tables, tracked before and after, a reload makes the
 * table of a lens equal to the lens. Checked for every construct, with random changes.
 *
 * CARRYOVER_SEED and CARRYOVER_ROUNDS choose other and longer runs.
 */
#include "db/target.h"
#include "integration/changes.h"
#include "integration/pg.h"
#include "lens/fresh.h"
#include "lens/install.h"
#include "lens/load.h"
#include "lens/state.h"
#include "test.h"

static const struct {
    const char *name, *key, *body;
} lenses[] = {
#define L(name, key, body) {name, key, body},
#include "integration/constructs.def"
#undef L
};
#define N_LENSES ARRAY_LEN(lenses)

static const char tables_sql[] =
    "create schema old;"
    "create table old.a (id int primary key, b_id int not null, c_id int, x int not null, y int, n int not null, s "
    "text);"
    "create table old.b (id int primary key, a_id int not null, x int not null, y int, n int not null);"
    "create table old.c (id int primary key, a_id int not null, b_id int not null, x int not null, y int);"
    "create table old.pair (k1 int, k2 text, v int, primary key (k1, k2));"
    "create table old.keyless (x int, y int)";

static const char fill_sql[] =
    "select setseed(0.5);"
    "insert into old.a select i, 1 + floor(random() * 40), case when random() < 0.7 then 1 + floor(random() * 40) end,"
    " floor(random() * 8), case when random() < 0.7 then floor(random() * 8) end, floor(random() * 8),"
    " chr(97 + floor(random() * 4)::int) from generate_series(1, 40) i;"
    "insert into old.b select i, 1 + floor(random() * 40), floor(random() * 8),"
    " case when random() < 0.7 then floor(random() * 8) end, floor(random() * 8) from generate_series(1, 40) i;"
    "insert into old.c select i, 1 + floor(random() * 40), 1 + floor(random() * 40), floor(random() * 8),"
    " case when random() < 0.7 then floor(random() * 8) end from generate_series(1, 40) i;"
    "insert into old.pair select i, k, floor(random() * 8) from generate_series(0, 7) i, "
    "unnest(array['a','b','c','d']) k"
    " where random() < 0.6;"
    "insert into old.keyless select floor(random() * 8), i from generate_series(1, 5) i;"
    "analyze";

struct bench {
    struct arena *a;
    struct package package;
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

static struct package_file make_lens_file(struct arena *a, size_t i)
{
    struct package_word *words = arena_new_array(a, struct package_word, 2);
    words[0] = (struct package_word){"key", lenses[i].key, 1};
    words[1] = (struct package_word){"reload", "full", 1};
    bool full = strncmp(lenses[i].name, "anew_", 5) == 0;
    return (struct package_file){lenses[i].name, lenses[i].name, lenses[i].body, lenses[i].body, 1,
                                 words,          full ? 2 : 1};
}

static struct package_file make_schema_file(const char *name, const char *text)
{
    return (struct package_file){.name = name, .path = name, .text = text, .body = text, .body_line = 1};
}

static void make_package(struct bench *b)
{
    SCOPED_BUF tables = {0}, keys = {0};
    struct package_file *up = arena_new_array(b->a, struct package_file, N_LENSES);
    struct package_file *schema = arena_new_array(b->a, struct package_file, 2);
    for (size_t i = 0; i < N_LENSES; i++) {
        up[i] = make_lens_file(b->a, i);
        buf_printf(&tables, "create table hq.%s as %s limit 0;\n", lenses[i].name, lenses[i].body);
        buf_printf(&keys, "alter table hq.%s add primary key (%s);\n", lenses[i].name, lenses[i].key);
    }
    schema[0] = make_schema_file("10_tables", arena_dup(b->a, tables.p));
    schema[1] = make_schema_file("20_indexes", arena_dup(b->a, keys.p));
    b->package = (struct package){.name = "constructs", .digest = "1", .up = {up, N_LENSES}, .schema = {schema, 2}};
}

static void load(struct bench *b)
{
    struct err err = {0};
    struct load_opts o = {.uri = b->uri, .set = &b->set, .workers = 2, .chunk_bytes = 8192};
    must(load_plan(b->pg, &o, NULL, &err));
    for (int i = 0; i < 5; i++) /* changes between plan and load */
        changes_batch(b->changes, 2, 4);
    must(load_run(&o, &err));
}

static int start(void **state)
{
    struct err err = {0};
    struct bench *b = calloc(1, sizeof *b);
    b->a = arena_new();
    test_pg_start(NULL);
    b->uri = test_pg_database(b->a, "constructs");
    b->pg = test_pg_open(b->uri);
    must(target_prepare(b->pg, &err));
    test_pg_exec(b->pg, tables_sql);
    test_pg_exec(b->pg, fill_sql);
    make_package(b);
    must(install_up(b->pg, &b->package, INSTALL_KEEP, b->a, &b->set, &err));
    b->changes = changes_new(b->pg, number_of("CARRYOVER_SEED", 1));
    load(b);
    must(fresh_open(b->uri, &b->set, 2, &b->fresh, &err));
    *state = b;
    return 0;
}

static int stop(void **state)
{
    struct bench *b = *state;
    fresh_free(b->fresh);
    changes_free(b->changes);
    pg_free(b->pg);
    arena_free(b->a);
    free(b);
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

static void each_table_equals_its_lens_after_the_load(void **state)
{
    make_fresh(*state);
    assert_int_equal(compare_all(*state, "after the load"), 0);
}

static void small_changes_of_one_table_keep_every_lens_fresh(void **state)
{
    struct bench *b = *state;
    for (size_t round = 0; round < number_of("CARRYOVER_ROUNDS", 16); round++) {
        changes_of(b->changes, round % changes_tables(b->changes), 2);
        make_fresh(b);
        assert_int_equal(compare_all(b, "after changes of one table"), 0);
    }
}

static void changes_of_several_tables_in_one_batch_keep_every_lens_fresh(void **state)
{
    struct bench *b = *state;
    for (size_t round = 0; round < number_of("CARRYOVER_ROUNDS", 16); round++) {
        changes_batch(b->changes, 1 + round % 4, 1 + (int)round % 8);
        make_fresh(b);
        assert_int_equal(compare_all(b, "after changes of several tables"), 0);
    }
}

static void several_batches_may_wait_for_one_reload(void **state)
{
    struct bench *b = *state;
    for (size_t round = 0; round < number_of("CARRYOVER_ROUNDS", 16) / 4; round++) {
        for (size_t i = 0; i < 5; i++)
            changes_batch(b->changes, 1 + i % 3, 6);
        make_fresh(b);
        assert_int_equal(compare_all(b, "after several batches"), 0);
    }
}

static void a_change_of_a_table_without_key_makes_its_lenses_anew(void **state)
{
    struct bench *b = *state;
    test_pg_exec(b->pg, "begin; insert into old.keyless values (3, 77)");
    test_pg_exec(b->pg, "do $$ declare t text; begin for t in select sql from carryover.tracker"
                        " where rel_name = 'keyless' loop execute t; end loop; end $$; commit");
    make_fresh(b);
    assert_int_equal(compare_all(b, "after a change without key"), 0);
}

static void print_precision(void **state)
{
    struct bench *b = *state;
    struct err err = {0};
    struct state_rows rows;
    int64_t reloaded = 0, changed = 0;
    must(state_read(b->pg, LENS_UP, b->a, &rows, &err));
    for (size_t i = 0; i < rows.n; i++) {
        print_message("# %-32s %-5s reloaded %6d changed %6d\n", rows.p[i].name, rows.p[i].kind,
                      (int)rows.p[i].reloaded, (int)rows.p[i].changed);
        reloaded += rows.p[i].reloaded;
        changed += rows.p[i].changed;
        assert_string_equal(rows.p[i].state, "fresh");
    }
    print_message("# all lenses: %d keys reloaded, %d rows changed by it\n", (int)reloaded, (int)changed);
}

static void truncated_tables_leave_every_lens_fresh(void **state)
{
    struct bench *b = *state;
    changes_truncate(b->changes, "b");
    make_fresh(b);
    assert_int_equal(compare_all(b, "after TRUNCATE"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_table_equals_its_lens_after_the_load),
        cmocka_unit_test(small_changes_of_one_table_keep_every_lens_fresh),
        cmocka_unit_test(changes_of_several_tables_in_one_batch_keep_every_lens_fresh),
        cmocka_unit_test(several_batches_may_wait_for_one_reload),
        cmocka_unit_test(print_precision),
        cmocka_unit_test(a_change_of_a_table_without_key_makes_its_lenses_anew),
        cmocka_unit_test(truncated_tables_leave_every_lens_fresh),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
