#include "db/cluster.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/proc.h"
#include "db/pg.h"
#include "db/place.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define SUPERUSER "carryover"
#define START_TIMEOUT_S 600 /* recovery after a crash may have gigabytes of WAL to read */
#define STOP_TIMEOUT_S 120
#define STALE_TRIES 20 /* half a second each: until the backends of a killed server have noticed */
#define MB ((int64_t)1 << 20)

/* --- one at a time --- */

/* Waits for the lock; it is released by closing the descriptor. */
static int take_lock(const char *dir, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *path = arena_printf(a, "%s/lock", dir);
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        err_os(err, ERR_CLUSTER, errno, "opening %s", path);
        return -1;
    }
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (cancel_check(err)) {
            clock_sleep_ms(20);
            continue;
        }
        close(fd);
        return -1;
    }
    return fd;
}

/* --- is it alive? --- */

/* The process number in postmaster.pid, when that process really is the server of this data; else 0. A number that was
 * given to another process after a crash is told by its working directory. */
static pid_t server_pid(const struct place *p)
{
    SCOPED(arena) a = arena_new();
    struct str text;
    struct err ignored;
    int64_t pid;
    if (!file_read(arena_printf(a, "%s/postmaster.pid", p->data), a, &text, &ignored))
        return 0;
    if (!str_to_i64(str_trim(str_split(&text, '\n')), &pid) || pid <= 1)
        return 0;
    struct stat cwd, data;
    if (stat(arena_printf(a, "/proc/%d/cwd", (int)pid), &cwd) != 0 || stat(p->data, &data) != 0)
        return 0;
    return cwd.st_ino == data.st_ino && cwd.st_dev == data.st_dev ? (pid_t)pid : 0;
}

static bool answers(const struct place *p)
{
    SCOPED(arena) a = arena_new();
    const char *keys[] = {"host", "port", "user", "dbname", "connect_timeout", NULL};
    const char *values[] = {p->sockets, arena_printf(a, "%d", PLACE_PORT), SUPERUSER, "postgres", "5", NULL};
    return PQpingParams(keys, values, 0) == PQPING_OK;
}

/* Somebody else started it, or pg_ctl gave up waiting: recovery goes on until it answers or ends. */
static bool wait_until_answers(const struct place *p, struct err *err)
{
    int64_t deadline = clock_us() + (int64_t)START_TIMEOUT_S * 1000000;
    while (!answers(p)) {
        if (!cancel_check(err))
            return false;
        if (!server_pid(p))
            return err_set(err, ERR_CLUSTER, "the server ended while it was starting; its log is %s", p->log);
        if (clock_us() > deadline)
            return err_set(err, ERR_TIMEOUT, "the server did not answer within %d s; its log is %s", START_TIMEOUT_S,
                           p->log);
        clock_sleep_ms(50);
    }
    return true;
}

/* --- configuration --- */

static int64_t clip(int64_t v, int64_t low, int64_t high)
{
    return v < low ? low : v > high ? high : v;
}

/* Containers often have 64 MB of shared memory, too little for parallel queries. */
static bool has_little_shm(void)
{
    struct statvfs v;
    return statvfs("/dev/shm", &v) != 0 || (int64_t)v.f_blocks * (int64_t)v.f_frsize < 512 * MB;
}

/* For loads and reloads of much data by few sessions. A cluster has at most an eighth of the memory for its own, as
 * two of them and a console may share the machine. */
static void put_conf(struct buf *b, const struct place *p, const struct cluster_opts *o)
{
    int64_t ram_mb = (int64_t)sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE) / MB;
    buf_puts(b, "# written by carryover at every start; changes belong into data/postgresql.conf, below the include\n");
    buf_printf(b, "listen_addresses = ''\nport = %d\n", PLACE_PORT);
    buf_printf(b, "unix_socket_directories = '%s'\nunix_socket_permissions = 0700\n", p->sockets);
    buf_printf(b, "shared_buffers = %" PRId64 "MB\n", clip(ram_mb / 8, 128, 4096));
    buf_printf(b, "effective_cache_size = %" PRId64 "MB\n", clip(ram_mb / 2, 256, INT32_MAX));
    buf_printf(b, "maintenance_work_mem = %" PRId64 "MB\n", clip(ram_mb / 32, 64, 1024));
    buf_printf(b, "work_mem = %" PRId64 "MB\n", clip(ram_mb / 256, 8, 64));
    buf_puts(b, "max_connections = 200\nmax_wal_size = 4GB\nmin_wal_size = 512MB\ncheckpoint_timeout = 15min\n"
                "checkpoint_completion_target = 0.9\nwal_buffers = 16MB\nwal_compression = on\n"
                "random_page_cost = 1.1\njit = off\ntimezone = 'UTC'\nlog_timezone = 'UTC'\n"
                "log_line_prefix = '%m [%p] %u@%d '\nlog_checkpoints = off\ncluster_name = '");
    buf_printf(b, "%s'\n", o->name);
    if (has_little_shm())
        buf_puts(b, "dynamic_shared_memory_type = mmap\n");
    for (const char *const *line = o->conf; line && *line; line++)
        buf_printf(b, "%s\n", *line);
}

