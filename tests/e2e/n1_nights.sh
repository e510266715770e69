#!/bin/sh
# Bad nights of the gateway: full disks, certificates that end, clocks that jump, a store that sends garbage at full speed.
# Others do not notice, nothing is half accepted, and what ends by itself goes on by itself.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"
gateways=

tidy_up() {
    for pid in $gateways; do kill "$pid" 2>/dev/null; done
    for pid in $gateways; do wait "$pid" 2>/dev/null; done
    for what in upgrade replicate server; do
        "$CARRYOVER" -C "$PLACE/p" $what stop >/dev/null 2>&1
    done
    umount "$PLACE/small" 2>/dev/null
    rm -rf "$PLACE"
}
trap tidy_up EXIT

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/p" "$@"
}

nights() {
    python3 "$ROOT/tests/e2e/n1_nights.py" "$@" >"$T/nights" 2>&1 || fail "$1: $(tail -n 5 "$T/nights")"
}

sql() {
    psql -XAtq "$TARGET" -c "$1"
}

# until_ok COMMAND...: repeats it until it succeeds
until_ok() {
    for _ in $(seq 300); do
        "$@" >"$PLACE/until" 2>&1 && return
        sleep 0.2
    done
    fail "never: $*: $(tail -n 3 "$PLACE/until")"
}

says() {
    text=$1
    shift
    "$CARRYOVER" -C "$PLACE/p" "$@" 2>&1 | grep -qF -- "$text"
}

url_in() {
    until_ok grep -q 'listening on' "$1"
    sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$1" | head -n 1
}

# gateway NAME [OPTION...]: one more instance on the target, which ends with the test: $url and $pid
gateway() {
    name=$1
    shift
    "$CARRYOVER" init "$T/$name" --target "$TARGET" --package "$PLACE/bookshop" >/dev/null
    : >"$T/$name.log"
    "$CARRYOVER" -C "$T/$name" n1 serve --listen 127.0.0.1:0 --set "n1.session_key=$PLACE/p/n1-session.key" "$@" 2>"$T/$name.log" &
    pid=$!
    trap 'kill $pid 2>/dev/null; wait $pid' EXIT
    url=$(url_in "$T/$name.log")
}

# new_store ID URL [OPTION...]: the reference store, in $T/shop
new_store() {
    id=$1
    shift
    status 0 "$CARRYOVER" store init "$T/shop" --id "$id" --package "$PLACE/bookshop" --secret-file "$PLACE/secret.$id" --url "$@"
}

# ask STATUS: a real-time call of that store
ask() {
    status "$1" "$CARRYOVER" store call "$T/shop" CountSales '{"branch": 4}'
}

# The bookshop, with one call that tills can make.
make_package() {
    cp -r "$ROOT/examples/bookshop" "$PLACE/bookshop"
    mkdir "$PLACE/bookshop/calls"
    cat >"$PLACE/bookshop/calls/CountSales.sql" <<'END'
-- title: counts the sales of a branch
-- why: a call that only reads
-- effect: read
-- parameter: branch int
-- returns: row
-- payload: sales
select count(*) as sales from hq.sale where branch = :branch
END
    printf '\ncalls:\n  methods: [CountSales]\n' >>"$PLACE/bookshop/package.yaml"
}

go_over() {
    make_package
    status 0 "$CARRYOVER" init "$PLACE/p" --package "$PLACE/bookshop" --set hooks.stop_writers=true --set hooks.open=true
    co 0 sample create --scale 0.005
    co 0 replicate start --detach
    until_ok says 'replication: following' replicate status
    co 0 upgrade --detach
    until_ok says '"state":"fresh"' upgrade status --json
    until_ok "$CARRYOVER" -C "$PLACE/p" cutover --yes
}

# --- one cutover and one gateway for all tests ---

