#include "db/place.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/proc.h"
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#define ELSEWHERE "/var/lib/carryover"
#define SOCKET_PATH_MAX 107 /* sun_path without its zero, unix(7) */
#define SAME_PATH_MAX 100   /* homes of projects that followed each other at one path */

static char *short_hash(struct arena *a, const char *text)
{
    char hex[33];
    hash_hex(text, strlen(text), hex);
    return arena_printf(a, "%.12s", hex);
}

/* --- the user --- */

static bool find_user(const struct cluster_opts *o, struct place *p, struct err *err)
{
    if (geteuid() != 0)
        return true;
    const char *name = o->run_as && o->run_as[0] ? o->run_as : "postgres";
    const struct passwd *pw = getpwnam(name);
    if (!pw) {
        err_set(err, ERR_CLUSTER, "PostgreSQL refuses to run as root, and there is no system user %s", name);
        return err_hint(err,
                        "Install postgresql-common, name another user with `postgres_user`, or do not run as root.");
    }
    if (pw->pw_uid == 0) {
        err_set(err, ERR_CLUSTER, "PostgreSQL refuses to run as %s", name);
        return err_hint(err, "Name a user without privileges with `postgres_user`.");
    }
    p->uid = pw->pw_uid;
    p->gid = pw->pw_gid;
    return true;
}

/* Asks the system itself, as that user: modes, groups, access lists and mounts all count. */
static bool may_enter(const struct place *p, const char *dir)
{
    if (p->uid == 0)
        return true;
    const char *const argv[] = {"test", "-x", dir, NULL};
    struct proc_opts po = {.run_as = p->uid, .run_as_group = p->gid, .dir = "/"};
    struct err ignored;
    return proc_run((char *const *)argv, &po, NULL, &ignored);
}

/* --- the home --- */

static char *parent(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path)
        return arena_dup(a, "/");
    return arena_dup_str(a, (struct str){path, (size_t)(slash - path)});
}

/* The nearest folder above `path` that exists: what lies below it will be made by us, and made passable. */
static char *nearest_above(struct arena *a, const char *path)
{
    char *dir = parent(a, path);
    while (!file_exists(dir))
        dir = parent(a, dir);
    return dir;
}

static bool has_data(struct arena *a, const char *home)
{
    return file_exists(arena_printf(a, "%s/data/PG_VERSION", home));
}

static char *read_link(struct arena *a, const char *path)
{
    char target[PATH_MAX];
    ssize_t n = readlink(path, target, sizeof target);
    return n > 0 ? arena_dup_str(a, (struct str){target, (size_t)n}) : NULL;
}

/* A free name: one that is taken belongs to a project that was at this path before and may have moved. */
static char *free_home(struct arena *a, const char *dir)
{
    char *base = arena_printf(a, "%s/%s", ELSEWHERE, short_hash(a, dir));
    char *home = base;
    for (int i = 2; i <= SAME_PATH_MAX && file_exists(home); i++)
        home = arena_printf(a, "%s-%d", base, i);
    return home;
}

static bool find_home(struct place *p, const char *dir, struct arena *a, struct err *err)
{
    char *moved = read_link(a, arena_printf(a, "%s/elsewhere", dir));
    if (moved) {
        p->home = moved;
        return true;
    }
    p->home = dir;
    char *above = nearest_above(a, dir);
    if (may_enter(p, above))
        return true;
    if (has_data(a, dir)) {
        err_set(err, ERR_CLUSTER, "the user of the server may not pass through %s to %s", above, dir);
        return err_hint(err, "Give it back the right to pass: chmod o+x on the folders of that path.");
    }
    p->home = free_home(a, dir);
    return true;
}

char *place_sockets(struct arena *a, const char *home)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-";
    char *file = arena_printf(a, "%s/s/.s.PGSQL.%d", home, PLACE_PORT);
    if (strlen(file) <= SOCKET_PATH_MAX && file[strspn(file, plain)] == '\0')
        return arena_printf(a, "%s/s", home);
    return arena_printf(a, "/tmp/carryover-%s", short_hash(a, home));
}

