#!/bin/sh
# Known defects of the system that this one follows: each was mended there for the stores of N-1 by an article of the
# knowledge base, whose number stands above its test, and must not be here. Real parts: the large package after its cutover,
# `n1 keep`, a gateway, and a reference store with the channel database of N-1.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"

tidy_up() {
    for what in 'n1 serve' 'n1 keep' upgrade replicate server; do
        # shellcheck disable=SC2086 # two words
        "$CARRYOVER" -C "$PLACE/p" $what stop >/dev/null 2>&1
    done
    rm -rf "$PLACE"
}
trap tidy_up EXIT

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/p" "$@"
}

sql() {
    psql -XAtq -v ON_ERROR_STOP=1 "$TARGET" -c "$1" || fail "sql: $1"
}

# until_ok COMMAND...: repeats it until it succeeds
until_ok() {
    for _ in $(seq 300); do
        "$@" >"$T/until" 2>&1 && return
        sleep 0.2
    done
    fail "never: $*: $(head -c 600 "$T/until")"
}

says() {
    text=$1
    shift
    "$CARRYOVER" -C "$PLACE/p" "$@" 2>&1 | grep -qF -- "$text"
}

is_sql() {
    [ "$(sql "$1")" = "$2" ]
}

secret_of() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["secret"])' "$PLACE/store-$1"
}

ask() {
    what=$1 name=$2
    shift 2
    python3 "$ROOT/tests/e2e/n1_defects.py" "$what" "$URL" "$name" "$(secret_of "$name")" "$@" >"$T/asked" 2>&1 ||
        fail "$what: $(tail -n 5 "$T/asked")"
}

# The channel database of the store 000001.
shop() {
    python3 -c 'import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print("|".join("" if v is None else str(v) for v in row))' "$PLACE/shop/channel.db" "$1" || fail "shop: $1"
}

sync() {
    status 0 "$CARRYOVER" store sync "$PLACE/shop" --once
}

# Everything that headquarters has changed is in the store, over old.*, a job and a package. Options: of the job.
arrive() {
    marker="marker $(sql 'select coalesce(max(substr(name, 8)::int), 0) + 1 from hq.retailbuttongrid where name like '"'marker %'")"
    sql "update hq.retailbuttongrid set name = '$marker' where buttongridid = 'GRID0'"
    until_ok is_sql "select name from old.retailbuttongrid where buttongridid = 'GRID0'" "$marker"
    until_ok is_sql "select coalesce(sum(keys), 0) from carryover.lens_backlog() where direction = 'down'" 0
    co 0 n1 jobs run 9999 "$@"
    until_ok is_sql 'select count(*) from carryover.n1_job where asked' 0
    same 'jobs that fail' "$(sql "select job, error from carryover.n1_job where error <> ''")" ''
    sync
    same 'what has arrived' "$(shop "select NAME from RETAILBUTTONGRID where BUTTONGRIDID = 'GRID0'")" "$marker"
}

# copy TABLE WHERE JSON: a row of version N once more, with other values
copy() {
    sql "insert into hq.$1 select (jsonb_populate_record(t, '$3'::jsonb)).* from hq.$1 t where $2"
}

# A store that was founded in version N: the old headquarters never knew it. It is of the company of 000001.
found_store() {
    copy retailchanneltable 'recid = 5637145576' '{"recid": 5637999901, "retailchannelid": "000901", "omoperatingunitid": 5637999901}'
    copy retailstoretable "storenumber = '000001'" '{"recid": 5637999901, "storenumber": "000901"}'
    copy retailterminaltable "terminalid = '000001'" '{"recid": 5637999901, "storerecid": 5637999901, "terminalid": "000901"}'
    copy retailstoretendertypetable 'channel = 5637145576 and tendertypeid = '"'1'" '{"recid": 5637999901, "channel": 5637999901}'
}

