#!/bin/sh
# The configuration checker: each of its checks finds a fault that is planted for it, and nothing else is a fault.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"

tidy_up() {
    "$CARRYOVER" -C "$PLACE/p" n1 keep stop >/dev/null 2>&1
    "$CARRYOVER" -C "$PLACE/p" n1 serve stop >/dev/null 2>&1
    "$CARRYOVER" -C "$PLACE/p" server stop >/dev/null 2>&1
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

# look [OPTION...]: $T/found gets "ID STATE" of every check that is not ok or skipped, $T/out all of it as JSON
look() {
    "$CARRYOVER" -C "$PLACE/p" n1 check --json -q "$@" >"$T/out" 2>"$T/err"
    got=$?
    [ $got -le 1 ] || fail "n1 check ends with $got: $(tail -n 3 "$T/err")"
    python3 - "$T/out" $got >"$T/found" <<'END' || fail "$(cat "$T/found")"
import json, sys
got = json.load(open(sys.argv[1]))
states = [c["state"] for c in got["checks"]]
assert (got["blockers"], got["warnings"]) == (states.count("blocker"), states.count("warning")), got
assert (got["blockers"] > 0) == (sys.argv[2] == "1"), "status"
for c in got["checks"]:
    assert c["what"] and c["fix"] and bool(c["found"]) == (c["state"] in ("warning", "blocker")), c
    assert bool(c["reason"]) == (c["state"] == "skipped"), c
    if c["found"]:
        print(c["id"], c["state"])
END
}

# finds "ID STATE" TEXT [OPTION...]: this one and no other, with TEXT in its evidence
finds() {
    wanted=$1
    text=$2
    shift 2
    look "$@"
    same "found for <$text>" "$(cat "$T/found")" "$wanted"
    has "$T/out" "$text"
}

# planted "ID STATE" TEXT SQL UNDO
planted() {
    sql "$3"
    finds "$1" "$2"
    sql "$4"
}

# --- a target with version N, its stores registered and jobs at work ---

T=$PLACE
{
    "$CARRYOVER" init "$PLACE/p" && "$CARRYOVER" -C "$PLACE/p" sample create --scale 0.01 -q &&
        "$CARRYOVER" -C "$PLACE/p" replicate start --once -q && "$CARRYOVER" -C "$PLACE/p" upgrade --once -q
} >"$PLACE/made" 2>&1 || {
    echo "Bail out! $(tail -n 5 "$PLACE/made")"
    exit 1
}
TARGET=$("$CARRYOVER" -C "$PLACE/p" server uri target)

# --- tests ---

it_says_what_is_missing_before_anything_is_switched_on() {
    before=$(sql 'select count(*) from pg_class')
    co 1 n1 check
    same 'tables and views' "$(sql 'select count(*) from pg_class')" "$before"
    has "$T/out" 'blocker  stores-registered'
    has "$T/out" '000001: nobody has registered it'
    has "$T/out" 'fix: `carryover n1 stores add ID'
    has "$T/out" 'warning  keep'
    has "$T/err" '[findings]'
    for store in $(sql 'select storenumber from hq.retailstoretable'); do co 0 n1 stores add "$store" --group US -q; done
    finds 'keep warning' 'it does not run'
    sql "update carryover.environment set state = 'live'"
    co 0 n1 keep --detach
    look
    same found "$(cat "$T/found")" ''
}

it_finds_what_is_wrong_with_the_settings_of_the_gateway() {
    finds 'settings blocker' 'n1.workers' --set n1.workers=99
    finds 'listen blocker' 'would be open to everybody' --set n1.listen=0.0.0.0:8443
    finds 'listen blocker' 'is no address to listen on' --set n1.listen=nowhere
    finds 'listen blocker' 'listening on 127.0.0.1:' --set "n1.listen=127.0.0.1:$(python3 -c '
import socket, subprocess, sys
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True)
subprocess.Popen(["sleep", "5"], pass_fds=[s.fileno()], stdout=subprocess.DEVNULL)')"
    printf 'no key of ours' >"$T/key"
    finds 'session-key blocker' "$T/key" --set "n1.session_key=$T/key"
}

# certificate NAME DAYS: for localhost and 127.0.0.1
certificate() {
    openssl req -x509 -newkey rsa:2048 -nodes -days "$2" -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' \
        -keyout "$T/$1.key" -out "$T/$1.pem" 2>/dev/null
}

