#!/bin/sh
# The checklist and the smoke test: gates that stay closed, people who confirm, what expires, and probes that fail for their
# own reason and no other.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

export CARRYOVER_PACKAGES="$ROOT/packages"
PLACE=$(mktemp -d /tmp/carryover-test-XXXXXX)
chmod 755 "$PLACE"

tidy_up() {
    for p in "$PLACE/ax" "$PLACE/shop"; do
        for what in 'n1 serve stop' 'n1 keep stop' 'server stop'; do
            # shellcheck disable=SC2086 # words of a command
            "$CARRYOVER" -C "$p" $what >/dev/null 2>&1
        done
    done
    rm -rf "$PLACE"
}
trap tidy_up EXIT

# ax STATUS COMMAND..., shop STATUS COMMAND...
ax() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/ax" "$@"
}

shop() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" -C "$PLACE/shop" "$@"
}

# sql SIDE STATEMENT, of the AX project
sql() {
    psql -XAtq -v ON_ERROR_STOP=1 "$("$CARRYOVER" -C "$PLACE/ax" server uri "$1")" -c "$2" || fail "sql: $2"
}

# state ID: as the last `check --json` in $T/out has it
state() {
    python3 -c 'import json, sys
print(next(i["state"] for i in json.load(open(sys.argv[1]))["items"] if i["id"] == sys.argv[2]))' "$T/out" "$1"
}

# item STATUS ID STATE [TEXT]: runs one item of the AX project
item() {
    ax "$1" check --item "$2" --json
    same "$2" "$(state "$2")" "$3"
    [ -z "${4:-}" ] || has "$T/out" "$4"
}

# --- a shop whose package has a question and a check at its first gate; and a sample of AX with version N ---

T=$PLACE
{
    cp -r "$ROOT/examples/bookshop" "$PLACE/bookshop"
    cat >"$PLACE/bookshop/checklist/gate.yaml" <<'END'
BOSS01:
  phase: pre
  gate: replicate
  severity: blocker
  title: the boss agrees
  why: she asked for it
  fix: ask her
  question: does the boss agree?
  rests_on: [package, config, source select count(*) from magazine]
  valid_for: 2s
END
    sed -i '$d' "$PLACE/bookshop/checklist/gate.yaml" # forever, for now
    cat >"$PLACE/bookshop/checklist/FAX01.sql" <<'END'
-- id: FAX01
-- phase: pre
-- gate: replicate
-- severity: blocker
-- title: nobody has ever sent a fax
-- why: version N has none
-- fix: delete them
-- on: source
select 'fax ' || id, 'was sent' from fax order by id
END
    sed 's/FAX01/OLD01/; s/gate: replicate/gate: upgrade/; s/source/target/; s/from fax /from old.fax where document is null /' \
        "$PLACE/bookshop/checklist/FAX01.sql" >"$PLACE/bookshop/checklist/OLD01.sql"
    "$CARRYOVER" init "$PLACE/shop" --package "$PLACE/bookshop" &&
        "$CARRYOVER" -C "$PLACE/shop" sample create --scale 0.01 -q &&
        "$CARRYOVER" init "$PLACE/ax" && "$CARRYOVER" -C "$PLACE/ax" sample create --scale 0.01 -q &&
        "$CARRYOVER" -C "$PLACE/ax" replicate start --once -q && "$CARRYOVER" -C "$PLACE/ax" upgrade --once -q
} >"$PLACE/made" 2>&1 || {
    echo "Bail out! $(tail -n 5 "$PLACE/made")"
    exit 1
}

# --- gates and people ---

