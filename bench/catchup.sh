# catchup: single-row transactions of several writers that were committed while nobody followed, until all are applied;
# beside native logical replication. Both read the same changes of the same source and write to the same server.
#
# shellcheck shell=bash

TRANSACTIONS=${TRANSACTIONS:-100000}
WRITERS=${WRITERS:-4}

bench_catchup() {
    begin_notes catchup
    catchup_prepare
    for ((run = 1; run <= RUNS; run++)); do
        say "catchup: $TRANSACTIONS transactions by $WRITERS writers"
        catchup_write
        settle
        for who in $(turn "$run" carryover native); do
            AFTER=catchup_stop_$who measure catchup "$who" "catchup_with_$who" "$run"
        done
        catchup_check
    done
    catchup_end
    report catchup carryover "catch-up of $TRANSACTIONS single-row transactions by $WRITERS writers"
}

catchup_prepare() {
    project catchup "$ROOT/bench/catchup"
    NATIVE=${TARGET/\/target\?/\/native?}
    catchup_end
    empty_target
    sql "$ADMIN" -c 'create database native'
    sql "$SOURCE" -c 'drop schema if exists bench cascade' -f "$ROOT/bench/catchup/tables.sql"
    co replicate start --once
    pg_dump -d "$SOURCE" -n bench | sql "$NATIVE" -f - >/dev/null
    sql "$NATIVE" -c 'analyze'
    sql "$SOURCE" -c 'create publication native for tables in schema bench' \
        -c "select pg_create_logical_replication_slot('native', 'pgoutput')" >/dev/null
    sql "$NATIVE" -c "create subscription native connection '$SOURCE' publication native with (enabled = false,
        copy_data = false, create_slot = false, slot_name = native, binary = true)"
}

catchup_end() {
    {
        sql "$NATIVE" -c 'alter subscription native disable' -c 'alter subscription native set (slot_name = none)' \
            -c 'drop subscription native' || true
        sql "$ADMIN" -c 'drop database if exists native with (force)'
        sql "$SOURCE" -c 'drop publication if exists native'
        release_source
    } >/dev/null 2>&1 || true
}

catchup_scripts() {
    local d=$ROOT/bench/catchup
    echo "-f $d/update.sql@45 -f $d/hot.sql@10 -f $d/insert.sql@35 -f $d/close.sql@10"
}

# The last row says that everything before it has arrived.
catchup_write() {
    # shellcheck disable=SC2046 # words
    PGOPTIONS='-c synchronous_commit=off' pgbench -n -M prepared -c "$WRITERS" -j 2 -t $((TRANSACTIONS / WRITERS)) \
        $(catchup_scripts) "$SOURCE" >"$BENCH_DIR/pgbench.log" 2>&1
    sql "$SOURCE" -c "insert into bench.marker values ($run)"
}

wait_for_marker() {
    sql "$1" -c "do \$\$ begin
        for i in 1..120000 loop
            if exists (select from $2.marker where id = $3) then return; end if;
            commit;
            perform pg_sleep(0.01);
        end loop;
        raise 'the marker did not arrive';
    end \$\$"
}

catchup_with_carryover() {
    "$CARRYOVER" -C "$PROJECT" --no-progress --quiet replicate start &
    FOLLOWER=$!
    wait_for_marker "$TARGET" old "$1"
}

catchup_stop_carryover() {
    kill "$FOLLOWER"
    wait "$FOLLOWER" || true
}

catchup_with_native() {
    sql "$NATIVE" -c 'alter subscription native enable'
    wait_for_marker "$NATIVE" bench "$1"
}

catchup_stop_native() {
    sql "$NATIVE" -c 'alter subscription native disable'
    sleep 1
}

catchup_sum() {
    sql "$1" -c "select (select (count(*), sum(hashtextextended(t::text, 0))) from $2.stock t),
        (select (count(*), sum(hashtextextended(t::text, 0))) from $2.document t)"
}

catchup_check() {
    local want
    want=$(catchup_sum "$SOURCE" bench)
    [[ $(catchup_sum "$TARGET" old) = "$want" ]] || die "catchup: carryover's rows differ from the source's"
    [[ $(catchup_sum "$NATIVE" bench) = "$want" ]] || die "catchup: the native subscription's rows differ from the source's"
}
