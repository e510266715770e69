#!/bin/sh
# The reference store, against a headquarters that was written from docs/n1/protocol.md alone (n1_hq.py), and that misbehaves.
# CARRYOVER_STORE_ROUNDS says how often store and tills are killed; the default is a short campaign.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
ROUNDS=${CARRYOVER_STORE_ROUNDS:-12}
SECRET=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8

hq() {
    what=$1
    shift
    python3 "$ROOT/tests/e2e/n1_hq.py" "$what" "$@" >"$T/hq" 2>&1 || fail "hq $what: $(tail -n 5 "$T/hq")"
}

tell() {
    hq tell "$URL" "$1"
}

sql() {
    hq sql "${2:-$T/shop}" "$1"
    cat "$T/hq"
}

store() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" store "$@"
}

sync() {
    store "$1" sync "$T/shop" --once
}

# headquarters: one of its own for the test; $URL and $HQ
headquarters() {
    rm -f "$T/port"
    python3 "$ROOT/tests/e2e/n1_hq.py" serve "$T/port" HOUSTON=$SECRET 3=$SECRET >/dev/null 2>>"$T/hq.log" &
    HQ=$!
    HQS="${HQS:-} $HQ"
    trap 'kill $HQS 2>/dev/null || true' EXIT
    i=0
    until [ -f "$T/port" ]; do
        i=$((i + 1))
        [ $i -lt 200 ] || fail "no headquarters: $(cat "$T/hq.log")"
        sleep 0.05
    done
    URL=$(cat "$T/port")
}

# new_store ID [OPTION...]: in $T/shop
new_store() {
    id=$1
    shift
    echo $SECRET >"$T/secret"
    store 0 init "$T/shop" --id "$id" --url "$URL" --secret-file "$T/secret" "$@"
}

# A store with its data.
shop() {
    headquarters
    new_store HOUSTON
    hq world "$URL" HOUSTON 60
    sync 0
}

till() {
    store 0 till "$T/shop" --transactions "$@"
}

# Everything has arrived once, and journal and database agree.
all_there() {
    store 0 verify "$T/shop"
    hq same "$URL" HOUSTON "$T/shop"
}

# item_delta FROM TO [MORE]: a new price, an item that comes and one that goes
item_delta() {
    tell "{\"publish\": {\"job\": \"1040\", \"chain\": \"1040@US-SOUTH\", \"from\": $1, \"to\": $2, \"tables\": [
        {\"table\": \"INVENTTABLE\", \"columns\": [[\"RECID\", \"bigint\"], [\"ITEMID\", \"text\"], [\"DATAAREAID\", \"text\"]],
         \"key\": [\"ITEMID\", \"DATAAREAID\"], \"rows\": [[$2, \"N$2\", \"usrt\"]], \"keys\": [[\"N$1\", \"usrt\"]]},
        {\"table\": \"INVENTTABLEMODULE\", \"columns\": [[\"ITEMID\", \"text\"], [\"MODULETYPE\", \"int\"], [\"PRICE\", \"numeric(32,16)\"],
         [\"DATAAREAID\", \"text\"]], \"key\": [\"ITEMID\", \"MODULETYPE\", \"DATAAREAID\"],
         \"rows\": [[\"I000001\", 2, \"$2.25\", \"usrt\"]]}]${3:-}}}"
}

# --- downloads ---

it_applies_full_packages_deltas_deletes_and_replacements() {
    shop
    same rows "$(sql 'select count(*), min(NAME), max(NAME) from RETAILSTORETENDERTYPETABLE')" "4|Cash|Kärtchen \\ \"Cards\""
    same tab "$(sql "select instr(NAME, char(9)) from RETAILSTORETENDERTYPETABLE where TENDERTYPEID = '2'")" 6
    item_delta 1 2
    item_delta 2 3
    sync 0
    has "$T/out" "2 packages applied"
    same price "$(sql "select PRICE, UNITID from INVENTTABLEMODULE where ITEMID = 'I000001' and MODULETYPE = 2")" "3.25|ea"
    same items "$(sql "select group_concat(ITEMID) from INVENTTABLE where ITEMID like 'N%'")" N3
    tell '{"publish": {"job": "1060", "chain": "1060@US-SOUTH", "from": 1, "to": 5, "tables": [{"table": "RETAILSTAFFTABLE",
        "columns": [["RECID", "bigint"], ["STAFFID", "text"]], "key": ["RECID"], "replace": true,
        "rows": [[5637144576, "000160"], [7, "000007"]]}]}}'
    sync 0
    same staff "$(sql 'select group_concat(STAFFID) from (select STAFFID from RETAILSTAFFTABLE order by 1)')" 000007,000160
    same version "$(sql "select version from carryover_version where chain = '1060@US-SOUTH'")" 5
}

