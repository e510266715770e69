#!/bin/sh
# The night as it is planned, rehearsed, signed off and done, with the bookshop and steps of the project's own.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/e2e/night.sh
. "$(dirname "$0")/night.sh"

required() {
    CARRYOVER_CUTOVER_SIGNOFF=required carryover "$@"
}

# A package of the test's own, which it may change.
own_package() {
    cp -r "$ROOT/examples/bookshop" "$T/package"
    sed -i "s|^package:.*|package: $T/package|" "$T/upgrade/carryover.yaml"
}

steps() {
    cat >"$T/upgrade/runbook.yaml"
}

mark() { # a shell command that notes its name
    printf 'echo %s >>%s/done' "$1" "$T"
}

slots() {
    value source "select string_agg(slot_name, ' ' order by 1) from pg_replication_slots where not temporary"
}

databases() {
    value target "select string_agg(datname, ' ' order by 1) from pg_database where not datistemplate"
}

jobs_run() {
    carryover replicate status --json >"$T/r" && carryover upgrade stop >"$T/s" && grep -q 'is stopped' "$T/s" &&
        carryover upgrade --detach >/dev/null 2>&1
}

it_shows_the_steps_with_those_of_the_project() {
    project
    steps <<END
steps:
  - {name: call-the-shops, phase: before, owner: Grace, manual: call them, estimate: 10m}
  - {name: web-shop, phase: downtime, run: "true", estimate: 5s}
  - {name: ledger, phase: downtime, run: "true", estimate: 90s, after: web-shop}
END
    status 0 carryover cutover plan
    grep -q 'call-the-shops .*10 min.*Grace' "$T/out" || fail "no step of Grace's: $(cat "$T/out")"
    has "$T/out" 'Not rehearsed yet'
    grep -q 'downtime *95 s\|downtime *1 min' "$T/out" || fail "no length of the downtime: $(cat "$T/out")"
    has "$T/upgrade/reports/plan.html" '<svg'
    status 0 carryover cutover plan --json
    python3 - "$T/out" <<'END'
import json, sys
steps = {s['step']: s for s in json.load(open(sys.argv[1]))['steps']}
assert steps['ledger']['critical'] and steps['web-shop']['critical']
assert steps['ledger']['expected']['expected_seconds'] == 90
assert 'web-shop' in steps['ledger']['needs'] and 'ledger' in steps['open']['needs']
assert not steps['drain']['critical']
END
}

it_names_the_line_of_a_mistake_in_the_steps() {
    project
    printf 'steps:\n  - name: x\n    phase: downtime\n    run: "true"\n    after: drian\n' | steps
    status 2 carryover cutover plan
    has "$T/err" 'runbook.yaml:2:5: x waits for a step that is not there: drian'
    has "$T/err" 'did you mean drain?'
}

it_can_not_be_rehearsed_before_there_is_a_replica() {
    project
    status 5 carryover cutover --mock
    has "$T/err" '[target-state]'
}

it_is_rehearsed_while_everything_goes_on() {
    under_way
    status 0 carryover cutover --mock
    has "$T/out" 'a rehearsal: nobody was let in'
    same 'hooks that ran' "$(cat "$T/calls")" ''
    same 'slots on the source' "$(slots)" 'carryover'
    same 'databases on the target' "$(databases)" 'postgres target'
    jobs_run || fail 'the jobs do not run any more'
    status 0 carryover cutover --mock --json
    status 0 carryover cutover plan
    has "$T/out" 'from 2 rehearsals'
    has "$T/out" 'not rehearsed: stop-writers'
    status 5 carryover cutover abort
    status 0 carryover cutover --yes
    has "$T/out" 'than expected'
    same_rows
    status 5 carryover cutover --mock
    has "$T/err" 'live since'
}

it_leaves_nothing_of_a_rehearsal_that_was_killed() {
    under_way
    for wait in 1.2 2.2 3; do
        timeout -s KILL "$wait" "$CARRYOVER" cutover --mock --quiet --project "$T/upgrade" >"$T/out" 2>"$T/err" || true
    done
    status 0 carryover cutover status
    has "$T/err" 'a rehearsal was killed'
    carryover replicate start --detach >/dev/null 2>&1 || true
    carryover upgrade --detach >/dev/null 2>&1 || true
    status 0 carryover cutover --mock
    status 0 carryover cutover status
    has_not "$T/err" 'a rehearsal was killed'
    same 'slots on the source' "$(slots)" 'carryover'
    same 'databases on the target' "$(databases)" 'postgres target'
    status 0 carryover cutover --yes
    same_rows
}

