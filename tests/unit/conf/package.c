#include "conf/package.h"
#include "unit/folder.h"

#define MANIFEST                                                                                                       \
    "name: mini\n"                                                                                                     \
    "title: A small package\n"                                                                                         \
    "version: 1.0\n"                                                                                                   \
    "from: {name: Old, version: 1}\n"                                                                                  \
    "to: {name: New, version: \"2.0\"}\n"                                                                              \
    "source:\n"                                                                                                        \
    "  schema: dbo\n"                                                                                                  \
    "  require:\n"                                                                                                     \
    "    item: [recid, name]\n"                                                                                        \
    "home:\n"                                                                                                          \
    "  hq: [item]\n"                                                                                                   \
    "  store: [sale]\n"                                                                                                \
    "dropped:\n"                                                                                                       \
    "  ems*: meters are gone\n"                                                                                        \
    "settings:\n"                                                                                                      \
    "  tolerance: {default: \"0.005\", about: rounding of money}\n"                                                    \
    "sample:\n"                                                                                                        \
    "  stages:\n"                                                                                                      \
    "    - [10_schema.sql]\n"                                                                                          \
    "    - [20_items.sql, 21_sales.sql]\n"                                                                             \
    "  workload: workload.sql\n"

static const char *const files[][2] = {
    {"package.yaml", MANIFEST},
    {"schema/10_tables.sql", "create table hq.item (recid bigint);\ncreate table hq.sale (recid bigint);\n"},
    {"up/item.sql", "-- Items as they are.\n-- key: recid\n-- rounds: price, cost: fewer decimals\n\n"
                    "select i.recid,\n       :tolerance::numeric as t\nfrom   old.item i;\n"},
    {"up/sale.sql", "-- key: recid\nselect s.recid from old.sale s"},
    {"down/item.sql", "-- key: recid\n-- loses: pallet: pallets are gone\nselect i.recid from hq.item i"},
    {"final/10_numbers.sql", "select 1;\n"},
    {"laws/A1.sql", "-- id: A1\n-- title: sums\n-- kind: conservation\n-- key: a\n-- compare: n exact, s :tolerance\n"
                    "-- area: ledger\n-- why: because\nselect a, n, s from t"},
    {"laws/A2.old.sql",
     "-- id: A2\n-- title: t\n-- kind: invariant\n-- key: a\n-- area: x\n-- why: w\nselect a from t where false"},
    {"laws/A2.hq.sql", "select a from u where false"},
    {"analyze/R1.sql", "-- id: R1\n-- section: data\n-- severity: warning\n-- title: t\n-- why: w\n-- fix: f\n"
                       "-- threshold: days 90\nselect 'x' as subject where :days > 1 and :'tolerance' <> ''"},
    {"sample/10_schema.sql", "create schema dbo;"},
    {"sample/20_items.sql", "select :scale;"},
    {"sample/21_sales.sql", "select 1;"},
    {"sample/workload.sql", "select 2;"},
};

static struct folder make_package(void)
{
    struct folder f = folder_make();
    for (size_t i = 0; i < ARRAY_LEN(files); i++)
        folder_put(&f, files[i][0], files[i][1]);
    return f;
}

static struct package *load(const struct folder *f, const struct map *overrides)
{
    struct err err;
    struct package *pkg = NULL;
    must(package_load(f->path, overrides, f->a, &pkg, &err));
    return pkg;
}

/* The package with one file replaced (NULL: removed) is refused with this message. */
static void refused(const char *file, const char *text, const char *message)
{
    SCOPED_FOLDER f = make_package();
    struct err err = {0};
    struct package *pkg = NULL;
    if (text)
        folder_put(&f, file, text);
    else
        assert_int_equal(remove(folder_path(&f, file)), 0);
    assert_false(package_load(f.path, NULL, f.a, &pkg, &err));
    assert_int_equal(err.code, ERR_PACKAGE);
    assert_string_equal(err.message, message);
}

/* The same with the first `from` in package.yaml replaced by `to`. */
static void manifest_refused(const char *from, const char *to, const char *message)
{
    SCOPED(arena) a = arena_new();
    const char *at = strstr(MANIFEST, from);
    assert_non_null(at);
    refused("package.yaml", arena_printf(a, "%.*s%s%s", (int)(at - MANIFEST), MANIFEST, to, at + strlen(from)),
            message);
}