it_keeps_replication_closed_until_people_have_spoken() {
    shop 5 replicate start --once
    has "$T/err" '[gate]: 2 blocking items of the checklist are open before `replicate`'
    has "$T/err" 'BOSS01 (to confirm): the boss agrees'
    has "$T/err" 'FAX01 (failed): nobody has ever sent a fax'
    has "$T/err" 'carryover check confirm BOSS01 --by NAME --note TEXT'
    shop 2 check confirm BOSS01 --note 'she does'
    has "$T/err" '--by NAME'
    shop 2 check confirm BOSS01 --by Ada --note ' '
    shop 2 check confirm BOSS1 --by Ada --note yes
    has "$T/err" 'Did you mean BOSS01?'
    shop 5 check confirm FAX01 --by Ada --note 'I say so'
    has "$T/err" 'FAX01 verifies itself and is failed; nobody can confirm it'
    shop 5 check confirm PAP01 --by Ada --note 'I say so'
    shop 0 check confirm BOSS01 --by 'Ada Lovelace' --note 'by telephone'
    has "$T/out" 'confirmed by Ada Lovelace on 20'
    shop 5 replicate start --once
    has "$T/err" '1 blocking item of the checklist is open'
    shop 0 check override FAX01 --by Ada --reason 'too soon'
    shop 0 check withdraw FAX01 --by Ada --reason 'I have thought again'
    shop 5 replicate start --detach
    has "$T/err" 'FAX01 (failed)'
    shop 0 check override FAX01 --by 'Charles <B>' --reason 'the machine is broken anyway'
    shop 0 replicate start --once
    has "$T/err" 'Charles <B> let it go: the machine is broken anyway'
    target=$("$CARRYOVER" -C "$PLACE/shop" server uri target)
    psql -XAtq "$target" -c "alter table old.fax alter document drop not null; insert into old.fax values (-1, now(), null)"
    shop 5 upgrade --once
    has "$T/err" 'open before `upgrade`'
    has "$T/err" 'OLD01 (failed)'
    psql -XAtq "$target" -c 'delete from old.fax where id = -1'
    shop 0 upgrade --once
    psql -XAtq "$target" -c 'insert into old.fax values (-1, now(), null)'
    shop 0 upgrade --once
    shop 5 upgrade --once --reset
    psql -XAtq "$target" -c 'delete from old.fax where id = -1'
}

it_shows_overrides_in_every_report() {
    shop 0 check --phase pre
    has "$T/out" 'override of FAX01: Charles <B> on 20'
    has "$T/out" 'overridden      FAX01'
    report=$(sed -n 's/^report *//p' "$T/out")
    has "$report" 'Charles &lt;B&gt; on 20'
    has "$report" 'the machine is broken anyway'
    has "${report%.html}.json" '"override":{"by":"Charles <B>"'
    shop 0 check --phase post
    shop 0 check list --json
    has "$T/out" '"reason":"the machine is broken anyway"'
    shop 0 check withdraw FAX01 --by Charles --reason 'it is mended'
    shop 0 replicate start --once # it goes on: it has begun
    shop 1 check --phase pre
    has_not "$T/out" 'broken anyway'
    has "$T/out" 'fax 1: was sent'
    psql -XAtq "$("$CARRYOVER" -C "$PLACE/shop" server uri source)" -c 'delete from shop.fax'
    shop 0 check --phase pre
    shop 0 check --item 'FAX*' --json
    same FAX01 "$(state FAX01)" passed
}

it_notes_what_it_saw_in_a_journal_that_cannot_be_rewritten() {
    shop 0 check --item PAP01
    sqlite3 "$PLACE/shop/state.db" "select step, event from event where run = (select id from run where kind = 'check')" >"$T/events"
    has "$T/events" 'BOSS01|confirmed'
    has "$T/events" 'FAX01|overridden'
    has "$T/events" 'FAX01|withdrawn'
    has "$T/events" 'gate:replicate|closed'
    has "$T/events" 'gate:replicate|open'
    has "$T/events" 'PAP01|passed'
}

it_lets_a_confirmation_expire_when_its_ground_changes() {
    shop 0 replicate reset --yes
    again() {
        shop 1 check --item BOSS01
        has "$T/out" 'expired         BOSS01'
        has "$T/out" "$1"
        shop 5 replicate start --once
        has "$T/err" 'BOSS01 (expired)'
        shop 0 check confirm BOSS01 --by Ada --note again
        shop 0 check --item BOSS01
    }
    echo '-- Another word.' >>"$PLACE/bookshop/analyze/DEP01.sql"
    again 'the package has changed since'
    sed -i 's/^analyze:.*/analyze:\n  timeout: 7m/' "$PLACE/shop/carryover.yaml"
    sed -i '/^  timeout: 10m/d' "$PLACE/shop/carryover.yaml"
    again 'the configuration has changed since'
    psql -XAtq "$("$CARRYOVER" -C "$PLACE/shop" server uri source)" -c 'delete from shop.magazine where issue = (select max(issue) from shop.magazine)'
    again 'select count(*) from magazine'
    echo '  valid_for: 1s' >>"$PLACE/bookshop/checklist/gate.yaml"
    shop 0 check confirm BOSS01 --by Ada --note 'for a moment'
    sleep 1.2
    shop 1 check --item BOSS01
    has "$T/out" 'its time is over'
    sed -i '$d' "$PLACE/bookshop/checklist/gate.yaml"
    shop 0 check confirm BOSS01 --by Ada --note 'at last'
    shop 0 replicate start --once
    shop 0 upgrade --once
}