it_takes_the_copy_away_when_a_rehearsal_is_stopped() {
    under_way
    got=0
    timeout -s TERM 2.5 "$CARRYOVER" cutover --mock --quiet --project "$T/upgrade" >"$T/out" 2>"$T/err" || got=$?
    [ "$got" != 0 ] || fail 'the rehearsal was too fast for this test'
    same 'slots on the source' "$(slots)" 'carryover'
    same 'databases on the target' "$(databases)" 'postgres target'
    jobs_run || fail 'the jobs do not run any more'
}

it_leaves_a_database_alone_that_is_not_its_copy() {
    under_way
    value target 'create database target_rehearsal' >/dev/null
    status 5 carryover cutover --mock
    has "$T/err" 'target_rehearsal that no rehearsal has made'
    same 'databases on the target' "$(databases)" 'postgres target target_rehearsal'
    jobs_run || fail 'the jobs do not run any more'
}

# Somebody writes in the last moment; the step that would let users in fails, and nobody was let in.
it_can_be_given_up_when_the_last_step_has_failed() {
    under_way
    printf 'steps:\n  - {name: late, phase: downtime, after: smoke, before: open, run: "psql -Xqc \\"%s\\" \\"%s\\""}\n' \
        "update shop.customer set name = name where id = 1" "$(carryover server uri source)" | steps
    status 5 carryover cutover --yes
    has "$T/err" 'step open'
    has_not "$T/calls" 'open'
    status 0 carryover cutover abort --reason 'somebody writes'
    has "$T/calls" 'resume'
    rm "$T/upgrade/runbook.yaml"
    carryover replicate start --detach >/dev/null 2>&1
    carryover upgrade --detach >/dev/null 2>&1
    status 0 carryover cutover --yes
    same_rows
}

it_is_refused_until_what_was_rehearsed_is_signed_off() {
    project
    own_package
    begin_jobs
    status 5 required cutover --yes
    has "$T/err" 'nobody has signed off'
    status 5 carryover cutover signoff --by Ada
    has "$T/err" 'nothing to sign off'
    required cutover --mock --quiet >/dev/null 2>&1
    status 2 required cutover signoff
    has "$T/err" '--by NAME'
    status 0 required cutover signoff --by Ada --note 'it was good'
    echo '-- a word' >>"$T/package/final/10_sale_numbers.sql"
    status 5 required cutover --yes
    has "$T/err" '1 things differ from what was signed off: package final/10_sale_numbers.sql (has changed)'
    sed -i '$d' "$T/package/final/10_sale_numbers.sql"
    status 5 required cutover --yes --set hooks.timeout=1m
    has "$T/err" 'setting hooks.timeout (has changed)'
    echo 'steps: []' | steps
    status 5 required cutover --yes
    has "$T/err" 'project runbook.yaml (is new)'
    rm "$T/upgrade/runbook.yaml"
    value target 'alter table hq.customer add column more int' >/dev/null
    status 5 required cutover --yes
    has "$T/err" 'target hq.customer (has changed)'
    value target 'alter table hq.customer drop column more' >/dev/null
    required cutover --mock --quiet >/dev/null 2>&1
    status 5 required cutover --yes
    has "$T/err" 'a rehearsal after the sign-off'
    status 0 required cutover signoff --by Ada
    # The upgrade connects anew when a table of version N changes below it, and does not run for that moment.
    for _ in $(seq 50); do
        carryover upgrade status --json 2>/dev/null | grep -q '"running":true' && break
        sleep 0.2
    done
    status 0 required cutover --yes
    same_rows
}

it_goes_on_without_a_signoff_when_somebody_takes_it_upon_himself() {
    under_way
    status 5 required cutover --yes --reason 'the night is short'
    status 0 required cutover --yes --reason 'the night is short' --by Grace
    has "$T/err" 'Grace goes on without it: the night is short'
    has "$T/out" 'overridden by Grace'
    cat "$T"/upgrade/reports/cutover-*.html >"$T/report"
    has "$T/report" 'the night is short'
}

it_does_the_steps_of_the_project() {
    under_way
    steps <<END
steps:
  - {name: mail, phase: before, run: "$(mark mail)", after: prove}
  - name: flaky
    phase: downtime
    run: "$(mark flaky); test \$(grep -c flaky $T/done) -ge 3"
    retries: 3
  - {name: shop, phase: downtime, http: {url: "http://127.0.0.1:$PORT/close", method: PUT, expect: 204}}
  - {name: thanks, phase: after, run: "$(mark thanks)", check: "grep -q thanks $T/done"}
END
    python3 - "$PORT" "$T/requests" <<'END' &
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
class H(BaseHTTPRequestHandler):
    def do_PUT(self):
        open(sys.argv[2], 'a').write(self.path + '\n')
        self.send_response(204)
        self.end_headers()
    def log_message(self, *a): pass
HTTPServer(('127.0.0.1', int(sys.argv[1])), H).handle_request()
END
    status 0 carryover cutover --yes
    same 'what was done' "$(sort "$T/done" | uniq -c | awk '{printf "%s %s ", $2, $1}')" 'flaky 3 mail 1 thanks 1 '
    same 'requests' "$(cat "$T/requests")" '/close'
    has "$T/err" 'tried again'
}