T=$PLACE
(set -eu; go_over) >"$PLACE/setup" 2>&1 || {
    echo "Bail out! $(tail -n 5 "$PLACE/setup")"
    exit 1
}
TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
for store in 1 2 3 4; do
    "$CARRYOVER" -C "$PLACE/p" n1 stores add $store --secret-file "$PLACE/secret.$store" -q >/dev/null || exit 1
done
: >"$PLACE/log"
"$CARRYOVER" -C "$PLACE/p" n1 serve --listen 127.0.0.1:0 2>"$PLACE/log" &
gateways=$!
URL=$(url_in "$PLACE/log") || exit 1

# --- full disks ---

it_serves_on_when_its_log_cannot_be_written() {
    "$CARRYOVER" init "$T/full" --target "$TARGET" --package "$PLACE/bookshop" >/dev/null
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    "$CARRYOVER" -C "$T/full" n1 serve --listen "127.0.0.1:$port" --set "n1.session_key=$PLACE/p/n1-session.key" 2>/dev/full &
    pid=$!
    trap 'kill $pid 2>/dev/null; wait $pid' EXIT
    nights again "http://127.0.0.1:$port" 1 "$(cat "$PLACE/secret.1")" 5
    has "$T/nights" '"rows": 10, "aside": 0'
}

# The tables that uploads go to move to a disk of 12 MB of their own.
tight() {
    mkdir "$PLACE/small"
    mount -t tmpfs -o size=12m,mode=755 small "$PLACE/small" || fail "a small disk cannot be mounted: this test needs root"
    mkdir "$PLACE/small/tables"
    chown "$(stat -c %U "$PLACE/p/servers/target/data" 2>/dev/null || echo postgres)" "$PLACE/small/tables"
    sql "create tablespace small location '$PLACE/small/tables'"
    for table in old.sale old.sale_line hq.sale hq.sale_line; do sql "alter table $table set tablespace small"; done
}

wide() {
    for table in old.sale old.sale_line hq.sale hq.sale_line; do sql "alter table $table set tablespace pg_default"; done
    sql "drop tablespace small"
    umount "$PLACE/small"
}

counts() {
    sql "select (select count(*) from old.sale) || ' ' || (select count(*) from hq.sale) || ' ' || (select count(*) from hq.sale_line)
        || ' ' || (select count(*) from carryover.n1_upload) || ' ' || (select count(*) from carryover.n1_aside)"
}

it_takes_nothing_in_half_when_the_database_has_no_space_left() {
    secret=$(cat "$PLACE/secret.1")
    tight
    nights again "$URL" 1 "$secret" 5
    head -c 12M /dev/zero >"$PLACE/small/ballast" 2>/dev/null || true
    before=$(counts)
    for _ in 1 2; do
        nights full "$URL" 1 "$secret" 9000
        same answer "$(cat "$T/nights")" '503 gateway-busy wait'
    done
    same 'what is there' "$(counts)" "$before"
    has "$PLACE/log" '[disk-full]'
    sql 'select 1' >/dev/null || fail 'the database is gone'
    python3 "$ROOT/tests/e2e/n1_nights.py" again "$URL" 1 "$secret" 9000 >"$T/later" 2>&1 &
    sending=$!
    sleep 1
    [ ! -s "$T/later" ] || fail "$(cat "$T/later")"
    rm "$PLACE/small/ballast"
    wait $sending || fail "$(tail -n 3 "$T/later")"
    has "$T/later" '"rows": 18000, "aside": 0'
    wide
    same lines "$(sql 'select count(*) from (select * from carryover_up.sale_line except select * from hq.sale_line) x')" 0
}

