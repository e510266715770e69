#include "source/pgoutput.h"
#include "base/buf.h"
#include "base/rand.h"
#include "test.h"

/* One message of each kind, as the manual describes them. */
static void put_text(struct buf *b, const char *z)
{
    buf_put(b, z, strlen(z) + 1);
}

static void put_fields(struct buf *b)
{
    buf_put_u16(b, 4);
    buf_put(b, "t\0\0\0\3abcnub\0\0\0\0", 15);
}

static void put_begin(struct buf *b)
{
    buf_putc(b, 'B');
    buf_put_u64(b, 0x123456789ABu);
    buf_put_u64(b, 1500000);
    buf_put_u32(b, 77);
}

static void put_commit(struct buf *b)
{
    buf_put(b, "C\0", 2);
    buf_put_u64(b, 5);
    buf_put_u64(b, 9);
    buf_put_u64(b, 0);
}

static void put_relation(struct buf *b)
{
    buf_putc(b, 'R');
    buf_put_u32(b, 16400);
    put_text(b, "dbo");
    put_text(b, "t");
    buf_putc(b, 'f');
    buf_put_u16(b, 2);
    buf_putc(b, 1);
    put_text(b, "id");
    buf_put_u32(b, 23);
    buf_put_u32(b, UINT32_MAX);
    buf_putc(b, 0);
    put_text(b, "");
    buf_put_u32(b, 25);
    buf_put_u32(b, 44);
}

static void put_insert(struct buf *b)
{
    buf_put(b, "I\0\0\0\1N", 6);
    put_fields(b);
}

static void put_update(struct buf *b)
{
    buf_put(b, "U\0\0\0\1N", 6);
    put_fields(b);
}

static void put_update_key(struct buf *b)
{
    buf_put(b, "U\0\0\0\1K", 6);
    put_fields(b);
    buf_putc(b, 'N');
    put_fields(b);
}

static void put_delete(struct buf *b)
{
    buf_put(b, "D\0\0\0\1O", 6);
    put_fields(b);
}

static void put_truncate(struct buf *b)
{
    buf_putc(b, 'T');
    buf_put_u32(b, 2);
    buf_putc(b, 1);
    buf_put_u32(b, 16400);
    buf_put_u32(b, UINT32_MAX);
}

static void (*const messages[])(struct buf *) = {put_begin,  put_commit,     put_relation, put_insert,
                                                 put_update, put_update_key, put_delete,   put_truncate};

static bool decode(const struct buf *b, struct arena *a, struct pgoutput_message *ret, struct err *err)
{
    return pgoutput_decode(buf_str(b), a, ret, err);
}

static struct pgoutput_message decoded(void (*put)(struct buf *), struct buf *b, struct arena *a)
{
    struct err err;
    struct pgoutput_message m;
    put(b);
    must(decode(b, a, &m, &err));
    return m;
}

static void transactions_have_a_position_and_a_time(void **state)
{
    SCOPED_BUF b = {0}, c = {0};
    struct pgoutput_message m = decoded(put_begin, &b, *state);
    assert_int_equal(m.kind, PGOUTPUT_BEGIN);
    assert_true(m.lsn == 0x123456789ABu);
    assert_true(m.commit_us == 946684801500000);
    m = decoded(put_commit, &c, *state);
    assert_int_equal(m.kind, PGOUTPUT_COMMIT);
    assert_true(m.lsn == 9);
}

static void a_relation_has_columns(void **state)
{
    SCOPED_BUF b = {0};
    struct pgoutput_message m = decoded(put_relation, &b, *state);
    assert_int_equal(m.relation, 16400);
    assert_true(str_is(m.schema, "dbo") && str_is(m.name, "t"));
    assert_int_equal(m.identity, 'f');
    assert_int_equal(m.n_columns, 2);
    assert_true(m.columns[0].key && str_is(m.columns[0].name, "id"));
    assert_int_equal(m.columns[0].type, 23);
    assert_int_equal(m.columns[0].modifier, -1);
    assert_true(!m.columns[1].key && str_is(m.columns[1].name, "") && m.columns[1].modifier == 44);
}

static void check_fields(const struct pgoutput_tuple *t)
{
    assert_true(t->present);
    assert_int_equal(t->n, 4);
    assert_int_equal(t->fields[0].kind, 't');
    assert_int_equal(t->fields[0].n, 3);
    assert_memory_equal(t->fields[0].p, "abc", 3);
    assert_int_equal(t->fields[1].kind, 'n');
    assert_int_equal(t->fields[2].kind, 'u');
    assert_int_equal(t->fields[3].kind, 'b');
    assert_int_equal(t->fields[3].n, 0);
}