it_refuses_a_checklist_that_means_nothing() {
    cp -r "$PLACE/bookshop" "$T/p"
    # wrong FILE TEXT: what is in the file now is a mistake
    wrong() {
        status 2 "$CARRYOVER" package check "$T/p" --no-server
        has "$T/err" "$1"
        has "$T/err" "$2"
    }
    f=$T/p/checklist/FAX01.sql
    sed -i 's/replicate/replication/' "$f"
    wrong 'checklist/FAX01.sql:3' "'gate' is one of: none, replicate, upgrade, cutover, open; not 'replication'"
    sed -i 's/replication/replicate/; s/^-- on: source/-- om: source/' "$f"
    wrong 'checklist/FAX01.sql:8' "did you mean 'on'?"
    sed -i 's/^-- om: source/-- on: source/' "$f"
    f=$T/p/checklist/gate.yaml
    echo '  engine: fingerprint' >>"$f"
    wrong 'checklist/gate.yaml:1' 'either an engine or a question'
    sed -i '/question/d; s/engine: fingerprint/engine: fingerprints/' "$f"
    wrong 'checklist/gate.yaml' "'engine' is one of"
    sed -i 's/fingerprints/fingerprint/; s/^BOSS01/FAX01/' "$f"
    wrong 'checklist/' 'the item FAX01 is in checklist/'
    rm "$f"
    sed -i 's/from fax order/from faxes order/' "$T/p/checklist/FAX01.sql"
    status 2 "$CARRYOVER" package check "$T/p"
    has "$T/err" 'relation "faxes" does not exist'
}

# --- what AX brings ---

it_passes_on_the_sample_but_for_what_people_have_to_say() {
    ax 1 check --phase pre --json
    for id in BAS01 PRV01 SET01 SPC01 SPC02 COM01 COM02 ANA01; do same $id "$(state $id)" passed; done
    for id in USR01 BAT01 STM01 DOC01; do same $id "$(state $id)" 'not applicable'; done
    for id in SLT01 BUS01; do same $id "$(state $id)" 'to confirm'; done
    has "$T/out" '"open_blockers":2'
    ax 1 check --phase post --json
    for id in PCH01 PSV01 PDV01 PHW01 PST01 PNB01 PSM01; do same $id "$(state $id)" passed; done
    same PNI01 "$(state PNI01)" failed
    for id in PFS01 PTX01 PNI02 PAT01 PBT01; do same $id "$(state $id)" 'not applicable'; done
    ax 0 check list --json
    same BAS01 "$(state BAS01)" passed
}

it_finds_what_is_wrong_in_the_source() {
    sql source "insert into dbo.partitions (partitionkey, name, recid) values ('second', 'Second', 1)"
    item 1 COM01 failed 'second (Second)'
    sql source 'delete from dbo.partitions where recid = 1'
    sql source "create table dbo.batchjob (caption text, status int); insert into dbo.batchjob values ('Nightly', 1), ('Done', 4)"
    item 1 BAT01 failed '{"subject":"Nightly","detail":"it is waiting"}'
    sql source 'update dbo.batchjob set status = 0'
    item 0 BAT01 passed
    sql source "create table dbo.retailstatementtable (statementid text, storeid text, statementdate timestamp, posteddate timestamp);
        insert into dbo.retailstatementtable values ('S1', '000001', now(), '1900-01-01'), ('S2', '000001', now(), now())"
    item 1 STM01 failed '"subject":"S1"'
    has_not "$T/out" '"subject":"S2"'
    sql source "create table dbo.docutype (typeid text, fileplace int); insert into dbo.docutype values ('File', 0), ('Note', 1)"
    item 0 DOC01 failed 'its files are in a folder'
    sql source 'drop table dbo.batchjob, dbo.retailstatementtable, dbo.docutype'
}

