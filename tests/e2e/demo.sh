#!/bin/sh
# The demo, whole, at a small size: what the README shows, from an empty folder to stores of both versions.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"
trap '"$CARRYOVER" -C "$PLACE/demo" server stop >/dev/null 2>&1; rm -rf "$PLACE"' EXIT

# sum LINES: of numbers
sum() {
    echo "$1" | awk '{s += $1} END {print s + 0}'
}

it_plays_from_an_empty_folder_to_stores_of_both_versions() {
    status 0 "$CARRYOVER" demo "$PLACE/demo" --scale 0.1 --no-progress
    has "$T/out" '[52/52]'
    has_not "$T/out" 'rows aside'
    sold=$(sed -n 's/^\([0-9]*\) transactions: \([0-9]*\) sales.*/\1/p' "$T/out")
    sent=$(sed -n 's/.* uploads with \([0-9]*\) transactions sent/\1/p' "$T/out")
    kept=$(sed -n 's/.* voided, \([0-9]*\) suspended, .*/\1/p' "$T/out") # what is suspended stays in the store
    same 'transactions that arrived' "$(sum "$sent")" $(($(sum "$sold") - $(sum "$kept")))
    during=$(sed -n '/The first store finds it/,/The line is cut/s/.* uploads with \([0-9]*\) transactions sent/\1/p' "$T/out")
    [ "$(sum "$during")" -gt 20 ] || fail "sold from before the cutover until after it: $(sum "$during")"
    has "$T/out" '"success":true'
    has "$T/out" '9 packages applied'
    grep -q '^000001 .* EAST  *N-1 ' "$T/out" || fail "the fleet: $(tail -n 30 "$T/out")"
    grep -q '^000002 .* EAST-N  *N ' "$T/out" || fail "the fleet: $(tail -n 30 "$T/out")"
    same 'differences of totals' "$(awk '/store says/ {on = 1; next} /^$/ {on = 0} on && $1 ~ /^0/ && $NF != 0' "$T/out")" ''
    has "$T/out" 'signed off by Ada'
    has "$T/out" "production is the sandbox's successor now"
    after=$(sed -n '/The store finds the headquarters that it knows/,$s/.*\([0-9]\+\) packages applied, .*/\1/p' "$T/out")
    [ "$(sum "$after")" -gt 0 ] || fail "the store got nothing from production: $(tail -n 20 "$T/out")"
    has "$T/out" 'signature good'
    has "$T/out" 'Nothing runs any more'
    for what in n1-keep n1-serve replicate upgrade; do
        flock -n "$PLACE/demo/$what.lock" true || fail "$what goes on"
    done
    same 'who reads the secrets' "$(stat -c %a "$PLACE/demo/store-000001.secret")" 600
}

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/demo" "$@"
}

active() {
    co 0 n1 devices "$1"
    grep -c ' active ' "$T/out"
}

# Goes on in the folder of the demo.
it_takes_the_devices_of_a_store_along_and_brings_them_back() {
    co 0 server start
    same 'active devices of the store that moved' "$(active 000002)" 0
    same 'active devices of the other store' "$(active 000001)" 2
    co 0 n1 promote 000002 --undo
    same 'active devices after the way back' "$(active 000002)" 2
    co 0 n1 promote 000001 --dry-run
    has "$T/out" 'open_shifts'
    grep -Eq '^000001 +receipt +1000000[0-9]{3}' "$T/out" || fail "seeds: $(cat "$T/out")"
    co 5 sample store "$PLACE/demo/stores/000001"
    has "$T/err" 'is live since'
    co 0 server stop
}

run_tests
