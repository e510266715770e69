#!/bin/sh
# A package of scripts through its cutover, with examples/classic: scripts as a graph, tables that are copied, the snapshot.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/e2e/night.sh
. "$(dirname "$0")/night.sh"

# A copy of the example, which a test may change before it calls this, ready for its cutover.
ready() {
    [ -d "$T/package" ] || own
    "$CARRYOVER" init "$T/upgrade" --package "$T/package" --set hooks.stop_writers=true >/dev/null 2>&1
    trap 'stop_all >"$T/stopped" 2>&1' EXIT
    carryover sample create --scale 0.05 --quiet >/dev/null 2>&1
    begin_following
}

own() {
    cp -r "$ROOT/examples/classic" "$T/package"
}

begin_following() {
    carryover replicate start --once --quiet 2>/dev/null
    carryover replicate start --detach >/dev/null 2>&1
    carryover upgrade --once --quiet >/dev/null 2>&1
    carryover upgrade --detach >/dev/null 2>&1
}

# script NAME PHASE AFTER: the SQL comes from standard input.
script() {
    {
        printf -- '-- phase: %s\n-- title: %s\n' "$2" "$1"
        [ -z "${3:-}" ] || printf -- '-- after: %s\n' "$3"
        cat
    } >"$T/package/scripts/$1.sql"
}

databases() {
    value target "select string_agg(datname, ' ' order by 1) from pg_database where not datistemplate"
}

states() {
    value target "select string_agg(name || company || ' ' || state || attempts, ', ' order by phase, name, company)
        from carryover.script where $1"
}

members_twice() {
    value target "select count(*) - count(distinct (library, lower(email))) from old.member"
}

it_takes_a_package_of_scripts_through_the_night() {
    ready
    same 'members that registered twice' "$(members_twice)" 100
    status 0 carryover cutover --mock
    has "$T/out" 'tables and their constraints: 5 done'
    same 'databases after the rehearsal' "$(databases)" 'postgres target'
    same 'scripts that the rehearsal has left' "$(value target "select to_regclass('carryover.script')")" ''
    status 0 carryover scripts plan
    has_not "$T/out" '[north]                        1.0 s?'
    status 0 carryover cutover --yes
    has "$T/out" 'the copy of the target is dropped'
    same 'databases' "$(databases)" 'postgres target'
    same 'scripts' "$(states "phase = 'post-sync'")" \
        'check_money done1, owesnorth done1, owessouth done1, tiersnorth done1, tierssouth done1'
    same 'members' "$(value target 'select count(*) from hq.member')" 900
    same 'what is owed' "$(value target 'select sum(owes) = (select sum(fine) from old.loan) from hq.member')" t
    same 'keys' "$(value target "select count(*) from pg_constraint where connamespace = 'hq'::regnamespace and contype in ('p', 'f')")" 6
    status 0 carryover scripts --json
    has "$T/out" 'NOTICE: 50 members were there twice'
    status 5 carryover scripts run --yes
    has "$T/err" 'live since'
}

it_goes_on_at_the_script_that_failed() {
    own
    echo 'select 1; select
        no_such_column from hq.member;' | script breaks post-sync owes
    echo 'select 1;' | script waits post-sync 'breaks, tiers'
    printf 'insert into hq.library values (%s, %s);\n' "'extra'" "'Extra'" | script adds post-sync
    ready
    status 6 carryover cutover --yes
    has "$T/err" '[script-failed]'
    has "$T/err" '1 of the post-sync scripts failed: breaks: scripts/breaks.sql:5: target: column "no_such_column" does not exist'
    has "$T/err" '(1 more wait for that)'
    same 'scripts' "$(states "phase = 'post-sync'")" \
        'adds done1, breaks failed1, check_money done1, owesnorth done1, owessouth done1, tiersnorth done1, tierssouth done1, waits waiting0'
    status 6 carryover cutover resume --yes
    sed -i 's/no_such_column/id/' "$T/package/scripts/breaks.sql"
    status 0 carryover cutover resume --yes
    has "$T/out" 'scripts: 2 done, 6 were done before'
    same 'scripts' "$(states "name in ('adds', 'breaks', 'waits')")" 'adds done1, breaks done3, waits done1'
    same 'libraries' "$(value target 'select count(*) from hq.library')" 3
}

