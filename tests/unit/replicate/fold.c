#include "replicate/fold.h"
#include "base/rand.h"
#include "unit/replicate/rows.h"

static void put_fields(struct buf *b, struct str row)
{
    int32_t n;
    const char *bytes;
    for (bool first = true; fold_next_field(&row, &n, &bytes); first = false) {
        buf_puts(b, first ? "" : "|");
        if (n < 0)
            buf_puts(b, n == FIELD_NULL ? "-" : "~");
        else
            buf_put(b, bytes, (size_t)n);
    }
}

/* "1=1|a|~<1 2=gone": every entry in the order in which its key was first met; what stands behind < is the key under
 * which the target has the values that are not known. */
static const char *dump(const struct fold *f, int table)
{
    static char text[4096];
    SCOPED_BUF b = {0};
    const struct fold_table *t = &f->tables[table];
    buf_puts(&b, t->truncated ? "truncated " : "");
    for (size_t i = 0; i < map_count(t->entries); i++) {
        const struct fold_entry *e = map_at(t->entries, i)->value;
        buf_puts(&b, i ? " " : "");
        put_fields(&b, e->key);
        if (t->table->mode == TABLE_FULL) {
            buf_printf(&b, "*%d", (int)e->count);
            continue;
        }
        buf_putc(&b, '=');
        if (!e->row.p)
            buf_puts(&b, "gone");
        put_fields(&b, e->row);
        if (e->origin.p) {
            buf_putc(&b, '<');
            put_fields(&b, e->origin);
        }
    }
    snprintf(text, sizeof text, "%s", buf_text(&b));
    return text;
}

static struct fold *fold;

static int set_up(void **state)
{
    (void)state;
    fold = fold_new(&rows_list);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    fold_free(fold);
    return 0;
}

static void the_last_state_of_a_row_wins(void **state)
{
    (void)state;
    add(fold, "1|a|x");
    change(fold, "1|b|x");
    change(fold, "1|c|-");
    add(fold, "2|d|y");
    drop(fold, "2|-|-");
    assert_string_equal(dump(fold, 0), "1=1|c|- 2=gone");
    add(fold, "2|again|z");
    assert_string_equal(dump(fold, 0), "1=1|c|- 2=2|again|z");
    assert_int_equal(fold->changes, 6);
    assert_int_equal(fold->tables[0].changes, 6);
    assert_false(fold->tables[1].touched);
}

static void values_that_were_not_sent_come_from_the_batch_or_from_the_target(void **state)
{
    (void)state;
    change(fold, "1|a|~");
    assert_string_equal(dump(fold, 0), "1=1|a|~<1");
    change(fold, "1|~|new");
    assert_string_equal(dump(fold, 0), "1=1|a|new");
    change(fold, "1|b|~");
    assert_string_equal(dump(fold, 0), "1=1|b|new");
    change(fold, "2|~|~");
    change(fold, "2|x|~");
    assert_string_equal(dump(fold, 0), "1=1|b|new 2=2|x|~<2");
    add(fold, "3|-|-");
    change(fold, "3|~|~");
    assert_string_equal(dump(fold, 0), "1=1|b|new 2=2|x|~<2 3=3|-|-");
}

static void a_change_of_key_remembers_where_the_values_are(void **state)
{
    (void)state;
    move(fold, "1|-|-", "2|a|~");
    assert_string_equal(dump(fold, 0), "1=gone 2=2|a|~<1");
    move(fold, "2|-|-", "3|~|~");
    assert_string_equal(dump(fold, 0), "1=gone 2=gone 3=3|a|~<1");
    add(fold, "1|other|row");
    move(fold, "3|-|-", "2|b|~");
    assert_string_equal(dump(fold, 0), "1=1|other|row 2=2|b|~<1 3=gone");
    move(fold, "2|-|-", "2|c|full");
    assert_string_equal(dump(fold, 0), "1=1|other|row 2=2|c|full 3=gone");
}

static void rows_that_change_places_keep_their_own_values(void **state)
{
    (void)state;
    move(fold, "1|-|-", "9|a|~");
    move(fold, "2|-|-", "1|b|~");
    move(fold, "9|-|-", "2|~|~");
    assert_string_equal(dump(fold, 0), "1=1|b|~<2 9=gone 2=2|a|~<1");
    drop(fold, "1|-|-");
    assert_string_equal(dump(fold, 0), "1=gone 9=gone 2=2|a|~<1");
}

static void with_the_whole_old_row_the_key_may_stay(void **state)
{
    (void)state;
    move(fold, "1|a|x", "1|b|~");
    assert_string_equal(dump(fold, 0), "1=1|b|~<1");
    move(fold, "1|b|x", "1|~|y");
    assert_string_equal(dump(fold, 0), "1=1|b|y");
}

static void a_truncate_forgets_what_was_before_it(void **state)
{
    (void)state;
    add(fold, "1|a|x");
    rows_change(fold, 1, CHANGE_INSERT, NULL, "1|a|x");
    truncate_all(fold);
    assert_string_equal(dump(fold, 0), "truncated ");
    add(fold, "2|b|y");
    assert_string_equal(dump(fold, 0), "truncated 2=2|b|y");
    truncate_all(fold);
    assert_string_equal(dump(fold, 0), "truncated ");
    assert_string_equal(dump(fold, 1), "1|a|x*1");
    rows_change(fold, 1, CHANGE_TRUNCATE, NULL, NULL);
    rows_change(fold, 1, CHANGE_INSERT, NULL, "2|b|y");
    assert_string_equal(dump(fold, 1), "truncated 2|b|y*1");
}