# expired NAME: of 2020
expired() {
    mkdir "$T/ca"
    : >"$T/ca/index"
    echo 01 >"$T/ca/serial"
    printf '%s\n' '[ca]' default_ca=one '[one]' "database=$T/ca/index" "serial=$T/ca/serial" "new_certs_dir=$T/ca" \
        default_md=sha256 policy=any '[any]' commonName=supplied >"$T/ca/config"
    openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$T/$1.key" -out "$T/$1.csr" 2>/dev/null
    openssl ca -batch -config "$T/ca/config" -selfsign -keyfile "$T/$1.key" -in "$T/$1.csr" -startdate 20200101000000Z \
        -enddate 20200102000000Z -notext -out "$T/$1.pem" 2>/dev/null
}

it_finds_certificates_that_stores_would_refuse() {
    certificate long 400
    certificate short 5
    finds 'certificate-host warning' 'it is not set' --set "n1.cert=$T/long.pem" --set "n1.key=$T/long.key"
    finds '' '"blockers":0' --set "n1.cert=$T/long.pem" --set "n1.key=$T/long.key" --set n1.url=https://localhost:8443
    finds '' '"blockers":0' --set "n1.cert=$T/long.pem" --set "n1.key=$T/long.key" --set n1.url=https://127.0.0.1:8443
    finds 'certificate-host blocker' 'stores would refuse it' --set "n1.cert=$T/long.pem" --set "n1.key=$T/long.key" --set n1.url=https://hq.example.com:8443
    finds 'certificate-time warning' 'it ends on 20' --set "n1.cert=$T/short.pem" --set "n1.key=$T/short.key" --set n1.url=https://localhost:8443
    finds 'certificate blocker' 'key values mismatch' --set "n1.cert=$T/long.pem" --set "n1.key=$T/short.key" --set n1.url=https://localhost:8443
    finds 'certificate blocker' 'No such file' --set "n1.cert=$T/none.pem" --set "n1.key=$T/long.key" --set n1.url=https://localhost:8443
    expired over
    finds 'certificate-time blocker' 'it has ended on' --set "n1.cert=$T/over.pem" --set "n1.key=$T/over.key" --set n1.url=https://localhost:8443
}

it_finds_stores_that_are_not_or_not_rightly_registered() {
    co 0 n1 stores remove 000003 --yes
    finds 'stores-registered blocker' 'nobody has registered it'
    co 0 n1 stores add 000003 --group US -q
    co 0 n1 stores add 000009 --group US -q
    finds 'stores-registered warning' 'headquarters has no such store'
    co 0 n1 stores remove 000009 --yes
    hash=$(sql "select secret_hash from carryover.n1_store where store = '000002'")
    planted 'stores-secrets blocker' 'it has no secret that could be right' "update carryover.n1_store set secret_hash = '' where store = '000002'" \
        "update carryover.n1_store set secret_hash = '$hash' where store = '000002'"
    planted 'stores-secrets blocker' '000001, 000002' "update carryover.n1_store set secret_hash = (select secret_hash from carryover.n1_store where store = '000001') where store = '000002'" \
        "update carryover.n1_store set secret_hash = '$hash' where store = '000002'"
    co 0 n1 stores pause 000002
    finds 'stores-secrets warning' 'it is paused'
    co 0 n1 stores resume 000002
}

it_finds_where_n_1_and_n_would_mix() {
    planted 'versions-apart blocker' 'it runs N-1, and its group US is for N' "update carryover.n1_group set schema = 'N' where name = 'US'" \
        "update carryover.n1_group set schema = 'N-1' where name = 'US'"
    planted 'versions-apart blocker' 'it runs N, and its group US is for N-1' "update carryover.n1_store set schema = 'N' where store = '000001'" \
        "update carryover.n1_store set schema = 'N-1' where store = '000001'"
    planted 'versions-apart blocker' 'its rows those of EU' "update carryover.n1_member set channel_group = 'EU' where store = '000001'" \
        "update carryover.n1_member set channel_group = 'US' where store = '000001'"
    planted 'versions-apart blocker' 'it makes packages for version N, and the package says N-1' "update carryover.n1_job set schema = 'N' where job = '1010'" \
        "update carryover.n1_job set schema = 'N-1' where job = '1010'"
    planted 'versions-apart blocker' 'is for version N, the store runs N-1' "insert into carryover.n1_package (job, scope, owner, is_full, from_version, to_version, rows, keys, bytes, sha256, parts)
        values ('1010_AX7', 'group', 'US', true, 0, 1, 0, 0, 0, '', 0);
        insert into carryover.n1_download (store, package, state) select '000001', max(package), 'requested' from carryover.n1_package" \
        "delete from carryover.n1_package where job = '1010_AX7'"
}