it_keeps_what_only_the_store_has_and_leaves_out_what_it_has_not() {
    shop
    sql "update RETAILSTAFFTABLE set NAMEONRECEIPT = 'Ann' where STAFFID = '000160'"
    tell '{"publish": {"job": "1060", "chain": "1060@US-SOUTH", "from": 1, "to": 2, "tables": [{"table": "retailstafftable",
        "columns": [["recid", "bigint"], ["partition", "bigint"], ["staffid", "text"]], "key": ["recid"],
        "rows": [[5637144576, 1, "A1"], [8, 1, "A2"]]}]}}'
    sync 0
    same kept "$(sql "select STAFFID, NAMEONRECEIPT from RETAILSTAFFTABLE where RECID in (8, 5637144576) order by 1")" "A1|Ann
A2|"
}

it_lets_rows_swap_their_values() {
    shop
    sql "create unique index staff_by_id on RETAILSTAFFTABLE (STAFFID)"
    tell '{"publish": {"job": "1060", "chain": "1060@US-SOUTH", "from": 1, "to": 2, "tables": [{"table": "RETAILSTAFFTABLE",
        "columns": [["RECID", "bigint"], ["STAFFID", "text"]], "key": ["RECID"],
        "rows": [[5637144576, "000161"], [5637144577, "000160"]]}]}}'
    sync 0
    same swapped "$(sql 'select STAFFID from RETAILSTAFFTABLE where RECID = 5637144576')" 000161
}

it_takes_a_package_twice_and_forgets_groups_it_has_left() {
    shop
    sql "delete from carryover_version where chain = '1010@US-SOUTH'"
    sync 0
    has "$T/out" "1 packages applied"
    same customers "$(sql 'select count(*) from CUSTTABLE')" 50
    tell '{"withdraw": "1010@US-SOUTH"}'
    tell '{"publish": {"job": "1010", "chain": "1010@EU", "full": true, "to": 9, "tables": []}}'
    tell '{"publish": {"job": "1010", "chain": "1010", "full": true, "to": 4, "tables": []}}'
    sync 0
    same chains "$(sql "select group_concat(chain) from (select chain from carryover_version where job = '1010' order by 1)")" \
        1010,1010@EU
}

it_refuses_a_damaged_package_and_applies_nothing() {
    shop
    item_delta 1 2
    tell '{"fault": {"kind": "corrupt", "path": "/v1/downloads/.*/parts/.*", "times": 2}}'
    sync 6
    has "$T/err" "[download-damaged]"
    same version "$(sql "select version from carryover_version where chain = '1040@US-SOUTH'")" 1
    tell '{"fault": {"kind": "corrupt", "path": "/v1/downloads/.*/parts/.*"}}' # one bad transfer is fetched again
    sync 0
    same version "$(sql "select version from carryover_version where chain = '1040@US-SOUTH'")" 2
    tell '{"fault": {"kind": "lie", "path": "/v1/downloads.at=.*", "times": 1}}'
    item_delta 2 3
    sync 6
    item_delta 3 4 ', "manifest": {"to": 5}'
    sync 5
    has "$T/err" "it is another one than was offered"
    same version "$(sql "select version from carryover_version where chain = '1040@US-SOUTH'")" 3
}

