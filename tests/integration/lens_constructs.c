/*
 * The property that everything rests on: after any changes of its tables, tracked before and after, a reload makes the
 * table of a lens equal to the lens. Checked for every construct, with random changes. Built a second time for down
 * lenses, whose trackers run after the fact.
 *
 * CARRYOVER_SEED and CARRYOVER_ROUNDS choose other and longer runs.
 */
#include "integration/changes.h"
#include "integration/constructs.h"
#include "integration/pg.h"
#include "lens/load.h"
#include "lens/state.h"
#include "test.h"

#ifndef DIRECTION
#define DIRECTION LENS_UP
#endif

struct bench {
    struct constructs *c;
    struct changes *changes;
};

static uint64_t number_of(const char *name, uint64_t fallback)
{
    const char *text = getenv(name);
    return text ? strtoull(text, NULL, 10) : fallback;
}

static void load(struct bench *b)
{
    struct err err = {0};
    struct load_opts o = {.uri = b->c->uri, .set = &b->c->set, .workers = 2, .chunk_bytes = 8192};
    must(load_plan(b->c->pg, &o, NULL, &err));
    for (int i = 0; i < 5; i++) /* changes between plan and load */
        changes_batch(b->changes, 2, 4);
    must(load_run(&o, &err));
}

static int start(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    b->c = constructs_new(DIRECTION, NULL);
    b->changes = changes_new(b->c->pg, constructs_base_schema(b->c), number_of("CARRYOVER_SEED", 1));
    if (DIRECTION == LENS_UP)
        load(b);
    *state = b;
    return 0;
}

static int stop(void **state)
{
    struct bench *b = *state;
    changes_free(b->changes);
    constructs_free(b->c);
    free(b);
    return 0;
}

static void each_table_equals_its_lens_after_the_load(void **state)
{
    constructs_make_fresh(((struct bench *)*state)->c);
    assert_int_equal(constructs_compare(((struct bench *)*state)->c, "after the load"), 0);
}

static void small_changes_of_one_table_keep_every_lens_fresh(void **state)
{
    struct bench *b = *state;
    for (size_t round = 0; round < number_of("CARRYOVER_ROUNDS", 16); round++) {
        changes_of(b->changes, round % changes_tables(b->changes), 2);
        constructs_make_fresh(b->c);
        assert_int_equal(constructs_compare(b->c, "after changes of one table"), 0);
    }
}

static void changes_of_several_tables_in_one_batch_keep_every_lens_fresh(void **state)
{
    struct bench *b = *state;
    for (size_t round = 0; round < number_of("CARRYOVER_ROUNDS", 16); round++) {
        changes_batch(b->changes, 1 + round % 4, 1 + (int)round % 8);
        constructs_make_fresh(b->c);
        assert_int_equal(constructs_compare(b->c, "after changes of several tables"), 0);
    }
}

static void several_batches_may_wait_for_one_reload(void **state)
{
    struct bench *b = *state;
    for (size_t round = 0; round < number_of("CARRYOVER_ROUNDS", 16) / 4; round++) {
        for (size_t i = 0; i < 5; i++)
            changes_batch(b->changes, 1 + i % 3, 6);
        constructs_make_fresh(b->c);
        assert_int_equal(constructs_compare(b->c, "after several batches"), 0);
    }
}

static void a_change_of_a_table_without_key_makes_its_lenses_anew(void **state)
{
    struct bench *b = *state;
    test_pg_exec(b->c->pg, constructs_spell(b->c, "begin; insert into old.keyless values (3, 77)"));
    test_pg_exec(b->c->pg, "do $$ declare t text; begin for t in select sql from carryover.tracker"
                           " where rel_name = 'keyless' loop execute t; end loop; end $$; commit");
    constructs_make_fresh(b->c);
    assert_int_equal(constructs_compare(b->c, "after a change without key"), 0);
}

static void print_precision(void **state)
{
    struct bench *b = *state;
    struct err err = {0};
    struct state_rows rows;
    int64_t reloaded = 0, changed = 0;
    must(state_read(b->c->pg, DIRECTION, b->c->a, &rows, &err));
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
    constructs_make_fresh(b->c);
    assert_int_equal(constructs_compare(b->c, "after TRUNCATE"), 0);
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
