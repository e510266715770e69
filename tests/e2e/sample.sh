#!/bin/sh
# `carryover server` and `carryover sample` as a user types them, on a package of a few lines.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

carryover() {
    "$CARRYOVER" "$@" --project "$T/p"
}

# A project with a small package; its servers are stopped whatever happens.
project() {
    mkdir -p "$T/tiny/sample" "$T/tiny/up"
    cat >"$T/tiny/package.yaml" <<'END'
name: tiny
title: Tiny to tinier
version: 0.1.0
from: {name: Tiny, version: "1"}
to: {name: Tiny, version: "2"}
source:
  schema: dbo
home:
  hq: [a]
  store: []
sample:
  stages:
    - [10_schema.sql]
    - [20_a.sql, 21_b.sql]
  workload: workload.sql
END
    printf '%s\n' '-- key: n' 'select n from old.a' >"$T/tiny/up/a.sql"
    mkdir -p "$T/tiny/schema"
    echo 'create table hq.a (n bigint not null);' >"$T/tiny/schema/10_tables.sql"
    echo 'create schema dbo; create table dbo.a (n bigint); create table dbo.b (n bigint);' >"$T/tiny/sample/10_schema.sql"
    echo 'insert into dbo.a select hashint8extended(i, :seed) from generate_series(1, (1000 * :scale)::int) i;' >"$T/tiny/sample/20_a.sql"
    echo 'insert into dbo.b values (1);' >"$T/tiny/sample/21_b.sql"
    cat >"$T/tiny/sample/workload.sql" <<'END'
create schema workload;
create function workload.begin(writer int, step bigint, seed bigint) returns int language sql as 'select 1';
create function workload.part(writer int, step bigint, seed bigint, part int) returns void language sql as 'insert into dbo.b values (step)';
create function workload.finish(writer int, step bigint, seed bigint) returns boolean language sql as 'select step % 25 <> 0';
END
    "$CARRYOVER" init "$T/p" --package "$T/tiny" >/dev/null 2>&1
    trap 'carryover sample stop >/dev/null 2>&1 || true; carryover server stop >"$T/stop" 2>&1 || cat "$T/stop"' EXIT
}

query() {
    psql -XAtq "$(carryover server uri source)" -c "$1"
}

it_starts_and_stops_the_private_servers() {
    project
    status 0 carryover server status
    has "$T/out" 'source  stopped'
    status 0 carryover server start
    status 0 carryover server status --json
    has "$T/out" '"source":{"embedded":true,"running":true'
    has "$T/out" '"target":{"embedded":true,"running":true'
    same wal_level "$(query 'show wal_level')" logical
    same target "$(psql -XAtq "$(carryover server uri target)" -c 'select current_database(), current_setting($$wal_level$$)')" 'target|minimal'
    status 0 carryover server stop target
    status 0 carryover server status
    has "$T/out" 'target  stopped'
    has "$T/out" 'source  running'
    status 0 carryover server stop
    status 0 carryover server stop
}

it_leaves_servers_of_others_alone() {
    project
    status 2 carryover server start source --source postgresql://ann:s3cret@nowhere/hq
    has "$T/err" 'is no private server'
    status 0 carryover server status --source postgresql://ann:s3cret@nowhere/hq
    has "$T/out" 'postgresql://ann:***@nowhere/hq'
    has_not "$T/out" s3cret
    status 2 carryover server start sauce
    has "$T/err" 'neither source nor target'
}

it_makes_a_sample_once() {
    project
    status 0 carryover sample create --scale 0.5 --seed 3
    has "$T/out" 'sample of tiny: 2 tables'
    same rows "$(query 'select count(*) from dbo.a')" 500
    status 0 carryover sample create --scale 0.5 --seed 3 --json
    has "$T/out" '"was_there":true'
    status 5 carryover sample create --scale 2
    has "$T/err" '--replace'
    status 0 carryover sample create --scale 2 --replace
    same rows "$(query 'select count(*) from dbo.a')" 2000
}

it_names_the_line_of_a_script_that_fails() {
    project
    printf 'insert into dbo.b values (1);\nselect nothing\n' >"$T/tiny/sample/21_b.sql"
    status 2 carryover sample create
    has "$T/err" 'sample/21_b.sql:2: source: column "nothing" does not exist'
}

it_refuses_what_makes_no_sense() {
    project
    status 2 carryover sample create --scale none
    has "$T/err" '--scale none'
    status 2 carryover sample run --writers 0
    status 2 carryover sample run --duration soon
    has "$T/err" '--duration soon'
    status 5 carryover sample run --duration 1s
    has "$T/err" 'carryover sample create'
}

it_runs_transactions_for_a_time() {
    project
    status 0 carryover sample create
    status 0 carryover sample run --writers 2 --duration 1s
    has "$T/out" ' commits, '
    has "$T/out" 'last commit 20'
    has "$T/p/workload.json" '"state":"stopped"'
}

it_runs_in_the_background_until_it_is_stopped() {
    project
    status 0 carryover sample create
    status 0 carryover sample run --writers 2 --detach
    has "$T/out" 'stop it with'
    status 5 carryover sample run --duration 1s
    status 5 carryover sample run --detach
    sleep 1
    has "$T/p/workload.json" '"state":"running"'
    status 0 carryover sample stop
    before=$(query 'select count(*) from dbo.b')
    commits=$(sed 's/ commits.*//' "$T/out" | head -n 1)
    same commits "$commits" "$((before - 1))"
    sleep 1
    same 'rows afterwards' "$(query 'select count(*) from dbo.b')" "$before"
    status 0 carryover sample stop --json
    has "$T/out" '"state":"stopped"'
    has "$T/out" '"last_commit":"20'
}

it_can_begin_again_after_the_background_process_was_killed() {
    project
    status 0 carryover sample create
    status 0 carryover sample run --detach --json
    kill -9 "$(sed 's/[^0-9]//g' "$T/out")"
    sleep 0.3
    status 0 carryover sample stop
    status 0 carryover sample run --detach
    status 0 carryover sample stop
    has "$T/p/workload.json" '"state":"stopped"'
}

it_says_why_it_does_not_begin_in_the_background() {
    project
    status 0 carryover server start source
    status 6 carryover sample run --detach
    has "$T/err" 'logs/workload.log'
    has "$T/p/logs/workload.log" 'has no workload'
    status 5 carryover sample stop
}

run_tests