static void rows_have_fields(void **state)
{
    struct buf b[4] = {{0}};
    struct pgoutput_message m = decoded(put_insert, &b[0], *state);
    check_fields(&m.row);
    assert_false(m.old.present);
    m = decoded(put_update, &b[1], *state);
    check_fields(&m.row);
    assert_false(m.old.present);
    m = decoded(put_update_key, &b[2], *state);
    check_fields(&m.row);
    check_fields(&m.old);
    assert_true(m.old_is_key);
    m = decoded(put_delete, &b[3], *state);
    check_fields(&m.old);
    assert_false(m.row.present || m.old_is_key);
    for (int i = 0; i < 4; i++)
        buf_done(&b[i]);
}

static void a_truncate_names_its_tables(void **state)
{
    SCOPED_BUF b = {0};
    struct pgoutput_message m = decoded(put_truncate, &b, *state);
    assert_int_equal(m.n_truncated, 2);
    assert_int_equal(m.truncated[0], 16400);
    assert_true(m.truncated[1] == UINT32_MAX);
}

static void what_needs_no_action_is_taken_whatever_is_in_it(void **state)
{
    struct err err;
    struct pgoutput_message m;
    static const struct str all[] = {STR("O12345678name"), STR("Y"), STR("M\0\0\0anything")};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        must(pgoutput_decode(all[i], *state, &m, &err));
}

/* Cut at every length, and with a byte too many: an error of its own, never a wrong message. */
static void a_message_that_is_cut_or_too_long_is_refused(void **state)
{
    for (size_t i = 0; i < ARRAY_LEN(messages); i++) {
        struct err err;
        struct pgoutput_message m;
        SCOPED_BUF b = {0};
        messages[i](&b);
        for (size_t n = 0; n < b.n; n++) {
            /* a copy of exactly that length, so that the sanitizer sees a read behind it */
            char *copy = malloc(n + 1);
            assert_non_null(copy);
            memcpy(copy, b.p, n);
            copy = realloc(copy, n ? n : 1);
            err.code = ERR_USAGE;
            assert_false(pgoutput_decode((struct str){copy, n}, *state, &m, &err));
            assert_int_equal(err.code, ERR_STREAM);
            free(copy);
        }
        buf_putc(&b, 'x');
        assert_false(decode(&b, *state, &m, &err));
        assert_int_equal(err.code, ERR_STREAM);
    }
}

static void garbage_is_refused_or_understood_but_never_overruns(void **state)
{
    struct rand r = rand_seeded(1);
    for (int round = 0; round < 20000; round++) {
        struct err err;
        struct pgoutput_message m;
        SCOPED_BUF b = {0};
        messages[rand_below(&r, ARRAY_LEN(messages))](&b);
        for (uint64_t n = 1 + rand_below(&r, 4); n; n--)
            b.p[rand_below(&r, b.n)] = (char)rand_next(&r);
        b.n -= rand_below(&r, 3);
        if (!decode(&b, *state, &m, &err))
            assert_int_equal(err.code, ERR_STREAM);
        arena_reset(*state);
    }
}

/* Counts are bounded by what is there: a few bytes must not make us allocate gigabytes. */
static void huge_counts_are_refused(void **state)
{
    static const struct str all[] = {STR("T\177\377\377\377\0"), STR("I\0\0\0\1N\377\377"),
                                     STR("R\0\0\0\1a\0b\0d\377\377"), STR("I\0\0\0\1N\0\1t\377\377\377\377"),
                                     STR("I\0\0\0\1N\0\1t\177\377\377\377abc")};
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        struct err err;
        struct pgoutput_message m;
        size_t before = arena_used(*state);
        assert_false(pgoutput_decode(all[i], *state, &m, &err));
        assert_true(arena_used(*state) - before < 100000);
    }
}

static int set_up(void **state)
{
    *state = arena_new();
    return 0;
}

static int tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(transactions_have_a_position_and_a_time),
        T(a_relation_has_columns),
        T(rows_have_fields),
        T(a_truncate_names_its_tables),
        T(what_needs_no_action_is_taken_whatever_is_in_it),
        T(a_message_that_is_cut_or_too_long_is_refused),
        T(garbage_is_refused_or_understood_but_never_overruns),
        T(huge_counts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
