# What the benchmarks of the gateway share: a target behind its cutover with thousands of stores, the gateway, the stores as
# `carryover store simulate` plays them, and CPU seconds of processes that go on.
#
# shellcheck shell=bash disable=SC2034

ESTATE_STORES=${ESTATE_STORES:-10000}
SECONDS_EACH=${SECONDS_EACH:-30}

# estate_begin: PROJECT and TARGET, with the first stores in version N, and a worker's password.
estate_begin() {
    ulimit -n "$(ulimit -Hn)"
    project "estate$SCALE"
    upload_prepare
    SECRETS=$PROJECT/secrets
    touch "$SECRETS"
    if [[ ! -f $PROJECT/password ]]; then
        co n1 staff reset 000161 --json | sed 's/.*"password":"\([^"]*\)".*/\1/' >"$PROJECT/password"
    fi
}

# estate_stores N GROUP: the first N stores are registered, and are in the file SECRETS.
estate_stores() {
    local there
    there=$(wc -l <"$SECRETS")
    ((there >= $1)) && return
    sql "$TARGET" -1 -v from=1 -v to="$1" -v worker=000161 -f "$ROOT/bench/estate/stores.sql"
    for ((i = there + 1; i <= $1; i++)); do printf 'B%05d\n' "$i"; done >"$PROJECT/ids"
    co n1 stores import "$PROJECT/ids" --group "$2" >>"$SECRETS"
}

# Nothing is offered to stores, so that they do nothing but ask.
estate_pause() {
    sql "$TARGET" -c "update carryover.n1_job set paused = true" 2>/dev/null || true
}

# --- processes ---

# estate_start NAME ARGUMENT...: a carryover of the project in the background; its process is $!. Limits of rate are for
# real networks: here all stores have one address.
estate_start() {
    local name=$1
    shift
    : >"$BENCH_DIR/$name.log"
    "$CARRYOVER" -C "$PROJECT" --no-progress "$@" --set n1.rate_address=0 --set n1.connections=12000 \
        >/dev/null 2>"$BENCH_DIR/$name.log" &
    STARTED+=("$!")
}

estate_gateway() {
    estate_start gateway n1 serve --listen 127.0.0.1:0 "$@"
    GATEWAY=$! # used by the benchmarks
    for _ in {1..400}; do
        URL=$(sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$BENCH_DIR/gateway.log" | head -n 1)
        [[ -n $URL ]] && return
        sleep 0.05
    done
    die "the gateway does not start: $(tail -3 "$BENCH_DIR/gateway.log")"
}

estate_keep() {
    estate_start keep n1 keep
    KEEPER=$! # used by the benchmarks
}

# estate_swarm NAME ARGUMENT...: stores in the background, as process SWARM; what they say goes into NAME.json.
estate_swarm() {
    local name=$1
    shift
    "$CARRYOVER" store simulate --url "$URL" --secrets "$SECRETS" --own-connections --json "$@" \
        >"$BENCH_DIR/$name.json" 2>"$BENCH_DIR/$name.err" &
    SWARM=$!
    STARTED+=("$SWARM")
}

estate_swarm_done() {
    wait "$SWARM" || die "the stores failed: $(tail -3 "$BENCH_DIR"/*.err)"
}

# --- what they use ---

# process_cpu PID...: CPU seconds so far.
process_cpu() {
    local pid
    for pid in "$@"; do cat "/proc/$pid/stat"; done |
        awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); n += $12 + $13 } END { print n / hz }'
}

# Of the target's server: itself, backends that have ended, and those that are there.
target_cpu() {
    local pid
    pid=$(sql "$ADMIN" -c "select split_part(pg_read_file('postmaster.pid'), e'\n', 1)")
    { cat /proc/[0-9]*/stat 2>/dev/null || true; } | awk -v hz="$(getconf CLK_TCK)" -v server="$pid" '
        { own = $1; sub(/.*\) /, "") }
        own == server { n += $12 + $13 + $14 + $15 }
        $2 == server { n += $12 + $13 }
        END { print n / hz }'
}

rss_kb() { awk '/^VmRSS/ { print $2 }' "/proc/$1/status"; }

# ratio A B [DIGITS]
quotient() { awk -v a="$1" -v b="$2" -v d="${3:-2}" 'BEGIN { printf "%.*f", d, b ? a / b : 0 }'; }

load_now() { cut -d' ' -f1 /proc/loadavg; }

# of_json FILE PATH: a value of what a swarm said, as `by_kind poll p99_ms`.
of_json() {
    python3 -c 'import json, sys
value = json.load(open(sys.argv[1]))
for name in sys.argv[2:]:
    value = value.get(name, 0) if isinstance(value, dict) else 0
print(value)' "$@"
}
