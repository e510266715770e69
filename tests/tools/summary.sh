#!/bin/sh
# tools/summary on small test logs.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

# entry RESULT TAP: one line of a testlog.json
entry() {
    printf '{"name": "t", "stdout": "%s", "result": "%s"}\n' "$2" "$1"
}

summary() {
    status "$1" "$ROOT/tools/summary" "$T/log"
}

it_adds_up_the_lines_of_all_programs() {
    { entry OK '1..2\nok 1 - a\nok 2 - b\n'; entry OK '1..1\nok 1 - c\n'; } >"$T/log"
    summary 0
    same output "$(cat "$T/out")" '3 passed, 0 failed'
}

it_fails_when_a_line_says_so() {
    entry FAIL '1..2\nok 1 - a\nnot ok 2 - b\n' >"$T/log"
    summary 1
    same output "$(cat "$T/out")" '1 passed, 1 failed'
}

it_counts_a_program_that_crashed_after_good_lines() {
    entry ERROR '1..2\nok 1 - a\n' >"$T/log"
    summary 1
    same output "$(cat "$T/out")" '1 passed, 1 failed'
}

it_counts_a_program_that_said_nothing() {
    { entry TIMEOUT ''; entry OK ''; } >"$T/log"
    summary 1
    same output "$(cat "$T/out")" '1 passed, 1 failed'
}

it_counts_a_skipped_test_as_failed() {
    entry OK '1..2\nok 1 - a\nok 2 - b # SKIP no server\n' >"$T/log"
    summary 1
    same output "$(cat "$T/out")" '1 passed, 1 failed'
}

it_adds_failures_that_are_no_tests() {
    entry OK '1..1\nok 1 - a\n' >"$T/log"
    status 1 "$ROOT/tools/summary" --also-failed 2 "$T/log"
    same output "$(cat "$T/out")" '1 passed, 2 failed'
}

it_fails_when_no_test_ran() {
    : >"$T/log"
    summary 1
    same output "$(cat "$T/out")" '0 passed, 0 failed'
}

run_tests
