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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
