#!/bin/sh
# `carryover package check` on the bookshop with one mistake each: the message names the file, the line and, in
# package.yaml, the column, and says what to write.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

shop() {
    cp -r "$ROOT/examples/bookshop" "$T/shop"
}

# change FILE SED: edits a file of the copy, and is sure that something changed
change() {
    cp "$T/shop/$1" "$T/before"
    sed -i "$2" "$T/shop/$1"
    ! cmp -s "$T/before" "$T/shop/$1" || fail "nothing changed in $1 by: $2"
}

# refused MESSAGE: the check ends with 2 and exactly this message
refused() {
    status 2 "$CARRYOVER" package check "$T/shop"
    same message "$(head -n 1 "$T/err")" "carryover: error [package]: $1"
    has "$T/err" 'more: carryover explain package'
    same output "$(cat "$T/out")" ''
}

it_finds_no_mistake_in_the_bookshop() {
    shop
    status 0 "$CARRYOVER" package check "$T/shop"
    has "$T/out" 'bookshop 0.1.0: Papyrus 1 to Papyrus 2'
    has "$T/out" 'lenses    5 up, 3 down, 7 channel'
    has "$T/out" 'no mistakes found'
    status 0 "$CARRYOVER" package check "$T/shop" --json
    python3 -c 'import json, sys; p = json.load(open(sys.argv[1])); assert p["name"] == "bookshop" and p["up"] == 5 and len(p["digest"]) == 32, p' "$T/out"
}

it_suggests_the_key_that_was_meant() {
    shop
    change package.yaml 's/^settings:/setings:/'
    refused "package.yaml:22:1: unknown key 'setings'; did you mean 'settings'?"
}

it_misses_a_key_that_has_to_be_there() {
    shop
    change package.yaml 's/^from: .*/from: {name: Papyrus}/'
    refused "package.yaml:4:7: the key 'version' is missing in from"
}

it_wants_names_as_postgresql_folds_them() {
    shop
    change package.yaml 's/customer: \[id, name/customer: [ID, name/'
    refused "package.yaml:10:16: 'ID' is not a name as PostgreSQL folds it (lower case)"
}

it_wants_a_home_for_every_lens() {
    shop
    change package.yaml 's/, monthly_sales\]/]/'
    refused "package.yaml:16:3: the table 'monthly_sales' of up/monthly_sales.sql has no home; add it to 'hq' or 'store'"
}

it_allows_one_home_only() {
    shop
    change package.yaml 's/hq: \[customer, product\] /hq: [customer, sale] /'
    refused "package.yaml:17:11: the table 'sale' has a home already, in line 16"
}

it_knows_no_home_for_a_table_that_does_not_exist() {
    shop
    change package.yaml 's/hq: \[customer, product\] /hq: [customer, product, sale_lines]/'
    refused "package.yaml:16:27: there is no table 'sale_lines': neither a lens nor the schema has it; did you mean 'sale_line'?"
}

it_wants_a_reason_for_every_dropped_table() {
    shop
    change package.yaml 's/fax\*: .*/fax*:/'
    refused "package.yaml:20:8: 'fax*' is empty"
}

it_wants_to_know_what_a_setting_is_about() {
    shop
    change package.yaml 's/, about: .*/}/'
    refused "package.yaml:23:20: the key 'about' is missing in money_tolerance"
}

it_tries_fix_scripts_and_queries_of_sizes() {
    shop
    change analyze/DEP01.sql 's/^delete from fax where/delete from faks where/'
    status 2 "$CARRYOVER" package check "$T/shop"
    has "$T/err" 'analyze/DEP01.sql: its fix script:'
    change analyze/DEP01.sql 's/^delete from faks where/delete from fax where/'
    change sizing/sales.sql 's/sold_at/sold_on/'
    status 2 "$CARRYOVER" package check "$T/shop"
    has "$T/err" 'sizing/sales.sql:4: with the tables of old:'
    has "$T/err" 'column "sold_on" does not exist'
}

it_lets_a_rule_want_tables_that_the_sample_lacks() {
    shop
    change analyze/DEP01.sql 's/^-- tables: fax/-- tables: fax, telex/; s/count(\*) as n from fax/count(*) as n from telex/'
    status 0 "$CARRYOVER" package check "$T/shop"
    change analyze/DEP01.sql '/^-- tables:/d'
    status 2 "$CARRYOVER" package check "$T/shop"
    has "$T/err" 'relation "telex" does not exist'
}

it_wants_known_values_of_columns_that_stores_have() {
    shop
    printf 'enums:\n  book.colour: [1]\n' >>"$T/shop/package.yaml"
    status 2 "$CARRYOVER" package check "$T/shop"
    has "$T/err" 'enums: no channel lens fills a column book.colour of a store'
}

it_finds_a_script_that_nobody_runs() {
    shop
    touch "$T/shop/sample/40_more.sql"
    refused "package.yaml:27:5: sample/40_more.sql is in no stage"
}

it_finds_a_stage_without_its_script() {
    shop
    mv "$T/shop/sample/20_office.sql" "$T/shop/sample/20_offices.sql"
    refused "package.yaml:28:8: there is no sample/20_office.sql; did you mean 20_offices.sql?"
}

