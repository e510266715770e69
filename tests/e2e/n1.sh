#!/bin/sh
# The gateway for stores of version N-1, with a client of its own (n1_client.py) that also attacks it.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"
gateways=

tidy_up() {
    for pid in $gateways; do kill "$pid" 2>/dev/null; done
    for pid in $gateways; do wait "$pid" 2>/dev/null; done
    "$CARRYOVER" -C "$PLACE/p" server stop >/dev/null 2>&1
    rm -rf "$PLACE"
}
trap tidy_up EXIT

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/p" "$@"
}

client() {
    python3 "$ROOT/tests/e2e/n1_client.py" "$@" >"$T/client" 2>&1 || fail "$1: $(tail -n 5 "$T/client")"
}

# url_in LOG: where the gateway listens that writes there
url_in() {
    i=0
    until grep -q 'listening on' "$1"; do
        i=$((i + 1))
        [ $i -lt 200 ] || fail "no gateway: $(cat "$1")"
        sleep 0.05
    done
    sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$1" | head -n 1
}

# gateway NAME [OPTION...]: an instance with a project of its own on the same target; it ends with the test
gateway() {
    name=$1
    shift
    "$CARRYOVER" init "$T/$name" --target "$TARGET" >/dev/null
    : >"$T/$name.log"
    "$CARRYOVER" -C "$T/$name" n1 serve --listen 127.0.0.1:0 --set "n1.session_key=$PLACE/p/n1-session.key" "$@" \
        2>"$T/$name.log" &
    pid=$!
    trap 'kill $pid 2>/dev/null; wait $pid' EXIT
    url=$(url_in "$T/$name.log")
}

secret_in() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["secret"])' "$1"
}

sql() {
    psql -XAtq "$TARGET" -c "$1"
}

# --- one gateway for all tests ---

T=$PLACE
"$CARRYOVER" init "$PLACE/p" >/dev/null || exit 1
"$CARRYOVER" -C "$PLACE/p" server start target -q || exit 1
TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
"$CARRYOVER" -C "$PLACE/p" n1 stores add HOUSTON --name 'Houston' --group US --json -q >"$PLACE/houston" || exit 1
"$CARRYOVER" -C "$PLACE/p" n1 stores add PARIS --json -q >"$PLACE/paris" || exit 1
SECRET=$(secret_in "$PLACE/houston")
PARIS=$(secret_in "$PLACE/paris")
: >"$PLACE/log"
"$CARRYOVER" -C "$PLACE/p" n1 serve --listen 127.0.0.1:0 --set n1.rate_address=0 --set n1.rate_store=0 2>"$PLACE/log" &
gateways=$!
URL=$(url_in "$PLACE/log") || exit 1

# --- tests ---

it_serves_a_client_that_was_written_from_the_protocol() {
    client calls "$URL" HOUSTON "$SECRET" PARIS
    client calls "$URL" PARIS "$PARIS" HOUSTON
    co 0 n1 stores
    has "$T/out" "AX 6.3.166"
    co 0 n1 stores HOUSTON --json
    has "$T/out" '"name":"Houston","group":"US","schema":"N-1","state":"active","version":"AX 6.3.166"'
}

it_refuses_signatures_that_are_wrong_in_any_part() {
    client signatures "$URL" HOUSTON "$SECRET" PARIS
}

it_refuses_replays_also_at_another_instance() {
    gateway second
    client replays "$URL" HOUSTON "$SECRET" "$url"
}

it_gives_no_store_what_belongs_to_another_one() {
    client other_stores "$URL" HOUSTON "$SECRET" PARIS
}

it_refuses_clocks_that_are_off_and_says_what_time_it_is() {
    client clocks "$URL" HOUSTON "$SECRET" PARIS
}

it_takes_no_path_in_a_second_spelling() {
    client paths "$URL" HOUSTON "$SECRET" PARIS
}

it_takes_sql_as_text() {
    client sql "$URL" HOUSTON "$SECRET" PARIS
    same stores "$(sql 'select string_agg(store, chr(32) order by store) from carryover.n1_store')" "HOUSTON PARIS"
}

it_refuses_bodies_that_are_not_what_they_should_be() {
    client bodies "$URL" HOUSTON "$SECRET" PARIS
}

it_outlives_garbage() {
    client garbage "$URL"
    client oversized "$URL"
}

