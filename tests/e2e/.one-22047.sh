#!/bin/sh
# The way back after the point of no return, with the bookshop: the old headquarters follows through the down lenses, what it
# cannot hold is listed, and users return to it; killed in the middle of everything.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/e2e/night.sh
. "$(dirname "$0")/night.sh"

stop_all() {
    for what in reverse 'n1 keep' sample upgrade replicate; do
        # shellcheck disable=SC2086 # two words
        carryover $what stop || true
    done
    carryover server stop
}

# The old headquarters has what a real one has: a trigger, foreign keys, columns that are numbered, a table without key.
furnish() {
    value source "create schema audit; create table audit.fired (what text);
        create function audit.note() returns trigger language plpgsql as
            'begin insert into audit.fired values (tg_op); return null; end';
        create trigger noted after insert or update or delete on shop.customer for each row execute function audit.note();
        alter table shop.customer alter id add generated always as identity;
        create sequence shop.issues; alter table shop.magazine alter issue set default nextval('shop.issues');
        alter table shop.sale add foreign key (customer) references shop.customer;
        alter table shop.sale_line add foreign key (isbn) references shop.book;
        alter table shop.fax drop constraint fax_pkey" >/dev/null
}

jobs() {
    carryover replicate start --once --quiet 2>/dev/null
    carryover replicate start --detach >/dev/null 2>&1
    carryover upgrade --once --quiet >/dev/null 2>&1
    carryover upgrade --detach >/dev/null 2>&1
}

# before [true|false]: everything is ready for the cutover, with a reverse feed or without one
before() {
    CARRYOVER_CUTOVER_REVERSE=${1:-true}
    export CARRYOVER_CUTOVER_REVERSE
    project
    printf '#!/bin/sh\necho stop >>%s/calls\n' "$T" >"$T/stop" # nobody sells
    furnish
    jobs
}

feed() {
    status 0 carryover n1 keep --detach
    status 0 carryover reverse start --detach
}

night() {
    before
    status 0 carryover cutover --yes
    feed
}

# What version N does that N-1 can hold: a change, a row more, a row less.
work() {
    value target "update hq.customer set first_name = 'Ada', last_name = 'Novak$1' where id = 3;
        insert into hq.customer values (${1}000, 'Eva', 'Berg', 'eva@example.org', '2026-01-01');
        insert into hq.product values ('97800000${1}', 'book', 'New', 'Me', null, 9.5, 'available');
        update hq.product set price = price + 1 where kind = 'magazine'; delete from hq.customer where id = ${1}000 - 1000;
        begin; create temp table b as select * from old.book; truncate old.book; insert into old.book select * from b; commit;
        update old.fax set document = '\\x0$1' where id = 1" >/dev/null
}

until_source() {
    for _ in $(seq 240); do
        [ "$(value source "$1")" = "$2" ] && return
        sleep 0.25
    done
    fail "never: $1 is <$2> but <$(value source "$1")>: $(tail -c 600 "$T/upgrade/logs/reverse.log")"
}

# What has to hold once users are back, whatever happened on the way.
is_back() {
    same_rows
    same 'the old headquarters' "$(tail -1 "$T/calls")" resume
    same 'triggers that fired' "$(value source 'select count(*) from audit.fired')" 0
    same 'rows without their parent' "$(value source "select count(*) from shop.sale s where customer is not null and not exists (select from shop.customer c where c.id = s.customer)")" 0
    same 'schemas of ours' "$(value source "select count(*) from pg_namespace where nspname = 'carryover'")" 0
    same 'slots on the source' "$(value source 'select count(*) from pg_replication_slots')" 0
    same 'slots on the target' "$(value target "select count(*) from pg_replication_slots where slot_name like 'carryover_reverse%'")" 0
    same 'publications on the target' "$(value target "select count(*) from pg_publication where pubname = 'carryover_reverse'")" 0
    same 'the target' "$(value target 'select state from carryover.environment')" in-maintenance
    same 'a new customer' "$(value source "insert into shop.customer (name, since) values ('Last, New', now()) returning id > (select max(id) from shop.customer)")" t
    same 'a new issue' "$(value source "insert into shop.magazine (issn, title, price) values ('9999-9999', 'x', 1) returning issue > (select max(issue) from shop.magazine)")" t
    same 'the trigger of the new customer' "$(value source 'select count(*) from audit.fired')" 1
}

