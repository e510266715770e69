#include "conf/refresh.h"
#include "unit/folder.h"

static bool read_one(struct folder *f, const char *text, struct refresh_policy *ret, struct err *err)
{
    folder_put(f, "refresh.yaml", text);
    return refresh_read(folder_path(f, "refresh.yaml"), NULL, f->a, ret, err);
}

static void every_section_is_read(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct refresh_policy p;
    struct err err = {0};
    must(read_one(&f,
                  "not_carried:\n  hq.a*: history\n  hq.b: {reason: r, when: production}\n"
                  "keep: {hq.c: its own}\n"
                  "reset:\n  - {id: x, table: hq.d, set: {e: \"0\", g: \"null\"}, where: e > 1, when: not-production}\n"
                  "  - {id: y, sql: delete from hq.h, check: select 1 from hq.h}\n"
                  "encrypted: {hq.i: [j, k]}\n",
                  &p, &err));
    assert_int_equal(p.n_not_carried, 2);
    assert_string_equal(p.not_carried[0].reason, "history");
    assert_int_equal(p.not_carried[1].when, REFRESH_PRODUCTION);
    assert_string_equal(p.keep[0].pattern, "hq.c");
    assert_int_equal(p.n_resets, 2);
    assert_int_equal(p.resets[0].n_set, 2);
    assert_string_equal(p.resets[0].where, "e > 1");
    assert_string_equal(p.resets[1].check, "select 1 from hq.h");
    assert_int_equal(p.encrypted[0].n, 2);
}

static void a_section_of_the_project_takes_the_place_of_the_packages(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct refresh_policy p;
    struct err err = {0};
    folder_put(&f, "package.yaml", "not_carried: {hq.a: one}\nkeep: {hq.b: two}\n");
    folder_put(&f, "project.yaml", "not_carried: {hq.c: three, hq.d: four}\n");
    must(refresh_read(folder_path(&f, "package.yaml"), folder_path(&f, "project.yaml"), f.a, &p, &err));
    assert_int_equal(p.n_not_carried, 2);
    assert_string_equal(p.not_carried[0].pattern, "hq.c");
    assert_string_equal(p.keep[0].pattern, "hq.b");
    must(refresh_read(folder_path(&f, "none.yaml"), NULL, f.a, &p, &err));
    assert_int_equal(p.n_not_carried + p.n_keep + p.n_resets + p.n_encrypted, 0);
}

static void refuses(struct folder *f, const char *text, const char *message)
{
    struct refresh_policy p;
    struct err err = {0};
    if (read_one(f, text, &p, &err))
        fail_msg("taken: %s", text);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" has no \"%s\"", err.message, message);
}

static void mistakes_are_named_with_their_place(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    refuses(&f, "not_caried: {}\n", "refresh.yaml:1:1: ");
    refuses(&f, "not_carried: {batch: x}\n", "has no schema; write hq.batch");
    refuses(&f, "not_carried:\n  hq.a: \"\"\n", "say why");
    refuses(&f, "reset:\n  - {id: x, sql: delete from hq.a}\n", "'check' is missing");
    refuses(&f, "reset:\n  - {id: x, table: hq.a}\n", "'set' is missing");
    refuses(&f, "reset:\n  - {id: x, table: hq.a, set: {}}\n", "names no column");
    refuses(&f, "reset:\n  - {id: x, sql: a, check: b, table: hq.a}\n", "it is one of them");
    refuses(&f, "reset:\n  - {id: x, table: hq.a, set: {b: c}, when: never}\n", "always, production or not-production");
    refuses(&f, "encrypted: {hq.a: b}\n", "refresh.yaml:1:");
}

static void rules_are_for_one_kind_of_target_or_both(void **state)
{
    (void)state;
    assert_true(refresh_applies(REFRESH_ALWAYS, true) && refresh_applies(REFRESH_ALWAYS, false));
    assert_true(refresh_applies(REFRESH_PRODUCTION, true) && !refresh_applies(REFRESH_PRODUCTION, false));
    assert_true(!refresh_applies(REFRESH_NOT_PRODUCTION, true) && refresh_applies(REFRESH_NOT_PRODUCTION, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_section_is_read),
        cmocka_unit_test(a_section_of_the_project_takes_the_place_of_the_packages),
        cmocka_unit_test(mistakes_are_named_with_their_place),
        cmocka_unit_test(rules_are_for_one_kind_of_target_or_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
