#!/bin/sh
# The night itself, with the bookshop: guarded, killed in the middle, gone on with, given up, done once and never twice.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# shellcheck source=tests/e2e/night.sh
. "$(dirname "$0")/night.sh"

it_is_refused_before_anything_is_replicated() {
    project
    status 5 carryover cutover --yes
    has "$T/err" 'carryover: error ['
    same 'hooks that ran' "$(cat "$T/calls")" ''
}

it_wants_a_yes() {
    project
    status 5 carryover cutover
    has "$T/err" '[guard]'
    status 0 carryover cutover --dry-run
    has "$T/out" 'stop-writers'
}

it_is_refused_without_a_command_that_stops_the_writers() {
    project
    carryover replicate start --once --quiet 2>/dev/null
    status 5 env CARRYOVER_HOOK_STOP= "$CARRYOVER" cutover --yes --set hooks.stop_writers= --project "$T/upgrade"
    has "$T/err" 'hooks.stop_writers is not set'
}

it_goes_on_where_it_was_killed_and_loses_nothing() {
    under_way
    for wait in 0.3 0.9 1.6 0.5 2.4 1.2; do
        timeout -s KILL "$wait" "$CARRYOVER" cutover --yes --quiet --project "$T/upgrade" >"$T/out" 2>"$T/err" || true
    done
    status 0 carryover cutover --yes
    has "$T/out" 'downtime'
    same_rows
    same 'times that users were let in' "$(grep -c open "$T/calls")" 1
}

it_does_not_open_while_somebody_still_writes() {
    under_way
    printf '#!/bin/sh\necho stop >>%s/calls\n' "$T" >"$T/stop"
    status 5 carryover cutover --yes
    has "$T/err" '[guard]'
    has_not "$T/calls" 'open'
    status 0 carryover cutover abort
    hooks
    carryover replicate start --detach >/dev/null 2>&1
    carryover upgrade --detach >/dev/null 2>&1
    status 0 carryover cutover --yes
    same_rows
}

it_is_done_once_and_never_again() {
    under_way
    status 0 carryover cutover --yes --json
    cp "$T/out" "$T/first"
    calls=$(cat "$T/calls")
    status 0 carryover cutover --yes --json
    same 'the second report' "$(cat "$T/out")" "$(cat "$T/first")"
    same 'hooks that ran' "$(cat "$T/calls")" "$calls"
    status 5 carryover replicate start --once
    has "$T/err" 'live since'
    status 5 carryover upgrade --once
    status 5 carryover cutover abort
    test -s "$(echo "$T"/upgrade/reports/cutover-*.html)" || fail 'no report was written'
}

it_can_be_given_up_until_users_are_let_in() {
    under_way
    printf '#!/bin/sh\necho stop >>%s/calls\nexit 7\n' "$T" >"$T/stop"
    status 6 carryover cutover --yes
    has "$T/err" 'hooks.stop_writers'
    has "$T/err" 'status 7'
    status 0 carryover cutover abort
    has "$T/calls" 'resume'
    status 5 carryover cutover abort
    has "$T/err" 'no cutover is under way'
    hooks
    status 0 carryover cutover --yes
    same_rows
}

run_tests
