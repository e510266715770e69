/* Tables and transactions of every kind: what can be followed is followed, what cannot is said so. */
#include "base/clock.h"
#include "integration/replicate/pair.h"
#include <stdatomic.h>

static const char *mode_of(struct pair *p, const char *table)
{
    SCOPED(arena) a = arena_new();
    return test_pg_value(
        p->target,
        arena_printf(a, "select mode || ': ' || reason from carryover.relation where source_name = '%s'", table));
}

static const char *count(struct pair *p, const char *table)
{
    SCOPED(arena) a = arena_new();
    return test_pg_value(p->target, arena_printf(a, "select count(*) from old.%s", table));
}

static void settled_and_same(struct pair *p)
{
    pair_settle(p);
    pair_same(p);
}

/* -- kinds of tables -- */

static void empty_tables_arrive_and_fill(void **state)
{
    struct pair *p = pair_new(*state, "empty");
    pair_sql(p, "create table dbo.e (id int primary key, x text); create table dbo.f (x text);"
                " alter table dbo.f replica identity full");
    pair_replicate(p);
    pair_sql(p, "insert into dbo.e values (1, 'a'); insert into dbo.f values ('a'), ('a')");
    settled_and_same(p);
    pair_free(p);
}

static void tables_that_cannot_be_followed_are_named_and_copied_at_the_end(void **state)
{
    struct err err;
    int n = 0;
    struct pair *p = pair_new(*state, "cutover");
    pair_sql(p, "create table dbo.keyless (x int, y text); create unlogged table dbo.fast (id int primary key);"
                " create table dbo.late (id int primary key deferrable); create table dbo.nothing (id int primary key);"
                " alter table dbo.nothing replica identity nothing; create table dbo.good (id int primary key);"
                " insert into dbo.keyless values (1, 'a'), (1, 'a'); insert into dbo.fast values (1);"
                " insert into dbo.late values (1); insert into dbo.nothing values (1)");
    pair_replicate(p);
    assert_non_null(strstr(mode_of(p, "keyless"), "cutover: it has no primary key"));
    assert_non_null(strstr(mode_of(p, "fast"), "cutover: an unlogged table"));
    assert_non_null(strstr(mode_of(p, "late"), "cutover: its primary key is deferrable"));
    assert_non_null(strstr(mode_of(p, "nothing"), "cutover: its replica identity is NOTHING"));
    assert_string_equal(mode_of(p, "good"), "follow: ");
    pair_sql(p, "insert into dbo.keyless values (2, 'b'); delete from dbo.fast; insert into dbo.late values (2);"
                " update dbo.nothing set id = 9; insert into dbo.good values (7); update dbo.late set id = 3 - id");
    pair_settle(p);
    assert_string_equal(count(p, "keyless"), "2");
    assert_string_equal(count(p, "good"), "1");
    must(replicate_copy_keyless(&p->opts, NULL, &n, &err));
    assert_int_equal(n, 4);
    pair_same(p);
    must(replicate_copy_keyless(&p->opts, NULL, &n, &err));
    settled_and_same(p);
    pair_free(p);
}

static void equal_rows_without_key_are_counted(void **state)
{
    struct pair *p = pair_new(*state, "bag");
    p->opts.batch_bytes = 2000;
    pair_sql(p, "create table dbo.bag (x int, y text); alter table dbo.bag replica identity full;"
                " insert into dbo.bag select 1, 'same' from generate_series(1, 10)");
    pair_replicate(p);
    pair_sql(p, "delete from dbo.bag where ctid in (select ctid from dbo.bag limit 3)");
    settled_and_same(p);
    assert_string_equal(count(p, "bag"), "7");
    pair_sql(p, "begin; insert into dbo.bag select 1, 'same' from generate_series(1, 100);"
                " update dbo.bag set y = null where ctid in (select ctid from dbo.bag limit 50);"
                " update dbo.bag set y = '' where ctid in (select ctid from dbo.bag where y is null limit 20);"
                " delete from dbo.bag where y = ''; commit");
    settled_and_same(p);
    assert_string_equal(count(p, "bag"), "87");
    pair_sql(p, "truncate dbo.bag; insert into dbo.bag values (null, null), (null, null)");
    settled_and_same(p);
    pair_free(p);
}

