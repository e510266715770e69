/* Random transactions of several sessions on tables of every kind, while the follower is killed at random instants: the
 * replica must equal the source whenever it has settled. CARRYOVER_SEED runs one seed of your choice. */
#include "base/clock.h"
#include "base/rand.h"
#include "integration/replicate/pair.h"

#define SESSIONS 3
#define KEYS 60 /* few, so that the same rows are met again and again */

static const char schema_sql[] =
    "create schema util;"
    "create function util.big(n int) returns text language sql immutable as"
    "  $$ select case when n % 3 = 0 then 'small ' || n else repeat(md5(n::text), 60 + n % 50) end $$;"
    "create table dbo.item (id bigint primary key, code int unique, a text, b text, n numeric, list int[]);"
    "alter table dbo.item alter a set storage external, alter b set storage external;"
    "create table dbo.two (k2 int, v bytea, k1 text, primary key (k1, k2));"
    "create table dbo.wide_key (k text primary key, big text);"
    "alter table dbo.wide_key alter k set storage external, alter big set storage external;"
    "create table dbo.bag (x int, y text); alter table dbo.bag replica identity full;"
    "create table dbo.full_key (id int primary key, big text); alter table dbo.full_key alter big set storage external;"
    "alter table dbo.full_key replica identity full;"
    "create table dbo.by_index (id int, code text not null, big text);"
    "alter table dbo.by_index alter big set storage external;"
    "create unique index by_index_code on dbo.by_index (code);"
    "alter table dbo.by_index replica identity using index by_index_code;"
    "create table dbo.made (id int primary key, a int, b int generated always as (a * 2) stored, big text);"
    "alter table dbo.made alter big set storage external;"
    "create table dbo.part (id int primary key, big text) partition by range (id);"
    "create table dbo.part_1 partition of dbo.part for values from (minvalue) to (30);"
    "create table dbo.part_2 partition of dbo.part for values from (30) to (maxvalue);"
    "insert into dbo.item select i * 10, i * 10, util.big(i), util.big(i + 1), i, array[i] from generate_series(1, "
    "1500) i;"
    "insert into dbo.wide_key select i || util.big(i * 3 + 1), util.big(i) from generate_series(1, 100) i;"
    "insert into dbo.bag select i % 7, 'y' || i % 3 from generate_series(1, 200) i;"
    "insert into dbo.two select i, decode(util.big(3 * i + 1), 'hex'), 'k' || i from generate_series(1, 50) i;"
    "analyze";