it_waits_for_nobody() {
    gateway slow --set n1.request=2s --set n1.idle=3s
    client slow "$url"
}

it_lets_more_connections_wait_than_it_takes() {
    gateway few --set n1.connections=8 --set n1.idle=2s
    client many "$url"
}

it_slows_down_who_comes_too_often() {
    gateway strict --set n1.rate_store=5 --set n1.rate_address=20
    client flood "$url" HOUSTON "$SECRET"
}

it_ends_sessions_in_time() {
    gateway brief --set n1.session=2s
    client expires "$url" HOUSTON "$SECRET"
}

it_keeps_a_paused_store_out() {
    co 0 n1 stores add LYON --json
    secret=$(secret_in "$T/out")
    client session "$URL" LYON "$secret"
    read -r session key <"$T/client"
    co 0 n1 stores pause LYON
    co 5 n1 stores pause LYON
    client status "$URL" LYON "$session" "$key"
    same paused "$(cat "$T/client")" "403 store-inactive"
    client open_status "$URL" LYON "$secret"
    same opening "$(cat "$T/client")" "403 store-inactive"
    co 0 n1 stores resume LYON
    client status "$URL" LYON "$session" "$key"
    same resumed "$(cat "$T/client")" "200 -"
    co 0 n1 stores rotate LYON --json
    client status "$URL" LYON "$session" "$key"
    same rotated "$(cat "$T/client")" "401 session"
    client open_status "$URL" LYON "$secret"
    same "old secret" "$(cat "$T/client")" "401 credentials"
    fresh=$(secret_in "$T/out")
    client open_status "$URL" LYON "$fresh"
    same "new secret" "$(cat "$T/client")" "201 -"
    co 5 n1 stores remove LYON
    co 0 n1 stores remove LYON --yes
    client open_status "$URL" LYON "$fresh"
    same removed "$(cat "$T/client")" "401 credentials"
    co 2 n1 stores rotate LYON
    has "$T/err" "[store-unknown]"
}

# connections_to PORT: how many clients on this machine hold one that stands
connections_to() {
    awk -v port="$(printf ':%04X' "$1")" '$3 ~ port "$" && $4 == "01" { n++ } END { print n + 0 }' /proc/net/tcp
}

it_registers_many_stores_at_once_and_bears_their_load() {
    gateway load --set n1.rate_address=0
    for i in $(seq 40); do echo "SWARM$i"; done >"$T/ids"
    co 0 n1 stores import "$T/ids" --group SWARM
    mv "$T/out" "$T/secrets"
    same lines "$(grep -cE '^SWARM[0-9]+ [A-Za-z0-9_-]{43}$' "$T/secrets")" 40
    co 5 n1 stores import "$T/ids"
    has "$T/err" "[store-exists]"
    status 0 "$CARRYOVER" store simulate --url "$url" --secrets "$T/secrets" --poll 1s --duration 3s --json
    python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
assert r["requests"] >= 80 and not [e for e in r["errors"] if not e.startswith("404")], r' "$T/out" || fail "$(cat "$T/out")"
    status 0 "$CARRYOVER" store simulate --url "$url" --secrets "$T/secrets" --poll 1s --own-connections --warm-up 2s --duration 3s --json &
    sleep 3.5
    same 'a connection for each' "$(connections_to "${url##*:}")" 40
    wait $! || fail "own connections: $(cat "$T/err")"
    python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
assert "session" not in r["by_kind"] and not [e for e in r["errors"] if not e.startswith("404")], r' "$T/out" || fail "$(cat "$T/out")"
    same contact "$(sql "select count(*) from carryover.n1_store where store like 'SWARM%' and last_contact is not null")" 40
    for i in $(seq 40); do co 0 n1 stores remove "SWARM$i" --yes; done
}

it_shows_the_administrator_all_stores() {
    co 0 n1 admin rotate --json
    first=$(secret_in "$T/out")
    client admin "$URL" "$first"
    same stores "$(cat "$T/client")" "HOUSTON PARIS"
    co 0 n1 admin rotate --json
    client admin "$URL" "$(secret_in "$T/out")"
    ! python3 "$ROOT/tests/e2e/n1_client.py" admin "$URL" "$first" 2>/dev/null || fail "the old token is still good"
}

it_keeps_no_secret_and_forgets_no_change() {
    client session "$URL" HOUSTON "$SECRET"
    read -r _ key <"$T/client"
    pg_dump "$TARGET" -n carryover >"$T/dump"
    for secret in "$SECRET" "$PARIS" "$key" "$(cat "$PLACE/p/n1-session.key")"; do
        has_not "$T/dump" "$secret"
        has_not "$PLACE/log" "$secret"
    done
    same mode "$(stat -c %a "$PLACE/p/n1-session.key")" 600
    same audit "$(sql "select count(*) from carryover.n1_audit where what = 'store-added' and who like 'operator %'
        and store in ('HOUSTON', 'PARIS')")" 2
    for change in "delete from carryover.n1_audit" "update carryover.n1_audit set who = ''" \
        "truncate carryover.n1_audit"; do
        ! sql "$change" 2>"$T/err" || fail "$change"
        has "$T/err" "can only be added"
    done
}

it_speaks_tls() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext 'subjectAltName=IP:127.0.0.1' \
        -keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
    gateway tls --cert "$T/cert.pem" --key "$T/key.pem"
    export N1_CA="$T/cert.pem"
    client tls "$url" HOUSTON "$SECRET" PARIS
    client signatures "$url" HOUSTON "$SECRET" PARIS
    client paths "$url" HOUSTON "$SECRET" PARIS
}

