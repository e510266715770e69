#!/bin/sh
# `carryover analyze` as an operator uses it: findings and their states, what changed since, scripts that mend, sizes,
# forms for people, programs and spreadsheets.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

carryover() {
    "$CARRYOVER" "$@" --project "$T/upgrade"
}

project() {
    cp -r "$ROOT/examples/bookshop" "$T/bookshop"
    "$CARRYOVER" init "$T/upgrade" --package "$T/bookshop" >/dev/null 2>&1
    trap 'stop_all >"$T/stop" 2>&1' EXIT
    status 0 carryover sample create --scale 0.01
}

stop_all() {
    carryover replicate stop || true
    carryover server stop || cat "$T/upgrade/logs"/*.log
}

# value source|target SQL
value() {
    psql -XAtq "$(carryover server uri "$1")" -c "$2"
}

spoil() {
    value source "update shop.book set status = 'X' where isbn in (select isbn from shop.book order by isbn limit $1)"
}

it_keeps_findings_open_accepted_or_fixed() {
    project
    spoil 2
    status 1 carryover analyze
    has "$T/out" 'blocker   DAT01  codes that Papyrus 2 does not know'
    status 2 carryover analyze accept DAT01 --by Ada
    has "$T/err" 'accepting DAT01 needs a name and a reason'
    status 0 carryover analyze accept DAT01 --by Ada --reason 'they are given away on Monday'
    status 0 carryover analyze
    has "$T/out" '(8 rules, 1 accepted)'
    has "$T/out" 'by    Ada: they are given away on Monday'
    spoil 3
    status 1 carryover analyze
    has "$T/out" 'changes   since the last run: grown DAT01'
    has "$T/out" 'accepted by Ada when there were 2 findings; now there are 3'
    value source "update shop.book set status = 'A' where status = 'X'"
    status 0 carryover analyze
    has "$T/out" 'changes   since the last run: gone DAT01'
    has "$T/out" 'fixed     DAT01'
    status 0 carryover analyze --since 1
    has "$T/out" 'changes   since run 1: gone DAT01'
    status 2 carryover analyze --since 77
    has "$T/err" 'there is no run 77'
}

it_takes_an_acceptance_back() {
    project
    spoil 1
    status 1 carryover analyze
    status 0 carryover analyze accept DAT01 --by Ada --reason why
    status 0 carryover analyze reopen DAT01
    status 1 carryover analyze
    status 2 carryover analyze reopen DAT01
    has "$T/err" 'the finding DAT01 is not accepted'
    status 2 carryover analyze accept DEP01 --by Ada --reason why
    has "$T/err" 'found nothing to accept'
    status 0 carryover analyze runs
    has "$T/out" 'why'
    status 0 carryover analyze runs --json
    python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); assert len(d["runs"]) == 2 and d["accepted"][0]["ended"], d' "$T/out"
}

it_shows_a_script_before_it_runs_it() {
    project
    value source "insert into shop.fax select i, now(), '' from generate_series(100000, 100999) i"
    status 0 carryover analyze --fix DEP01 --set analyze.fix_chunk=100
    has "$T/out" 'would touch 1,'
    has "$T/out" 'delete from fax where ctid = any (array(select ctid from fax limit 100));'
    rows=$(value source 'select count(*) from shop.fax')
    status 5 carryover analyze --fix DEP01 --apply
    has "$T/err" 'a fix script changes the live source'
    same 'faxes before it was said twice' "$(value source 'select count(*) from shop.fax')" "$rows"
    status 0 carryover analyze --fix DEP01 --apply --yes --set analyze.fix_chunk=100
    has "$T/out" "$(printf "%s,%s rows in" "$((rows / 1000))" "$(printf %s "$rows" | tail -c 3)")"
    has "$T/out" 'the rule was asked again and is fixed'
    same faxes "$(value source 'select count(*) from shop.fax')" 0
    status 0 carryover analyze runs
    has "$T/out" 'done'
    status 2 carryover analyze --fix DAT01
    has "$T/err" 'has no fix script for a rule DAT01'
    status 2 carryover analyze --apply
}

it_stops_a_script_cleanly_and_goes_on_with_it() {
    project
    value source "insert into shop.fax select i, now(), '' from generate_series(100000, 160000) i"
    "$CARRYOVER" analyze --project "$T/upgrade" --fix DEP01 --apply --yes --set analyze.fix_chunk=1 >"$T/out" 2>"$T/err" &
    pid=$!
    for _ in $(seq 240); do
        [ "$(value source 'select count(*) from shop.fax')" -lt 60000 ] && break
        sleep 0.1
    done
    kill -INT "$pid"
    code=0
    wait "$pid" || code=$?
    same status "$code" 4
    has "$T/err" 'mending DEP01, chunk'
    left=$(value source 'select count(*) from shop.fax')
    [ "$left" -gt 0 ] || fail 'it was not stopped'
    status 0 carryover analyze runs
    has "$T/out" 'interrupted'
    status 0 carryover analyze --fix DEP01 --apply --yes
    same faxes "$(value source 'select count(*) from shop.fax')" 0
}

it_mends_nothing_once_users_work_on_version_n() {
    project
    status 0 carryover replicate start --once
    value target "update carryover.environment set state = 'live', interrupted = 'live'"
    status 5 carryover analyze --fix DEP01 --apply --yes --set settings.fax_rows=0
    has "$T/err" 'error [guard]'
}

it_writes_for_spreadsheets_and_programs() {
    project
    value source "insert into shop.book values ('9780000999999', 't', 'a', 1, '=')"
    status 1 carryover analyze --csv "$T/findings.csv" --html "$T/findings.html" --format csv
    cmp "$T/out" "$T/findings.csv" || fail 'the file and the output differ'
    python3 - "$T/findings.csv" <<'EOF'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], newline='')))
found = [r for r in rows if r['rule'] == 'DAT01'][0]
assert found['state'] == 'open' and found['found'] == '1', found
assert all(not c.startswith(('=', '+', '-', '@')) for r in rows for c in r.values()), rows
EOF
    has "$T/findings.html" 'Size by module'
    has "$T/findings.html" 'sales by month'
    has_not "$T/findings.html" '<script'
    status 1 carryover analyze --json
    python3 - "$T/out" <<'EOF'
import json, sys
d = json.load(open(sys.argv[1]))
assert d['blocker'] == 1 and d['run'] == 2, d
assert {m['module'] for m in d['modules']} == {'Sales', 'Goods', 'Customers', 'other'}, d['modules']
assert d['sizing']['kinds'][0]['kind'] == 'sales' and d['sizing']['stores'] > 0, d['sizing']
EOF
}

it_lists_rules_and_sizes() {
    project
    status 0 carryover analyze rules
    has "$T/out" 'CLN01'
    has "$T/out" 'STORE01'
    status 0 carryover analyze --sizing
    has "$T/out" 'disk of the target during the upgrade'
    status 0 carryover analyze runs
    has "$T/out" 'no analysis was made yet'
}

it_says_which_table_a_rule_lacks() {
    project
    value source 'drop table shop.fax'
    status 0 carryover analyze --verbose
    has "$T/out" 'n/a       DEP01  faxes that are still kept'
    has "$T/out" 'no table fax'
}

it_takes_thresholds_from_the_operator() {
    project
    value source "insert into shop.fax select i, now(), '' from generate_series(100000, 100200) i"
    status 0 carryover analyze --rule DEP01
    has "$T/out" '1 advice'
    status 0 carryover analyze --rule DEP01 --set settings.fax_rows=100000
    has "$T/out" '0 advice'
    status 2 carryover analyze --rule DEP01 --set settings.fax_row=1
    has "$T/err" "has no setting 'fax_row'"
}

run_tests