static void tables_that_inherit_are_tables_of_their_own(void **state)
{
    struct pair *p = pair_new(*state, "inherit");
    pair_sql(p, "create table dbo.parent (id int primary key, x text);"
                " create table dbo.child (y int, primary key (id)) inherits (dbo.parent);"
                " insert into dbo.parent values (1, 'p'); insert into dbo.child values (2, 'c', 3)");
    pair_start(p);
    pair_settle(p);
    pair_sql(
        p, "insert into dbo.child values (5, 'c', 6); update dbo.parent set x = x || '!'; delete from only dbo.parent");
    pair_settle(p);
    assert_string_equal(count(p, "parent"), "0");
    assert_string_equal(test_pg_value(p->target, "select string_agg(c::text, ' ' order by id) from old.child c"),
                        "(2,c!,3) (5,c!,6)");
    pair_free(p);
}

static void partitions_arrive_as_one_table(void **state)
{
    struct pair *p = pair_new(*state, "partitions");
    pair_sql(
        p,
        "create table dbo.part (id int, region text, x text, primary key (id, region)) partition by list (region);"
        " create table dbo.part_a partition of dbo.part for values in ('a') partition by range (id);"
        " create table dbo.part_a1 partition of dbo.part_a for values from (0) to (100);"
        " create table dbo.part_b partition of dbo.part for values in ('b');"
        " insert into dbo.part select i, case i % 2 when 0 then 'a' else 'b' end, 'x' from generate_series(1, 99) i");
    pair_replicate(p);
    pair_sql(p, "create table dbo.part_c (x text, region text not null, id int not null);"
                " alter table dbo.part attach partition dbo.part_c for values in ('c');"
                " insert into dbo.part values (1, 'c', 'y'); update dbo.part set region = 'b' where id % 4 = 0 and "
                "region = 'a';"
                " delete from dbo.part where id % 5 = 0");
    settled_and_same(p);
    pair_sql(p, "truncate dbo.part; insert into dbo.part values (3, 'a', 'z')");
    settled_and_same(p);
    assert_string_equal(test_pg_value(p->target, "select count(*) from carryover.relation"), "1");
    pair_free(p);
}

static void indexes_that_cannot_be_built_are_left_out_and_told(void **state)
{
    struct pair *p = pair_new(*state, "indexes");
    pair_sql(p, "create function dbo.twice(x int) returns int language sql immutable as 'select 2 * x';"
                " create table dbo.i (id int primary key, a int unique, b text, c tsvector);"
                " create index i_twice on dbo.i (dbo.twice(a)); create index i_expr on dbo.i (lower(b)) where a > 3;"
                " create index i_gin on dbo.i using gin (c); create unique index i_two on dbo.i (b desc nulls last) "
                "include (a);"
                " insert into dbo.i select g, g, 'b' || g, 'x:1' from generate_series(1, 9) g");
    pair_replicate(p);
    pair_logged(p, "the index i_twice of i cannot be built on the target and is left out");
    assert_string_equal(test_pg_value(p->target, "select string_agg(indexname, ' ' order by indexname) from pg_indexes"
                                                 " where schemaname = 'old'"),
                        "i_a_key i_expr i_gin i_pkey i_two");
    pair_sql(p, "update dbo.i set a = 100 - a, b = 'c' || 10 - id");
    settled_and_same(p);
    pair_free(p);
}

static void tables_that_come_later_are_told(void **state)
{
    struct pair *p = pair_new(*state, "later");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    pair_sql(p, "create table dbo.newcomer (id int primary key); insert into dbo.newcomer values (1);"
                " alter table dbo.t alter id set default 5");
    pair_settle(p);
    pair_stop(p);
    pair_start(p);
    pair_logged(p, "the table newcomer came to the source after replication began");
    pair_sql(p, "drop table dbo.newcomer; insert into dbo.t values (1)");
    settled_and_same(p);
    pair_free(p);
}

