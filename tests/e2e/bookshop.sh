#!/bin/sh
# The bookshop, an upgrade for an unrelated application, from an empty folder to the proof, as docs/tutorial.md tells it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

carryover() {
    "$CARRYOVER" "$@" --project "$T/upgrade"
}

project() {
    cp -r "$ROOT/examples/bookshop" "$T/bookshop"
    "$CARRYOVER" init "$T/upgrade" --package "$T/bookshop" >/dev/null 2>&1
    trap 'stop_all >"$T/stop" 2>&1' EXIT
}

stop_all() {
    for what in sample upgrade replicate; do
        carryover "$what" stop || true
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

load() {
    status 0 carryover upgrade --detach
    until_says ' "fresh" "fresh" "fresh" "fresh" "fresh"' states
}

it_makes_the_same_sample_from_the_same_seed() {
    project
    sample
    digest="select md5(string_agg(x::text, '' order by x::text)) from (select * from shop.sale_line natural join shop.sale) x"
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

it_goes_all_the_way_while_the_shops_are_open() {
    project
    status 0 carryover package check
    sample
    follow
    status 0 carryover sample run --rate 40 --detach
    status 0 carryover upgrade --dry-run
    has "$T/out" 'monthly_sales (keyed), key product, month'
    load
    sleep 3
    status 0 carryover sample stop
    until_says '"backlog":0' replicate_and_lenses
    status 0 carryover verify
    has "$T/out" 'Replica against the source: 6 of 6 passed'
    has "$T/out" 'Version N against its lenses: 5 of 5 passed'
    has "$T/out" 'Laws: 5 of 5 passed'
    has "$T/out" 'Papyrus 2 has no fax numbers'
    same 'sales' "$(value target 'select count(*), sum(total) from hq.sale')" "$(value source 'select count(*), sum(total) from shop.sale')"
    same 'copies' "$(value target 'select sum(copies) from hq.monthly_sales')" "$(value source 'select sum(copies) from shop.sale_line')"
    same 'marriage' "$(value target "select last_name || ', ' || first_name from hq.customer where first_name is not null order by id limit 1")" \
        "$(value source "select name from shop.customer where name like '%, %' order by id limit 1")"
}
