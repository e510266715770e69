#include "xpp/lang/lex.h"
#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"
#include "test.h"

static const char *const kinds[] = {
    [TOKEN_END] = "end",       [TOKEN_NAME] = "name",         [TOKEN_KEYWORD] = "key", [TOKEN_OPERATOR] = "op",
    [TOKEN_STRING] = "string", [TOKEN_INTEGER] = "int",       [TOKEN_INT64] = "int64", [TOKEN_REAL] = "real",
    [TOKEN_DATE] = "date",     [TOKEN_DATETIME] = "datetime", [TOKEN_MACRO] = "macro", [TOKEN_DIRECTIVE] = "directive",
    [TOKEN_BODY] = "body",     [TOKEN_META] = "meta",         [TOKEN_BAD] = "bad",
};

/* All tokens as "kind[text]", one after the other with a space between. */
static const char *lexed(struct arena *a, struct str text, enum lex_mode mode)
{
    SCOPED_BUF b = {0};
    tokens list = {0};
    lex(text, mode, &list);
    for (size_t i = 0; i + 1 < list.n; i++)
        buf_printf(&b, "%s%s[%.*s]", b.n ? " " : "", kinds[list.p[i].kind], STR_ARG(token_text(text, &list.p[i])));
    assert_int_equal(list.p[list.n - 1].kind, TOKEN_END);
    assert_int_equal(list.p[list.n - 1].off, text.n);
    vec_done(&list);
    return arena_dup(a, buf_text(&b));
}

#define lexes_as(mode, text, expected)                                                                                 \
    do {                                                                                                               \
        SCOPED(arena) arena = arena_new();                                                                             \
        assert_string_equal(lexed(arena, STR(text), mode), expected);                                                  \
    } while (0)
#define lexes(text, expected) lexes_as(LEX_SOURCE, text, expected)

static void keywords_are_found_without_case_and_names_may_have_any_letters(void **state)
{
    (void)state;
    lexes("While WHILEx _a1 ttsBegin", "key[While] name[WHILEx] name[_a1] key[ttsBegin]");
    lexes("gr\xC3\xB6\xC3\x9F"
          "e = 1",
          "name[gr\xC3\xB6\xC3\x9F"
          "e] op[=] int[1]");
}

static void every_keyword_is_found(void **state)
{
    (void)state;
    for (unsigned k = 1; k < KEYWORDS; k++) {
        struct str text = str_of(keyword_text((enum keyword)k));
        assert_int_equal(keyword_find(text, token_hash(text)), k);
    }
    assert_int_equal(keyword_find(STR("whil"), token_hash(STR("whil"))), KEYWORD_NONE);
}

static void every_operator_is_found(void **state)
{
    (void)state;
    for (unsigned o = 1; o < OPERATOR_IS; o++) {
        tokens list = {0};
        lex(str_of(operator_text((enum operator_id)o)), LEX_SOURCE, &list);
        assert_int_equal(list.n, 2);
        assert_int_equal(list.p[0].kind, TOKEN_OPERATOR);
        assert_int_equal(list.p[0].id, o);
        vec_done(&list);
    }
}

static void hashes_go_by_letters_and_not_by_case(void **state)
{
    (void)state;
    assert_int_equal(token_hash(STR("CustTable")), token_hash(STR("cUSTtABLE")));
    assert_int_not_equal(token_hash(STR("CustTable")), token_hash(STR("CustTables")));
    assert_int_not_equal(token_hash(STR("")), 0);
}

static void numbers_have_many_forms(void **state)
{
    (void)state;
    lexes("12 0x1F 12u 0x1Fu", "int[12] int[0x1F] int64[12u] int64[0x1Fu]");
    lexes("1.5 1e10 1.5E-3 .5 2.", "real[1.5] real[1e10] real[1.5E-3] real[.5] real[2.]");
    lexes("21\\12\\2012 1\\2", "date[21\\12\\2012] int[1] bad[\\] int[2]");
    lexes("2012-12-21T10:00:00 2012-12-21", "datetime[2012-12-21T10:00:00] int[2012] op[-] int[12] op[-] int[21]");
    lexes("1.x 12e 0x", "int[1] op[.] name[x] int[12] name[e] int[0] name[x]");
}