prepare() {
    T=$PLACE
    status 0 "$CARRYOVER" init "$PLACE/p" --set hooks.stop_writers=true --set hooks.open=true
    co 0 sample create --scale 0.01 -q
    co 0 replicate start --detach
    until_ok says 'replication: following' replicate status
    co 0 upgrade --detach
    until_ok says '"state":"fresh"' upgrade status --json
    for item in BUS01 SLT01; do
        co 0 check confirm $item --by test --note test
    done
    until_ok "$CARRYOVER" -C "$PLACE/p" cutover --yes
    TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
    co 0 n1 keep --detach
    TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)
    for name in 000001 000002 000003 000901; do
        "$CARRYOVER" -C "$PLACE/p" n1 stores add $name --group US --json -q >"$PLACE/store-$name"
    done
    co 0 n1 serve --detach --set n1.rate_address=0 --set n1.rate_store=0 --set n1.listen=127.0.0.1:0
    until_ok grep -q 'listening on' "$PLACE/p/logs/n1-serve.log"
    URL=$(sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$PLACE/p/logs/n1-serve.log" | head -n 1)
    secret_of 000001 >"$PLACE/secret"
    status 0 "$CARRYOVER" store init "$PLACE/shop" --id 000001 --url "$URL" --secret-file "$PLACE/secret" --package ax2012r3-commerce
    found_store
    arrive
}

# --- tests ---

# KB 4095190
it_sends_the_real_time_profile_that_the_shared_parameters_name() {
    same before "$(shop 'select TRANSACTIONSERVICEPROFILE from RETAILSHAREDPARAMETERS')" Default
    copy retailtransactionserviceprofile "profileid = 'Default'" '{"recid": 5637999902, "profileid": "N-1", "centraltableserver": "hq.example.com"}'
    sql "update hq.retailsharedparameters set transactionserviceprofile = 'N-1'"
    arrive
    same profile "$(shop 'select PROFILEID, CENTRALTABLESERVER, CENTRALTABLESERVERPORT, SERVERSERVICENAME from RETAILSHAREDPARAMETERS
        join RETAILTRANSACTIONSERVICEPROFILE on PROFILEID = TRANSACTIONSERVICEPROFILE')" 'N-1|hq.example.com|8017|Real-timeServiceAX63'
    sql "update hq.retailsharedparameters set transactionserviceprofile = 'Default'"
    arrive
    same back "$(shop 'select TRANSACTIONSERVICEPROFILE from RETAILSHAREDPARAMETERS')" Default
}

# KB 4095209
it_takes_one_kind_of_authentication_on_every_path() {
    ask authentication 000001
}

# KB 4095189
it_sends_the_protocol_of_a_real_time_profile() {
    same before "$(shop "select PROTOCOL from RETAILTRANSACTIONSERVICEPROFILE where PROFILEID = 'Default'")" 1
    sql "update hq.retailtransactionserviceprofile set protocol = 2 where profileid = 'Default'"
    arrive
    same 'in a delta' "$(shop "select PROTOCOL from RETAILTRANSACTIONSERVICEPROFILE where PROFILEID = 'Default'")" 2
    arrive --full
    same 'in a full package' "$(shop "select PROTOCOL from RETAILTRANSACTIONSERVICEPROFILE where PROFILEID = 'Default'")" 2
}

# KB 4095191
it_sends_addresses_that_begin_with_http_as_they_are() {
    same before "$(shop 'select "VALUE" from RETAILCHANNELPROFILEPROPERTY where "KEY" = 1 order by RECID limit 1')" 'http://srv-1:35080/RetailServer/v1'
    sql "update hq.retailchannelprofileproperty set value = 'http://10.1.2.3/RetailServer' where key_ = 1 and channelprofile = (select min(recid) from hq.retailchannelprofile)"
    arrive
    same changed "$(shop 'select "VALUE" from RETAILCHANNELPROFILEPROPERTY where "KEY" = 1 order by RECID limit 1')" 'http://10.1.2.3/RetailServer'
    "$CARRYOVER" -C "$PLACE/p" n1 check >"$T/out" 2>&1 || true
    has "$T/out" 'ok       CHN02'
}