/* One step of a session: $k, $j keys, $n a number. Several lines of a kind make it more likely. */
static const char *const steps[] = {
    "insert into dbo.item values ($k, $j, util.big($n), util.big($n + 7), $n, array[$k, $j])"
    " on conflict do nothing",
    "update dbo.item set n = n + 1 where id between $k and $k + 20",
    "update dbo.item set n = n + 1 where id = $k * 100",
    "update dbo.item set a = util.big($n) where id = $k",
    "update dbo.item set b = null where id = $k",
    "update dbo.item set b = util.big($n), code = code + 100000 where id = $k and code < 100000",
    "update dbo.item set id = id + 100000 where id between $k * 100 and $k * 100 + 30 and id < 100000",
    "update dbo.item set id = id - 100000 where id > 100000 and id % 100 < $n % 100",
    /* two rows change places, in key and in unique column */
    "update dbo.item set id = -1 where id = $k; update dbo.item set id = $k where id = $j and $j <> $k;"
    " update dbo.item set id = $j where id = -1",
    "update dbo.item set code = -1 where id = $k; update dbo.item set code = $k * 7 + 500000 where id = $j;"
    " update dbo.item set code = $j * 7 + 600000 where id = $k",
    "delete from dbo.item where id = $k",
    "delete from dbo.item where id = $k; insert into dbo.item values ($k, null, util.big($n), null, 0, null)",
    "insert into dbo.two values ($k, decode(util.big(3 * $n + 1), 'hex'), 'k' || $j) on conflict do nothing",
    "update dbo.two set k2 = k2 + 1000 where k2 = $k",
    "update dbo.two set k2 = k2 - 1000 where k2 > 1000",
    "update dbo.two set k1 = k1 || 'x', v = null where k2 = $j",
    "delete from dbo.two where k2 = $k",
    "update dbo.wide_key set big = util.big($n) where k like $k || '%'",
    "update dbo.wide_key set k = $j || 'z' || substr(k, 2) where k like $k || '%'",
    "delete from dbo.wide_key where k like $k || '%'",
    "insert into dbo.wide_key values ($k || util.big($n * 3 + 1), util.big($n)) on conflict do nothing",
    "insert into dbo.bag values ($k % 7, 'y' || $j % 3), ($k % 7, 'y' || $j % 3), (null, null)",
    "update dbo.bag set x = x + 1 where ctid in (select ctid from dbo.bag where y = 'y' || $k % 3 limit 2)",
    "update dbo.bag set y = null where x = $k % 7",
    "delete from dbo.bag where ctid in (select ctid from dbo.bag where x is not distinct from nullif($k % 7, 0) limit "
    "3)",
    "insert into dbo.full_key values ($k, util.big($n)) on conflict (id) do update set id = dbo.full_key.id + 1000",
    "update dbo.full_key set id = -id where id = $k",
    "update dbo.full_key set big = big where id between $j and $j + 9",
    "delete from dbo.full_key where id = $k or id > 1000",
    "insert into dbo.by_index values ($k, 'c' || $j, util.big($n)) on conflict do nothing",
    "update dbo.by_index set id = id + 1 where code = 'c' || $k",
    "update dbo.by_index set code = code || '.' where id = $j and length(code) < 9",
    "delete from dbo.by_index where id = $k",
    "insert into dbo.made values ($k, $n, default, util.big($n)) on conflict (id) do update set a = excluded.a",
    "update dbo.made set id = id + 1000 where id = $j",
    "delete from dbo.made where id > 1000 or id = $k",
    "insert into dbo.part values ($k, util.big($n)) on conflict do nothing",
    "update dbo.part set id = 60 - id where id = $j",
    "update dbo.part set big = util.big($n) where id = $k",
    "delete from dbo.part where id = $k",
};

static const char *const rare[] = {
    "truncate dbo.two",
    "truncate dbo.bag, dbo.full_key, dbo.made",
    "truncate dbo.item; insert into dbo.item select i * 10, i * 10, util.big(i), util.big(i + 1), i, array[i]"
    "  from generate_series(1, 40) i",
    "truncate dbo.part",
    "update dbo.item set list = list || $n",
    "update dbo.item set id = id + 1000000 where id < 1000000; update dbo.item set id = id - 1000000 where id > 900000",
    "delete from dbo.bag where x = $k % 7; insert into dbo.bag select $k % 7, 'y' || i % 3 from generate_series(1, 9) "
    "i",
};

struct world {
    struct rand rand;
    struct pair *pair;
    struct pg *sessions[SESSIONS];
    bool open[SESSIONS];
    int kills, done, failed;
};

static const char *fill(struct world *w, struct arena *a, const char *step)
{
    SCOPED_BUF b = {0};
    uint64_t k = rand_below(&w->rand, KEYS), j = rand_below(&w->rand, KEYS), n = rand_below(&w->rand, 1000);
    for (; *step; step++) {
        if (*step != '$') {
            buf_putc(&b, *step);
            continue;
        }
        step++;
        buf_printf(&b, "%d", (int)(*step == 'k' ? k : *step == 'j' ? j : n));
    }
    return arena_dup(a, buf_text(&b));
}

static const char *choose(struct world *w, struct arena *a)
{
    bool seldom = rand_below(&w->rand, 60) == 0;
    return fill(w, a,
                seldom ? rare[rand_below(&w->rand, ARRAY_LEN(rare))] : steps[rand_below(&w->rand, ARRAY_LEN(steps))]);
}

