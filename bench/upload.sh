# upload: packages of a store taken by the gateway's code (unpacked, checked, into old.*, through the lenses into hq.*,
# rules asked, answer kept; no HTTP), beside one prepared INSERT for each of the same rows, a transaction for a package.
#
# shellcheck shell=bash

bench_upload() {
    local program=${BENCH_UPLOAD:-$(dirname "$CARRYOVER")/../bench/bench_upload} store
    [[ -x $program ]] || ninja -C "$(dirname "$CARRYOVER")/.." bench/bench_upload >/dev/null
    project "upload$SCALE"
    upload_prepare
    store=$(sql "$TARGET" -c 'select store from hq.retailtransactiontable group by 1 order by count(*) desc limit 1')
    co n1 stores add "$store" >/dev/null 2>&1 || true
    for transactions in ${PACKAGES:-10 100 1000}; do
        echo
        echo "upload, scale $SCALE, $transactions transactions a package: medians of ${ROUNDS:-21} packages each"
        "$program" "$TARGET" "$PACKAGE" "$store" "${ROUNDS:-21}" "$transactions" 2>/dev/null
    done
}

# A target behind its cutover.
upload_prepare() {
    [[ $(sql "$TARGET" -c "select to_regclass('carryover.environment') is not null") = t ]] &&
        [[ $(sql "$TARGET" -c 'select state = 'live' from carryover.environment') = t ]] && return
    sample "$SCALE"
    co replicate start --detach
    until co replicate status | grep -q 'replication: following'; do sleep 0.5; done
    co upgrade --detach
    until [[ $(sql "$TARGET" -c "select count(*) > 0 and bool_and(state = 'fresh') from carryover.lens where direction = 'up'" 2>/dev/null) = t ]]; do
        sleep 0.5
    done
    for item in BUS01 SLT01; do co check confirm "$item" --by bench --note bench >/dev/null; done
    co cutover --yes --set cutover.signoff=optional --set hooks.stop_writers=true --set hooks.open=true >/dev/null
}
