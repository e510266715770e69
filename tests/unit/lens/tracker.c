/*
 * Golden tests of the rewriting: each file of tests/golden/lens holds a lens and, after "-- gives", what becomes of it:
 * its trackers and its reload, or the refusal. CARRYOVER_GOLDEN=write writes the second half anew.
 */
#include "lens/tracker.h"
#include "base/file.h"
#include "lens/normal.h"
#include "lens/refuse.h"
#include "test.h"

#define GIVES "-- gives\n"

static struct catalog *make_catalog(struct arena *a)
{
    static const char *const aggregates[] = {"sum", "count", "max", "min", "string_agg"};
    struct catalog *c = catalog_new(a);
    catalog_add(c, "old", "a", "id!, b_id!, c_id, x!, y, n!", "id");
    catalog_add(c, "old", "b", "id!, a_id!, x!, y, n!", "id");
    catalog_add(c, "old", "c", "id!, a_id!, b_id!, x!, y", "id");
    catalog_add(c, "old", "pair", "k1!, k2!, v", "k1, k2");
    catalog_add(c, "old", "keyless", "x, y", "");
    for (size_t i = 0; i < ARRAY_LEN(aggregates); i++)
        catalog_add_aggregate(c, aggregates[i]);
    return c;
}

static size_t read_key(struct arena *a, const char *text, const char **ret_key)
{
    struct str line = str_of(text);
    struct str rest = str_split(&line, '\n');
    size_t n = 0;
    str_split(&rest, ':');
    while (rest.n)
        ret_key[n++] = arena_dup_str(a, str_trim(str_split(&rest, ',')));
    return n;
}

static void put_trackers(struct buf *b, const struct trackers *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct tracker *t = &list->p[i];
        buf_printf(b, "-- %s.%s%s\n%s\n", t->table->schema, t->table->name,
                   !t->sql        ? ": no key, full reload"
                   : t->is_direct ? ": direct"
                                  : "",
                   t->sql ? t->sql : "");
    }
}

static void run_lens(struct arena *a, const char *text, struct buf *ret)
{
    struct err err = {0};
    SCOPED(catalog) cat = make_catalog(a);
    const char *key[8];
    SelectStmt *q = NULL;
    struct trackers trackers = {0};
    size_t n_key = read_key(a, text, key);
    must(tree_parse(text, "golden", a, &q, &err));
    struct refusal no = refuse_check(q, cat);
    if (no.construct) {
        buf_printf(ret, "refused: %s; %s\n", no.construct, no.instead);
        return;
    }
    struct tracker_spec spec = {normal_select(a, q), key, n_key, "carryover", "dirty_t"};
    if (tracker_make(a, cat, &spec, &trackers, &err))
        put_trackers(ret, &trackers);
    else
        buf_printf(ret, "refused: %s\n", err.message);
}

static void check_file(const char *path)
{
    struct err err = {0};
    SCOPED(arena) a = arena_new();
    SCOPED_BUF whole = {0};
    struct str file;
    must(file_read(path, a, &file, &err));
    const char *gives = strstr(file.p, GIVES);
    size_t n = gives ? (size_t)(gives - file.p) : file.n;
    char *lens = arena_dup_str(a, (struct str){file.p, n});
    buf_printf(&whole, "%s%s", lens, GIVES);
    run_lens(a, lens, &whole);
    if (getenv("CARRYOVER_GOLDEN") && strcmp(getenv("CARRYOVER_GOLDEN"), "write") == 0)
        must(file_write(path, buf_str(&whole), &err));
    else if (!str_eq(buf_str(&whole), file))
        fail_msg("%s: expected\n%s\nbut got\n%s", path, gives, whole.p + n);
}

static void each_lens_gives_what_its_golden_file_says(void **state)
{
    (void)state;
    struct err err = {0};
    SCOPED(arena) a = arena_new();
    char **names = NULL;
    size_t n = 0;
    const char *dir = arena_printf(a, "%s/tests/golden/lens", getenv("CARRYOVER_ROOT"));
    must(file_list(dir, ".sql", a, &names, &n, &err));
    assert_true(n > 20);
    for (size_t i = 0; i < n; i++)
        check_file(arena_printf(a, "%s/%s", dir, names[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_lens_gives_what_its_golden_file_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