it_tells_headquarters_what_it_cannot_apply_and_goes_on_with_the_rest() {
    shop
    tell '{"publish": {"job": "1060", "chain": "1060@US-SOUTH", "from": 1, "to": 2, "tables": [
        {"table": "RETAILSTAFFTABLE", "columns": [["RECID", "bigint"]], "key": ["RECID"], "rows": [[99]]},
        {"table": "NOSUCHTABLE", "columns": [["RECID", "bigint"]], "key": ["RECID"], "rows": [[1]]}]}}'
    item_delta 1 2
    for _ in 1 2 3; do
        sync 1
        has "$T/err" "[apply-failed]"
        has "$T/err" "NOSUCHTABLE: the channel database has no such table"
    done
    sync 0
    same staff "$(sql 'select count(*) from RETAILSTAFFTABLE where RECID = 99')" 0
    same versions "$(sql "select group_concat(version) from carryover_version where chain like '10_0@%' and chain > '1040'")" 2,1,1,1
    tell '{}'
    has "$T/hq" '"failed"'
}

it_guards_what_is_its_own() {
    shop
    till 20
    for table in RETAILTRANSACTIONTABLE carryover_upload sqlite_schema; do
        tell "{\"publish\": {\"job\": \"x\", \"chain\": \"x$table\", \"full\": true, \"to\": 1, \"tables\": [{\"table\": \"$table\",
            \"columns\": [[\"name\", \"text\"]], \"key\": [\"name\"], \"replace\": true}]}}"
        sync 1
        has "$T/err" "$table: "
        for _ in 1 2; do sync 1; done
    done
    all_there
}

it_goes_on_with_the_part_where_it_was_cut() {
    shop
    hq world "$URL" HOUSTON 3000 2
    tell '{"fault": {"kind": "cut", "path": "/v1/downloads/.*/parts/3", "after": 300, "times": 5}}'
    sql 'delete from carryover_version'
    sync 3
    has "$T/err" "[hq-lost]"
    tell '{"fault": {"kind": "problem", "status": 500, "type": "internal", "path": "/v1/downloads/.*/parts/[012]", "times": 99}}'
    sync 0 # parts 0 to 2 of that package are not asked for again: asking would fail
    has "$T/err" "going on with part 4"
}

# --- uploads ---

it_sends_whole_transactions_once() {
    shop
    till 120
    sync 0
    has "$T/out" "1 uploads"
    all_there
    till 200 --seed 2
    store 0 sync "$T/shop" --once --batch 30
    all_there
    same uploads "$(sql 'select max(number) > 5 from carryover_package')" 1
    same left "$(find "$T/shop/upload" "$T/shop/download" -type f | wc -l)" 0
    sync 0
    has "$T/out" "0 uploads"
    store 0 status "$T/shop" --json
    has "$T/out" '"waiting_transactions":0'
    for left in 1.tar.zst 2.tar.zst.tmp mine.tar.zst; do echo what a kill leaves >"$T/shop/upload/$left"; done
    sync 0
    same left "$(ls "$T/shop/upload")" mine.tar.zst
}

it_closes_up_for_the_night() {
    headquarters
    shop HOUSTON
    store 0 till "$T/shop" --transactions 120 --seed 5
    [ "$(sql 'select count(*) from SALESTRANSACTION')" -gt 0 ] || fail 'nothing is suspended'
    store 0 till "$T/shop" --close
    same 'open shifts' "$(sql 'select count(*) from RETAILSHIFTSTAGINGTABLE')" 0
    same 'suspended' "$(sql 'select count(*) from SALESTRANSACTION')" 0
    store 0 till "$T/shop" --close
    has "$T/out" '0 transactions'
    sync 0
    hq same "$URL" HOUSTON "$T/shop"
    store 0 verify "$T/shop"
}

it_satisfies_the_laws_of_the_package() {
    shop
    till 400 --seed 5
    sync 0
    hq books "$URL"
    for kind in open-shift close-shift sale return void no-sale declaration suspend recall; do
        has "$T/shop/journal.jsonl" "\"kind\":\"$kind\""
    done
}

it_sends_the_same_bytes_again_when_no_answer_came() {
    shop
    for kind in lose early half; do
        till 10 --seed 7
        tell "{\"fault\": {\"kind\": \"$kind\", \"path\": \"/v1/uploads/.*\", \"times\": 2}}"
        sync 3
        has "$T/err" "[hq-lost]"
        sync 0
        all_there
    done
}