/* pg_ctl hands paths to a shell, between double quotes. */
static bool check_path(const char *dir, struct err *err)
{
    if (dir[strcspn(dir, "\"$`\\\n")] == '\0')
        return true;
    return err_set(err, ERR_CLUSTER, "a server cannot live in the folder %s: its path has one of \" $ ` \\", dir);
}

bool place_find(const struct cluster_opts *o, struct arena *a, struct place **ret, bool *ret_made, struct err *err)
{
    struct place *p = arena_new_one(a, struct place);
    p->name = o->name;
    char *dir = file_absolute(a, o->dir);
    if (!check_path(dir, err) || !find_user(o, p, err) || !find_home(p, dir, a, err))
        return false;
    p->data = arena_printf(a, "%s/data", p->home);
    p->log = arena_printf(a, "%s/server.log", p->home);
    p->conf = arena_printf(a, "%s/server.conf", p->home);
    p->sockets = place_sockets(a, p->home);
    if (ret_made)
        *ret_made = has_data(a, p->home);
    *ret = p;
    return true;
}

/* --- the programs --- */

static bool has_programs(struct arena *a, const char *bin)
{
    return access(arena_printf(a, "%s/initdb", bin), X_OK) == 0 &&
           access(arena_printf(a, "%s/pg_ctl", bin), X_OK) == 0 &&
           access(arena_printf(a, "%s/postgres", bin), X_OK) == 0;
}

/* The first number in a path: /usr/lib/postgresql/15/bin has 15. */
static long version_of(const char *path)
{
    return strtol(path + strcspn(path, "0123456789"), NULL, 10);
}

/* Debian, and the packages of the PostgreSQL project for Red Hat. */
static const char *const patterns[] = {"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"};

static char *newest_match(struct arena *a, const char *pattern, const char *major)
{
    glob_t g;
    char *best = NULL;
    if (glob(pattern, 0, NULL, &g) != 0)
        return NULL;
    for (size_t i = 0; i < g.gl_pathc; i++) {
        const char *bin = g.gl_pathv[i];
        if (major && version_of(bin) != strtol(major, NULL, 10))
            continue;
        if (has_programs(a, bin) && (!best || version_of(bin) > version_of(best)))
            best = arena_dup(a, bin);
    }
    globfree(&g);
    return best;
}

static char *on_path(struct arena *a)
{
    const char *path = getenv("PATH");
    struct str rest = str_of(path ? path : "");
    while (rest.n) {
        char *dir = arena_dup_str(a, str_split(&rest, ':'));
        if (dir[0] == '/' && has_programs(a, dir))
            return dir;
    }
    return NULL;
}

char *place_programs(struct arena *a, const char *major)
{
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
        char *bin = newest_match(a, patterns[i], major);
        if (bin)
            return bin;
    }
    return on_path(a);
}

static void keep_oldest(struct arena *a, const char *pattern, const char *name, int major, char **best)
{
    glob_t g;
    if (glob(pattern, 0, NULL, &g) != 0)
        return;
    for (size_t i = 0; i < g.gl_pathc; i++) {
        const char *bin = g.gl_pathv[i];
        long version = version_of(bin);
        if (version >= major && access(arena_printf(a, "%s/%s", bin, name), X_OK) == 0 &&
            (!*best || version < version_of(*best)))
            *best = arena_dup(a, bin);
    }
    globfree(&g);
}

char *place_program_folder(struct arena *a, const char *name, int major)
{
    char *best = NULL;
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++)
        keep_oldest(a, patterns[i], name, major, &best);
    return best;
}