it_does_not_take_a_script_that_was_changed_after_it_was_done() {
    own
    echo 'select 1 / 0;' | script breaks post-sync
    sed -i 's/^-- title: breaks/&\n-- retries: 0/' "$T/package/scripts/breaks.sql"
    ready
    status 6 carryover cutover --yes
    has "$T/err" 'division by zero'
    echo '-- more' >>"$T/package/scripts/owes.sql"
    status 5 carryover cutover resume --yes
    has "$T/err" 'scripts/owes.sql was changed after the script was done'
    sed -i '$d' "$T/package/scripts/owes.sql"
    sed -i 's/0;/1;/' "$T/package/scripts/breaks.sql"
    status 0 carryover cutover resume --yes
}

it_returns_to_the_snapshot_and_goes_again() {
    own
    echo 'select 1 / 0;' | script breaks post-sync owes
    ready
    status 6 carryover cutover --yes
    same 'databases' "$(databases)" 'postgres target target_before'
    same 'members that registered twice' "$(members_twice)" 0
    status 0 carryover cutover undo --to post-sync --yes
    has "$T/err" 'returning to the snapshot'
    same 'databases' "$(databases)" 'postgres target'
    same 'members that registered twice' "$(members_twice)" 100
    same 'members of version N' "$(value target 'select count(*) from hq.member')" 0
    sed -i 's/0;/1;/' "$T/package/scripts/breaks.sql"
    status 0 carryover cutover resume --yes
    same 'members' "$(value target 'select count(*) from hq.member')" 900
    same 'databases' "$(databases)" 'postgres target'
}

it_gives_a_cutover_up_and_begins_anew() {
    own
    echo 'select 1 / 0;' | script breaks post-sync owes
    ready
    status 6 carryover cutover --mock
    has "$T/err" 'division by zero'
    same 'databases after the rehearsal' "$(databases)" 'postgres target'
    status 6 carryover cutover --yes
    status 0 carryover cutover abort --reason 'it is late'
    same 'members that registered twice' "$(members_twice)" 100
    sed -i 's/0;/1;/' "$T/package/scripts/breaks.sql"
    begin_following
    status 0 carryover cutover --yes
    same 'members' "$(value target 'select count(*) from hq.member')" 900
}

# What a process leaves that is killed between the two renames of an undo.
it_finishes_an_undo_that_was_killed_between_two_renames() {
    own
    echo 'select 1 / 0;' | script breaks post-sync owes
    ready
    status 6 carryover cutover --yes
    server=$(carryover server uri target | sed 's|/target?|/postgres?|')
    psql -Xq "$server" -c 'alter database target rename to target_undone'
    status 0 carryover cutover undo --to snapshot --yes
    same 'databases' "$(databases)" 'postgres target'
    same 'members that registered twice' "$(members_twice)" 100
    psql -Xq "$server" -c 'create database target_undone template target' # after both renames
    status 0 carryover cutover undo --to snapshot --yes
    sed -i 's/0;/1;/' "$T/package/scripts/breaks.sql"
    status 0 carryover cutover resume --yes
    same 'members' "$(value target 'select count(*) from hq.member')" 900
}

it_leaves_a_database_alone_that_is_no_copy_of_the_target() {
    ready
    server=$(carryover server uri target | sed 's|/target?|/postgres?|')
    psql -Xq "$server" -c 'create database target_before'
    status 5 carryover cutover --yes
    has "$T/err" 'has a database target_before that is no copy of it'
    psql -Xq "$server" -c 'drop database target_before'
    status 0 carryover cutover resume --yes
}

