#include "conf/command.h"
#include "conf/help.h"
#include "conf/manual.h"
#include "test.h"

#define ARGV_MAX 16

/* Parses "carryover WORDS", words separated by single spaces. */
static bool parse(const char *words, struct arena *a, struct command_call **ret, struct err *err)
{
    char *argv[ARGV_MAX + 1] = {(char *)"carryover"};
    int argc = 1;
    for (struct str rest = str_of(words); rest.n;)
        argv[argc++] = arena_dup_str(a, str_split(&rest, ' '));
    return command_parse(argc, argv, a, ret, err);
}

static void refused(const char *words, const char *message, const char *hint)
{
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) call = NULL;
    struct err err = {0};
    assert_false(parse(words, a, &call, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.message, message);
    assert_string_equal(err.hint, hint);
    assert_non_null(call);
}

static void a_command_may_have_one_word_or_two(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) one = NULL;
    SCOPED(command_call) two = NULL;
    struct err err;
    must(parse("explain usage", a, &one, &err));
    assert_int_equal(command_id(one), COMMAND_ID_EXPLAIN);
    assert_string_equal(command_arg(one, 0), "usage");
    assert_null(command_arg(one, 1));
    must(parse("package check dir", a, &two, &err));
    assert_int_equal(command_id(two), COMMAND_ID_PACKAGE_CHECK);
    assert_string_equal(command_arg(two, 0), "dir");
}

static void the_longest_name_wins_and_the_rest_are_arguments(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) two = NULL;
    SCOPED(command_call) three = NULL;
    struct err err;
    must(parse("n1 stores HOUSTON", a, &two, &err));
    assert_int_equal(command_id(two), COMMAND_ID_N1_STORES);
    assert_string_equal(command_arg(two, 0), "HOUSTON");
    must(parse("n1 --json stores add --name x HOUSTON", a, &three, &err));
    assert_int_equal(command_id(three), COMMAND_ID_N1_STORES_ADD);
    assert_string_equal(command_arg(three, 0), "HOUSTON");
    assert_string_equal(command_text(three, OPTION_NAME), "x");
}

static void options_may_stand_anywhere(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "--json -C dir package check x",        "package --json --project=dir check x",
        "package check x --project dir --json", "package check -Cdir --json -- x",
        "package check -vCdir --json x",
    };
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        SCOPED(arena) a = arena_new();
        SCOPED(command_call) call = NULL;
        struct err err;
        must(parse(lines[i], a, &call, &err));
        assert_int_equal(command_id(call), COMMAND_ID_PACKAGE_CHECK);
        assert_true(command_flag(call, OPTION_JSON));
        assert_false(command_flag(call, OPTION_QUIET));
        assert_string_equal(command_text(call, OPTION_PROJECT), "dir");
        assert_string_equal(command_dir(call), "dir");
        assert_string_equal(command_arg(call, 0), "x");
    }
}

static void the_last_value_counts_and_lists_keep_all(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) call = NULL;
    struct err err;
    size_t n = 0;
    must(parse("init --source a --source b --set workers=1 --set slot=x=y", a, &call, &err));
    assert_string_equal(command_text(call, OPTION_SOURCE), "b");
    const char *const *list = command_list(call, OPTION_SET, &n);
    assert_int_equal(n, 2);
    assert_string_equal(list[1], "slot=x=y");
    assert_string_equal(map_get(command_settings(call), STR("source")), "b");
    assert_string_equal(map_get(command_settings(call), STR("workers")), "1");
    assert_string_equal(map_get(command_settings(call), STR("slot")), "x=y");
}

static void without_a_command_there_is_help(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) call = NULL;
    struct err err;
    must(parse("", a, &call, &err));
    assert_int_equal(command_id(call), COMMAND_ID_HELP);
}

static void help_is_given_whatever_is_missing(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) call = NULL;
    struct err err;
    must(parse("explain a b c --help", a, &call, &err));
    assert_int_equal(command_id(call), COMMAND_ID_EXPLAIN);
    assert_true(command_flag(call, OPTION_HELP));
}

static void the_project_comes_from_the_environment_too(void **state)
{
    (void)state;
    SCOPED(arena) a = arena_new();
    SCOPED(command_call) call = NULL;
    struct err err;
    must(parse("explain", a, &call, &err));
    assert_string_equal(command_dir(call), ".");
    setenv("CARRYOVER_PROJECT", "/p", 1);
    assert_string_equal(command_dir(call), "/p");
    unsetenv("CARRYOVER_PROJECT");
}

