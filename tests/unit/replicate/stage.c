#include "replicate/stage.h"
#include "unit/replicate/rows.h"

static struct stage_counts counts;

static void encode(struct fold *f, int table, bool binary, struct buf *b)
{
    SCOPED(arena) a = arena_new();
    struct stage *s = stage_new(a, &rows_tables[table], binary);
    counts = (struct stage_counts){0};
    size_t next = 0;
    do
        next = stage_encode(s, &f->tables[table], next, b, &counts);
    while (next < map_count(f->tables[table].entries));
}

static void text_has_a_line_for_each_row(void **state)
{
    (void)state;
    SCOPED(fold) f = fold_new(&rows_list);
    SCOPED_BUF b = {0};
    add(f, "1|a|-");
    change(f, "2|~|x");
    move(f, "3|-|-", "4|y|~");
    drop(f, "5|-|-");
    encode(f, 0, false, &b);
    /* gone, mask (bit of the column in the table), key under which the values are, the columns but the generated one */
    assert_string_equal(b.p, "f\t\\N\t\\N\t1\ta\t\\N\n"
                             "f\t\\\\x04\t2\t2\t\\N\tx\n"
                             "t\t\\N\t\\N\t3\t\\N\t\\N\n"
                             "f\t\\\\x08\t3\t4\ty\t\\N\n"
                             "t\t\\N\t\\N\t5\t\\N\t\\N\n");
    assert_int_equal(counts.unchanged, 2);
    assert_int_equal(counts.removed, 0);
}

static void text_is_escaped(void **state)
{
    (void)state;
    SCOPED(fold) f = fold_new(&rows_list);
    SCOPED_BUF b = {0};
    add(f, "1|\\N|tab\tnl\ncr\rback\\.");
    add(f, "2||\\.");
    encode(f, 0, false, &b);
    assert_string_equal(b.p, "f\t\\N\t\\N\t1\t\\\\N\ttab\\tnl\\ncr\\rback\\\\.\n"
                             "f\t\\N\t\\N\t2\t\t\\\\.\n");
}

static void binary_has_a_header_fields_and_an_end(void **state)
{
    (void)state;
    SCOPED(fold) f = fold_new(&rows_list);
    SCOPED_BUF b = {0};
    change(f, "1|\n|~");
    encode(f, 0, true, &b);
    static const char expected[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
                                   "\0\6"
                                   "\0\0\0\1\0"
                                   "\0\0\0\1\10"
                                   "\0\0\0\1"
                                   "1"
                                   "\0\0\0\1"
                                   "1"
                                   "\0\0\0\1\n"
                                   "\377\377\377\377"
                                   "\377\377";
    assert_int_equal(b.n, sizeof expected - 1);
    assert_memory_equal(b.p, expected, b.n);
}

static void rows_without_key_have_a_count(void **state)
{
    (void)state;
    SCOPED(fold) f = fold_new(&rows_list);
    SCOPED_BUF b = {0};
    for (int i = 0; i < 3; i++)
        rows_change(f, 1, CHANGE_DELETE, "1|a|x", NULL);
    rows_change(f, 1, CHANGE_INSERT, NULL, "2|b|-");
    rows_change(f, 1, CHANGE_INSERT, NULL, "3|c|-");
    rows_change(f, 1, CHANGE_DELETE, "3|c|-", NULL); /* comes and goes: nothing to do */
    encode(f, 1, false, &b);
    assert_string_equal(b.p, "-3\t1\ta\tx\n1\t2\tb\t\\N\n");
    assert_int_equal(counts.removed, 3);
    buf_reset(&b);
    encode(f, 1, true, &b);
    assert_memory_equal(b.p + 19, "\0\4\0\0\0\10\377\377\377\377\377\377\377\375", 14);
}

static void an_empty_fold_makes_an_empty_copy(void **state)
{
    (void)state;
    SCOPED(fold) f = fold_new(&rows_list);
    SCOPED_BUF b = {0};
    encode(f, 0, false, &b);
    assert_int_equal(b.n, 0);
    encode(f, 0, true, &b);
    assert_int_equal(b.n, 21);
}

/* A batch is given to the server piece by piece: the pieces are what one piece would be. */
static void large_batches_come_in_pieces(void **state)
{
    (void)state;
    static char text[300000];
    SCOPED(arena) a = arena_new();
    SCOPED(fold) f = fold_new(&rows_list);
    SCOPED_BUF b = {0};
    struct stage *s = stage_new(a, &rows_tables[0], true);
    size_t next = 0, pieces = 0;
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof text, "%d|a|%0250000d", i, i);
        add(f, text);
    }
    counts = (struct stage_counts){0};
    for (; next < 20; pieces++) {
        buf_reset(&b);
        next = stage_encode(s, &f->tables[0], next, &b, &counts);
        assert_true(b.n < 1400000);
        assert_int_equal(memcmp(b.p, "PGCOPY", 6) == 0, pieces == 0);
        assert_int_equal(memcmp(b.p + b.n - 2, "\377\377", 2) == 0, next == 20);
    }
    assert_int_equal(pieces, 4);
}

static void statements_quote_and_derive_their_names(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct table t = rows_tables[0];
    t.name = "a \"table\" whose name is so long that another one cannot be derived!!";
    struct stage *s = stage_new(a, &t, true);
    assert_true(strlen(s->name) < strlen("pg_temp.\"\"") + 64);
    assert_non_null(strstr(s->insert, "\"a \"\"table\"\" whose"));
    assert_non_null(strstr(s->copy, "binary"));
    rows_columns[2].toastable = rows_columns[3].toastable = false;
    assert_null(stage_new(a, &rows_tables[0], false)->patch);
    rows_columns[2].toastable = rows_columns[3].toastable = true;
    assert_non_null(strstr(stage_new(a, &rows_tables[0], false)->patch, "get_bit(s.\"carryover:mask\", 3)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_has_a_line_for_each_row),
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(binary_has_a_header_fields_and_an_end),
        cmocka_unit_test(rows_without_key_have_a_count),
        cmocka_unit_test(an_empty_fold_makes_an_empty_copy),
        cmocka_unit_test(large_batches_come_in_pieces),
        cmocka_unit_test(statements_quote_and_derive_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
