#include "analyze/runs_internal.h"
#include "base/json.h"
#include "base/term.h"

#define RUNS_SQL                                                                                                       \
    "select id, started, package || ' ' || version, blocker, warning, advice, info, (select count(*) from finding "    \
    "where run = run.id), bytes from run order by id desc"
#define ACCEPTED_SQL                                                                                                   \
    "select rule, at, by, reason, total, affected, coalesce(ended, ''), coalesce(ended_by, '') from acceptance order " \
    "by id desc"
#define FIXES_SQL "select rule, at, by, rows, chunks, coalesce(ended, ''), outcome from fix order by id desc"

/* A table of everything that a query yields; nothing when it yields nothing. */
static bool put_table(struct runs *r, struct buf *b, const char *title, const char *columns, const char *sql,
                      struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_STMT *s = NULL;
    struct term_table *t = term_table_new(a, columns);
    const char *cells[16];
    bool row = false, any = false;
    if (!sqlite_query(runs_database(r), sql, SQLITE_NONE, &s, err))
        return false;
    for (;;) {
        if (!sqlite_next(runs_database(r), s, &row, err))
            return false;
        if (!row)
            break;
        for (int i = 0; i < sqlite3_column_count(s); i++)
            cells[i] = arena_dup(a, sqlite_text(s, i));
        term_table_add(t, cells);
        any = true;
    }
    if (any) {
        buf_printf(b, "%s%s\n", b->n ? "\n" : "", title);
        term_table_put(t, b);
    }
    return true;
}

bool runs_put_text(struct runs *r, struct buf *b, struct err *err)
{
    return put_table(r, b, "runs", ">run|started|package|>blocker|>warning|>advice|>info|>of rules|>bytes", RUNS_SQL,
                     err) &&
           put_table(r, b, "accepted", "rule|at|by|reason|>found|>rows|ended|by", ACCEPTED_SQL, err) &&
           put_table(r, b, "fixes", "rule|at|by|>rows|>chunks|ended|outcome", FIXES_SQL, err);
}

/* An array of objects with the names of the query's columns. */
static bool put_array(struct runs *r, struct buf *b, const char *name, const char *const *names, const char *sql,
                      struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    const char *comma = "";
    buf_printf(b, "\"%s\":[", name);
    if (!sqlite_query(runs_database(r), sql, SQLITE_NONE, &s, err))
        return false;
    for (;;) {
        if (!sqlite_next(runs_database(r), s, &row, err))
            return false;
        if (!row)
            break;
        buf_printf(b, "%s{", comma);
        for (int i = 0; i < sqlite3_column_count(s); i++) {
            buf_printf(b, "%s\"%s\":", i ? "," : "", names[i]);
            if (sqlite3_column_type(s, i) == SQLITE_INTEGER)
                buf_puts(b, sqlite_text(s, i));
            else
                json_put_string(b, str_of(sqlite_text(s, i)));
        }
        buf_putc(b, '}');
        comma = ",";
    }
    buf_putc(b, ']');
    return true;
}

bool runs_put_json(struct runs *r, struct buf *b, struct err *err)
{
    static const char *const runs[] = {"run",    "started", "package", "blocker", "warning",
                                       "advice", "info",    "rules",   "bytes"};
    static const char *const accepted[] = {"rule", "at", "by", "reason", "found", "rows", "ended", "ended_by"};
    static const char *const fixes[] = {"rule", "at", "by", "rows", "chunks", "ended", "outcome"};
    buf_putc(b, '{');
    if (!put_array(r, b, "runs", runs, RUNS_SQL, err))
        return false;
    buf_putc(b, ',');
    if (!put_array(r, b, "accepted", accepted, ACCEPTED_SQL, err))
        return false;
    buf_putc(b, ',');
    if (!put_array(r, b, "fixes", fixes, FIXES_SQL, err))
        return false;
    buf_puts(b, "}\n");
    return true;
}
