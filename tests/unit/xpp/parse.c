/*
 * Golden tests of the parser: each file of tests/golden/xpp/parse begins with a line that says what is parsed ("//
 * class",
 * "// pattern"), holds X++ and, after "// gives", its tree and its problems. CARRYOVER_GOLDEN=write writes the second
 * half anew. What is the same for every source is tested below, and by the fuzzer xpp_parse.
 */
#include "xpp/lang/parse.h"
#include "base/file.h"
#include "test.h"
#include "xpp/lang/print.h"

#define GIVES "// gives\n"

static enum parse_what what_of(struct str text)
{
    struct str line = str_split(&text, '\n');
    return str_is(line, "// class")        ? PARSE_CLASS
           : str_is(line, "// method")     ? PARSE_METHOD
           : str_is(line, "// statements") ? PARSE_STATEMENTS
           : str_is(line, "// pattern")    ? PARSE_STATEMENTS
           : str_is(line, "// expression") ? PARSE_EXPRESSION
                                           : PARSE_ANY;
}

static void put_tree(struct str source, struct buf *out)
{
    struct syntax s = {0};
    bool is_pattern = str_starts(source, "// pattern\n");
    bool is_right = parse(source, what_of(source), is_pattern ? LEX_PATTERN : LEX_SOURCE, &s);
    assert_int_equal(is_right, s.problems.n == 0);
    print_tree(&s, 1, out);
    syntax_done(&s);
}

static void check_file(const char *path)
{
    struct err err = {0};
    SCOPED(arena) a = arena_new();
    SCOPED_BUF whole = {0};
    struct str file;
    must(file_read(path, a, &file, &err));
    const char *gives = strstr(file.p, GIVES);
    struct str source = {file.p, gives ? (size_t)(gives - file.p) : file.n};
    buf_printf(&whole, "%.*s%s", STR_ARG(source), GIVES);
    put_tree(source, &whole);
    if (getenv("CARRYOVER_GOLDEN") && strcmp(getenv("CARRYOVER_GOLDEN"), "write") == 0)
        must(file_write(path, buf_str(&whole), &err));
    else if (!str_eq(buf_str(&whole), file))
        fail_msg("%s: expected\n%s\nbut got\n%s", path, gives, whole.p + source.n);
}

static void each_source_gives_the_tree_of_its_golden_file(void **state)
{
    (void)state;
    struct err err = {0};
    SCOPED(arena) a = arena_new();
    char **names;
    size_t n;
    const char *root = getenv("CARRYOVER_ROOT");
    assert_non_null(root);
    const char *dir = arena_printf(a, "%s/tests/golden/xpp/parse", root);
    must(file_list(dir, ".txt", a, &names, &n, &err));
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++)
        check_file(arena_printf(a, "%s/%s", dir, names[i]));
}

/* Problems as "LINE:COLUMN message", one after the other with "; " between. */
static const char *problems_of(struct arena *a, struct str source, enum parse_what what)
{
    SCOPED_BUF b = {0};
    struct syntax s = {0};
    parse(source, what, LEX_SOURCE, &s);
    for (size_t i = 0; i < s.problems.n; i++) {
        uint32_t line, column;
        source_place(source, s.problems.p[i].off, &line, &column);
        buf_printf(&b, "%s%u:%u %s", i ? "; " : "", line, column, s.problems.p[i].message);
    }
    syntax_done(&s);
    return arena_dup(a, buf_text(&b));
}

#define has_problems(what, source, expected)                                                                           \
    do {                                                                                                               \
        SCOPED(arena) arena = arena_new();                                                                             \
        assert_string_equal(problems_of(arena, STR(source), what), expected);                                          \
    } while (0)

static void every_word_that_may_be_a_name_is_one(void **state)
{
    (void)state;
    for (unsigned k = 1; k < KEYWORDS; k++) {
        SCOPED(arena) a = arena_new();
        const char *w = keyword_text((enum keyword)k);
        const char *member = arena_printf(a, "x.%s = this.%s(T::%s, x.%s.y);", w, w, w, w);
        assert_string_equal(problems_of(a, str_of(member), PARSE_STATEMENTS), "");
        const char *method = arena_printf(a, "public void %s(int _a)\n{\n}\n", w);
        assert_string_equal(problems_of(a, str_of(method), PARSE_METHOD), "");
        if (keyword_use((enum keyword)k) < KEYWORD_MODIFIER)
            continue;
        const char *variable = arena_printf(a, "str %s, b = %s; %s = a + %s[1]; f(%s, b.%s); %s.f(); if (%s > 1) { }",
                                            w, w, w, w, w, w, w, w);
        assert_string_equal(problems_of(a, str_of(variable), PARSE_STATEMENTS), "");
        const char *parameter = arena_printf(a, "class c { str %s; int f(str %s = 'x') { return %s; } }", w, w, w);
        assert_string_equal(problems_of(a, str_of(parameter), PARSE_CLASS), "");
    }
}

static void a_mistake_has_its_place_and_spoils_one_statement(void **state)
{
    (void)state;
    has_problems(PARSE_STATEMENTS, "a = ;\nb = 1;", "1:5 an expression is missing");
    has_problems(PARSE_STATEMENTS, "a = 1\nb = 1;", "2:1 a `;` is missing");
    has_problems(PARSE_STATEMENTS, "if a) { b; }\nc = ];", "1:4 a `(` is missing; 2:5 an expression is missing");
    has_problems(PARSE_STATEMENTS, "a = \"b;\nc = 'd;",
                 "1:5 a string is opened and never closed; 2:5 a string is opened and never closed");
    has_problems(PARSE_EXPRESSION, "a b", "1:3 the expression ends before this");
    has_problems(
        PARSE_STATEMENTS, "else a; } a = `;",
        "1:1 an `else` without its `if`; 1:9 a `}` that nothing opens; 1:15 a character that X++ does not have");
}

