#!/bin/bash
# The crash campaign: replication, upgrade, proof and the servers' first processes are killed with SIGKILL at seeded
# random instants while the shop sells; every time they are started again. At the end every row is compared, by
# `carryover verify` and by digests of our own: not one may differ.
#
#   CARRYOVER=build/src/carryover tests/crash/campaign.sh
#   CARRYOVER_CRASH_ROUNDS  kills (default 5; `make crash` 50)     CARRYOVER_CRASH_SEED  default 1
#   CARRYOVER_CRASH_PACKAGE, CARRYOVER_CRASH_SCALE, CARRYOVER_CRASH_RATE  default: the bookshop, 0.2, 150 a second
set -u
ROOT=${CARRYOVER_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
rounds=${CARRYOVER_CRASH_ROUNDS:-5}
seed=${CARRYOVER_CRASH_SEED:-1}
package=${CARRYOVER_CRASH_PACKAGE:-$ROOT/examples/bookshop}
scale=${CARRYOVER_CRASH_SCALE:-0.2}
rate=${CARRYOVER_CRASH_RATE:-150}
RANDOM=$seed
T=$(mktemp -d /tmp/carryover-crash-XXXXXX)
chmod 755 "$T"
P=$T/project
declare -A dead=([replicate]=1 [upgrade]=1)
declare -A kills=([replicate]=0 [upgrade]=0 [verify]=0 [target]=0 [source]=0)
began=$SECONDS

carryover() {
    "$CARRYOVER" "$@" --project "$P"
}

note() {
    echo "# $((SECONDS - began)) s: $*"
}

# What is needed to see what happened; then the end.
give_up() {
    echo "not ok 1 - nothing is lost or doubled (seed $seed)"
    note "$*"
    for f in "$T/err" "$P"/logs/*.log; do
        [[ -s $f ]] && echo "# --- $f" && tail -n 15 "$f" | sed 's/^/# /'
    done
    exit 1
}

tidy() {
    {
        for what in sample upgrade replicate; do carryover "$what" stop; done
        carryover server stop
        pkill -KILL -P $$
    } >/dev/null 2>&1
    rm -rf "$T"
}
trap tidy EXIT

must() {
    "$@" >"$T/out" 2>"$T/err" || give_up "status $? of: $*"
}

value() {
    psql -XAtq "$(carryover server uri "$1" 2>/dev/null)" -c "$2"
}

pause() {
    sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
}

# The process that holds the lock of a job, or nothing.
pid_of() {
    flock -n "$P/$1.lock" true 2>/dev/null && return
    sed -n 's/^process \([0-9]*\).*/\1/p' "$P/$1.lock" 2>/dev/null
}

first_process() {
    local home=$P/servers/$1
    [[ -e $home/elsewhere ]] && home=$(readlink -f "$home/elsewhere")
    head -n 1 "$home/data/postmaster.pid" 2>/dev/null
}

# Whatever does not run is started; a server that is busy recovering makes that wait. What ended without having been
# killed is a finding, but for those that may end when a server does.
run() {
    local name=$1
    shift
    [[ -n $(pid_of "$name") ]] && return
    ((${dead[$name]:-0})) || give_up "$name ended by itself"
    dead[$name]=0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        [[ -n $(pid_of "$name") ]] && return
        carryover "$@" --detach >"$T/out" 2>"$T/err" && return
        sleep 0.5
    done
    give_up "it cannot be started again: $*"
}

# A server that was killed last may just be coming back, and replication with it.
settle() {
    for _ in $(seq 300); do
        carryover replicate status --json 2>/dev/null | grep -q '"running":true.*"lag_bytes":0,' && return
        sleep 0.2
    done
}

# Waits until rows of the journal have just arrived in the replica: whatever belongs to them and is not there yet will
# never come. At most a second.
aim() {
    local line='' before='' end=$((SECONDS + 2))
    coproc asker { psql -XAtq "$(carryover server uri target 2>/dev/null)" 2>/dev/null; }
    # shellcheck disable=SC2154 # coproc sets it
    local in=${asker[0]} out=${asker[1]} asker_pid=$asker_PID
    while ((SECONDS < end)); do
        echo "select count(*), coalesce(sum(n), 0) from old.crash_journal;" 1>&"$out" 2>/dev/null || break
        read -r -t 1 line <&"$in" || break
        [[ -n $before && $line != "$before" ]] && break
        before=$line
    done
    kill -KILL "$1" 2>/dev/null
    { kill "$asker_pid"; wait "$asker_pid"; } 2>/dev/null
}

strike() {
    local pid
    case $1 in
    replicate | upgrade) pid=$(pid_of "$1") ;;
    target | source) pid=$(first_process "$1") ;;
    verify)
        carryover verify --quiet >"$T/verify.out" 2>"$T/verify.err" &
        pid=$!
        pause $((RANDOM % 1500))
        ;;
    esac
    [[ $1 == replicate && -n $pid ]] && ((upgraded && RANDOM % 2)) && aim "$pid"
    [[ -n $pid ]] && { kill -KILL "$pid" || [[ $1 == replicate ]]; } 2>/dev/null && kills[$1]=$((kills[$1] + 1)) dead[$1]=1
    # without its server an upgrade may end, and a replication that has not yet begun
    if [[ $1 == target || $1 == source ]]; then
        dead[upgrade]=1
        grep -q "replicate.planned.*\"pid\":$(pid_of replicate)," "$P/logs/replicate.log" 2>/dev/null || dead[replicate]=1
    fi
    # it holds its lock until it is quite dead
    while [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null && [[ $1 != verify ]]; do sleep 0.01; done
    case $1 in
    target | source) must carryover server start "$1" ;;
    verify) wait "$pid" 2>/dev/null ;;
    esac
}