it_finds_jobs_that_are_not_those_of_the_package() {
    scope=$(sql "delete from carryover.n1_subjob where job = '1010' and lens = 'custtable' returning scope")
    finds 'jobs blocker' 'custtable is not part of what is installed'
    sql "insert into carryover.n1_subjob values ('1010', 'custtable', '$scope')"
    planted 'jobs blocker' 'inventdim is sent, and the package does not have it there' "insert into carryover.n1_subjob values ('1010', 'inventdim', 'all')" \
        "delete from carryover.n1_subjob where job = '1010' and lens = 'inventdim'"
    co 0 n1 jobs pause 1020
    planted 'jobs blocker' 'it could not be made' "update carryover.n1_job set error = 'it could not be made' where job = '1020'" \
        "update carryover.n1_job set error = '' where job = '1020'"
    finds 'jobs warning' 'it is paused'
    co 0 n1 jobs resume 1020
}

it_finds_a_package_that_is_not_the_one_that_was_loaded() {
    cp -r "$ROOT/packages/ax2012r3-commerce" "$T/package"
    echo '-- Another one.' >>"$T/package/channel/custtable.sql"
    look --package "$T/package"
    same found "$(cat "$T/found")" "$(printf 'package-installed blocker\nchannel-lenses blocker')"
    rm "$T/package/calls/PayGiftCard.sql"
    sed -i '/^    SendEmail: /d' "$T/package/package.yaml"
    sed -i 's/hq_call.giftcard_lock(/hq_call.giftcard_bolt(/' "$T/package/calls/LockGiftCard.sql"
    sed -i 's/^from   uploaded u$/from   uploaded_before u/' "$T/package/uploads/H04.sql"
    look --package "$T/package"
    has "$T/found" 'upload-rules blocker'
    has "$T/out" 'uploads/H04.sql'
    has "$T/found" 'calls-answered blocker'
    has "$T/found" 'calls-statements blocker'
    has "$T/out" '{"subject":"PayGiftCard","detail":"tills call it and nothing answers"}'
    has "$T/out" '{"subject":"SendEmail"'
    has "$T/out" giftcard_bolt
    echo 'select 1' >"$T/package/checks/X.sql"
    co 2 n1 check --package "$T/package"
    has "$T/err" 'checks/X.sql:1: the header of this check lacks `-- id: ...`'
    printf -- '-- id: X\n-- severity: advice\n-- title: x\n-- why: x\n-- fix: x\nselect 1, 2' >"$T/package/checks/X.sql"
    co 2 n1 check --package "$T/package"
    has "$T/err" "'severity' is one of: blocker, warning; not 'advice'"
    sed -i 's/advice/warning/; s/, 2$//' "$T/package/checks/X.sql"
    co 2 n1 check --package "$T/package"
    has "$T/err" 'a check has two columns'
}

it_finds_lenses_of_jobs_that_cannot_be_followed() {
    "$CARRYOVER" init "$T/r" --target "$TARGET" >/dev/null
    sql 'begin; create table public.kept as select * from carryover.lens_package; delete from carryover.lens_package where direction in ('"'channel', 'channel_n'"'); commit'
    cp -r "$ROOT/packages/ax2012r3-commerce" "$T/package"
    sed -i 's/t.bankaccount,/t.nosuchcolumn,/' "$T/package/channel/custtable.sql"
    look --package "$T/package"
    sql 'begin; truncate carryover.lens_package; insert into carryover.lens_package select * from public.kept; drop table public.kept; commit'
    has "$T/found" 'channel-lenses blocker'
    has "$T/out" 'channel/custtable.sql:'
    has "$T/out" 'nosuchcolumn'
}

