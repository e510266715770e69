/*
 * sqlite: one SQLite database file, with our errors.
 *
 * Opened in WAL mode with synchronous=full: what is committed survives a crash of the machine. Other processes may use
 * the file at the same time; who has to wait does so for a minute. A full disk is ERR_DISK_FULL, whichever way SQLite
 * says it, and leaves the database as it was before the transaction. Parameters are text, as column affinity makes
 * numbers of them; the raw handle is there for everything else. One thread per object.
 */
#ifndef DB_SQLITE_H
#define DB_SQLITE_H
#include "base/arena.h"
#include "base/err.h"
#include <sqlite3.h>
#include <stdint.h>

struct sqlite; /* opaque */

enum sqlite_mode { SQLITE_EXISTING, SQLITE_NEW };

/* Opens a file; SQLITE_NEW makes it, readable for its owner only. Fails with ERR_FILE or ERR_DISK_FULL. */
bool sqlite_open(const char *path, enum sqlite_mode mode, struct sqlite **ret, struct err *err) MUST_CHECK;

/* A database that lives in memory only, for trying SQL. */
struct sqlite *sqlite_memory(void);

void sqlite_free(struct sqlite *db);
DEFINE_SCOPED(sqlite)

sqlite3 *sqlite_raw(struct sqlite *db);

/* Runs one or several statements without parameters. Fails with ERR_SQL, ERR_DISK_FULL, ERR_SERVER_BUSY or ERR_FILE,
 * like everything below. */
bool sqlite_exec(struct sqlite *db, const char *sql, struct err *err) MUST_CHECK;

void sqlite_stmt_done(sqlite3_stmt **ref);
#define SCOPED_STMT __attribute__((cleanup(sqlite_stmt_done))) sqlite3_stmt

/* Text parameters ?1, ?2 ...; NULL is null. They are borrowed until the statement ends. */
struct sqlite_args {
    const char *const *p;
    int n;
};
#define SQLITE_ARGS(...)                                                                                               \
    ((struct sqlite_args){(const char *const[]){__VA_ARGS__}, (int)ARRAY_LEN(((const char *const[]){__VA_ARGS__}))})
#define SQLITE_NONE ((struct sqlite_args){NULL, 0})

/* Prepares a query and binds; rows come with sqlite_next(). */
bool sqlite_query(struct sqlite *db, const char *sql, struct sqlite_args args, sqlite3_stmt **ret,
                  struct err *err) MUST_CHECK;

/* Goes on to the next row; `*ret_row` is false when there is none. */
bool sqlite_next(struct sqlite *db, sqlite3_stmt *s, bool *ret_row, struct err *err) MUST_CHECK;

/* Runs one statement to its end. */
bool sqlite_run(struct sqlite *db, const char *sql, struct sqlite_args args, struct err *err) MUST_CHECK;

/* The first value of the first row as a number; `fallback` when there is no row or it is null. */
bool sqlite_number(struct sqlite *db, const char *sql, struct sqlite_args args, int64_t fallback, int64_t *ret,
                   struct err *err) MUST_CHECK;

/* The same as text, in the arena; NULL when there is no row or it is null. */
bool sqlite_word(struct sqlite *db, const char *sql, struct sqlite_args args, struct arena *a, const char **ret,
                 struct err *err) MUST_CHECK;

/* A column of this row as text, "" for null; lives until the next row. */
const char *sqlite_text(sqlite3_stmt *s, int column);

/* Takes the right to write, waiting for it. Every begin is followed by a commit or a rollback. */
bool sqlite_begin(struct sqlite *db, struct err *err) MUST_CHECK;

/* After a failure the transaction is rolled back. */
bool sqlite_commit(struct sqlite *db, struct err *err) MUST_CHECK;
void sqlite_rollback(struct sqlite *db);

/* Fills `err` from the last failure of the handle; returns false. */
bool sqlite_fail(struct sqlite *db, const char *sql, struct err *err);

/* `name` as SQL writes an identifier: "a""b". */
char *sqlite_name(struct arena *a, const char *name);

#endif
