#!/bin/sh
# The sandbox becomes production, with the bookshop: planned, seeded while it is in use, switched in one moment, proven, gone
# back from, killed in the middle; and the states and the maintenance mode that guard it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

carryover() {
    "$CARRYOVER" "$@" --project "$T/upgrade"
}

stop_all() {
    for what in refresh upgrade replicate; do
        carryover "$what" stop || true
    done
    carryover server stop
}

# An upgraded sandbox that follows nothing any more.
sandbox() {
    "$CARRYOVER" init "$T/upgrade" --package "$ROOT/examples/bookshop" --set hooks.stop_writers=true >/dev/null 2>&1
    trap 'stop_all >"$T/stopped" 2>&1' EXIT
    carryover sample create --scale 0.01 >/dev/null 2>&1
    carryover replicate start --once --quiet 2>/dev/null
    carryover upgrade --once --quiet >/dev/null 2>&1
}

# What the rules below are about, and what is no row of a table with a key.
furnish() {
    value target "create table hq.relay (id int primary key, host text, password bytea not null);
        insert into hq.relay values (1, 'sandbox', '\\x01');
        create table hq.secret (id int primary key, value bytea not null, note text);
        insert into hq.secret values (1, '\\x01', 'x');
        create table hq.history (id int primary key, what text);
        insert into hq.history select i, 'x' from generate_series(1, 500) i;
        create table hq.account (name text primary key, enabled boolean not null);
        insert into hq.account select 'u' || i, true from generate_series(1, 20) i;
        insert into hq.account values ('admin', true);
        create table hq.child (id int primary key, name text references hq.account);
        insert into hq.child values (1, 'u1');
        create table hq.nokey (a int);
        insert into hq.nokey values (1), (1);
        create sequence hq.numbers; select setval('hq.numbers', 4711);
        create view hq.sold as select count(*) as n from hq.sale;
        create materialized view hq.sold_then as select count(*) as n from hq.sale;
        comment on table hq.child is 'of an account'" >/dev/null
    cat >"$T/upgrade/refresh.yaml" <<END
not_carried:
  hq.history: history of the sandbox
  hq.sys*: nobody has such tables
keep:
  hq.relay: production has its own
reset:
  - id: users
    about: users are disabled but the administrator
    table: hq.account
    set: {enabled: "false"}
    where: name <> 'admin'
  - id: notes
    when: not-production
    table: hq.secret
    set: {note: "null"}
encrypted:
  hq.secret: [value]
  hq.relay: [password]
END
}

# The database that production is before the refresh.
old_production() {
    value target 'create database production'
    value production "create schema hq; create table hq.relay (id int primary key, host text, password bytea not null);
        insert into hq.relay values (7, 'production', '\\x02'), (8, 'spare', '\\x03')"
    value target "alter database production set work_mem = '7MB'; create role clerk login; grant connect on database production to clerk"
}

# value target|production|... SQL: a database of the private server
value() {
    psql -XAtq "$(carryover server uri target | sed "s#@/target#@/$1#")" -c "$2"
}

until_follows() {
    for _ in $(seq 240); do
        carryover refresh status >"$T/out" 2>"$T/err" || true
        grep -q '^replication: following$' "$T/out" && return
        sleep 0.25
    done
    fail "the copy never followed: $(cat "$T/out" "$T/err" "$T/upgrade/logs/refresh.log" | head -c 900)"
}

seed() {
    status 0 carryover refresh start --detach
    until_follows
}

change() {
    value target "insert into hq.nokey values (2); update hq.account set enabled = true;
        insert into hq.child values ($1, 'u2'); update hq.customer set email = 'x$1@example.org' where id = 1;
        insert into hq.relay values ($1, 'sandbox', '\\x05'); insert into hq.history values ($1 + 1000, 'y');
        delete from hq.sale_line where sale = $1; select nextval('hq.numbers')" >/dev/null
}

# rows DATABASE TABLE: number and digest
rows() {
    value "$1" "select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from $2 t"
}