static void a_good_package_is_read_whole(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    const struct package *pkg = load(&f, NULL);
    assert_string_equal(pkg->name, "mini");
    assert_string_equal(pkg->from_version, "1");
    assert_string_equal(pkg->to_version, "2.0");
    assert_string_equal(pkg->source_schema, "dbo");
    assert_int_equal(pkg->n_require, 1);
    assert_string_equal(pkg->require[0].columns[1], "name");
    assert_int_equal(pkg->n_homes, 2);
    assert_int_equal(pkg->homes[1].home, HOME_STORE);
    assert_string_equal(pkg->dropped[0].table, "ems*");
    assert_int_equal(pkg->n_stages, 2);
    assert_string_equal(pkg->stages[1].scripts[1], "21_sales.sql");
    assert_string_equal(pkg->workload, "workload.sql");
    assert_int_equal(pkg->up.n, 2);
    assert_int_equal(pkg->laws.n, 3);
    assert_int_equal(strlen(pkg->digest), 32);
}

static void a_lens_has_words_a_body_and_its_line(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    const struct package_file *lens = package_find(&load(&f, NULL)->up, "item");
    assert_string_equal(package_word(lens, "key"), "recid");
    assert_string_equal(package_word(lens, "rounds"), "price, cost: fewer decimals");
    assert_null(package_word(lens, "reload"));
    assert_int_equal(lens->words[1].line, 3);
    assert_string_equal(lens->body, "select i.recid,\n       0.005::numeric as t\nfrom   old.item i");
    assert_int_equal(lens->body_line, 5);
    assert_string_equal(lens->path, "up/item.sql");
}

static void settings_reach_headers_and_sql(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    SCOPED(map) overrides = map_new();
    map_put(overrides, STR("tolerance"))->value = (void *)"0.1";
    const struct package *pkg = load(&f, overrides);
    assert_string_equal(package_word(package_find(&pkg->laws, "A1"), "compare"), "n exact, s 0.1");
    assert_string_equal(package_find(&pkg->analyze, "R1")->body, "select 'x' as subject where 90 > 1 and '0.1' <> ''");
    assert_string_equal(package_find(&pkg->sample, "20_items")->text, "select :scale;");
}

static void an_override_of_an_unknown_setting_is_refused(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    SCOPED(map) overrides = map_new();
    struct err err = {0};
    struct package *pkg = NULL;
    map_put(overrides, STR("tolerence"))->value = (void *)"1";
    assert_false(package_load(f.path, overrides, f.a, &pkg, &err));
    assert_string_equal(err.message, "the package mini has no setting 'tolerence'");
    assert_string_equal(err.hint, "did you mean 'tolerance'?");
}

static void a_threshold_can_be_overridden(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    SCOPED(map) overrides = map_new();
    map_put(overrides, STR("days"))->value = (void *)"7";
    const struct package *pkg = load(&f, overrides);
    assert_string_equal(package_find(&pkg->analyze, "R1")->body, "select 'x' as subject where 7 > 1 and '0.005' <> ''");
}

static void a_rule_may_have_a_script_behind_its_select(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    folder_put(&f, "analyze/R1.sql",
               "-- id: R1\n-- section: data\n-- severity: info\n-- title: t\n-- why: w\n-- threshold: days 90\n"
               "select 1;\n\n-- fix-script:\ndelete from a where d > :days;\ndelete from b limit :chunk;\n");
    const struct package_file *r = package_find(&load(&f, NULL)->analyze, "R1");
    assert_string_equal(r->body, "select 1");
    assert_string_equal(r->fix, "delete from a where d > 90;\ndelete from b limit :chunk;");
    assert_null(package_find(&load(&f, NULL)->laws, "A1")->fix);
}

