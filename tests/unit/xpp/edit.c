#include "xpp/edit.h"
#include "base/rand.h"
#include "test.h"

static void put(struct edits *e, struct arena *a, uint32_t off, uint32_t n, const char *text, uint32_t tag)
{
    struct edit_piece *piece = arena_alloc(a, sizeof *piece);
    piece->text = str_of(text);
    edits_add(e, off, n, piece, 1, tag);
}

static void untouched_bytes_stay(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF out = {0};
    struct edits e = {0};
    put(&e, a, 4, 3, "XYZW", 0);
    put(&e, a, 0, 0, "<", 1);
    put(&e, a, 10, 0, ">", 2);
    edits_apply(&e, str_of("0123456789"), &out);
    assert_string_equal(out.p, "<0123XYZW789>");
    edits_done(&e);
}

static void insertions_at_one_place_keep_their_order(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF out = {0};
    struct edits e = {0};
    put(&e, a, 2, 2, "cd", 0);
    put(&e, a, 2, 0, "1", 1);
    put(&e, a, 2, 0, "2", 2);
    edits_apply(&e, str_of("abXXef"), &out);
    assert_string_equal(out.p, "ab12cdef");
    edits_done(&e);
}

static void what_is_kept_is_edited_too(void **state)
{
    (void)state;
    SCOPED_BUF out = {0};
    struct edits e = {0};
    /* f(g(x)) -> F[G{x}] */
    static struct edit_piece outer[] = {{{"F[", 2}, 0, 0}, {{NULL, 0}, 2, 4}, {{"]", 1}, 0, 0}};
    static struct edit_piece inner[] = {{{"G{", 2}, 0, 0}, {{NULL, 0}, 4, 1}, {{"}", 1}, 0, 0}};
    edits_add(&e, 0, 7, outer, 3, 0);
    edits_add(&e, 2, 4, inner, 3, 1);
    edits_apply(&e, str_of("f(g(x))"), &out);
    assert_string_equal(out.p, "F[G{x}]");
    edits_done(&e);
}

static void of_two_that_cross_the_first_stays(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF out = {0};
    struct edits e = {0};
    put(&e, a, 1, 3, "A", 0);
    put(&e, a, 3, 3, "B", 1);
    put(&e, a, 1, 3, "C", 2);
    edits_apply(&e, str_of("0123456789"), &out);
    assert_string_equal(out.p, "0A456789");
    size_t dropped = 0;
    for (size_t i = 0; i < e.list.n; i++) {
        assert_int_equal(e.list.p[i].dropped, e.list.p[i].tag != 0);
        dropped += e.list.p[i].dropped;
    }
    assert_int_equal(dropped, 2);
    edits_done(&e);
}

/* Random edits: whatever is dropped, all bytes that no applied edit touches come out once and in order. */
static void random_edits_lose_no_byte(void **state)
{
    (void)state;
    struct rand r = rand_seeded(7);
    for (int round = 0; round < 2000; round++) {
        SCOPED(arena) a = arena_new();
        SCOPED_BUF out = {0};
        struct edits e = {0};
        char source[33];
        for (int i = 0; i < 32; i++)
            source[i] = (char)('a' + i % 26);
        source[32] = '\0';
        size_t n = rand_below(&r, 12);
        for (size_t i = 0; i < n; i++) {
            uint32_t off = (uint32_t)rand_below(&r, 32), length = (uint32_t)rand_below(&r, 33 - off);
            put(&e, a, off, length, "", (uint32_t)i);
        }
        edits_apply(&e, (struct str){source, 32}, &out);
        bool gone[32] = {false};
        for (size_t i = 0; i < e.list.n; i++)
            for (uint32_t at = 0; !e.list.p[i].dropped && at < e.list.p[i].n; at++)
                gone[e.list.p[i].off + at] = true;
        char expected[33];
        size_t m = 0;
        for (int i = 0; i < 32; i++)
            if (!gone[i])
                expected[m++] = source[i];
        expected[m] = '\0';
        assert_string_equal(buf_text(&out), expected);
        edits_done(&e);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(untouched_bytes_stay),       cmocka_unit_test(insertions_at_one_place_keep_their_order),
        cmocka_unit_test(what_is_kept_is_edited_too), cmocka_unit_test(of_two_that_cross_the_first_stays),
        cmocka_unit_test(random_edits_lose_no_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
