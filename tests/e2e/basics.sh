#!/bin/sh
# The commands that need no database, as a user types them.
# shellcheck source=tests/tap.sh
. "$(dirname "$0")/../tap.sh"

co() {
    expected=$1
    shift
    status "$expected" "$CARRYOVER" "$@"
}

it_shows_help_with_and_without_a_command() {
    co 0
    has "$T/out" "usage: carryover COMMAND"
    co 0 help init
    cp "$T/out" "$T/one"
    co 0 init --help
    cmp "$T/one" "$T/out" || fail "help init and init --help differ"
    co 0 help settings
    has "$T/out" "replicate.slot"
    co 2 help nonsense
}

it_shows_the_version_as_option_and_command() {
    co 0 --version
    cp "$T/out" "$T/one"
    co 0 version
    cmp "$T/one" "$T/out" || fail "--version and version differ"
    co 0 version --json
    has "$T/out" '{"version":"'
}

it_explains_every_code_it_lists() {
    co 0 explain
    cp "$T/out" "$T/list"
    sed 1,2d "$T/list" | while read -r code _; do
        co 0 explain "$code"
        has "$T/out" "$code (exit status"
    done
    co 0 explain --json
    python3 -c 'import json, sys; assert len(json.load(open(sys.argv[1]))) > 20' "$T/out"
    co 2 explain slotlost
    has "$T/err" "did you mean \`carryover explain slot-lost\`?"
}

it_says_what_failed_what_next_and_where_to_read_more() {
    co 2 explian
    same "error" "$(cat "$T/err")" "carryover: error [usage]: there is no command 'explian'
  next: did you mean \`carryover explain\`?
  more: carryover explain usage"
    same "output" "$(cat "$T/out")" ""
}

it_prints_errors_as_json_when_asked() {
    co 2 --json explian
    python3 -c '
import json, sys
e = json.load(open(sys.argv[1]))["error"]
assert e["code"] == "usage" and e["status"] == 2 and e["message"] and e["next"], e' "$T/err"
}

it_makes_a_project_that_is_understood() {
    co 0 init "$T/p" --source 'host=h dbname=ax' --set workers=3 --set 'hooks.open=echo "hi"' --set settings.x=1
    [ -d "$T/p/reports" ] && [ -d "$T/p/logs" ] || fail "folders are missing"
    has "$T/p/.gitignore" ".env"
    has "$T/p/carryover.yaml" 'source: "host=h dbname=ax"'
    has "$T/p/carryover.yaml" 'workers: 3'
    has "$T/p/carryover.yaml" '  open: "echo \"hi\""'
    co 2 -C "$T/p" package check --set "package=$T/nowhere"
    has "$T/err" "[package-missing]"
}

it_overwrites_nothing() {
    co 0 init "$T/p"
    cp "$T/p/carryover.yaml" "$T/before"
    co 5 init "$T/p" --source x
    cmp "$T/before" "$T/p/carryover.yaml" || fail "carryover.yaml was changed"
    mkdir "$T/q"
    echo mine >"$T/q/.gitignore"
    co 0 init "$T/q"
    same ".gitignore" "$(cat "$T/q/.gitignore")" mine
}

it_shows_the_plan_of_init_and_makes_nothing() {
    co 0 init "$T/p" --dry-run
    has "$T/out" "package: ax2012r3-commerce"
    [ ! -e "$T/p" ] || fail "something was made"
}

it_keeps_passwords_out_of_the_project_file() {
    co 2 init "$T/p" --source postgresql://ann:s3cret@h/ax
    has_not "$T/err" s3cret
    [ ! -e "$T/p" ] || fail "something was made"
}

it_refuses_settings_that_do_not_exist() {
    co 2 init "$T/p" --set wrkers=1
    has "$T/err" "did you mean 'workers'?"
    [ ! -e "$T/p" ] || fail "something was made"
}

it_checks_the_package_that_comes_with_carryover() {
    co 0 package check "$ROOT/packages/ax2012r3-commerce"
    has "$T/out" "no mistakes found"
    co 0 package check "$ROOT/packages/ax2012r3-commerce" --json
    python3 -c 'import json, sys; assert json.load(open(sys.argv[1]))["up"] > 0' "$T/out"
    export CARRYOVER_PACKAGES="$ROOT/packages"
    co 0 init "$T/p"
    co 0 -C "$T/p" package check
}

it_says_when_its_output_has_nobody_to_read_it() {
    status 6 sh -c '"$CARRYOVER" explain >/dev/full'
    has "$T/err" "writing to standard output"
}

it_has_a_manual_without_complaints() {
    co 0 reference --man "$T/man"
    for page in "$T"/man/*.1; do
        if command -v mandoc >/dev/null; then
            mandoc -T lint "$page" || fail "$page"
        fi
        if command -v groff >/dev/null; then
            same "$page" "$(groff -man -ww -z "$page" 2>&1)" ""
        fi
    done
}

run_tests