# What has to hold of production after a switch, whatever happened on the way.
is_refreshed() {
    for table in hq.customer hq.product hq.sale hq.sale_line hq.monthly_sales hq.child hq.nokey old.sale_line old.customer; do
        same "rows of $table" "$(rows production "$table")" "$(rows target "$table")"
    done
    same 'rows that are not carried' "$(value production 'select count(*) from hq.history')" 0
    same 'what is kept' "$(value production "select string_agg(id || host || password::text, ' ' order by id) from hq.relay")" \
        '7production\x02 8spare\x03'
    same 'users that are enabled' "$(value production 'select string_agg(name, $$ $$) from hq.account where enabled')" admin
    same 'what was encrypted' "$(value production 'select value, note from hq.secret')" '\x|x'
    same 'the sequence' "$(value production 'select last_value from hq.numbers')" \
        "$(value target 'select last_value from hq.numbers')"
    same 'views' "$(value production 'select (select n from hq.sold) = (select count(*) from hq.sale) and (select n from hq.sold_then) = (select count(*) from hq.sale)')" t
    same 'foreign keys' "$(value production "select count(*) from pg_constraint where contype = 'f' and conrelid = 'hq.child'::regclass and convalidated")" 1
    same 'indexes' "$(value production "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where relnamespace in ('hq'::regnamespace, 'old'::regnamespace)")" \
        "$(value target "select count(*) from pg_index i join pg_class c on c.oid = i.indrelid where relnamespace in ('hq'::regnamespace, 'old'::regnamespace)")"
    same 'comments' "$(value production "select obj_description('hq.child'::regclass)")" 'of an account'
    same 'the state' "$(value production 'select state, kind from carryover.environment')" 'live|production'
    same 'settings of the database' "$(value production 'show work_mem; show session_replication_role')" '7MB
origin'
    same 'who may connect' "$(value production "select has_database_privilege('clerk', 'production', 'connect')")" t
    same 'slots' "$(value target 'select count(*) from pg_replication_slots')" 0
    same 'the sandbox' "$(value target 'select state from carryover.environment')" in-maintenance
}

databases() {
    value postgres "select string_agg(regexp_replace(datname, '[0-9]{14}', 'STAMP'), ' ' order by datname) from pg_database where datname like 'production%'"
}

it_moves_the_state_as_the_upgrade_goes_on() {
    "$CARRYOVER" init "$T/upgrade" --package "$ROOT/examples/bookshop" --set hooks.stop_writers=true >/dev/null 2>&1
    trap 'stop_all >"$T/stopped" 2>&1' EXIT
    carryover sample create --scale 0.01 >/dev/null 2>&1
    status 0 carryover environment
    has "$T/out" 'state  deployed'
    status 0 carryover replicate start --once
    status 0 carryover environment --json
    has "$T/out" '"state":"replicated"'
    status 0 carryover upgrade --once
    status 0 carryover environment
    has "$T/out" 'state  upgraded'
    same history "$(value target "select string_agg(state, ' ' order by no) from carryover.environment_history")" \
        'ready replicating replicated upgrading upgraded'
    status 0 carryover environment set-kind production --by ada
    status 5 carryover upgrade --once
    has "$T/err" 'is a production database'
    status 5 carryover replicate start --once
    has "$T/err" '[guard]'
    status 0 carryover environment set-kind sandbox --by ada
    status 0 carryover upgrade --once
    same 'who said so' "$(value target "select count(*) from carryover.environment_history where who = 'ada'")" 2
}

it_notes_why_the_upgrade_failed_and_goes_on_when_that_is_mended() {
    cp -r "$ROOT/examples/bookshop" "$T/bookshop"
    "$CARRYOVER" init "$T/upgrade" --package "$T/bookshop" >/dev/null 2>&1
    trap 'stop_all >"$T/stopped" 2>&1' EXIT
    carryover sample create --scale 0.01 >/dev/null 2>&1
    status 0 carryover replicate start --once
    echo 'alter table hq.product add constraint dear check (price > 1000000);' >>"$T/bookshop/schema/30_constraints.sql"
    ! carryover upgrade --once >"$T/out" 2>&1 || fail 'a constraint that the data breaks was built'
    status 0 carryover environment
    has "$T/out" 'state  failed'
    has "$T/out" 'reason '
    cp "$ROOT/examples/bookshop/schema/30_constraints.sql" "$T/bookshop/schema/30_constraints.sql"
    status 0 carryover upgrade --once --reset
    status 0 carryover environment
    has "$T/out" 'state  upgraded'
}

it_keeps_users_out_and_gives_back_exactly_what_they_had() {
    sandbox
    value target "create role clerk login; create role boss login; grant connect on database target to boss with grant option"
    rights="select string_agg(x.grantee || x.privilege_type || x.is_grantable, ' ' order by x.grantee, x.privilege_type)
        from pg_database d cross join aclexplode(d.datacl) x where datname = 'target'"
    before=$(value target "$rights")
    psql -XAtq "$(carryover server uri target | sed 's#//carryover@#//clerk@#')" -c 'select pg_sleep(60)' >/dev/null 2>&1 &
    for _ in $(seq 100); do
        [ "$(value target "select count(*) from pg_stat_activity where usename = 'clerk'")" = 1 ] && break
        sleep 0.1
    done
    status 6 carryover maintenance on --drain 300ms
    has "$T/err" '[timeout]'
    has "$T/err" 'clerk'
    ! psql -XAtq "$(carryover server uri target | sed 's#//carryover@#//boss@#')" -c 'select 1' >/dev/null 2>&1 ||
        fail 'a user came in'
    status 5 carryover upgrade --once
    has "$T/err" 'in maintenance'
    status 0 carryover maintenance on --drain 100ms --force
    has "$T/out" 'already; sessions of users: 0, ended: 1'
    status 0 carryover maintenance off
    same 'rights' "$(value target "$rights")" "$before"
    same 'the one with an option' "$(value target "select has_database_privilege('boss', 'target', 'connect with grant option'), has_database_privilege('clerk', 'target', 'connect')")" 't|t'
    status 0 carryover maintenance off
    has "$T/out" 'not in maintenance'
    status 0 carryover environment
    has "$T/out" 'state  upgraded'
}