it_shows_where_the_yaml_itself_is_broken() {
    shop
    change package.yaml 's/^title: .*/title: [/'
    refused "package.yaml:4:5: did not find expected ',' or ']'"
}

it_wants_a_key_in_every_lens() {
    shop
    change up/customer.sql '1d'
    refused 'up/customer.sql:1: the header of this up lens lacks `-- key: ...`'
}

it_suggests_the_header_word_that_was_meant() {
    shop
    change up/sale.sql 's/^-- rounds/-- round/'
    refused "up/sale.sql:2: unknown header word 'round'; did you mean 'rounds'?"
}

it_takes_no_remark_for_a_header_word() {
    shop
    change up/customer.sql 's/^-- One name/-- note: one name/'
    refused "up/customer.sql:2: unknown header word 'note' in this up lens (a remark begins with a capital letter)"
}

it_wants_losses_on_the_way_back_only() {
    shop
    change up/customer.sql '1a -- loses: fax: no faxes'
    refused "up/customer.sql:2: 'loses' belongs into down lenses: it says what the way back cannot restore"
}

it_wants_a_reason_for_every_loss() {
    shop
    change down/customer.sql 's/^-- loses: fax:.*/-- loses: fax/'
    refused "down/customer.sql:2: 'loses' needs a reason: \`-- loses: column, column: why\`"
}

it_wants_one_select_and_nothing_else() {
    shop
    change up/customer.sql 's/^select c.id/insert into x select c.id/'
    refused "up/customer.sql:3: the statement has to be a SELECT, not 'insert'"
    cp "$T/before" "$T/shop/up/customer.sql"
    echo '; select 1' >>"$T/shop/up/customer.sql"
    refused "up/customer.sql:9: only one statement may stand here"
}

it_finds_a_string_without_an_end() {
    shop
    change up/product.sql "s/'book' as kind/'book as kind/"
    status 2 "$CARRYOVER" package check "$T/shop"
    has "$T/err" 'this quoted text has no end'
}

it_wants_tolerances_in_conservation_laws() {
    shop
    change laws/S01.sql '/^-- compare/d'
    refused 'laws/S01.sql:1: a conservation law needs `-- compare: column exact, column 0.005`'
}

it_wants_tolerances_that_are_numbers_or_settings_that_exist() {
    shop
    change laws/S01.sql 's/sales exact/sales roughly/'
    refused "laws/S01.sql:5: the tolerance of sales has to be 'exact' or a number such as 0.005, not 'roughly'"
    cp "$T/before" "$T/shop/laws/S01.sql"
    change laws/S01.sql 's/:money_tolerance/:tolerance/'
    refused "laws/S01.sql:5: the package has no setting 'tolerance'"
}

it_wants_both_forms_of_a_law_that_has_two() {
    shop
    rm "$T/shop/laws/P01.hq.sql"
    refused 'laws/P01.old.sql: the other form laws/P01.hq.sql is missing'
}

it_wants_the_name_of_the_file_as_id() {
    shop
    change analyze/DAT01.sql 's/^-- id: .*/-- id: DAT02/'
    refused "analyze/DAT01.sql:1: the id 'DAT02' is not the file's name"
}

it_knows_four_severities() {
    shop
    change analyze/DEP01.sql 's/^-- severity: .*/-- severity: error/'
    refused "analyze/DEP01.sql:3: 'severity' is one of: blocker, warning, advice, info; not 'error'"
}

it_wants_an_order_of_the_final_scripts() {
    shop
    mv "$T/shop/final/10_sale_numbers.sql" "$T/shop/final/sale_numbers.sql"
    refused 'final/sale_numbers.sql: the name has to begin with its place in the order, like 10_numbers.sql'
}

it_finds_files_that_nobody_would_read() {
    shop
    mv "$T/shop/schema/20_indexes.sql" "$T/shop/schema/20_indices.sql"
    status 2 "$CARRYOVER" package check "$T/shop"
    has "$T/err" 'schema/20_indices.sql: unknown schema file; did you mean 20_indexes.sql'
    mv "$T/shop/schema/20_indices.sql" "$T/shop/schema/20_indexes.sql"
    touch "$T/shop/up/sale.sqll"
    refused 'up/sale.sqll: only .sql files belong into this folder'
    rm "$T/shop/up/sale.sqll"
    mv "$T/shop/analyze" "$T/shop/analyse"
    refused 'analyse/: unknown folder; did you mean analyze/?'
}

it_takes_settings_from_the_command_line() {
    shop
    status 0 "$CARRYOVER" package check "$T/shop" --set settings.money_tolerance=0.01
    status 2 "$CARRYOVER" package check "$T/shop" --set settings.money_tolerence=0.01
    has "$T/err" "the package bookshop has no setting 'money_tolerence'"
    has "$T/err" "did you mean 'money_tolerance'?"
}

it_says_where_it_looked_for_a_package() {
    status 2 "$CARRYOVER" package check "$T/nowhere"
    has "$T/err" '[package-missing]'
    mkdir "$T/empty"
    status 2 "$CARRYOVER" package check "$T/empty"
    has "$T/err" 'no package.yaml in'
}

run_tests
