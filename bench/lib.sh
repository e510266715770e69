# What the benchmarks share: servers, peers, clocks, and the table of ratios.
#
# shellcheck shell=bash

SCALE=${SCALE:-5}
SCALE_SMALL=${SCALE_SMALL:-1}
RUNS=${RUNS:-3}
PEERS=${PEERS:-all}
JOBS=${JOBS:-2}
STEPS=${STEPS:-300}
CARRYOVER=${CARRYOVER:-$ROOT/build/src/carryover}
PACKAGE=$ROOT/packages/ax2012r3-commerce

say() { printf '%s\n' "bench: $*" >&2; }
die() { say "$*"; exit 1; }

# --- the folder ---

bench_begin() {
    [[ -x $CARRYOVER ]] || die "there is no $CARRYOVER; build it first, or name one with CARRYOVER="
    KEEP=${BENCH_DIR:+yes}
    if [[ -z ${BENCH_DIR:-} ]]; then
        BENCH_DIR=$(mktemp -d "${TMPDIR:-/var/tmp}/carryover-bench.XXXXXX")
    fi
    mkdir -p "$BENCH_DIR"
    chmod 755 "$BENCH_DIR" # the servers of root run as somebody else
    trap bench_end EXIT
    trap 'exit 130' INT TERM
    add_server_tools_to_path
    [[ $RUNS -ge 3 ]] || say "fewer than three runs: the medians say little"
}