static void tables_have_modules_and_columns_known_values(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    folder_put(&f, "package.yaml",
               MANIFEST "modules:\n  Sales: [sale*, till]\n  Rest: [\"*\"]\nenums:\n  item.kind: [0, -1]\n");
    const struct package *pkg = load(&f, NULL);
    assert_string_equal(package_module_of(pkg, "sale_line"), "Sales");
    assert_string_equal(package_module_of(pkg, "item"), "Rest");
    assert_int_equal(pkg->n_enums, 1);
    assert_string_equal(pkg->enums[0].table, "item");
    assert_string_equal(pkg->enums[0].column, "kind");
    assert_int_equal(pkg->enums[0].values[1], -1);
    refused("package.yaml", MANIFEST "enums:\n  item: [0]\n", "package.yaml:23:3: 'item' is not table.column");
    refused("package.yaml", MANIFEST "enums:\n  item.kind: [a]\n",
            "package.yaml:23:15: the values of item.kind are whole numbers");
    refused("package.yaml", MANIFEST "modules: [a]\n",
            "package.yaml:22:10: 'modules' has to be a mapping (`key: value`), not a list");
}

static void the_digest_changes_with_any_file(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    char before[33];
    memcpy(before, load(&f, NULL)->digest, sizeof before);
    assert_string_equal(load(&f, NULL)->digest, before);
    folder_put(&f, "up/sale.sql", "-- key: recid\nselect s.recid from old.sale s ");
    assert_string_not_equal(load(&f, NULL)->digest, before);
}

static void a_missing_package_says_so(void **state)
{
    (void)state;
    SCOPED_FOLDER f = folder_make();
    struct err err = {0};
    struct package *pkg = NULL;
    assert_false(package_load(folder_path(&f, "nowhere"), NULL, f.a, &pkg, &err));
    assert_int_equal(err.code, ERR_PACKAGE_MISSING);
    assert_false(package_load(f.path, NULL, f.a, &pkg, &err));
    assert_int_equal(err.code, ERR_PACKAGE_MISSING);
    assert_non_null(strstr(err.message, "package.yaml is missing"));
}

static void mistakes_in_the_manifest_have_a_place(void **state)
{
    (void)state;
    manifest_refused("title: A", "titel: A", "package.yaml:2:1: unknown key 'titel'; did you mean 'title'?");
    manifest_refused("title: A small package\n", "", "package.yaml:1:1: the key 'title' is missing");
    manifest_refused("title: A small package", "title: ", "package.yaml:2:7: 'title' is empty");
    manifest_refused("name: mini", "name: Mini!",
                     "package.yaml:1:7: 'Mini!' is not a package name: lower-case letters, digits and hyphens");
    manifest_refused("from: {name: Old, version: 1}", "from: Old 1",
                     "package.yaml:4:7: 'from' has to be a mapping (`key: value`), not a single value");
    manifest_refused("{name: Old, version: 1}", "{name: Old}",
                     "package.yaml:4:7: the key 'version' is missing in from");
    manifest_refused("{name: Old, version: 1}", "{name: Old, versoin: 1}",
                     "package.yaml:4:19: unknown key 'versoin' in from; did you mean 'version'?");
    manifest_refused("  schema: dbo\n", "", "package.yaml:7:3: the key 'schema' is missing in source");
    manifest_refused("schema: dbo", "schema: DBO",
                     "package.yaml:7:11: 'DBO' is not a name as PostgreSQL folds it (lower case)");
    manifest_refused("item: [recid, name]", "Item: [recid]",
                     "package.yaml:9:5: 'Item' is not a table name (lower case)");
    manifest_refused("item: [recid, name]", "item: recid",
                     "package.yaml:9:11: 'item' has to be a list (`- item` or [a, b]), not a single value");
    manifest_refused("item: [recid, name]", "item: [recid, Name]",
                     "package.yaml:9:19: 'Name' is not a name as PostgreSQL folds it (lower case)");
    manifest_refused("{default: \"0.005\", about: rounding of money}", "{default: 1}",
                     "package.yaml:16:14: the key 'about' is missing in tolerance");
    manifest_refused("{default: \"0.005\", about: rounding of money}", "{about: x}",
                     "package.yaml:16:14: the key 'default' is missing in tolerance");
    manifest_refused("tolerance: {", "seed: {",
                     "package.yaml:16:3: the name 'seed' is taken: sample scripts get it from the command line");
    manifest_refused("tolerance: {", "Tolerance: {",
                     "package.yaml:16:3: 'Tolerance' is not a setting name: lower-case letters, digits and _");
    manifest_refused("ems*: meters are gone", "ems*:", "package.yaml:14:8: 'ems*' is empty");
    manifest_refused("title: A small package", "title: [", "package.yaml:4:5: did not find expected ',' or ']'");
}

