/*
 * A database in use, and the lenses that read it: writers change its tables in overlapping transactions, the trail
 * follows in a process of its own that is killed now and then, keys are reloaded all the while. In the end every table
 * equals its lens.
 */
#include "replicate/trail.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rand.h"
#include "integration/constructs.h"
#include "integration/pg.h"
#include "lens/reads.h"
#include "test.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

#define WRITERS 3
#define KILLS 6
#define WAIT_MS 240000

static const char *const conf[] = {"wal_level = logical", "max_replication_slots = 10", "max_wal_senders = 10", NULL};

struct world {
    struct constructs *c;
    struct trail_opts opts;
    pid_t pid;
    atomic_bool stop;
    pthread_t writers[WRITERS];
};

/* -- writers -- */

static const char *const statements[] = {
    "update hq.a set b_id = 1 + random() * 40, x = random() * 8, s = chr(97 + (random() * 4)::int) where id %% 40 = %d",
    "update hq.a set c_id = case when random() < 0.7 then 1 + random() * 40 end, y = random() * 8 where id %% 40 = %d",
    "update hq.b set a_id = 1 + random() * 40, x = random() * 8, n = random() * 8 where id %% 40 = %d",
    "update hq.b set y = case when random() < 0.7 then (random() * 8)::int end where id %% 40 = %d",
    "update hq.c set a_id = 1 + random() * 40, b_id = 1 + random() * 40, x = random() * 8 where id %% 40 = %d",
    "delete from hq.a where id %% 60 = %d",
    "delete from hq.b where id %% 60 = %d",
    "delete from hq.c where id %% 60 = %d",
    "insert into hq.a select i, 1 + random() * 40, 1 + random() * 40, random() * 8, null, random() * 8, 'b'"
    " from generate_series(1 + %d, 60, 20) i on conflict do nothing",
    "insert into hq.b select i, 1 + random() * 40, random() * 8, random() * 8, random() * 8"
    " from generate_series(1 + %d, 60, 20) i on conflict do nothing",
    "insert into hq.c select i, 1 + random() * 40, 1 + random() * 40, random() * 8, random() * 8"
    " from generate_series(1 + %d, 60, 20) i on conflict do nothing",
    "update hq.b set id = id + 1000 where id = %d",
    "update hq.b set id = id - 1000 where id = 1000 + %d and not exists (select from hq.b o where o.id = hq.b.id - "
    "1000)",
    "update hq.pair set v = random() * 8 where k1 = %d %% 8",
    "delete from hq.pair where k1 = %d %% 9 and k2 = 'b'",
    "insert into hq.pair select %d %% 9, k, random() * 8 from unnest(array['a', 'b', 'c']) k on conflict do nothing",
};

/* Deadlocks and keys that somebody else took are part of the game. */
static void transact(struct pg *pg, struct rand *r)
{
    struct err err;
    bool ok = pg_exec(pg, "begin", &err);
    for (uint64_t n = 1 + rand_below(r, 4); ok && n; n--) {
        char sql[512];
        snprintf(sql, sizeof sql, statements[rand_below(r, ARRAY_LEN(statements))], (int)rand_below(r, 60));
        ok = pg_exec(pg, sql, &err);
    }
    if (!ok || !pg_exec(pg, rand_below(r, 8) ? "commit" : "rollback", &err))
        pg_rollback(pg);
}

static void *write_on(void *arg)
{
    struct world *w = arg;
    struct pg *pg = test_pg_open(w->c->uri);
    struct rand r = rand_seeded((uint64_t)(uintptr_t)&r);
    while (!atomic_load(&w->stop)) {
        transact(pg, &r);
        clock_sleep_ms(200);
    }
    pg_free(pg);
    return NULL;
}

/* -- the follower -- */

static void start_trail(struct world *w)
{
    w->pid = fork();
    assert_true(w->pid >= 0);
    if (w->pid)
        return;
    struct err err = {0};
    log_to(stderr, LOG_TEXT, getenv("CARRYOVER_DEBUG") ? LOG_DEBUG : LOG_WARN);
    cancel_install();
    /* A server may take a while to notice that the last follower was killed. */
    for (int64_t start = clock_us(); !trail_run(&w->opts, NULL, &err) && err.code == ERR_SERVER_BUSY;) {
        if (clock_us() - start > WAIT_MS * 1000LL)
            break;
        clock_sleep_ms(100);
    }
    bool stopped = err.code == ERR_INTERRUPTED;
    if (!stopped)
        fprintf(stderr, "the trail ended: %s\n", err.message);
    _exit(stopped ? 0 : 1);
}

