/*
 * pg: one connection to a PostgreSQL server, over libpq.
 *
 * Every failure becomes an err with the server's SQLSTATE, message, detail and the statement: a lost connection is
 * ERR_CONNECTION_LOST, a lock conflict or deadlock ERR_SERVER_BUSY, a full disk ERR_DISK_FULL, the rest ERR_SQL. Calls
 * wait for the server but look at cancel_requested() ten times a second and then cancel the statement
 * (ERR_INTERRUPTED); pg_shield() switches that off for the statements that tidy up. One thread at a time. After a
 * failure inside a transaction the caller rolls back or frees the connection. Source: PostgreSQL 15 manual, chapter 34.
 */
#ifndef DB_PG_H
#define DB_PG_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include <libpq-fe.h>
#include <stdint.h>

struct pg; /* opaque */

/* Text parameters $1, $2 ... of a statement; a NULL is SQL's NULL. Made with PG_ARGS(a, b), or PG_NONE. */
struct pg_args {
    int n;
    const char *const *values;
};
#define PG_ARGS(...)                                                                                                   \
    ((struct pg_args){sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), (const char *const[]){__VA_ARGS__}})
#define PG_NONE ((struct pg_args){0, NULL})

/* A result that is cleared at the end of the block: `SCOPED_RESULT r = NULL;`. */
void pg_clear(PGresult **r);
#define SCOPED_RESULT __attribute__((cleanup(pg_clear))) PGresult *

/* Connects. `uri` is a libpq URI or keyword string, `role` names the connection in messages ("source", "target"). The
 * session gets application_name carryover, UTF8, ISO dates, hex bytea, exact floats and time zone UTC, so that text
 * forms of values are the same everywhere. Fails with ERR_CONNECT. */
bool pg_open(const char *uri, const char *role, struct pg **ret, struct err *err) MUST_CHECK;

/* The same for tidying up: shielded (see pg_shield()) from its first statement on. */
bool pg_open_shielded(const char *uri, const char *role, struct pg **ret, struct err *err) MUST_CHECK;

/* Like pg_open(), on the logical replication protocol ("replication=database"). */
bool pg_open_replication(const char *uri, const char *role, struct pg **ret, struct err *err) MUST_CHECK;

void pg_free(struct pg *pg);
DEFINE_SCOPED(pg)

/* The libpq connection, for the replication protocol only. */
PGconn *pg_raw(struct pg *pg);

/* 150018 for 15.18. */
int pg_version(const struct pg *pg);

/* While on, a request to stop does not cancel statements. Returns what it was. */
bool pg_shield(struct pg *pg, bool on);

/* Runs one or several statements without parameters; results are dropped. */
bool pg_exec(struct pg *pg, const char *sql, struct err *err) MUST_CHECK;

/* Where the last pg_exec() that failed went wrong: in which of its statements (from 0), at which character of the whole
 * text (from 1; 0: the server did not say). For messages that name a line of a script. */
void pg_failed_at(const struct pg *pg, int *ret_statement, int *ret_position);

/* The same for the text of a file, which the message of a failure then does not show. */
bool pg_script(struct pg *pg, const char *sql, struct err *err) MUST_CHECK;

/* What the server remarks (RAISE NOTICE, warnings) is appended to `into`, a line each, until that has `most` bytes;
 * NULL drops it again. */
void pg_keep_notices(struct pg *pg, struct buf *into, size_t most);

/* Statements that are not done at this moment of clock_us() are cancelled and fail with ERR_TIMEOUT; 0: no limit. */
void pg_set_deadline(struct pg *pg, int64_t until_us);

/* Takes back what a script may have left in the session: settings, roles, temporary tables, locks. Then runs `more`. */
bool pg_refresh(struct pg *pg, const char *more, struct err *err) MUST_CHECK;

