/* What becomes of a method that handles events. */
#include "xpp/handler.h"
#include "test.h"
#include "xpp/lang/parse.h"

#define AFTER "PostHandlerFor(classStr(A), methodStr(A, run))"
#define BEFORE "PreHandlerFor(classStr(A), methodStr(A, run))"
#define TOLD "SubscribesTo(classStr(A), delegateStr(A, told))"

/* Events of methods whose parameters nobody knows, and of those that have the given ones. */
#define UNKNOWN(attr) ((struct handler_event){.attribute = attr})
#define KNOWN(attr, names) ((struct handler_event){.attribute = attr, .known = true, .parameters = STR(names)})
#define DELEGATE(attr) ((struct handler_event){.attribute = attr, .delegate = true})

static void parses(struct str text)
{
    struct syntax s = {0};
    if (!parse(text, PARSE_METHOD, LEX_SOURCE, &s))
        fail_msg("%s\n%.*s", s.problems.p[0].message, STR_ARG(text));
    syntax_done(&s);
}

static void becomes(const char *text, struct handler_event event, const char *expected)
{
    SCOPED(arena) a = arena_new();
    struct handler_change c;
    handler_change(str_of(text), &event, 1, false, a, &c);
    if (c.reason)
        fail_msg("not changed: %s", c.reason);
    assert_string_equal(arena_dup_str(a, c.text), expected);
    parses(c.text);
}

static void refused(const char *text, const struct handler_event *events, size_t n, bool called, const char *reason)
{
    SCOPED(arena) a = arena_new();
    struct handler_change c;
    handler_change(str_of(text), events, n, called, a, &c);
    if (!c.reason)
        fail_msg("changed: %.*s", STR_ARG(c.text));
    assert_string_equal(c.reason, reason);
    for (size_t i = 0; i < n; i++)
        assert_non_null(strstr(c.text.p, arena_printf(a, "// TODO: (carryover EVENT) [%s]", events[i].attribute)));
    if (n == 1)
        assert_string_equal(strchr(c.text.p, '\n') + 1, text);
}

static void arguments_that_are_there_get_the_attribute_alone(void **state)
{
    (void)state;
    becomes("/// <summary>Says it.</summary>\npublic static void f(XppPrePostArgs _a)\n{\n    // x\n}",
            KNOWN(AFTER, "_x "),
            "/// <summary>Says it.</summary>\n[" AFTER "]\npublic static void f(XppPrePostArgs _a)\n{\n    // x\n}");
    becomes("    static client void f(xppprepostargs _a) { g(_a); }", UNKNOWN(BEFORE),
            "    [" BEFORE "]\n    static client void f(xppprepostargs _a) { g(_a); }");
}

static void a_list_of_attributes_takes_it_up(void **state)
{
    (void)state;
    becomes("[SysObsoleteAttribute('no [x]', false)]\nstatic void f(XppPrePostArgs _a)\n{\n}", UNKNOWN(AFTER),
            "[SysObsoleteAttribute('no [x]', false), " AFTER "]\nstatic void f(XppPrePostArgs _a)\n{\n}");
}

static void parameters_become_variables_by_the_names_of_the_handled_method(void **state)
{
    (void)state;
    becomes("public static void f(str 20 _name, CustTable _c = null, boolean _all = g(1, 2))\n{\n    int i;\n    ;\n"
            "    info(_name);\n}",
            KNOWN(AFTER, "_id _custTable _all "),
            "[" AFTER "]\npublic static void f(XppPrePostArgs _args)\n{\n"
            "    str 20 _name = _args.getArg('_id');\n    CustTable _c = _args.getArg('_custTable');\n"
            "    boolean _all = _args.getArg('_all');\n    int i;\n    ;\n    info(_name);\n}");
    becomes("static void f()\n{\n    g();\n}", KNOWN(BEFORE, ""),
            "[" BEFORE "]\nstatic void f(XppPrePostArgs _args)\n{\n    g();\n}");
}

