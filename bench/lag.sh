# lag: how old the newest row on the target is while writers commit at a fixed rate; beside native logical replication.
#
# shellcheck shell=bash

RATE=${RATE:-1000}
DURATION=${DURATION:-20}

bench_lag() {
    begin_notes lag
    catchup_prepare
    sql "$NATIVE" -c 'alter subscription native enable'
    "$CARRYOVER" -C "$PROJECT" --no-progress --quiet replicate start &
    # shellcheck disable=SC2034 # used in catchup.sh
    FOLLOWER=$!
    run=0
    sql "$SOURCE" -c 'insert into bench.marker values (0)'
    wait_for_marker "$TARGET" old 0
    wait_for_marker "$NATIVE" bench 0
    for ((run = 1; run <= RUNS; run++)); do
        lag_run
    done
    catchup_stop_carryover
    catchup_end
    echo
    echo "lag at $RATE inserts a second, milliseconds, median of $RUNS runs of $DURATION s (load $(cut -d' ' -f1 /proc/loadavg))"
    awk -F '\t' '{ printf "  %-12s p50 %7.1f  p99 %7.1f  max %7.1f\n", $1, $2, $3, $4 }' "$BENCH_DIR/lag.medians"
}

# Both follow at the same time, so both see the same writers and the same machine.
lag_run() {
    lag_watch "$TARGET" old >"$BENCH_DIR/lag.carryover.$run" &
    local first=$!
    lag_watch "$NATIVE" bench >"$BENCH_DIR/lag.native.$run" &
    local second=$!
    # Durable commits: others wait in the source for the next flush of its log, 200 ms at most.
    pgbench -n -M prepared -c 16 -R "$RATE" -T "$DURATION" \
        -f "$ROOT/bench/catchup/insert.sql" "$SOURCE" >"$BENCH_DIR/pgbench.log" 2>&1
    wait "$first" "$second"
    : >"$BENCH_DIR/lag.medians"
    for who in carryover native; do
        for column in 1 2 3; do
            cat "$BENCH_DIR/lag.$who".* | cut -d'|' -f"$column" | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
        done | paste -sd '\t' | sed "s/^/$who\t/" >>"$BENCH_DIR/lag.medians"
    done
}

# Looks every two milliseconds at the newest row; the first seconds are for warming up.
lag_watch() {
    sql "$1" -c 'create temp table lag (ms float8)' -c "do \$\$
        declare
            stop timestamptz := clock_timestamp() + interval '$((DURATION - 1)) s';
            warm timestamptz := clock_timestamp() + interval '3 s';
        begin
            while clock_timestamp() < stop loop
                if clock_timestamp() > warm then
                    insert into lag select extract(epoch from clock_timestamp() - at) * 1000 from $2.document order by id desc limit 1;
                end if;
                commit;
                perform pg_sleep(0.002);
            end loop;
        end \$\$" \
        -c 'select percentile_cont(0.5) within group (order by ms), percentile_cont(0.99) within group (order by ms), max(ms) from lag'
}