static bool write_conf(const struct place *p, const struct cluster_opts *o, struct err *err)
{
    SCOPED_BUF b = {0};
    put_conf(&b, p, o);
    if (!file_write(p->conf, buf_str(&b), err))
        return false;
    return chmod(p->conf, 0644) == 0 || err_os(err, ERR_CLUSTER, errno, "opening %s", p->conf);
}

/* --- making it --- */

static struct proc_opts as_server(const struct place *p, int timeout_s)
{
    return (struct proc_opts){.run_as = p->uid, .run_as_group = p->gid, .dir = "/", .timeout_ms = timeout_s * 1000};
}

/* Runs a program of PostgreSQL; what it said about its failure is in the message. */
static bool run_tool(const char *const argv[], const struct place *p, int timeout_s, struct err *err)
{
    struct proc_opts po = as_server(p, timeout_s);
    if (proc_run((char *const *)argv, &po, NULL, err))
        return true;
    if (err->code == ERR_COMMAND_FAILED)
        err->code = ERR_CLUSTER;
    return false;
}

static const char *locale_of_machine(void)
{
    locale_t l = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
    if (l == (locale_t)0)
        return "C";
    freelocale(l);
    return "C.UTF-8";
}

static bool run_initdb(const struct place *p, const char *dir, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *const argv[] = {arena_printf(a, "%s/initdb", p->bin),
                                "-D",
                                dir,
                                "-U",
                                SUPERUSER,
                                "-E",
                                "UTF8",
                                arena_printf(a, "--locale=%s", locale_of_machine()),
                                "--auth-local=trust",
                                "--auth-host=reject",
                                "--no-sync",
                                NULL};
    return run_tool(argv, p, START_TIMEOUT_S, err);
}

static bool add_include(const char *dir, struct err *err)
{
    static const char line[] = "\ninclude '../server.conf'\n# settings of your own go below this line\n";
    SCOPED(arena) a = arena_new();
    char *path = arena_printf(a, "%s/postgresql.conf", dir);
    int fd = open(path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return err_os(err, ERR_CLUSTER, errno, "opening %s", path);
    bool ok = write(fd, line, sizeof line - 1) == (ssize_t)sizeof line - 1;
    int why = errno;
    close(fd);
    return ok || err_os(err, ERR_CLUSTER, why, "writing %s", path);
}

/* The data appears under its name only when it is whole, so a crash in between leaves nothing to trip over. */
static bool make_data(const struct place *p, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *fresh = arena_printf(a, "%s.new", p->data);
    if (!file_remove_tree(fresh, err))
        return false;
    if (mkdir(fresh, 0700) != 0 || (p->uid && chown(fresh, p->uid, p->gid) != 0))
        return err_os(err, ERR_CLUSTER, errno, "making the folder %s", fresh);
    if (!run_initdb(p, fresh, err) || !add_include(fresh, err))
        return false;
    return rename(fresh, p->data) == 0 || err_os(err, ERR_CLUSTER, errno, "renaming %s", fresh);
}

/* --- starting it --- */

static int64_t size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

/* What the server said since its log had `from` bytes, at most the last 1200 of them. */
static char *log_since(const struct place *p, int64_t from, struct arena *a)
{
    char text[1201];
    int64_t size = size_of(p->log), start = MAX(from, size - 1200);
    int fd = open(p->log, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? 0 : pread(fd, text, sizeof text - 1, start);
    if (fd >= 0)
        close(fd);
    return arena_dup_str(a, str_trim((struct str){text, n > 0 ? (size_t)n : 0}));
}

/* A killed server can leave processes that work on until they look up. They hold its memory, so a new server refuses
 * to start; they are told by their working directory, which is the data folder. */
static void quit_orphans(const struct place *p)
{
    SCOPED(arena) a = arena_new();
    struct stat data, cwd;
    DIR *d = opendir("/proc");
    if (!d || stat(p->data, &data) != 0)
        data.st_ino = 0;
    for (struct dirent *e; d && data.st_ino && (e = readdir(d));) {
        int64_t pid;
        if (!str_to_i64(str_of(e->d_name), &pid) || stat(arena_printf(a, "/proc/%s/cwd", e->d_name), &cwd) != 0)
            continue;
        if (cwd.st_ino == data.st_ino && cwd.st_dev == data.st_dev)
            kill((pid_t)pid, SIGQUIT);
    }
    if (d)
        closedir(d);
}

static bool is_stale(const char *said)
{
    return strstr(said, "is still in use") || strstr(said, "lock file \"postmaster.pid\" already exists");
}

static bool run_start(const struct place *p, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *const argv[] = {
        arena_printf(a, "%s/pg_ctl", p->bin),   "-D",    p->data, "-l", p->log, "-s", "-w", "-t",
        arena_printf(a, "%d", START_TIMEOUT_S), "start", NULL};
    int64_t from = size_of(p->log);
    if (run_tool(argv, p, START_TIMEOUT_S + 30, err))
        return true;
    char *said = log_since(p, from, a);
    if (said[0])
        err_set(err, ERR_CLUSTER, "the server did not start: %s (log: %s)", said, p->log);
    return false;
}

static bool start_server(const struct place *p, struct err *err)
{
    for (int i = 1;; i++) {
        if (run_start(p, err))
            return wait_until_answers(p, err);
        if (i == STALE_TRIES || !is_stale(err->message) || cancel_requested())
            return false;
        quit_orphans(p);
        clock_sleep_ms(500);
    }
}

static char *uri_of(const struct place *p, const char *database, struct arena *a)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "postgresql://%s@/", SUPERUSER);
    for (const char *c = database; *c; c++)
        buf_printf(&b, strchr("/?#%@:& ", *c) ? "%%%02X" : "%c", (unsigned char)*c);
    buf_printf(&b, "?host=%s&port=%d", p->sockets, PLACE_PORT);
    return arena_dup_str(a, buf_str(&b));
}