it_brings_the_work_of_version_n_back() {
    night
    work 7
    until_source "select name from shop.customer where id = 3" 'Novak7, Ada'
    until_source "select count(*) from shop.book where isbn = '978000007'" 1
    value target "update hq.customer set first_name = repeat('a', 80), last_name = repeat('b', 80) where id = 4"
    value target "update hq.sale set payment = 'cash' where id = 1; update hq.sale set payment = 'card' where id = 1"
    for _ in $(seq 100); do
        carryover reverse status >"$T/out" 2>"$T/err" || true
        grep -q 'customer (4)' "$T/out" && break
        sleep 0.2
    done
    has "$T/out" 'customer (4): '
    has "$T/out" 'value too long for type character varying(80)'
    has "$T/out" 'hq.sale: 2 rows written, which no down lens reads'
    has "$T/out" 'runs: changes of version N arrive'
    has_not "$T/out" 'hq.customer:'
    status 0 carryover reverse status --json
    python3 - "$T/out" <<'END'
import json, sys
s = json.load(open(sys.argv[1]))
assert s['feed']['state'] == 'following' and s['keep_running'], s
assert s['losses']['aside'] == 1 and s['losses']['written_known'], s
assert s['losses']['written'] == [{'table': 'sale', 'rows': 2}], s
END
    status 5 carryover reverse return
    status 5 carryover reverse return --yes
    has "$T/err" '1 rows that N-1 cannot hold; hq.sale 2'
    same 'version N' "$(value target 'select state from carryover.environment')" live
    status 0 carryover reverse return --yes --lose-writes
    is_back
    status 0 carryover reverse return --yes
    has "$T/out" 'is in use again'
    status 5 carryover reverse start
    has "$T/err" '`n1 keep` has changed old.*'
    status 0 carryover reverse release --yes
    has "$T/out" 'there is no reverse feed'
}

it_goes_on_when_the_feed_was_killed() {
    night
    for i in 1 2 3 4 5 6; do
        value target "update hq.customer set email = 'x$i.' || id || '@example.org'" >/dev/null
        value target "update hq.product set price = price + 0.01 * $i" >/dev/null
        kill -KILL "$(sed -n 's/^process \([0-9]*\).*/\1/p' "$T/upgrade/reverse.lock")"
        value target "insert into hq.customer values ($i + 100000, 'Eva', 'Berg', null, '2026-01-01')" >/dev/null
        status 0 carryover reverse start --detach
        sleep 0.$i
    done
    status 0 carryover reverse return --yes
    is_back
}

it_waits_for_the_last_change_of_version_n() {
    night
    value target "update hq.customer set last_name = 'Soon' where id = 5"
    until_source "select split_part(name, ',', 1) from shop.customer where id = 5" Soon
    keep=$(sed -n 's/^process \([0-9]*\).*/\1/p' "$T/upgrade/n1-keep.lock")
    kill -STOP "$keep"
    value target "update hq.customer set last_name = 'Last' where id = 5"
    (sleep 6 && kill -CONT "$keep") &
    status 0 carryover reverse return --yes
    same 'the last change' "$(value source "select split_part(name, ',', 1) from shop.customer where id = 5")" Last
    is_back
}

it_returns_after_a_kill_in_every_single_step() {
    night
    work 7
    for step in $(carryover reverse return --dry-run | awk '{ print $3 }'); do
        python3 "$ROOT/tests/e2e/refresh_kill.py" "$T/upgrade/state.db" "$step" \
            "$CARRYOVER" reverse return --yes --quiet --project "$T/upgrade" >"$T/killed" 2>&1
        has "$T/killed" killed
    done
    status 0 carryover reverse return --yes
    is_back
}

it_begins_in_a_cutover_that_is_killed_and_given_up() {
    before
    python3 "$ROOT/tests/e2e/refresh_kill.py" "$T/upgrade/state.db" reverse \
        "$CARRYOVER" cutover --yes --quiet --project "$T/upgrade" >"$T/killed" 2>&1
    has "$T/killed" killed
    status 0 carryover cutover abort --reason 'not tonight'
    same 'slots on the target' "$(value target 'select count(*) from pg_replication_slots')" 0
    same 'schemas of ours' "$(value source "select count(*) from pg_namespace where nspname = 'carryover'")" 0
    jobs
    python3 "$ROOT/tests/e2e/refresh_kill.py" "$T/upgrade/state.db" reverse \
        "$CARRYOVER" cutover --yes --quiet --project "$T/upgrade" >"$T/killed" 2>&1
    has "$T/killed" killed
    status 0 carryover cutover resume --yes
    feed
    work 7
    until_source "select name from shop.customer where id = 3" 'Novak7, Ada'
    status 0 carryover reverse return --yes
    is_back
}