it_survives_cuts_in_the_middle_of_each_message() {
    shop
    from=1
    for path in /v1/sessions '/v1/downloads.at=.*' '/v1/downloads/.*/parts/.*' '/v1/downloads/.*/state' /v1/uploads '/v1/uploads/.*' \
        /v1/session; do
        for after in 0 20 110 170; do
            till 3 --seed $from
            item_delta $from $((from + 1))
            from=$((from + 1))
            tell "{\"fault\": {\"kind\": \"cut\", \"path\": \"$path\", \"after\": $after}}"
            "$CARRYOVER" store sync "$T/shop" --once >/dev/null 2>"$T/err" || true
            sync 0
            all_there
        done
    done
    same item "$(sql "select group_concat(ITEMID) from INVENTTABLE where ITEMID like 'N%'")" "N$from"
}

it_is_told_what_comes_next() {
    shop
    till 30
    sync 0
    cp "$T/shop/channel.db" "$T/backup.db"
    till 30 --seed 3
    sync 0
    tell '{"forget": ["HOUSTON", 1]}' # headquarters is restored: what it lost comes again
    sync 0
    has "$T/err" "numbers and counters go on from there"
    all_there
    rm -f "$T/shop/channel.db-wal" "$T/shop/channel.db-shm"
    cp "$T/backup.db" "$T/shop/channel.db" # the store is restored: it lost what headquarters has
    store 1 till "$T/shop" --transactions 1
    has "$T/err" "[journal-differs]"
    mv "$T/shop/journal.jsonl" "$T/journal.old"
    sync 0
    till 30 --seed 4
    sync 0
    python3 "$ROOT/tests/e2e/n1_hq.py" books "$URL" >"$T/hq" || true # a shift that was closed in what was lost is closed again, and set aside
    has_not "$T/hq" "'RETAILTRANSACTIONTABLE'"
    same rows "$(sql 'select count(*) from RETAILTRANSACTIONTABLE where REPLICATIONCOUNTERFROMORIGIN > (select sent from carryover_upload limit 1)')" 0
}

it_begins_anew_behind_what_headquarters_has() {
    shop
    till 40
    sync 0
    mv "$T/shop" "$T/lost"
    new_store HOUSTON
    sync 0
    till 25 --seed 9
    sync 0
    hq books "$URL"
    has "$T/hq" '"last": 2'
    has "$T/hq" '"wrong": []'
    store 0 verify "$T/shop"
}

it_keeps_a_refused_upload_from_nothing_else() {
    shop
    till 10
    item_delta 1 2
    tell '{"fault": {"kind": "problem", "status": 422, "type": "upload-refused", "path": "/v1/uploads/.*", "times": 2}}'
    sync 5
    has "$T/err" "[upload-blocked]"
    has "$T/err" "as I was told"
    same price "$(sql "select PRICE from INVENTTABLEMODULE where ITEMID = 'I000001' and MODULETYPE = 2")" 2.25
    store 0 status "$T/shop"
    has "$T/out" "uploads failed    [upload-blocked]"
    till 10 --seed 2
    sync 5
    sync 0
    all_there
    tell '{"fault": {"kind": "problem", "status": 409, "type": "upload-differs", "path": "/v1/uploads/.*"}}'
    till 5 --seed 3
    sync 5
    sync 0
    all_there
}

it_makes_uploads_smaller_when_they_are_too_large() {
    shop
    till 60
    tell '{"fault": {"kind": "problem", "status": 413, "type": "upload-large", "path": "/v1/uploads/.*", "times": 2}}'
    sync 0
    all_there
    same uploads "$(sql 'select count(*) > 2 from carryover_package')" 1
}

