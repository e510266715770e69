#include "db/sqlite.h"
#include "base/buf.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define WAIT_MS 60000
#define SQL_SHOWN 120

struct sqlite {
    sqlite3 *raw;
    char *path;
};

/* SQLite itself knows ENOSPC only: a quota and a limit of the file's size are writes that fail. */
static bool is_full(sqlite3 *raw, int code)
{
    int more = sqlite3_extended_errcode(raw);
    return code == SQLITE_FULL || more == SQLITE_IOERR_WRITE || more == SQLITE_IOERR_SHMSIZE;
}

static enum err_code code_of(sqlite3 *raw)
{
    int code = sqlite3_errcode(raw) & 0xff;
    if (is_full(raw, code))
        return ERR_DISK_FULL;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
        return ERR_SERVER_BUSY;
    bool sql = code == SQLITE_ERROR || code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH || code == SQLITE_RANGE ||
               code == SQLITE_TOOBIG;
    return sql ? ERR_SQL : ERR_FILE;
}

bool sqlite_fail(struct sqlite *db, const char *sql, struct err *err)
{
    bool cut = strlen(sql) > SQL_SHOWN;
    return err_set(err, code_of(db->raw), "%s: %s: %.*s%s", db->path, sqlite3_errmsg(db->raw), SQL_SHOWN, sql,
                   cut ? "..." : "");
}

static struct sqlite *new_handle(const char *path)
{
    struct sqlite *db = calloc(1, sizeof *db);
    if (!db || !(db->path = strdup(path)))
        abort();
    return db;
}

void sqlite_free(struct sqlite *db)
{
    if (!db)
        return;
    sqlite3_close(db->raw);
    free(db->path);
    free(db);
}

sqlite3 *sqlite_raw(struct sqlite *db)
{
    return db->raw;
}

/* Made by us, so that nobody else can read it from the first byte on. */
static bool make_file(const char *path, struct err *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_os(err, errno == ENOSPC ? ERR_DISK_FULL : ERR_FILE, errno, "making %s", path);
    close(fd);
    return true;
}

static bool open_handle(struct sqlite *db, const char *path, struct err *err)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &db->raw, flags, NULL) != SQLITE_OK)
        return err_set(err, ERR_FILE, "opening %s: %s", path, db->raw ? sqlite3_errmsg(db->raw) : "out of memory");
    sqlite3_busy_timeout(db->raw, WAIT_MS);
    sqlite3_extended_result_codes(db->raw, 0);
    return sqlite_exec(db, "pragma journal_mode = wal; pragma synchronous = full", err);
}

bool sqlite_open(const char *path, enum sqlite_mode mode, struct sqlite **ret, struct err *err)
{
    if (mode == SQLITE_NEW && !make_file(path, err))
        return false;
    struct sqlite *db = new_handle(path);
    if (!open_handle(db, path, err)) {
        sqlite_free(db);
        return false;
    }
    *ret = db;
    return true;
}

struct sqlite *sqlite_memory(void)
{
    struct sqlite *db = new_handle("memory");
    if (sqlite3_open(":memory:", &db->raw) != SQLITE_OK)
        abort();
    return db;
}

bool sqlite_exec(struct sqlite *db, const char *sql, struct err *err)
{
    return sqlite3_exec(db->raw, sql, NULL, NULL, NULL) == SQLITE_OK || sqlite_fail(db, sql, err);
}

void sqlite_stmt_done(sqlite3_stmt **ref)
{
    sqlite3_finalize(*ref);
}

static bool bind_all(sqlite3_stmt *s, struct sqlite_args args)
{
    for (int i = 0; i < args.n; i++)
        if (sqlite3_bind_text(s, i + 1, args.p[i], -1, SQLITE_STATIC) != SQLITE_OK)
            return false;
    return true;
}

bool sqlite_query(struct sqlite *db, const char *sql, struct sqlite_args args, sqlite3_stmt **ret, struct err *err)
{
    if (sqlite3_prepare_v2(db->raw, sql, -1, ret, NULL) != SQLITE_OK || !bind_all(*ret, args))
        return sqlite_fail(db, sql, err);
    return true;
}

bool sqlite_next(struct sqlite *db, sqlite3_stmt *s, bool *ret_row, struct err *err)
{
    int rc = sqlite3_step(s);
    *ret_row = rc == SQLITE_ROW;
    return rc == SQLITE_ROW || rc == SQLITE_DONE || sqlite_fail(db, sqlite3_sql(s), err);
}

bool sqlite_run(struct sqlite *db, const char *sql, struct sqlite_args args, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = true;
    if (!sqlite_query(db, sql, args, &s, err))
        return false;
    while (row)
        if (!sqlite_next(db, s, &row, err))
            return false;
    return true;
}

bool sqlite_number(struct sqlite *db, const char *sql, struct sqlite_args args, int64_t fallback, int64_t *ret,
                   struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    if (!sqlite_query(db, sql, args, &s, err) || !sqlite_next(db, s, &row, err))
        return false;
    *ret = row && sqlite3_column_type(s, 0) != SQLITE_NULL ? sqlite3_column_int64(s, 0) : fallback;
    return true;
}

bool sqlite_word(struct sqlite *db, const char *sql, struct sqlite_args args, struct arena *a, const char **ret,
                 struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    if (!sqlite_query(db, sql, args, &s, err) || !sqlite_next(db, s, &row, err))
        return false;
    *ret = row && sqlite3_column_type(s, 0) != SQLITE_NULL ? arena_dup(a, sqlite_text(s, 0)) : NULL;
    return true;
}

const char *sqlite_text(sqlite3_stmt *s, int column)
{
    const unsigned char *text = sqlite3_column_text(s, column);
    return text ? (const char *)text : "";
}

bool sqlite_begin(struct sqlite *db, struct err *err)
{
    return sqlite_exec(db, "begin immediate", err);
}

bool sqlite_commit(struct sqlite *db, struct err *err)
{
    if (sqlite_exec(db, "commit", err))
        return true;
    sqlite_rollback(db);
    return false;
}

void sqlite_rollback(struct sqlite *db)
{
    if (!sqlite3_get_autocommit(db->raw))
        (void)sqlite3_exec(db->raw, "rollback", NULL, NULL, NULL);
}

char *sqlite_name(struct arena *a, const char *name)
{
    SCOPED_BUF b = {0};
    buf_putc(&b, '"');
    for (const char *c = name; *c; c++) {
        if (*c == '"')
            buf_putc(&b, '"');
        buf_putc(&b, *c);
    }
    buf_putc(&b, '"');
    return arena_dup_str(a, buf_str(&b));
}