/* -- transactions -- */

static void several_tables_are_truncated_together(void **state)
{
    struct pair *p = pair_new(*state, "truncate");
    pair_sql(
        p,
        "create table dbo.a (id int primary key); create table dbo.b (id int primary key references dbo.a);"
        " create table dbo.c (x int); alter table dbo.c replica identity full; create table dbo.d (id int primary key);"
        " insert into dbo.a values (1), (2); insert into dbo.b values (1); insert into dbo.c values (1);"
        " insert into dbo.d values (1)");
    pair_replicate(p);
    pair_sql(p, "begin; insert into dbo.a values (3); truncate dbo.a cascade; insert into dbo.a values (2), (4);"
                " insert into dbo.b values (4); commit");
    settled_and_same(p);
    assert_string_equal(count(p, "b"), "1");
    pair_sql(p, "truncate dbo.d, dbo.c restart identity; insert into dbo.c values (null)");
    settled_and_same(p);
    pair_sql(p, "begin; truncate dbo.d; rollback; insert into dbo.d values (8)");
    settled_and_same(p);
    pair_free(p);
}

static void a_huge_transaction_is_seen_whole_or_not_at_all(void **state)
{
    struct pair *p = pair_new(*state, "huge");
    p->opts.batch_bytes = 100000;
    pair_sql(p, "create table dbo.h (id int primary key, x text)");
    pair_replicate(p);
    pair_sql(
        p,
        "begin; insert into dbo.h select i, repeat('x', 100) from generate_series(1, 40000) i;"
        " savepoint s; update dbo.h set x = 'gone'; rollback to s;"
        " update dbo.h set id = id + 100000 where id % 2 = 0; savepoint t; delete from dbo.h where id = 1; release t;"
        " savepoint u; savepoint v; insert into dbo.h values (-1, 'kept'); release v; release u; commit");
    int seen = 0;
    while (seen == 0) {
        const char *n = test_pg_value(p->target, "select count(*) from old.h");
        seen = (int)strtol(n, NULL, 10);
        assert_true(seen == 0 || seen == 40000);
        clock_sleep_ms(2);
    }
    settled_and_same(p);
    assert_true(strtol(test_pg_value(p->target, "select transactions from carryover.replication"), NULL, 10) == 1);
    /* killed in the middle of one: nothing of it is there, and then all of it */
    pair_sql(p, "update dbo.h set x = 'second'");
    clock_sleep_ms(120);
    pair_kill(p);
    const char *second = test_pg_value(p->target, "select count(*) from old.h where x = 'second'");
    assert_true(strcmp(second, "0") == 0 || strcmp(second, "40000") == 0);
    pair_start(p);
    settled_and_same(p);
    pair_free(p);
}

static void savepoints_and_roll_backs_leave_nothing(void **state)
{
    struct pair *p = pair_new(*state, "savepoint");
    pair_sql(p, "create table dbo.s (id int primary key, x text)");
    pair_replicate(p);
    pair_sql(
        p, "begin; insert into dbo.s values (1, 'a'); rollback; begin; insert into dbo.s values (2, 'b'); savepoint x;"
           " insert into dbo.s values (3, 'c'); rollback to x; insert into dbo.s values (3, 'd'); commit;"
           " do $$ begin for i in 10..60 loop begin insert into dbo.s values (i, 'e');"
           "  if i % 3 = 0 then raise 'no'; end if; exception when others then null; end; end loop; end $$");
    settled_and_same(p);
    pair_free(p);
}

