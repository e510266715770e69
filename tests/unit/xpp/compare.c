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
                "the standard code returns an expression that the addition cannot take up");
    is_conflict("void f()\n{\n    str i;\n    a();\n}", "void f()\n{\n    int i;\n    a();\n}",
                "declarations of the standard code were changed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_comments_and_tiers_do_not_matter),
        cmocka_unit_test(code_before_and_behind_wraps),
        cmocka_unit_test(code_before_the_last_return_takes_up_its_variable),
        cmocka_unit_test(what_cannot_be_wrapped_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