it_leaves_the_old_headquarters_alone_in_a_rehearsal() {
    before
    status 0 carryover cutover --mock
    has "$T/out" 'the old headquarters is left as it is'
    same 'schemas of ours' "$(value source "select count(*) from pg_namespace where nspname = 'carryover'")" 0
    status 0 carryover cutover plan
    has "$T/out" 'reverse'
}

it_begins_later_only_while_both_are_equal() {
    before false
    status 5 carryover reverse start --detach
    has "$T/err" 'has not opened the target'
    status 0 carryover cutover --yes
    value source "update shop.book set price = price + 1 where isbn = '9780000000001'" >/dev/null
    status 1 carryover reverse start --detach
    has "$T/err" 'differs from old.*'
    same 'slots on the target' "$(value target 'select count(*) from pg_replication_slots')" 0
    same 'schemas of ours' "$(value source "select count(*) from pg_namespace where nspname = 'carryover'")" 0
    status 5 carryover reverse status
    has "$T/err" 'there is no reverse feed'
    value source "update shop.book set price = price - 1 where isbn = '9780000000001'" >/dev/null
    status 0 carryover reverse start --detach
    status 0 carryover n1 keep --detach
    work 7
    until_source "select name from shop.customer where id = 3" 'Novak7, Ada'
    status 5 carryover reverse return --yes
    has "$T/err" 'nobody knows what else was written'
    status 0 carryover reverse return --yes --lose-writes
    is_back
}

it_does_not_go_back_while_something_is_wrong() {
    night
    value target "insert into carryover.n1_group (name, schema) values ('moved', 'N');
        insert into carryover.n1_store (store, name, group_name, schema, secret_hash) values ('S1', 'S1', 'moved', 'N', '')"
    status 5 carryover reverse return --yes --lose-writes
    has "$T/err" 'stores have moved to version N: S1'
    value target "delete from carryover.n1_store where store = 'S1'"
    value target "delete from hq.customer where id = (select customer_id from hq.sale where customer_id is not null order by id limit 1)" >/dev/null
    status 1 carryover reverse return --yes
    has "$T/err" 'foreign keys of the old headquarters do not hold'
    has "$T/err" 'sale_customer_fkey'
    has_not "$T/calls" resume
    status 0 carryover maintenance off --skip-smoke
    value source "update shop.book set title = 'changed here' where isbn = '9780000000001'" >/dev/null
    status 1 carryover reverse return --yes --lose-writes
    has "$T/err" 'differs from old.*'
    status 0 carryover reverse release --yes
    status 0 carryover reverse release --yes
    same 'schemas of ours' "$(value source "select count(*) from pg_namespace where nspname = 'carryover'")" 0
    same 'slots on the target' "$(value target "select count(*) from pg_replication_slots where slot_name like 'carryover_reverse%'")" 0
}

it_does_not_open_it_when_users_were_let_in_between() {
    night
    python3 "$ROOT/tests/e2e/refresh_kill.py" "$T/upgrade/state.db" close \
        "$CARRYOVER" reverse return --yes --quiet --project "$T/upgrade" >"$T/killed" 2>&1
    has "$T/killed" killed
    status 5 carryover reverse start
    has "$T/err" 'has brought the last changes'
    status 0 carryover maintenance off --skip-smoke
    value target "update hq.customer set first_name = 'Late' where id = 5"
    status 0 carryover maintenance on
    status 5 carryover reverse return --yes
    has "$T/err" 'let into version N again'
    has_not "$T/calls" resume
    status 0 carryover reverse release --yes
    has "$T/out" 'maintenance off'
}

# A role that is no superuser needs one right; what is in the way is said before the downtime.
it_says_before_the_downtime_what_is_missing() {
    before
    value source "create role feeder login replication; grant carryover to feeder" >/dev/null
    uri=$(carryover server uri source | sed 's#//carryover@#//feeder@#')
    value source 'create schema carryover' >/dev/null
    status 5 carryover cutover --yes
    has "$T/err" 'a schema carryover that this project has not made'
    value source 'drop schema carryover' >/dev/null
    status 5 carryover cutover --yes --source "$uri"
    has "$T/err" 'GRANT SET ON PARAMETER session_replication_role TO'
    same 'hooks that ran' "$(cat "$T/calls")" ''
    value source 'grant set on parameter session_replication_role to feeder' >/dev/null
    status 0 carryover cutover --yes --source "$uri"
    same 'adopted' "$(value source 'select state from carryover.replication')" following
}

run_tests "$@"
