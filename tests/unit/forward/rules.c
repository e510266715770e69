/* The rules of the flagship package, each with its own examples: what is found, and what becomes of it. */
#include "base/file.h"
#include "forward/rulefile.h"
#include "test.h"
#include "unit/folder.h"
#include "xpp/rules/example.h"
#include <stdlib.h>

struct bench {
    struct arena *arena;
    rule_list rules;
    struct rulebook *book;
};

static int set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    struct err err = {0};
    b->arena = arena_new();
    const char *dir = arena_printf(b->arena, "%s/packages/ax2012r3-commerce/xpp/rules", getenv("CARRYOVER_ROOT"));
    must(rulefile_load(dir, b->arena, &b->rules, &err));
    rulefile_sort(&b->rules);
    must(rulebook_compile(b->rules.p, b->rules.n, &b->book, &err));
    *state = b;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *b = *state;
    rulebook_free(b->book);
    vec_done(&b->rules);
    arena_free(b->arena);
    free(b);
    return 0;
}

/* The rules on a text: its findings, and the text afterwards. */
static void apply(const struct bench *b, const char *opt_in, const char *text, const char *inside, struct findings *f,
                  struct buf *out)
{
    struct err err = {0};
    const struct rule_example x = {.before = text, .inside = inside};
    must(example_apply(b->book, opt_in, &x, f, out, &err));
}

static bool found(const struct findings *f, const char *rule)
{
    vec_each (&f->list, x)
        if (strcmp(x->rule, rule) == 0)
            return true;
    return false;
}

static void every_rule_does_what_its_examples_say(void **state)
{
    const struct bench *b = *state;
    struct err err = {0};
    size_t examples = 0;
    for (size_t i = 0; i < rulebook_count(b->book); i++) {
        const struct rule *r = rulebook_at(b->book, i);
        must(example_try_all(b->book, r, &err));
        examples += r->n_examples;
    }
    assert_true(examples > 50);
}

/* A pattern without an example is a rule that nobody has seen at work. */
static void every_rule_that_looks_for_something_has_an_example_or_types(void **state)
{
    const struct bench *b = *state;
    for (size_t i = 0; i < rulebook_count(b->book); i++) {
        const struct rule *r = rulebook_at(b->book, i);
        if ((r->matches || r->check || r->nodes) && r->n_examples == 0)
            fail_msg("%s has no example", r->id);
        if (r->mode == RULE_FIX && (r->matches || r->check || r->nodes || r->modifiers)) {
            bool shown = false;
            for (size_t n = 0; n < r->n_examples; n++)
                shown |= r->examples[n].after != NULL;
            if (!shown)
                fail_msg("%s mends something, and no example shows what", r->id);
        }
    }
}

static void nothing_is_found_in_comments_and_strings(void **state)
{
    const struct bench *b = *state;
    for (size_t i = 0; i < rulebook_count(b->book); i++) {
        const struct rule *r = rulebook_at(b->book, i);
        for (size_t n = 0; n < r->n_examples; n++) {
            SCOPED_BUF text = {0}, out = {0};
            struct findings f = {.arena = b->arena};
            if (strpbrk(r->examples[n].before, "\"\\*") || strstr(r->examples[n].before, "//"))
                continue;
            buf_printf(&text, "a = 1; /* %s */ s = @\"%s\";\n", r->examples[n].before, r->examples[n].before);
            apply(b, NULL, text.p, "statement", &f, &out);
            if (f.list.n)
                fail_msg("%s is found in a comment or a string: %s", f.list.p[0].rule, text.p);
            assert_string_equal(out.p, text.p);
            vec_done(&f.list);
        }
    }
}

static void fixes_lie_within_fixes(void **state)
{
    const struct bench *b = *state;
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    apply(b, NULL, "x = infolog.urlLookup(infolog.urlLookup(today()));\n", "statement", &f, &out);
    assert_string_equal(out.p, "x = new Browser().navigate(new Browser().navigate(DateTimeUtil::getToday("
                               "DateTimeUtil::getUserPreferredTimeZone())));\n");
    vec_done(&f.list);
}

