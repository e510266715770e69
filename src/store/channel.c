#include "store/channel.h"
#include "base/clock.h"
#include "base/file.h"
#include "store/money.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define FORMAT "1"

static const char tables_sql[] =
    "create table carryover_note (name text primary key, value text not null) without rowid;"
    "create table carryover_script (name text primary key, text text not null) without rowid;"
    /* How far each chain of downloads is. */
    "create table carryover_version (chain text primary key, job text not null, version integer not null,"
    " applied text not null) without rowid;"
    /* Tables that go up: the last counter given, the one of the last mark, the one that headquarters has. */
    "create table carryover_upload (position integer primary key, job text not null, name text not null unique,"
    " counter text not null, last integer not null default 0, marked integer not null default 0,"
    " sent integer not null default 0);"
    /* Every transaction of the tills, and where the counters stood behind it: uploads are cut here. */
    "create table carryover_mark (number integer primary key autoincrement, line text not null);"
    "create table carryover_mark_table (mark integer not null, name text not null, counter integer not null,"
    " primary key (mark, name)) without rowid;"
    "create index carryover_mark_by_counter on carryover_mark_table (name, counter, mark);"
    /* Numbered uploads, and the rows of each table that were in them. */
    "create table carryover_package (number integer primary key, state text not null, mark integer not null,"
    " transactions integer not null, rows integer not null, bytes integer not null, sha256 text not null,"
    " made text not null, answered text);"
    /* Calls to headquarters that belong to a transaction which is not concluded. */
    "create table carryover_call (number integer primary key autoincrement, key text not null, moment text not null,"
    " method text not null, parameters text not null, undo_key text not null, undo_method text not null,"
    " undo_parameters text not null, sent integer not null default 0);"
    "create table carryover_package_table (number integer not null, name text not null, after integer not null,"
    " to_ integer not null, primary key (number, name)) without rowid;";

/* --- making --- */

static const struct package_file *find(const struct package *p, const char *name)
{
    const char *slash = strchr(name, '/');
    return slash ? package_find(&p->till, slash + 1) : package_find(&p->store, name);
}

static bool keep_scripts(struct sqlite *db, const struct package_files *files, const char *folder, struct arena *a,
                         struct err *err)
{
    for (size_t i = 0; i < files->n; i++) {
        const struct package_file *f = &files->p[i];
        if (!sqlite_run(db, "insert into carryover_script (name, text) values (?1, ?2)",
                        SQLITE_ARGS(arena_printf(a, "%s%s", folder, f->name), f->text), err))
            return false;
    }
    return true;
}

/* A row gets its number in the statement that inserts it. */
static bool count_table(struct sqlite *db, const char *table, const char *counter, struct arena *a, struct err *err)
{
    const char *t = sqlite_name(a, table), *c = sqlite_name(a, counter);
    const char *sql = arena_printf(
        a,
        "create index %s on %s (%s);"
        "create trigger %s after insert on %s begin"
        " update carryover_upload set last = last + 1 where name = '%s';"
        " update %s set %s = (select last from carryover_upload where name = '%s') where rowid = new.rowid; end",
        sqlite_name(a, arena_printf(a, "carryover_by_counter_%s", table)), t, c,
        sqlite_name(a, arena_printf(a, "carryover_count_%s", table)), t, table, t, c, table);
    return sqlite_exec(db, sql, err);
}

static bool count_tables(struct sqlite *db, struct arena *a, struct err *err)
{
    SCOPED_STMT *s = NULL;
    SCOPED_BUF names = {0};
    bool row = true;
    if (!sqlite_query(db, "select name || char(10) || counter || char(10) from carryover_upload order by position",
                      SQLITE_NONE, &s, err))
        return false;
    while (sqlite_next(db, s, &row, err) && row)
        buf_puts(&names, sqlite_text(s, 0));
    if (row)
        return false;
    for (struct str rest = buf_str(&names); rest.n;) {
        const char *table = arena_dup_str(a, str_split(&rest, '\n'));
        if (!count_table(db, table, arena_dup_str(a, str_split(&rest, '\n')), a, err))
            return false;
    }
    return true;
}

