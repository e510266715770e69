#include "db/pg.h"
#include "base/cancel.h"
#include "base/clock.h"
#include "base/name.h"
#include "db/uri.h"
#include <assert.h>
#include <poll.h>

#define SQL_SHOWN_MAX 400

#define PREPARED_MAX 128
#define PLAN_IS_STALE "0A000" /* "cached plan must not change result type" */

struct pg {
    PGconn *conn;
    const char *role;
    bool shielded;
    bool cancelled; /* a cancel was sent for the running statement */
    bool late;      /* because of its deadline */
    int64_t deadline_us;
    struct buf *notices; /* or NULL */
    size_t notices_most;
    int failed_statement, failed_position;
    const char *prepared[PREPARED_MAX]; /* texts of statements that the server has planned */
    int n_prepared;
    int forgotten; /* how many statements were planned before those; names are used once */
};

/* Text forms of values must not depend on the server's settings: digests compare them between servers. */
static const char session_sql[] =
    "set datestyle = 'ISO, YMD'; set intervalstyle = 'postgres'; set bytea_output = 'hex'; "
    "set extra_float_digits = 1; set timezone = 'UTC'; set lock_timeout = 0; "
    "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; "
    "set standard_conforming_strings = on; set client_min_messages = warning";

void pg_clear(PGresult **r)
{
    PQclear(*r);
    *r = NULL;
}

static void take_notice(void *arg, const PGresult *r)
{
    struct pg *pg = arg;
    const char *severity = PQresultErrorField(r, PG_DIAG_SEVERITY),
               *said = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    if (!pg->notices || !said || pg->notices->n + strlen(said) > pg->notices_most)
        return;
    buf_printf(pg->notices, "%s: %s\n", severity ? severity : "", said);
}

void pg_keep_notices(struct pg *pg, struct buf *into, size_t most)
{
    pg->notices = into;
    pg->notices_most = most;
}

void pg_set_deadline(struct pg *pg, int64_t until_us)
{
    pg->deadline_us = until_us;
}

static bool connect_with(const char *uri, const char *role, bool replication, PGconn **ret, struct err *err)
{
    /* A server that vanished without a word is noticed after a minute and a half. What the URI says comes later and
     * wins. */
    const char *names[] = {"keepalives_idle",
                           "keepalives_interval",
                           "keepalives_count",
                           "tcp_user_timeout",
                           "connect_timeout",
                           "dbname",
                           "fallback_application_name",
                           "client_encoding",
                           replication ? "replication" : NULL,
                           NULL};
    const char *values[] = {"30", "10", "6", "90000", "15", uri, "carryover", "UTF8", "database", NULL};
    PGconn *conn = PQconnectdbParams(names, values, 1);
    if (!conn)
        abort();
    if (PQstatus(conn) == CONNECTION_OK) {
        *ret = conn;
        return true;
    }
    SCOPED(arena) a = arena_new();
    struct str why = str_trim(str_of(PQerrorMessage(conn)));
    err_set(err, ERR_CONNECT, "connecting to the %s %s: %.*s", role, uri_masked(a, uri), STR_ARG(why));
    PQfinish(conn);
    return false;
}

static bool open_with(const char *uri, const char *role, bool replication, bool shielded, struct pg **ret,
                      struct err *err)
{
    PGconn *conn = NULL;
    if (!connect_with(uri, role, replication, &conn, err))
        return false;
    struct pg *pg = calloc(1, sizeof *pg);
    if (!pg)
        abort();
    *pg = (struct pg){.conn = conn, .role = role, .shielded = shielded};
    PQsetNoticeReceiver(conn, take_notice, pg);
    *ret = pg;
    if (pg_exec(pg, session_sql, err) && (pg_version(pg) < 140000 || pg_exec(pg, "set idle_session_timeout = 0", err)))
        return true;
    pg_free(pg);
    *ret = NULL;
    return false;
}

bool pg_open(const char *uri, const char *role, struct pg **ret, struct err *err)
{
    return open_with(uri, role, false, false, ret, err);
}

