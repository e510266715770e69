#include "conf/yaml.h"
#include "base/buf.h"
#include "test.h"

static void refused(struct str text, const char *message)
{
    SCOPED(arena) a = arena_new();
    struct yaml *y = NULL;
    struct err err = {0};
    assert_false(yaml_parse(text, "f.yaml", ERR_CONFIG, a, &y, &err));
    assert_int_equal(err.code, ERR_CONFIG);
    assert_string_equal(err.message, message);
}

static const struct yaml *parsed(struct arena *a, const char *text)
{
    struct yaml *y = NULL;
    struct err err;
    must(yaml_parse(str_of(text), "f.yaml", ERR_CONFIG, a, &y, &err));
    return y;
}

static void values_have_kind_text_and_place(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const struct yaml *y = parsed(a, "a: 1\nlist:\n  - x\n  - \"y z\"\nmap: {k: v}\nempty:\n");
    assert_int_equal(y->root->n, 4);
    assert_string_equal(yaml_get(y->root, "a")->text, "1");
    const struct yaml_node *list = yaml_get(y->root, "list");
    assert_int_equal(list->kind, YAML_LIST);
    assert_string_equal(list->items[1].value->text, "y z");
    assert_true(list->items[1].value->quoted);
    assert_int_equal(list->items[1].value->line, 4);
    assert_int_equal(list->items[1].value->column, 5);
    assert_string_equal(yaml_get(yaml_get(y->root, "map"), "k")->text, "v");
    assert_string_equal(yaml_get(y->root, "empty")->text, "");
    assert_int_equal(y->root->items[2].line, 5);
    assert_null(yaml_get(y->root, "b"));
    assert_null(yaml_get(list, "x"));
}

static void null_words_are_empty_unless_quoted(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    const struct yaml *y = parsed(a, "a: ~\nb: null\nc: 'null'\nd: |\n  two\n  lines\n");
    assert_string_equal(yaml_get(y->root, "a")->text, "");
    assert_string_equal(yaml_get(y->root, "b")->text, "");
    assert_string_equal(yaml_get(y->root, "c")->text, "null");
    assert_string_equal(yaml_get(y->root, "d")->text, "two\nlines\n");
}

static void an_empty_file_is_an_empty_mapping(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    static const char *const texts[] = {"", "# only a comment\n", "---\n", "~"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        const struct yaml *y = parsed(a, texts[i]);
        assert_int_equal(y->root->kind, YAML_MAP);
        assert_int_equal(y->root->n, 0);
    }
}

static void what_hides_its_meaning_is_refused(void **state)
{
    (void)state;
    refused(STR("a: 1\nb: 2\na: 3\n"), "f.yaml:3:1: 'a' is given twice, first in line 1");
    refused(STR("a: &x 1\n"), "f.yaml:1:4: anchors (&name) and tags (!name) are not supported here");
    refused(STR("a: &x [1]\n"), "f.yaml:1:4: anchors (&name) and tags (!name) are not supported here");
    refused(STR("a: &x {b: 1}\n"), "f.yaml:1:4: anchors (&name) and tags (!name) are not supported here");
    refused(STR("a: *x\n"), "f.yaml:1:4: aliases (*name) are not supported here; write the value out");
    refused(STR("a: !!int 1\n"), "f.yaml:1:4: anchors (&name) and tags (!name) are not supported here");
    refused(STR("<<: {a: 1}\n"), "f.yaml:1:1: merge keys are not supported here; write the values out");
    refused(STR("? [a]\n: 1\n"), "f.yaml:1:3: a key has to be plain text");
    refused(STR("a: 1\n---\nb: 1\n"), "f.yaml:2:1: only one YAML document may stand in a file");
    refused(STR("a: \"x\\0y\"\n"), "f.yaml:1:4: a value may not hold a zero byte");
}

static void what_is_no_yaml_has_a_place(void **state)
{
    (void)state;
    refused(STR("a: [1, 2\n"), "f.yaml:2:1: did not find expected ',' or ']'");
    refused(STR("a: b: c\n"), "f.yaml:1:5: mapping values are not allowed in this context");
    refused(STR("a: \"x\n"), "f.yaml:2:1: found unexpected end of stream");
    refused(STR("\ta: 1\n"), "f.yaml:1:1: found character that cannot start any token");
    refused(STR("a: \xff\n"), "f.yaml: invalid leading UTF-8 octet at byte 3");
}

static void depth_and_number_of_values_are_bounded(void **state)
{
    (void)state;
    SCOPED_BUF deep = {0}, many = {0};
    for (int i = 0; i < 100; i++)
        buf_putc(&deep, '[');
    for (int i = 0; i < 100; i++)
        buf_putc(&deep, ']');
    refused(buf_str(&deep), "f.yaml:1:33: nested too deeply");
    for (int i = 0; i <= YAML_NODES_MAX; i++)
        buf_puts(&many, "- a\n");
    refused(buf_str(&many), "f.yaml:200000:3: too many values in one file");
    while (many.n <= YAML_SIZE_MAX)
        buf_puts(&many, "# a comment that makes the file longer and longer and longer\n");
    refused(buf_str(&many), "f.yaml: larger than 4 MB");
}

static void expectations_say_what_is_wrong(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    struct err err;
    const struct yaml *y = parsed(a, "list: [1]\nmap: {key: 1}\nempty:\n");
    const struct yaml_node *list = yaml_get(y->root, "list"), *map = yaml_get(y->root, "map");
    assert_true(yaml_expect(y, list, YAML_LIST, "list", &err));
    assert_false(yaml_expect(y, list, YAML_MAP, "list", &err));
    assert_string_equal(err.message, "f.yaml:1:7: 'list' has to be a mapping (`key: value`), not a list");
    assert_false(yaml_expect(y, map, YAML_SCALAR, "map", &err));
    assert_string_equal(err.message, "f.yaml:2:6: 'map' has to be a single value, not a mapping");
    assert_false(yaml_expect(y, yaml_get(y->root, "empty"), YAML_LIST, "empty", &err));
    assert_string_equal(err.message, "f.yaml:3:7: 'empty' has to be a list (`- item` or [a, b]), not empty");
    assert_false(yaml_expect(y, list, YAML_MAP, "", &err));
    assert_string_equal(err.message, "f.yaml:1:7: the file has to be a mapping (`key: value`), not a list");
}

static void unknown_keys_get_the_nearest_name(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    static const char *const names[] = {"schema", "require"};
    struct err err;
    const struct yaml *y = parsed(a, "schema: a\n  \nrequier: b\n");
    assert_false(yaml_expect_keys(y, y->root, "source", names, 2, &err));
    assert_string_equal(err.message, "f.yaml:3:1: unknown key 'requier' in source; did you mean 'require'?");
    y = parsed(a, "zzz: 1\n");
    assert_false(yaml_expect_keys(y, y->root, "", names, 2, &err));
    assert_string_equal(err.message, "f.yaml:1:1: unknown key 'zzz'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_have_kind_text_and_place),   cmocka_unit_test(null_words_are_empty_unless_quoted),
        cmocka_unit_test(an_empty_file_is_an_empty_mapping), cmocka_unit_test(what_hides_its_meaning_is_refused),
        cmocka_unit_test(what_is_no_yaml_has_a_place),       cmocka_unit_test(depth_and_number_of_values_are_bounded),
        cmocka_unit_test(expectations_say_what_is_wrong),    cmocka_unit_test(unknown_keys_get_the_nearest_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