static bool make_tables(struct sqlite *db, const struct package *p, struct arena *a, struct err *err)
{
    const struct package_file *f = find(p, "channel");
    if (!f)
        return err_set(err, ERR_PACKAGE, "the package %s has no store/channel.sql: it knows nothing of stores",
                       p->name);
    if (!money_install(db, err) || !sqlite_exec(db, tables_sql, err))
        return false;
    if (!sqlite_exec(db, f->text, err) || !count_tables(db, a, err)) {
        err->code = err->code == ERR_SQL ? ERR_PACKAGE : err->code;
        return err_wrap(err, "%s", f->path);
    }
    return keep_scripts(db, &p->store, "", a, err) && keep_scripts(db, &p->till, "till/", a, err);
}

static bool keep_facts(struct sqlite *db, const struct channel_make *m, struct err *err)
{
    char now[32];
    clock_iso(clock_wall_us(), now);
    const char *facts[][2] = {
        {"format", FORMAT}, {"store", m->id}, {"url", m->url}, {"ca", m->ca}, {"package", m->package->name},
        {"made", now}};
    for (size_t i = 0; i < ARRAY_LEN(facts); i++)
        if (!sqlite_run(db, "insert into carryover_note (name, value) values (?1, ?2)",
                        SQLITE_ARGS(facts[i][0], facts[i][1]), err))
            return false;
    return true;
}

static bool write_secret(const char *path, const struct secret *secret, struct err *err)
{
    char text[SECRET_TEXT_MAX + 1];
    secret_text(secret, text);
    size_t n = strlen(text);
    text[n] = '\n';
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, text, n + 1) == (ssize_t)(n + 1) && fsync(fd) == 0;
    int why = errno;
    if (fd >= 0)
        close(fd);
    explicit_bzero(text, sizeof text);
    return ok || err_os(err, why == ENOSPC ? ERR_DISK_FULL : ERR_FILE, why, "writing %s", path);
}

static bool fill(const char *path, const struct channel_make *m, struct arena *a, struct err *err)
{
    SCOPED(sqlite) db = NULL;
    return sqlite_open(path, SQLITE_NEW, &db, err) && sqlite_begin(db, err) && make_tables(db, m->package, a, err) &&
           keep_facts(db, m, err) && sqlite_commit(db, err);
}

/* Under another name until it is whole, so that a store that exists is a store that works. */
static bool make_database(const struct channel_make *m, struct arena *a, struct err *err)
{
    const char *path = arena_printf(a, "%s/channel.db", m->dir), *tmp = arena_printf(a, "%s/channel.new", m->dir);
    unlink(tmp);
    bool ok = fill(tmp, m, a, err);
    if (ok && rename(tmp, path) != 0)
        ok = err_os(err, ERR_FILE, errno, "making %s", path);
    if (!ok)
        unlink(tmp);
    unlink(arena_printf(a, "%s-wal", tmp));
    unlink(arena_printf(a, "%s-shm", tmp));
    return ok;
}

bool channel_make(const struct channel_make *m, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (file_exists(arena_printf(a, "%s/channel.db", m->dir)))
        return err_set(err, ERR_STORE_STATE, "%s is the folder of a store already", m->dir);
    if (!file_make_dirs(m->dir, err) || !file_make_dirs(arena_printf(a, "%s/download", m->dir), err) ||
        !file_make_dirs(arena_printf(a, "%s/upload", m->dir), err))
        return false;
    if (chmod(m->dir, 0700) != 0)
        return err_os(err, ERR_FILE, errno, "making %s private", m->dir);
    return write_secret(arena_printf(a, "%s/secret", m->dir), m->secret, err) && make_database(m, a, err);
}

/* --- trying a package --- */

static bool try_script(struct sqlite *db, const struct package_file *f, struct err *err)
{
    const char *rest = f->text;
    while (*rest) {
        SCOPED_STMT *s = NULL;
        if (sqlite3_prepare_v2(sqlite_raw(db), rest, -1, &s, &rest) != SQLITE_OK)
            return err_set(err, ERR_PACKAGE, "%s: %s", f->path, sqlite3_errmsg(sqlite_raw(db)));
    }
    return true;
}

