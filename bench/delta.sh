# delta: the same changes of version N brought to 10 stores and to 1,000 stores of one group: CPU of what headquarters does
# once (keeping the tables of N-1, running the jobs), and of handing the packages out.
#
# shellcheck shell=bash
# shellcheck source=bench/estate/lib.sh
. "$ROOT/bench/estate/lib.sh"

FEW=${FEW:-10}
MANY=${MANY:-1000}
CHANGES=${CHANGES:-5}

bench_delta() {
    estate_begin
    estate_stores "$MANY" BENCH
    begin_notes delta
    estate_gateway --set n1.idle=1h
    estate_keep
    until sql "$TARGET" -c "update carryover.n1_job set paused = false" 2>/dev/null; do sleep 0.2; done
    for ((run = 1; run <= RUNS; run++)); do
        for stores in $(turn "$run" "$FEW" "$MANY"); do delta_run "$stores"; done
    done
    end_started
    delta_members 99999
    delta_report
}

# Only the first stores are registered, and none of them has anything yet. The others come back with the next run.
delta_members() {
    sql "$TARGET" -1 -v last="$(printf 'B%05d' "$1")" <<'SQL'
create table if not exists public.bench_store as select * from carryover.n1_store where store like 'B%';
delete from carryover.n1_store;
delete from carryover.n1_member;
insert into carryover.n1_store select * from public.bench_store where store <= :'last';
insert into carryover.n1_member (store, channel_group) select store, group_name from carryover.n1_store;
delete from carryover.n1_package;
delete from carryover.n1_chain;
delete from carryover.n1_wish;
update carryover.n1_epoch set n = n + 1;
SQL
}

# All changes are in old.* and in packages.
delta_quiet() {
    local lsn
    lsn=$(sql "$TARGET" -c 'select pg_current_wal_insert_lsn()')
    until delta_kept "$lsn"; do sleep 0.1; done
    co n1 jobs run 9999 >/dev/null
    until [[ $(sql "$TARGET" -c "select (select count(*) from carryover.n1_job where schema = 'N-1' and (asked or snapshot is null))
        + (select count(*) from carryover.n1_wish)" 2>/dev/null) = 0 ]]; do sleep 0.1; done
}

# delta_kept LSN: what was written before is in old.*.
delta_kept() {
    co n1 keep status --json --all 2>/dev/null | python3 -c 'import json, sys
told, lsn = json.load(sys.stdin), sys.argv[1]
number = lambda text: int(text.split("/")[0], 16) << 32 | int(text.split("/")[1], 16)
sys.exit(number(told["seen"]) < number(lsn) or any(l["dirty"] or l["state"] != "fresh" for l in told["lenses"]))' "$1"
}

# Names of customers and products, prices, settings of registers: what headquarters changes on a day.
delta_change() {
    sql "$TARGET" -c "update hq.dirpartytable set name = left('$1 ' || name, 60)" \
        -c "update hq.ecoresproducttranslation set name = left('$1 ' || name, 60)" \
        -c "update hq.pricedisctable set amount = amount + 0.01" \
        -c "update hq.retailhardwareprofile set name = left('$1 ' || name, 30)"
}

# delta_served STORES: so many have all that there is for them.
delta_served() {
    [[ $(sql "$TARGET" -c "select (select count(distinct store) from carryover.n1_position) = $1 and not exists (
        select from carryover.n1_store s join carryover.n1_chain c on case c.scope when 'group' then s.group_name else s.store end = c.owner
        left join carryover.n1_position p on p.store = s.store and p.job = c.job and p.scope = c.scope and p.owner = c.owner
        where s.group_name = 'BENCH' and p.version is distinct from c.version)") = t ]]
}

delta_deliver() {
    until delta_served "$1"; do
        sleep 0.5
        kill -0 "$SWARM" 2>/dev/null || die "the stores have ended: $(cat "$BENCH_DIR/delta.err")"
    done
}

# delta_run STORES: the stores have everything and stand still; then changes, then they get them.
delta_run() {
    local stores=$1 keeper server gateway packages
    delta_members "$stores"
    delta_quiet
    estate_swarm delta --poll 2s --stores "$stores" --duration 3600s
    delta_deliver "$stores"
    kill -STOP "$SWARM"
    packages=$(sql "$TARGET" -c 'select coalesce(max(package), 0) from carryover.n1_package')
    keeper=$(process_cpu "$KEEPER")
    server=$(target_cpu)
    for ((i = 0; i < CHANGES; i++)); do
        delta_change "$run.$i"
        delta_quiet
    done
    delta_note "$stores" headquarters "$(process_cpu "$KEEPER")" "$keeper" "$server" \
        "$(sql "$TARGET" -c "select count(*) from carryover.n1_package where package > $packages")"
    gateway=$(process_cpu "$GATEWAY")
    server=$(target_cpu)
    kill -CONT "$SWARM"
    delta_deliver "$stores"
    delta_note "$stores" delivery "$(process_cpu "$GATEWAY")" "$gateway" "$server" \
        "$(sql "$TARGET" -c "select count(*) from carryover.n1_download where package > $packages and state = 'applied'")"
    kill "$SWARM"
    wait "$SWARM" || true
}

# delta_note STORES WHAT CPU CPU_BEFORE SERVER_BEFORE PACKAGES
delta_note() {
    note delta "$1 stores, $2" "$6" "$(awk -v a="$3" -v b="$4" -v c="$(target_cpu)" -v d="$5" 'BEGIN { print a - b + c - d }')" "$(load_now)"
}

# note() calls the third column a time; here it is packages.
delta_report() {
    echo
    echo "delta: $CHANGES rounds of the same changes; CPU seconds of what headquarters does once, and of handing out; medians of $RUNS"
    awk -F '\t' -v few="$FEW" -v many="$MANY" '
        { packages[$2] = $3; n = ++runs[$2]; cpu[$2, n] = $4; load = load " " $5 }
        function median(who,   n, i, j, x, v) {
            n = runs[who]
            for (i = 1; i <= n; i++) v[i] = cpu[who, i]
            for (i = 2; i <= n; i++) for (j = i; j > 1 && v[j] < v[j - 1]; j--) { x = v[j]; v[j] = v[j - 1]; v[j - 1] = x }
            return v[int((n + 1) / 2)]
        }
        END {
            a = few " stores, headquarters"; b = many " stores, headquarters"; c = few " stores, delivery"; d = many " stores, delivery"
            printf "  headquarters: %.2f s and %d packages for %d stores, %.2f s and %d packages for %d: ratio %.2f\n",
                median(a), packages[a], few, median(b), packages[b], many, median(b) / median(a)
            printf "  handing out:  %.2f s for %d stores, %.2f s for %d: %.2f ms a package\n",
                median(c), few, median(d), many, 1000 * median(d) / packages[d]
            print "  load average:" load
        }' "$BENCH_DIR/delta.times"
}
