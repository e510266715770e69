# xpp: custom code. No peer in Debian reads exports of AX, so what stands beside carryover are programs that do far less with
# the same bytes: grep looks for three names and knows no comments or strings, wc counts lines, ctags lists declarations.
#
# shellcheck shell=bash

MEGABYTES=${MEGABYTES:-200}

bench_xpp() {
    local run who
    xpp_inputs
    begin_notes xpp
    for ((run = 1; run <= RUNS; run++)); do
        # shellcheck disable=SC2046 # words
        for who in $(turn "$run" carryover grep) carryover-j2 write wc ctags; do "xpp_${who/-/_}"; done
    done
    report xpp carryover "$MEGABYTES MB of exports, read, parsed and ruled by one worker, nothing written"
    xpp_speeds
}

xpp_inputs() {
    local program
    program=${XPO_GENERATE:-$(dirname "$CARRYOVER")/../bench/xpo_generate}
    [[ -x $program ]] || ninja -C "$(dirname "$CARRYOVER")/.." bench/xpo_generate >/dev/null
    [[ -d $BENCH_DIR/exports ]] || "$program" --megabytes "$MEGABYTES" --seed 1 --out "$BENCH_DIR/exports" --files 20
    cat "$BENCH_DIR/exports"/* >/dev/null # into the page cache
    SOURCE=
    if wanted ctags && have ctags universal-ctags; then PEER_CTAGS=yes; fi
}

xpp_carryover() { measure xpp carryover "$CARRYOVER" xpp upgrade "$BENCH_DIR/exports" --package "$PACKAGE" --estimate -q -j 1; }

xpp_carryover_j2() { measure xpp 'carryover, 2 workers' "$CARRYOVER" xpp upgrade "$BENCH_DIR/exports" --package "$PACKAGE" --estimate -q -j 2; }

xpp_write() { measure xpp 'carryover, writing' "$CARRYOVER" xpp upgrade "$BENCH_DIR/exports" --package "$PACKAGE" --out "$BENCH_DIR/models" -q -j 1; }

xpp_grep() {
    wanted grep || return 0
    measure xpp grep xpp_find
}

xpp_find() { grep -ciE 'systemDateGet|WinAPI|startLengthyOperation' "$BENCH_DIR/exports"/*; }

xpp_wc() {
    wanted wc || return 0
    measure xpp wc wc "$BENCH_DIR/exports"/*
}

xpp_ctags() {
    [[ -n ${PEER_CTAGS:-} ]] || return 0
    measure xpp ctags ctags --language-force=Java -f /dev/null -R "$BENCH_DIR/exports"
}

# How fast that is: of the medians, by CPU time.
xpp_speeds() {
    awk -F'\t' -v mb="$MEGABYTES" '{ sum[$2] += $4; runs[$2]++ }
        END { for (w in sum) printf "  %-22s %8.1f MB for each second of CPU\n", w, mb * runs[w] / sum[w] }' "$BENCH_DIR/xpp.times" | sort
}