it_stays_changed_without_a_snapshot_and_says_so() {
    own
    echo 'select 1 / 0;' | script breaks post-sync owes
    ready
    status 6 carryover cutover --yes --set cutover.snapshot=off
    status 0 carryover cutover abort --set cutover.snapshot=off
    has "$T/err" 'the target stays as the scripts have left it'
    begin_following
    status 5 carryover cutover --yes
    has "$T/err" 'scripts were run on this target before'
}

it_skips_a_script_for_somebody_with_a_reason() {
    own
    echo 'select 1 / 0;' | script breaks post-sync owes
    echo 'create table hq.went_on ();' | script goes_on post-sync breaks
    ready
    status 6 carryover cutover --yes
    status 2 carryover scripts skip breaks --by Ada
    status 2 carryover scripts skip broken --by Ada --reason x
    status 0 carryover scripts skip breaks --by Ada --reason 'we can count'
    status 5 carryover scripts skip breaks --by Ada --reason 'we can count'
    status 0 carryover cutover resume --yes
    has "$T/out" 'breaks skipped by Ada: we can count'
    has "$T/upgrade/reports/cutover-1.html" 'we can count'
    same 'what waited' "$(value target "select to_regclass('hq.went_on')")" hq.went_on
}

it_says_what_would_not_fit_before_anything_is_copied() {
    own
    sed -i 's/fine    numeric(8,2)/fine    numeric(8,0)/; s/fine   numeric(8,2)/fine   numeric(8,0)/' "$T/package/schema/10_tables.sql"
    ready
    n=$(value target 'select count(*) from old.loan where fine <> 0')
    status 6 carryover cutover --yes
    has "$T/err" "nothing is copied: $n values of old.loan.fine (numeric(12,4)) would lose something as numeric(8,0)"
    same 'libraries' "$(value target 'select count(*) from hq.library')" 0
    value target 'update old.loan set fine = round(fine)' >/dev/null
    status 0 carryover cutover resume --yes
    same 'fines' "$(value target 'select sum(owes) = (select sum(fine) from hq.loan) from hq.member')" t
}

it_runs_scripts_by_hand_on_a_target_of_their_own() {
    ready
    status 5 carryover scripts run --yes
    has "$T/err" '[target-busy]'
    carryover upgrade stop >/dev/null 2>&1
    carryover replicate stop >/dev/null 2>&1
    status 5 carryover scripts run
    status 5 carryover scripts run --script tiers --yes
    has "$T/err" 'the script tiers waits for owes, which is not done'
    status 0 carryover scripts run --phase pre-sync --yes
    status 0 carryover scripts run --phase sync --yes
    status 0 carryover scripts run --script owes --yes
    status 0 carryover scripts run --yes
    has "$T/out" 'post-sync scripts: 3 done, 2 were done before'
    status 5 carryover scripts reset owes
    status 0 carryover scripts reset owes --yes
    status 0 carryover scripts run --yes
    has "$T/out" 'post-sync scripts: 2 done, 3 were done before'
    begin_following
    status 5 carryover cutover --yes
    has "$T/err" 'scripts were run on this target before'
    carryover upgrade stop >/dev/null 2>&1
    carryover replicate stop >/dev/null 2>&1
    status 0 carryover replicate reset --yes
    begin_following
    status 0 carryover cutover --yes
}

it_is_killed_and_does_every_script_once() {
    own
    for i in 1 2 3 4 5 6 7 8; do
        echo "insert into hq.library values ('k$i', 'x'); select pg_sleep(0.05);" | script "slow$i" post-sync
    done
    ready
    for wait in 1.4 0.3 0.5 0.2 0.6 0.4; do
        timeout -s KILL "$wait" "$CARRYOVER" cutover --yes --quiet --project "$T/upgrade" >"$T/out" 2>"$T/err" || true
    done
    for _ in 1 2 3 4 5; do
        carryover cutover --yes >"$T/out" 2>"$T/err" && break
        sleep 2 # the server lets go of what the killed one has left
    done
    same 'libraries' "$(value target 'select count(*) from hq.library')" 10
    same 'members' "$(value target 'select count(*) from hq.member')" 900
    same 'left over' "$(value target "select count(*) from carryover.script where state <> 'done'")" 0
}

