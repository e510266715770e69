/* What stands in the way is found before anything starts, with what mends it; what must not be done is refused. */
#include "base/clock.h"
#include "integration/replicate/pair.h"
#include <pthread.h>
#include <signal.h>

static struct source_problems problems_of(struct pair *p)
{
    struct err err;
    struct table_list tables;
    struct source_problems l = {0};
    must(replicate_check(&p->opts, p->arena, &tables, &l, &err));
    return l;
}

static const char *with_user(struct arena *a, const char *uri, const char *user)
{
    const char *at = strstr(uri, "carryover@");
    assert_non_null(at);
    return arena_printf(a, "%.*s%s%s", (int)(at - uri), uri, user, at + strlen("carryover"));
}

static void drop_role(struct pair *p, const char *role)
{
    SCOPED(arena) a = arena_new();
    for (int side = 0; side < 2; side++)
        test_pg_exec(side ? p->source : p->target, arena_printf(a, "drop owned by %s cascade", role));
    pair_sql(p, arena_printf(a, "drop role %s", role));
}

static void every_missing_privilege_is_named_and_its_statement_mends_it(void **state)
{
    struct pair *p = pair_new(*state, "rights");
    struct arena *a = *state;
    pair_sql(p, "drop role if exists low; drop role if exists owner_; create role \"low\" login; create role owner_;"
                " create table dbo.mine (id int primary key); create table dbo.keyless (x int);"
                " create table dbo.\"The Others\" (id int primary key); alter table dbo.\"The Others\" owner to owner_;"
                " create table dbo.left_out (id int primary key); insert into dbo.mine values (1);"
                " revoke create on database rights_t from public");
    p->opts.source.uri = with_user(a, p->opts.source.uri, "low");
    p->opts.target_uri = with_user(a, p->opts.target_uri, "low");
    static const char *const exclude[] = {"left_*", NULL};
    p->opts.source.exclude = exclude;
    struct source_problems l = problems_of(p);
    assert_true(l.n >= 6);
    int rounds = 0, mended = 0;
    for (; l.n && rounds < 10; rounds++, l = problems_of(p)) {
        for (size_t i = 0; i < l.n; i++, mended++) {
            print_message("# %s: %s -> %s\n", err_info(l.p[i].code)->name, l.p[i].what, l.p[i].mend);
            assert_null(strstr(l.p[i].mend, "left_out"));
            test_pg_exec(p->source, l.p[i].mend);
        }
    }
    assert_int_equal(l.n, 0);
    pair_start(p);
    pair_settle(p);
    pair_sql(p, "drop table dbo.left_out");
    pair_same(p);
    pair_stop(p);
    struct err err;
    must(replicate_reset(&p->opts, &err));
    drop_role(p, "low");
    drop_role(p, "owner_");
    pair_free(p);
}

static void without_privileges_it_does_not_begin(void **state)
{
    struct pair *p = pair_new(*state, "refused");
    struct arena *a = *state;
    pair_sql(p, "drop role if exists nobody_; create role nobody_ login; create table dbo.t (id int primary key)");
    const char *source = p->opts.source.uri;
    p->opts.source.uri = with_user(a, source, "nobody_");
    pair_start(p);
    pair_expect(p, ERR_SOURCE_PRIVILEGE, "ALTER ROLE \"nobody_\" REPLICATION", "more", NULL);
    p->opts.source.uri = source;
    const char *target = p->opts.target_uri;
    p->opts.target_uri = with_user(a, target, "nobody_");
    pair_start(p);
    pair_expect(p, ERR_TARGET_PRIVILEGE, "GRANT CREATE ON DATABASE refused_t TO nobody_", NULL);
    p->opts.target_uri = target;
    assert_string_equal(test_pg_value(p->source, "select count(*) from pg_publication"), "0");
    pair_sql(p, "drop role nobody_");
    pair_free(p);
}

/* Owners do not see the rows that a forced policy hides from them: better none than some. */
static void rows_that_a_policy_hides_are_a_failure(void **state)
{
    struct pair *p = pair_new(*state, "policy");
    struct arena *a = *state;
    pair_sql(
        p,
        "drop role if exists holder_; create role holder_ login replication; create table dbo.t (id int primary key);"
        " insert into dbo.t values (1), (2); alter table dbo.t enable row level security;"
        " alter table dbo.t force row level security; create policy half on dbo.t using (id = 1);"
        " alter table dbo.t owner to holder_; grant usage on schema dbo to holder_;"
        " grant create on database policy_s to holder_");
    const char *source = p->opts.source.uri;
    p->opts.source.uri = with_user(a, source, "holder_");
    pair_start(p);
    pair_expect(p, ERR_COPY, "row-level security", NULL);
    p->opts.source.uri = source;
    pair_sql(p, "reassign owned by holder_ to carryover; drop owned by holder_ cascade; drop role holder_");
    pair_free(p);
}