static void slips_get_a_suggestion(void **state)
{
    (void)state;
    refused("explian", "there is no command 'explian'", "did you mean `carryover explain`?");
    refused("pakage check", "there is no command 'pakage'", "did you mean `carryover package check`?");
    refused("package chekc", "'package' has no 'chekc'; it has: check", "did you mean `carryover package check`?");
    refused("zzzzzz", "there is no command 'zzzzzz'", "`carryover help` lists the commands");
    refused("package", "'package' needs one of: check", "");
    refused("n1 stores asd HOUSTON",
            "`carryover n1 stores` has no 'asd'; it has: add, import, pause, resume, rotate, remove",
            "did you mean `carryover n1 stores add`?");
    refused("server strat", "'server' has no 'strat'; it has: start, stop, status, uri",
            "did you mean `carryover server start`?");
    refused("replicate strt", "'replicate' has no 'strt'; it has: start, status, stop, reset",
            "did you mean `carryover replicate start`?");
    refused("explain --jsn", "there is no option --jsn", "did you mean --json?");
}

static void wrong_options_are_refused(void **state)
{
    (void)state;
    refused("explain -Z", "there is no option -Z", "");
    refused("explain --json=yes", "the option --json takes no value", "");
    refused("explain --project", "the option --project needs a value: DIR", "");
    refused("explain -C", "the option -C needs a value: DIR", "");
    refused("explain --log-format xml", "--log-format has to be one of text|json, not 'xml'", "");
    refused("version --markdown", "`carryover version` has no option --markdown", "it is an option of: reference");
    refused("init --set workers", "--set takes KEY=VALUE, not 'workers'", "");
    refused("init --set =1", "--set takes KEY=VALUE, not '=1'", "");
}

static void arguments_are_counted(void **state)
{
    (void)state;
    refused("explain a b", "`carryover explain` takes [CODE] only; 'b' is too many", "");
    refused("version now", "`carryover version` takes no argument, but got 'now'", "");
}

static void json_is_known_even_when_the_line_is_wrong(void **state)
{
    (void)state;
    static const char *const lines[] = {"--json zzzzzz", "--nonsense zzzzzz --json", "explain a b --json"};
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        SCOPED(arena) a = arena_new();
        SCOPED(command_call) call = NULL;
        struct err err;
        assert_false(parse(lines[i], a, &call, &err));
        assert_true(command_flag(call, OPTION_JSON));
    }
}

/* The parser takes the arity of an option before it knows the command. */
static void rows_of_one_name_are_of_one_kind(void **state)
{
    (void)state;
    for (int i = 0; i < OPTION_COUNT; i++) {
        const struct option_info *a = option_info((enum option)i);
        for (int j = 0; j < i; j++) {
            const struct option_info *b = option_info((enum option)j);
            if (strcmp(a->name, b->name) == 0)
                assert_true(a->kind == b->kind && a->letter == b->letter);
            else
                assert_true(!a->letter || a->letter != b->letter);
        }
        assert_int_equal(a->kind == OPTION_KIND_FLAG, !a->value[0]);
    }
}

static void every_option_belongs_to_a_command(void **state)
{
    (void)state;
    for (int o = 0; o < OPTION_COUNT; o++) {
        int owners = 0;
        for (int id = 0; id < COMMAND_COUNT; id++)
            owners += option_applies((enum option)o, (enum command_id)id);
        assert_true(owners > 0);
        struct str name = str_of(option_info((enum option)o)->name);
        bool is_setting = false;
        for (int s = 0; s < SETTING_COUNT; s++)
            is_setting = is_setting || str_is(name, setting_info((enum setting)s)->key);
        assert_true(option_info((enum option)o)->kind != OPTION_KIND_SETTING || is_setting);
    }
}

static void every_command_has_help_and_a_manual_page(void **state)
{
    (void)state;
    for (int id = 0; id < COMMAND_COUNT; id++) {
        SCOPED_BUF help = {0}, page = {0};
        const struct command *c = command_info((enum command_id)id);
        assert_int_equal(command_find(c->name), id);
        assert_true(c->summary[0] && c->text[strlen(c->text) - 1] == '.');
        help_put_command(&help, (enum command_id)id, 80);
        assert_non_null(strstr(help.p, c->name));
        manual_put_command(&page, (enum command_id)id);
        assert_non_null(strstr(page.p, ".SH NAME\n"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_command_may_have_one_word_or_two),
        cmocka_unit_test(the_longest_name_wins_and_the_rest_are_arguments),
        cmocka_unit_test(options_may_stand_anywhere),
        cmocka_unit_test(the_last_value_counts_and_lists_keep_all),
        cmocka_unit_test(without_a_command_there_is_help),
        cmocka_unit_test(help_is_given_whatever_is_missing),
        cmocka_unit_test(the_project_comes_from_the_environment_too),
        cmocka_unit_test(slips_get_a_suggestion),
        cmocka_unit_test(wrong_options_are_refused),
        cmocka_unit_test(arguments_are_counted),
        cmocka_unit_test(json_is_known_even_when_the_line_is_wrong),
        cmocka_unit_test(rows_of_one_name_are_of_one_kind),
        cmocka_unit_test(every_option_belongs_to_a_command),
        cmocka_unit_test(every_command_has_help_and_a_manual_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
