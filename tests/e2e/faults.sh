#!/bin/sh
# What goes wrong in real houses: each has a code, names what it is about, and says what to do; and doing that helps.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/e2e/night.sh
. "$(dirname "$0")/night.sh"

# says CODE TEXT...: the error has this code, the texts, and something to do next
says() {
    has "$T/err" "carryover: error [$1]:"
    has "$T/err" '  next: '
    has "$T/err" "more: carryover explain $1"
    shift
    for text in "$@"; do has "$T/err" "$text"; done
}

# A role of the source that has to say a password.
clerk() {
    value source "create role clerk login password 'right'"
    file=$(value source 'show hba_file')
    { echo 'local all clerk scram-sha-256'; cat "$file"; } >"$T/hba"
    cat "$T/hba" >"$file"
    value source 'select pg_reload_conf()' >/dev/null
    CLERK=$(carryover server uri source | sed 's/user=[^ &]*/user=clerk/; s|//carryover@|//clerk@|')
}

it_names_the_user_whose_password_is_wrong_and_never_the_password() {
    project
    clerk
    status 3 env PGPASSWORD=not-right "$CARRYOVER" replicate start --dry-run --source "$CLERK" --project "$T/upgrade"
    says connect 'password authentication failed' 'clerk' 'PGPASSFILE'
    has_not "$T/err" 'not-right'
}

# Each attempt names one thing that is missing with the statement that mends it, which is then run.
it_says_what_to_grant_until_nothing_is_missing() {
    project
    clerk
    export PGPASSWORD=right
    tries=0
    while ! carryover replicate start --once --quiet --source "$CLERK" >"$T/out" 2>"$T/err"; do
        tries=$((tries + 1))
        [ "$tries" -le 8 ] || fail "still not allowed: $(cat "$T/err")"
        says source-privilege clerk
        mend=$(sed -n 's/^  next: //p' "$T/err" | sed 's/ (and [0-9]* more.*//')
        PGPASSWORD='' value source "$mend" >/dev/null || fail "the server does not take: $mend"
    done
    [ "$tries" -ge 2 ] || fail "only $tries things were missing"
}

small_disk() {
    mkdir "$T/small"
    mount -t tmpfs -o "size=$1,mode=755" small "$T/small" || fail "a small disk cannot be mounted: this test needs root"
    mkdir "$T/small/tables"
    chown "$(stat -c %U "$(value target 'show data_directory')")" "$T/small/tables"
    value target "create tablespace small location '$T/small/tables'"
    value target 'alter database target set default_tablespace = small'
}

it_says_which_disk_is_full_and_goes_on_when_there_is_room() {
    project
    carryover sample create --scale 0.2 --replace >/dev/null 2>&1
    carryover server start target >/dev/null 2>&1
    trap 'stop_all >"$T/stopped" 2>&1; umount "$T/small"' EXIT
    small_disk 6m
    status 6 carryover replicate start --once
    says disk-full 'No space left on device'
    mount -o remount,size=200m "$T/small"
    status 0 carryover replicate start --once
}

it_names_who_holds_a_lock() {
    under_way
    carryover upgrade status >"$T/out"
    has_not "$T/out" 'waits for'
    { echo 'begin; lock table hq.customer;'; sleep 8; echo 'rollback;'; } |
        PGAPPNAME=bobs-report psql -XAtq "$(carryover server uri target)" &
    sleep 1
    value source "update shop.customer set name = name || 'x' where id <= 5" >/dev/null
    sleep 1
    carryover upgrade status >"$T/out"
    has "$T/out" 'waits for server process'
    has "$T/out" 'bobs-report'
    has "$T/out" 'lock table hq.customer'
    wait $!
    status 0 carryover cutover --yes
    same_rows
}

it_names_the_second_one_at_work() {
    under_way
    status 5 carryover replicate start
    says project-busy 'process' 'replicate'
    "$CARRYOVER" init "$T/other" --package "$ROOT/examples/bookshop" --source "$(carryover server uri source)" \
        --target "$(carryover server uri target)" >/dev/null
    status 5 "$CARRYOVER" replicate start --project "$T/other"
    says target-busy 'server process'
}

it_names_the_rows_of_which_version_n_can_hold_only_one() {
    project
    twice=1234-5678
    value source "insert into shop.book (isbn, title, author, price, status) values ('$twice', 'twice', 'nobody', 1, 'A');
        insert into shop.magazine (issn, title, issue, price) values ('$twice', 'twice', 1, 2)"
    carryover replicate start --once --quiet 2>/dev/null
    status 1 carryover upgrade --once
    says lens-data 'product' "$twice"
    value source "delete from shop.magazine where title = 'twice'"
    carryover replicate start --detach >/dev/null 2>&1
    sleep 1
    status 0 carryover upgrade --once
}

it_ends_a_hook_that_hangs() {
    under_way
    printf '#!/bin/sh\nsleep 100\n' >"$T/stop"
    status 6 carryover cutover --yes --set hooks.timeout=1s
    says timeout 'hooks.stop_writers' 'stop-writers'
    hooks
    status 0 carryover cutover resume --yes
    same_rows
}

it_goes_on_after_the_target_was_away() {
    under_way
    carryover server stop target >/dev/null
    status 3 carryover cutover --yes --target "$(carryover server uri target)"
    says connect
    carryover server start target >/dev/null
    tries=0
    while ! carryover cutover --yes >"$T/out" 2>"$T/err"; do
        tries=$((tries + 1))
        [ "$tries" -le 60 ] || fail "it does not go on: $(cat "$T/err")"
        sleep 0.5 # replication and upgrade find the server again by themselves
    done
    same_rows
}

it_has_a_page_for_every_code() {
    "$CARRYOVER" explain --json | python3 -c '
import json, re, sys
page = open(sys.argv[1]).read()
codes = [e["code"] for e in json.load(sys.stdin)]
there = re.findall(r"^### (\S+)$", page, re.M)
assert sorted(codes) == sorted(there), set(codes) ^ set(there)
' "$ROOT/docs/errors.md"
}

run_tests
