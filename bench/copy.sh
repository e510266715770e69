# copy: the whole source with its indexes into an empty target.
#
# shellcheck shell=bash

bench_copy() {
    local contenders=(carryover) who
    begin_notes copy
    project "copy$SCALE" "$(package_without_extras)"
    say "copy: the sample, scale $SCALE"
    sample "$SCALE"
    ! have pgcopydb pgcopydb || contenders+=(pgcopydb)
    contenders+=(pg_dump-pg_restore binary-copy-script)
    for ((run = 0; run < RUNS; run++)); do
        for who in "${contenders[@]}"; do
            wanted "$who" || [[ $who = carryover ]] || continue
            copy_prepare
            measure copy "$who" "copy_with_${who//-/_}"
            copy_check "$who"
        done
    done
    release_source
    empty_target
    report copy carryover "copy of $(sql "$SOURCE" -c 'select pg_size_pretty(pg_database_size(current_database()))') with indexes, $JOBS jobs"
}

# The package asks for a few indexes more than the source has; the peers make none of those.
package_without_extras() {
    local copy=$BENCH_DIR/package
    if [[ ! -d $copy ]]; then
        cp -r "$PACKAGE" "$copy"
        rm -f "$copy/schema/old_indexes.sql"
    fi
    echo "$copy"
}

copy_prepare() {
    rm -rf "$BENCH_DIR/copy.tmp"
    mkdir "$BENCH_DIR/copy.tmp"
    release_source
    empty_target
    settle
}

copy_with_carryover() {
    co replicate start --once --workers "$JOBS"
}

copy_with_pgcopydb() {
    printf '[exclude-schema]\nworkload\n' >"$BENCH_DIR/copy.tmp/filter"
    env -u PGDATABASE XDG_DATA_HOME="$BENCH_DIR/copy.tmp" pgcopydb clone --source "$SOURCE" --target "$TARGET" \
        --table-jobs "$JOBS" --index-jobs "$JOBS" --filters "$BENCH_DIR/copy.tmp/filter" --skip-extensions \
        --skip-large-objects --no-acl --no-owner --not-consistent --restart --dir "$BENCH_DIR/copy.tmp/pgcopydb"
}

copy_with_pg_dump_pg_restore() {
    pg_dump -d "$SOURCE" -n dbo -Fd -Z0 -j "$JOBS" -f "$BENCH_DIR/copy.tmp/dump"
    pg_restore -d "$TARGET" -j "$JOBS" --no-owner "$BENCH_DIR/copy.tmp/dump"
}

# What somebody who knows PostgreSQL would write by hand: binary COPY of whole tables, the largest first, without WAL
# and frozen; then the indexes.
copy_with_binary_copy_script() {
    export SOURCE TARGET
    pg_dump -d "$SOURCE" -n dbo -s -Fc -f "$BENCH_DIR/copy.tmp/schema"
    pg_restore -d "$TARGET" --section=pre-data --no-owner "$BENCH_DIR/copy.tmp/schema"
    sql "$SOURCE" -c "select format('%I.%I', nspname, relname) from pg_class c join pg_namespace n on n.oid = relnamespace
        where nspname = 'dbo' and relkind = 'r' order by pg_table_size(c.oid) desc" |
        xargs -P "$JOBS" -I '{}' bash -c 'set -o pipefail
            psql -X -q -v ON_ERROR_STOP=1 "$SOURCE" -c "copy {} to stdout (format binary)" |
            psql -X -q -v ON_ERROR_STOP=1 "$TARGET" -c "begin" -c "truncate {}" \
                -c "copy {} from stdin (format binary, freeze)" -c "commit"'
    pg_restore -d "$TARGET" -j "$JOBS" --section=post-data --no-owner "$BENCH_DIR/copy.tmp/schema"
}

# Everybody has to have done the work: all rows and all indexes.
copy_check() {
    local schema=dbo have want
    [[ $1 != carryover ]] || schema=old
    want=$(copy_sum "$SOURCE" dbo)
    have=$(copy_sum "$TARGET" "$schema")
    [[ $have = "$want" ]] || die "copy: $1 made $have (rows, indexes), the source has $want"
}

copy_sum() {
    sql "$1" -c "select coalesce(sum((xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s', c.oid::regclass),
        false, true, '')))[1]::text::bigint), 0), (select count(*) from pg_indexes where schemaname = '$2')
        from pg_class c where relkind = 'r' and relnamespace = '$2'::regnamespace"
}
