#include "replicate/plan.h"
#include "test.h"

static struct table tables[] = {{.number = 0, .name = "a"}, {.number = 1, .name = "b"}};
static const struct table_list list = {tables, 2};
static struct plan_chunk chunks[3];
static uint64_t copied_at[2];
static size_t chunks_left[2];

static struct plan plan_with(uint64_t first, uint64_t second)
{
    chunks[0] = (struct plan_chunk){.table = &tables[0], .no = 0, .at = first, .done = first != 0};
    chunks[1] = (struct plan_chunk){.table = &tables[1], .no = 0, .at = 5, .done = true};
    chunks[2] = (struct plan_chunk){.table = &tables[0], .no = 1, .at = second, .done = second != 0};
    chunks_left[0] = (size_t)(!chunks[0].done + !chunks[2].done);
    chunks_left[1] = 0;
    struct plan p = {
        .tables = &list, .chunks = chunks, .n_chunks = 3, .copied_at = copied_at, .chunks_left = chunks_left};
    for (size_t i = 0; i < list.n; i++)
        copied_at[i] = plan_common_snapshot(&p, &tables[i]);
    return p;
}

static void a_table_has_one_snapshot_or_none(void **state)
{
    (void)state;
    plan_with(7, 7);
    assert_true(copied_at[0] == 7 && copied_at[1] == 5);
    plan_with(7, 9);
    assert_true(copied_at[0] == 0);
    plan_with(7, 0);
    assert_true(copied_at[0] == 0);
}

static void an_index_waits_for_its_table(void **state)
{
    (void)state;
    const struct plan_index key = {.table = &tables[0], .key = true, .unique = true},
                            unique = {.table = &tables[0], .unique = true}, plain = {.table = &tables[0]};
    struct plan p = plan_with(7, 0);
    assert_false(plan_index_ready(&p, &plain, true) || plan_index_ready(&p, &key, true));
    p = plan_with(7, 7);
    assert_true(plan_index_ready(&p, &plain, false) && plan_index_ready(&p, &key, false) &&
                plan_index_ready(&p, &unique, false));
}

/* Two rows may have the same value until the changes between the snapshots are applied; the key is applied with. */
static void a_unique_index_waits_until_two_snapshots_agree(void **state)
{
    (void)state;
    const struct plan_index key = {.table = &tables[0], .key = true, .unique = true},
                            unique = {.table = &tables[0], .unique = true}, plain = {.table = &tables[0]};
    struct plan p = plan_with(7, 9);
    assert_false(plan_index_ready(&p, &unique, false));
    assert_true(plan_index_ready(&p, &unique, true));
    assert_true(plan_index_ready(&p, &key, false) && plan_index_ready(&p, &plain, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_one_snapshot_or_none),
        cmocka_unit_test(an_index_waits_for_its_table),
        cmocka_unit_test(a_unique_index_waits_until_two_snapshots_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
