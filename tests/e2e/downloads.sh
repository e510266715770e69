#!/bin/sh
# Packages for stores of version N-1: made from changes on the live target, and downloaded by a store written in Python
# from docs/n1/protocol.md (n1_store.py).
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"

tidy_up() {
    for what in 'n1 serve' 'n1 keep' sample upgrade replicate server; do
        # shellcheck disable=SC2086 # two words
        "$CARRYOVER" -C "$PLACE/p" $what stop >/dev/null 2>&1
    done
    rm -rf "$PLACE"
}
trap tidy_up EXIT

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/p" "$@"
}

# until COMMAND...: repeats it until it succeeds
until_ok() {
    for _ in $(seq 300); do
        "$@" >"$T/until" 2>&1 && return
        sleep 0.2
    done
    fail "never: $*: $(head -c 600 "$T/until")"
}

says() {
    text=$1
    shift
    "$CARRYOVER" -C "$PLACE/p" "$@" 2>&1 | grep -qF -- "$text"
}

sql() {
    psql -XAtq -v ON_ERROR_STOP=1 "$TARGET" -c "$1"
}

is_sql() {
    [ "$(sql "$1")" = "$2" ]
}

store() {
    what=$1 name=$2
    shift 2
    python3 "$ROOT/tests/e2e/n1_store.py" "$what" "$URL" "$name" "$(cat "$PLACE/secret-$name")" "$@"
}

sync() {
    store sync "$1" "$T/$1.db" >"$T/sync" 2>&1 || fail "store $1: $(tail -n 5 "$T/sync")"
}

add_store() {
    co 0 n1 stores add "$1" --group "$2" --json
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["secret"])' "$T/out" >"$PLACE/secret-$1"
}

# A run of every job that has ended.
run_jobs() {
    co 0 n1 jobs run 99 "$@"
    until_ok is_sql 'select count(*) from carryover.n1_job where asked' 0
}

# Version N has reached old.*, and nothing waits.
until_kept() {
    marker="marker $1 $$"
    sql "update hq.customer set email = '$marker' where id = 1"
    until_ok is_sql "select email from old.customer where id = 1" "$marker"
    until_ok is_sql 'select coalesce(sum(keys), 0) from carryover.lens_backlog() where direction = '"'down'" 0
}

# agrees STORE GROUP: what the store has is what the lenses say
agrees() {
    sql "select json_build_object(
        'book', (select coalesce(json_agg(json_build_array(isbn, title, author, price::text)), '[]') from carryover_channel.book),
        'magazine', (select coalesce(json_agg(json_build_array(issn, title, issue, price::text)), '[]') from carryover_channel.magazine),
        'customer', (select coalesce(json_agg(json_build_array(id, name, email)), '[]') from carryover_channel.customer where channel_store = '$1'),
        'neighbour', (select coalesce(json_agg(json_build_array(store)), '[]') from carryover_channel.neighbour where channel_group = '$2'))" >"$T/want"
    python3 "$ROOT/tests/e2e/n1_store.py" same "$T/$1.db" "$T/want" >"$T/same" 2>&1 || fail "store $1: $(cat "$T/same")"
}

