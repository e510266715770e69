# refresh: an upgraded sandbox into a production database beside it, with indexes and what is reset there.
#
# carryover makes its copy while the sandbox is in use and follows it; that it can be followed is part of what is
# measured, the switch is not: it is noted by itself (it proves every row twice, which the peer does not do at all).
#
# shellcheck shell=bash

bench_refresh() {
    begin_notes refresh
    begin_notes refresh-switch
    project "refresh$SCALE"
    say "refresh: the sample, scale $SCALE"
    refresh_sandbox
    for ((run = 0; run < RUNS; run++)); do
        for who in $(turn "$run" carryover pg_dump-pg_restore); do
            refresh_prepare
            measure refresh "$who" "refresh_with_${who//-/_}"
            refresh_check "$who"
        done
    done
    refresh_prepare
    report refresh carryover "refresh of $(sql "$TARGET" -c 'select pg_size_pretty(pg_database_size(current_database()))') with indexes, $JOBS jobs"
    say "refresh: the switch of the last copy, with two proofs: $(tail -1 "$BENCH_DIR/refresh-switch.times" | cut -f3) s"
}

# Once in a folder that is kept. The first refresh starts the private server anew, so that it can be followed.
refresh_sandbox() {
    sample "$SCALE"
    co replicate start --once --workers "$JOBS" || true
    co upgrade --once --workers "$JOBS" >/dev/null
    co refresh start --once --workers "$JOBS"
}

# Neither a copy nor a production database is there.
refresh_prepare() {
    co refresh reset --yes >/dev/null
    co maintenance off >/dev/null
    rm -rf "$BENCH_DIR/refresh.tmp"
    mkdir "$BENCH_DIR/refresh.tmp"
    for name in production peer $(sql "$ADMIN" -c "select datname from pg_database where datname ~ '^production_'"); do
        sql "$ADMIN" -c "drop database if exists $name with (force)" 2>/dev/null
    done
    settle
}

refresh_rules() {
    sql "${TARGET/\/target\?/\/$1?}" -c "update hq.retailtransactionserviceprofile set postspassword = ''" \
        -c "update hq.retailhardwareprofile set eftpassword = ''"
}

refresh_with_carryover() {
    co refresh start --once --workers "$JOBS"
    refresh_rules production_next
}

refresh_with_pg_dump_pg_restore() {
    sql "$ADMIN" -c 'create database peer'
    pg_dump -d "$TARGET" -N 'carryover*' -Fd -Z0 -j "$JOBS" -f "$BENCH_DIR/refresh.tmp/dump"
    pg_restore -d "${TARGET/\/target\?/\/peer?}" -j "$JOBS" --no-owner "$BENCH_DIR/refresh.tmp/dump"
    refresh_rules peer
}

# Every row, and every index; then the copy is switched, to know how long that takes.
refresh_check() {
    local name=production_next
    [[ $1 = carryover ]] || name=peer

    local rows="select sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %I.%I', schemaname, tablename), true, true, '')))[1]::text::bigint)
        from pg_tables where schemaname in ('hq', 'old')"
    local indexes="select count(*) from pg_indexes where schemaname in ('hq', 'old')"
    for ask in "$rows" "$indexes"; do
        [[ $(sql "$TARGET" -c "$ask") = $(sql "${TARGET/\/target\?/\/$name?}" -c "$ask") ]] || die "refresh: $1 has lost something"
    done
    [[ $1 = carryover ]] || return 0
    co refresh start --detach --workers "$JOBS" >/dev/null
    until co refresh status 2>/dev/null | grep -q '^replication: following$'; do sleep 0.2; done
    local from
    from=$(now)
    co refresh switch --yes >/dev/null 2>&1 || die "refresh: the switch failed"
    note refresh-switch carryover "$(minus "$(now)" "$from")" 0 0
}
