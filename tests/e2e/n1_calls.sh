#!/bin/sh
# Real-time calls and passwords of the gateway on the sample of the large package, with a till of its own (n1_calls.py).
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"
started=

tidy_up() {
    for pid in $started; do kill "$pid" 2>/dev/null; done
    for pid in $started; do wait "$pid" 2>/dev/null; done
    "$CARRYOVER" -C "$PLACE/p" n1 keep stop >/dev/null 2>&1
    "$CARRYOVER" -C "$PLACE/p" server stop >/dev/null 2>&1
    rm -rf "$PLACE"
}
trap tidy_up EXIT

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/p" "$@"
}

client() {
    python3 "$ROOT/tests/e2e/n1_calls.py" "$@" >"$T/client" 2>&1 || fail "$1: $(tail -n 6 "$T/client")"
}

# url_in LOG: where the gateway listens that writes there
url_in() {
    i=0
    until grep -q 'listening on' "$1"; do
        i=$((i + 1))
        [ $i -lt 400 ] || fail "no gateway: $(cat "$1")"
        sleep 0.05
    done
    sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$1" | head -n 1
}

# The least that argon2id takes: these tests are not about its cost.
QUICK='--set n1.password_memory=8kB --set n1.password_passes=1 --set n1.rate_address=0 --set n1.rate_store=0'

# serve FOLDER LOG [OPTION...]: an instance on the target, as process $!
serve() {
    folder=$1
    log=$2
    shift 2
    [ -d "$folder" ] || "$CARRYOVER" init "$folder" --target "$TARGET" >/dev/null
    : >"$log"
    # shellcheck disable=SC2086 # several words
    "$CARRYOVER" -C "$folder" n1 serve --listen 127.0.0.1:0 --set "n1.session_key=$PLACE/p/n1-session.key" $QUICK "$@" 2>"$log" &
}

# gateway NAME [OPTION...]: one that ends with the test
gateway() {
    name=$1
    shift
    serve "$T/$name" "$T/$name.log" "$@"
    pid=$!
    trap 'kill $pid 2>/dev/null; wait $pid' EXIT
    url=$(url_in "$T/$name.log")
}

sql() {
    psql -XAtq "$TARGET" -c "$1"
}

# --- one target and one gateway for all tests ---

T=$PLACE
{
    "$CARRYOVER" init "$PLACE/p" && "$CARRYOVER" -C "$PLACE/p" sample create --scale 0.01 -q &&
        "$CARRYOVER" -C "$PLACE/p" replicate start --once -q && "$CARRYOVER" -C "$PLACE/p" upgrade --once -q
} >"$PLACE/made" 2>&1 || { cat "$PLACE/made"; exit 1; }
TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
sql "update carryover.environment set state = 'live'"
for store in 000001 000002; do
    "$CARRYOVER" -C "$PLACE/p" n1 stores add $store --json -q >"$PLACE/$store" || exit 1
done
secret_in() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["secret"])' "$1"
}
SECRET=$(secret_in "$PLACE/000001")
SECRET2=$(secret_in "$PLACE/000002")
serve "$PLACE/p1" "$PLACE/log"
started=$!
serve "$PLACE/p2" "$PLACE/log2"
started="$started $!"
URL=$(url_in "$PLACE/log") || exit 1
URL2=$(url_in "$PLACE/log2") || exit 1

# --- tests ---

it_locks_pays_and_voids_gift_cards() {
    client giftcards "$URL" 000001 "$SECRET"
}

it_loses_no_cent_when_many_tills_pay_at_once() {
    client at_once "$URL" 000001 "$SECRET" "$URL2"
    same 'cards below zero' "$(sql 'select count(*) from (select 1 from hq.retailgiftcardtransactions group by dataareaid, cardnumber having sum(amount) < 0) x')" 0
}

it_answers_a_repeat_as_it_answered_first() {
    client keys "$URL" 000001 "$SECRET" "$URL2"
}