static void a_method_behind_a_broken_one_is_read(void **state)
{
    (void)state;
    struct syntax s = {0};
    struct str source = STR("void a()\n{\n    if (b)\n    {\n        c();\n\npublic void d(int)\n{\n    e();\n}\n"
                            "static int f()\n{\n    return 1;\n}\n");
    assert_false(parse(source, PARSE_ANY, LEX_SOURCE, &s));
    uint32_t last = 0;
    for (uint32_t n = 1; n; n = node_after(&s, n, 1))
        last = node_at(&s, n)->kind == NODE_METHOD ? n : last;
    assert_true(str_is(syntax_text(&s, node_child_of(&s, last, NODE_NAME)), "f"));
    assert_int_equal(node_at(&s, last)->parent, 1);
    assert_true(str_starts(syntax_text(&s, node_child_of(&s, last, NODE_BLOCK)), "{\n    return 1;"));
    syntax_done(&s);
}

/* `unit` as often as makes a megabyte. */
static void parses_in_no_time(const char *before, const char *unit, const char *behind)
{
    SCOPED_BUF b = {0};
    struct syntax s = {0};
    buf_puts(&b, before);
    while (b.n < 1000000)
        buf_puts(&b, unit);
    buf_puts(&b, behind);
    static const enum parse_what whats[] = {PARSE_ANY, PARSE_CLASS, PARSE_STATEMENTS};
    for (size_t i = 0; i < ARRAY_LEN(whats); i++) {
        parse(buf_str(&b), whats[i], LEX_SOURCE, &s);
        assert_true(node_at(&s, 1)->height <= TREE_HEIGHT_MAX);
        assert_int_equal(node_at(&s, 1)->token_end, s.tokens.n - 1);
    }
    syntax_done(&s);
}

/* A quadratic parser would take hours for each of them. */
static void endless_nesting_and_repetition_take_linear_time(void **state)
{
    (void)state;
    static const char *const units[] = {
        "(",
        "{",
        "[",
        "!",
        "a.",
        "a(",
        "a+",
        "a?b:",
        "if(a)",
        "if(a){",
        "class a{",
        "#A(",
        "#A(x y ",
        "[;",
        "a::",
        "}",
        "void f(",
        "void f(){",
        "\"\\\"\n",
        "'",
        "#if.x\n",
        "a<",
        "select #a(",
        "a b ",
        "\npublic void f(){",
        "(select a where ",
        "#define.x(\\'",
        "#localmacro.x\n",
        "switch(a){case b:",
        "next ",
        "new a(",
        "a b(",
        "for(",
    };
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        parses_in_no_time("", units[i], "");
    parses_in_no_time("void f() {", "(", ");} void g() {}");
}

static void a_long_chain_of_else_if_is_flat(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    struct syntax s = {0};
    buf_puts(&b, "if (a) b();");
    for (int i = 0; i < 10000; i++)
        buf_puts(&b, " else if (a) b();");
    assert_true(parse(buf_str(&b), PARSE_STATEMENTS, LEX_SOURCE, &s));
    assert_true(node_at(&s, 1)->height < 10);
    syntax_done(&s);
}

static void what_is_nested_too_deep_is_one_problem(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED_BUF b = {0};
    buf_puts(&b, "void f() {\n");
    for (int i = 0; i < PARSE_DEPTH_MAX + 5; i++)
        buf_puts(&b, "{");
    for (int i = 0; i < PARSE_DEPTH_MAX + 5; i++)
        buf_puts(&b, "}");
    buf_puts(&b, "\na = 1; }");
    assert_string_equal(problems_of(a, buf_str(&b), PARSE_METHOD), "2:400 the code is nested too deep");
}

static void a_source_with_more_problems_than_are_kept_has_failed_all_the_same(void **state)
{
    (void)state;
    SCOPED_BUF b = {0};
    struct syntax s = {0};
    for (int i = 0; i < PARSE_PROBLEMS_MAX + 10; i++)
        buf_puts(&b, "a = ;\n");
    assert_false(parse(buf_str(&b), PARSE_STATEMENTS, LEX_SOURCE, &s));
    assert_int_equal(s.problems.n, PARSE_PROBLEMS_MAX);
    assert_true(parse(STR("a = 1;"), PARSE_STATEMENTS, LEX_SOURCE, &s));
    assert_int_equal(s.problems.n, 0);
    syntax_done(&s);
}

static void places_count_lines_and_bytes_from_one(void **state)
{
    (void)state;
    uint32_t line, column;
    source_place(STR("a\r\nbc\n\nd"), 0, &line, &column);
    assert_true(line == 1 && column == 1);
    source_place(STR("a\r\nbc\n\nd"), 4, &line, &column);
    assert_true(line == 2 && column == 2);
    source_place(STR("a\r\nbc\n\nd"), 7, &line, &column);
    assert_true(line == 4 && column == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_source_gives_the_tree_of_its_golden_file),
        cmocka_unit_test(every_word_that_may_be_a_name_is_one),
        cmocka_unit_test(a_mistake_has_its_place_and_spoils_one_statement),
        cmocka_unit_test(a_method_behind_a_broken_one_is_read),
        cmocka_unit_test(endless_nesting_and_repetition_take_linear_time),
        cmocka_unit_test(a_long_chain_of_else_if_is_flat),
        cmocka_unit_test(what_is_nested_too_deep_is_one_problem),
        cmocka_unit_test(a_source_with_more_problems_than_are_kept_has_failed_all_the_same),
        cmocka_unit_test(places_count_lines_and_bytes_from_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
