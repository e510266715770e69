#include "conf/contract.h"
#include "conf/callbook.h"
#include "unit/folder.h"

#define MANIFEST                                                                                                       \
    "name: mini\n"                                                                                                     \
    "title: A small package\n"                                                                                         \
    "version: 1.0\n"                                                                                                   \
    "from: {name: Old, version: 1}\n"                                                                                  \
    "to: {name: New, version: 2}\n"                                                                                    \
    "source: {schema: dbo}\n"                                                                                          \
    "home: {hq: [item]}\n"                                                                                             \
    "settings:\n"                                                                                                      \
    "  limit: {default: 9, about: rows}\n"                                                                             \
    "calls:\n"                                                                                                         \
    "  methods: [Pay, Settle, Look, SignIn, Fax, Forgotten]\n"                                                         \
    "  unsupported:\n"                                                                                                 \
    "    Fax: nobody sends faxes\n"                                                                                    \
    "staff: {of: \"{password}\"}\n"

#define PAY                                                                                                            \
    "-- title: pays\n-- also: Settle\n-- why: money\n-- effect: money\n-- parameter: card str 5\n"                     \
    "-- parameter: amount real optional\n-- returns: row\n-- payload: a, b\n-- error: NoCard: there is none\n"
#define LOOK "-- title: looks\n-- why: eyes\n-- effect: read\n-- returns: nothing\n"
#define SIGN                                                                                                           \
    "-- title: signs in\n-- why: who\n-- effect: write\n-- parameter: who str 9\n-- parameter: pw str 9\n"             \
    "-- password: check who pw\n-- returns: nothing\n"

static const char *const files[][2] = {
    {"package.yaml", MANIFEST},
    {"schema/10_tables.sql", "create table hq.item (recid bigint);\n"},
    {"schema/calls.sql", "create schema if not exists hq_call;\n"},
    {"up/item.sql", "-- key: recid\nselect i.recid from old.item i"},
    {"calls/Pay.sql", PAY "select :card, :amount limit :limit;\n"},
    {"calls/Look.sql", LOOK "select 1"},
    {"calls/SignIn.sql", SIGN "select :who"},
    {"staff/find.sql", "select :staff"},
    {"staff/set.sql", "update hq.item set recid = 1"},
    {"staff/workers.sql", "select 1"},
};

static struct folder make_package(void)
{
    struct folder f = folder_make();
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        folder_put(&f, files[i][0], files[i][1]);
    return f;
}

static void refused(const char *file, const char *text, const char *message)
{
    SCOPED_FOLDER f = make_package();
    struct err err;
    struct package *pkg = NULL;
    if (text)
        folder_put(&f, file, text);
    else
        assert_int_equal(remove(folder_path(&f, file)), 0);
    assert_false(package_load(f.path, NULL, f.a, &pkg, &err));
    assert_int_equal(err.code, ERR_PACKAGE);
    assert_string_equal(err.message, message);
}

static struct package *load(const struct folder *f)
{
    struct err err;
    struct package *pkg = NULL;
    must(package_load(f->path, NULL, f->a, &pkg, &err));
    return pkg;
}

static void every_method_has_one_fate(void **state)
{
    SCOPED_FOLDER f = make_package();
    const struct package *p = load(&f);
    const struct package_file *file = NULL;
    const char *reason = NULL;
    (void)state;
    assert_int_equal(contract_state(p, STR("Pay"), &file, &reason), CONTRACT_ANSWERED);
    assert_string_equal(file->path, "calls/Pay.sql");
    assert_int_equal(contract_state(p, STR("Settle"), &file, &reason), CONTRACT_ANSWERED);
    assert_string_equal(file->path, "calls/Pay.sql");
    assert_int_equal(contract_state(p, STR("Fax"), &file, &reason), CONTRACT_UNSUPPORTED);
    assert_string_equal(reason, "nobody sends faxes");
    assert_null(file);
    assert_int_equal(contract_state(p, STR("Forgotten"), NULL, NULL), CONTRACT_MISSING);
    assert_int_equal(contract_state(p, STR("Other"), NULL, NULL), CONTRACT_UNKNOWN);
    assert_int_equal(contract_state(p, STR("Pa"), NULL, NULL), CONTRACT_UNKNOWN);
    assert_string_equal(p->n1_staff.of, "{password}");
    assert_string_equal(p->n1_staff.hash, "sha256");
}

static void settings_are_replaced_and_parameters_stay(void **state)
{
    SCOPED_FOLDER f = make_package();
    (void)state;
    assert_string_equal(package_find(&load(&f)->calls, "Pay")->body, "select :card, :amount limit 9");
}