prepare() {
    T=$PLACE
    cp -r "$ROOT/examples/bookshop" "$PLACE/bookshop"
    status 0 "$CARRYOVER" init "$PLACE/p" --package "$PLACE/bookshop" --set hooks.stop_writers=true --set hooks.open=true
    co 0 sample create --scale 0.01
    co 0 replicate start --detach
    until_ok says 'replication: following' replicate status
    co 0 upgrade --detach
    until_ok says '"state":"fresh"' upgrade status --json
    until_ok "$CARRYOVER" -C "$PLACE/p" cutover --yes
    co 5 n1 jobs
    has "$T/err" 'there are no jobs yet'
    co 0 n1 keep --detach
    until_ok says 'Catalogue' n1 jobs
    co 0 n1 serve --listen 127.0.0.1:0 --detach
    until_ok grep -q 'listening on' "$PLACE/p/logs/n1-serve.log"
    URL=$(sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$PLACE/p/logs/n1-serve.log" | head -n 1)
    TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
    for name in 1 2; do add_store $name EAST; done
    add_store 3 WEST
}

it_gives_a_new_store_everything_and_then_what_changed() {
    sync 1
    has "$T/sync" '10@EAST full 0-'
    has "$T/sync" '20 full 0-'
    agrees 1 EAST
    sync 1
    same 'a second look' "$(cat "$T/sync")" ''
    sql "update hq.product set title = 'A new title' where code = (select min(isbn) from carryover_channel.book);
        update hq.product set status = 'out of print' where code = (select max(isbn) from carryover_channel.book)"
    until_kept new
    run_jobs
    sync 1
    has "$T/sync" '10@EAST delta '
    has_not "$T/sync" 'full'
    agrees 1 EAST
    same 'a book out of print' "$(sqlite3_count "$T/1.db" book "title = 'A new title'")" 1
}

sqlite3_count() {
    python3 -c 'import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute(f"select count(*) from {sys.argv[2]} where {sys.argv[3]}").fetchone()[0])' "$@"
}

it_shows_a_store_its_own_rows_and_those_of_its_group_only() {
    for name in 1 3; do sync $name; done
    agrees 1 EAST
    agrees 3 WEST
    same 'neighbours' "$(sqlite3_count "$T/3.db" neighbour "store = '1'")" 0
    for package in $(sql "select package from carryover.n1_package where scope = 'group' and owner = 'EAST' or scope = 'store' and owner = '1'"); do
        same "package $package of others" "$(store take 3 "$package")" 404
    done
    sql "update old.sale set customer = (select max(id) from old.customer) where id = (select min(id) from old.sale where branch = 3)"
    run_jobs
    sync 1
    has_not "$T/sync" '20 delta'
    sync 3
    has "$T/sync" '20 delta'
    agrees 3 WEST
}

it_makes_the_bytes_of_a_group_once() {
    for name in 1 2; do sync $name; done
    before=$(sql 'select count(*) from carryover.n1_package')
    sql "update hq.product set price = price + 1 where code = (select min(isbn) from carryover_channel.book)"
    until_kept once
    run_jobs
    for name in 1 2; do sync $name; done
    for name in 1 2; do agrees $name EAST; done
    same 'packages of the catalogue' "$(sql "select count(*) from carryover.n1_package where job = '10' and package > $before and owner = 'EAST' and created > now() - interval '20 s' and not is_full")" 1
}

it_waits_for_the_operator_when_a_store_fails_again_and_again() {
    sync 2
    sql "update hq.product set price = price + 2 where code = (select min(isbn) from carryover_channel.book)"
    until_kept fails
    run_jobs
    for _ in 1 2 3; do package=$(store fail 2 "$T/2.db" 'the disk is full'); done
    store peek 2 "$T/2.db" >"$T/next"
    has_not "$T/next" "\"id\": $package,"
    co 0 n1 sessions 2
    has "$T/out" 'the disk is full'
    has "$T/out" 'failed'
    sync 2
    has_not "$T/sync" '10@EAST'
    co 0 n1 sessions rerun 2 "$package"
    sync 2
    has "$T/sync" '10@EAST delta'
    agrees 2 EAST
    co 5 n1 sessions rerun 2 "$package"
    has "$T/err" 'there is no such package at this store'
}

it_gives_a_full_package_instead_of_a_canceled_one() {
    sync 2
    sql "update hq.product set price = price + 3 where code = (select min(isbn) from carryover_channel.book)"
    until_kept cancels
    run_jobs
    package=$(store fail 2 "$T/2.db" 'no')
    co 0 n1 sessions cancel 2 "$package"
    sync 2
    has "$T/sync" '10@EAST full'
    agrees 2 EAST
}

it_gives_one_store_or_all_a_full_package_when_asked() {
    for name in 1 2; do sync $name; done
    co 0 n1 jobs run 10 --store 1
    sync 2
    same 'the other store' "$(cat "$T/sync")" ''
    sync 1
    has "$T/sync" '10@EAST full'
    has_not "$T/sync" '20'
    sync 1
    same 'once' "$(cat "$T/sync")" ''
    run_jobs --full
    for name in 1 2; do
        sync $name
        has "$T/sync" '10@EAST full'
        has "$T/sync" '20@EAST full'
        has "$T/sync" '20 full'
        agrees $name EAST
        sync $name
        same 'once' "$(cat "$T/sync")" ''
    done
    co 5 n1 jobs run 77
    has "$T/err" 'there is no such job'
}

it_does_not_give_a_new_store_the_history() {
    sync 1
    for i in 1 2 3 4 5 6; do
        sql "update hq.product set title = title || '$i'"
        until_kept "history $i"
        run_jobs
    done
    sync 1
    add_store 9 EAST
    run_jobs
    sync 9
    [ "$(grep -c '10@EAST' "$T/sync")" -le 2 ] || fail "too much: $(cat "$T/sync")"
    has_not "$T/sync" '10@EAST full 0-1 '
    agrees 9 EAST
    cp "$T/9.db" "$T/old.db"
    co 0 n1 stores remove 9 --yes
    run_jobs
    sync 1
    agrees 1 EAST
}

it_holds_back_a_paused_job_and_loses_nothing() {
    sync 1
    co 0 n1 jobs pause 10
    sql "update hq.product set title = 'While it is paused' where code = (select min(isbn) from carryover_channel.book)"
    until_kept paused
    run_jobs
    sync 1
    has_not "$T/sync" '10@EAST'
    co 0 n1 jobs resume 10
    run_jobs
    sync 1
    has "$T/sync" '10@EAST delta'
    agrees 1 EAST
}

it_moves_a_store_to_version_n_and_back_while_the_others_stay() {
    add_store 5 EAST
    sync 2
    sync 5
    co 0 n1 promote 5 --dry-run
    has "$T/out" 'cannot move yet'
    has "$T/out" 'it has never reported'
    store report 5 open_shifts=1 suspended=0
    co 5 n1 promote 5 --group NEW
    has "$T/err" 'open_shifts: 1'
    store report 5 open_shifts=0 suspended=0
    sql "update hq.product set title = 'Not yet applied' where code = (select min(isbn) from carryover_channel.book)"
    until_kept moves
    run_jobs
    co 5 n1 promote 5 --group NEW
    has "$T/err" 'packages it has not applied: '
    sync 5
    co 5 n1 promote 5 --group EAST
    has "$T/err" 'packages of two versions never mix'
    co 0 n1 promote 5 --group NEW
    co 0 n1 fleet
    grep -q '^5 .*NEW *N *moving' "$T/out" || fail "the fleet: $(cat "$T/out")"
    sync 2
    mv "$T/5.db" "$T/5-old.db" # a database of the new shape
    sync 5
    has "$T/sync" '11@NEW full'
    has_not "$T/sync" '10@'
    same 'products' "$(sqlite3_count "$T/5.db" product true)" "$(sql 'select count(*) from carryover_channel_n.product')"
    same 'customers' "$(sqlite3_count "$T/5.db" customer true)" "$(sql 'select count(*) from carryover_channel_n.customer')"
    co 0 n1 fleet
    grep -q '^5 .*NEW *N *current' "$T/out" || fail "the fleet: $(cat "$T/out")"
    grep -q '^2 .*EAST *N-1 *current' "$T/out" || fail "the fleet: $(cat "$T/out")"
    sql "update hq.product set title = 'For both' where code = (select min(code) from carryover_channel_n.product where kind = 'book');
        delete from hq.product where code = (select max(issn) from carryover_channel.magazine m where not exists (select from hq.sale_line l where l.product = m.issn))"
    until_kept both
    run_jobs
    sync 2
    sync 5
    has "$T/sync" '11@NEW delta'
    agrees 2 EAST
    sql "update hq.customer set first_name = 'Only', last_name = 'In N' where id = 9"
    until_kept names
    run_jobs
    sync 5
    same 'a name of version N' "$(sqlite3_count "$T/5.db" customer "id = '9' and first_name = 'Only' and last_name = 'In N'")" 1
    same 'jobs that failed' "$(sql "select count(*) from carryover.n1_job where error <> ''")" 0
    same 'the new title' "$(sqlite3_count "$T/5.db" product "title = 'For both'")" 1
    same 'products' "$(sqlite3_count "$T/5.db" product true)" "$(sql 'select count(*) from carryover_channel_n.product')"
    co 0 n1 promote 5 --undo
    mv "$T/5-old.db" "$T/5.db"
    sync 5
    has "$T/sync" '10@EAST full'
    agrees 5 EAST
    co 0 n1 stores remove 5 --yes
}

it_forgets_old_packages_and_chains_that_nobody_is_in() {
    add_store 8 LONELY
    run_jobs
    for name in 1 2 8; do sync $name; done
    sql "update hq.product set title = 'Long ago' where code = (select min(isbn) from carryover_channel.book)"
    until_kept old
    run_jobs
    co 0 n1 stores remove 8 --yes
    co 0 n1 keep stop
    sleep 1.2
    co 0 n1 keep --detach --set n1.keep=1s
    until_ok is_sql "select count(*) from carryover.n1_package where not is_full" 0
    until_ok is_sql "select count(*) from carryover.n1_chain where owner in ('8', 'LONELY')" 0
    for name in 1 2; do
        sync $name
        has "$T/sync" '10@EAST full'
        agrees $name EAST
    done
    co 0 n1 keep stop
    co 0 n1 keep --detach
    run_jobs
    sync 1
    same 'nothing more' "$(grep -c full "$T/sync")" 0
}

# The target as it was, in a database of the same name; what came later is lost.
restore() {
    name=$(sql 'select current_database()')
    server=$(echo "$TARGET" | sed "s/dbname=[^ ]*/dbname=postgres/; s,/$name?,/postgres?,")
    sql 'select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()'
    psql -XAtq -v ON_ERROR_STOP=1 "$server" -c "drop database \"$name\" with (force)" -c "create database \"$name\""
    pg_restore --exit-on-error -d "$TARGET" "$PLACE/dump"
}

it_starts_again_with_everybody_when_headquarters_is_restored() {
    sync 1
    sync 2
    pg_dump -Fc -f "$PLACE/dump" "$TARGET"
    sql "update hq.product set title = 'Lost with the server' where code = (select min(isbn) from carryover_channel.book)"
    until_kept lost
    run_jobs
    sync 1 # 2 stays behind
    has "$T/sync" '10@EAST delta'
    co 0 n1 serve stop
    co 0 n1 keep stop
    restore
    co 0 n1 keep --detach
    co 0 n1 serve --listen "${URL#*://}" --detach
    until_ok grep -q 'not the database that it was' "$PLACE/p/logs/n1-keep.log"
    sql "update hq.product set title = 'After the restore' where code = (select max(isbn) from carryover_channel.book)"
    until_kept restored
    run_jobs
    for name in 1 2; do
        sync $name
        has "$T/sync" '10@EAST full'
        agrees $name EAST
    done
    run_jobs
    sync 1
    same 'nothing more' "$(cat "$T/sync")" ''
    # A disk that was set back leaves no other trace than that nobody here has given the store what it says it has.
    sql "delete from carryover.n1_download where store = '2'; delete from carryover.n1_position where store = '2';
        update carryover.n1_epoch set n = n + 1"
    sync 2
    has "$T/sync" '10@EAST full'
    agrees 2 EAST
}

# writer SEED: transactions that overlap, take back, and touch the same rows
writer() {
    psql -XAtq "$TARGET" -c "select setseed($1)" -c "
        do \$\$ declare i int; begin for i in 1..60 loop
            update hq.product set title = left(title, 60) || i, status = (array['available', 'out of print', 'special order'])[1 + floor(random() * 3)]
                where kind = 'book' and code in (select code from hq.product where kind = 'book' order by random() limit 3);
            perform pg_sleep(random() * 0.02);
            if random() < 0.3 then update hq.customer set email = random()::text where id = 1 + floor(random() * 100); end if;
            if random() < 0.5 then update old.sale set customer = 1 + floor(random() * 100), branch = 1 + floor(random() * 3)
                where id in (select id from old.sale order by random() limit 2); end if;
            perform pg_sleep(random() * 0.02);
            if random() < 0.2 then rollback; else commit; end if;
        end loop; end \$\$" >"$T/writer-$1" 2>&1
}

it_misses_nothing_while_everything_happens_at_once() {
    for name in 1 2 3; do sync $name; done
    for seed in 0.1 0.2 0.3; do writer $seed & done
    for round in 1 2 3 4 5 6; do
        co 0 n1 jobs run 99
        for name in 1 2 3; do sync $name; done
        if [ $((round % 3)) = 0 ]; then
            kill -KILL "$(sed -n 's/^process \([0-9]*\).*/\1/p' "$PLACE/p/n1-keep.lock")"
            co 0 n1 keep --detach
        fi
    done
    wait
    for seed in 0.1 0.2 0.3; do same "writer $seed" "$(grep -v '^$' "$T/writer-$seed" | grep -c ERROR)" 0; done
    until_kept all
    run_jobs
    for name in 1 2 3; do sync $name; done
    agrees 1 EAST
    agrees 2 EAST
    agrees 3 WEST
}

it_takes_all_stores_over_in_steps_that_are_verified() {
    co 5 n1 cutover
    has "$T/err" 'this takes all stores'
    co 0 n1 cutover --dry-run
    has "$T/out" 'stop-realtime'
    co 5 n1 cutover --yes
    has "$T/err" 'stores that nobody has registered'
    for name in $(sql "select distinct branch from old.sale where branch not in (1, 2, 3)"); do add_store "$name" EAST; done
    sql "insert into old.sale (id, branch, sold_at, payment, total) values (-1, 2, now(), 'C', 0)"
    co 5 n1 cutover --yes
    has "$T/err" '2: sale -1 has no line'
    sql 'delete from old.sale where id = -1'
    co 6 n1 cutover --yes --set 'hooks.n1_stop_uploads=exit 3'
    has "$T/err" 'the hook hooks.n1_stop_uploads'
    co 3 n1 cutover --yes --set "hooks.n1_stop_uploads=touch $T/uploads" --set "hooks.n1_stop_realtime=touch $T/realtime" --set n1.url=http://127.0.0.1:9
    has "$T/err" 'http://127.0.0.1:9'
    co 0 n1 cutover --yes --set "hooks.n1_stop_uploads=touch $T/uploads" --set "hooks.n1_stop_realtime=touch $T/realtime" --set "n1.url=$URL"
    has "$T/err" "$URL answers"
    [ -e "$T/uploads" ] && [ -e "$T/realtime" ] || fail 'a hook was not run'
    has "$T/out" 'the stores belong to the gateway now'
    same 'chains without a package' "$(sql "select count(*) from carryover.n1_chain c join carryover.n1_job j using (job) where j.schema = 'N-1' and c.version = 0")" 0
    store peek 4 "$T/4.db" >"$T/next"
    has "$T/next" '"full": true'
}

(set -eu; prepare; echo "$URL" >"$PLACE/url"; echo "$TARGET" >"$PLACE/target") || {
    echo "Bail out! there is no target"
    exit 1
}
URL=$(cat "$PLACE/url") TARGET=$(cat "$PLACE/target")
run_tests