following() {
    [[ -n $(pid_of replicate) && $(value target "select state from carryover.replication" 2>/dev/null) == following ]]
}

# A log without key: each row of a shift may be there many times, so that nothing may come twice either.
make_journal() {
    local table=$1
    value source "create table $schema.crash_journal (what text, n int);
        alter table $schema.crash_journal replica identity full;
        create function workload.crash_note() returns trigger language plpgsql as \$\$
        begin
            insert into $schema.crash_journal values (tg_op, (random() * 5)::int), (tg_op, 0);
            delete from $schema.crash_journal where ctid = (select min(ctid) from $schema.crash_journal) and random() < 0.5;
            return null;
        end \$\$;
        create trigger crash_note after insert on $table for each row execute function workload.crash_note()" ||
        give_up 'the journal cannot be made'
}

victim() {
    local dice=$((RANDOM % 20))
    if ((!upgraded)); then
        ((dice < 17)) && echo replicate || echo target
    elif ((dice < 10)); then
        echo replicate
    elif ((dice < 15)); then
        echo upgrade
    elif ((dice < 17)); then
        echo verify
    elif ((dice < 19)); then
        echo target
    else
        echo source
    fi
}

compare() {
    local table sum differ=0
    for table in $(value source "select relname from pg_class where relnamespace = '$schema'::regnamespace and relkind = 'r'"); do
        sum="select count(*) || ' ' || coalesce(sum(hashtextextended(t::text, 0)), 0) || ' ' || coalesce(sum(hashtextextended(t::text, 1)), 0) from"
        left=$(value source "$sum $schema.$table t")
        right=$(value target "$sum old.$table t")
        [[ $left == "$right" ]] && continue
        note "$table differs: $left on the source, $right on the target"
        differ=$((differ + 1))
    done
    ((differ == 0)) || give_up "$differ tables differ"
}

# The journal is ours: the package says why it goes no further than the replica.
package_with_journal() {
    cp -r "$package" "$T/package"
    sed -i 's/^dropped:/dropped:\n  crash_journal: it only shows that nothing comes twice/' "$T/package/package.yaml"
    grep -q crash_journal "$T/package/package.yaml" || give_up 'the package has no list of dropped tables'
}

echo 1..1
note "seed $seed, $rounds kills, $(basename "$package") at scale $scale, $rate transactions a second"
package_with_journal
must "$CARRYOVER" init "$P" --package "$T/package" --set replicate.chunk_size=100kB --set replicate.batch_size=100kB
must carryover sample create --scale "$scale"
schema=$(sed -n 's/^ *schema: *//p' "$package/package.yaml" | head -n 1)
table=$(value source "select relid::regclass from pg_stat_user_tables where schemaname = '$schema' order by n_tup_ins desc limit 1")
[[ $(basename "$package") == bookshop ]] && table=shop.sale
make_journal "$table"
must carryover sample run --writers 3 --rate "$rate" --detach

upgraded=0
for ((round = 1; round <= rounds; round++)); do
    run replicate replicate start
    # the first rounds strike while it copies; later ones while everything runs
    if ((round > (rounds + 1) / 3)) && { ((upgraded)) || following; }; then
        upgraded=1
        run upgrade upgrade
    fi
    pause $((RANDOM % (upgraded ? 2500 : 1200)))
    strike "$(victim)"
done

note "killed $(for k in "${!kills[@]}"; do printf '%s %d, ' "$k" "${kills[$k]}"; done) all of them go on"
run replicate replicate start
for ((i = 0; i < 600; i++)); do
    following && break
    run replicate replicate start
    sleep 0.1
done
run upgrade upgrade
sleep 1
[[ -n $(pid_of replicate) ]] || give_up 'replicate ended by itself'
must carryover sample stop
note "workload: $(head -n 1 "$T/out")"
settle
must carryover verify
compare
for what in upgrade replicate; do must carryover "$what" stop; done
! grep -q Sanitizer "$P"/logs/*.log || give_up 'a sanitizer has found something'
tables=$(value target "select count(*) || ' tables, ' || sum(changes) || ' changes' from carryover.relation")
echo "ok 1 - nothing is lost or doubled (seed $seed, $rounds kills, $tables)"