static void a_statement_that_has_to_be_there_becomes_an_empty_block(void **state)
{
    const struct bench *b = *state;
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    apply(b, NULL, "if (a)\n    pause;\nelse\n    breakpoint;\nb = 1; pause; // why\n", "statement", &f, &out);
    assert_string_equal(out.p, "if (a)\n    {}\nelse\n    {}\nb = 1;  // why\n");
    vec_done(&f.list);
}

/* Nobody knows what the macro holds: it may need the statement as its end. */
static void a_statement_behind_a_macro_may_be_a_body(void **state)
{
    const struct bench *b = *state;
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    apply(b, NULL, "if (a) #lib\n    pause;\nb();\nfor (;;)\n#endif\n    pause;\nc();\n#define.x(1)\npause;\nd();\n",
          "statement", &f, &out);
    assert_string_equal(out.p, "if (a) #lib\n    {}\nb();\nfor (;;)\n#endif\n    {}\nc();\n#define.x(1)\nd();\n");
    vec_done(&f.list);
}

static void a_function_within_the_method_is_called_before_the_kernel(void **state)
{
    const struct bench *b = *state;
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    const char *text = "void m()\n{\n    date today() { return 1\\1\\2012; }\n    d = today();\n}\n";
    apply(b, NULL, text, "method", &f, &out);
    assert_string_equal(out.p, text);
    assert_false(found(&f, "D01"));
    vec_done(&f.list);
}

#define EXPORT(name, extends, head)                                                                                    \
    "CLASS #" name "\n METHODS\n SOURCE #classDeclaration\n #class " name extends                                      \
    "{}\n ENDSOURCE\n SOURCE #test\n #" head "{}\n ENDSOURCE\n ENDMETHODS\nENDCLASS\n"

/* What is private may be had again, static methods and constructors override nothing, a class may call its own. */
static void overrides_that_are_none_are_left_alone(void **state)
{
    static const struct rule_example right[] = {
        {.given = EXPORT("Base", "", "private void test(int a)") EXPORT("Test", " extends Base", "void test()"),
         .before = "void test() {}\n"},
        {.given = EXPORT("Base", "", "static void test(int a)") EXPORT("Test", " extends Base", "static void test()"),
         .before = "static void test() {}\n"},
        {.given =
             EXPORT("Base", "", "void test(int _A)") EXPORT("Test", " extends Base", "public void test(int _a = 1)"),
         .before = "public void test(int _a = 1) {}\n"},
        {.given = EXPORT("Base", "", "protected void test()") EXPORT("Test", " extends Base", "protected void test()"),
         .before = "protected void test() { Base b; b.test(); this.test(); Test::test(); }\n"},
        {.given = EXPORT("Test", " extends Test", "void test()"), .before = "void test() { this.nothing(); }\n"},
    };
    const struct bench *b = *state;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        SCOPED_BUF out = {0};
        struct findings f = {.arena = b->arena};
        struct err err = {0};
        struct rule_example x = right[i];
        x.inside = "method";
        must(example_apply(b->book, NULL, &x, &f, &out, &err));
        if (found(&f, "L14") || found(&f, "L15") || found(&f, "L16"))
            fail_msg("example %zu: %s", i, x.before);
        vec_done(&f.list);
    }
}

/* Half of an #if would be gone with them. */
static void what_holds_branches_is_not_deleted(void **state)
{
    static const char *const texts[] = {
        "x = 1\n#if.A\n + 2;\n#endif\n#ifnot.A\n ;\n#endif\n",
        "window 10, 10\n#if.A\n at 1, 1;\n info(s);\n#endif\n",
        "window 10, 10\n#if.A\n at 1, 1\n#endif\n;\n",
    };
    const struct bench *b = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        SCOPED_BUF out = {0};
        struct findings f = {.arena = b->arena};
        apply(b, NULL, texts[i], "statement", &f, &out);
        assert_string_equal(out.p, texts[i]);
        vec_done(&f.list);
    }
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    apply(b, NULL, "window #ifcWidth, #EndifHeight at 1, 1;\nx = 1;\n", "statement", &f, &out); /* macros */
    assert_string_equal(out.p, "x = 1;\n");
    vec_done(&f.list);
}