it_takes_a_package_without_any_lens() {
    own
    rm -r "$T/package/up"
    sed -i 's/price numeric(10,2)/price numeric(12,4)/' "$T/package/schema/10_tables.sql"
    ready
    status 0 carryover cutover --yes
    has "$T/out" 'tables and their constraints: 6 done'
    same 'books' "$(value target 'select count(*) = (select count(*) from old.book) from hq.book')" t
}

it_takes_a_snapshot_for_a_package_of_lenses_where_that_is_wanted() {
    cp -r "$ROOT/examples/bookshop" "$T/package"
    echo 'select 1 / 0;' >"$T/package/final/20_breaks.sql"
    project
    sed -i "s|^package:.*|package: $T/package|" "$T/upgrade/carryover.yaml"
    begin_jobs
    CARRYOVER_CUTOVER_SNAPSHOT=template
    export CARRYOVER_CUTOVER_SNAPSHOT
    status 6 carryover cutover --yes
    same 'what the first script made' "$(value target "select to_regclass('hq.sale_number')")" hq.sale_number
    status 0 carryover cutover undo --to final --yes
    same 'what the first script made' "$(value target "select to_regclass('hq.sale_number')")" ''
    same 'lenses to be made anew' "$(value target 'select count(*) from carryover.lens_stale')" 0
    rm "$T/package/final/20_breaks.sql"
    status 0 carryover cutover resume --yes
    same_rows
}

refused() {
    status 2 carryover package check "$T/package" --no-server
    has "$T/err" "$1"
}

it_names_mistakes_in_scripts() {
    carryover() { "$CARRYOVER" "$@"; }
    own
    echo 'select 1;' | script a post-sync b
    echo 'select 1;' | script b post-sync c
    echo 'select 1;' | script c post-sync a
    refused 'a after b after c after a: scripts/a.sql:3: scripts wait for each other'
    echo 'select 1;' | script c post-sync owse
    refused 'scripts/c.sql:3: there is no script owse'
    has "$T/err" 'did you mean owes?'
    echo 'select 1;' | script c pre-sync owes
    refused 'c (pre-sync) can not come after owes (post-sync)'
    printf 'select 1;\ncommit;\n' | script c post-sync
    refused 'scripts/c.sql:4: a script is one transaction and can not say commit'
    echo 'select 1;' | script c early
    refused "'phase' is pre-sync, post-sync or final"
    echo "select :'company';" | script c final
    refused "scripts/c.sql:1: :'company' needs"
    rm "$T"/package/scripts/[abc].sql
    sed -i '/^classic:/,/^$/d' "$T/package/package.yaml"
    echo 'classic: {}' >>"$T/package/package.yaml"
    refused 'package.yaml does not say which companies there are'
    rm "$T"/package/scripts/owes.sql "$T"/package/scripts/tiers.sql "$T"/package/scripts/dedupe.sql
    sed -i '/after/d' "$T/package/scripts/check_money.sql"
    sed -i '/^classic:/d' "$T/package/package.yaml"
    refused "scripts/check_money.sql: package.yaml has no section 'classic'"
}

it_tries_scripts_on_a_server() {
    own
    sed -i 's/hq.member m/hq.membre m/' "$T/package/scripts/owes.sql"
    status 2 "$CARRYOVER" package check "$T/package"
    has "$T/err" 'scripts/owes.sql:5: '
    has "$T/err" 'relation "hq.membre" does not exist'
}

run_tests "$@"
