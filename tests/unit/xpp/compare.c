/* What becomes of a standard method that was changed. */
#include "xpp/compare.h"
#include "test.h"
#include "xpp/lang/parse.h"

static void compare(const char *ours, const char *standard, struct arena *a, struct comparison *ret)
{
    struct syntax x = {0}, y = {0};
    assert_true(parse(str_of(ours), PARSE_METHOD, LEX_SOURCE, &x));
    assert_true(parse(str_of(standard), PARSE_METHOD, LEX_SOURCE, &y));
    compare_methods(&x, &y, a, ret);
    syntax_done(&x);
    syntax_done(&y);
}

static void is_wrapped(const char *ours, const char *standard, const char *wrapper)
{
    SCOPED(arena) a = arena_new();
    struct comparison c;
    compare(ours, standard, a, &c);
    if (c.outcome != COMPARE_WRAP)
        fail_msg("no wrapper: %s", c.reason ? c.reason : "the same");
    assert_string_equal(c.text.p, wrapper);
}

static void is_conflict(const char *ours, const char *standard, const char *reason)
{
    SCOPED(arena) a = arena_new();
    struct comparison c;
    compare(ours, standard, a, &c);
    assert_int_equal(c.outcome, COMPARE_CONFLICT);
    assert_string_equal(c.reason, reason);
}

static void layout_comments_and_tiers_do_not_matter(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct comparison c;
    compare("server public void f(int _a)\n{\n    ;\n    // why\n    THIS.g(_A);\n}",
            "public void f(int _a) { this.g(_a); }", a, &c);
    assert_int_equal(c.outcome, COMPARE_SAME);
}

static void code_before_and_behind_wraps(void **state)
{
    (void)state;
    is_wrapped("public void f(int _a, str _b = '')\n{\n    // mine\n    info('1');\n    this.g(_a);\n    info('2');\n}",
               "public void f(int _a, str _b = '')\n{\n    this.g(_a);\n}",
               "public void f(int _a, str _b)\n{\n    // mine\n    info('1');\n    next f(_a, _b);\n    info('2');\n}");
    is_wrapped("int f()\n{\n    int mine;\n    mine = 1;\n    return this.g();\n}",
               "int f()\n{\n    return this.g();\n}",
               "int f()\n{\n    int mine;\n    mine = 1;\n    return next f();\n}");
}

static void code_before_the_last_return_takes_up_its_variable(void **state)
{
    (void)state;
    is_wrapped(
        "boolean f()\n{\n    boolean ret;\n    ret = super();\n    ret = ret && this.mine();\n    return ret;\n}",
        "boolean f()\n{\n    boolean ret;\n    ret = super();\n    return ret;\n}",
        "boolean f()\n{\n    boolean ret;\n    ret = next f();\n    ret = ret && this.mine();\n    return ret;\n}");
}

static void what_cannot_be_wrapped_says_why(void **state)
{
    (void)state;
    is_conflict("void f()\n{\n    a();\n    mine();\n    b();\n}", "void f()\n{\n    a();\n    b();\n}",
                "the standard code was changed in its middle");
    is_conflict("void f(int _x)\n{\n    a();\n}", "void f()\n{\n    a();\n}", "its signature is another one");
    is_conflict("void f()\n{\n    if (x) return;\n    a();\n}", "void f()\n{\n    a();\n}",
                "it leaves before the standard code has run");
    is_conflict("void f()\n{\n    throw error('x');\n    a();\n}", "void f()\n{\n    a();\n}",
                "it throws before the standard code has run: validate in a method that is made for it");
    is_conflict("void f()\n{\n    int i;\n    i = g();\n    mine(i);\n}", "void f()\n{\n    int i;\n    i = g();\n}",
                "the addition uses variables of the standard code");
    is_conflict("int f()\n{\n    int i;\n    i = g();\n    mine();\n    return i + 1;\n}",
                "int f()\n{\n    int i;\n    i = g();\n    return i + 1;\n}",
                "the standard code returns what the addition cannot take up");
    is_conflict("void f()\n{\n    str i;\n    a();\n}", "void f()\n{\n    int i;\n    a();\n}",
                "declarations of the standard code were changed");
}

