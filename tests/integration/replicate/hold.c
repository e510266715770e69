/* Standing still at exact positions while the source is written to, and how the parts of carryover wait for each other.
 */
#include "base/clock.h"
#include "base/rand.h"
#include "integration/replicate/pair.h"
#include <pthread.h>
#include <stdatomic.h>

#define ROUNDS 15
#define TIMEOUT_MS 30000

static const char schema_sql[] =
    "create table dbo.account (id int primary key, n bigint not null, big text);"
    "alter table dbo.account alter big set storage external;"
    "insert into dbo.account select i, 0, repeat(md5(i::text), 80) from generate_series(1, 50) i;"
    "create table dbo.journal (id bigserial primary key, a int, b int, by int);"
    "create table dbo.bag (x int); alter table dbo.bag replica identity full";

/* -- load: transfers between accounts, in transactions that overlap -- */

struct load {
    const char *uri;
    atomic_bool stop;
    pthread_t threads[2];
};

static void *transfer(void *arg)
{
    struct load *l = arg;
    struct err err;
    struct pg *pg = NULL;
    struct rand r = rand_seeded((uint64_t)(uintptr_t)&r);
    if (!pg_open(l->uri, "load", &pg, &err))
        return NULL;
    while (!atomic_load(&l->stop)) {
        int a = (int)rand_below(&r, 50) + 1, b = (int)rand_below(&r, 50) + 1;
        bool ok = pg_execf(pg, &err,
                           "begin; update dbo.account set n = n - 1 where id = %d;"
                           " insert into dbo.journal (a, b, by) values (%d, %d, 1); insert into dbo.bag values (%d)",
                           a, a, b, a % 5) &&
                  pg_execf(pg, &err,
                           "update dbo.account set n = n + 1 where id = %d;"
                           " delete from dbo.bag where ctid in (select ctid from dbo.bag limit 1); %s",
                           b, rand_below(&r, 8) ? "commit" : "rollback");
        if (!ok)
            pg_rollback(pg);
    }
    pg_free(pg);
    return NULL;
}

static void load_begin(struct load *l, struct pair *p)
{
    *l = (struct load){.uri = p->opts.source.uri};
    for (size_t i = 0; i < ARRAY_LEN(l->threads); i++)
        assert_int_equal(pthread_create(&l->threads[i], NULL, transfer, l), 0);
}

static void load_end(struct load *l)
{
    atomic_store(&l->stop, true);
    for (size_t i = 0; i < ARRAY_LEN(l->threads); i++)
        pthread_join(l->threads[i], NULL);
}

static char *state_of(struct pg *pg, struct arena *a, const char *schema)
{
    struct err err;
    char *value = NULL;
    const char *sql =
        arena_printf(a,
                     "select concat_ws(' ', (select sum(hashtextextended(x::text, 0)) from %1$s.account x),"
                     " (select count(*) from %1$s.journal), (select sum(hashtextextended(x::text, 0)) from"
                     " %1$s.journal x), (select count(*) from %1$s.bag), (select sum(x) from %1$s.bag),"
                     " (select sum(n) from %1$s.account))",
                     schema);
    must(pg_value(pg, sql, PG_NONE, a, &value, &err));
    return value;
}

/* One proof as `verify` does it: stand still, take a snapshot of the source, go on to exactly there, compare. */
static void compare_at_one_position(struct pair *p, struct source *s, struct pg *control, struct arena *a)
{
    struct err err;
    struct source_snapshot at;
    SCOPED(source_reader) reader = NULL;
    must(target_hold(control, TIMEOUT_MS, &err));
    must(source_snapshot(s, 0, &at, &err));
    must(source_reader_new(s, &at, &reader, &err));
    must(target_hold_until(control, at.position, TIMEOUT_MS, &err));
    char *source = state_of(source_reader_pg(reader), a, "dbo"), *target = state_of(p->target, a, "old");
    assert_string_equal(source, target);
    clock_sleep_ms(5);
    assert_string_equal(target, state_of(p->target, a, "old"));
    must(target_release(control, &err));
}

static void the_held_replica_equals_the_snapshot_of_the_source(void **state)
{
    struct err err;
    struct load load;
    SCOPED(source) s = NULL;
    SCOPED(arena) a = arena_new();
    struct pair *p = pair_new(*state, "exact");
    p->opts.batch_bytes = 20000;
    pair_sql(p, schema_sql);
    pair_start(p);
    load_begin(&load, p); /* after the fork: a process with threads must not be copied */
    pair_settle(p);
    must(source_open(&p->opts.source, &s, &err));
    struct pg *control = test_pg_open(p->opts.target_uri);
    for (int i = 0; i < ROUNDS; i++) {
        compare_at_one_position(p, s, control, a);
        arena_reset(a);
    }
    load_end(&load);
    pair_settle(p);
    pair_same(p);
    const char *journal = "select count(*) from old.journal";
    assert_true(strtol(test_pg_value(p->target, journal), NULL, 10) > ROUNDS);
    pg_free(control);
    pair_free(p);
}

static void nothing_is_applied_while_it_is_held(void **state)
{
    struct err err;
    struct pair *p = pair_new(*state, "still");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    must(target_hold(p->target, TIMEOUT_MS, &err));
    pair_sql(p, "insert into dbo.t values (1)");
    pair_sql(p, "insert into dbo.t select i from generate_series(2, 50000) i");
    clock_sleep_ms(300);
    assert_string_equal(test_pg_value(p->target, "select count(*) from old.t"), "0");
    must(target_release(p->target, &err));
    pair_settle(p);
    pair_same(p);
    pair_free(p);
}