# KB 4131243
it_sends_the_address_of_a_hardware_station_letter_by_letter() {
    same before "$(shop 'select "VALUE" from RETAILCHANNELPROFILEPROPERTY where "KEY" = 2 order by RECID limit 1')" 'https://hws-1.example.com:8443/HardwareStation?store=%C3%A4&x=1'
    long="https://hws.example.com/$(printf 'ä%%20\\+%.0s' $(seq 160))"
    sql "update hq.retailchannelprofileproperty set value = \$\$$long\$\$ where key_ = 2 and channelprofile = (select min(recid) from hq.retailchannelprofile)"
    arrive
    same changed "$(shop 'select "VALUE" from RETAILCHANNELPROFILEPROPERTY where "KEY" = 2 order by RECID limit 1')" "$long"
}

# KB 4132456
it_sends_the_sizes_of_layouts_and_number_pads_unchanged() {
    same 'layouts of N-1' "$(shop 'select LAYOUTID, WIDTH, HEIGHT, length(LAYOUTXML), instr(LAYOUTXML, '"'height=\"337\"') > 0 from RETAILTILLLAYOUT order by 1 limit 1")" \
        "$(psql -XAtq "$("$CARRYOVER" -C "$PLACE/p" server uri source)" -c "select layoutid, width, height, length(layoutxml), 1 from dbo.retailtilllayout order by 1 limit 1")"
    sql "update hq.retailtilllayoutlegacy set height = 1080, layoutxml = replace(layoutxml, 'height=\"337\"', 'height=\"338\"'), startscreen = 7 where layoutid = 'LAYOUT0'"
    arrive
    same changed "$(shop "select HEIGHT, WIDTH from RETAILTILLLAYOUT where LAYOUTID = 'LAYOUT0'")" '1080|1024'
    same 'number pads' "$(shop "select LAYOUTXML from RETAILTILLLAYOUT where LAYOUTID = 'LAYOUT0'" | md5sum)" \
        "$(sql "select layoutxml from hq.retailtilllayoutlegacy where layoutid = 'LAYOUT0'" | md5sum)"
    same 'buttons' "$(shop "select SPACEBETWEENBUTTONS, DEFAULTFONTSIZE, DEFAULTCOLOR from RETAILBUTTONGRID where BUTTONGRIDID = 'GRID2'")" '2|13|16711682'
}

# The receipts that the tills of the store have written, in headquarters.
sell() {
    status 0 "$CARRYOVER" store till "$PLACE/shop" --transactions 80 --seed "$1"
    sync
    same 'transactions that wait' "$(shop "select count(*) from RETAILTRANSACTIONTABLE")" "$(sql "select count(*) from old.retailtransactiontable where store = '000001' and transactionid in
        ($(shop "select '''' || TRANSACTIONID || '''' from RETAILTRANSACTIONTABLE" | paste -sd, -))")"
}

# KB 4095926
it_finds_the_sale_of_a_return_from_any_till_of_the_company() {
    sell 1
    receipt=$(shop "select min(t.RECEIPTID) from RETAILTRANSACTIONTABLE t where t.TYPE = 2 and t.ENTRYSTATUS = 0 and exists (select 1
        from RETAILTRANSACTIONSALESTRANS l where l.TRANSACTIONID = t.TRANSACTIONID and l.LINENUM = 1 and l.QTY + 0 <= -1 and l.TRANSACTIONSTATUS = 0)")
    ask returned 000001 "$receipt" 000001 0.5
    ask returned 000901 "$receipt" 000001 0.5
    ask of_another_company 000002 "$receipt" 000001
    ask order 000001 "$(sql "select salesid from hq.salestable where retailchanneltable = 5637145576 and dataareaid = 'usmf' order by 1 limit 1")"
}