bool pg_open_shielded(const char *uri, const char *role, struct pg **ret, struct err *err)
{
    return open_with(uri, role, false, true, ret, err);
}

bool pg_open_replication(const char *uri, const char *role, struct pg **ret, struct err *err)
{
    return open_with(uri, role, true, false, ret, err);
}

void pg_free(struct pg *pg)
{
    if (!pg)
        return;
    PQfinish(pg->conn);
    free(pg);
}

PGconn *pg_raw(struct pg *pg)
{
    return pg->conn;
}

int pg_version(const struct pg *pg)
{
    return PQserverVersion(pg->conn);
}

bool pg_shield(struct pg *pg, bool on)
{
    bool was = pg->shielded;
    pg->shielded = on;
    return was;
}

static enum err_code code_of(const struct pg *pg, const char *sqlstate)
{
    if (PQstatus(pg->conn) == CONNECTION_BAD || strncmp(sqlstate, "08", 2) == 0 || strncmp(sqlstate, "57P", 3) == 0)
        return ERR_CONNECTION_LOST;
    if (strcmp(sqlstate, "57014") == 0 && pg->cancelled)
        return pg->late ? ERR_TIMEOUT : ERR_INTERRUPTED;
    if (strcmp(sqlstate, "57014") == 0 || strncmp(sqlstate, "40", 2) == 0 || strcmp(sqlstate, "55P03") == 0 ||
        strcmp(sqlstate, "55006") == 0)
        return ERR_SERVER_BUSY;
    if (strcmp(sqlstate, "53100") == 0)
        return ERR_DISK_FULL;
    return ERR_SQL;
}

/* The server shows the whole row that broke a constraint, which may hold secrets. */
static bool shows_row(const char *text)
{
    return strncmp(text, "Failing row contains", strlen("Failing row contains")) == 0;
}

static void put_field(struct buf *b, const PGresult *r, int field, const char *label)
{
    const char *text = r ? PQresultErrorField(r, field) : NULL;
    if (text && !shows_row(text))
        buf_printf(b, "; %s: %s", label, text);
}

static void put_statement(struct buf *b, const char *sql)
{
    struct str s = str_trim(str_of(sql));
    if (s.n > SQL_SHOWN_MAX)
        buf_printf(b, " [%.*s ...]", SQL_SHOWN_MAX, s.p);
    else if (s.n)
        buf_printf(b, " [%.*s]", STR_ARG(s));
}

bool pg_fail(struct pg *pg, const PGresult *r, const char *what, struct err *err)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *primary = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    struct str why = str_trim(str_of(primary ? primary : PQerrorMessage(pg->conn)));
    SCOPED_BUF b = {0};
    buf_printf(&b, "%s: %.*s", pg->role, STR_ARG(why));
    put_field(&b, r, PG_DIAG_MESSAGE_DETAIL, "detail");
    put_field(&b, r, PG_DIAG_CONTEXT, "context");
    put_statement(&b, what);
    err_set(err, code_of(pg, state ? state : ""), "%s", b.p);
    snprintf(err->sqlstate, sizeof err->sqlstate, "%s", state ? state : "");
    const char *position = r ? PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION) : NULL;
    pg->failed_position = position ? (int)strtol(position, NULL, 10) : 0;
    const char *hint = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_HINT) : NULL;
    if (hint && err->code == ERR_SQL)
        err_hint(err, "the server suggests: %s", hint);
    return false;
}

static void send_cancel(struct pg *pg)
{
    char why[256];
    PGcancel *c = PQgetCancel(pg->conn);
    if (c) {
        PQcancel(c, why, sizeof why);
        PQfreeCancel(c);
    }
    pg->cancelled = true;
}

/* Waits until a result can be fetched without blocking; sends one cancel when a stop is requested meanwhile. */
static bool wait_ready(struct pg *pg, const char *what, struct err *err)
{
    while (PQisBusy(pg->conn)) {
        struct pollfd p = {.fd = PQsocket(pg->conn), .events = POLLIN};
        if (poll(&p, 1, 100) > 0 && !PQconsumeInput(pg->conn))
            return pg_fail(pg, NULL, what, err);
        bool late = pg->deadline_us && clock_us() > pg->deadline_us;
        if (pg->cancelled || (!late && (pg->shielded || !cancel_requested())))
            continue;
        pg->late = late;
        send_cancel(pg);
    }
    return true;
}

