# lens: all tables of version N out of the replica, with indexes, constraints and statistics; beside the same SQL, as
# many statements at a time.
#
# shellcheck shell=bash

bench_lens() {
    begin_notes lens
    project "full$SCALE"
    lens_prepare
    for ((run = 1; run <= RUNS; run++)); do
        for who in $(turn "$run" carryover by-hand); do
            settle
            measure lens "$who" "lens_with_${who//-/_}"
        done
        lens_check
    done
    sql "$TARGET" -c 'drop schema by_hand, by_hand_lens cascade' 2>/dev/null
    report lens carryover "load of all lenses, scale $SCALE, $JOBS jobs"
}

lens_prepare() {
    sample "$SCALE"
    if [[ $(sql "$TARGET" -c "select to_regclass('carryover.replication') is not null") != t ]]; then
        release_source
        co replicate start --once --workers "$JOBS"
    fi
    # The first load also builds what both need on the replica, and its helper functions.
    co upgrade --once --workers "$JOBS" >/dev/null
}

lens_with_carryover() {
    co upgrade --once --reset --workers "$JOBS"
}

# Statements of a package's file, one a line, for tables in another schema.
statements() {
    sed -e 's/--.*//' -e "s/\bhq\./$2./g" "$1" | tr '\n' ' ' | sed 's/;/;\n/g' | grep -v '^ *$'
}

# Every lens as a view of schema by_hand_lens: the statements find its columns there.
by_hand_views() {
    local file
    for file in "$PACKAGE"/up/*.sql; do
        printf 'create view by_hand_lens.%s as\n' "$(basename "$file" .sql)"
        sed 's/;[[:space:]]*$//' "$file"
        echo ';'
    done
}

# Largest first, emptied in the transaction that fills it, as carryover does.
by_hand_loads() {
    sql "$TARGET" -c "select format('begin; truncate by_hand.%1\$I; insert into by_hand.%1\$I (%2\$s) select %2\$s from by_hand_lens.%1\$I; commit',
            v.relname, string_agg(quote_ident(a.attname), ', ' order by a.attnum))
        from pg_class v join pg_attribute a on a.attrelid = v.oid and a.attnum > 0
        left join pg_class o on o.relname = v.relname and o.relnamespace = 'old'::regnamespace
        where v.relnamespace = 'by_hand_lens'::regnamespace and v.relkind = 'v'
        group by v.relname, o.oid order by coalesce(pg_table_size(o.oid), 0) desc"
}

# in_parallel N: N statements to a session, as starting one takes longer than a small statement.
in_parallel() {
    export TARGET
    # shellcheck disable=SC2016 # for the inner shell
    tr '\n' '\0' | xargs -0 -P "$JOBS" -n "$1" bash -c '{
            echo "set jit = off; set join_collapse_limit = 20; set work_mem = \$\$64MB\$\$; set maintenance_work_mem = \$\$256MB\$\$;"
            printf "%s;\n" "$@"
        } | psql -X -q -v ON_ERROR_STOP=1 "$TARGET" -f -' -
}

lens_with_by_hand() {
    {
        echo 'drop schema if exists by_hand, by_hand_lens cascade; create schema by_hand; create schema by_hand_lens;'
        statements "$PACKAGE/schema/10_tables.sql" by_hand
        by_hand_views
    } | sql "$TARGET" -f - >/dev/null
    by_hand_loads | in_parallel 1
    statements "$PACKAGE/schema/20_indexes.sql" by_hand | in_parallel 8
    statements "$PACKAGE/schema/30_constraints.sql" by_hand | in_parallel 8
    sql "$TARGET" -c "select format('analyze by_hand.%I', relname) from pg_class
        where relnamespace = 'by_hand'::regnamespace and relkind = 'r'" | in_parallel 8
}

lens_rows() {
    sql "$TARGET" -c "select sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from $1.%I', v.relname),
        false, true, '')))[1]::text::bigint) from pg_class v where relnamespace = 'by_hand_lens'::regnamespace and relkind = 'v'"
}

lens_check() {
    local mine theirs
    mine=$(lens_rows hq)
    theirs=$(lens_rows by_hand)
    [[ $mine = "$theirs" ]] || die "lens: carryover loaded $mine rows, the statements by hand $theirs"
}