# KB 4133289
it_takes_refunds() {
    sell 2
    refunds=$(shop "select count(*) from RETAILTRANSACTIONTABLE where TYPE = 2 and ENTRYSTATUS = 0 and PAYMENTAMOUNT < 0")
    [ "$refunds" -gt 0 ] || fail 'no refund was sold: that proves nothing'
    ours="store = '000001' and transactionid in ($(shop "select '''' || TRANSACTIONID || '''' from RETAILTRANSACTIONTABLE where TYPE = 2 and ENTRYSTATUS = 0 and PAYMENTAMOUNT < 0" | paste -sd, -))"
    same 'in version N' "$(sql "select count(*) from hq.retailtransactiontable where $ours and paymentamount < 0 and grossamount > 0")" "$refunds"
    same 'lines that came back' "$(sql "select count(*) > 0 and min(qty) > 0 from hq.retailtransactionsalestrans where $ours and returntransactionid <> ''")" t
    same 'paid out' "$(sql "select count(*) > 0 and sum(amounttendered) < 0 from hq.retailtransactionpaymenttrans where $ours")" t
    same 'what the rules say' "$(sql "select rule, count(*) from carryover.n1_finding where store = '000001' group by 1 order by 1")" ''
    same 'set aside' "$(sql 'select count(*) from carryover.n1_aside')" 0
    same 'not valid' "$(sql "select count(*) from hq.retailtransactiontable where $ours and validationstatus <> 1")" 0
    co 0 n1 totals
    status 0 "$CARRYOVER" store verify "$PLACE/shop"
}

# KB 4095664
it_makes_customers_that_the_stores_then_know() {
    ask make_customer 000001 "Zoë O'Neill & Söhne"
    read -r account record party <"$T/asked"
    arrive
    same customer "$(shop "select RECID, PARTY, CUSTGROUP, CURRENCY, DATAAREAID from CUSTTABLE where ACCOUNTNUM = '$account'")" "$record|$party|30|USD|usmf"
    same party "$(shop "select NAME from DIRPARTYTABLE where RECID = $party")" "Zoë O'Neill & Söhne"
    same once "$(sql "select count(*) from hq.dirpartytable where name = 'Zoë O''Neill & Söhne'")" 1
}

# KB 4337834
it_changes_customers_for_tills_and_all_stores_see_it() {
    account=$(sql "select accountnum from hq.custtable where dataareaid = 'usmf' order by recid limit 1")
    ask change_customer 000001 "$account" 'Changed "by" a till'
    same headquarters "$(sql "select p.name, c.vatnum from hq.custtable c join hq.dirpartytable p on p.recid = c.party where c.accountnum = '$account' and c.dataareaid = 'usmf'")" 'Changed "by" a till|ATU12345678'
    arrive
    same store "$(shop "select NAME, VATNUM from CUSTTABLE join DIRPARTYTABLE on DIRPARTYTABLE.RECID = PARTY where ACCOUNTNUM = '$account' and DATAAREAID = 'usmf'")" 'Changed "by" a till|ATU12345678'
}

# KB 4132454
it_sends_nothing_twice_and_stops_a_job_that_would() {
    ask packages 000001 "$T/other.db"
    grep -q '^1070 dirpartytable [1-9]' "$T/asked" || fail "no package of 1070: $(cat "$T/asked")"
    sql 'drop index hq.retailtransactionserviceprofile_ux; drop index old.retailtransactionserviceprofile_ux'
    copy retailtransactionserviceprofile "profileid = 'Default'" '{"recid": 5637999903}'
    until_ok is_sql "select count(*) from old.retailtransactionserviceprofile where profileid = 'Default'" 2
    co 0 n1 jobs run 1070
    until_ok is_sql "select error like '%channel/retailtransactionserviceprofile.sql has the key (Default) more than once%' from carryover.n1_job where job = '1070'" t
    co 0 n1 jobs run 1070 --full
    until_ok is_sql "select asked from carryover.n1_job where job = '1070'" f
    sync
    has_not "$T/out" 'failed'
    same 'packages that failed in stores' "$(sql "select count(*) from carryover.n1_download where state = 'failed'")" 0
    co 1 n1 check
    has "$T/out" 'blocker  jobs'
    sql "delete from hq.retailtransactionserviceprofile where recid = 5637999903;
        create unique index retailtransactionserviceprofile_ux on hq.retailtransactionserviceprofile (profileid)"
    until_ok is_sql "select count(*) from old.retailtransactionserviceprofile where profileid = 'Default'" 1
    sql 'create unique index retailtransactionserviceprofile_ux on old.retailtransactionserviceprofile (profileid)'
    arrive
}

