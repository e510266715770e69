# idle: stores that are connected, poll, and get nothing: CPU of the gateway and of the target's server, memory of a connection.
#
# shellcheck shell=bash
# shellcheck source=bench/estate/lib.sh
. "$ROOT/bench/estate/lib.sh"

bench_idle() {
    estate_begin
    estate_stores "$ESTATE_STORES" BENCH
    estate_pause
    echo
    echo "idle: stores with a connection each that ask every 10 s, $SECONDS_EACH s; share of one core; load $(load_now)"
    idle_run 100
    idle_run "$ESTATE_STORES"
    idle_certificate
    idle_run "$ESTATE_STORES" --cert "$PROJECT/tls.crt" --key "$PROJECT/tls.key"
}

idle_certificate() {
    [[ -f $PROJECT/tls.crt ]] && return
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=localhost \
        -addext subjectAltName=IP:127.0.0.1 -keyout "$PROJECT/tls.key" -out "$PROJECT/tls.crt" 2>/dev/null
}

# idle_run STORES [OPTION...]: begins when all are connected and have polled.
idle_run() {
    local stores=$1 ca=() rss gateway server used polls
    shift
    [[ $# = 0 ]] || ca=(--ca "$PROJECT/tls.crt")
    estate_gateway "$@"
    sleep 2
    rss=$(rss_kb "$GATEWAY")
    idle_swarms "$stores" "${ca[@]}"
    for _ in {1..150}; do
        (($(idle_sockets) >= stores)) && break
        sleep 1
    done
    sleep 12
    gateway=$(process_cpu "$GATEWAY")
    server=$(target_cpu)
    polls=$(idle_transactions)
    sleep "$SECONDS_EACH"
    polls=$(($(idle_transactions) - polls))
    gateway=$(minus "$(process_cpu "$GATEWAY")" "$gateway")
    server=$(minus "$(target_cpu)" "$server")
    used=$(rss_kb "$GATEWAY")
    idle_say "$stores" "${1:+TLS}" "$gateway" "$server" "$rss" "$used"
    printf '                            %s polls a second, %s ms of CPU each\n' "$(quotient "$polls" "$SECONDS_EACH" 0)" \
        "$(awk -v a="$gateway" -v b="$server" -v n="$polls" 'BEGIN { printf "%.2f", n ? 1000 * (a + b) / n : 0 }')"
    kill "$SWARM"
    estate_swarm_done
    printf '                            polls: p50 %s ms, p99 %s ms; errors %s\n' "$(of_json "$BENCH_DIR/idle.json" by_kind poll p50_ms)" \
        "$(of_json "$BENCH_DIR/idle.json" by_kind poll p99_ms)" "$(of_json "$BENCH_DIR/idle.json" errors)"
    end_started
}

# One process asks for 2,000 stores: libcurl looks through all its connections too often to be asked for more. SWARM is the
# last one.
idle_swarms() {
    local stores=$1 all=$SECRETS
    shift
    rm -f "$PROJECT"/part.*
    head -n "$stores" "$all" | split -l 2000 - "$PROJECT/part."
    for SECRETS in "$PROJECT"/part.*; do estate_swarm "idle" --poll 10s "$@" --duration 3600s; done
    SECRETS=$all
}

# A poll that finds nothing is one transaction.
idle_transactions() { sql "$TARGET" -c "select xact_commit from pg_stat_database where datname = current_database()"; }

# Connections of clients that stand.
idle_sockets() {
    awk -v port="$(printf ':%04X' "${URL##*:}")" '$2 ~ port "$" && $4 == "01" { n++ } END { print n + 0 }' /proc/net/tcp
}

idle_say() {
    local stores=$1 how=${2:-plain}
    printf '  %6d stores, %-5s (%d connected): gateway %s, PostgreSQL %s of a core; memory %.1f MB, at the start %.1f MB, %.2f KiB a store\n' \
        "$stores" "$how" "$(idle_sockets)" "$(quotient "$3" "$SECONDS_EACH" 3)" "$(quotient "$4" "$SECONDS_EACH" 3)" \
        "$(quotient "$6" 1024 1)" "$(quotient "$5" 1024 1)" "$(awk -v a="$6" -v b="$5" -v n="$stores" 'BEGIN { print (a - b) / n }')"
}