static void every_table_has_exactly_one_home(void **state)
{
    (void)state;
    manifest_refused("hq: [item]", "hq: []",
                     "package.yaml:11:3: the table 'item' of up/item.sql has no home; add it to 'hq' or 'store'");
    manifest_refused("store: [sale]", "store: [sale, item]",
                     "package.yaml:12:17: the table 'item' has a home already, in line 11");
    manifest_refused("hq: [item]", "hq: [item, item]",
                     "package.yaml:11:14: the table 'item' has a home already, in line 11");
    manifest_refused("store: [sale]", "store: [sale, sales]",
                     "package.yaml:12:17: there is no table 'sales': neither a lens nor the schema has it; "
                     "did you mean 'sale'?");
    manifest_refused("  store: [sale]\n", "  shop: [sale]\n", "package.yaml:12:3: unknown key 'shop' in home");
}

static void a_table_of_the_schema_may_have_a_home_without_a_lens(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    assert_int_equal(remove(folder_path(&f, "up/sale.sql")), 0);
    assert_int_equal(load(&f, NULL)->n_homes, 2);
}

static void sample_scripts_and_stages_agree(void **state)
{
    (void)state;
    manifest_refused("20_items.sql", "20_itmes.sql",
                     "package.yaml:20:8: there is no sample/20_itmes.sql; did you mean 20_items.sql?");
    manifest_refused("20_items.sql, ", "", "package.yaml:19:5: sample/20_items.sql is in no stage");
    manifest_refused("20_items.sql, ", "20_items.sql, 20_items.sql, ",
                     "package.yaml:20:22: the script 20_items.sql is in two stages");
    manifest_refused("workload: workload.sql", "workload: rain.sql", "package.yaml:21:13: there is no sample/rain.sql");
    manifest_refused("- [10_schema.sql]", "- 10_schema.sql",
                     "package.yaml:19:7: 'stages' has to be a list (`- item` or [a, b]), not a single value");
}

static void headers_of_lenses_are_checked(void **state)
{
    (void)state;
    refused("up/item.sql", "select 1", "up/item.sql:1: the header of this up lens lacks `-- key: ...`");
    refused("up/item.sql", "-- kye: recid\nselect 1", "up/item.sql:1: unknown header word 'kye'; did you mean 'key'?");
    refused("up/item.sql", "-- key: recid\n-- hello: x\nselect 1",
            "up/item.sql:2: unknown header word 'hello' in this up lens (a remark begins with a capital letter)");
    refused("up/item.sql", "-- key: recid\n-- key: a\nselect 1", "up/item.sql:2: the header word 'key' is given twice");
    refused("up/item.sql", "-- key:\nselect 1", "up/item.sql:1: the header word 'key' has no value");
    refused("up/item.sql", "-- key: a, a\nselect 1", "up/item.sql:1: 'key' names the column a twice");
    refused("up/item.sql", "-- key: RecId\nselect 1",
            "up/item.sql:1: 'RecId' in 'key' is not a column name (lower case, separated by commas)");
    refused("up/item.sql", "-- key: recid\n-- reload: daily\nselect 1",
            "up/item.sql:2: 'reload' is one of: full; not 'daily'");
    refused("up/item.sql", "-- key: recid\n-- rounds: price\nselect 1",
            "up/item.sql:2: 'rounds' needs a reason: `-- rounds: column, column: why`");
    refused("up/item.sql", "-- key: recid\n-- loses: price: x\nselect 1",
            "up/item.sql:2: 'loses' belongs into down lenses: it says what the way back cannot restore");
}

static void a_lens_is_one_select(void **state)
{
    (void)state;
    refused("up/item.sql", "-- key: recid\n\n", "up/item.sql:3: there is no SELECT here");
    refused("up/item.sql", "-- key: recid\ninsert into x select 1",
            "up/item.sql:2: the statement has to be a SELECT, not 'insert'");
    refused("up/item.sql", "-- key: recid\nselect 1;\n\nselect 2;", "up/item.sql:2: only one statement may stand here");
    refused("up/item.sql", "-- key: recid\nselect\n 'open", "up/item.sql:3: this quoted text has no end");
    refused("up/item.sql", "-- key: recid\nselect 1 /* open", "up/item.sql:2: this comment has no end");
}