static void end_trail(struct world *w, int signal)
{
    int status = 0;
    kill(w->pid, signal);
    assert_int_equal(waitpid(w->pid, &status, 0), w->pid);
    if (signal != SIGKILL)
        assert_int_equal(status, 0);
    w->pid = 0;
}

static void wait_until_seen(struct world *w)
{
    struct err err;
    struct trail_position at;
    uint64_t lsn = 0;
    assert_true(pg_lsn_parse(test_pg_value(w->c->pg, "select pg_logical_emit_message(true, 'test', 'now')"), &lsn));
    for (int64_t start = clock_us();; clock_sleep_ms(10)) {
        must(trail_position(w->c->pg, &at, &err));
        if (at.seen >= lsn)
            return;
        if (clock_us() - start > WAIT_MS * 1000LL)
            fail_msg("the trail does not get there");
    }
}

/* -- tests -- */

static int start(void **state)
{
    struct err err = {0};
    struct world *w = calloc(1, sizeof *w);
    w->c = constructs_new(LENS_DOWN, conf);
    w->opts = (struct trail_opts){.uri = w->c->uri, .schema = "hq", .slot = "trail", .batch_bytes = 20000};
    must(reads_most(&w->c->package, &w->opts.chain, &err));
    must(trail_begin(&w->opts, true, &err));
    *state = w;
    return 0;
}

static int stop(void **state)
{
    struct world *w = *state;
    constructs_free(w->c);
    free(w);
    return 0;
}

static void every_table_follows_a_database_in_use(void **state)
{
    struct world *w = *state;
    struct trail_position at;
    struct err err;
    struct rand r = rand_seeded(7);
    start_trail(w);
    for (int i = 0; i < WRITERS; i++)
        assert_int_equal(pthread_create(&w->writers[i], NULL, write_on, w), 0);
    for (int i = 0; i < KILLS; i++) {
        clock_sleep_ms(300 + (int)rand_below(&r, 700));
        constructs_make_fresh(w->c);
        end_trail(w, SIGKILL);
        start_trail(w);
    }
    atomic_store(&w->stop, true);
    for (int i = 0; i < WRITERS; i++)
        pthread_join(w->writers[i], NULL);
    wait_until_seen(w);
    constructs_make_fresh(w->c);
    assert_int_equal(constructs_compare(w->c, "after the writers have stopped"), 0);
    must(trail_position(w->c->pg, &at, &err));
    print_message("# %d transactions\n", (int)at.transactions);
    assert_true(at.transactions > 20);
    end_trail(w, SIGTERM);
}

static void a_transaction_larger_than_a_batch_is_seen_whole(void **state)
{
    struct world *w = *state;
    start_trail(w);
    test_pg_exec(w->c->pg, "begin; insert into hq.a select i, i % 40, i % 40, i % 8, i % 8, i % 8, 'z'"
                           " from generate_series(2000, 2300) i; update hq.b set a_id = 2000 + id % 50; commit");
    wait_until_seen(w);
    constructs_make_fresh(w->c);
    assert_int_equal(constructs_compare(w->c, "after a large transaction"), 0);
    test_pg_exec(w->c->pg, "truncate hq.c; delete from hq.a where id >= 2000");
    wait_until_seen(w);
    constructs_make_fresh(w->c);
    assert_int_equal(constructs_compare(w->c, "after TRUNCATE"), 0);
    end_trail(w, SIGTERM);
}

static void it_begins_once(void **state)
{
    struct world *w = *state;
    struct err err = {0};
    must(trail_begin(&w->opts, false, &err));
    assert_string_equal(test_pg_value(w->c->pg, "select count(*) from carryover.lens_stale"), "0");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_follows_a_database_in_use),
        cmocka_unit_test(a_transaction_larger_than_a_batch_is_seen_whole),
        cmocka_unit_test(it_begins_once),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
