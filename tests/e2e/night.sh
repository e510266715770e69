# night: the bookshop ready for its cutover, for the tests of that. Source tests/tap.sh first.
#
# shellcheck shell=sh

carryover() {
    "$CARRYOVER" "$@" --project "$T/upgrade"
}

# A hook is a script that notes that it ran; `again` makes it stop the shop's writers.
hooks() {
    printf '#!/bin/sh\necho stop >>%s/calls\n"%s" sample stop --project %s/upgrade\n' "$T" "$CARRYOVER" "$T" >"$T/stop"
    printf '#!/bin/sh\necho open >>%s/calls\n' "$T" >"$T/open"
    printf '#!/bin/sh\necho resume >>%s/calls\n' "$T" >"$T/resume"
    chmod +x "$T/stop" "$T/open" "$T/resume"
    : >"$T/calls"
}

project() {
    hooks
    "$CARRYOVER" init "$T/upgrade" --package "$ROOT/examples/bookshop" --set "hooks.stop_writers=$T/stop" \
        --set "hooks.open=$T/open" --set "hooks.resume_writers=$T/resume" >/dev/null 2>&1
    trap 'stop_all >"$T/stopped" 2>&1' EXIT
    carryover sample create --scale 0.01 >/dev/null 2>&1
}

stop_all() {
    for what in sample upgrade replicate; do
        carryover "$what" stop || true
    done
    carryover server stop
}

# Replication and upgrade run and have loaded everything, the shop sells.
under_way() {
    project
    begin_jobs
}

begin_jobs() {
    carryover sample run --rate 50 --detach >/dev/null 2>&1
    carryover replicate start --once --quiet 2>/dev/null
    carryover replicate start --detach >/dev/null 2>&1
    carryover upgrade --once --quiet >/dev/null 2>&1
    carryover upgrade --detach >/dev/null 2>&1
}

value() {
    psql -XAtq "$(carryover server uri "$1")" -c "$2"
}

# Every row of the source is in the replica, and every lens is what its table says.
same_rows() {
    for table in $(value source "select relname from pg_class where relnamespace = 'shop'::regnamespace and relkind = 'r'"); do
        sum="select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) from"
        same "rows of $table" "$(value target "$sum old.$table t")" "$(value source "$sum shop.$table t")"
    done
}