static void names_that_nobody_knows_are_left_to_a_person(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct handler_change c;
    struct handler_event e = UNKNOWN(AFTER);
    handler_change(STR("static void f(int _x)\n{\n}"), &e, 1, false, a, &c);
    assert_null(c.reason);
    assert_int_equal(c.guessed, 1);
    assert_true(c.variables);
    assert_string_equal(c.attributes, "[" AFTER "]");
    assert_string_equal(arena_dup_str(a, c.text),
                        "[" AFTER "]\nstatic void f(XppPrePostArgs _args)\n{\n    int _x = _args.getArg('_x'); "
                        "/* TODO: (carryover EVENT) the name that the handled method gives it */\n}");
    parses(c.text);
}

static void variables_stand_at_the_top_whatever_the_layout(void **state)
{
    (void)state;
    becomes("  static void f(int _x) // why\n  { // body\n      g(_x);\n  }", KNOWN(AFTER, "_x "),
            "  [" AFTER "]\n  static void f(XppPrePostArgs _args) // why\n  { // body\n"
            "      int _x = _args.getArg('_x');\n      g(_x);\n  }");
    becomes("static void f(int _x) { g(_x); }", KNOWN(AFTER, "_x "),
            "[" AFTER "]\nstatic void f(XppPrePostArgs _args) {\n    int _x = _args.getArg('_x'); g(_x); }");
    becomes("static void f(int _x)\n{ /* of\n  two lines */ g(_x);\n}", KNOWN(AFTER, "_x "),
            "[" AFTER "]\nstatic void f(XppPrePostArgs _args)\n{\n    int _x = _args.getArg('_x'); /* of\n"
            "  two lines */ g(_x);\n}");
    becomes("static void f(int _x)\n{\n    #define.A(1)\n    g(#A);\n}", KNOWN(AFTER, "_x "),
            "[" AFTER "]\nstatic void f(XppPrePostArgs _args)\n{\n    int _x = _args.getArg('_x');\n"
            "    #define.A(1)\n    g(#A);\n}");
}

static void the_parameter_has_a_name_that_is_free(void **state)
{
    (void)state;
    becomes("static void f(Args _Args)\n{\n}", KNOWN(AFTER, "_a "),
            "[" AFTER "]\nstatic void f(XppPrePostArgs _prePostArgs)\n{\n"
            "    Args _Args = _prePostArgs.getArg('_a');\n}");
    struct handler_event e = UNKNOWN(AFTER);
    refused("static void f(Args _args)\n{\n    int _prePostArgs, _xppPrePostArgs;\n}", &e, 1, false,
            "its variables have all the names that the parameter might have");
}

static void delegates_keep_their_parameters(void **state)
{
    (void)state;
    becomes("static void f(int _x = 3)\n{\n}", DELEGATE(TOLD), "[" TOLD "]\nstatic void f(int _x = 3)\n{\n}");
}

static void several_events_stand_in_one_list(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const struct handler_event same[] = {KNOWN(BEFORE, "_x "), KNOWN(AFTER, "_X ")};
    struct handler_change c;
    handler_change(STR("  static void f(int _y)\n  {\n  }"), same, 2, false, a, &c);
    assert_null(c.reason);
    assert_string_equal(arena_dup_str(a, c.text),
                        "  [" BEFORE ",\n   " AFTER "]\n  static void f(XppPrePostArgs _args)\n  {\n"
                        "      int _y = _args.getArg('_x');\n  }");
    parses(c.text);
    const struct handler_event other[] = {KNOWN(BEFORE, "_x "), KNOWN(AFTER, "_y ")};
    refused("static void f(int _y)\n{\n}", other, 2, false,
            "the methods that it handles call their parameters otherwise");
    const struct handler_event half[] = {KNOWN(BEFORE, "_x "), UNKNOWN(AFTER)};
    refused("static void f(int _y)\n{\n}", half, 2, false,
            "the methods that it handles call their parameters otherwise");
    const struct handler_event kinds[] = {DELEGATE(TOLD), UNKNOWN(AFTER)};
    refused("static void f(XppPrePostArgs _y)\n{\n}", kinds, 2, false, "it handles a delegate and a method");
}

