#!/bin/sh
# The folder that custom code is written into: there as a whole or not at all, whatever happens meanwhile.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"
# shellcheck source=tests/e2e/exports.sh
. "$(dirname "$0")/exports.sh"

it_gives_the_same_bytes_for_the_same_input() {
    for name in CtsA CtsB CtsC CtsD CtsE CtsF; do
        export_class $name <<X
public void run()
{
    $name::construct().go();
    Nobody n;
    print today();
}
X
    done
    co 0 xpp upgrade "$T/in" --out "$T/one" -j 1
    mv "$T/one" "$T/kept"
    co 0 xpp upgrade "$T/in" --out "$T/one" -j 4
    diff -r "$T/kept" "$T/one" || fail 'another number of workers gives other bytes'
    co 0 xpp upgrade "$T/in" --out "$T/one" -j 4
    diff -r "$T/kept" "$T/one" || fail 'a second run gives other bytes'
}

it_estimates_without_writing() {
    export_class CtsJob <<'X'
public void run()
{
    WinAPI::beep();
}
X
    co 2 xpp upgrade "$T/in"
    has "$T/err" '--out DIR names it'
    co 0 xpp upgrade "$T/in" --estimate --html "$T/page.html" --csv "$T/table.csv"
    has "$T/out" 'about 2 hours are left to people'
    has "$T/page.html" 'an estimate'
    has "$T/table.csv" '"D04","error","todo","Custom","class","CtsJob","methods/run"'
    [ "$(find "$T" -name '*.xml' | wc -l)" = 0 ] || fail 'an estimate wrote metadata'
}

it_replaces_only_what_it_wrote() {
    export_class CtsJob <<'X'
public void run()
{
}
X
    mkdir "$T/mine"
    echo precious >"$T/mine/file"
    co 5 xpp upgrade "$T/in" --out "$T/mine"
    has "$T/err" 'mine holds what carryover has not written: file'
    same 'what was there' "$(cat "$T/mine/file")" precious
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    mv "$T/in/CtsJob.xpo" "$T/in/old"
    export_class CtsOther <<'X'
public void run()
{
}
X
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    [ ! -e "$T/out.d/Custom/Custom/AxClass/CtsJob.xml" ] || fail 'a file of the run before is left'
    [ ! -e "$T/out.d.partial" ] || fail 'the folder in between is left'
    echo ' ' >>"$T/out.d/Custom/Custom/AxClass/CtsOther.xml"
    co 5 xpp upgrade "$T/in" --out "$T/out.d"
    has "$T/err" 'out.d holds what carryover has not written: Custom/Custom/AxClass/CtsOther.xml'
    mkdir "$T/out.e"
    co 0 xpp upgrade "$T/in" --out "$T/out.e"
    mkdir "$T/out.e/.git"
    echo ref >"$T/out.e/.git/HEAD"
    co 5 xpp upgrade "$T/in" --out "$T/out.e"
    has "$T/err" '.git/HEAD'
    mkdir "$T/out.f.partial"
    echo precious >"$T/out.f.partial/file"
    co 5 xpp upgrade "$T/in" --out "$T/out.f"
    same 'what was there' "$(cat "$T/out.f.partial/file")" precious
    co 5 xpp upgrade "$T/in" --out "$T/in"
    [ -e "$T/in/CtsOther.xpo" ] || fail 'the inputs are gone'
    ln -s "$T/mine" "$T/link"
    for out in "$T/link" "$T/link/"; do
        co 5 xpp upgrade "$T/in" --out "$out"
        has "$T/err" 'link is a symbolic link'
    done
    [ -L "$T/link" ] || fail 'the link is gone'
    for time in first second; do
        co 0 xpp upgrade "$T/in" --out "$T/out.g//"
        [ -e "$T/out.g/Custom/Custom/AxClass/CtsOther.xml" ] || fail "nothing is written the $time time"
        [ ! -e "$T/out.g.partial" ] || fail 'the folder in between is left'
    done
}

it_keeps_the_last_result_when_it_is_killed() {
    mkdir "$T/in"
    for i in $(seq 300); do
        export_class "Cts$i" <<'X'
public void run()
{
    info(strFmt("%1", today()));
}
X
    done
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    cp -r "$T/out.d" "$T/kept"
    for delay in 0.02 0.05 0.1 0.2; do
        "$CARRYOVER" xpp upgrade "$T/in" --out "$T/out.d" >/dev/null 2>&1 &
        pid=$!
        sleep $delay
        kill -9 $pid 2>/dev/null || true
        wait $pid || true
        [ -d "$T/out.d" ] || fail "nothing is left after a kill at $delay"
        diff -r "$T/kept" "$T/out.d" || fail "half a result after a kill at $delay"
    done
    co 0 xpp upgrade "$T/in" --out "$T/out.d"
    diff -r "$T/kept" "$T/out.d" || fail 'the run after the kills differs'
}

it_says_when_the_disk_is_full() {
    export_class CtsJob <<'X'
public void run()
{
}
X
    mkdir "$T/small"
    mount -t tmpfs -o size=64k tmpfs "$T/small" 2>/dev/null || return 0
    trap 'umount "$T/small" 2>/dev/null || true' EXIT
    head -c 60000 /dev/zero >"$T/small/ballast" || true
    got=0
    "$CARRYOVER" xpp upgrade "$T/in" --out "$T/small/out" >"$T/out" 2>"$T/err" || got=$?
    same status "$got" 6
    has "$T/err" 'disk-full'
}

it_lets_one_run_write_a_folder() {
    mkdir "$T/in"
    for i in $(seq 400); do
        export_class "Cts$i" <<'X'
public void run()
{
    info(strFmt("%1", today()));
}
X
    done
    for _ in 1 2 3; do
        "$CARRYOVER" xpp upgrade "$T/in" --out "$T/out.d" >"$T/one" 2>&1 &
        one=$!
        "$CARRYOVER" xpp upgrade "$T/in" --out "$T/out.d" >"$T/two" 2>&1 &
        two=$!
        wait "$one"
        first=$?
        wait "$two"
        second=$?
        case "$first $second" in
            '0 0' | '0 5' | '5 0') ;;
            *) fail "status $first and $second: $(cat "$T/one" "$T/two")" ;;
        esac
        same 'files' "$(find "$T/out.d" -name 'Cts*.xml' | wc -l)" 400
    done
}

it_says_when_an_input_is_cut_off() {
    export_class CtsLong <<'X'
public void run()
{
    info(strFmt("%1", today()));
}
X
    for _ in $(seq 12); do cat "$T/in/CtsLong.xpo" "$T/in/CtsLong.xpo" >"$T/twice" && mv "$T/twice" "$T/in/CtsLong.xpo"; done
    cp "$T/in/CtsLong.xpo" "$T/whole"
    seen=0
    for delay in 0.005 0.01 0.02 0.03 0.04 0.06 0.08 0.1 0.15 0.2; do
        cp "$T/whole" "$T/in/CtsLong.xpo"
        "$CARRYOVER" xpp upgrade "$T/in" --out "$T/out.d" >"$T/out" 2>"$T/err" &
        pid=$!
        sleep "$delay"
        : >"$T/in/CtsLong.xpo"
        wait "$pid"
        code=$?
        [ "$code" -lt 128 ] || fail "killed by signal $((code - 128)) after $delay"
        if grep -q xpo-changed "$T/err"; then seen=$((seen + 1)); fi
    done
    echo "# noticed $seen times of 10"
}

run_tests "$@"
