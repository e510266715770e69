#include "integration/pg.h"
#include "base/file.h"
#include "db/cluster.h"
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];
static char cluster_dir[96];
static struct cluster_opts server;
static struct arena *own;
static const char *server_uri;
static pid_t owner;

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    printf("Bail out! %s\n", err->message);
    exit(99);
}

static struct arena *memory(void)
{
    if (!own)
        own = arena_new();
    return own;
}

/* Children that a test has forked do not tidy up. */
static void tidy(void)
{
    struct err err;
    if (getpid() != owner)
        return;
    if (server.dir && !cluster_remove(&server, &err))
        fprintf(stderr, "# %s\n", err.message);
    if (folder[0] && !file_remove_tree(folder, &err))
        fprintf(stderr, "# %s\n", err.message);
    if (own)
        arena_free(own);
}

const char *test_folder(void)
{
    if (folder[0])
        return folder;
    snprintf(folder, sizeof folder, "/tmp/carryover-test-XXXXXX");
    if (!mkdtemp(folder) || chmod(folder, 0755) != 0) {
        printf("Bail out! no temporary folder\n");
        exit(99);
    }
    owner = getpid();
    atexit(tidy);
    return folder;
}

static const char *const *test_conf(const char *const *more)
{
    static const char *lines[32] = {"fsync = off", "synchronous_commit = off", "full_page_writes = off",
                                    "shared_buffers = 64MB", "max_wal_size = 1GB"};
    size_t n = 5;
    while (more && *more && n < ARRAY_LEN(lines) - 1)
        lines[n++] = *more++;
    lines[n] = NULL;
    return lines;
}

const char *test_pg_start(const char *const *conf)
{
    struct err err;
    char *uri = NULL;
    if (server_uri)
        return server_uri;
    snprintf(cluster_dir, sizeof cluster_dir, "%s/pg", test_folder());
    server = (struct cluster_opts){.dir = cluster_dir, .name = "test", .conf = test_conf(conf)};
    must(cluster_start(&server, memory(), &uri, &err), &err);
    server_uri = uri;
    return server_uri;
}

struct pg *test_pg_open(const char *uri)
{
    struct err err;
    struct pg *pg = NULL;
    must(pg_open(uri, "test", &pg, &err), &err);
    return pg;
}

void test_pg_exec(struct pg *pg, const char *sql)
{
    struct err err;
    must(pg_exec(pg, sql, &err), &err);
}

const char *test_pg_value(struct pg *pg, const char *sql)
{
    static struct arena *last;
    struct err err;
    char *value = NULL;
    if (!last)
        last = arena_new();
    arena_reset(last);
    must(pg_value(pg, sql, PG_NONE, last, &value, &err), &err);
    return value ? value : "";
}

const char *test_pg_database(struct arena *a, const char *name)
{
    const char *base = test_pg_start(NULL);
    struct pg *pg = test_pg_open(base);
    test_pg_exec(pg, arena_printf(a, "drop database if exists %s with (force)", pg_ident(a, name)));
    test_pg_exec(pg, arena_printf(a, "create database %s", pg_ident(a, name)));
    pg_free(pg);
    const char *query = strchr(base, '?');
    return arena_printf(a, "postgresql://carryover@/%s%s", name, query);
}