bench_end() {
    trap - EXIT
    end_started
    for project in "$BENCH_DIR"/*/carryover.yaml; do
        [[ -f $project ]] || continue
        project=${project%/carryover.yaml}
        for job in "sample stop" "upgrade stop" "replicate stop" "server stop"; do
            # shellcheck disable=SC2086 # two words
            "$CARRYOVER" -C "$project" $job >/dev/null 2>&1 || true
        done
        [[ -n $KEEP ]] || remove_servers "$project"
    done
    [[ -n $KEEP ]] || rm -rf "$BENCH_DIR"
}

# Processes that a benchmark has in the background; they end with it, however it ends.
STARTED=()

end_started() {
    local pid
    for pid in "${STARTED[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${STARTED[@]}"; do wait "$pid" 2>/dev/null || true; done
    STARTED=()
}

# As root the data may be elsewhere: see `carryover help server start`.
remove_servers() {
    for side in source target; do
        if [[ -L $1/servers/$side/elsewhere ]]; then
            rm -rf "$(readlink "$1/servers/$side/elsewhere")"
        fi
    done
}

# The programs of the newest server, as carryover finds them: pgbench is not in /usr/bin everywhere.
add_server_tools_to_path() {
    local bin
    for bin in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
        if [[ -x $bin/initdb ]]; then
            PATH=$bin:$PATH
            return
        fi
    done
    die "there is no PostgreSQL server"
}

# have PROGRAM PACKAGE: true when it is there or can be installed.
have() {
    command -v "$1" >/dev/null && return 0
    if [[ $(id -u) = 0 ]]; then
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$2" >/dev/null 2>&1 || true
    fi
    command -v "$1" >/dev/null && return 0
    say "$1 is not installed (apt-get install $2): skipped"
    return 1
}

# --- projects and servers ---

co() { "$CARRYOVER" -C "$PROJECT" --no-progress --quiet "$@"; }

# project NAME [PACKAGE]: makes PROJECT, SOURCE and TARGET with their private servers running.
project() {
    PROJECT=$BENCH_DIR/$1
    [[ -f $PROJECT/carryover.yaml ]] || "$CARRYOVER" init "$PROJECT" --quiet --package "${2:-$PACKAGE}" >/dev/null
    co server start
    SOURCE=$(co server uri source)
    TARGET=$(co server uri target)
    ADMIN=${TARGET/\/target\?/\/postgres?}
}

# sample SCALE: the source holds it; made once in a folder that is kept.
sample() {
    [[ -f $PROJECT/scale && $(<"$PROJECT/scale") = "$1" ]] && return
    co sample create --scale "$1" --workers "$JOBS"
    echo "$1" >"$PROJECT/scale"
}

sql() { psql -X -q -v ON_ERROR_STOP=1 -At "$1" "${@:2}"; }

empty_target() {
    sql "$ADMIN" -c 'drop database if exists target with (force)' -c 'create database target' -c checkpoint 2>/dev/null
}

# What an earlier run of carryover left on the source.
release_source() {
    sql "$SOURCE" -c "select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()" \
        -c 'drop publication if exists carryover' >/dev/null 2>&1
}

# Caches as warm, and as little to write back, for one as for the other.
settle() {
    sql "$SOURCE" -c checkpoint
    sql "$ADMIN" -c checkpoint
    sync -f "$BENCH_DIR"
}

# --- measuring ---

now() { date +%s.%N; }

# CPU seconds of a server: of itself and of every backend that has ended.
server_cpu() {
    local pid
    pid=$(sql "$1" -c "select split_part(pg_read_file('postmaster.pid'), e'\n', 1)")
    awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13 + $14 + $15) / hz }' "/proc/$pid/stat"
}

# Backends are counted when they end: wait for them.
quiet_servers() {
    local side
    [[ -n ${SOURCE:-} ]] || return 0 # a benchmark without servers
    for side in "$SOURCE" "$ADMIN"; do
        for _ in {1..100}; do
            [[ $(sql "$side" -c "select count(*) from pg_stat_activity where pid <> pg_backend_pid()
                and backend_type in ('client backend', 'walsender', 'logical replication worker')") = 0 ]] && break
            sleep 0.1
        done
    done
}

# measure BENCHMARK CONTENDER COMMAND...: notes wall clock and CPU seconds (client, both servers) of a run. A command in
# AFTER ends what the command left running: its time does not count, the CPU seconds of what it ended do.
measure() {
    local bench=$1 who=$2 from load cpu wall
    shift 2
    quiet_servers
    cpu=$(total_cpu)
    load=$(cut -d' ' -f1 /proc/loadavg)
    from=$(now)
    if ! "$@" >"$BENCH_DIR/$bench.$who.log" 2>&1; then
        tail -5 "$BENCH_DIR/$bench.$who.log" >&2
        die "$bench: $who failed; its output is in $BENCH_DIR/$bench.$who.log"
    fi
    wall=$(minus "$(now)" "$from")
    ${AFTER:-true}
    quiet_servers
    note "$bench" "$who" "$wall" "$(minus "$(total_cpu)" "$cpu")" "$load"
}

minus() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f", a - b }'; }

# Of both servers and of the programs that this shell has run.
total_cpu() {
    [[ -n ${SOURCE:-} ]] || { own_cpu; return; }
    { server_cpu "$SOURCE"; server_cpu "$ADMIN"; own_cpu; } | awk '{ n += $1 } END { print n }'
}

# shellcheck disable=SC2028 # for awk
own_cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($14 + $15) / hz }' "/proc/$$/stat"; }

# note BENCHMARK CONTENDER SECONDS CPU LOAD
note() {
    printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$BENCH_DIR/$1.times"
    say "$1: $2 $3 s, cpu $4 s (load $5)"
}

begin_notes() { : >"$BENCH_DIR/$1.times"; }

# report BENCHMARK BASE TITLE: the ratios of everybody's medians to BASE's.
report() {
    echo
    awk -v base="$2" -v title="$3" -f "$ROOT/bench/ratios.awk" "$BENCH_DIR/$1.times"
}

# turn RUN A B: A B in odd runs, B A in even ones.
turn() {
    if (($1 % 2)); then echo "$2 $3"; else echo "$3 $2"; fi
}

wanted() { [[ $PEERS = all || " $PEERS " == *" $1 "* ]]; }