/* A lock of another session or a unique index may refuse it: then the transaction, or only its savepoint, ends. */
static void one_step(struct world *w, int s, struct arena *a)
{
    struct err err;
    struct pg *pg = w->sessions[s];
    uint64_t what = rand_below(&w->rand, 10);
    if (!w->open[s])
        test_pg_exec(pg, "begin");
    w->open[s] = true;
    const char *sql = choose(w, a);
    /* PostgreSQL 15 itself cannot always decode a TRUNCATE in a savepoint that is rolled back. */
    bool saved = what < 3 && !strstr(sql, "truncate");
    bool ok = pg_execf(pg, &err, "%s%s", saved ? "savepoint s; " : "", sql);
    if (ok && saved && what == 0)
        test_pg_exec(pg, "rollback to s");
    else if (!ok && saved)
        test_pg_exec(pg, "rollback to s");
    else if (!ok)
        test_pg_exec(pg, "rollback");
    w->open[s] = ok || saved;
    w->failed += !ok;
    w->done++;
    if (w->open[s] && what > 5) {
        test_pg_exec(pg, what == 9 ? "rollback" : "commit");
        w->open[s] = false;
    }
}

static void end_all(struct world *w)
{
    for (int s = 0; s < SESSIONS; s++) {
        if (w->open[s])
            test_pg_exec(w->sessions[s], "commit");
        w->open[s] = false;
    }
}

static void work(struct world *w, int steps_to_do)
{
    SCOPED(arena) a = arena_new();
    for (int i = 0; i < steps_to_do; i++) {
        one_step(w, (int)rand_below(&w->rand, SESSIONS), a);
        arena_reset(a);
        if (w->pair->pid && rand_below(&w->rand, 150) == 0) {
            pair_kill(w->pair);
            w->kills++;
        }
        if (!w->pair->pid && rand_below(&w->rand, 10) == 0) {
            w->pair->opts.batch_bytes = 1 << (9 + rand_below(&w->rand, 10));
            pair_start(w->pair);
        }
    }
}

static void world_begin(struct world *w, struct arena *a, uint64_t seed)
{
    *w = (struct world){.rand = rand_seeded(seed), .pair = pair_new(a, "random")};
    w->pair->opts.chunk_bytes = 1 << (13 + rand_below(&w->rand, 6));
    w->pair->opts.workers = 1 + (int)rand_below(&w->rand, 3);
    pair_sql(w->pair, schema_sql);
    for (int s = 0; s < SESSIONS; s++) {
        w->sessions[s] = test_pg_open(w->pair->opts.source.uri);
        test_pg_exec(w->sessions[s], "set lock_timeout = '15ms'");
    }
}

static void world_end(struct world *w)
{
    for (int s = 0; s < SESSIONS; s++)
        pg_free(w->sessions[s]);
    pair_free(w->pair);
}

/* The snapshot waits for transactions that are open: they end before the test waits for it. */
static void play(struct arena *a, uint64_t seed)
{
    struct world w;
    int64_t start = clock_us();
    print_message("# seed %llu\n", (unsigned long long)seed);
    world_begin(&w, a, seed);
    for (int round = 0; round < 3; round++) {
        work(&w, 350);
        end_all(&w);
        if (!w.pair->pid)
            pair_start(w.pair);
        pair_settle(w.pair);
        pair_same(w.pair);
    }
    print_message("# seed %llu: %d steps (%d refused), %d kills, %d ms\n", (unsigned long long)seed, w.done, w.failed,
                  w.kills, (int)((clock_us() - start) / 1000));
    world_end(&w);
}

static void the_replica_equals_the_source_whatever_happens(void **state)
{
    const char *seed = getenv("CARRYOVER_SEED"), *count = getenv("CARRYOVER_SEEDS");
    uint64_t first = seed ? strtoull(seed, NULL, 10) : 1, n = count ? strtoull(count, NULL, 10) : seed ? 1 : 3;
    for (uint64_t i = first; i < first + n; i++)
        play(*state, i);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_replica_equals_the_source_whatever_happens),
    };
    return pair_tests(tests);
}
