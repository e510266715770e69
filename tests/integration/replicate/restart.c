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

/* The two servers of this program. What is on them is removed at its end, before the folder they are in. */
static struct cluster_opts source_server, target_server, full_server;
static const char *disk; /* mounted */

static void remove_all(void)
{
    struct err err;
    struct cluster_opts *all[] = {&source_server, &target_server, &full_server};
    for (size_t i = 0; i < ARRAY_LEN(all); i++)
        if (all[i]->dir && !cluster_remove(all[i], &err))
            fprintf(stderr, "# %s\n", err.message);
    if (disk && umount2(disk, MNT_DETACH) != 0)
        fprintf(stderr, "# %s is still mounted\n", disk);
}

static const char *start(const struct cluster_opts *o, struct arena *a)
{
    struct err err;
    char *uri = NULL;
    must(cluster_start(o, a, &uri, &err));
    return uri;
}

static const char *database_on(const struct cluster_opts *o, struct arena *a, const char *name)
{
    const char *uri = start(o, a);
    struct pg *pg = test_pg_open(uri);
    test_pg_exec(pg, arena_printf(a, "create database %s", name));
    pg_free(pg);
    return arena_printf(a, "postgresql://carryover@/%s%s", name, strchr(uri, '?'));
}

static struct pair *pair_on(struct arena *a, const char *name, const struct cluster_opts *target)
{
    const char *source = database_on(&source_server, a, name);
    struct pair *p = pair_of(a, name, source, database_on(target, a, name));
    pair_sql(p, "create schema dbo; create table dbo.t (id int primary key, x text);"
                " create table dbo.bag (x int); alter table dbo.bag replica identity full");
    return p;
}

static void write_some(struct pair *p, int from)
{
    SCOPED(arena) a = arena_new();
    pair_sql(p, arena_printf(
                    a,
                    "insert into dbo.t select i, 'x' || i from generate_series(%d, %d) i;"
                    " update dbo.t set x = x || '.' where id %% 7 = 0; insert into dbo.bag select 1 from"
                    " generate_series(1, 10) i; delete from dbo.bag where ctid in (select ctid from dbo.bag limit 4)",
                    from, from + 99));
}

static void restart(struct pair *p, const struct cluster_opts *o, struct arena *a)
{
    struct err err;
    must(cluster_stop(o, &err));
    clock_sleep_ms(300);
    start(o, a);
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
    struct pair *p = pair_on(*state, "restart", &target_server);
    write_some(p, 1);
    pair_replicate(p);
    restart(p, &source_server, *state);
    write_some(p, 1001);
    pair_settle(p);
    pair_same(p);
    restart(p, &target_server, *state);
    write_some(p, 2001);
    pair_settle(p);
    pair_same(p);
    pair_logged(p, "trying again in");
    pair_stop(p);
    pair_free(p);
}

/* Every commit of the target that the source was told of must survive, whatever the target's own settings say. */
static void nothing_is_lost_when_the_target_crashes(void **state)
{
    struct pair *p = pair_on(*state, "crash", &target_server);
    pair_replicate(p);
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 20; k++)
            write_some(p, 10000 * i + 100 * k);
        clock_sleep_ms(20 * i);
        kill_server(&target_server, *state);
        start(&target_server, *state);
        pair_reopen(p);
        pair_settle(p);
        pair_same(p);
    }
    pair_free(p);
}

static void nothing_is_lost_when_the_source_crashes(void **state)
{
    struct pair *p = pair_on(*state, "scrash", &target_server);
    pair_replicate(p);
    write_some(p, 1);
    kill_server(&source_server, *state);
    start(&source_server, *state);
    pair_reopen(p);
    write_some(p, 1001);
    pair_settle(p);
    pair_same(p);
    pair_free(p);
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
        const char *who = i % 3 == 0   ? "backend_type = 'walsender'"
                          : i % 3 == 1 ? "datname = 'cut_t'"
                                       : "datname = 'cut_s'";
        pair_sql(p, arena_printf(
                        a,
                        "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where"
                        " application_name = 'carryover' and datname like 'cut_%%' and %s and pid <> pg_backend_pid()"
                        " and pid <> %d order by random()) x limit %d",
                        who, PQbackendPID(pg_raw(p->target)), i < 3 ? 1 : 9));
        pair_settle(p);
        pair_same(p);
    }
    pair_stop(p);
    pair_free(p);
}