# planted ID TEXT TABLE STATEMENT: in a table of version N that is put back
planted() {
    sql target "create table public.was as select * from hq.$3; $4"
    ax "${5:-1}" check --item "$1" --json
    same "$1" "$(state "$1")" failed
    has "$T/out" "$2"
    sql target "begin; truncate hq.$3; insert into hq.$3 select * from public.was; drop table public.was; commit"
    ax 0 check --item "$1"
}

it_finds_what_is_wrong_in_version_n() {
    planted PCH01 'CHN03: register 000001 has no hardware profile' retailterminaltable "update hq.retailterminaltable set hardwareprofile = 'NONE' where terminalid = '000001'"
    planted PSV01 'SEC02: it is' retailsharedparameters "update hq.retailsharedparameters set devicetokenalgorithm = ''"
    planted PDV01 "there is no register 'NONE'" retaildevice "insert into hq.retaildevice (deviceid, terminal, recid) values ('D', 'NONE', 1)"
    planted PHW01 'its store 1 does not exist' retailterminaltable "update hq.retailterminaltable set storerecid = 1 where terminalid = '000001'" 0
    planted PST01 'there is no worker with this number' retailstafftable "insert into hq.retailstafftable (staffid, changepassword, recid) values ('NOBODY', 1, 1)"
    planted PNB01 'the largest is 5' numbersequencetable "insert into hq.numbersequencetable (numbersequence, nextrec, highest, recid) values ('Sales', 6, 5, 1)"
    sql target "create table hq.batchjob (caption text, status int); insert into hq.batchjob values ('Nightly', 0)"
    item 0 PBT01 failed '"subject":"Nightly"'
    sql target "create table hq.docuvalue (file bytea); insert into hq.docuvalue values ('x'), ('')"
    item 0 PAT01 failed '1 attachments are still in the database'
    sql target 'drop table hq.batchjob, hq.docuvalue'
}

# users CONTENT: as the file of the mapping
users() {
    printf "$1" >"$PLACE/ax/users.csv"
}

it_compares_the_user_mapping_with_the_users() {
    sql source "create table dbo.userinfo (id text, enable int); insert into dbo.userinfo values ('Ada', 1), ('bob', 1), ('gone', 0), ('o''neil', 1)"
    item 1 USR01 failed 'it is not set, and the source has 4 users'
    map='--set check.user_map=users.csv'
    users '\357\273\277UserId,EmailAddress\r\nada,ada@example.com\r\nbob,"bob@example.com"\r\n'"o'neil,o'neil@example.co.uk"'\r\n'
    # shellcheck disable=SC2086 # an option and its value
    ax 0 check --item USR01 $map
    has "$T/out" '3 rows below a line of names, 3 accepted, 0 rejected, 0 users without one; BLAKE2b '
    test ! -e "$PLACE/ax/reports/user-map-rejected.csv" || fail 'nothing was rejected'
    users 'bob,bob@example.com\nBOB,other@example.com\nada,ada at example.com\n"o'"'"'neil,x\nzed,zed@example.com\ngone,bob@example.com\nada;ada@example.com\n'
    # shellcheck disable=SC2086
    ax 1 check --item USR01 $map
    has "$T/out" '7 rows, 1 accepted, 6 rejected, 2 users without one'
    has "$T/out" 'line 2: BOB: line 1 maps this user already'
    has "$T/out" 'line 3: ada: this is no e-mail address'
    has "$T/out" 'line 4: : a quote is opened and never closed'
    has "$T/out" 'line 5: zed: the source has no such user'
    has "$T/out" 'line 6: gone: line 1 gives this address to another user'
    has "$T/out" 'they are separated by commas'
    has "$T/out" 'Ada: may sign in and has no row'
    has "$PLACE/ax/reports/user-map-rejected.csv" '5,"zed","zed@example.com","the source has no such user"'
    same 'rejected rows' "$(wc -l <"$PLACE/ax/reports/user-map-rejected.csv")" 7
    sql source 'drop table dbo.userinfo'
}