static void a_holder_that_dies_does_not_stop_it_for_ever(void **state)
{
    struct err err;
    struct pair *p = pair_new(*state, "holder");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    struct pg *holder = test_pg_open(p->opts.target_uri);
    must(target_hold(holder, TIMEOUT_MS, &err));
    pair_sql(p, "insert into dbo.t values (1)");
    clock_sleep_ms(100);
    assert_string_equal(test_pg_value(p->target, "select count(*) from old.t"), "0");
    pg_free(holder);
    pair_settle(p);
    pair_same(p);
    /* and the next one can hold */
    must(target_hold(p->target, TIMEOUT_MS, &err));
    must(target_release(p->target, &err));
    pair_free(p);
}

static void the_follower_may_be_stopped_and_started_while_it_is_held(void **state)
{
    struct err err;
    struct pair *p = pair_new(*state, "heldstop");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    must(target_hold(p->target, TIMEOUT_MS, &err));
    pair_sql(p, "insert into dbo.t values (1)");
    pair_kill(p);
    pair_start(p);
    clock_sleep_ms(500);
    assert_string_equal(test_pg_value(p->target, "select count(*) from old.t"), "0");
    must(target_release(p->target, &err));
    pair_settle(p);
    pair_same(p);
    pair_stop(p);
    pair_free(p);
}

static void two_holders_take_turns(void **state)
{
    struct err err;
    struct pair *p = pair_new(*state, "turns");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    struct pg *one = test_pg_open(p->opts.target_uri), *two = test_pg_open(p->opts.target_uri);
    must(target_hold(one, TIMEOUT_MS, &err));
    assert_false(target_hold(two, 200, &err));
    assert_int_equal(err.code, ERR_TARGET_BUSY);
    must(target_release(two, &err)); /* the way out after a failure: the other one's hold stays */
    assert_string_equal(test_pg_value(p->target, "select hold from carryover.control"), "t");
    must(target_release(one, &err));
    must(target_hold(two, TIMEOUT_MS, &err));
    must(target_release(two, &err));
    pg_free(one);
    pg_free(two);
    pair_settle(p);
    pair_free(p);
}

static void waiting_for_a_replica_that_does_not_move_fails(void **state)
{
    struct err err;
    uint64_t lsn = 0;
    SCOPED(source) s = NULL;
    struct pair *p = pair_new(*state, "barrier");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    must(source_open(&p->opts.source, &s, &err));
    must(target_hold(p->target, TIMEOUT_MS, &err));
    must(source_position(s, &lsn, &err));
    struct pg *other = test_pg_open(p->opts.target_uri);
    assert_false(target_wait(other, lsn, 300, &err));
    assert_int_equal(err.code, ERR_TIMEOUT);
    must(target_release(p->target, &err));
    must(target_wait(other, lsn, TIMEOUT_MS, &err));
    pair_stop(p);
    must(source_position(s, &lsn, &err));
    assert_false(target_wait(other, lsn, TIMEOUT_MS, &err));
    assert_int_equal(err.code, ERR_NOT_FOLLOWING);
    assert_false(target_hold(other, TIMEOUT_MS, &err));
    assert_int_equal(err.code, ERR_NOT_FOLLOWING);
    pg_free(other);
    pair_free(p);
}

/* A quiet source must not keep anybody waiting. */
static void a_barrier_on_a_quiet_source_is_reached_soon(void **state)
{
    struct err err;
    uint64_t lsn = 0;
    SCOPED(source) s = NULL;
    struct pair *p = pair_new(*state, "quiet");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    must(source_open(&p->opts.source, &s, &err));
    for (int i = 0; i < 5; i++) {
        must(source_position(s, &lsn, &err));
        must(target_wait(p->target, lsn, TIMEOUT_MS, &err));
    }
    pair_free(p);
}

/* An old transaction keeps a snapshot waiting: not longer than is said, and its process is named. */
static void a_snapshot_does_not_wait_for_ever(void **state)
{
    struct err err;
    struct source_snapshot at;
    SCOPED(source) s = NULL;
    struct pair *p = pair_new(*state, "old");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    must(source_open(&p->opts.source, &s, &err));
    struct pg *old = test_pg_open(p->opts.source.uri);
    test_pg_exec(old, "begin; insert into dbo.t values (1)");
    clock_sleep_ms(5200);
    assert_false(source_snapshot(s, 300, &at, &err));
    assert_int_equal(err.code, ERR_TIMEOUT);
    assert_non_null(strstr(err.message, test_pg_value(old, "select 'process ' || pg_backend_pid()")));
    test_pg_exec(old, "commit");
    must(source_snapshot(s, 10000, &at, &err));
    pg_free(old);
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_held_replica_equals_the_snapshot_of_the_source),
        cmocka_unit_test(nothing_is_applied_while_it_is_held),
        cmocka_unit_test(a_holder_that_dies_does_not_stop_it_for_ever),
        cmocka_unit_test(the_follower_may_be_stopped_and_started_while_it_is_held),
        cmocka_unit_test(two_holders_take_turns),
        cmocka_unit_test(waiting_for_a_replica_that_does_not_move_fails),
        cmocka_unit_test(a_barrier_on_a_quiet_source_is_reached_soon),
        cmocka_unit_test(a_snapshot_does_not_wait_for_ever),
    };
    return pair_tests(tests);
}