it_stops_at_a_step_that_fails_and_goes_on_when_it_is_mended() {
    under_way
    steps <<END
steps:
  - {name: files, phase: downtime, run: "cat $T/missing >/dev/null"}
  - {name: check, phase: downtime, run: "true", check: "test -e $T/checked"}
END
    status 6 carryover cutover --yes
    has_not "$T/calls" 'open'
    touch "$T/missing"
    status 6 carryover cutover resume --yes
    has "$T/err" 'the check of check (runbook.yaml:3:5)'
    status 5 carryover cutover skip drain --reason no
    has "$T/err" 'can not be skipped'
    status 2 carryover cutover skip check
    status 0 carryover cutover skip check --reason 'Ada has looked' --by Ada
    status 0 carryover cutover resume --yes
    has "$T/out" 'Ada has looked'
    same_rows
}

it_ends_a_step_that_hangs() {
    under_way
    printf 'steps:\n  - {name: hangs, phase: before, run: "sleep 100", timeout: 1s}\n' | steps
    status 6 carryover cutover --yes
    has "$T/err" '[timeout]'
    has "$T/err" 'hangs'
}

it_waits_for_people() {
    under_way
    printf 'steps:\n  - {name: tills, phase: downtime, owner: Grace, manual: look at the tills}\n' | steps
    carryover cutover --yes >"$T/night" 2>"$T/night.err" &
    night=$!
    while ! grep -q 'tills waits for Grace: look at the tills' "$T/night.err"; do
        kill -0 "$night" || fail "it does not wait: $(cat "$T/night.err")"
        sleep 0.1
    done
    status 5 carryover cutover --yes --by Eve
    has "$T/err" 'by'
    status 2 carryover cutover confirm tills
    status 5 carryover cutover confirm drain --by Grace
    status 0 carryover cutover confirm tills --by Grace --note 'all closed'
    wait "$night" || fail "it failed: $(cat "$T/night.err")"
    has "$T/night" 'confirmed by Grace: all closed'
}

it_waits_for_nobody_when_another_step_has_failed() {
    under_way
    printf 'steps:\n  - {name: tills, phase: before, after: preflight, owner: Grace, manual: look, timeout: 1h}\n  - {name: breaks, phase: before, after: preflight, run: "sleep 1; false"}\n' | steps
    status 6 timeout 60 "$CARRYOVER" cutover --yes --project "$T/upgrade"
    has "$T/err" 'step breaks'
    has "$T/err" 'another step failed meanwhile'
}

it_tells_the_second_operator_who_is_at_it() {
    under_way
    printf 'steps:\n  - {name: wait, phase: before, owner: Grace, manual: wait}\n' | steps
    CARRYOVER_OPERATOR=ada carryover cutover --yes >"$T/night" 2>&1 &
    while ! grep -q 'wait waits for' "$T/night"; do
        sleep 0.1
    done
    status 5 carryover cutover --yes
    has "$T/err" 'by ada since 20'
    status 5 carryover cutover undo --to prove --yes
    status 0 carryover cutover confirm wait --by Grace
    wait
}

it_does_one_step_after_the_other() {
    under_way
    status 5 carryover cutover next --yes
    printf 'steps:\n  - {name: fails, phase: before, run: "false", before: preflight}\n' | steps
    status 6 carryover cutover --yes
    status 0 carryover cutover skip fails --reason 'it was only a test'
    n=0
    while ! grep -q '"complete":true' "$T/out"; do
        status 0 carryover cutover next --yes --json
        n=$((n + 1))
        [ "$n" -le 20 ] || fail 'it never ends'
    done
    same 'steps' "$n" 15
    same_rows
}

it_does_a_step_once_more() {
    under_way
    printf 'steps:\n  - {name: fails, phase: downtime, run: "test -e %s/go", before: drain}\n' "$T" | steps
    status 6 carryover cutover --yes
    status 5 carryover cutover retry prove --yes
    has "$T/err" 'was begun after it'
    status 5 carryover cutover retry open --yes
    has "$T/err" 'was not tried yet'
    status 6 carryover cutover retry fails --yes
    touch "$T/go"
    status 0 carryover cutover retry fails --yes
    status 0 carryover cutover resume --yes
    same_rows
}