it_proves_the_salt_without_showing_it() {
    salt=a-salt-of-the-registry
    printf '%s\n000160 pos000160\n' $salt >"$PLACE/ax/salt"
    chmod 644 "$PLACE/ax/salt"
    set -- --item SLT01 --set check.salt_file=salt
    ax 1 check "$@" --set settings.staff_site_salt=another
    has "$T/out" 'others may read it: chmod 600'
    has "$T/out" 'its first line is not what settings.staff_site_salt says'
    has "$T/out" '000160: the password is not proven with this salt and algorithm'
    chmod 600 "$PLACE/ax/salt"
    printf '\n000160 pos000160\n' >"$PLACE/ax/salt" # the sample has none
    ax 0 check "$@"
    has "$T/out" 'the hash of worker 000160 is proven with it'
    has_not "$T/out" pos000160
    printf '\n000160 pos000161\n' >"$PLACE/ax/salt"
    ax 1 check "$@"
    ax 1 check --item SLT01 --set settings.staff_site_salt=$salt
    has "$T/out" 'the salt is in settings.staff_site_salt only'
    ax 0 check confirm SLT01 --by Ada --note 'it was never run'
    ax 0 check --item SLT01
    if grep -rlF -e $salt -e pos000160 "$PLACE/ax/reports" "$PLACE/ax/state.db"; then fail 'a secret was kept'; fi
}

it_asks_a_person_for_the_disk_of_a_server_elsewhere() {
    uri=$("$CARRYOVER" -C "$PLACE/ax" server uri target)
    sql target "create role guest login; grant connect on database $(sql target 'select current_database()') to guest"
    guest=$(printf %s "$uri" | sed 's/user=[^& ]*/user=guest/; s/^\(postgresql:\/\/\)[^@\/]*@/\1guest@/')
    ax 1 check --item SPC01 --set "target=$guest"
    has "$T/out" 'is there room for 1.1 GB where the server of the target keeps its data?'
    ax 0 check confirm SPC01 --by Ada --note 'there are 4 TB' --set "target=$guest"
    ax 0 check --item SPC01 --set "target=$guest"
    has "$T/out" 'confirmed by Ada'
    ax 0 check --item SPC01
    has "$T/out" 'passed          SPC01'
    ax 1 check --item 'COM0*' --set 'source=host=/nowhere'
    has "$T/out" 'it could not be asked: [connect]'
}

# --- the smoke test ---

# probe STATUS NAME STATE [TEXT]: runs the smoke test of the shop
probe() {
    shop "$1" smoke --json
    same "$2" "$(python3 -c 'import json, sys
print(next(r["state"] for r in json.load(open(sys.argv[1]))["results"] if r["name"] == sys.argv[2]))' "$T/out" "$2")" "$3"
    [ -z "${4:-}" ] || has "$T/out" "$4"
}

# serve PORT_FILE: a server that answers every GET with "in stock", and /slow never
serve() {
    python3 - "$1" <<'END' &
import http.server, socketserver, sys, time
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/slow":
            time.sleep(20)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"in stock")
    def log_message(self, *words):
        pass
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
server = Server(("127.0.0.1", 0), Handler)
open(sys.argv[1], "w").write(str(server.server_port))
server.serve_forever()
END
    server=$!
    trap 'kill $server' EXIT
    while [ ! -s "$1" ]; do sleep 0.05; done
}