static void a_target_with_something_else_is_refused(void **state)
{
    struct pair *p = pair_new(*state, "notempty");
    pair_sql(p, "create table dbo.t (id int primary key)");
    test_pg_exec(p->target, "create schema shop; create view shop.\"Precious\" as select 1");
    struct source_problems l = problems_of(p);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.p[0].code, ERR_TARGET_NOT_EMPTY);
    pair_start(p);
    pair_expect(p, ERR_TARGET_NOT_EMPTY, "shop.\"Precious\"", NULL);
    assert_string_equal(test_pg_value(p->target, "select count(*) from pg_namespace where nspname = 'carryover'"), "0");
    assert_string_equal(test_pg_value(p->source, "select count(*) from pg_publication"), "0");
    pair_free(p);
}

static void a_second_replication_on_the_same_target_is_refused(void **state)
{
    struct err err;
    struct pair *p = pair_new(*state, "second");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    struct replicate_watch silent = {0};
    struct replicate_opts o = p->opts;
    o.source.slot = "another_slot";
    assert_false(replicate_run(&o, &silent, &err));
    assert_int_equal(err.code, ERR_TARGET_BUSY);
    assert_false(replicate_reset(&p->opts, &err));
    assert_int_equal(err.code, ERR_TARGET_BUSY);
    pair_sql(p, "insert into dbo.t values (1)");
    pair_settle(p);
    pair_same(p);
    pair_free(p);
}

static void the_slot_of_another_replica_is_left_alone(void **state)
{
    struct err err;
    struct pair *p = pair_new(*state, "mine"), other = *p;
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    pair_stop(p);
    other.opts.target_uri = test_pg_database(*state, "other_t");
    pair_start(&other);
    pair_expect(&other, ERR_GUARD, "slot_mine", "replicate.slot", "pg_drop_replication_slot", NULL);
    assert_false(replicate_reset(&other.opts, &err));
    assert_int_equal(err.code, ERR_GUARD);
    pair_sql(p, "insert into dbo.t values (1)");
    pair_start(p);
    pair_settle(p);
    pair_same(p);
    pair_free(p);
}

static void another_database_behind_the_address_is_noticed(void **state)
{
    struct pair *p = pair_new(*state, "changed");
    const char *source = p->opts.source.uri;
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    pair_stop(p);
    struct pair *twin = pair_new(*state, "twin");
    pair_sql(twin, "create table dbo.t (id int primary key)");
    p->opts.source.uri = twin->opts.source.uri;
    pair_start(p);
    pair_expect(p, ERR_SOURCE_CHANGED, "changed_s", "twin_s", NULL);
    p->opts.source.uri = source;
    pair_free(twin);
    pair_free(p);
}

static void a_slot_that_is_gone_is_told(void **state)
{
    struct err err;
    struct pair *p = pair_new(*state, "dropped");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    pair_stop(p);
    /* The server ends the stream a moment after the client. */
    pair_sql(p, "do $$ begin while (select active from pg_replication_slots where slot_name = 'slot_dropped') loop "
                "perform pg_sleep(0.05); end loop; end $$");
    pair_sql(p, "select pg_drop_replication_slot('slot_dropped'); insert into dbo.t values (1)");
    pair_start(p);
    pair_expect(p, ERR_SLOT_LOST, "slot_dropped", NULL);
    must(replicate_reset(&p->opts, &err));
    pair_replicate(p);
    pair_free(p);
}

/* A source in trouble for disk space throws away log that the slot still needs. */
static void a_slot_that_was_invalidated_is_told(void **state)
{
    struct pair *p = pair_new(*state, "invalid");
    pair_sql(p, "create table dbo.t (id int primary key); create table public.noise (x text)");
    pair_replicate(p);
    pair_stop(p);
    pair_sql(p, "alter system set max_slot_wal_keep_size = '1MB'");
    pair_sql(p, "select pg_reload_conf()");
    for (int i = 0; i < 4; i++)
        pair_sql(
            p, "insert into public.noise select repeat('x', 500) from generate_series(1, 3000); select pg_switch_wal();"
               " insert into public.noise values ('')");
    pair_sql(p, "checkpoint");
    assert_string_equal(
        test_pg_value(p->source, "select wal_status from pg_replication_slots where slot_name = 'slot_invalid'"),
        "lost");
    pair_start(p);
    pair_expect(p, ERR_SLOT_LOST, "removed log", NULL);
    pair_sql(p, "alter system reset max_slot_wal_keep_size");
    pair_sql(p, "select pg_reload_conf()");
    pair_free(p);
}