static bool is_good(const PGresult *r)
{
    switch (PQresultStatus(r)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_SINGLE_TUPLE:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_COPY_BOTH:
    case PGRES_EMPTY_QUERY:
        return true;
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
        return false;
    }
    return false;
}

static bool is_copy(const PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    return s == PGRES_COPY_IN || s == PGRES_COPY_OUT || s == PGRES_COPY_BOTH;
}

/* Fetches all results of what was sent and keeps the last one; the first failure wins. */
static bool collect(struct pg *pg, const char *what, PGresult **ret, struct err *err)
{
    PGresult *last = NULL;
    bool ok = true;
    pg->failed_statement = 0;
    for (;;) {
        if (!wait_ready(pg, what, err)) {
            PQclear(last);
            return false;
        }
        PGresult *r = PQgetResult(pg->conn);
        if (!r)
            break;
        if (ok && !is_good(r))
            ok = pg_fail(pg, r, what, err);
        pg->failed_statement += ok;
        PQclear(last);
        last = r;
        if (is_copy(r))
            break;
    }
    if (ok && ret)
        *ret = last;
    else
        PQclear(last);
    return ok;
}

/* A stop that was requested before the statement began must not start it. */
static bool may_send(struct pg *pg, struct err *err)
{
    pg->cancelled = false;
    return pg->shielded || cancel_check(err);
}

void pg_failed_at(const struct pg *pg, int *ret_statement, int *ret_position)
{
    *ret_statement = pg->failed_statement;
    *ret_position = pg->failed_position;
}

bool pg_exec(struct pg *pg, const char *sql, struct err *err)
{
    if (!may_send(pg, err))
        return false;
    if (!PQsendQuery(pg->conn, sql))
        return pg_fail(pg, NULL, sql, err);
    return collect(pg, sql, NULL, err);
}

bool pg_script(struct pg *pg, const char *sql, struct err *err)
{
    if (!may_send(pg, err))
        return false;
    if (!PQsendQuery(pg->conn, sql))
        return pg_fail(pg, NULL, "", err);
    return collect(pg, "", NULL, err);
}

bool pg_refresh(struct pg *pg, const char *more, struct err *err)
{
    return pg_execf(pg, err,
                    "reset session authorization; reset role; reset all; discard temp; select pg_advisory_unlock_all();"
                    " %s; %s",
                    session_sql, more);
}

bool pg_execf(struct pg *pg, struct err *err, const char *fmt, ...)
{
    SCOPED_BUF sql = {0};
    va_list args;
    va_start(args, fmt);
    buf_vprintf(&sql, fmt, args);
    va_end(args);
    return pg_exec(pg, buf_text(&sql), err);
}

bool pg_query(struct pg *pg, const char *sql, struct pg_args args, PGresult **ret, struct err *err)
{
    if (!may_send(pg, err))
        return false;
    if (!PQsendQueryParams(pg->conn, sql, args.n, NULL, args.values, NULL, NULL, 0))
        return pg_fail(pg, NULL, sql, err);
    return collect(pg, sql, ret, err);
}

static void name_prepared(const struct pg *pg, int number, char ret[24])
{
    snprintf(ret, 24, "again_%d", pg->forgotten + number);
}

/* The number of a statement that is planned on this connection, or -1. */
static int find_prepared(const struct pg *pg, const char *sql)
{
    for (int i = 0; i < pg->n_prepared; i++)
        if (pg->prepared[i] == sql)
            return i;
    return -1;
}

static bool prepare(struct pg *pg, const char *sql, struct err *err)
{
    char name[24];
    SCOPED_RESULT r = NULL;
    name_prepared(pg, pg->n_prepared, name);
    if (!may_send(pg, err))
        return false;
    if (!PQsendPrepare(pg->conn, name, sql, 0, NULL))
        return pg_fail(pg, NULL, sql, err);
    if (!collect(pg, sql, &r, err))
        return false;
    pg->prepared[pg->n_prepared++] = sql;
    return true;
}