# The log of the database has a disk of its own, as is usual, and that one is full: PostgreSQL gives up altogether.
log_on_a_small_disk() {
    data=$(readlink -f "$PLACE/p/servers/target/data")
    [ -d "$data" ] || data=$(readlink -f "$PLACE/p/servers/target/elsewhere")/data
    co 0 server stop target
    mkdir -p "$PLACE/small"
    mount -t tmpfs -o "size=$(($(du -sm "$data/pg_wal" | cut -f1) + 24))m" small "$PLACE/small" || fail "a small disk cannot be mounted: this test needs root"
    chown --reference="$data" "$PLACE/small"
    chmod 700 "$PLACE/small"
    cp -a "$data/pg_wal/." "$PLACE/small/"
    mv "$data/pg_wal" "$data/pg_wal.before"
    ln -s "$PLACE/small" "$data/pg_wal"
    co 0 server start target
}

log_as_before() {
    co 0 server stop target
    rm "$data/pg_wal"
    rm -rf "$data/pg_wal.before"
    cp -a "$PLACE/small" "$data/pg_wal"
    umount "$PLACE/small"
    co 0 server start target
}

it_goes_on_where_it_was_after_the_log_of_the_database_was_full() {
    secret=$(cat "$PLACE/secret.1")
    log_on_a_small_disk
    nights again "$URL" 1 "$secret" 5
    before=$(sql 'select count(*) from old.sale')
    head -c 20M /dev/zero >"$PLACE/small/ballast"
    nights until_full "$URL" 1 "$secret" 4000
    read -r taken answer <"$T/nights"
    same answer "$answer" '503 gateway-busy wait'
    rm "$PLACE/small/ballast"
    "$CARRYOVER" -C "$PLACE/p" server start target -q >"$T/out" 2>&1 || true # it may have come back by itself
    until_ok psql -XAtq "$TARGET" -c 'select 1'
    same 'what was taken' "$(sql 'select count(*) from old.sale')" $((before + taken * 4000))
    nights again "$URL" 1 "$secret" 4000
    has "$T/nights" '"rows": 8000, "aside": 0'
    log_as_before
    same sales "$(sql 'select count(*) from old.sale')" $((before + (taken + 1) * 4000))
    same lines "$(sql 'select count(*) from (select * from carryover_up.sale_line except select * from hq.sale_line) x')" 0
}

# --- certificates ---

# certificate NAME BEGINS ENDS: signed by an authority of the test; times as date(1) takes them
certificate() {
    begins=$(date -u -d "$2" +%Y%m%d%H%M%SZ) ends=$(date -u -d "$3" +%Y%m%d%H%M%SZ)
    if [ ! -f "$T/ca.pem" ]; then
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout "$T/ca.key" -out "$T/ca.pem" 2>/dev/null
        printf '[ca]\ndefault_ca=a\n[a]\ndatabase=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\nunique_subject=no\nrand_serial=yes\n[p]\ncommonName=supplied\n' \
            "$T/index" "$T" >"$T/ca.conf"
        echo 'subjectAltName=IP:127.0.0.1' >"$T/ext"
        : >"$T/index"
    fi
    openssl req -newkey rsa:2048 -nodes -subj /CN=gateway -keyout "$T/$1.key" -out "$T/$1.csr" 2>/dev/null
    openssl ca -batch -config "$T/ca.conf" -cert "$T/ca.pem" -keyfile "$T/ca.key" -in "$T/$1.csr" -out "$T/$1.pem" -notext \
        -extfile "$T/ext" -startdate "$begins" -enddate "$ends" 2>"$T/ca.err" || fail "$(cat "$T/ca.err")"
}

it_refuses_a_certificate_that_has_ended() {
    certificate old '-3 days' '-1 hour'
    certificate early '+1 hour' '+2 days'
    "$CARRYOVER" init "$T/p" --target "$TARGET" --package "$PLACE/bookshop" >/dev/null
    status 2 "$CARRYOVER" -C "$T/p" n1 serve --listen 127.0.0.1:0 --cert "$T/old.pem" --key "$T/old.key"
    has "$T/err" '[tls]'
    has "$T/err" 'was good until'
    has "$T/err" 'No store would trust it'
    status 2 "$CARRYOVER" -C "$T/p" n1 serve --listen 127.0.0.1:0 --cert "$T/early.pem" --key "$T/early.key"
    has "$T/err" 'is good only from'
}