it_pays_once_whenever_the_gateway_is_killed() {
    serve "$T/killed" "$T/killed.log"
    victim=$!
    trap 'kill -KILL $victim 2>/dev/null; wait $victim 2>/dev/null || true' EXIT
    url_in "$T/killed.log" >"$T/url"
    python3 "$ROOT/tests/e2e/n1_calls.py" journal "$T/url" 000001 "$SECRET" "$T/journal" 8 >"$T/till" 2>&1 &
    till=$!
    kills=0
    while kill -0 $till 2>/dev/null; do
        sleep "0.$((kills * 7 % 6 + 2))"
        kill -KILL $victim
        wait $victim 2>/dev/null || true
        kills=$((kills + 1))
        serve "$T/killed" "$T/killed.log"
        victim=$!
        url_in "$T/killed.log" >"$T/url.new"
        mv "$T/url.new" "$T/url"
    done
    wait $till || fail "the till: $(tail -n 5 "$T/till")"
    read -r paid repeats <"$T/till"
    [ "$repeats" -gt 3 ] && [ $kills -gt 5 ] || fail "$kills kills made $repeats repeats: that proves nothing"
    same 'what was taken' "$(sql "select -sum(amount) from hq.retailgiftcardtransactions where cardnumber = 'N1-KILL' and operation = 2")" "${paid}0000"
    same 'payments of one key' "$(sql "select max(n) from (select count(*) as n from hq.retailgiftcardtransactions
        where cardnumber = 'N1-KILL' and operation = 2 group by transactionid) x")" 1
    same 'paid in the journal' "$(grep -c True "$T/journal")" "$(sql "select count(*) from hq.retailgiftcardtransactions where cardnumber = 'N1-KILL' and operation = 2")"
}

it_forgets_answers_in_time() {
    sql "insert into carryover.n1_call (store, key, method, digest, at) values ('000001', 'long-ago', 'x', 'x', now() - interval '2 h'),
        ('000001', 'just-now', 'x', 'x', now())"
    gateway short --set n1.call_keep=1h
    i=0
    until [ "$(sql "select count(*) from carryover.n1_call where key = 'long-ago'")" = 0 ]; do
        i=$((i + 1))
        [ $i -lt 100 ] || fail 'it is remembered for ever'
        sleep 0.1
    done
    same 'what is kept' "$(sql "delete from carryover.n1_call where key = 'just-now' returning 1")" 1
}

it_issues_and_pays_credit_memos_once() {
    client creditmemos "$URL" 000001 "$SECRET"
}

it_keeps_loyalty_points() {
    client loyalty "$URL" 000001 "$SECRET"
}

it_makes_and_finds_customers() {
    client customers "$URL" 000001 "$SECRET"
}

it_looks_up_stock_orders_sales_and_takes_returns() {
    item=$(sql "select i.itemid from hq.inventsum i join hq.inventdim d using (dataareaid, inventdimid)
        where i.dataareaid = 'usmf' and d.inventlocationid <> '' and i.closed = 0 limit 1")
    sale="from hq.retailtransactiontable t join hq.retailtransactionsalestrans l on (l.channel, l.store, l.terminalid, l.transactionid) = (t.channel, t.store, t.terminal, t.transactionid)
        where t.store = '000001' and t.type = 2 and t.entrystatus <> 1 and l.qty <= -1 and l.transactionstatus = 0 and l.returnqty = 0
        and (select count(*) from hq.retailtransactiontable o where o.receiptid = t.receiptid and o.dataareaid = t.dataareaid) = 1 order by l.recid limit 1"
    client lookups "$URL" 000001 "$SECRET" "$item" "$(sql "select t.receiptid $sale")" "$(sql "select l.linenum || ' ' || -l.qty $sale")"
}

it_activates_devices() {
    client devices "$URL" 000001 "$SECRET"
    same 'tokens in clear' "$(pg_dump "$TARGET" | grep -cF "$(cat "$T/client")")" 0
}

it_lists_devices_and_lets_the_administrator_deactivate_them() {
    co 0 n1 devices 000001
    grep -q '^000001 *000001 *DEV-000001 .* active ' "$T/out" || fail "devices: $(cat "$T/out")"
    has_not "$T/out" DEV-000004
    co 0 n1 devices deactivate DEV-000001
    has "$T/out" 'can be activated again'
    co 0 n1 devices 000001 --json
    grep -q '"state": "inactive"[^}]*"device": "DEV-000001"\|"device": "DEV-000001"[^}]*"state": "inactive"' "$T/out" || fail "devices: $(cat "$T/out")"
    co 2 n1 devices deactivate DEV-000001
    has "$T/err" 'no active device has the id DEV-000001'
    same 'in the audit' "$(sql "select count(*) from carryover.n1_audit where what = 'device-deactivated' and detail = 'DEV-000001'")" 1
}

it_says_what_it_does_not_do_and_counts_it() {
    client missed "$URL" 000001 "$SECRET"
    same missed "$(sql "select string_agg(method || calls, ' ' order by method) from carryover.n1_call_missed where store = '000001'")" 'MyOwnExtension3 SaveCustomerOrder1'
}

it_takes_no_parameter_that_is_not_what_it_should_be() {
    before=$(sql "select count(*) from pg_class")
    client parameters "$URL" 000001 "$SECRET"
    same 'tables and indexes' "$(sql "select count(*) from pg_class")" "$before"
    has_not "$PLACE/log" 'syntax error'
}

it_lets_cashiers_choose_a_new_password_once_they_proved_the_old_one() {
    client first_sign_in "$URL" 000001 "$SECRET"
    same 'what is kept' "$(sql "select passworddata ~ '^[$]argon2id[$]', length(passworddata) <= 128, passwordsalt <> '', passwordhashalgorithm, changepassword, legacypassworddata, legacyregkeydata2value, password
        from hq.retailstafftable where staffid = '000160'")" 't|t|t|ARGON2ID|0|||'
    client till_reset "$URL" 000001 "$SECRET"
    client other_store "$URL" 000002 "$SECRET2" GC000000000
}

it_shows_who_has_changed_the_password() {
    co 0 n1 staff
    has "$T/out" 'old password'
    co 0 n1 staff 000001
    grep -q '000160 .* changed ' "$T/out" || fail "$(cat "$T/out")"
    grep -q '000161 .* old ' "$T/out" || fail "$(cat "$T/out")"
    co 0 n1 staff --json
    python3 - "$T/out" <<'END' || fail "$(head -c 600 "$T/out")"
import json, sys
got = json.load(open(sys.argv[1]))
store = {s["store"]: s for s in got["stores"]}["000001"]
assert store["workers"] == 6 and store["changed"] == 2 and store["old"] + store["blocked"] == 4, store
END
}

it_lets_an_administrator_reset_a_password() {
    status 0 "$CARRYOVER" -C "$PLACE/p1" n1 staff reset 000161 --json --set n1.password_memory=8kB --set n1.password_passes=1
    password=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["password"])' "$T/out")
    client expect "$URL" 000001 "$SECRET" 000161 pos000161 AuthenticationFailed
    client expect "$URL" 000001 "$SECRET" 000161 "$password" ChangePasswordRequired
    co 0 n1 staff 000001
    grep -q '000161 .* temporary ' "$T/out" || fail "$(cat "$T/out")"
    same 'in clear' "$(pg_dump "$TARGET" | grep -cF "$password")" 0
    co 2 n1 staff reset nobody
    has "$T/err" '[staff-unknown]'
}