# KB 4338120
it_works_on_the_database_that_is_configured_and_on_no_other() {
    sql 'create database "HQ Message DB"'
    other=$(echo "$TARGET" | sed 's/dbname=[^ ]*/dbname='"'HQ Message DB'"'/; s|\(://[^?]*/\)[^?/]*|\1HQ%20Message%20DB|')
    same 'the other one' "$(psql -XAtq "$other" -c 'select current_database()')" 'HQ Message DB'
    "$CARRYOVER" init "$T/o" --target "$other" >/dev/null
    before=$(sql 'select count(*) from carryover.n1_store')
    status 0 "$CARRYOVER" -C "$T/o" n1 stores add ELSEWHERE --json -q
    cp "$T/out" "$PLACE/store-ELSEWHERE"
    same 'stores here' "$(sql 'select count(*) from carryover.n1_store')" "$before"
    same 'stores there' "$(psql -XAtq "$other" -c 'select string_agg(store, $$ $$) from carryover.n1_store')" ELSEWHERE
    "$CARRYOVER" -C "$T/o" n1 serve --listen 127.0.0.1:0 2>"$T/log" &
    pid=$!
    trap 'kill $pid; wait $pid 2>/dev/null || true' EXIT
    until_ok grep -q 'listening on' "$T/log"
    URL=$(sed -n 's/.*listening on \([a-z]*:..[^ "]*\).*/\1/p' "$T/log" | head -n 1)
    ask session ELSEWHERE
    ! (ask session 000001) 2>/dev/null || fail 'it serves stores of the other database'
}

# KB 4337864
it_sends_the_merchant_properties_that_stores_of_n_1_pay_with() {
    same before "$(shop "select length(EFTCONNECTORPROPERTIES), EFTCONNECTORNAME from RETAILHARDWAREPROFILE where PROFILEID = 'HW001'")" \
        "$(psql -XAtq "$("$CARRYOVER" -C "$PLACE/p" server uri source)" -c "select length(eftconnectorproperties), eftconnectorname from dbo.retailhardwareprofile where profileid = 'HW001'")"
    sql "update hq.retailhardwareprofile set eftconnectorname = 'Connector of N', eftmerchantproperties = '<N/>', eftdata = 'MID=4711;Ü', eftmerchantid = 'M-1',
        eftconnectorproperties = repeat('<ArrayOfPaymentProperty value=\"\\\\x\"/>', 900) where profileid = 'HW001'"
    arrive
    same properties "$(shop "select EFTCONNECTORNAME, EFTDATA, EFTMERCHANTID from RETAILHARDWAREPROFILE where PROFILEID = 'HW001'")" 'Dynamics Online|MID=4711;Ü|M-1'
    same 'letter by letter' "$(shop "select EFTCONNECTORPROPERTIES from RETAILHARDWAREPROFILE where PROFILEID = 'HW001'" | md5sum)" \
        "$(sql "select eftconnectorproperties from hq.retailhardwareprofile where profileid = 'HW001'" | md5sum)"
    sql "update hq.retailhardwareprofile set legacyeftconnectorname = 'Another of N-1' where profileid = 'HW001'"
    arrive
    same connector "$(shop "select EFTCONNECTORNAME from RETAILHARDWAREPROFILE where PROFILEID = 'HW001'")" 'Another of N-1'
}