static void what_cannot_be_changed_safely_gets_a_comment(void **state)
{
    (void)state;
    static const struct {
        const char *text, *reason;
        bool called;
    } cases[] = {
        {"void f(int _x)\n{\n}", "it is not static", false},
        {"static int f(int _x)\n{\n    return 1;\n}", "it returns a value", false},
        {"static void f(int _x)\n{\n}", "other code calls it", true},
        {"static void f(int _x, int _y)\n{\n}", "the method that it handles has other parameters", false},
        {"static void f(int _x = 1)\n{\n    if (prmIsDefault(_x)) g();\n}", "it asks whether a parameter was left out",
         false},
        {"static void f(int _x[3])\n{\n}", "its parameters are no plain names with types", false},
        {"static void f(\n#if.A\nint _x\n#endif\n)\n{\n}",
         "directives of the preprocessor stand between its parameters", false},
        {"static void f(int _x)\n{\n    if (\n}", "it cannot be read", false},
    };
    struct handler_event e = KNOWN(AFTER, "_x ");
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        refused(cases[i].text, &e, 1, cases[i].called, cases[i].reason);
    struct handler_event delegate = DELEGATE(TOLD), any = UNKNOWN(AFTER);
    refused("", &delegate, 1, false, "it cannot be read");
    /* Who has the parameter already may be called: nothing changes for callers. */
    SCOPED(arena) a = arena_new();
    struct handler_change c;
    handler_change(STR("static void f(XppPrePostArgs _a)\n{\n}"), &any, 1, true, a, &c);
    assert_null(c.reason);
    handler_change(STR("static void f(int _a)\n{\n}"), &delegate, 1, true, a, &c);
    assert_null(c.reason);
}

/* What stands behind the brace stays code. */
static void a_guessed_name_comments_nothing_out(void **state)
{
    static const struct handler_event unknown = {.attribute = "PostHandlerFor(classStr(A), methodStr(A, m))"};
    static const char *const bodies[] = {"static void g(int _a)\n{ int i; info(\"x\");\n info(\"y\");\n}",
                                         "static void g(int _a) {}", "static void g(int _a) { info(\"x\"); }"};
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        SCOPED(arena) a = arena_new();
        struct handler_change c;
        struct syntax s = {0};
        handler_change(str_of(bodies[i]), &unknown, 1, false, a, &c);
        assert_null(c.reason);
        assert_int_equal(c.guessed, 1);
        assert_true(parse(c.text, PARSE_METHOD, LEX_SOURCE, &s));
        assert_non_null(memmem(c.text.p, c.text.n, "*/", 2));
        assert_null(memmem(c.text.p, c.text.n, "//", 2));
        syntax_done(&s);
    }
}

static void comments_between_parameters_are_kept(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    static const struct handler_event unknown = {.attribute = "PostHandlerFor(classStr(A), methodStr(A, m))"};
    struct handler_change c;
    handler_change(STR("static void g(int _a, /* unit: kg */ str _b)\n{\n}"), &unknown, 1, false, a, &c);
    assert_non_null(c.reason);
    assert_non_null(memmem(c.text.p, c.text.n, "/* unit: kg */", 14));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_that_are_there_get_the_attribute_alone),
        cmocka_unit_test(a_list_of_attributes_takes_it_up),
        cmocka_unit_test(parameters_become_variables_by_the_names_of_the_handled_method),
        cmocka_unit_test(names_that_nobody_knows_are_left_to_a_person),
        cmocka_unit_test(variables_stand_at_the_top_whatever_the_layout),
        cmocka_unit_test(the_parameter_has_a_name_that_is_free),
        cmocka_unit_test(delegates_keep_their_parameters),
        cmocka_unit_test(several_events_stand_in_one_list),
        cmocka_unit_test(what_cannot_be_changed_safely_gets_a_comment),
        cmocka_unit_test(a_guessed_name_comments_nothing_out),
        cmocka_unit_test(comments_between_parameters_are_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