/* A transaction that is under way is over, so the statement cannot simply be sent again here. */
static bool forget_plans(struct pg *pg, struct err *err)
{
    pg->forgotten += pg->n_prepared;
    pg->n_prepared = 0;
    err->code = ERR_SERVER_BUSY;
    return false;
}

bool pg_again(struct pg *pg, const char *sql, struct pg_args args, PGresult **ret, struct err *err)
{
    char name[24];
    int number = find_prepared(pg, sql);
    if (number < 0 && pg->n_prepared == PREPARED_MAX)
        return pg_query(pg, sql, args, ret, err);
    if ((number < 0 && !prepare(pg, sql, err)) || !may_send(pg, err))
        return false;
    name_prepared(pg, number < 0 ? pg->n_prepared - 1 : number, name);
    if (!PQsendQueryPrepared(pg->conn, name, args.n, args.values, NULL, NULL, 0))
        return pg_fail(pg, NULL, sql, err);
    if (collect(pg, sql, ret, err))
        return true;
    return number >= 0 && strcmp(err->sqlstate, PLAN_IS_STALE) == 0 ? forget_plans(pg, err) : false;
}

bool pg_simple(struct pg *pg, const char *sql, PGresult **ret, struct err *err)
{
    if (!may_send(pg, err))
        return false;
    if (!PQsendQuery(pg->conn, sql))
        return pg_fail(pg, NULL, sql, err);
    return collect(pg, sql, ret, err);
}

bool pg_run(struct pg *pg, const char *sql, struct pg_args args, int64_t *ret_rows, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, sql, args, &r, err))
        return false;
    if (ret_rows && !str_to_i64(str_of(PQcmdTuples(r)), ret_rows))
        *ret_rows = 0;
    return true;
}

bool pg_value(struct pg *pg, const char *sql, struct pg_args args, struct arena *a, char **ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, sql, args, &r, err))
        return false;
    bool null = PQntuples(r) == 0 || PQgetisnull(r, 0, 0);
    *ret = null ? NULL : arena_dup(a, PQgetvalue(r, 0, 0));
    return true;
}

bool pg_value_i64(struct pg *pg, const char *sql, struct pg_args args, int64_t *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, sql, args, &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_SQL, "%s: no row where one number was expected [%s]", pg->role, sql);
    *ret = pg_i64(r, 0, 0);
    return true;
}

bool pg_begin(struct pg *pg, struct err *err)
{
    return pg_exec(pg, "begin", err);
}

/* A commit is never cancelled half-way: its outcome would be unknown. */
bool pg_commit(struct pg *pg, struct err *err)
{
    bool was = pg_shield(pg, true);
    bool ok = pg_exec(pg, "commit", err);
    pg_shield(pg, was);
    return ok;
}

void pg_rollback(struct pg *pg)
{
    struct err ignored;
    bool was = pg_shield(pg, true);
    if (PQstatus(pg->conn) == CONNECTION_OK && !pg_exec(pg, "rollback", &ignored))
        PQstatus(pg->conn);
    pg_shield(pg, was);
}

const char *pg_text(const PGresult *r, int row, int column)
{
    return PQgetvalue(r, row, column);
}

int64_t pg_i64(const PGresult *r, int row, int column)
{
    int64_t v = 0;
    str_to_i64(str_of(PQgetvalue(r, row, column)), &v);
    return v;
}

bool pg_bool(const PGresult *r, int row, int column)
{
    return PQgetvalue(r, row, column)[0] == 't';
}

void pg_put_literal(struct buf *b, const char *value)
{
    bool escaped = strchr(value, '\\') != NULL;
    buf_puts(b, escaped ? " E'" : "'");
    for (; *value; value++) {
        if (*value == '\'' || *value == '\\')
            buf_putc(b, *value);
        buf_putc(b, *value);
    }
    buf_putc(b, '\'');
}

