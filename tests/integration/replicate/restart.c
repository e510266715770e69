/* Servers that restart, crash, lose connections or run out of disk: the follower goes on by itself, or says why not. */
#include "base/clock.h"
#include "base/file.h"
#include "db/cluster.h"
#include "integration/replicate/pair.h"
#include <errno.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const source_conf[] = {"wal_level = logical", "fsync = off", "autovacuum = off", NULL};
static const char *const target_conf[] = {"fsync = off", "autovacuum = off", "synchronous_commit = off", NULL};

struct servers {
    struct cluster_opts source, target;
    const char *source_uri, *target_uri;
};

static void start(const struct cluster_opts *o, struct arena *a, const char **ret_uri)
{
    struct err err;
    char *uri = NULL;
    must(cluster_start(o, a, &uri, &err));
    *ret_uri = uri;
}

static struct servers servers_new(struct arena *a, const char *name)
{
    const char *folder = test_folder();
    struct servers s = {.source = {.dir = arena_printf(a, "%s/%s_source", folder, name), .name = "source", .conf = source_conf},
                        .target = {.dir = arena_printf(a, "%s/%s_target", folder, name), .name = "target", .conf = target_conf}};
    start(&s.source, a, &s.source_uri);
    start(&s.target, a, &s.target_uri);
    return s;
}

static void servers_free(struct servers *s)
{
    struct err err;
    must(cluster_remove(&s->source, &err));
    must(cluster_remove(&s->target, &err));
}

static struct pair *pair_on(struct arena *a, const char *name, const struct servers *s)
{
    struct pair *p = pair_of(a, name, s->source_uri, s->target_uri);
    pair_sql(p, "create schema dbo; create table dbo.t (id int primary key, x text);"
                " create table dbo.bag (x int); alter table dbo.bag replica identity full");
    return p;
}

static void write_some(struct pair *p, int from)
{
    SCOPED(arena) a = arena_new();
    pair_sql(p, arena_printf(a, "insert into dbo.t select i, 'x' || i from generate_series(%d, %d) i;"
                                " update dbo.t set x = x || '.' where id %% 7 = 0; insert into dbo.bag select 1 from"
                                " generate_series(1, 10) i; delete from dbo.bag where ctid in (select ctid from dbo.bag limit 4)",
                             from, from + 99));
}

static void restart(struct pair *p, const struct cluster_opts *o, struct arena *a)
{
    struct err err;
    const char *uri = NULL;
    must(cluster_stop(o, &err));
    clock_sleep_ms(300);
    start(o, a, &uri);
    pair_reopen(p);
}

/* The server's first process, from its pid file. */
static void kill_server(const struct cluster_opts *o, struct arena *a)
{
    struct err err;
    struct str text;
    char *home = NULL;
    must(cluster_home(o, a, &home, &err));
    must(file_read(arena_printf(a, "%s/data/postmaster.pid", home), a, &text, &err));
    assert_int_equal(kill((pid_t)strtol(text.p, NULL, 10), SIGKILL), 0);
    clock_sleep_ms(300);
}

static void it_goes_on_after_either_server_was_restarted(void **state)
{
    struct servers s = servers_new(*state, "restart");
    struct pair *p = pair_on(*state, "restart", &s);
    write_some(p, 1);
    pair_replicate(p);
    restart(p, &s.source, *state);
    write_some(p, 1001);
    pair_settle(p);
    pair_same(p);
    restart(p, &s.target, *state);
    write_some(p, 2001);
    pair_settle(p);
    pair_same(p);
    pair_logged(p, "trying again in");
    pair_stop(p);
    pair_free(p);
    servers_free(&s);
}

/* Every commit of the target that the source was told of must survive, whatever the target's own settings say. */
static void nothing_is_lost_when_the_target_crashes(void **state)
{
    const char *uri = NULL;
    struct servers s = servers_new(*state, "crash");
    struct pair *p = pair_on(*state, "crash", &s);
    pair_replicate(p);
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 20; k++)
            write_some(p, 10000 * i + 100 * k);
        clock_sleep_ms(20 * i);
        kill_server(&s.target, *state);
        start(&s.target, *state, &uri);
        pair_reopen(p);
        pair_settle(p);
        pair_same(p);
    }
    pair_free(p);
    servers_free(&s);
}

static void nothing_is_lost_when_the_source_crashes(void **state)
{
    const char *uri = NULL;
    struct servers s = servers_new(*state, "scrash");
    struct pair *p = pair_on(*state, "scrash", &s);
    pair_replicate(p);
    write_some(p, 1);
    kill_server(&s.source, *state);
    start(&s.source, *state, &uri);
    pair_reopen(p);
    write_some(p, 1001);
    pair_settle(p);
    pair_same(p);
    pair_free(p);
    servers_free(&s);
}

