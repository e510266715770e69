#!/bin/sh
# Uploads with the flagship package: rows as stores of AX 2012 R3 send them, and each of its consistency rules.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"
gateway=

tidy_up() {
    [ -z "$gateway" ] || kill "$gateway" 2>/dev/null
    for what in upgrade replicate server; do
        "$CARRYOVER" -C "$PLACE/p" $what stop >/dev/null 2>&1
    done
    rm -rf "$PLACE"
}
trap tidy_up EXIT

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/p" "$@"
}

sql() {
    psql -XAtq "$TARGET" -c "$1"
}

# until_true COMMAND...
until_true() {
    for _ in $(seq 480); do
        "$@" && return
        sleep 0.25
    done
    return 1
}

follows() {
    "$CARRYOVER" -C "$PLACE/p" replicate status 2>/dev/null | grep -q 'replication: following'
}

is_fresh() {
    "$CARRYOVER" -C "$PLACE/p" upgrade status --json >"$PLACE/out" 2>/dev/null && python3 -c '
import json, sys
lenses = json.load(open(sys.argv[1]))["lenses"]
sys.exit(not (lenses and all(l["state"] == "fresh" and l["dirty"] == 0 for l in lenses)))' "$PLACE/out"
}

listens() {
    grep -q 'listening on' "$PLACE/log"
}

go_over() {
    "$CARRYOVER" init "$PLACE/p" --set hooks.stop_writers=true --set hooks.open=true &&
        "$CARRYOVER" -C "$PLACE/p" sample create --scale 0.01 && "$CARRYOVER" -C "$PLACE/p" replicate start --detach &&
        until_true follows && "$CARRYOVER" -C "$PLACE/p" upgrade --detach && until_true is_fresh &&
        "$CARRYOVER" -C "$PLACE/p" check confirm BUS01 --by test --note test &&
        "$CARRYOVER" -C "$PLACE/p" check confirm SLT01 --by test --note test &&
        "$CARRYOVER" -C "$PLACE/p" cutover --yes
}

T=$PLACE
go_over >"$PLACE/setup" 2>&1 || {
    echo "Bail out! $(tail -n 5 "$PLACE/setup")"
    exit 1
}
TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
STORE=$(sql "select store from old.retailtransactiontable where type = 2 group by 1 order by count(*) desc limit 1")
"$CARRYOVER" -C "$PLACE/p" n1 stores add "$STORE" --json -q >"$PLACE/store" || exit 1
SECRET=$(sed -n 's/.*"secret":"\([^"]*\)".*/\1/p' "$PLACE/store")
"$CARRYOVER" -C "$PLACE/p" n1 serve --listen 127.0.0.1:0 2>"$PLACE/log" &
gateway=$!
until_true listens || exit 1
URL=$(sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$PLACE/log" | head -n 1)

# findings NAME: the rules that have found a transaction
findings() {
    sql "select coalesce(string_agg(rule, ' ' order by rule), '') from carryover.n1_finding where '$1' = any (transaction)"
}

it_finds_each_mistake_with_its_rule_and_no_other() {
    sql "insert into hq.inventtable (itemid, serialnumgroupid, dataareaid, recid)
         select 'SERIAL', 'S', id, 99 + row_number() over () from hq.dataarea where id <> 'dat'"
    python3 "$ROOT/tests/e2e/n1_rules.py" "$URL" "$STORE" "$SECRET" "$TARGET" >"$PLACE/expected" 2>"$T/err" ||
        fail "$(tail -n 5 "$T/err")"
    while read -r name rules; do
        same "$name" "$(findings "$name")" "$rules"
        same "status of $name" "$(sql "select validationstatus from hq.retailtransactiontable where transactionid = '$name'")" \
            "$([ -z "$rules" ] && echo 1 || echo 2)"
    done <"$PLACE/expected"
    same rules "$(sql "select count(distinct rule) from carryover.n1_finding")" 26
}

it_finds_what_was_exempted_afterwards() {
    name=$(sed -n 's/ .*//; /h11/p' "$PLACE/expected")
    sql "update hq.retailtransactiontaxtrans set isexempt = 1 where transactionid = '$name'"
    co 0 n1 uploads replay "$STORE"
    same found "$(findings "$name")" "H09 H11"
}

it_fills_in_what_stores_do_not_send() {
    same recids "$(sql "select count(*) = count(distinct recid) and min(recid) >= 4611686018427387904
        from old.retailtransactionsalestrans where transactionid like 'T__-%'")" t
    same up "$(sql "select count(*) from (select * from carryover_up.retailtransactionsalestrans except
        select * from hq.retailtransactionsalestrans) x")" 0
}

run_tests