it_tries_what_is_declared_and_says_why_it_fails() {
    serve "$T/port"
    port=$(cat "$T/port")
    closed=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    y=$PLACE/shop/smoke.yaml
    shop 0 smoke
    has "$T/out" 'ok       write     customers: a customer is written down'
    probes() { printf "$1\n" >"$y"; }
    probes "till: {tcp: '127.0.0.1:$port'}"
    probe 0 till ok
    probes "till: {tcp: '127.0.0.1:$closed'}"
    probe 1 till failed '"error":"probe-connect"'
    has "$T/err" '1 of 3 probes failed: till (connecting to 127.0.0.1:'
    probes "till: {tcp: 'no-such-host.invalid:80', timeout: 2s}"
    probe 1 till failed 'finding no-such-host.invalid:80'
    probes "web: {http: 'http://127.0.0.1:$port/stock', contains: in stock}"
    probe 0 web ok
    probes "web: {http: 'http://127.0.0.1:$port/stock', contains: sold out}"
    probe 1 web failed "does not contain 'sold out'"
    probes "web: {http: 'http://127.0.0.1:$port/', status: 204}"
    probe 1 web failed 'answers with status 200, not 204'
    probes "web: {http: 'http://127.0.0.1:$port/slow', timeout: 300ms}"
    probe 1 web failed '"error":"probe-connect"'
    probes "web: {http: 'http://192.0.2.1/'}"
    probe 1 web failed '"error":"guard"'
    probes "books: {read: select code from hq.product where false, expect: no rows}"
    probe 0 books ok
    probes "books: {read: select code from hq.product where false}"
    probe 1 books failed 'there is no row'
    probes "books: {read: 'select 1', expect: value 2}"
    probe 1 books failed 'the value is 1, not 2'
    probes "books: {read: 'select pg_sleep(5)', timeout: 200ms}"
    probe 1 books failed 'statement timeout'
    probes "old: {read: select count(*) from book where isbn is null, on: source, expect: value 0}"
    probe 0 old ok
    probes "w: {write: ['delete from hq.sale where false'], area: sales, proof: select 1 from hq.sale where id = -1}"
    probe 1 w failed 'inside of the transaction there is no row of what was written'
    probes "w: {write: ['select 1'], area: sales, proof: select 1 from hq.sale}"
    probe 1 w failed 'before anything is written there is such a row'
    probes "w: {write: [\"insert into hq.customer (id, last_name, member_since) values (-2, 'x', now())\", commit], area: sales, proof: select 1 from hq.customer where id = -2}"
    probe 1 w failed 'after the rollback there is such a row'
    psql -XAtq "$("$CARRYOVER" -C "$PLACE/shop" server uri target)" -c 'delete from hq.customer where id = -2'
    probes 'catalogue: {tcp: "127.0.0.1:1"}'
    shop 2 smoke
    has "$T/err" "the package has a probe 'catalogue' already"
    probes 'x: {tcp: "127.0.0.1"}'
    shop 2 smoke
    has "$T/err" 'smoke.yaml:1:10: '
    rm "$y"
}

it_signs_a_worker_in_and_takes_a_store_through_a_round() {
    f=$PLACE/ax/sign-in.json
    printf 'sign-in: {sign_in: StaffLogOn, store: "000001", file: sign-in.json, answer: ChangePasswordRequired}\n' >"$PLACE/ax/smoke.yaml"
    ax 0 smoke
    has "$T/out" 'skipped  sign-in   sign-in'
    has "$T/out" 'skipped  n1-round  n1-round'
    printf '{"staffId": "000160", "terminalId": "000001", "password": "pos000160"}' >"$f"
    chmod 644 "$f"
    ax 1 smoke
    has "$T/out" 'others may read it: chmod 600'
    chmod 600 "$f"
    ax 0 smoke
    has "$T/out" 'StaffLogOn answers ChangePasswordRequired'
    printf '{"staffId": "000160", "terminalId": "000001", "password": "wrong"}' >"$f"
    ax 1 smoke --json
    has "$T/out" 'StaffLogOn answers: AuthenticationFailed'
    has_not "$T/out" pos000160
    rm "$f" "$PLACE/ax/smoke.yaml"
    psql -XAtq -v ON_ERROR_STOP=1 "$("$CARRYOVER" -C "$PLACE/ax" server uri target)" -c 'set search_path = hq, public' -f "$ROOT/packages/ax2012r3-commerce/final/40_upload_recid.sql" >/dev/null || fail 'final script'
    sql target "update carryover.environment set state = 'live', interrupted = 'live'"
    for store in $(sql target 'select storenumber from hq.retailstoretable'); do ax 0 n1 stores add "$store" --group US -q; done
    ax 0 n1 keep --detach
    ax 0 smoke
    has "$T/out" 'no gateway runs in this project, and n1.url is not set'
    ax 0 n1 serve --detach --set n1.listen=127.0.0.1:0
    ax 0 smoke
    has "$T/out" 'ok       n1-round'
    has "$T/out" 'full packages applied, the call was answered; nothing was uploaded'
    same 'stores' "$(sql target 'select count(*) from carryover.n1_store')" 3
    ax 1 check --phase post --json
    same PNI01 "$(state PNI01)" passed
    same PFS01 "$(state PFS01)" failed
    has "$T/out" 'it has no package of job 1010'
    same PTX01 "$(state PTX01)" failed
    has "$T/out" 'it has not sent anything'
    same PNI02 "$(state PNI02)" failed
    has "$T/out" 'it was not run on this project'
    ax 0 n1 serve stop
    ax 1 smoke --set n1.url=http://127.0.0.1:9
    has "$T/out" '[command-failed]'
}

run_tests "$@"