it_refuses_what_would_not_be_safe() {
    co 0 init "$T/q" --target "$TARGET"
    serve() {
        expected=$1
        shift
        status "$expected" "$CARRYOVER" -C "$T/q" n1 serve "$@"
    }
    serve 5 --listen 0.0.0.0:0
    has "$T/err" "without TLS 0.0.0.0:0 would be open to everybody"
    serve 5 --listen '[::]:0'
    serve 2 --listen localhost:80
    serve 2 --listen 127.0.0.1
    serve 2 --listen 127.0.0.1:0 --cert "$T/none.pem"
    echo no >"$T/bad.pem"
    serve 2 --listen 127.0.0.1:0 --cert "$T/bad.pem" --key "$T/bad.pem"
    has "$T/err" "[tls]"
    serve 6 --listen "$(echo "$URL" | sed 's|.*//||')"
    has "$T/err" "[listen]"
    chmod 644 "$T/q/n1-session.key"
    serve 6 --listen 127.0.0.1:0
    has "$T/err" "others may read"
}

it_refuses_names_that_are_none() {
    for id in '' 'a b' "x'; drop table y" -- .x 12345678901234567890123456789012345678901 é; do
        [ "$id" != -- ] || continue
        co 2 n1 stores add "$id"
    done
    co 5 n1 stores add HOUSTON
    has "$T/err" "[store-exists]"
    co 2 n1 stores add X --name ' x'
    co 2 n1 stores nonsense
    co 2 n1 stores hous ton
}

it_is_not_forgotten_by_a_reset() {
    co 5 replicate reset --yes
    has "$T/err" '2 stores are registered with the gateway on this target'
    co 0 n1 stores
    has "$T/out" HOUSTON
}

it_runs_in_the_background_and_stops_cleanly() {
    co 0 init "$T/q" --target "$TARGET"
    status 0 "$CARRYOVER" -C "$T/q" n1 serve --detach --listen 127.0.0.1:0 --json
    url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$T/out") # it serves before the command has ended
    client calls "$url" HOUSTON "$SECRET" PARIS
    status 5 "$CARRYOVER" -C "$T/q" n1 serve --listen 127.0.0.1:0
    status 0 "$CARRYOVER" -C "$T/q" n1 serve stop
    has "$T/out" "the gateway is stopped"
    has "$T/q/logs/n1-serve.log" "n1.stopped"
    status 0 "$CARRYOVER" -C "$T/q" n1 serve stop --json
    has "$T/out" '{"was_running":false}'
}

it_comes_back_when_the_database_was_away() {
    gateway away
    client open_status "$url" HOUSTON "$SECRET"
    "$CARRYOVER" -C "$PLACE/p" server stop target -q
    client open_status "$url" HOUSTON "$SECRET"
    same away "$(cat "$T/client")" "503 gateway-busy"
    "$CARRYOVER" -C "$PLACE/p" server start target -q
    client open_status "$url" HOUSTON "$SECRET"
    same back "$(cat "$T/client")" "201 -"
}

run_tests "$@"