static void it_gives_up_when_its_patience_ends(void **state)
{
    struct err err;
    struct pair *p = pair_on(*state, "patience", &target_server);
    p->opts.retry_ms = 1200;
    pair_replicate(p);
    int64_t start_us = clock_us();
    must(cluster_stop(&target_server, &err));
    pair_failure(p, &err);
    assert_true(err.code == ERR_CONNECT || err.code == ERR_CONNECTION_LOST);
    assert_true(clock_us() - start_us > 1000000);
    start(&target_server, *state);
    pair_reopen(p);
    p->opts.retry_ms = 0;
    pair_replicate(p);
    must(cluster_stop(&source_server, &err));
    pair_failure(p, &err);
    assert_true(err.code == ERR_CONNECT || err.code == ERR_CONNECTION_LOST);
    start(&source_server, *state);
    pair_reopen(p);
    pair_replicate(p);
    pair_free(p);
}

static void a_stop_does_not_wait_for_the_next_try(void **state)
{
    struct err err;
    struct pair *p = pair_on(*state, "stop", &target_server);
    p->opts.retry_ms = 600000;
    pair_replicate(p);
    must(cluster_stop(&source_server, &err));
    pair_logged(p, "trying again in 1600 ms");
    pair_stop(p);
    start(&source_server, *state);
    pair_reopen(p);
    pair_free(p);
}

/* -- no space left -- */

static bool mount_disk(struct arena *a)
{
    struct err err;
    const char *path = arena_printf(a, "%s/disk", test_folder());
    must(file_make_dirs(path, &err));
    if (mount("tmpfs", path, "tmpfs", 0, "size=140M,mode=0755") != 0)
        return false;
    disk = path;
    return true;
}

static void fill_disk(const char *file)
{
    static const char block[65536];
    FILE *f = fopen(file, "w");
    assert_non_null(f);
    while (fwrite(block, sizeof block, 1, f) == 1)
        fflush(f);
    fclose(f);
}

static void a_full_disk_is_told_and_it_goes_on_when_there_is_space(void **state)
{
    static const char *const conf[] = {"fsync = off", "autovacuum = off", "max_wal_size = 32MB", "min_wal_size = 32MB",
                                       NULL};
    struct err err;
    static struct arena *own;
    own = arena_new();
    if (!mount_disk(own)) {
        print_message("# cannot mount a small disk here (%s): NOT TESTED\n", strerror(errno));
        skip();
    }
    full_server = (struct cluster_opts){.dir = arena_printf(own, "%s/target", disk), .name = "full", .conf = conf};
    struct pair *p = pair_on(*state, "filled", &full_server);
    pair_replicate(p);
    const char *filler = arena_printf(*state, "%s/filler", disk);
    fill_disk(filler);
    pair_sql(p, "insert into dbo.t select i, repeat('x', 1000) from generate_series(1, 15000) i");
    pair_failure(p, &err);
    if (err.code != ERR_DISK_FULL && err.code != ERR_CONNECTION_LOST && err.code != ERR_CONNECT)
        fail_msg("%s: %s", err_info(err.code)->name, err.message);
    assert_int_equal(unlink(filler), 0);
    restart(p, &full_server, *state);
    pair_replicate(p);
    pair_free(p);
}

int main(void)
{
    static struct arena *a; /* as long as the program: the servers are removed after main() */
    a = arena_new();
    source_server = (struct cluster_opts){
        .dir = arena_printf(a, "%s/source", test_folder()), .name = "source", .conf = source_conf};
    target_server = (struct cluster_opts){
        .dir = arena_printf(a, "%s/target", test_folder()), .name = "target", .conf = target_conf};
    atexit(remove_all);
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