static void members_that_are_still_there_are_left_alone(void **state)
{
    const struct bench *b = *state;
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    apply(b, NULL, "c = WinAPI::RGB2int(1, 2, 3);\n", "statement", &f, &out);
    assert_false(found(&f, "D04"));
    apply(b, NULL, "WinAPI::fileExists(c);\n", "statement", &f, &out);
    assert_true(found(&f, "D04"));
    vec_done(&f.list);
}

/* A map is no table. */
static void only_what_goes_to_the_database_is_a_write(void **state)
{
    const struct bench *b = *state;
    static const char *const objects[] = {"map", "other"};
    struct err err = {0};
    for (size_t i = 0; i < 2; i++) {
        SCOPED_BUF out = {0};
        struct findings f = {.arena = b->arena};
        char body[256];
        snprintf(body, sizeof body, "void m() { Map map; CustTable t; while select t { %s.insert(); } }\n", objects[i]);
        const struct rule_example x = {
            .before = body,
            .inside = "method",
            .given =
                "CLASS #Map\n METHODS\n SOURCE #classDeclaration\n #class Map{}\n ENDSOURCE\n ENDMETHODS\nENDCLASS\n"};
        must(example_apply(b->book, NULL, &x, &f, &out, &err));
        assert_int_equal(found(&f, "Q03"), i == 1);
        vec_done(&f.list);
    }
}

static void a_fix_that_nobody_asked_for_is_only_reported(void **state)
{
    const struct bench *b = *state;
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    const char *text = "a = 1;\nCodeAccessPermission::revertAssert();\n";
    apply(b, NULL, text, "statement", &f, &out);
    assert_string_equal(out.p, text);
    vec_each (&f.list, x)
        if (strcmp(x->rule, "D19b") == 0)
            assert_int_equal(x->outcome, FINDING_REPORTED);
    assert_true(found(&f, "D19b"));
    vec_done(&f.list);
}

static void methods_of_other_types_are_left_alone(void **state)
{
    const struct bench *b = *state;
    SCOPED_BUF out = {0};
    struct findings f = {.arena = b->arena};
    const char *text = "{\n    InventTable t;\n    t.lock();\n    t.findRecord(x);\n    unknown.lock();\n}\n";
    apply(b, NULL, text, "statement", &f, &out);
    assert_string_equal(out.p, text);
    assert_int_equal(f.list.n, 0);
}

