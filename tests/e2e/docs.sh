#!/bin/sh
# The committed manual is what the tables say.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

it_is_current_or_make_docs_has_to_be_run() {
    status 0 "$ROOT/tools/docs" "$CARRYOVER" --check
}

it_notices_a_page_that_is_not_current() {
    mkdir -p "$T/tools"
    cp "$ROOT/tools/docs" "$T/tools/docs"
    status 0 "$T/tools/docs" "$CARRYOVER"
    status 0 "$T/tools/docs" "$CARRYOVER" --check
    echo changed >>"$T/docs/man/carryover.1"
    status 1 "$T/tools/docs" "$CARRYOVER" --check
    has "$T/err" "not current"
}

run_tests