static void what_would_behave_otherwise_is_a_conflict(void **state)
{
    (void)state;
    is_conflict("void f()\n{\n    if (x) return;\n    a();\n    mine();\n}",
                "void f()\n{\n    if (x) return;\n    a();\n}",
                "the standard code may leave early, and the addition would still run");
    is_conflict("int f()\n{\n    int r;\n    r = 10;\n    if (x) r = 1;\n    r++;\n    return r;\n}",
                "int f()\n{\n    int r;\n    if (x) r = 1;\n    return r;\n}",
                "the addition uses variables of the standard code");
    is_conflict("int f()\n{\n    a();\n    counter++;\n    return counter;\n}",
                "int f()\n{\n    a();\n    return counter;\n}",
                "the standard code returns what the addition cannot take up");
    is_conflict("void f(int _a)\n{\n    _a = _a * 2;\n    a(_a);\n    mine(_a);\n}",
                "void f(int _a)\n{\n    _a = _a * 2;\n    a(_a);\n}",
                "the standard code changes a parameter that the addition uses");
    is_conflict("void f()\n{\n    #if.X\n    a();\n    #endif\n    mine();\n}", "void f()\n{\n    a();\n}",
                "directives of the preprocessor stand in it");
    is_conflict("private void f()\n{\n    a();\n    mine();\n}", "private void f()\n{\n    a();\n}",
                "private, final and abstract methods cannot be wrapped");
    is_conflict("void f()\n{\n    int b = i + 1;\n    int i;\n    a();\n    mine(b);\n}",
                "void f()\n{\n    int i;\n    a();\n}", "the addition uses variables of the standard code");
    is_conflict("[Mine]\nvoid f()\n{\n    a();\n}", "void f()\n{\n    a();\n}", "its attributes are other ones");
}

static void super_of_an_override_becomes_next(void **state)
{
    static const struct {
        const char *ours, *text; /* NULL: a conflict; "": it stays */
    } cases[] = {
        {"void insert()\n{\n    this.a = 1;\n    super(); // why\n}",
         "void insert()\n{\n    this.a = 1;\n    next insert(); // why\n}"},
        {"boolean f(int _x)\n{\n    boolean r;\n    r = super(_x);\n    return r;\n}",
         "boolean f(int _x)\n{\n    boolean r;\n    r = next f(_x);\n    return r;\n}"},
        {"void f()\n{\n    if (x)\n        super();\n}", NULL},
        {"void f()\n{\n    if (x)\n        return;\n    super();\n}", NULL},
        {"void f()\n{\n    super();\n    super();\n}", NULL},
        {"void f()\n{\n    a();\n}", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        SCOPED(arena) a = arena_new();
        struct syntax s = {0};
        struct comparison c;
        assert_true(parse(str_of(cases[i].ours), PARSE_METHOD, LEX_SOURCE, &s));
        compare_override(&s, a, &c);
        enum compare_outcome expected = !cases[i].text     ? COMPARE_CONFLICT
                                        : cases[i].text[0] ? COMPARE_WRAP
                                                           : COMPARE_SAME;
        assert_int_equal(c.outcome, expected);
        if (expected == COMPARE_WRAP)
            assert_string_equal(c.text.p, cases[i].text);
        syntax_done(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_comments_and_tiers_do_not_matter),
        cmocka_unit_test(code_before_and_behind_wraps),
        cmocka_unit_test(code_before_the_last_return_takes_up_its_variable),
        cmocka_unit_test(what_cannot_be_wrapped_says_why),
        cmocka_unit_test(what_would_behave_otherwise_is_a_conflict),
        cmocka_unit_test(super_of_an_override_becomes_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