static void rows_without_key_are_counted(void **state)
{
    (void)state;
    rows_change(fold, 1, CHANGE_INSERT, NULL, "1|a|x");
    rows_change(fold, 1, CHANGE_INSERT, NULL, "1|a|x");
    rows_change(fold, 1, CHANGE_DELETE, "1|a|-", NULL);
    rows_change(fold, 1, CHANGE_UPDATE, "1|a|x", "1|-|x");
    rows_change(fold, 1, CHANGE_DELETE, "1|-|x", NULL);
    rows_change(fold, 1, CHANGE_DELETE, "1||x", NULL); /* an empty text is no NULL */
    assert_string_equal(dump(fold, 1), "1|a|x*1 1|a|-*-1 1|-|x*0 1||x*-1");
}

static void a_reset_fold_is_as_new(void **state)
{
    (void)state;
    add(fold, "1|a|x");
    truncate_all(fold);
    add(fold, "2|a|x");
    rows_change(fold, 1, CHANGE_INSERT, NULL, "1|a|x");
    assert_true(fold_size(fold) > 0);
    fold->open = true;
    fold->transactions = 3;
    fold_reset(fold);
    assert_string_equal(dump(fold, 0), "");
    assert_string_equal(dump(fold, 1), "");
    assert_false(fold->tables[0].touched || fold->tables[0].truncated || fold->open);
    assert_int_equal(fold->changes + fold->transactions + fold->tables[0].changes, 0);
    assert_int_equal(fold_size(fold), 0);
}

/* -- against a model: a few keys, rows as small numbers, one column that is often not sent -- */

#define KEYS 6

struct model_row {
    bool there;
    int name, big;
};

/* Fields end by their length alone. */
static int number(const char *bytes, int32_t n)
{
    int64_t value = 0;
    assert_true(str_to_i64((struct str){bytes, (size_t)n}, &value));
    return (int)value;
}

/* What the target would be after the batch, by the definition of an entry. */
static void apply_to(const struct model_row *before, struct model_row *after)
{
    const struct fold_table *t = &fold->tables[0];
    for (int k = 0; k < KEYS; k++)
        after[k] = t->truncated ? (struct model_row){0} : before[k];
    for (size_t i = 0; i < map_count(t->entries); i++) {
        const struct fold_entry *e = map_at(t->entries, i)->value;
        struct str rest = e->row, key = e->key, origin = e->origin;
        int32_t n;
        const char *bytes;
        assert_true(fold_next_field(&key, &n, &bytes));
        int k = bytes[0] - '0';
        after[k] = (struct model_row){.there = e->row.p != NULL};
        if (!e->row.p)
            continue;
        int from = -1;
        if (origin.p && fold_next_field(&origin, &n, &bytes))
            from = bytes[0] - '0';
        assert_true(fold_next_field(&rest, &n, &bytes) && bytes[0] - '0' == k);
        assert_true(fold_next_field(&rest, &n, &bytes));
        after[k].name = n == FIELD_UNCHANGED ? before[from].name : number(bytes, n);
        assert_true(fold_next_field(&rest, &n, &bytes));
        after[k].big = n == FIELD_UNCHANGED ? before[from].big : number(bytes, n);
    }
}

static void model_step(struct rand *r, struct model_row *now)
{
    char row[64], old[16];
    int k = (int)rand_below(r, KEYS), to = (int)rand_below(r, KEYS), what = (int)rand_below(r, 40);
    bool send = rand_below(r, 2);
    struct model_row next = {true, 1000 + (int)rand_below(r, 1000), 1000 + (int)rand_below(r, 1000)};
    if (what == 0) {
        truncate_all(fold);
        memset(now, 0, sizeof *now * KEYS);
    } else if (!now[k].there) {
        snprintf(row, sizeof row, "%d|%d|%d", k, next.name, next.big);
        add(fold, row);
        now[k] = next;
    } else if (what < 10) {
        snprintf(old, sizeof old, "%d|-|-", k);
        drop(fold, old);
        now[k] = (struct model_row){0};
    } else {
        if (!send)
            next.big = now[k].big;
        snprintf(old, sizeof old, "%d|-|-", k);
        to = now[to].there ? k : to;
        snprintf(row, sizeof row, send ? "%d|%d|%d" : "%d|%d|~", to, next.name, next.big);
        rows_change(fold, 0, CHANGE_UPDATE, to == k ? NULL : old, row);
        now[k] = (struct model_row){0};
        now[to] = next;
    }
}

static void random_batches_give_the_state_of_the_source(void **state)
{
    (void)state;
    struct rand r = rand_seeded(7);
    struct model_row target[KEYS] = {{0}}, source[KEYS] = {{0}}, after[KEYS];
    for (int batch = 0; batch < 3000; batch++) {
        for (uint64_t n = rand_below(&r, 12); n; n--)
            model_step(&r, source);
        apply_to(target, after);
        for (int k = 0; k < KEYS; k++)
            if (after[k].there != source[k].there ||
                (after[k].there && (after[k].name != source[k].name || after[k].big != source[k].big)))
                fail_msg("batch %d: row %d differs: %s", batch, k, dump(fold, 0));
        memcpy(target, after, sizeof after);
        fold_reset(fold);
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(the_last_state_of_a_row_wins),
        T(values_that_were_not_sent_come_from_the_batch_or_from_the_target),
        T(a_change_of_key_remembers_where_the_values_are),
        T(rows_that_change_places_keep_their_own_values),
        T(with_the_whole_old_row_the_key_may_stay),
        T(a_truncate_forgets_what_was_before_it),
        T(rows_without_key_are_counted),
        T(a_reset_fold_is_as_new),
        T(random_batches_give_the_state_of_the_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
