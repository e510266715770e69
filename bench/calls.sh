# calls: real-time calls of 1,000 connected stores, as the stores see them: without anybody signing in, and with; a call that
# does nothing beside those that work.
#
# shellcheck shell=bash
# shellcheck source=bench/estate/lib.sh
. "$ROOT/bench/estate/lib.sh"

CALLERS=${CALLERS:-1000}
EVERY=${EVERY:-10s}
WARM_UP=${WARM_UP:-110}

bench_calls() {
    estate_begin
    estate_stores "$CALLERS" BENCH
    calls_plan 0 >"$PROJECT/calls"
    calls_plan 10 >"$PROJECT/calls-signing"
    estate_pause
    estate_gateway --set n1.poll=10s
    estate_keep
    for ((run = 1; run <= RUNS; run++)); do
        for plan in $(turn "$run" calls calls-signing); do calls_run "$plan"; done
    done
    end_started
}

# calls_plan SIGNS: every so many of the stores also sign workers in, with an eighth or ninth of their calls.
calls_plan() {
    sql "$TARGET" -v stores="$CALLERS" -v signs="$1" -v password="$(<"$PROJECT/password")" -f "$ROOT/bench/estate/calls.sql"
}

# Sessions are opened in a run of their own, so that the latencies are those of calls. Workers have signed in elsewhere never.
calls_run() {
    local plan=$1 gateway server load
    estate_swarm calls --poll 10s --stores "$CALLERS" --calls "$PROJECT/$plan" --call-every "$EVERY" --warm-up "${WARM_UP}s" --duration "${SECONDS_EACH}s"
    sleep "$WARM_UP"
    gateway=$(process_cpu "$GATEWAY")
    server=$(target_cpu)
    load=$(load_now)
    sleep "$SECONDS_EACH"
    gateway=$(minus "$(process_cpu "$GATEWAY")" "$gateway")
    server=$(minus "$(target_cpu)" "$server")
    estate_swarm_done
    echo
    echo "$plan: $CALLERS stores, a call every $EVERY each, $SECONDS_EACH s; gateway $(quotient "$gateway" "$SECONDS_EACH") of a core, PostgreSQL and" \
        "keeping N-1 current $(quotient "$server" "$SECONDS_EACH"); load $load to $(load_now)"
    calls_table "$BENCH_DIR/calls.json"
}

calls_table() {
    python3 - "$1" <<'PYTHON'
import json, sys
told = json.load(open(sys.argv[1]))
kinds = told["by_kind"]
print(f"  {'':22s}{'answers':>8s}{'p50 ms':>9s}{'p99 ms':>9s}{'max ms':>9s}{'p99 / IsAlive':>15s}")
for name in sorted(kinds, key=lambda k: kinds[k]["p50_ms"]):
    k = kinds[name]
    ratio = k["p99_ms"] / kinds["IsAlive"]["p99_ms"]
    print(f"  {name:22s}{k['requests']:8d}{k['p50_ms']:9.2f}{k['p99_ms']:9.2f}{k['max_ms']:9.2f}{ratio:15.2f}")
print("  errors:", told["errors"] or "none")
PYTHON
}