it_is_given_up_although_an_undo_fails() {
    under_way
    printf 'steps:\n  - {name: shop, phase: downtime, run: "true", undo: "false", before: drain}\n  - {name: fails, phase: downtime, run: "false", after: shop, before: drain}\n' | steps
    status 6 carryover cutover --yes
    status 6 carryover cutover abort
    has_not "$T/calls" resume
    status 2 carryover cutover abort --leave shop
    status 5 carryover cutover abort --leave stop-writers --reason no
    status 0 carryover cutover abort --leave shop --reason 'Ada opens it by hand'
    has "$T/calls" resume
    status 0 carryover cutover status
    has "$T/out" 'Ada opens it by hand'
}

it_goes_back_to_where_it_was_told() {
    under_way
    printf 'steps:\n  - {name: shop, phase: downtime, run: "%s", undo: "%s", before: open, after: final}\n' \
        "$(mark closed); test -e $T/go" "$(mark opened)" | steps
    status 6 carryover cutover --yes
    status 5 carryover replicate start --once
    has "$T/err" 'carryover cutover resume'
    status 5 carryover upgrade --once
    cp -r "$ROOT/examples/bookshop" "$T/bookshop"
    echo '-- another one' >>"$T/bookshop/up/product.sql"
    status 5 carryover cutover resume --yes --set "package=$T/bookshop"
    has "$T/err" 'begun with another target or another package'
    status 0 carryover cutover undo --to stop-writers --yes
    same 'what was done' "$(tr '\n' ' ' <"$T/done")" 'closed opened '
    has "$T/calls" 'resume'
    status 0 carryover cutover status --json
    has "$T/out" '"step":"drain","phase":"downtime","done":false'
    touch "$T/go"
    carryover replicate start --detach >/dev/null 2>&1
    carryover upgrade --detach >/dev/null 2>&1
    status 0 carryover cutover resume --yes
    same_rows
    status 5 carryover cutover undo --to final --yes
    has "$T/err" 'point of no return'
}

it_seals_what_is_known_of_the_night() {
    under_way
    carryover cutover --mock --quiet >/dev/null 2>&1
    status 0 carryover cutover signoff --by Ada
    status 0 carryover cutover --yes
    status 0 carryover evidence export "$T/night.tar.zst"
    key=$(sed -n 's/^  key  *//p' "$T/out")
    status 0 "$CARRYOVER" evidence verify "$T/night.tar.zst" --key "$key"
    has "$T/out" 'signature good'
    tar tf "$T/night.tar.zst" >"$T/list"
    for name in 'reports/cutover-[0-9]*.html' 'reports/rehearsal-[0-9]*.json' journal.jsonl logs/replicate.log settings.json; do
        grep -qx "$name" "$T/list" || fail "no $name in: $(cat "$T/list")"
    done
    status 1 "$CARRYOVER" evidence verify "$T/night.tar.zst" --key "${key%?}0x"
    printf x | dd of="$T/night.tar.zst" bs=1 seek=3000 conv=notrunc 2>/dev/null
    status 1 "$CARRYOVER" evidence verify "$T/night.tar.zst"
    has "$T/err" '[evidence]'
    status 6 carryover evidence export "$T/night.tar.zst"
    has "$T/err" "File exists"
}

# After each step comes one that kills carryover, once; the last line of a killed run is what it had done by then.
it_can_be_killed_after_every_step() {
    under_way
    {
        echo steps:
        before=
        for step in preflight gate prove catch-up prove-rest stop-writers barrier drain keyless reload verify close final smoke; do
            phase=downtime
            case $step in preflight | gate | prove | catch-up | prove-rest) phase=before ;; esac
            next=$(echo preflight gate prove catch-up prove-rest stop-writers barrier drain keyless reload verify close final smoke open |
                tr ' ' '\n' | grep -A1 -x -- "$step" | tail -n 1)
            [ "$step" != prove-rest ] || next=stop-writers
            before=$(printf '  - {name: kill-%s, phase: %s, after: %s, before: %s, run: "test -e %s/k-%s || { touch %s/k-%s; kill -9 $PPID; }"}' \
                "$step" "$phase" "$step" "$next" "$T" "$step" "$T" "$step")
            echo "$before"
        done
    } | steps
    kills=0
    while ! carryover cutover --yes --quiet >"$T/out" 2>"$T/err"; do
        kills=$((kills + 1))
        [ "$kills" -le 14 ] || fail "killed once too often: $(cat "$T/err")"
    done
    same 'kills' "$kills" 14
    same_rows
    same 'times that users were let in' "$(grep -c open "$T/calls")" 1
}

PORT=$((20000 + $$ % 10000))
run_tests