it_locks_out_who_guesses() {
    gateway strict --set n1.staff_failures=3 --set n1.staff_lock=3s --set n1.workers=8
    client lock_out "$url" 000001 "$SECRET"
    co 0 n1 staff 000001
    grep -q '000164 .* yes' "$T/out" || fail "$(cat "$T/out")"
}

it_does_not_tell_who_exists() {
    gateway patient --set n1.staff_failures=1000 --set n1.password_memory=8MB --set n1.password_passes=2
    client same_answer "$url" 000001 "$SECRET"
}

it_leaves_workers_for_others_while_it_hashes() {
    gateway three --set n1.workers=3 --set n1.password_memory=32MB --set n1.password_passes=4 --set n1.password_at_once=2 --set n1.staff_failures=1000
    client busy "$url" 000001 "$SECRET"
}

it_keeps_passwords_out_of_logs_audit_and_database() {
    for word in 'new password 1' 'Ünïcode pässword' 'mine for long' 'for the moment' pos000160; do
        for file in "$PLACE/log" "$PLACE/log2"; do has_not "$file" "$word"; done
        same "$word in the database" "$(pg_dump "$TARGET" -n carryover | grep -cF "$word")" 0
    done
    # shellcheck disable=SC2016 # no expansion
    same 'hashes in the audit' "$(pg_dump "$TARGET" -n carryover | grep -cF '$argon2id$')" 0
    [ "$(sql "select count(*) from carryover.n1_audit where what = 'staff-changed-password' and store = '000001' and detail = '000160'")" -ge 1 ] || fail 'no audit'
    same 'unknown ids in the audit' "$(sql "select count(*) from carryover.n1_audit where detail like '%nobody%'")" 0
}

it_brings_changes_to_the_tables_of_n_1() {
    co 0 n1 keep --detach
    i=0
    until [ "$(sql "select passworddata || changepassword from old.retailstafftable where staffid = '000160'")" = 0 ] &&
        [ "$(sql "select count(*) from old.retailgiftcardtable where entryid = 'N1-RACE'")" = 1 ]; do
        i=$((i + 1))
        [ $i -lt 120 ] || fail "old: $(sql "select passworddata, changepassword from old.retailstafftable where staffid = '000160'") $(tail -n 3 "$PLACE/p/logs/n1-keep.log")"
        sleep 0.25
    done
    same 'who still has the old one' "$(sql "select length(passworddata), changepassword from old.retailstafftable where staffid = '000168'")" '64|1'
    same balance "$(sql "select sum(amount) from old.retailgiftcardtransactions where cardnumber = 'N1-RACE'")" "$(sql "select sum(amount)::numeric(32,16) from hq.retailgiftcardtransactions where cardnumber = 'N1-RACE'")"
    co 0 n1 keep status
    has_not "$T/out" 'set aside'
    co 0 n1 keep stop
}