static void mistakes_are_told_with_their_place(void **state)
{
    static const struct {
        const char *text, *message;
    } mistakes[] = {
        {"D1: {title: a}", "lacks 'title' or 'advice'"},
        {"D1: {title: a, advice: b, severity: bad, mode: fix, hours: 1}",
         "'severity' is one of error, warning and info"},
        {"D1: {title: a, advice: b, severity: info, mode: mend, hours: 1}", "'mode' is one of fix, todo and report"},
        {"D1: {title: a, advice: b, severity: info, mode: fix, hours: -1}", "'hours' is a number"},
        {"D1: {title: a, advice: 'b */', severity: info, mode: fix, hours: 1}", "without */"},
        {"D1: {title: a, advice: b, severity: info, mode: fix, hours: 1, mach: x}", "mach"},
        {"'D 1': {title: a, advice: b, severity: info, mode: fix, hours: 1}", "letters, digits"},
        {"D1: {title: a, advice: b, severity: info, mode: fix, hours: 1, where: {x: [y]}}", "$name"},
        {"D1: {title: a, advice: b, severity: info, mode: fix, hours: 1, examples: [{after: x}]}", "lacks 'before'"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        SCOPED(arena) a = arena_new();
        rule_list rules = {0};
        struct err err = {0};
        assert_false(rulefile_read(str_of(mistakes[i].text), "r.yaml", a, &rules, &err));
        if (!strstr(err.message, mistakes[i].message) || strncmp(err.message, "r.yaml:1:", 9) != 0)
            fail_msg("%s: %s", mistakes[i].text, err.message);
        vec_done(&rules);
    }
}

static void rules_that_make_no_sense_are_refused(void **state)
{
    static const struct {
        const char *rest, *message;
    } mistakes[] = {
        {"match: 'f(', fix: ''", "the pattern"},          {"match: 'f()', fix: ''", "an empty fix deletes statements"},
        {"match: 'f($a)', fix: 'g($b)'", "uses a $name"}, {"match: 'f(); g();'", "is not one expression or statement"},
        {"check: nothing", "there is no check nothing"},  {"nodes: [windows]", "there is no kind of node"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        SCOPED(arena) a = arena_new();
        SCOPED(rulebook) book = NULL;
        rule_list rules = {0};
        struct err err = {0};
        const char *text =
            arena_printf(a, "D1: {title: a, advice: b, severity: info, mode: fix, hours: 1, %s}", mistakes[i].rest);
        must(rulefile_read(str_of(text), "r.yaml", a, &rules, &err));
        assert_false(rulebook_compile(rules.p, rules.n, &book, &err));
        if (!strstr(err.message, mistakes[i].message))
            fail_msg("%s: %s", text, err.message);
        vec_done(&rules);
    }
}

static void a_rule_that_does_not_do_what_it_says_is_refused(void **state)
{
    static const struct {
        const char *rest, *message;
    } mistakes[] = {
        {"{before: 'g();'}", "the rule D1 does not find its example:\ng();"},
        {"{before: 'f();', after: 'g();'}", "the rule D1 makes of its example:\nh();instead of:\ng();"},
        {"{before: 'f(;'}", "the rule D1: an example is no X++, line 1, column 3"},
    };
    (void)state;
    SCOPED_FOLDER f = folder_make();
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct rulebook *book;
        struct err err = {0};
        const char *own = folder_path(&f, "own.yaml");
        folder_put(&f, "empty/none.txt", "");
        folder_put(&f, "own.yaml",
                   arena_printf(f.a,
                                "D1: {title: a, advice: b, severity: info, mode: fix, hours: 1, match: 'f()', fix: "
                                "'h()', examples: [%s]}",
                                mistakes[i].rest));
        assert_false(rulefile_book(folder_path(&f, "empty"), &own, 1, f.a, &book, &err));
        assert_int_equal(err.code, ERR_PACKAGE);
        if (!strstr(err.message, mistakes[i].message))
            fail_msg("%s: %s", mistakes[i].rest, err.message);
        assert_null(book);
        must(rulefile_book(own, NULL, 0, f.a, &book, &err)); /* of the package: tried by package check, not here */
        rulebook_free(book);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_rule_does_what_its_examples_say, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_rule_that_looks_for_something_has_an_example_or_types, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_found_in_comments_and_strings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fixes_lie_within_fixes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_statement_that_has_to_be_there_becomes_an_empty_block, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_statement_behind_a_macro_may_be_a_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_function_within_the_method_is_called_before_the_kernel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(overrides_that_are_none_are_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_holds_branches_is_not_deleted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(members_that_are_still_there_are_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_what_goes_to_the_database_is_a_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_fix_that_nobody_asked_for_is_only_reported, set_up, tear_down),
        cmocka_unit_test_setup_teardown(methods_of_other_types_are_left_alone, set_up, tear_down),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(rules_that_make_no_sense_are_refused),
        cmocka_unit_test(a_rule_that_does_not_do_what_it_says_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
