# downtime: from the last write on the source to the first one allowed on the target, at two sizes under the same load.
#
# carryover's is what its own report of the cutover says. The classic way stops the same writers, copies with pg_dump and
# pg_restore, and then runs the lenses as SQL. One cutover is made per size and run, on a fresh target.
#
# shellcheck shell=bash

DOWNTIME_RATE=${DOWNTIME_RATE:-50} # transactions a second

bench_downtime() {
    local scale
    for scale in "$SCALE_SMALL" "$SCALE"; do
        begin_notes "downtime-$scale"
        downtime_prepare "$scale"
        for ((run = 1; run <= RUNS; run++)); do
            for who in $(turn "$run" carryover classic); do
                [[ $who = carryover ]] || wanted "$who" || continue
                "downtime_with_$who"
                "downtime_${who}_after"
            done
        done
        report "downtime-$scale" carryover "downtime at scale $scale, $DOWNTIME_RATE transactions a second before it"
    done
    downtime_growth "$SCALE_SMALL" "$SCALE"
}

downtime_prepare() {
    project "cutover$1"
    CARRYOVER_HOOK_STOP="$CARRYOVER -C $PROJECT sample stop"
    export CARRYOVER_HOOK_STOP
    sample "$1"
}

start_writers() { co sample run --rate "$DOWNTIME_RATE" --detach >/dev/null; }

# Everything before the writers stop costs no downtime. The figure is the report's own.
downtime_with_carryover() {
    release_source
    empty_target
    rm -f "$PROJECT/state.db"*
    start_writers
    co replicate start --once
    co replicate start --detach >/dev/null
    co upgrade --once >/dev/null
    co upgrade --detach >/dev/null
    sleep 5
    for item in BUS01 SLT01; do co check confirm "$item" --by bench --note bench >/dev/null; done
    co cutover --yes --set cutover.signoff=optional --json >"$BENCH_DIR/cutover.json" || die "downtime: the cutover failed"
    note_downtime carryover "$(sed -n 's/.*"downtime_seconds":\([0-9.]*\).*/\1/p' "$BENCH_DIR/cutover.json" | tail -1)"
}

downtime_carryover_after() {
    for job in "sample stop" "upgrade stop" "replicate stop"; do
        # shellcheck disable=SC2086 # two words
        co $job >/dev/null 2>&1 || true
    done
}

downtime_with_classic() {
    local from
    empty_target
    rm -rf "$BENCH_DIR/copy.tmp"
    mkdir "$BENCH_DIR/copy.tmp"
    start_writers
    sleep 5
    from=$(now)
    co sample stop >/dev/null
    copy_with_pg_dump_pg_restore >/dev/null
    sql "$TARGET" -c 'alter schema dbo rename to old' -c 'analyze' -f "$PACKAGE/schema/functions.sql" >/dev/null 2>&1
    statements "$PACKAGE/schema/old_indexes.sql" hq | in_parallel 8
    lens_with_by_hand
    note_downtime classic "$(minus "$(now)" "$from")"
}

downtime_classic_after() { empty_target; }

note_downtime() { note "downtime-${PROJECT##*/cutover}" "$1" "$2" 0 "$(cut -d' ' -f1 /proc/loadavg)"; }

# How carryover's downtime grows with the database: 1 is not at all.
downtime_growth() {
    echo
    awk -F '\t' -v small="$1" -v large="$2" '$2 == "carryover" { v[$1, ++n[$1]] = $3 }
        function median(b,   i, j, t) {
            for (i = 2; i <= n[b]; i++)
                for (j = i; j > 1 && v[b, j] < v[b, j - 1]; j--) { t = v[b, j]; v[b, j] = v[b, j - 1]; v[b, j - 1] = t }
            return v[b, int((n[b] + 1) / 2)]
        }
        END { printf "downtime at scale %s is %.2f times that at scale %s\n", large,
              median("downtime-" large) / median("downtime-" small), small }' \
        "$BENCH_DIR/downtime-$1.times" "$BENCH_DIR/downtime-$2.times"
}