it_shows_what_it_would_do_and_changes_nothing() {
    sandbox
    furnish
    old_production
    before=$(databases)
    status 0 carryover refresh
    has "$T/out" 'carried      hq.sale_line'
    has "$T/out" 'not carried  hq.history'
    has "$T/out" 'skipped: there is no such table'
    has "$T/out" 'kept         hq.relay'
    has "$T/out" 'reset        users'
    has "$T/out" 'enter again  hq.secret.value'
    has_not "$T/out" 'notes'
    has "$T/out" 'ok       collation'
    status 0 carryover refresh plan --json
    python3 -c 'import json, sys; p = json.load(open(sys.argv[1])); assert p["rules"] and p["checks"] and p["carried"]' "$T/out"
    same databases "$(databases)" "$before"
    status 5 carryover refresh switch
    status 5 carryover refresh rollback --yes
    has "$T/err" 'no switch'
}

it_carries_the_sandbox_into_production_and_back() {
    sandbox
    furnish
    old_production
    seed
    change 2
    status 0 carryover refresh switch --yes
    is_refreshed
    same databases "$(databases)" 'production production_before_STAMP'
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); assert r["failed"] == 0 and r["passed"] >= 4, r' \
        "$(ls "$T"/upgrade/reports/refresh-*.json)"
    status 0 carryover refresh switch --yes
    value production "update hq.account set enabled = true where name = 'u3'"
    status 5 carryover refresh rollback --yes
    has "$T/err" '1 rows were written to production since the switch: hq.account 1'
    same 'it is open again' "$(value production 'select 1')" 1
    status 0 carryover refresh rollback --yes --lose-writes
    same 'the old production' "$(value production 'select count(*) from pg_tables where schemaname = $$hq$$')" 1
    same databases "$(databases)" 'production production_rolled_back_STAMP'
    status 0 carryover refresh rollback --yes
    status 0 carryover maintenance off
    seed
    change 3
    status 0 carryover refresh switch --yes
    is_refreshed
    status 0 carryover refresh rollback --yes
    same 'the old production' "$(value production 'select count(*) from pg_tables where schemaname = $$hq$$')" 1
    seed
    status 0 carryover refresh switch --yes
    is_refreshed
    status 5 carryover refresh release
    status 0 carryover refresh release --yes
    status 0 carryover refresh release --yes
    status 5 carryover refresh rollback --yes
    has "$T/err" 'was released'
}

# A signal that stops it at a place where nothing can be tidied up.
killed_at() {
    : >"$T/killed"
    timeout -s KILL "$1" "$CARRYOVER" refresh switch --yes --quiet --project "$T/upgrade" \
        >>"$T/killed" 2>&1 || true
}

it_goes_on_where_it_was_killed() {
    sandbox
    furnish
    old_production
    seed
    change 2
    for wait in 0.2 0.5 0.8 1.1 1.3 0.4 1.5 0.6; do
        killed_at $wait
    done
    status 0 carryover refresh switch --yes
    is_refreshed
    same databases "$(databases)" 'production production_before_STAMP'
}

it_goes_on_after_every_single_step() {
    sandbox
    furnish
    old_production
    seed
    change 2
    for step in $(carryover refresh switch --dry-run | awk '{ print $3 }'); do
        python3 "$ROOT/tests/e2e/refresh_kill.py" "$T/upgrade/state.db" "$step" \
            "$CARRYOVER" refresh switch --yes --quiet --project "$T/upgrade" >"$T/killed" 2>&1
        has "$T/killed" killed
    done
    status 0 carryover refresh switch --yes
    is_refreshed
    same databases "$(databases)" 'production production_before_STAMP'
}

it_survives_kills_while_it_copies() {
    sandbox
    furnish
    old_production
    for wait in 0.3 0.7 0.9 1.2 1.5; do
        timeout -s KILL $wait "$CARRYOVER" refresh start --quiet --project "$T/upgrade" >"$T/out" 2>"$T/err" || true
    done
    change 2
    seed
    status 0 carryover refresh switch --yes
    is_refreshed
}