static void a_target_that_was_set_back_is_told(void **state)
{
    struct pair *p = pair_new(*state, "setback");
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_replicate(p);
    pair_stop(p);
    test_pg_exec(p->target, "create table public.backup as select * from carryover.replication");
    pair_start(p);
    pair_sql(p, "insert into dbo.t values (1)");
    pair_settle(p);
    const char *moved =
        "select count(*) from pg_replication_slots where slot_name = 'slot_setback' and confirmed_flush_lsn >"
        " (select '%s'::pg_lsn)";
    SCOPED(arena) a = arena_new();
    char *was = arena_dup(a, test_pg_value(p->target, "select applied_lsn from public.backup"));
    while (strcmp(test_pg_value(p->source, arena_printf(a, moved, was)), "1") != 0)
        clock_sleep_ms(20);
    pair_stop(p);
    test_pg_exec(p->target, "delete from old.t; update carryover.replication set applied_lsn ="
                            " (select applied_lsn from public.backup)");
    pair_start(p);
    pair_expect(p, ERR_SLOT_LOST, "the target lost some", NULL);
    pair_free(p);
}

static void a_request_to_stop_ends_the_wait_for_old_transactions(void **state)
{
    struct pair *p = pair_new(*state, "waiting");
    pair_sql(p, "create table dbo.t (id int primary key)");
    struct pg *old = test_pg_open(p->opts.source.uri);
    test_pg_exec(old, "begin; insert into dbo.t values (1)");
    clock_sleep_ms(5200);
    pair_start(p);
    pair_logged(p, "waits until older transactions");
    clock_sleep_ms(200);
    int64_t start = clock_us();
    pair_stop(p);
    assert_true(clock_us() - start < 20000000);
    test_pg_exec(old, "commit");
    pair_replicate(p);
    pg_free(old);
    pair_free(p);
}

static void *kill_soon(void *ctx)
{
    clock_sleep_ms(400);
    kill(((const struct pair *)ctx)->pid, SIGKILL);
    return NULL;
}

/* The server lets go of a slot a moment after its reader has gone. */
static void a_slot_that_was_just_in_use_is_waited_for(void **state)
{
    struct pair *p = pair_new(*state, "letgo");
    struct source *source;
    struct err err;
    pthread_t thread;
    uint64_t position = 0;
    int64_t late = 0;
    pair_sql(p, "create table dbo.t (id int primary key)");
    pair_start(p);
    pair_settle(p);
    must(source_open(&p->opts.source, &source, &err));
    must(source_position(source, &position, &err));
    pair_sql(p, "insert into dbo.t values (1)");
    assert_int_equal(pthread_create(&thread, NULL, kill_soon, p), 0);
    must(source_changed_since(source, position, &late, &err));
    pthread_join(thread, NULL);
    source_free(source);
    pair_kill(p);
    pair_free(p);
    assert_true(late <= 1); /* whether the follower had confirmed it already is another matter */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_missing_privilege_is_named_and_its_statement_mends_it),
        cmocka_unit_test(without_privileges_it_does_not_begin),
        cmocka_unit_test(rows_that_a_policy_hides_are_a_failure),
        cmocka_unit_test(a_target_with_something_else_is_refused),
        cmocka_unit_test(a_second_replication_on_the_same_target_is_refused),
        cmocka_unit_test(the_slot_of_another_replica_is_left_alone),
        cmocka_unit_test(another_database_behind_the_address_is_noticed),
        cmocka_unit_test(a_slot_that_is_gone_is_told),
        cmocka_unit_test(a_slot_that_was_invalidated_is_told),
        cmocka_unit_test(a_target_that_was_set_back_is_told),
        cmocka_unit_test(a_slot_that_was_just_in_use_is_waited_for),
        cmocka_unit_test(a_request_to_stop_ends_the_wait_for_old_transactions),
    };
    return pair_tests(tests);
}