it_makes_a_package_anew_whose_file_is_gone_or_damaged() {
    shop
    for damage in 'rm -f' 'truncate -s 100'; do
        till 10
        tell '{"fault": {"kind": "busy", "path": "/v1/uploads/.*"}}'
        sync 6
        has "$T/err" "[gateway-busy]"
        $damage "$T"/shop/upload/*.zst
        sync 0
        all_there
    done
}

# --- gift cards ---

it_does_not_send_again_what_headquarters_has_though_its_file_is_lost() {
    shop
    for damage in 'rm -f' 'truncate -s 100'; do
        till 10
        tell '{"fault": {"kind": "lose", "path": "/v1/uploads/.*", "times": 2}}'
        sync 3
        has "$T/err" "[hq-lost]"
        $damage "$T"/shop/upload/*.zst
        sync 0
        has "$T/err" 'headquarters has it already'
        all_there
    done
    sync 0
    has "$T/out" '0 uploads'
}

it_sells_and_takes_gift_cards_so_that_both_sides_agree() {
    shop
    store 0 till "$T/shop" --transactions 150 --gift-cards --json
    python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); sys.exit(not (r["cards_sold"] > 3 and r["cards_taken"] > 1))' "$T/out" ||
        fail "too few cards: $(cat "$T/out")"
    sync 0
    all_there
    for kind in lose early busy half html; do
        tell "{\"fault\": {\"kind\": \"$kind\", \"path\": \"/v1/calls/.*\", \"times\": 4}}"
        till 40 --gift-cards --seed 4
    done
    kill "$HQ"
    wait "$HQ" 2>/dev/null || true
    store 0 till "$T/shop" --transactions 30 --gift-cards --seed 5 --json
    has "$T/out" '"cards_sold":0'
}

it_takes_back_a_card_until_headquarters_itself_has_answered() {
    shop
    till 40 --gift-cards
    for answer in '"html", "status": 200' '"problem", "status": 403, "type": "store-inactive"'; do
        for call in Issue Pay; do
            tell "{\"fault\": {\"kind\": \"lose\", \"path\": \"/v1/calls/${call}GiftCard\", \"times\": 9}}"
            tell "{\"fault\": {\"kind\": $answer, \"path\": \"/v1/calls/Void.*\", \"times\": 1}}"
            till 60 --gift-cards --seed 2
            tell '{"no_faults": true}'
        done
    done
    till 1 --gift-cards --seed 3
    sync 0
    all_there
}

# --- the connection ---

it_works_for_days_without_headquarters() {
    shop
    kill "$HQ"
    wait "$HQ" 2>/dev/null || true
    for day in 1 2 3; do
        till 50 --seed $day
        sync 3
        has "$T/err" "[hq-connect]"
    done
    store 0 status "$T/shop"
    has "$T/out" "uploads failed    [hq-connect]"
    N1_HQ_PORT=${URL##*:}
    export N1_HQ_PORT
    headquarters
    hq world "$URL" HOUSTON 60
    sync 0
    all_there
}

it_follows_the_clock_of_headquarters() {
    shop
    till 5
    for ahead in 4000 -86400 0; do
        tell "{\"clock\": $ahead}"
        till 5 --seed 2
        sync 0
    done
    all_there
    store 0 till "$T/shop" --transactions 3
    tell '{"expire": true}'
    sync 0
    all_there
}

it_says_what_is_wrong_with_headquarters() {
    shop
    tell '{"fault": {"kind": "html", "times": 9}}'
    sync 6
    has "$T/err" "the answer has status 502"
    tell '{"no_faults": true}'
    tell '{"fault": {"kind": "problem", "status": 403, "type": "store-inactive", "times": 2}}'
    sync 5
    has "$T/err" "[store-inactive]"
    tell '{"no_faults": true}'
    echo $SECRET | tr A B >"$T/shop/secret"
    sync 5
    has "$T/err" "[credentials]"
    chmod 644 "$T/shop/secret"
    sync 6
    has "$T/err" "others may read"
}

it_trusts_only_the_certificate_it_was_given() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext 'subjectAltName=IP:127.0.0.1' \
        -keyout "$T/key.pem" -out "$T/cert.pem" 2>/dev/null
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext 'subjectAltName=IP:127.0.0.1' \
        -keyout "$T/key2.pem" -out "$T/other.pem" 2>/dev/null
    N1_HQ_CERT="$T/cert.pem" N1_HQ_KEY="$T/key.pem"
    export N1_HQ_CERT N1_HQ_KEY
    headquarters
    new_store HOUSTON --ca "$T/cert.pem"
    sync 0
    rm -rf "$T/shop"
    new_store HOUSTON
    sync 5
    has "$T/err" "[hq-trust]"
    rm -rf "$T/shop"
    new_store HOUSTON --ca "$T/other.pem"
    sync 5
    has "$T/err" "[hq-trust]"
    rm -rf "$T/shop"
    URL=$(echo "$URL" | sed 's/127.0.0.1/localhost/')
    new_store HOUSTON --ca "$T/cert.pem"
    sync 5
    has "$T/err" "[hq-trust]"
}

# --- disks and kills ---

# with_disk BLOCKS COMMAND...: no file may grow beyond that many blocks of 512 bytes
with_disk() {
    (
        trap '' XFSZ
        ulimit -f "$1"
        shift
        "$@"
    )
}

it_says_when_the_disk_is_full_and_loses_nothing() {
    shop
    size=$(stat -c %s "$T/shop/channel.db")
    got=0
    with_disk $((size / 512 + 40)) "$CARRYOVER" store till "$T/shop" --transactions 3000 >"$T/out" 2>"$T/err" || got=$?
    same status $got 6
    has "$T/err" "[disk-full]"
    till 20 --seed 2
    hq world "$URL" HOUSTON 6000 2
    sql 'delete from carryover_version'
    got=0
    with_disk 10 "$CARRYOVER" store sync "$T/shop" --once >"$T/out" 2>"$T/err" || got=$?
    same status $got 6
    has "$T/err" "[disk-full]"
    same versions "$(sql 'select count(*) < 6 from carryover_version')" 1
    sync 0
    all_there
    same items "$(sql 'select count(*) from INVENTTABLE')" 6000
}

random() {
    od -An -N2 -tu2 /dev/urandom | awk -v most="$1" '{ printf "%.3f", $1 / 65536 * most }'
}

it_survives_kills_at_any_instant() {
    shop
    tell '{"chaos": 0.08}'
    for round in $(seq "$ROUNDS"); do
        item_delta "$round" $((round + 1))
        "$CARRYOVER" store till "$T/shop" --seed "$round" --rate 300 --gift-cards >/dev/null 2>>"$T/log" &
        tills=$!
        "$CARRYOVER" store sync "$T/shop" --every 50ms --batch 20 >/dev/null 2>>"$T/log" &
        syncs=$!
        sleep "$(random 0.7)"
        kill -9 $tills || fail "the tills ended by themselves: $(tail -n 3 "$T/log")"
        sleep "$(random 0.3)"
        kill -9 $syncs
        wait $tills $syncs 2>/dev/null || true
        # A line on the tape is a promise: the transaction is in the database, whole.
        hq sql "$T/shop" "pragma integrity_check"
        has "$T/hq" ok
    done
    tell '{"no_faults": true}'
    till 1 --seed 77 --gift-cards
    sync 0
    all_there
    same item "$(sql "select group_concat(ITEMID) from INVENTTABLE where ITEMID like 'N%'")" "N$((ROUNDS + 1))"
    same price "$(sql "select PRICE from INVENTTABLEMODULE where ITEMID = 'I000001' and MODULETYPE = 2")" "$((ROUNDS + 1)).25"
    same left "$(find "$T/shop/upload" "$T/shop/download" -type f | wc -l)" 0
    same torn "$(grep -cv '^{.*}$' "$T/shop/journal.jsonl")" 0
}

it_stops_cleanly_and_alone() {
    shop
    "$CARRYOVER" store sync "$T/shop" --every 100ms >"$T/sync.out" 2>"$T/sync.err" &
    pid=$!
    sleep 0.5
    sync 5
    has "$T/err" "[project-busy]"
    till 30
    sleep 1
    kill -TERM $pid
    wait $pid || fail "sync ended with $?: $(cat "$T/sync.err")"
    grep -q 'uploads with 2[0-9] transactions' "$T/sync.out" || fail "nothing was sent: $(cat "$T/sync.out")"
    all_there
}

# --- the store itself ---

it_is_made_once_and_only_whole() {
    headquarters
    new_store HOUSTON
    store 2 init "$T/shop" --id HOUSTON --url "$URL" --secret-file "$T/secret"
    has "$T/err" "[store-state]"
    same mode "$(stat -c %a "$T/shop" "$T/shop/channel.db" "$T/shop/secret" | tr '\n' ' ')" "700 600 600 "
    store 2 init "$T/b" --id 'a b' --url "$URL" --secret-file "$T/secret"
    store 2 init "$T/b" --id A --url nonsense --secret-file "$T/secret"
    store 5 init "$T/b" --id A --url http://hq.example.com --secret-file "$T/secret"
    has "$T/err" "could be read by others"
    echo short >"$T/bad"
    store 2 init "$T/b" --id A --url "$URL" --secret-file "$T/bad"
    store 2 init "$T/b" --id A --url "$URL"
    cp -r "$ROOT/examples/bookshop" "$T/bookshop"
    echo 'create table oops (' >>"$T/bookshop/store/channel.sql"
    store 2 init "$T/b" --id A --url "$URL" --secret-file "$T/secret" --package "$T/bookshop"
    has "$T/err" "store/channel.sql"
    [ ! -e "$T/b/channel.db" ] || fail "a store was left behind"
    status 2 "$CARRYOVER" package check "$T/bookshop" --no-server
    has "$T/err" "store/channel.sql"
    store 2 status "$T/nowhere"
    store 5 till "$T/shop" --transactions 1
    has "$T/err" "[till-data]"
}

it_needs_no_tables_of_ax() {
    headquarters
    new_store 3 --package "$ROOT/examples/bookshop"
    tell '{"publish": {"job": "books", "chain": "books", "full": true, "to": 1, "tables": [
        {"table": "book", "columns": [["isbn", "text"], ["title", "text"], ["author", "text"], ["price", "numeric(12,4)"], ["status", "text"]],
         "key": ["isbn"], "replace": true, "rows": [["9780000000001", "One", "A", "9.9900", "A"], ["9780000000002", "Two", "B", "12.5", "A"]]},
        {"table": "customer", "columns": [["id", "int"], ["name", "text"], ["email", "text"], ["since", "date"]], "key": ["id"],
         "rows": [[1, "Ada", null, "2020-01-01"]]}]}}'
    sync 0
    till 50
    sync 0
    store 0 verify "$T/shop"
    hq same "$URL" 3 "$T/shop"
    same null "$(sql 'select email is null from customer')" 1
}

it_is_a_swarm_for_load() {
    rm -f "$T/ids"
    for i in $(seq 60); do echo "S$i $SECRET" >>"$T/ids"; done
    # shellcheck disable=SC2046 # words
    python3 "$ROOT/tests/e2e/n1_hq.py" serve "$T/port" HOUSTON=$SECRET $(sed 's/ /=/' "$T/ids") >/dev/null 2>>"$T/hq.log" &
    HQ=$!
    trap 'kill $HQ 2>/dev/null || true' EXIT
    until [ -f "$T/port" ]; do sleep 0.05; done
    URL=$(cat "$T/port")
    new_store HOUSTON
    hq world "$URL" HOUSTON 30
    sync 0
    till 40
    tell '{"expire": true}'
    store 0 simulate --url "$URL" --secrets "$T/ids" --poll 1s --duration 5s --connections 8 --like "$T/shop" --uploads 60 --batch 3 --json
    cp "$T/out" "$T/figures"
    hq books "$URL"
    python3 - "$T/figures" "$T/hq" <<'END' || fail "$(cat "$T/figures")"
import json, sys
figures, found = (json.loads(open(f).read()) for f in sys.argv[1:])
books = found["books"]
taken = sum(b["transactions"] for b in books.values())
assert figures["packages"] == 300 and figures["uploads"] > 30, figures
assert figures["transactions"] == taken or abs(figures["transactions"] - taken) <= 3 * 8, taken
assert not figures["errors"] and figures["p50_ms"] > 0, figures
assert not any(b["wrong"] for b in books.values())
END
    echo "S1 short" >"$T/ids"
    store 2 simulate --url "$URL" --secrets "$T/ids"
    has "$T/err" "ids:1: "
    store 2 simulate --url "$URL" --secrets "$T/ids" --uploads 5
}

it_shows_what_differs() {
    shop
    till 30
    store 0 verify "$T/shop" --json
    sql "update RETAILTRANSACTIONTABLE set PAYMENTAMOUNT = '1.00' where rowid = 3"
    store 1 verify "$T/shop"
    has "$T/err" "[journal-differs]"
    sql "delete from RETAILTRANSACTIONTABLE where rowid = 3"
    store 1 verify "$T/shop"
    has "$T/err" "is in the journal, but not in the database"
}

run_tests "$@"