/* Formats, then pg_exec(). Quote identifiers with pg_ident(), literals with pg_literal(). */
bool pg_execf(struct pg *pg, struct err *err, const char *fmt, ...) MUST_CHECK PRINTF_LIKE(3, 4);

/* Runs one statement and drops its rows; `ret_rows` (may be NULL) gets the number of rows it touched. */
bool pg_run(struct pg *pg, const char *sql, struct pg_args args, int64_t *ret_rows, struct err *err) MUST_CHECK;

/* Runs one statement; text results. The result belongs to the caller, see SCOPED_RESULT. */
bool pg_query(struct pg *pg, const char *sql, struct pg_args args, PGresult **ret, struct err *err) MUST_CHECK;

/* The same for a statement that this connection runs again and again: the server plans it once. `sql` is known by its
 * address, so it lives as long as the connection; of more than 128 the others are planned every time. When a table has
 * got another shape meanwhile it fails once with ERR_SERVER_BUSY, and is planned anew the next time. */
bool pg_again(struct pg *pg, const char *sql, struct pg_args args, PGresult **ret, struct err *err) MUST_CHECK;

/* Runs one statement without parameters over the simple protocol, which is all that a replication connection takes. */
bool pg_simple(struct pg *pg, const char *sql, PGresult **ret, struct err *err) MUST_CHECK;

/* One value of one row, copied into the arena; NULL when there is no row or it is SQL's NULL. */
bool pg_value(struct pg *pg, const char *sql, struct pg_args args, struct arena *a, char **ret,
              struct err *err) MUST_CHECK;
bool pg_value_i64(struct pg *pg, const char *sql, struct pg_args args, int64_t *ret, struct err *err) MUST_CHECK;

bool pg_begin(struct pg *pg, struct err *err) MUST_CHECK;
bool pg_commit(struct pg *pg, struct err *err) MUST_CHECK;

/* Never fails: a connection that cannot roll back is broken, and the next call says so. */
void pg_rollback(struct pg *pg);

/* Fields of a result. pg_text() is "" for NULL. */
const char *pg_text(const PGresult *r, int row, int column);
int64_t pg_i64(const PGresult *r, int row, int column);
bool pg_bool(const PGresult *r, int row, int column);

/* Appends a quoted literal: 'it''s', E'a\\b' where needed. Identifiers: name_put(). */
void pg_put_literal(struct buf *b, const char *value);

/* The same, allocated: pg_ident(a, "order") is "\"order\"", pg_qualified() is "\"schema\".\"name\"". */
char *pg_ident(struct arena *a, const char *name);
char *pg_qualified(struct arena *a, const char *schema, const char *name);
char *pg_literal(struct arena *a, const char *value);

/* COPY ... FROM STDIN: begin with the statement, put bytes, end. `ret_rows` may be NULL. pg_copy_abort() gives up. */
bool pg_copy_in(struct pg *pg, const char *sql, struct err *err) MUST_CHECK;
bool pg_copy_put(struct pg *pg, const void *p, size_t n, struct err *err) MUST_CHECK;
bool pg_copy_end(struct pg *pg, int64_t *ret_rows, struct err *err) MUST_CHECK;
void pg_copy_abort(struct pg *pg);

/* COPY ... TO STDOUT: begin, then pg_copy_get() until it yields NULL. Each piece is freed with PQfreemem(). */
bool pg_copy_out(struct pg *pg, const char *sql, struct err *err) MUST_CHECK;
bool pg_copy_get(struct pg *pg, char **ret_piece, size_t *ret_n, struct err *err) MUST_CHECK;

/* Fills `err` from the connection's or result's last failure; `what` is the statement or action. Returns false. */
bool pg_fail(struct pg *pg, const PGresult *r, const char *what, struct err *err);

/* 0/16B3748 to a number and back. */
bool pg_lsn_parse(const char *text, uint64_t *ret);
void pg_lsn_format(uint64_t lsn, char ret_text[24]);

#endif
