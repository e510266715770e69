#!/bin/sh
# Stores of version N-1 send what they have sold: the bookshop after its cutover, with a client that was written from the
# protocol (n1_upload.py).
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"
gateways=

tidy_up() {
    for pid in $gateways; do kill "$pid" 2>/dev/null; done
    for pid in $gateways; do wait "$pid" 2>/dev/null; done
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

client() {
    python3 "$ROOT/tests/e2e/n1_upload.py" "$@" >"$T/client" 2>&1 || fail "$1: $(tail -n 5 "$T/client")"
}

sql() {
    psql -XAtq "$TARGET" -c "$1"
}

url_in() {
    i=0
    until grep -q 'listening on' "$1"; do
        i=$((i + 1))
        [ $i -lt 200 ] || fail "no gateway: $(cat "$1")"
        sleep 0.05
    done
    sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$1" | head -n 1
}

secret_of() {
    sed -n 's/.*"secret":"\([^"]*\)".*/\1/p' "$PLACE/store.$1"
}

# until_says TEXT COMMAND...
until_says() {
    text=$1
    shift
    for _ in $(seq 240); do
        "$CARRYOVER" -C "$PLACE/p" "$@" >"$PLACE/out" 2>&1 || true
        grep -qF -- "$text" "$PLACE/out" && return
        sleep 0.25
    done
    echo "Bail out! $* never said $text"
    exit 1
}

until_fresh() {
    for _ in $(seq 240); do
        "$CARRYOVER" -C "$PLACE/p" upgrade status --json >"$PLACE/out" 2>/dev/null && python3 -c '
import json, sys
lenses = json.load(open(sys.argv[1]))["lenses"]
sys.exit(not (lenses and all(l["state"] == "fresh" and l["dirty"] == 0 for l in lenses)))' "$PLACE/out" && return
        sleep 0.25
    done
    return 1
}

go_over() {
    "$CARRYOVER" init "$PLACE/p" --package "$ROOT/examples/bookshop" --set hooks.stop_writers=true --set hooks.open=true &&
        "$CARRYOVER" -C "$PLACE/p" sample create --scale 0.005 && "$CARRYOVER" -C "$PLACE/p" replicate start --detach &&
        until_says 'replication: following' replicate status && "$CARRYOVER" -C "$PLACE/p" upgrade --detach &&
        until_fresh && "$CARRYOVER" -C "$PLACE/p" cutover --yes
}

# --- one cutover and one gateway for all tests ---

T=$PLACE
go_over >"$PLACE/setup" 2>&1 || {
    echo "Bail out! $(tail -n 5 "$PLACE/setup")"
    exit 1
}
TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
for store in 1 2 3 4 5; do
    "$CARRYOVER" -C "$PLACE/p" n1 stores add $store --json -q >"$PLACE/store.$store" || exit 1
done
: >"$PLACE/log"
"$CARRYOVER" -C "$PLACE/p" n1 serve --listen 127.0.0.1:0 --set n1.rate_address=0 --set n1.rate_store=0 2>"$PLACE/log" &
gateways=$!
URL=$(url_in "$PLACE/log") || exit 1

# --- tests ---

it_accepts_each_package_once_and_in_order() {
    client accepts "$URL" 1 "$(secret_of 1)"
    same sales "$(sql 'select count(*) from hq.sale where branch = 1 and id >= 1000000000')" 6
    same marked "$(sql 'select count(*) from hq.sale where branch = 1 and id >= 1000000000 and checked = 1')" 6
    same recounted "$(sql "select copies from hq.monthly_sales where product = '9780000000001' and month = '2026-11-01'")" 6
    same equal "$(sql 'select count(*) from (select * from carryover_up.sale_line except select * from hq.sale_line) x')" 0
    co 0 n1 uploads 1 --json
    has "$T/out" '"last": 2'
}

it_refuses_what_is_damaged_or_of_another_store() {
    client refuses "$URL" 2 "$(secret_of 2)" 3
    same sales "$(sql 'select count(*) from hq.sale where id >= 2000000000')" 3
    same others "$(sql 'select count(*) from old.sale where branch = 3 and id >= 1000000000')" 0
    co 0 n1 uploads refused 2 --json
    has "$T/out" 'of no transaction of this package'
    same kept "$(sql "select count(*) <= 20 and bool_and(length(content) > 0) from carryover.n1_upload_refused where store = '2'")" t
}

it_sets_aside_what_does_not_fit_and_takes_the_rest() {
    client sets_aside "$URL" 3 "$(secret_of 3)"
    first=$(cat "$T/client")
    same sales "$(sql "select count(*) from hq.sale where id >= $first")" 7
    same old "$(sql "select count(*) from old.sale where id >= $first")" 7
    same lines "$(sql "select count(*) from hq.sale_line where sale >= $first")" 6
    co 0 n1 uploads aside 3
    has "$T/out" 'character(1)'
    has "$T/out" '"payment"'
    has "$T/out" 'invalid input syntax for type integer: "many"'
    # Version N learns to take the payment, and the sale comes with its line; the others stay.
    sql "alter table hq.sale alter payment drop not null"
    co 0 n1 uploads replay 3 --json
    has "$T/out" '{"tried":4,"in":1,"findings":'
    same sale "$(sql "select payment is null from hq.sale where id = $first + 4")" t
    same line "$(sql "select count(*) from hq.sale_line where sale = $first + 4")" 1
    same left "$(sql "select count(*) from carryover.n1_aside where store = '3'")" 3
}

# What was sent is in, or set aside; what is in is in both versions, but for lines without their sale.
it_accounts_for_every_row_whatever_is_wrong_with_it() {
    sql "insert into carryover.n1_store (store, name, group_name, secret_hash) select '6', '6', group_name, secret_hash
         from carryover.n1_store where store = '5'"
    client sends_faults "$URL" 6 "$(secret_of 5)" "${CARRYOVER_SEED:-1}"
    read -r sent aside <"$T/client"
    same aside "$(sql "select count(*) from carryover.n1_aside where store = '6'")" "$aside"
    same sales "$(sql "select (select count(*) from old.sale where branch = 6) +
        (select count(*) from carryover.n1_aside where store = '6' and table_name = 'sale')")" "$sent"
    same lines "$(sql "select (select count(*) from old.sale_line where sale between 6000000000 and 6999999999) +
        (select count(*) from carryover.n1_aside where store = '6' and table_name = 'sale_line')")" "$sent"
    for table in sale sale_line; do
        columns=$([ $table = sale ] && echo "id, payment, total" || echo "sale, line, product, copies, amount")
        same "$table up" "$(sql "select count(*) from (select $columns from carryover_up.$table where branch = 6 except
            select $columns from hq.$table) x")" 0
        same "$table down" "$(sql "select count(*) from (select $columns from hq.$table where branch = 6 except
            select $columns from carryover_up.$table) x")" 0
    done
    same months "$(sql "select count(*) from (select * from carryover_up.monthly_sales except select * from hq.monthly_sales) x")" 0
    before=$(sql "select md5(string_agg(s::text, ',' order by id)) from hq.sale s")
    co 0 n1 uploads replay 6 --json
    has "$T/out" "\"tried\":$aside,\"in\":0"
    same nothing "$(sql "select md5(string_agg(s::text, ',' order by id)) from hq.sale s")" "$before"
}

it_never_changes_a_row_that_is_there() {
    client repeats_rows "$URL" 3 "$(secret_of 3)"
    sale=$(cat "$T/client")
    has_line="select amount from old.sale_line where sale = $sale"
    same first "$(sql "$has_line")" 99.0000
    co 0 n1 uploads aside 3
    has "$T/out" 'an earlier row has this key, too'
    # What headquarters has changed of it stays, also when the row is tried again.
    sql "update hq.sale_line set copies = 5 where sale = $sale"
    co 0 n1 uploads replay 3
    co 0 n1 uploads aside 3
    has "$T/out" 'headquarters has another row with this key'
    same kept "$(sql "select l.amount, h.copies from old.sale_line l join hq.sale_line h using (sale) where sale = $sale")" '99.0000|5'
    # A row that is the same needs nothing more.
    sql "update old.sale_line set amount = 10 where sale = $sale"
    co 0 n1 uploads replay 3
    co 0 n1 uploads aside 3
    has_not "$T/out" 'headquarters has another row'
    same still "$(sql "select copies, amount from hq.sale_line where sale = $sale")" '5|99.00'
}

it_marks_transactions_that_break_a_rule() {
    client breaks_a_rule "$URL" 4 "$(secret_of 4)"
    id=$(cat "$T/client")
    same bad "$(sql "select id from hq.sale where branch = 4 and checked = 2")" "$id"
    co 0 n1 uploads findings 4
    has "$T/out" 'the total is 12.00, the lines are 10.00'
    sql "update hq.sale set total = 10 where id = $id"
    co 0 n1 uploads replay 4
    has "$T/out" 'transactions that broke a rule: 1, of them 0 still do'
    same good "$(sql "select checked from hq.sale where id = $id")" 1
}

it_compares_totals_with_what_headquarters_has() {
    count=$(sql "select count(*) from hq.sale where branch = 4 and sold_at::date = '2026-11-21'")
    revenue=$(sql "select sum(total) from hq.sale where branch = 4 and sold_at::date = '2026-11-21'")
    client tells_totals "$URL" 4 "$(secret_of 4)" "$count" "$revenue"
    co 0 n1 totals 4
    has "$T/out" 'revenue'
    client tells_totals "$URL" 4 "$(secret_of 4)" "$count" "$revenue"
    co 1 n1 totals 4 --json
    has "$T/out" '"difference": 10'
}

it_takes_one_package_of_a_store_at_a_time_whoever_asks() {
    "$CARRYOVER" init "$T/second" --target "$TARGET" --package "$ROOT/examples/bookshop" >/dev/null
    : >"$T/second.log"
    "$CARRYOVER" -C "$T/second" n1 serve --listen 127.0.0.1:0 --set "n1.session_key=$PLACE/p/n1-session.key" \
        --set n1.rate_address=0 --set n1.rate_store=0 2>"$T/second.log" &
    pid=$!
    trap 'kill $pid 2>/dev/null; wait $pid' EXIT
    client races "$URL" 5 "$(secret_of 5)" "$(url_in "$T/second.log")"
    same sales "$(sql 'select count(*) from hq.sale where id between 5000000000 and 5999999999')" 120
    same lines "$(sql 'select count(*) from hq.sale_line where sale between 5000000000 and 5999999999')" 120
}

free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# A gateway that is killed again and again until the file `stop` is there.
killed_gateway() {
    "$CARRYOVER" init "$T/killed" --target "$TARGET" --package "$ROOT/examples/bookshop" >/dev/null
    while [ ! -e "$T/stop" ]; do
        "$CARRYOVER" -C "$T/killed" n1 serve --listen "127.0.0.1:$1" --set "n1.session_key=$PLACE/p/n1-session.key" \
            --set n1.rate_address=0 --set n1.rate_store=0 2>>"$T/killed.log" &
        pid=$!
        sleep "0.$(($(od -An -N1 -tu1 /dev/urandom) % 8 + 2))"
        kill -9 $pid
        wait $pid 2>/dev/null || true
        echo killed >>"$T/kills"
    done
}

it_loses_nothing_and_doubles_nothing_when_it_is_killed() {
    port=$(free_port)
    stores=
    for store in 1 2 4 5; do
        sql "select last from carryover.n1_upload_store where store = '$store'" >"$T/last.$store"
        sql "select count(*) from hq.sale where branch = $store" >"$T/before.$store"
        stores="$stores $store=$(secret_of $store)"
    done
    killed_gateway "$port" &
    killer=$!
    trap 'touch "$T/stop"; wait $killer' EXIT
    # shellcheck disable=SC2086 # a list of words
    client survives "http://127.0.0.1:$port" "${CARRYOVER_SEED:-1}" "${CARRYOVER_SECONDS:-12}" $stores
    touch "$T/stop"
    wait $killer
    trap - EXIT
    [ "$(wc -l <"$T/kills")" -ge 5 ] || fail "killed only $(wc -l <"$T/kills") times"
    while read -r store sent; do
        [ "$sent" -gt 0 ] || fail "store $store sent nothing"
        same "sales of $store" "$(sql "select count(*) from hq.sale where branch = $store")" "$(($(cat "$T/before.$store") + sent))"
        same "old sales of $store" "$(sql "select count(*) - count(distinct id) from old.sale where branch = $store")" 0
        same "numbers of $store" "$(sql "select count(*) = max(number) from carryover.n1_upload where store = '$store'")" t
    done <"$T/client"
    same lines "$(sql 'select count(*) from (select * from carryover_up.sale_line where branch <> 3 except select * from hq.sale_line) x')" 0
    same months "$(sql "select count(*) from (select * from carryover_up.monthly_sales except select * from hq.monthly_sales) x")" 0
}

run_tests