static bool make_database(const struct place *p, const char *name, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(pg) pg = NULL;
    int64_t n = 0;
    if (!pg_open(uri_of(p, "postgres", a), p->name, &pg, err) ||
        !pg_value_i64(pg, "select count(*) from pg_database where datname = $1", PG_ARGS(name), &n, err))
        return false;
    return n || pg_execf(pg, err, "create database %s", pg_ident(a, name));
}

static bool start_locked(const struct cluster_opts *o, struct arena *a, char **ret_uri, struct err *err)
{
    struct place *p;
    bool made;
    if (!place_find(o, a, &p, &made, err))
        return false;
    *ret_uri = uri_of(p, o->name, a);
    if (server_pid(p) && wait_until_answers(p, err))
        return make_database(p, o->name, err);
    /* One that ended while we waited was on its way down, or killed: it is started again. */
    if (server_pid(p) || !cancel_check(err))
        return false;
    if (!place_find_programs(p, o, a, err) || !place_prepare(p, o, err) || !write_conf(p, o, err))
        return false;
    if (!made && !make_data(p, err))
        return false;
    return start_server(p, err) && make_database(p, o->name, err);
}

bool cluster_start(const struct cluster_opts *o, struct arena *a, char **ret_uri, struct err *err)
{
    char *dir = file_absolute(a, o->dir);
    int lock = place_make_passable(dir, err) ? take_lock(dir, err) : -1;
    bool ok = lock >= 0 && start_locked(o, a, ret_uri, err);
    if (lock >= 0)
        close(lock);
    return ok || err_wrap(err, "starting the private server \"%s\"", o->name);
}

/* --- stopping it --- */

static bool run_stop(const struct place *p, const char *mode, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *const argv[] = {arena_printf(a, "%s/pg_ctl", p->bin),  "-D", p->data, "-s",   "-w", "-t",
                                arena_printf(a, "%d", STOP_TIMEOUT_S), "-m", mode,    "stop", NULL};
    return run_tool(argv, p, STOP_TIMEOUT_S + 30, err);
}

static bool stop_locked(const struct cluster_opts *o, struct arena *a, struct err *err)
{
    struct place *p;
    if (!place_find(o, a, &p, NULL, err))
        return false;
    if (!server_pid(p))
        return true;
    if (!place_find_programs(p, o, a, err))
        return false;
    if (run_stop(p, "fast", err) || !server_pid(p))
        return true;
    log_warn("cluster.slow_stop",
             "the private server \"%s\" does not stop in order, ending it; it recovers at its next start", o->name);
    return run_stop(p, "immediate", err) || !server_pid(p);
}

bool cluster_stop(const struct cluster_opts *o, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *dir = file_absolute(a, o->dir);
    if (!file_is_dir(dir))
        return true;
    int lock = take_lock(dir, err);
    bool ok = lock >= 0 && stop_locked(o, a, err);
    if (lock >= 0)
        close(lock);
    return ok || err_wrap(err, "stopping the private server \"%s\"", o->name);
}

/* --- asking --- */

bool cluster_running(const struct cluster_opts *o)
{
    SCOPED(arena) a = arena_new();
    struct place *p;
    struct err ignored;
    return place_find(o, a, &p, NULL, &ignored) && server_pid(p) && answers(p);
}

bool cluster_uri(const struct cluster_opts *o, struct arena *a, char **ret_uri, struct err *err)
{
    struct place *p;
    if (!place_find(o, a, &p, NULL, err))
        return false;
    *ret_uri = uri_of(p, o->name, a);
    return true;
}

bool cluster_home(const struct cluster_opts *o, struct arena *a, char **ret_home, struct err *err)
{
    struct place *p;
    if (!place_find(o, a, &p, NULL, err))
        return false;
    *ret_home = arena_dup(a, p->home);
    return true;
}

bool cluster_remove(const struct cluster_opts *o, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct place *p;
    if (!cluster_stop(o, err) || !place_find(o, a, &p, NULL, err))
        return false;
    return file_remove_tree(p->sockets, err) && file_remove_tree(p->home, err) && file_remove_tree(o->dir, err);
}