static void prepared_transactions_count_when_they_commit(void **state)
{
    struct pair *p = pair_new(*state, "prepared");
    pair_sql(p, "create table dbo.p (id int primary key)");
    pair_replicate(p);
    pair_sql(p, "begin; insert into dbo.p values (1); prepare transaction 'one'");
    pair_sql(p, "begin; insert into dbo.p values (2); prepare transaction 'two'");
    pair_sql(p, "insert into dbo.p values (3)");
    pair_settle(p);
    assert_string_equal(count(p, "p"), "1");
    pair_stop(p);
    pair_start(p);
    pair_sql(p, "commit prepared 'two'");
    pair_sql(p, "rollback prepared 'one'");
    settled_and_same(p);
    assert_string_equal(count(p, "p"), "2");
    pair_free(p);
}

/* The order of the commits counts, not that of the beginnings: on one hot row the last commit has the last word. */
static void hot_rows_follow_the_order_of_the_commits(void **state)
{
    struct pair *p = pair_new(*state, "hot");
    pair_sql(
        p,
        "create table dbo.hot (id int primary key, n int, who text); insert into dbo.hot values (1, 0, ''), (2, 0, '');"
        " create table dbo.other (id serial primary key, x int)");
    pair_replicate(p);
    struct pg *first = test_pg_open(p->opts.source.uri), *second = test_pg_open(p->opts.source.uri);
    for (int i = 0; i < 20; i++) {
        test_pg_exec(first, "begin; insert into dbo.other (x) values (1)"); /* gets the lower transaction number */
        test_pg_exec(second,
                     "begin; insert into dbo.other (x) values (2); update dbo.hot set n = n + 1, who = 'second'");
        test_pg_exec(second, "commit");
        test_pg_exec(first, "update dbo.hot set n = n + 1, who = 'first' where id = 1; commit");
    }
    settled_and_same(p);
    assert_string_equal(test_pg_value(p->target, "select string_agg(h::text, ' ' order by id) from old.hot h"),
                        "(1,40,first) (2,20,second)");
    pg_free(first);
    pg_free(second);
    pair_free(p);
}

/* -- several snapshots -- */

/* Copies all, then pretends that the first range was not finished. */
static void forget_first_range(struct pair *p)
{
    SCOPED(arena) a = arena_new();
    pair_settle(p);
    pair_stop(p);
    const char *hi = test_pg_value(p->target, "select hi[1] from carryover.chunk where no = 0");
    const char *sql = arena_printf(a,
                                   "delete from old.m where k < %s; update carryover.chunk set done = false, at = null"
                                   " where no = 0; update carryover.replication set state = 'copying'",
                                   pg_literal(a, hi));
    test_pg_exec(p->target, sql);
    assert_true(strtol(test_pg_value(p->target, "select count(*) from carryover.chunk"), NULL, 10) > 3);
}

static struct pair *with_ranges(void **state, const char *name)
{
    struct pair *p = pair_new(*state, name);
    p->opts.chunk_bytes = 30000;
    pair_sql(p, "create table dbo.m (k text collate \"C\" primary key, code int unique, big text);"
                " alter table dbo.m alter big set storage external;"
                " insert into dbo.m select chr(65 + i % 26) || e'\\x1f\\\\'',{\"' || i, i, repeat(md5(i::text), 70)"
                "  from generate_series(1, 2000) i; analyze dbo.m");
    pair_start(p);
    return p;
}

static void ranges_of_two_snapshots_come_together(void **state)
{
    struct pair *p = with_ranges(state, "ranges");
    forget_first_range(p);
    pair_sql(p, "update dbo.m set code = code + 10000 where k < 'B'; update dbo.m set code = code - 26 where k > 'Z';"
                " delete from dbo.m where k like '%7'; insert into dbo.m select 'A' || i, -1000 - i, null from "
                "generate_series(1, 30) i");
    pair_start(p);
    settled_and_same(p);
    assert_string_equal(test_pg_value(p->target, "select count(distinct at) from carryover.chunk"), "2");
    pair_free(p);
}

/* The row leaves the range that is copied later for one that was copied before, and the stream does not have its large
 * value: neither snapshot has it. */