static void strings_have_escapes_doubled_quotes_and_lines(void **state)
{
    (void)state;
    lexes("\"a\\\"b\" 'c'", "string[\"a\\\"b\"] string['c']");
    lexes("'it''s' '' \"\"\"\"", "string['it''s'] string[''] string[\"\"\"\"]");
    lexes("\"two\nlines\" x", "string[\"two\nlines\"] name[x]");
    lexes("@\"c:\\\" @'d\\' @x", "string[@\"c:\\\"] string[@'d\\'] bad[@] name[x]");
    lexes("'// no comment' /* ' */ 'x'", "string['// no comment'] string['x']");
}

static void what_does_not_end_spoils_its_line_only(void **state)
{
    (void)state;
    lexes("a = \"b;\nc = d;", "name[a] op[=] bad[\"b;] name[c] op[=] name[d] op[;]");
    lexes("'x\r\ny \"z\" /", "bad['x] name[y] string[\"z\"] op[/]");
    lexes("'x\n\\' 'y\n'z' \"w", "string['x\n\\' '] name[y] string['z'] bad[\"w]");
    lexes("a /* b\nc", "name[a] bad[/* b\nc]");
    lexes("#localmacro.X\n a", "bad[#localmacro.X] name[a]");
}

static void comments_and_blanks_are_no_tokens(void **state)
{
    (void)state;
    lexes("", "");
    lexes("// a\r\n/* b\n*/\t/// c", "");
    lexes("a//b\nc/**/d", "name[a] name[c] name[d]");
    lexes("\xEF\xBB\xBF"
          "a\xC2\xA0"
          "b",
          "name[a] name[b]");
}

static void macros_and_directives_are_told_apart(void **state)
{
    (void)state;
    lexes("#AOT #X(1)", "macro[#AOT] macro[#X] op[(] int[1] op[)]");
    lexes("#define.X(f(1)) a", "directive[#define.X(f(1))] name[a]");
    lexes("#Define.X // b", "directive[#Define.X]");
    lexes("#define.X(\")\" 'it) c", "directive[#define.X(\")\" 'it)] name[c]");
    lexes("#define.X(:( \nd", "directive[#define.X(:(] name[d]");
    lexes("#if.X(1)\n#ifnot.Y\n#endif\n#undef.Z",
          "directive[#if.X(1)] directive[#ifnot.Y] directive[#endif] directive[#undef.Z]");
    lexes("#macrolib.File x #linenumber #define",
          "directive[#macrolib.File] name[x] macro[#linenumber] macro[#define]");
    lexes("# #; a", "bad[#] bad[#] op[;] name[a]");
}

static void the_body_of_a_macro_is_one_token(void **state)
{
    (void)state;
    lexes("#localmacro.X\n a(%1, 'it\n#EndMacro b", "body[#localmacro.X\n a(%1, 'it\n#EndMacro] name[b]");
    lexes("#macro.X #endmacro #globalmacro.Y #endmacro", "body[#macro.X #endmacro] body[#globalmacro.Y #endmacro]");
    lexes("a == %1 % 2", "name[a] op[==] macro[%1] op[%] int[2]");
}

static void patterns_have_metavariables(void **state)
{
    (void)state;
    lexes_as(LEX_PATTERN, "$x.f(..., $y1) $", "meta[$x] op[.] name[f] op[(] meta[...] op[,] meta[$y1] op[)] bad[$]");
    lexes("$x ...", "bad[$] name[x] op[.] op[.] op[.]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_are_found_without_case_and_names_may_have_any_letters),
        cmocka_unit_test(every_keyword_is_found),
        cmocka_unit_test(every_operator_is_found),
        cmocka_unit_test(hashes_go_by_letters_and_not_by_case),
        cmocka_unit_test(numbers_have_many_forms),
        cmocka_unit_test(strings_have_escapes_doubled_quotes_and_lines),
        cmocka_unit_test(what_does_not_end_spoils_its_line_only),
        cmocka_unit_test(comments_and_blanks_are_no_tokens),
        cmocka_unit_test(macros_and_directives_are_told_apart),
        cmocka_unit_test(the_body_of_a_macro_is_one_token),
        cmocka_unit_test(patterns_have_metavariables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