it_finds_workers_who_could_not_sign_in() {
    sql "create table public.staff as select * from hq.retailstafftable"
    put_back="begin; truncate hq.retailstafftable; insert into hq.retailstafftable select * from public.staff; commit"
    planted 'staff-passwords warning' '{"subject":"000161","detail":"has no password"}' "update hq.retailstafftable set legacypassworddata = '' where staffid = '000161'" "$put_back"
    planted 'staff-passwords blocker' 'none of its 6 workers can sign in' "update hq.retailstafftable set blocked = 1 where staffid in (select w.personnelnumber
        from hq.hcmworker w join hq.diraddressbookparty p on p.party = w.person join hq.retailstoreaddressbook b using (addressbook)
        join hq.retailstoretable s on s.recid = b.storerecid where s.storenumber = '000001')" "$put_back"
    planted 'staff-hashes blocker' 'its hash has 44 characters, not the 64 of sha256 as hex' "update hq.retailstafftable set legacypassworddata = left(legacypassworddata, 44) where staffid = '000161'" "$put_back"
    sql 'drop table public.staff'
}

# setting "ID STATE" TEXT TABLE STATEMENT: planted in a table of version N that is put back
setting() {
    sql "create table public.was as select * from hq.$3; $4"
    finds "$1" "$2"
    sql "begin; truncate hq.$3; insert into hq.$3 select * from public.was; drop table public.was; commit"
}

it_finds_settings_of_version_n_that_stores_of_n_1_need() {
    setting 'CHN01 blocker' 'its channel has no currency' retailchanneltable "update hq.retailchanneltable set currency = '' where recid = (select recid from hq.retailstoretable limit 1)"
    setting 'CHN01 blocker' "its channel has no warehouse 'NOWHERE'" retailchanneltable "update hq.retailchanneltable set inventlocation = 'NOWHERE' where recid = (select recid from hq.retailstoretable limit 1)"
    setting 'CHN02 warning' "is 'ftp://srv'" retailchannelprofileproperty "update hq.retailchannelprofileproperty set value = 'ftp://srv' where recid = (select min(recid) from hq.retailchannelprofileproperty)"
    setting 'CHN03 blocker' "has no hardware profile 'NONE'" retailterminaltable "update hq.retailterminaltable set hardwareprofile = 'NONE' where terminalid = '000001'"
    setting 'CHN03 blocker' 'it has no register' retailterminaltable "delete from hq.retailterminaltable where storerecid = (select recid from hq.retailstoretable where storenumber = '000001')"
    setting 'CHN04 blocker' 'it has none' retailstoretendertypetable "delete from hq.retailstoretendertypetable where channel = (select recid from hq.retailstoretable where storenumber = '000001')"
    setting 'SEC01 blocker' "it is 'TripleDES', not SHA256" retailsharedparameters "update hq.retailsharedparameters set tspasswordencryption = 'TripleDES'"
    setting 'SEC02 blocker' "not AES" retailsharedparameters "update hq.retailsharedparameters set devicetokenalgorithm = ''"
    setting 'SEC03 blocker' 'it is empty' retailsharedparameters "update hq.retailsharedparameters set staffpasswordhash = ''"
    setting 'STF01 warning' 'nobody is in its address book' retailstoreaddressbook "delete from hq.retailstoreaddressbook where storerecid = (select recid from hq.retailstoretable where storenumber = '000001')"
    setting 'SVC01 blocker' "transactionserviceprofile is 'NONE'" retailsharedparameters "update hq.retailsharedparameters set transactionserviceprofile = 'NONE'"
    setting 'SVC01 blocker' '{"subject":"000001","detail":"transactionserviceprofile is ' retailchanneltable "update hq.retailchanneltable set transactionserviceprofile = '' where recid = (select recid from hq.retailstoretable where storenumber = '000001')"
    setting 'SVC02 blocker' 'it lacks: the port, the language' retailtransactionserviceprofile "update hq.retailtransactionserviceprofile set centraltableserverport = '', language = ''"
    setting 'SVC03 warning' "it is 'other.example.com'" retailtransactionserviceprofile "update hq.retailtransactionserviceprofile set servercertificatedns = 'other.example.com'"
    look
    same found "$(cat "$T/found")" ''
}

it_does_not_disturb_a_gateway_that_runs() {
    co 0 n1 serve --detach --set n1.listen=127.0.0.1:0
    finds '' '"blockers":0'
    co 0 n1 serve stop
}

run_tests