static void headers_of_calls_are_checked(void **state)
{
    (void)state;
    refused("calls/Look.sql", "-- title: x\nselect 1", "calls/Look.sql:1: the header of this call lacks `-- why: ...`");
    refused("calls/Look.sql", LOOK "-- effect: read\nselect 1",
            "calls/Look.sql:5: the header word 'effect' is given twice");
    refused("calls/Look.sql", "-- title: x\n-- why: x\n-- effect: none\n-- returns: nothing\nselect 1",
            "calls/Look.sql:3: 'effect' is one of: read, write, money; not 'none'");
    refused("calls/Look.sql", "-- title: x\n-- why: x\n-- effect: read\n-- returns: row\nselect 1",
            "calls/Look.sql:1: the header of this call lacks `-- payload: ...`: the names of what it returns");
    refused("calls/Look.sql", LOOK "-- parameter: card str\nselect 1",
            "calls/Look.sql:5: a str has its length behind it, 1 to 65536 characters: `giftCardId str 30`");
    refused("calls/Look.sql", LOOK "-- error: there is none\nselect 1",
            "calls/Look.sql:5: 'error' is a code and a sentence: `-- error: GiftCardUnknown: there is no such card`");
    refused("calls/Look.sql", LOOK "-- password: check who\nselect 1",
            "calls/Look.sql:5: 'password' is `check STAFF PASSWORD`, `change STAFF PASSWORD NEW` or `reset STAFF NEW`, "
            "each the name of a parameter");
    refused("calls/Look.sql", LOOK "delete from hq.item",
            "calls/Look.sql:5: the statement has to be a SELECT, not 'delete'");
    refused("calls/Look.sql", LOOK "select 1; select 2", "calls/Look.sql:5: only one statement may stand here");
}

static void what_files_say_of_each_other_is_checked(void **state)
{
    (void)state;
    refused("calls/Look.sql", LOOK "-- also: Pay\nselect 1",
            "calls/Pay.sql: the method Pay is answered by calls/Look.sql already");
    refused("calls/Fax.sql", LOOK "select 1", "package.yaml: Fax is not supported, but calls/Fax.sql answers it");
    refused("calls/Look.sql", LOOK "-- parameter: a int\n-- parameter: a int\nselect 1",
            "calls/Look.sql:6: the parameter a is there already");
    refused("calls/Look.sql", LOOK "-- parameter: store int\nselect 1",
            "calls/Look.sql:5: the parameter store is there already: it is the store that calls");
    refused("calls/Look.sql", LOOK "-- parameter: limit int\nselect 1",
            "calls/Look.sql:5: the package has a setting limit, too");
    refused("calls/Look.sql", LOOK "-- password: reset who new\nselect 1",
            "calls/Look.sql: 'password' names who, which is no parameter of the call");
    refused("staff/set.sql", NULL, "calls/SignIn.sql: a call with passwords needs staff/set.sql");
    refused("calls/two words.sql", LOOK "select 1",
            "calls/two words.sql: the name of the file is not the name of a method");
}

static void manifest_refused(const char *from, const char *to, const char *message)
{
    SCOPED(arena) a = arena_new();
    const char *at = strstr(MANIFEST, from);
    assert_non_null(at);
    refused("package.yaml", arena_printf(a, "%.*s%s%s", (int)(at - MANIFEST), MANIFEST, to, at + strlen(from)),
            message);
}

static void mistakes_in_the_manifest_have_a_place(void **state)
{
    (void)state;
    manifest_refused(
        "methods:", "method:", "package.yaml:11:3: unknown key 'method' in calls; did you mean 'methods'?");
    manifest_refused("[Pay, Settle", "[Pay, Pay", "package.yaml:11:18: the method Pay is listed twice");
    manifest_refused("[Pay, Settle", "[Pay, no-name", "package.yaml:11:18: 'no-name' is not the name of a method");
    manifest_refused("Fax: nobody sends faxes", "Faxes: gone",
                     "package.yaml:13:5: the method 'Faxes' is not in 'methods'");
    manifest_refused("Fax: nobody sends faxes", "Fax:", "package.yaml:13:9: say why Fax is not supported");
    manifest_refused("{of:", "{off:", "package.yaml:14:9: unknown key 'off' in staff; did you mean 'of'?");
}

static void the_page_for_clients_has_every_method(void **state)
{
    static const char *const parts[] = {"### Pay\n",
                                        "Also called `Settle`.",
                                        "| `card` | str 5 |  |",
                                        "| `amount` | real | optional |",
                                        "Payload: a, b.",
                                        "| `NoCard` | there is none |",
                                        "Moves money: needs a `key`.",
                                        "| `Fax` | nobody sends faxes |"};
    SCOPED_FOLDER f = make_package();
    SCOPED_BUF page = {0};
    (void)state;
    callbook_put(&page, load(&f));
    for (size_t i = 0; i < ARRAY_LEN(parts); i++)
        if (!strstr(buf_text(&page), parts[i]))
            fail_msg("the page has no <%s>", parts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_has_one_fate),
        cmocka_unit_test(settings_are_replaced_and_parameters_stay),
        cmocka_unit_test(headers_of_calls_are_checked),
        cmocka_unit_test(what_files_say_of_each_other_is_checked),
        cmocka_unit_test(mistakes_in_the_manifest_have_a_place),
        cmocka_unit_test(the_page_for_clients_has_every_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