static void headers_of_laws_are_checked(void **state)
{
    (void)state;
#define LAW "-- id: A1\n-- title: t\n-- key: a\n-- area: x\n-- why: w\n"
    refused("laws/A1.sql", LAW "select 1", "laws/A1.sql:1: the header of this law lacks `-- kind: ...`");
    refused("laws/A1.sql", LAW "-- kind: law\nselect 1",
            "laws/A1.sql:6: 'kind' is one of: conservation, invariant; not 'law'");
    refused("laws/A1.sql", LAW "-- kind: conservation\nselect 1",
            "laws/A1.sql:1: a conservation law needs `-- compare: column exact, column 0.005`");
    refused("laws/A1.sql", LAW "-- kind: invariant\n-- compare: n exact\nselect 1",
            "laws/A1.sql:1: an invariant has nothing to compare: each of its rows is a violation");
    refused("laws/A1.sql", LAW "-- kind: conservation\n-- compare: n about\nselect 1",
            "laws/A1.sql:7: the tolerance of n has to be 'exact' or a number such as 0.005, not 'about'");
    refused("laws/A1.sql", LAW "-- kind: conservation\n-- compare: n :tol\nselect 1",
            "laws/A1.sql:7: the package has no setting 'tol'");
    refused("laws/A1.sql", "-- id: A9\nselect 1", "laws/A1.sql:1: the id 'A9' is not the file's name");
    refused("laws/A2.hq.sql", NULL, "laws/A2.old.sql: the other form laws/A2.hq.sql is missing");
    refused("laws/A2.old.sql", NULL, "laws/A2.hq.sql: the other form laws/A2.old.sql is missing");
    refused("laws/A2.hq.sql", "-- id: A2\nselect 1",
            "laws/A2.hq.sql:1: the header of a law in two forms stands in its .old.sql file only");
    refused("laws/A3.new.sql",
            "-- id: A3.new\n-- title: t\n-- key: a\n-- area: x\n-- why: w\n-- kind: invariant\nselect 1",
            "laws/A3.new.sql: a law is ID.sql, or ID.old.sql and ID.hq.sql");
    refused("laws/A2.sql", "-- id: A2\n-- title: t\n-- key: a\n-- area: x\n-- why: w\n-- kind: invariant\nselect 1",
            "laws/A2.hq.sql: laws/A2.sql says the same law again");
}

static void headers_of_rules_are_checked(void **state)
{
    (void)state;
#define RULE "-- id: R1\n-- title: t\n-- why: w\n-- section: data\n"
    refused("analyze/R1.sql", RULE "select 1",
            "analyze/R1.sql:1: the header of this analyze rule lacks `-- severity: ...`");
    refused("analyze/R1.sql", RULE "-- severity: bad\nselect 1",
            "analyze/R1.sql:5: 'severity' is one of: blocker, warning, advice, info; not 'bad'");
    refused("analyze/R1.sql", RULE "-- severity: advice\nselect 1",
            "analyze/R1.sql:1: the header of this analyze rule lacks `-- fix: ...` (only info may do without)");
    refused("analyze/R1.sql", RULE "-- severity: info\n-- threshold: days\nselect 1",
            "analyze/R1.sql:6: a threshold is a name and a value: `-- threshold: days 90`");
    refused("analyze/R1.sql", RULE "-- severity: info\n-- tables: a, B.c\nselect 1",
            "analyze/R1.sql:6: 'B.c' in 'tables' is neither a table nor a table.column (lower case)");
    refused("analyze/R1.sql", RULE "-- severity: info\n-- catalogue: 7120, x\nselect 1",
            "analyze/R1.sql:6: 'catalogue' has numbers, separated by commas, not 'x'");
    refused("sizing/sales.sql", "-- tables: sale\nselect 1",
            "sizing/sales.sql:1: the header of this sizing query lacks `-- title: ...`");
    refused("analyze/R1.sql", "-- id: R1\n-- section: dta\nselect 1",
            "analyze/R1.sql:2: 'section' is one of: deprecated, cleanup, data, settings, environment, advice, custom; "
            "not 'dta'");
}