bool place_find_programs(struct place *p, const struct cluster_opts *o, struct arena *a, struct err *err)
{
    if (o->bin && o->bin[0]) {
        p->bin = o->bin;
        return has_programs(a, p->bin) ||
               err_set(err, ERR_SERVER_MISSING, "%s has no initdb, pg_ctl and postgres", o->bin);
    }
    char *version_file = arena_printf(a, "%s/PG_VERSION", p->data);
    const char *major = NULL;
    struct str text;
    if (file_exists(version_file)) {
        if (!file_read(version_file, a, &text, err))
            return false;
        major = arena_dup_str(a, str_trim(text));
    }
    p->bin = place_programs(a, major);
    if (p->bin)
        return true;
    if (major)
        return err_set(err, ERR_SERVER_MISSING, "PostgreSQL %s, which made %s, was not found", major, p->data);
    return err_set(err, ERR_SERVER_MISSING,
                   "no PostgreSQL server was found in /usr/lib/postgresql, /usr/pgsql-* and PATH");
}

/* --- making it --- */

bool place_make_passable(const char *path, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (file_is_dir(path))
        return true;
    if (!place_make_passable(parent(a, path), err))
        return false;
    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return err_os(err, ERR_CLUSTER, errno, "making the folder %s", path);
    if (chmod(path, 0755) != 0)
        return err_os(err, ERR_CLUSTER, errno, "opening the folder %s", path);
    return true;
}

/* The folder could be a trap in /tmp that another user has laid: it must be a real folder, of the server's user. */
static bool own_sockets(const struct place *p, int fd, struct err *err)
{
    struct stat st;
    uid_t owner = p->uid ? p->uid : geteuid();
    if (fstat(fd, &st) != 0)
        return err_os(err, ERR_CLUSTER, errno, "looking at the folder %s", p->sockets);
    if (st.st_uid != owner && st.st_uid != geteuid())
        return err_set(err, ERR_CLUSTER, "the folder %s belongs to another user (%u)", p->sockets, (unsigned)st.st_uid);
    if (fchmod(fd, 0700) != 0 || (p->uid && fchown(fd, p->uid, p->gid) != 0))
        return err_os(err, ERR_CLUSTER, errno, "closing the folder %s to others", p->sockets);
    return true;
}

static bool make_sockets(const struct place *p, struct err *err)
{
    if (mkdir(p->sockets, 0700) != 0 && errno != EEXIST)
        return err_os(err, ERR_CLUSTER, errno, "making the folder %s", p->sockets);
    int fd = open(p->sockets, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return err_os(err, ERR_CLUSTER, errno, "opening the folder %s", p->sockets);
    bool ok = own_sockets(p, fd, err);
    close(fd);
    return ok;
}

/* Where the data went, for people and for the next run. */
static bool leave_link(const struct place *p, const char *dir, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (strcmp(p->home, dir) == 0)
        return true;
    char *link = arena_printf(a, "%s/elsewhere", dir);
    if (symlink(p->home, link) != 0 && errno != EEXIST)
        return err_os(err, ERR_CLUSTER, errno, "making the link %s", link);
    return true;
}

static bool make_log(const struct place *p, struct err *err)
{
    int fd = open(p->log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0640);
    if (fd < 0)
        return err_os(err, ERR_CLUSTER, errno, "opening %s", p->log);
    bool ok = !p->uid || fchown(fd, p->uid, p->gid) == 0;
    int why = errno;
    close(fd);
    return ok || err_os(err, ERR_CLUSTER, why, "handing over %s", p->log);
}

bool place_prepare(struct place *p, const struct cluster_opts *o, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (!place_make_passable(p->home, err) || !leave_link(p, file_absolute(a, o->dir), err))
        return false;
    /* The home itself is ours: it may have been made by somebody with a strict umask. */
    if (p->uid && chmod(p->home, 0755) != 0)
        return err_os(err, ERR_CLUSTER, errno, "opening the folder %s", p->home);
    return make_sockets(p, err) && make_log(p, err);
}