bool channel_memory(const struct package *package, struct arena *a, struct sqlite **ret, struct err *err)
{
    struct sqlite *db = sqlite_memory();
    if (make_tables(db, package, a, err)) {
        *ret = db;
        return true;
    }
    sqlite_free(db);
    return false;
}

bool channel_try(const struct package *package, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED(sqlite) db = NULL;
    if (package->store.n + package->till.n == 0)
        return true;
    if (!channel_memory(package, a, &db, err))
        return false;
    for (size_t i = 0; i < package->store.n; i++)
        if (strcmp(package->store.p[i].name, "channel") != 0 && !try_script(db, &package->store.p[i], err))
            return false;
    for (size_t i = 0; i < package->till.n; i++)
        if (!try_script(db, &package->till.p[i], err))
            return false;
    return true;
}

/* --- using --- */

static bool read_facts(struct channel *c, struct err *err)
{
    const char *format = NULL;
    if (!channel_noted(c, "format", c->a, &format, err) || !channel_noted(c, "store", c->a, &c->id, err) ||
        !channel_noted(c, "url", c->a, &c->url, err) || !channel_noted(c, "ca", c->a, &c->ca, err))
        return err_wrap(err, "%s/channel.db is not the channel database of a store", c->dir);
    if (strcmp(format, FORMAT) == 0)
        return true;
    return err_set(err, ERR_STORE_STATE, "%s was made by another version of carryover (format %s)", c->dir, format);
}

static bool open_database(struct channel *c, struct err *err)
{
    const char *path = channel_path(c, "channel.db");
    if (!file_exists(path))
        return err_set(err, ERR_STORE_STATE, "there is no store in %s: %s is missing", c->dir, path);
    return sqlite_open(path, SQLITE_EXISTING, &c->db, err) && money_install(c->db, err) && read_facts(c, err);
}

bool channel_open(const char *dir, struct channel **ret, struct err *err)
{
    struct channel *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    c->a = arena_new();
    c->dir = arena_dup(c->a, dir);
    if (!open_database(c, err)) {
        channel_free(c);
        return false;
    }
    *ret = c;
    return true;
}

void channel_free(struct channel *c)
{
    if (!c)
        return;
    sqlite_free(c->db);
    arena_free(c->a);
    free(c);
}

const char *channel_path(struct channel *c, const char *name)
{
    return arena_printf(c->a, "%s/%s", c->dir, name);
}

bool channel_secret(struct channel *c, struct secret *ret, struct err *err)
{
    const char *path = channel_path(c, "secret");
    if (!file_exists(path))
        return err_set(err, ERR_STORE_STATE, "%s is missing", path);
    return secret_file(path, ret, err);
}

bool channel_script(struct channel *c, const char *name, struct arena *a, const char **ret, struct err *err)
{
    return sqlite_word(c->db, "select text from carryover_script where name = ?1", SQLITE_ARGS(name), a, ret, err);
}

bool channel_note(struct channel *c, const char *name, const char *value, struct err *err)
{
    return sqlite_run(c->db, "insert or replace into carryover_note (name, value) values (?1, ?2)",
                      SQLITE_ARGS(name, value), err);
}

bool channel_noted(struct channel *c, const char *name, struct arena *a, const char **ret, struct err *err)
{
    if (!sqlite_word(c->db, "select value from carryover_note where name = ?1", SQLITE_ARGS(name), a, ret, err))
        return false;
    *ret = *ret ? *ret : "";
    return true;
}

bool channel_lock(struct channel *c, const char *job, struct err *err)
{
    const char *path = channel_path(c, arena_printf(c->a, "%s.lock", job));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_os(err, errno == ENOSPC ? ERR_DISK_FULL : ERR_FILE, errno, "making %s", path);
    if (flock(fd, LOCK_EX | LOCK_NB) == 0)
        return true; /* held until the process ends */
    close(fd);
    return err_set(err, ERR_PROJECT_BUSY, "another process does the %s of %s", job, c->dir);
}
