# scripts: what a step costs beside what is in it, against sqitch; and whether scripts that are independent use both cores.
#
# shellcheck shell=bash

bench_scripts() {
    scripts_package "$BENCH_DIR/package-steps" "$STEPS" 'select 1;'
    project scripts "$BENCH_DIR/package-steps"
    scripts_peer
    begin_notes scripts
    for ((run = 1; run <= RUNS; run++)); do
        # shellcheck disable=SC2046 # two words
        for who in $(turn "$run" carryover sqitch) carryover-j2; do "scripts_${who/-/_}"; done
    done
    scripts_report
    scripts_cores
}

# scripts_package DIR N SQL: a package of scripts with the numbers 0 to N.
scripts_package() {
    local i
    mkdir -p "$1/schema" "$1/scripts"
    cat >"$1/package.yaml" <<END
name: steps
title: nothing but scripts
version: 0.1.0
from: {name: Steps, version: "1"}
to: {name: Steps, version: "2"}
source: {schema: steps}
home: {hq: [t]}
END
    echo 'create table hq.t (i int);' >"$1/schema/10_tables.sql"
    for ((i = 0; i <= $2; i++)); do
        printf -- '-- phase: final\n-- title: step %d\n%s\n' "$i" "$3" >"$1/scripts/$(printf 's%03d' "$i").sql"
    done
}

# The same scripts, as sqitch wants them: no two with the same text, each a transaction of its own, as its templates have it.
scripts_peer() {
    local i name dir=$BENCH_DIR/sqitch
    have sqitch sqitch || return 0
    mkdir -p "$dir/deploy"
    printf '[core]\n\tengine = pg\n[user]\n\tname = bench\n\temail = bench@example.com\n' >"$dir/sqitch.conf"
    printf '%%syntax-version=1.0.0\n%%project=steps\n\n' >"$dir/sqitch.plan"
    for ((i = 0; i <= STEPS; i++)); do
        name=$(printf 's%03d' "$i")
        echo "$name 2026-01-01T00:00:00Z bench <bench@example.com> # step $i" >>"$dir/sqitch.plan"
        printf -- '-- %d\nBEGIN;\nselect 1;\nCOMMIT;\n' "$i" >"$dir/deploy/$name.sql"
    done
    PEER_SQITCH=yes
}

# The first script, and the tables of whoever runs it, are there before the clock starts.
scripts_carryover() {
    sql "$TARGET" -c 'drop table if exists carryover.script' 2>/dev/null
    co scripts run --script s000 --yes >/dev/null
    measure scripts "carryover${1:-}" co scripts run --yes --workers "${2:-1}"
}

scripts_carryover_j2() { scripts_carryover ', 2 workers' 2; }

scripts_sqitch() {
    [[ -n ${PEER_SQITCH:-} ]] || return 0
    sql "$TARGET" -c 'drop schema if exists sqitch cascade' 2>/dev/null
    sqitch_deploy --to s000 >/dev/null
    measure scripts sqitch sqitch_deploy
}

# libpq's own variables say where: the private server has no port of its own on the network.
sqitch_deploy() {
    local query=${TARGET#*\?} user=${TARGET#*//}
    (
        cd "$BENCH_DIR/sqitch" || exit 1
        PGHOST=$(sed -n 's/.*host=\([^&]*\).*/\1/p' <<<"$query" | sed 's/%2F/\//g')
        PGPORT=$(sed -n 's/.*port=\([^&]*\).*/\1/p' <<<"$query")
        export PGHOST PGPORT=${PGPORT:-5432} PGUSER=${user%%@*}
        sqitch deploy --no-verify "$@" db:pg:target
    )
}

scripts_report() {
    report scripts carryover "$STEPS scripts that do nothing, one after the other"
    awk -F'\t' -v n="$STEPS" '{ if (!($2 in least) || $3 < least[$2]) least[$2] = $3; sum[$2] += $3; runs[$2]++ }
        END { for (w in sum) printf "  %-22s %7.2f ms a step on average, %.2f at best\n", w, 1000 * sum[w] / runs[w] / n, 1000 * least[w] / n }' \
        "$BENCH_DIR/scripts.times" | sort
}

# Eight that need nothing but the processor.
scripts_cores() {
    local run
    scripts_package "$BENCH_DIR/package-busy" 7 'select count(*) from generate_series(1, 3000000) i where i % 7 = 0;'
    project busy "$BENCH_DIR/package-busy"
    begin_notes cores
    for ((run = 1; run <= RUNS; run++)); do
        for jobs in $(turn "$run" 1 2); do
            sql "$TARGET" -c 'drop table if exists carryover.script' 2>/dev/null
            measure cores "$jobs workers" co scripts run --yes --workers "$jobs"
        done
    done
    report cores '2 workers' 'eight scripts of the same length that wait for nobody'
}
