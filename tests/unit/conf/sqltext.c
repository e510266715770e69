#include "conf/sqltext.h"
#include "conf/package.h"
#include "test.h"

static void replaced(const char *sql, const char *want)
{
    SCOPED(arena) a = arena_new();
    SCOPED(map) values = map_new();
    map_put(values, STR("n"))->value = (void *)"42";
    map_put(values, STR("word"))->value = (void *)"it's";
    map_put(values, STR("path"))->value = (void *)"a\\b'c";
    assert_string_equal(package_substitute(sql, values, a), want);
}

static void settings_are_replaced_as_they_are_or_quoted(void **state)
{
    (void)state;
    replaced("select :n", "select 42");
    replaced("select :n+:n,:n::int", "select 42+42,42::int");
    replaced("select :'n', :'word'", "select '42', 'it''s'");
    replaced("select:'path'", "select E'a\\\\b''c'");
    replaced("select x[1:n]", "select x[142]");
}

static void what_is_no_setting_stays(void **state)
{
    (void)state;
    replaced("select :unknown, :'unknown', :nn, : n, :\"n\", :1", "select :unknown, :'unknown', :nn, : n, :\"n\", :1");
    replaced("select a::n, a :: n", "select a::n, a :: n");
    replaced("x := n; y :=:n", "x := n; y :=42");
    replaced(":'n", ":'n");
    replaced("", "");
}

static void nothing_is_replaced_in_strings_and_comments(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "select ':n', '''', 'a'':n'",
        "select \":n\", \"a\"\":n\"",
        "select E'\\':n', e'\\\\\\':n'",
        "-- :n\nselect 1 -- it's :n",
        "/* :n /* :n */ :n */ select 1",
        "$$ :n $$",
        "$a$ :n $b$ $$ :n $a$",
        "select 'unended :n",
        "/* unended :n",
        "$x$ unended :n $x",
        "a$b$ :x $b$",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        replaced(texts[i], texts[i]);
}

static void replacing_goes_on_behind_them(void **state)
{
    (void)state;
    replaced("'\\' :n", "'\\' 42");
    replaced("$$ x $$:n", "$$ x $$42");
    replaced("$1:n $a :n", "$142 $a 42");
    replaced("a$b$:n$b$", "a$b$42$b$");
    replaced("/* a */:n-- :n\n:n", "/* a */42-- :n\n42");
    replaced("U&'\\0041':n", "U&'\\0041'42");
    replaced("e :n", "e 42");
    replaced("1e:n", "1e42");
}

static void stripped(const char *sql, const char *want)
{
    struct str got = sqltext_strip(str_of(sql));
    assert_true(str_is(got, want));
}

static void the_last_semicolon_goes_with_what_follows(void **state)
{
    (void)state;
    stripped("select 1;\n", "select 1");
    stripped("select 1 ; -- done\n/* really */ ;", "select 1");
    stripped("select ';'", "select ';'");
    stripped("select 1 -- a;\n", "select 1 -- a;");
    stripped("a; b;", "a; b");
    stripped("a; b", "a; b");
    stripped(" ;", "");
    stripped("", "");
}

static void the_header_ends_at_the_first_other_line(void **state)
{
    (void)state;
    assert_int_equal(sqltext_header_length(STR("-- a\n\n  -- b\r\nselect 1")), 14);
    assert_int_equal(sqltext_header_length(STR("select 1 -- a")), 0);
    assert_int_equal(sqltext_header_length(STR("-- only")), 7);
    assert_int_equal(sqltext_header_length(STR("/* a */\n-- b")), 0);
    assert_int_equal(sqltext_header_length(STR("")), 0);
}

static void an_open_end_is_noticed(void **state)
{
    (void)state;
    static const char *const open[] = {"'a", "\"a", "E'a\\'", "$$a", "$a$ $$", "/* /* */"};
    for (size_t i = 0; i < ARRAY_LEN(open); i++) {
        struct str rest = str_of(open[i]);
        struct sqltext_token t = sqltext_next(&rest);
        assert_true(t.unended);
        assert_int_equal(rest.n, 0);
    }
}

static void a_position_is_counted_in_characters(void **state)
{
    (void)state;
    assert_int_equal(sqltext_line("select 1", 0, 1), 1);
    assert_int_equal(sqltext_line("a\nb\nc", 0, 3), 2);
    assert_int_equal(sqltext_line("a\nb\nc", 0, 5), 3);
    /* Three bytes, one character. */
    assert_int_equal(sqltext_line("\xE2\x82\xAC\nb", 0, 3), 2);
    assert_int_equal(sqltext_line("a\nb", 0, 99), 2);
}

static void without_a_position_it_is_the_begin_of_the_statement(void **state)
{
    (void)state;
    const char *sql = "-- first; not a statement\nselect ';'\n;\n\n;\ndo $$ begin; end $$;\n/* ; */ select 3";
    assert_int_equal(sqltext_line(sql, 0, 0), 2);
    assert_int_equal(sqltext_line(sql, 1, 0), 6);
    assert_int_equal(sqltext_line(sql, 2, 0), 7);
    assert_int_equal(sqltext_line(sql, 3, 0), 7);
    assert_int_equal(sqltext_line("", 0, 0), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(settings_are_replaced_as_they_are_or_quoted),
        cmocka_unit_test(what_is_no_setting_stays),
        cmocka_unit_test(nothing_is_replaced_in_strings_and_comments),
        cmocka_unit_test(replacing_goes_on_behind_them),
        cmocka_unit_test(the_last_semicolon_goes_with_what_follows),
        cmocka_unit_test(the_header_ends_at_the_first_other_line),
        cmocka_unit_test(an_open_end_is_noticed),
        cmocka_unit_test(a_position_is_counted_in_characters),
        cmocka_unit_test(without_a_position_it_is_the_begin_of_the_statement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