static void scripts_are_checked(void **state)
{
    (void)state;
#define HEAD "-- phase: final\n-- title: t\n"
    refused("scripts/a.sql", "-- title: t\nselect 1",
            "scripts/a.sql:1: the header of this script lacks `-- phase: ...`");
    refused("scripts/a.sql", "-- title: t\n-- phase: sync\nselect 1",
            "scripts/a.sql:2: 'phase' is pre-sync, post-sync or final");
    refused("scripts/a.sql", "-- title: t\n-- phase: pre-sync\nselect 1",
            "scripts/a.sql: package.yaml has no section 'classic'");
    refused("scripts/a.sql", HEAD "-- retries: many\nselect 1", "scripts/a.sql:3: 'retries' is a number from 0 to 100");
    refused("scripts/a.sql", HEAD "-- timeout: soon\nselect 1",
            "scripts/a.sql:3: 'timeout' is a time such as 90s or 30m");
    refused("scripts/a.sql", HEAD "-- after: b\nselect 1", "scripts/a.sql:3: there is no script b");
    refused("scripts/a.sql", HEAD "-- per: shops\nselect :'company'", "scripts/a.sql:3: 'per' is companies");
    refused("scripts/a.sql", HEAD "-- nothing", "scripts/a.sql:1: there is no statement here");
    refused("scripts/a.sql", HEAD "select 1;\n END",
            "scripts/a.sql:4: a script is one transaction and can not say END; "
            "make two scripts of it");
    refused("scripts/10_numbers.sql", HEAD "select 1",
            "final/10_numbers.sql: scripts/10_numbers.sql has the same name");
}

static void files_in_the_wrong_place_are_named(void **state)
{
    (void)state;
    refused("up/item.sq", "x", "up/item.sq: only .sql files belong into this folder");
    refused("analyse/X.sql", "x", "analyse/: unknown folder; did you mean analyze/?");
    refused("schema/20_index.sql", "x", "schema/20_index.sql: unknown schema file; did you mean 20_indexes.sql");
    refused("schema/10_tables.sql", NULL, "schema/10_tables.sql is missing: it makes the tables of the new version");
    refused("final/numbers.sql", "select 1",
            "final/numbers.sql: the name has to begin with its place in the order, like 10_numbers.sql");
}

static void a_zero_byte_in_sql_is_refused(void **state)
{
    (void)state;
    SCOPED_FOLDER f = make_package();
    struct err err = {0};
    struct package *pkg = NULL;
    must(file_write(folder_path(&f, "final/10_numbers.sql"), STR("select\0 1"), &err));
    assert_false(package_load(f.path, NULL, f.a, &pkg, &err));
    assert_string_equal(err.message, "final/10_numbers.sql: holds a zero byte; SQL files are text in UTF-8");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_package_is_read_whole),
        cmocka_unit_test(a_lens_has_words_a_body_and_its_line),
        cmocka_unit_test(settings_reach_headers_and_sql),
        cmocka_unit_test(an_override_of_an_unknown_setting_is_refused),
        cmocka_unit_test(a_threshold_can_be_overridden),
        cmocka_unit_test(a_rule_may_have_a_script_behind_its_select),
        cmocka_unit_test(tables_have_modules_and_columns_known_values),
        cmocka_unit_test(the_digest_changes_with_any_file),
        cmocka_unit_test(a_missing_package_says_so),
        cmocka_unit_test(mistakes_in_the_manifest_have_a_place),
        cmocka_unit_test(every_table_has_exactly_one_home),
        cmocka_unit_test(a_table_of_the_schema_may_have_a_home_without_a_lens),
        cmocka_unit_test(sample_scripts_and_stages_agree),
        cmocka_unit_test(headers_of_lenses_are_checked),
        cmocka_unit_test(a_lens_is_one_select),
        cmocka_unit_test(headers_of_laws_are_checked),
        cmocka_unit_test(headers_of_rules_are_checked),
        cmocka_unit_test(scripts_are_checked),
        cmocka_unit_test(files_in_the_wrong_place_are_named),
        cmocka_unit_test(a_zero_byte_in_sql_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