it_takes_nothing_while_users_are_kept_out() {
    gateway quiet
    client giftcard "$url" 000001 "$SECRET" QUIET
    printf '000001 %s\n' "$SECRET" >"$T/secrets"
    cat >"$T/calls" <<'JSON'
{"store": "000001", "method": "LockGiftCard", "parameters": {"giftCardId": "QUIET", "channelId": 5637145576, "terminalId": "000001"}}
{"store": "000001", "method": "PayGiftCard", "parameters": {"giftCardId": "QUIET", "amount": "0.01", "currencyCode": "USD", "channelId": 5637145576, "terminalId": "000001", "staffId": "000160", "transactionId": "T1", "receiptId": "R1"}, "key": true}
JSON
    paid="select count(*) from hq.retailgiftcardtransactions where cardnumber = 'QUIET' and operation = 2"
    before=$(sql "$paid")
    co 0 maintenance on
    status 0 "$CARRYOVER" store simulate --url "$url" --secrets "$T/secrets" --poll 1s --calls "$T/calls" --call-every 50ms --duration 2s --json
    same 'payments in maintenance' "$(sql "$paid")" "$before"
    has_not "$T/out" '"errors":{}'
    co 0 maintenance off --skip-smoke
    status 0 "$CARRYOVER" store simulate --url "$url" --secrets "$T/secrets" --poll 1s --calls "$T/calls" --call-every 50ms --duration 2s --json
    [ "$(sql "$paid")" -gt "$before" ] || fail "nothing is paid after it: $(cat "$T/out")"
}

it_bears_the_calls_of_many_stores() {
    gateway load
    client giftcard "$url" 000001 "$SECRET" LOAD
    printf '000001 %s\n000002 %s\n' "$SECRET" "$SECRET2" >"$T/secrets"
    cat >"$T/calls" <<'JSON'
{"store": "000001", "method": "LockGiftCard", "parameters": {"giftCardId": "LOAD", "channelId": 5637145576, "terminalId": "000001"}}
{"store": "000001", "method": "PayGiftCard", "parameters": {"giftCardId": "LOAD", "amount": "0.01", "currencyCode": "USD", "channelId": 5637145576, "terminalId": "000001", "staffId": "000160", "transactionId": "T1", "receiptId": "R1"}, "key": true}
{"store": "000002", "method": "GetGiftCardBalance", "parameters": {"giftCardId": "nobody has it"}}
JSON
    status 0 "$CARRYOVER" store simulate --url "$url" --secrets "$T/secrets" --own-connections --poll 1s --calls "$T/calls" --call-every 50ms --duration 3s --json
    mv "$T/out" "$T/told"
    python3 -c 'import json, sys
told, paid = json.load(open(sys.argv[1])), int(sys.argv[2])
kinds = told["by_kind"]
assert kinds["session"]["requests"] == 2 and kinds["poll"]["requests"] >= 4, kinds
assert kinds["PayGiftCard"]["requests"] >= 5 and paid >= kinds["PayGiftCard"]["requests"], (kinds, paid)
assert told["errors"] == {"refused GiftCardUnknown": kinds["GetGiftCardBalance"]["requests"]}, told["errors"]' "$T/told" \
        "$(sql "select count(*) from hq.retailgiftcardtransactions where cardnumber = 'LOAD' and operation = 2")" || fail "$(cat "$T/told")"
    echo '{"store": "000001"}' >"$T/calls"
    status 2 "$CARRYOVER" store simulate --url "$url" --secrets "$T/secrets" --calls "$T/calls"
    has "$T/err" "calls:1:"
}

it_goes_with_a_reset() {
    "$CARRYOVER" init "$T/r" >/dev/null
    trap '"$CARRYOVER" -C "$T/r" server stop >/dev/null 2>&1' EXIT
    for what in 'sample create --scale 0.01' 'replicate start --once' 'upgrade --once' 'n1 staff' 'upgrade --reset --once --yes' \
        'n1 staff' 'replicate reset --yes' 'replicate start --once'; do
        # shellcheck disable=SC2086 # several words
        status 0 "$CARRYOVER" -C "$T/r" $what -q
    done
}

run_tests