char *pg_ident(struct arena *a, const char *name)
{
    SCOPED_BUF b = {0};
    name_put(&b, name);
    return arena_dup(a, b.p);
}

char *pg_qualified(struct arena *a, const char *schema, const char *name)
{
    SCOPED_BUF b = {0};
    name_put(&b, schema);
    buf_putc(&b, '.');
    name_put(&b, name);
    return arena_dup(a, b.p);
}

char *pg_literal(struct arena *a, const char *value)
{
    SCOPED_BUF b = {0};
    pg_put_literal(&b, value);
    return arena_dup(a, b.p);
}

static bool copy_start(struct pg *pg, const char *sql, ExecStatusType expected, struct err *err)
{
    if (!may_send(pg, err))
        return false;
    if (!PQsendQuery(pg->conn, sql))
        return pg_fail(pg, NULL, sql, err);
    SCOPED_RESULT r = NULL;
    if (!collect(pg, sql, &r, err))
        return false;
    if (PQresultStatus(r) != expected)
        return err_set(err, ERR_SQL, "%s: the statement is no COPY of the expected kind [%s]", pg->role, sql);
    return true;
}

bool pg_copy_in(struct pg *pg, const char *sql, struct err *err)
{
    return copy_start(pg, sql, PGRES_COPY_IN, err);
}

bool pg_copy_put(struct pg *pg, const void *p, size_t n, struct err *err)
{
    if (!pg->shielded && !cancel_check(err))
        return false;
    if (PQputCopyData(pg->conn, p, (int)n) == 1)
        return true;
    return pg_fail(pg, NULL, "sending COPY data", err);
}

bool pg_copy_end(struct pg *pg, int64_t *ret_rows, struct err *err)
{
    if (PQputCopyEnd(pg->conn, NULL) != 1)
        return pg_fail(pg, NULL, "ending COPY", err);
    SCOPED_RESULT r = NULL;
    if (!collect(pg, "COPY", &r, err))
        return false;
    if (ret_rows && !str_to_i64(str_of(PQcmdTuples(r)), ret_rows))
        *ret_rows = 0;
    return true;
}

void pg_copy_abort(struct pg *pg)
{
    struct err ignored;
    bool was = pg_shield(pg, true);
    if (PQputCopyEnd(pg->conn, "given up") == 1 && !collect(pg, "COPY", NULL, &ignored))
        PQstatus(pg->conn);
    pg_shield(pg, was);
}

bool pg_copy_out(struct pg *pg, const char *sql, struct err *err)
{
    return copy_start(pg, sql, PGRES_COPY_OUT, err);
}

bool pg_copy_get(struct pg *pg, char **ret_piece, size_t *ret_n, struct err *err)
{
    if (!pg->shielded && !cancel_check(err))
        return false;
    *ret_piece = NULL;
    *ret_n = 0;
    int n = PQgetCopyData(pg->conn, ret_piece, 0);
    if (n > 0) {
        *ret_n = (size_t)n;
        return true;
    }
    if (n == -1)
        return collect(pg, "COPY", NULL, err);
    return pg_fail(pg, NULL, "reading COPY data", err);
}

/* One half: up to eight hexadecimal digits that end at `end`. */
static bool parse_half(const char *text, char end, const char **ret_rest, uint64_t *ret)
{
    size_t n = strspn(text, "0123456789abcdefABCDEF");
    *ret = strtoull(text, NULL, 16);
    *ret_rest = text + n + 1;
    return n >= 1 && n <= 8 && text[n] == end;
}

bool pg_lsn_parse(const char *text, uint64_t *ret)
{
    uint64_t hi, lo;
    if (!parse_half(text, '/', &text, &hi) || !parse_half(text, '\0', &text, &lo))
        return false;
    *ret = hi << 32 | lo;
    return true;
}

void pg_lsn_format(uint64_t lsn, char ret_text[24])
{
    snprintf(ret_text, 24, "%X/%X", (unsigned)(lsn >> 32), (unsigned)lsn);
}