static void it_goes_on_after_any_of_its_connections_was_cut(void **state)
{
    struct pair *p = pair_new(*state, "cut");
    pair_sql(p, "create table dbo.t (id int primary key, x text); create table dbo.bag (x int);"
                " alter table dbo.bag replica identity full");
    pair_replicate(p);
    for (int i = 0; i < 6; i++) {
        SCOPED(arena) a = arena_new();
        write_some(p, 1000 * i);
        const char *who = i % 3 == 0 ? "backend_type = 'walsender'" : i % 3 == 1 ? "datname = 'cut_t'" : "datname = 'cut_s'";
        pair_sql(p, arena_printf(a, "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where"
                                    " application_name = 'carryover' and datname like 'cut_%%' and %s and pid <> pg_backend_pid()"
                                    " and pid <> %d order by random()) x limit %d", who, PQbackendPID(pg_raw(p->target)),
                                 i < 3 ? 1 : 9));
        pair_settle(p);
        pair_same(p);
    }
    pair_stop(p);
    pair_free(p);
}

static void it_gives_up_when_its_patience_ends(void **state)
{
    struct err err;
    const char *uri = NULL;
    struct servers s = servers_new(*state, "patience");
    struct pair *p = pair_on(*state, "patience", &s);
    p->opts.retry_ms = 1200;
    pair_replicate(p);
    int64_t start_us = clock_us();
    must(cluster_stop(&s.target, &err));
    pair_failure(p, &err);
    assert_true(err.code == ERR_CONNECT || err.code == ERR_CONNECTION_LOST);
    assert_true(clock_us() - start_us > 1000000);
    start(&s.target, *state, &uri);
    pair_reopen(p);
    p->opts.retry_ms = 0;
    pair_replicate(p);
    must(cluster_stop(&s.source, &err));
    pair_failure(p, &err);
    assert_true(err.code == ERR_CONNECT || err.code == ERR_CONNECTION_LOST);
    start(&s.source, *state, &uri);
    pair_reopen(p);
    pair_replicate(p);
    pair_free(p);
    servers_free(&s);
}

static void a_stop_does_not_wait_for_the_next_try(void **state)
{
    struct err err;
    const char *uri = NULL;
    struct servers s = servers_new(*state, "stop");
    struct pair *p = pair_on(*state, "stop", &s);
    p->opts.retry_ms = 600000;
    pair_replicate(p);
    must(cluster_stop(&s.source, &err));
    pair_logged(p, "trying again in 1600 ms");
    pair_stop(p);
    start(&s.source, *state, &uri);
    pair_reopen(p);
    pair_free(p);
    servers_free(&s);
}

/* -- no space left -- */

static bool small_disk(const char *path)
{
    struct err err;
    must(file_make_dirs(path, &err));
    return mount("tmpfs", path, "tmpfs", 0, "size=100M,mode=0755") == 0;
}

static void a_full_disk_is_told_and_it_goes_on_when_there_is_space(void **state)
{
    struct err err;
    const char *disk = arena_printf(*state, "%s/disk", test_folder());
    if (!small_disk(disk)) {
        print_message("# cannot mount a small disk here (%s): NOT TESTED\n", strerror(errno));
        skip();
    }
    static const char *const conf[] = {"fsync = off", "autovacuum = off", "max_wal_size = 32MB", "min_wal_size = 32MB", NULL};
    struct servers s = servers_new(*state, "full");
    must(cluster_remove(&s.target, &err));
    s.target.dir = arena_printf(*state, "%s/target", disk);
    s.target.conf = conf;
    start(&s.target, *state, &s.target_uri);
    struct pair *p = pair_on(*state, "full", &s);
    pair_replicate(p);
    const char *filler = arena_printf(*state, "%s/filler", disk);
    FILE *f = fopen(filler, "w");
    assert_non_null(f);
    static const char block[65536];
    while (fwrite(block, sizeof block, 1, f) == 1)
        fflush(f);
    fclose(f);
    pair_sql(p, "insert into dbo.t select i, repeat('x', 1000) from generate_series(1, 40000) i");
    pair_failure(p, &err);
    if (err.code != ERR_DISK_FULL && err.code != ERR_CONNECTION_LOST && err.code != ERR_CONNECT)
        fail_msg("%s: %s", err_info(err.code)->name, err.message);
    assert_int_equal(unlink(filler), 0);
    pair_sql(p, "delete from dbo.t where id > 5000");
    must(cluster_stop(&s.target, &err));
    start(&s.target, *state, &s.target_uri);
    pair_reopen(p);
    p->opts.batch_bytes = 1 << 20;
    pair_start(p);
    pair_settle(p);
    pair_same(p);
    pair_free(p);
    servers_free(&s);
    assert_int_equal(umount2(disk, MNT_DETACH), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_goes_on_after_either_server_was_restarted),
        cmocka_unit_test(nothing_is_lost_when_the_target_crashes),
        cmocka_unit_test(nothing_is_lost_when_the_source_crashes),
        cmocka_unit_test(it_goes_on_after_any_of_its_connections_was_cut),
        cmocka_unit_test(it_gives_up_when_its_patience_ends),
        cmocka_unit_test(a_stop_does_not_wait_for_the_next_try),
        cmocka_unit_test(a_full_disk_is_told_and_it_goes_on_when_there_is_space),
    };
    return pair_tests(tests);
}