# KB 4132453
it_sends_inventory_dimensions_old_and_new_with_job_1040() {
    same dimensions "$(shop 'select count(*) from INVENTDIM')" "$(sql 'select count(*) from old.inventdim')"
    source=$("$CARRYOVER" -C "$PLACE/p" server uri source)
    same 'with pallets and hashes of N-1' "$(shop "select INVENTDIMID, DATAAREAID, WMSPALLETID, SHA1HASH from INVENTDIM where WMSPALLETID <> '' order by 1, 2" | md5sum)" \
        "$(psql -XAtq "$source" -c "select inventdimid, dataareaid, wmspalletid, sha1hash from dbo.inventdim where wmspalletid <> '' order by inventdimid collate \"C\", dataareaid collate \"C\"" | md5sum)"
    copy inventdim "dataareaid = 'usmf' and recid = (select max(recid) from hq.inventdim where dataareaid = 'usmf')" \
        '{"recid": 5637999904, "inventdimid": "N-NEW", "inventbatchid": "BATCH N", "inventversionid": "V1", "sha1hashhex": "00112233445566778899aabbccddeeff00112233"}'
    arrive
    same 'a dimension of version N' "$(shop "select INVENTBATCHID, WMSPALLETID, SHA1HASH from INVENTDIM where INVENTDIMID = 'N-NEW'")" 'BATCH N||\x00112233445566778899aabbccddeeff00112233'
    arrive --full
    same dimensions "$(shop 'select count(*) from INVENTDIM')" "$(sql 'select count(*) from old.inventdim')"
}

# KB 4206905
it_gives_a_store_that_n_1_never_had_everything_with_its_reports() {
    ask packages 000901 "$T/new.db"
    for table in retailchannelreport retailstoretable retailterminaltable retailstoretendertypetable custtable inventtable retailstafftable; do
        grep -q " $table [1-9]" "$T/asked" || fail "$table: $(cat "$T/asked")"
    done
    same registers "$(python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute("select terminalid from retailterminaltable"))' "$T/new.db")" "('000901',)"
    sql "insert into hq.retailchannelreport (reportid, reportname, reportdefinitionxml, recid) values ('NEW', 'Report of N', '<RetailReport/>', 5637999905)"
    arrive
    ask packages 000901 "$T/new.db"
    has "$T/asked" '1090 retailchannelreport 1'
    same reports "$(shop 'select REPORTID, REPORTNAME from RETAILCHANNELREPORT order by 1')" 'NEW|Report of N
SALES|Sales by register'
    same definition "$(shop "select REPORTDEFINITIONXML from RETAILCHANNELREPORT where REPORTID = 'SALES'")" "$(sql "select reportdefinitionxml from hq.retailchannelreport where reportid = 'SALES'")"
}

prices() {
    shop "select count(*), sum(RELATION not between 4 and 7) from PRICEDISCTABLE"
}

# KB 4161086
it_applies_the_filter_on_the_first_table_of_a_job_in_full_packages() {
    copy pricedisctable 'recid = (select min(recid) from hq.pricedisctable)' '{"recid": 5637999906, "relation": 0, "module": 2, "amount": 1.23}'
    until_ok is_sql 'select count(*) from old.pricedisctable where recid = 5637999906' 1
    arrive --full
    same 'prices, and those of vendors' "$(prices)" "$(sql 'select count(*) from hq.pricedisctable where relation between 4 and 7')|0"
}

# KB 4161099
it_applies_that_filter_to_changes() {
    price=$(sql 'select max(recid) from hq.pricedisctable where relation = 4')
    same before "$(shop "select count(*) from PRICEDISCTABLE where RECID = $price")" 1
    sql "update hq.pricedisctable set relation = 1 where recid = $price; update hq.pricedisctable set amount = 4.56 where relation = 0"
    arrive
    same 'what falls out of it' "$(shop "select count(*) from PRICEDISCTABLE where RECID = $price")" 0
    same 'prices of vendors' "$(shop 'select count(*) from PRICEDISCTABLE where RELATION not between 4 and 7')" 0
    sql "update hq.pricedisctable set relation = 4 where recid = $price"
    arrive
    same 'what comes into it' "$(shop "select count(*) from PRICEDISCTABLE where RECID = $price")" 1
}

(set -eu; prepare; echo "$URL" >"$PLACE/url"; echo "$TARGET" >"$PLACE/target") || {
    echo "Bail out! there is no headquarters"
    exit 1
}
URL=$(cat "$PLACE/url") TARGET=$(cat "$PLACE/target")
run_tests