it_does_not_switch_while_somebody_writes_or_the_schema_changed() {
    sandbox
    furnish
    old_production
    seed
    value target 'create function hq.one() returns int language sql return 1'
    status 5 carryover refresh switch --yes
    has "$T/err" '[source-ddl]'
    value target 'drop function hq.one()'
    value target 'create table hq.late (id int primary key)'
    status 5 carryover refresh switch --yes
    has "$T/err" 'came to the source after'
    value target 'drop table hq.late'
    echo '  hq.child: not any more' >"$T/rule"
    sed -i "/hq.history:/r $T/rule" "$T/upgrade/refresh.yaml"
    status 5 carryover refresh switch --yes
    has "$T/err" 'leaves out other tables'
    status 0 carryover refresh reset --yes
    same databases "$(databases)" production
    same slots "$(value target 'select count(*) from pg_replication_slots')" 0
    status 0 carryover refresh reset --yes
}

# Triggers sleep in the copy while it is made; the probe finds them awake, as users will.
it_stays_closed_while_the_smoke_test_fails() {
    sandbox
    furnish
    old_production
    value target "create function hq.refuse() returns trigger language plpgsql as 'begin if new.id < 0 then raise ''no smoke''; end if; return new; end';
        create trigger refuse before insert on hq.customer for each row execute function hq.refuse()"
    seed
    status 1 carryover refresh switch --yes
    has "$T/err" 'no smoke'
    same databases "$(databases)" 'production production_next'
    status 1 carryover maintenance off
    has "$T/err" '--skip-smoke'
    same 'the state' "$(value target 'select state from carryover.environment')" in-maintenance
    status 0 carryover maintenance off --skip-smoke
    status 0 carryover refresh reset --yes
}

it_says_what_is_in_the_way() {
    sandbox
    furnish
    old_production
    value target "create role weak login; grant all on schema hq to weak"
    weak=$(carryover server uri target | sed 's#//carryover@/target#//weak@/production#')
    status 5 carryover refresh start --to "$weak"
    has "$T/err" '[target-privilege]'
    status 2 carryover refresh start --set refresh.kind=other
    mkdir "$T/upgrade/refresh"
    ln -s /dev/full "$T/upgrade/refresh/schema.dump"
    status 6 carryover refresh start
    has "$T/err" '[disk-full]'
    rm -r "$T/upgrade/refresh"
    status 0 carryover refresh start --once
    status 0 carryover refresh start --once
    status 0 carryover refresh reset --yes
    value target 'create database production_next'
    value production_next 'create table public.mine as select generate_series(1, 100000) i'
    status 5 carryover refresh start
    has "$T/err" 'which no refresh has made'
}

it_makes_the_first_production_and_can_leave_it_closed() {
    sandbox
    furnish
    seed
    status 0 carryover refresh switch --yes --closed
    same 'the state' "$(value production 'select state, interrupted, kind from carryover.environment')" 'in-maintenance|live|production'
    same 'carried, as nobody had it' "$(value production 'select count(*) from hq.relay')" 1
    status 5 carryover refresh rollback --yes
    has "$T/err" 'there was no production before'
    uri=$(carryover server uri target | sed 's#@/target#@/production#')
    status 0 carryover maintenance off --target "$uri"
    status 0 carryover environment --target "$uri"
    has "$T/out" 'state  live'
    status 5 carryover upgrade --once --target "$uri"
}

# until_kept DATABASE NAME: a customer of version N gets this name, and so does the one of N-1
until_kept() {
    value "$1" "update hq.customer set last_name = '$2' where id = 1"
    for _ in $(seq 120); do
        [ "$(value "$1" "select count(*) from old.customer where id = 1 and name like '%$2%'")" = 1 ] && return
        sleep 0.5
    done
    fail "the customer of N-1 is not $2: $(tail -n 5 "$T/upgrade/logs/n1-keep.log")"
}

it_serves_n_1_from_the_new_production() {
    sandbox
    status 0 carryover replicate start --detach
    status 0 carryover upgrade --detach
    status 0 carryover cutover --yes
    status 0 carryover n1 keep --detach
    until_kept target Before
    status 0 carryover n1 stores add SHOP --group CITY
    seed
    status 5 carryover refresh switch --yes
    has "$T/err" '`n1 keep` still writes to the sandbox'
    status 0 carryover n1 keep stop
    status 0 carryover refresh switch --yes
    uri=$(carryover server uri target | sed 's#@/target#@/production#')
    status 0 carryover n1 stores --target "$uri"
    has "$T/out" SHOP
    status 0 carryover n1 keep --detach --target "$uri"
    until_kept production Refreshed
    status 0 carryover n1 keep stop
    same 'slots' "$(value postgres 'select count(*) from pg_replication_slots')" 2
    status 0 carryover refresh release --yes
    same 'whose slot is left' "$(value postgres 'select database from pg_replication_slots')" production
}

run_tests