it_takes_a_renewed_certificate_without_a_restart() {
    certificate a '-3 days' '+9 seconds'
    cp "$T/a.pem" "$T/cert.pem"
    cp "$T/a.key" "$T/key.pem"
    gateway tls --cert "$T/cert.pem" --key "$T/key.pem"
    until_ok grep -q 'a new one is taken as soon as it is there' "$T/tls.log"
    new_store 4 "$url" --ca "$T/ca.pem"
    ask 0
    until_ok grep -q 'stores refuse it; renew it' "$T/tls.log"
    ask 5
    has "$T/err" '[hq-trust]'
    has "$T/err" 'expired'
    # What is no certificate, and one whose key has not come yet, changes nothing.
    echo nonsense >"$T/cert.pem"
    until_ok grep -q 'the certificate that was there is kept' "$T/tls.log"
    certificate b '-1 day' '+60 days'
    cp "$T/b.pem" "$T/cert.pem"
    sleep 2.5
    ask 5
    cp "$T/b.key" "$T/key.pem"
    until_ok grep -q 'is another one now' "$T/tls.log"
    ask 0
    has "$T/out" '"success":true'
}

# --- clocks ---

make_clock() {
    "${CC:-cc}" -shared -fPIC -o "$T/clock.so" "$ROOT/tests/e2e/clock_shift.c"
    echo 0 >"$T/ahead"
    export CLOCK_AHEAD="$T/ahead"
}

it_answers_stores_whose_clocks_are_hours_off() {
    make_clock
    new_store 4 "$URL"
    for ahead in 18000 -18000 400 -86400; do
        echo $ahead >"$T/ahead"
        status 0 env LD_PRELOAD="$T/clock.so" "$CARRYOVER" store call "$T/shop" CountSales '{"branch": 4}'
        has "$T/err" 'the clock of headquarters is'
        has "$T/out" '"success":true'
    done
}

it_is_found_again_when_its_own_clock_jumps() {
    make_clock
    "$CARRYOVER" init "$T/jumps" --target "$TARGET" --package "$PLACE/bookshop" >/dev/null
    : >"$T/jumps.log"
    LD_PRELOAD="$T/clock.so" "$CARRYOVER" -C "$T/jumps" n1 serve --listen 127.0.0.1:0 --set "n1.session_key=$PLACE/p/n1-session.key" 2>"$T/jumps.log" &
    pid=$!
    trap 'kill $pid 2>/dev/null; wait $pid' EXIT
    new_store 4 "$(url_in "$T/jumps.log")"
    for ahead in 7200 -7200 0; do
        echo $ahead >"$T/ahead"
        ask 0
        has "$T/out" '"success":true'
    done
}

# --- garbage ---

it_lets_no_store_disturb_the_others() {
    secret=$(cat "$PLACE/secret.3")
    nights measure "$URL" 3 "$secret" 3
    read -r _ _ quiet <"$T/nights"
    for kind in bytes_without_sense unsigned forged nonsense bad_parcels hold; do
        python3 "$ROOT/tests/e2e/n1_nights.py" noise "$URL" 2 "$(cat "$PLACE/secret.2")" 5 $kind >"$T/noise" 2>&1 &
        noise=$!
        sleep 1
        nights measure "$URL" 3 "$secret" 3
        wait $noise || fail "$(tail -n 3 "$T/noise")"
        read -r n _ worst <"$T/nights"
        echo "# $(cat "$T/noise") times; the other store: $n requests, of a hundred one took $worst ms or more, $quiet before" >&2
        [ "$worst" -lt $((quiet * 20 + 1500)) ] || fail "$kind: $worst ms instead of $quiet"
    done
    same refused "$(sql "select count(*) from carryover.n1_upload_refused where store = '3'")" 0
}

run_tests "$@"
