# tap: tests in shell. A test is a function whose name is a sentence; `run_tests` runs every function that starts with
# it_ in a subshell with a fresh folder in $T, and prints TAP; with arguments, only those that are named.
#
# shellcheck shell=sh

ROOT=${CARRYOVER_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
export ROOT

# Tests that are not about sign-offs cut over without one.
CARRYOVER_CUTOVER_SIGNOFF=${CARRYOVER_CUTOVER_SIGNOFF-optional}
export CARRYOVER_CUTOVER_SIGNOFF

fail() {
    echo "# $*" >&2
    exit 1
}

# same WHAT ACTUAL EXPECTED
same() {
    [ "$2" = "$3" ] || fail "$1: got <$2>, expected <$3>"
}

# has FILE TEXT
has() {
    grep -qF -- "$2" "$1" || fail "$1 has no <$2>: $(head -c 600 "$1")"
}

has_not() {
    ! grep -qF -- "$2" "$1" || fail "$1 has <$2>: $(head -c 600 "$1")"
}

# status EXPECTED COMMAND...: output goes to $T/out and $T/err
status() {
    expected=$1
    shift
    got=0
    "$@" >"$T/out" 2>"$T/err" || got=$?
    [ "$got" = "$expected" ] || fail "status $got instead of $expected of: $*: $(tail -c 900 "$T/err")"
}

run_tests() {
    tests=${*:-$(sed -n 's/^\(it_[a-z0-9_]*\)() .*/\1/p' "$0")}
    n=0
    bad=0
    echo "1..$(echo "$tests" | wc -w)"
    for test in $tests; do
        n=$((n + 1))
        T=$(mktemp -d /tmp/carryover-test-XXXXXX)
        chmod 755 "$T"
        export T
        if (set -eu; "$test"); then
            echo "ok $n - $test"
        else
            echo "not ok $n - $test"
            bad=1
        fi
        rm -rf "$T"
    done
    exit $bad
}
