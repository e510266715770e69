#!/bin/sh
# The bookshop, an upgrade for an unrelated application, from an empty folder to the proof, as docs/tutorial.md tells it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

carryover() {
    "$CARRYOVER" "$@" --project "$T/upgrade"
}

project() {
    cp -r "$ROOT/examples/bookshop" "$T/bookshop"
    "$CARRYOVER" init "$T/upgrade" --package "$T/bookshop" --set "hooks.stop_writers='$CARRYOVER' sample stop" \
        --set 'hooks.open=echo open for business' >/dev/null 2>&1
    trap 'stop_all >"$T/stop" 2>&1' EXIT
}

stop_all() {
    for what in sample upgrade replicate 'n1 keep'; do
        # shellcheck disable=SC2086 # two words
        carryover $what stop || true
    done
    carryover server stop || cat "$T/upgrade/logs"/*.log
}

# until_says TEXT COMMAND...: repeats a command until its output has the text
until_says() {
    text=$1
    shift
    for _ in $(seq 240); do
        carryover "$@" >"$T/out" 2>"$T/err" || true
        grep -qF -- "$text" "$T/out" && return
        sleep 0.5
    done
    fail "carryover $* never said <$text>: $(cat "$T/out" "$T/err" | head -c 600)"
}

# value source|target SQL
value() {
    psql -XAtq "$(carryover server uri "$1")" -c "$2"
}

sample() {
    status 0 carryover sample create --scale 0.01
}

follow() {
    status 0 carryover replicate start --detach
    until_says 'replication: following' replicate status
}

# All lenses are loaded and nothing waits for them.
is_fresh() {
    carryover upgrade status --json >"$T/out" 2>"$T/err" || return 1
    python3 -c '
import json, sys
lenses = json.load(open(sys.argv[1]))["lenses"]
sys.exit(not (len(lenses) == 5 and all(l["state"] == "fresh" and l["dirty"] == 0 for l in lenses)))' "$T/out"
}

until_fresh() {
    for _ in $(seq 240); do
        is_fresh && return
        sleep 0.5
    done
    fail "never fresh: $(cat "$T/out" "$T/err" | head -c 600)"
}

# The shops are closed and everything they sold has arrived.
close_shops() {
    status 0 carryover sample stop
    until_same 'select count(*) from hq.sale' 'select count(*) from shop.sale'
    until_fresh
}

until_same() {
    for _ in $(seq 240); do
        [ "$(value target "$1")" = "$(value source "$2")" ] && return
        sleep 0.5
    done
    fail "never the same: $1"
}

it_makes_the_same_sample_from_the_same_seed() {
    project
    sample
    digest="select md5(string_agg(x::text, '' order by x::text)) from shop.sale_line x"
    first=$(value source "$digest")
    status 0 carryover sample create --scale 0.01 --replace
    same digest "$(value source "$digest")" "$first"
    status 0 carryover sample create --scale 0.01 --seed 2 --replace
    [ "$(value source "$digest")" != "$first" ] || fail "another seed made the same rows"
}

it_keeps_its_laws_while_transactions_run() {
    project
    sample
    status 0 carryover sample run --writers 4 --duration 4s
    has "$T/out" ' 0 errors'
    for law in S02 P01.old; do
        sed 's/:money_tolerance/0.005/' "$T/bookshop/laws/$law.sql" >"$T/law.sql"
        same "violations of $law" "$(PGOPTIONS='-c search_path=shop' psql -XAtq "$(carryover server uri source)" -f "$T/law.sql")" ''
    done
}

it_finds_what_the_rules_look_for() {
    project
    sample
    status 0 carryover analyze
    has_not "$T/out" DAT01
    value source "update shop.book set status = 'X' where isbn = '9780000000001'"
    status 1 carryover analyze
    has "$T/out" 'DAT01'
    has "$T/out" 'book 9780000000001: status "X"'
}

it_names_the_place_of_a_mistake_in_a_lens() {
    project
    sample
    status 0 carryover replicate start --once
    sed -i 's/hq_fn.last_name(c.name)/hq_fn.last_name(c.nome)/' "$T/bookshop/up/customer.sql"
    status 2 carryover upgrade --dry-run
    has "$T/err" 'up/customer.sql:5:24: column c.nome does not exist'
    sed 's/^from   old.customer c$/& order by c.id limit 9/' "$ROOT/examples/bookshop/up/customer.sql" >"$T/bookshop/up/customer.sql"
    status 2 carryover upgrade --dry-run
    has "$T/err" 'error [lens-construct]: up/customer.sql:3:1: LIMIT or OFFSET cannot be kept up to date by key: use DISTINCT ON'
    cp "$ROOT/examples/bookshop/up/customer.sql" "$T/bookshop/up/customer.sql"
    status 0 carryover upgrade --once
    echo '-- more' >>"$T/bookshop/up/customer.sql"
    status 5 carryover upgrade --once
    has "$T/err" 'the package bookshop has changed since its tables were loaded'
    status 0 carryover upgrade --reset --once
}

it_refuses_a_lens_whose_column_has_a_wrong_type() {
    project
    sample
    status 0 carryover replicate start --once
    sed -i 's/c.since as member_since/c.id as member_since/' "$T/bookshop/up/customer.sql"
    status 2 carryover upgrade --dry-run
    has "$T/err" 'error [package]: up/customer.sql: target: column "member_since" is of type date but expression is of type integer'
}

it_loads_the_other_tables_when_the_rows_of_one_are_wrong() {
    project
    sample
    echo 'create unique index branch_ix on hq.branch_office (branch);' >>"$T/bookshop/schema/20_indexes.sql"
    echo 'create table hq.branch_office (branch int, city text);' >>"$T/bookshop/schema/10_tables.sql"
    value source "update shop.book set status = 'X' where isbn = '9780000000042'"
    status 0 carryover replicate start --once
    status 1 carryover upgrade --once
    has "$T/err" 'error [lens-data]: up/product.sql: target: null value in column "status"'
    status 0 carryover upgrade status
    has "$T/out" '4 of 5 lenses are fresh'
    grep -q '^product .* failed ' "$T/out" || fail "product is not said to have failed: $(cat "$T/out")"
    same 'index of a table that no lens fills' "$(value target "select to_regclass('hq.branch_ix')")" hq.branch_ix
    value source "update shop.book set status = 'O' where isbn = '9780000000042'"
    follow
    until_same "select status from old.book where isbn = '9780000000042'" "select 'O'"
    status 0 carryover upgrade --once
    has "$T/out" '5 of 5 lenses are fresh'
}

it_tells_of_tables_that_are_carried_nowhere() {
    project
    sample
    value source 'create table shop.voucher (id int primary key, amount numeric); create table shop.note (id int primary key)'
    value source 'insert into shop.voucher values (1, 5), (2, 7)'
    status 0 carryover analyze
    has "$T/out" 'CARRY01'
    has "$T/out" '- voucher: about'
    has_not "$T/out" '- note:'
    status 0 carryover replicate start --once
    status 0 carryover upgrade --once
    status 1 carryover verify
    has "$T/out" 'its rows go nowhere: no lens reads this table'
    sed -i 's/^dropped:/dropped:\n  vouch*: vouchers are no longer sold/' "$T/bookshop/package.yaml"
    status 0 carryover analyze
    has "$T/out" 'gone CARRY01'
    has_not "$T/out" '- voucher'
    status 0 carryover upgrade --reset --once
    status 0 carryover verify
}

it_goes_all_the_way_while_the_shops_are_open() {
    project
    status 0 carryover package check
    sample
    follow
    status 0 carryover sample run --rate 40 --detach
    status 0 carryover upgrade --dry-run
    has "$T/out" 'monthly_sales (keyed), key product, month'
    status 0 carryover upgrade --detach
    until_says 'fresh' upgrade status
    sleep 3
    close_shops
    status 0 carryover verify
    has "$T/out" 'Replica against the source: 6 of 6 passed'
    has "$T/out" 'Version N against its lenses: 5 of 5 passed'
    has "$T/out" 'Laws: 5 of 5 passed'
    has "$T/out" 'Papyrus 2 has no fax numbers'
    same sales "$(value target 'select count(*), sum(total) from hq.sale')" "$(value source 'select count(*), round(sum(total), 2) from shop.sale')"
    same copies "$(value target 'select sum(copies) from hq.monthly_sales')" "$(value source 'select sum(copies) from shop.sale_line')"
    same names "$(value target "select string_agg(last_name || ', ' || first_name, ';' order by id) from hq.customer where first_name is not null")" \
        "$(value source "select string_agg(name, ';' order by id) from shop.customer where name like '%, %'")"
}

it_sets_aside_what_the_new_version_does_not_know_and_goes_on_when_it_is_mended() {
    project
    sample
    follow
    status 0 carryover upgrade --detach
    until_fresh
    value source "update shop.book set status = 'X' where isbn = '9780000000042'"
    until_says 'null value in column "status"' upgrade status
    value source "update shop.customer set name = 'Neumann, Eva' where id = 1"
    until_same 'select last_name from hq.customer where id = 1' "select 'Neumann'"
    value source "update shop.book set status = 'O' where isbn = '9780000000042'"
    until_same "select status from hq.product where code = '9780000000042'" "select 'out of print'"
    value source "insert into shop.book (isbn, title, author, price, status) select min(issn), 'Twin', 'Two', 1, 'A' from shop.magazine"
    until_says 'the lens gives 2 rows for the key ' upgrade status
    value source "delete from shop.book where title = 'Twin'"
    until_fresh
    status 0 carryover verify
}

it_takes_the_shops_to_papyrus_2_in_a_night() {
    project
    sample
    follow
    status 5 carryover cutover
    has "$T/err" 'run it with --yes'
    status 0 carryover upgrade --detach
    until_fresh
    status 0 carryover sample run --rate 20 --detach
    sleep 2
    status 0 carryover cutover --yes
    has "$T/out" 'first write on the target'
    has "$T/err" 'open for business'
    same sales "$(value target 'select count(*), sum(total) from hq.sale')" "$(value source 'select count(*), round(sum(total), 2) from shop.sale')"
    same 'next sale' "$(value target "select nextval('hq.sale_number')")" "$(value source 'select max(id) + 1 from shop.sale')"
    status 0 carryover cutover --yes
    has "$T/err" 'was done before'
    status 5 carryover cutover abort
    value target "update hq.customer set email = 'new@papyrus-2' where id = 1"
    status 5 carryover replicate start --once
    status 5 carryover upgrade --once
    status 5 carryover upgrade --reset --once --yes
    same 'what a user wrote' "$(value target 'select email from hq.customer where id = 1')" new@papyrus-2
}

it_keeps_papyrus_1_alive_after_the_night() {
    project
    sample
    follow
    status 5 carryover n1 keep
    has "$T/err" 'the target is not in use yet'
    status 0 carryover upgrade --detach
    until_fresh
    status 0 carryover sample run --rate 20 --detach
    status 0 carryover cutover --yes
    value target "update hq.customer set last_name = 'Before' where id = 2"
    status 0 carryover n1 keep --detach
    until_same "select name from old.customer where id = 2" "select 'Before' || coalesce(', ' || split_part(name, ', ', 2), '') from shop.customer where id = 2"
    value target "begin; update hq.customer set first_name = 'Ada', last_name = 'Novak' where id = 3;
        insert into hq.product values ('9780000099999', 'book', 'New', 'Me', null, 9.5, 'available'); commit"
    until_same "select name from old.customer where id = 3" "select 'Novak, Ada'"
    until_same "select title || price from old.book where isbn = '9780000099999'" "select 'New9.5000'"
    value target "update hq.customer set first_name = repeat('a', 80), last_name = repeat('b', 80) where id = 4"
    value target "update hq.product set kind = 'magazine', issue = 3, code = '0000-9999' where code = '9780000099999'"
    until_same "select issue from old.magazine where issn = '0000-9999'" 'select 3'
    same 'a book that is none' "$(value target "select count(*) from old.book where isbn = '9780000099999'")" 0
    until_says 'customer (4): ' n1 keep status
    has "$T/out" 'value too long for type character varying(80)'
    same 'a name that fitted' "$(value target 'select name from old.customer where id = 4')" "$(value source 'select name from shop.customer where id = 4')"
    value target "update hq.customer set first_name = 'Eva', last_name = 'Berg' where id = 4"
    until_same "select name from old.customer where id = 4" "select 'Berg, Eva'"
    status 0 carryover n1 keep status
    has_not "$T/out" 'set aside'
    kill -KILL "$(sed -n 's/^process \([0-9]*\).*/\1/p' "$T/upgrade/n1-keep.lock")"
    value target "update hq.customer set last_name = 'Killed' where id = 5"
    status 0 carryover n1 keep --detach
    until_same "select split_part(name, ',', 1) from old.customer where id = 5" "select 'Killed'"
    value target "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender'" >/dev/null
    value target "update hq.customer set last_name = 'Cut' where id = 6"
    until_same "select split_part(name, ',', 1) from old.customer where id = 6" "select 'Cut'"
    value target 'drop publication carryover_n1'
    value target "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'walsender'" >/dev/null
    value target "update hq.customer set last_name = 'Unseen' where id = 7"
    for _ in $(seq 100); do
        flock -n "$T/upgrade/n1-keep.lock" true && break
        sleep 0.2
    done
    status 0 carryover n1 keep stop
    has "$T/out" 'it does not run'
}

run_tests