static void a_row_that_moved_between_two_snapshots_is_not_lost(void **state)
{
    struct pair *p = with_ranges(state, "moved");
    forget_first_range(p);
    pair_sql(p, "update dbo.m set k = 'zz' || k where k < 'A' || chr(31) || e'\\\\'',{\"' || '3'");
    assert_true(strtol(test_pg_value(p->source, "select count(*) from dbo.m where k like 'zz%'"), NULL, 10) > 5);
    pair_start(p);
    settled_and_same(p);
    pair_logged(p, "m is copied anew");
    pair_sql(p, "update dbo.m set k = substr(k, 3) where k like 'zz%'");
    settled_and_same(p);
    pair_stop(p);
    pair_start(p);
    settled_and_same(p);
    pair_free(p);
}

/* -- trackers -- */

static void trackers_see_the_rows_before_and_after(void **state)
{
    struct pair *p = pair_new(*state, "trackers");
    pair_sql(p, "create table dbo.t (id int primary key, parent int); insert into dbo.t values (1, 10), (2, 20);"
                " create table dbo.f (x int); alter table dbo.f replica identity full");
    pair_replicate(p);
    test_pg_exec(p->target,
                 "create table carryover.dirty (what text, parent int);"
                 " begin; update carryover.tracker_version set version = version + 1;"
                 " insert into carryover.tracker values ('old', 't', 'lens', 0, 'both', 'insert into carryover.dirty"
                 "  select ''row'', parent from old.t where id in (select id from pg_temp.\"changed:t\")',"
                 "  'insert into carryover.dirty values (''all t'', null)'),"
                 " ('old', 'f', 'lens', 0, 'both', 'select 1/0', 'insert into carryover.dirty values (''all f'', "
                 "null)'); commit");
    pair_sql(p, "update dbo.t set parent = 11 where id = 1");
    pair_settle(p);
    assert_string_equal(test_pg_value(p->target, "select string_agg(d::text, ' ' order by d) from carryover.dirty d"),
                        "(row,10) (row,11)");
    pair_sql(
        p,
        "begin; update dbo.t set id = 3 where id = 2; insert into dbo.t values (2, 21); delete from dbo.t where id = 1;"
        " commit");
    pair_settle(p);
    assert_string_equal(
        test_pg_value(p->target, "select string_agg(distinct d::text, ' ' order by d::text) from carryover.dirty d"),
        "(row,10) (row,11) (row,20) (row,21)");
    pair_sql(p, "truncate dbo.t; insert into dbo.f values (1)");
    pair_settle(p);
    assert_string_equal(test_pg_value(p->target,
                                      "select string_agg(what, ', ' order by what) from carryover.dirty where parent"
                                      " is null"),
                        "all f, all t");
    pair_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_tables_arrive_and_fill),
        cmocka_unit_test(tables_that_cannot_be_followed_are_named_and_copied_at_the_end),
        cmocka_unit_test(equal_rows_without_key_are_counted),
        cmocka_unit_test(tables_that_inherit_are_tables_of_their_own),
        cmocka_unit_test(partitions_arrive_as_one_table),
        cmocka_unit_test(indexes_that_cannot_be_built_are_left_out_and_told),
        cmocka_unit_test(tables_that_come_later_are_told),
        cmocka_unit_test(several_tables_are_truncated_together),
        cmocka_unit_test(a_huge_transaction_is_seen_whole_or_not_at_all),
        cmocka_unit_test(savepoints_and_roll_backs_leave_nothing),
        cmocka_unit_test(prepared_transactions_count_when_they_commit),
        cmocka_unit_test(hot_rows_follow_the_order_of_the_commits),
        cmocka_unit_test(ranges_of_two_snapshots_come_together),
        cmocka_unit_test(a_row_that_moved_between_two_snapshots_is_not_lost),
        cmocka_unit_test(trackers_see_the_rows_before_and_after),
    };
    return pair_tests(tests);
}
