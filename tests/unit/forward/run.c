/* A whole run over some files, by one worker and by several: the result is the same, in the same order. */
#include "forward/display.h"
#include "test.h"
#include "unit/folder.h"
#include <pthread.h>
#include <stdatomic.h>

enum { FILES = 40 };

static const char text[] =
    "Exportfile for AOT version 1.0 or later\nFormatversion: 1\n\n***Element: CLS\n\n  CLSVERSION 1\n  \n"
    "  CLASS #Cts%d\n    PROPERTIES\n      Name                #Cts%d\n      Extends             #%s%d\n    "
    "ENDPROPERTIES\n"
    "    METHODS\n      SOURCE #classDeclaration\n        #class Cts%d extends %s%d\n        #{\n        #    Nobody "
    "nobody;\n        #}\n      ENDSOURCE\n"
    "      SOURCE #run\n        #void run()\n        #{\n        #    info(strFmt(\"%%1\", today()));\n        #    "
    "WinAPI::beep();\n        #}\n      ENDSOURCE\n"
    "    ENDMETHODS\n  ENDCLASS\n\n***Element: END\n";

static void write_exports(const struct folder *f)
{
    for (int i = 0; i < FILES; i++) {
        const char *base = i ? "Cts" : "Base";
        const char *body = arena_printf(f->a, text, i, i, base, i ? i - 1 : 0, i, base, i ? i - 1 : 0);
        folder_put(f, arena_printf(f->a, "Class_Cts%02d.xpo", i), body);
    }
}

static void run(const char *dir, int workers, struct arena *a, struct buf *json)
{
    static const char *const matches[] = {"today()", NULL}, *const types[] = {"WinAPI", NULL};
    static const struct rule rules[] = {
        {.id = "D01", .title = "a", .advice = "b", .mode = RULE_FIX, .hours = 1, .matches = matches, .fix = "now()"},
        {.id = "D04", .title = "a", .advice = "b", .mode = RULE_TODO, .hours = 1, .types = types},
    };
    struct err err = {0};
    SCOPED(rulebook) book = NULL;
    must(rulebook_compile(rules, 2, &book, &err));
    struct forward_options o = {
        .book = book, .model = "M", .prefix = "M", .publisher = "", .codepage = "CP1252", .workers = workers};
    struct forward_result result;
    must(inputs_add(dir, false, a, &o.inputs, &err));
    must(forward_run(&o, &result, &err));
    assert_int_equal(result.n_units, FILES);
    struct tally t;
    tally_make(&result, book, a, &t);
    assert_int_equal(t.count.fixed, FILES);
    assert_int_equal(t.count.todo, FILES);
    struct display d = {.result = &result, .tally = &t, .book = book};
    d.n_unknown = usage_unknown(result.usage, a, &d.unknown);
    assert_int_equal(d.n_unknown, 2); /* Nobody and Base0; a rule has WinAPI */
    assert_int_equal(d.unknown[0]->count, FILES);
    display_json(&d, json);
    forward_done(&result);
    vec_done(&o.inputs);
}

static void the_number_of_workers_does_not_show(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED_BUF one = {0}, four = {0};
    write_exports(&f);
    run(f.path, 1, f.a, &one);
    run(f.path, 4, f.a, &four);
    assert_string_equal(one.p, four.p);
}

/* Puts the one export in the place of the other until it is told to stop. */
struct exporter {
    const struct folder *folder;
    atomic_bool stop;
};

static void *export_again(void *ctx)
{
    struct exporter *e = ctx;
    SCOPED(arena) a = arena_new();
    const char *path = folder_path(e->folder, "Class_Cts00.xpo"), *next = folder_path(e->folder, "next");
    for (int i = 0; !atomic_load(&e->stop); i++) {
        char *body = arena_printf(a, text, i % 2, i % 2, "Base", 0, i % 2, "Base", 0);
        struct err err;
        must(file_put(next, i % 3 ? str_of(body) : STR("CLASS #Half\n"), &err));
        assert_int_equal(rename(next, path), 0);
        arena_reset(a);
    }
    return NULL;
}

static void a_file_that_changes_in_the_meantime_is_an_error(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    SCOPED(rulebook) book = NULL;
    struct err err = {0};
    struct exporter exporter = {.folder = &f};
    pthread_t thread;
    write_exports(&f);
    must(rulebook_compile(NULL, 0, &book, &err));
    struct forward_options o = {
        .book = book, .model = "M", .prefix = "M", .publisher = "", .codepage = "CP1252", .workers = 1};
    must(inputs_add(f.path, false, f.a, &o.inputs, &err));
    assert_int_equal(pthread_create(&thread, NULL, export_again, &exporter), 0);
    bool told = false;
    for (int i = 0; i < 5000 && !told; i++) {
        struct forward_result result;
        told = !forward_run(&o, &result, &err);
        forward_done(&result);
    }
    atomic_store(&exporter.stop, true);
    pthread_join(thread, NULL);
    vec_done(&o.inputs);
    assert_true(told);
    assert_int_equal(err.code, ERR_XPO_CHANGED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_number_of_workers_does_not_show),
                                       cmocka_unit_test(a_file_that_changes_in_the_meantime_is_an_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
