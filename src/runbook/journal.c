#include "runbook/journal.h"
#include "base/clock.h"
#include <sqlite3.h>
#include <stdlib.h>

struct journal {
    sqlite3 *db;
};

static const char schema_sql[] =
    "pragma journal_mode = wal; pragma synchronous = full;"
    "create table if not exists run (id integer primary key, kind text not null, at_us integer not null);"
    "create table if not exists event (seq integer primary key autoincrement, run integer not null references run,"
    " at_us integer not null, step text not null, event text not null, detail text not null);"
    "create index if not exists event_by_run on event (run, step, seq);";

static bool fail(struct journal *j, const char *what, struct err *err)
{
    int code = j->db ? sqlite3_errcode(j->db) : SQLITE_NOMEM;
    return err_set(err, code == SQLITE_FULL ? ERR_DISK_FULL : ERR_FILE, "%s the journal: %s", what,
                   j->db ? sqlite3_errmsg(j->db) : "out of memory");
}

bool journal_open(const char *path, struct journal **ret, struct err *err)
{
    struct journal *j = calloc(1, sizeof *j);
    if (!j)
        abort();
    bool ok = sqlite3_open(path, &j->db) == SQLITE_OK && sqlite3_busy_timeout(j->db, 10000) == SQLITE_OK &&
              sqlite3_exec(j->db, schema_sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!ok) {
        fail(j, "opening", err);
        journal_free(j);
        return err_wrap(err, "%s", path);
    }
    *ret = j;
    return true;
}

void journal_free(struct journal *j)
{
    if (!j)
        return;
    sqlite3_close(j->db);
    free(j);
}

static bool prepare(struct journal *j, const char *sql, sqlite3_stmt **ret, struct err *err)
{
    return sqlite3_prepare_v2(j->db, sql, -1, ret, NULL) == SQLITE_OK || fail(j, "reading", err);
}

bool journal_last_run(struct journal *j, const char *kind, int64_t *ret_run, bool *ret_ended, struct err *err)
{
    sqlite3_stmt *s = NULL;
    const char *sql =
        "select r.id, exists (select 1 from event e where e.run = r.id and e.event in ('ended', 'abandoned'))"
        " from run r where r.kind = ?1 order by r.id desc limit 1";
    *ret_run = 0;
    *ret_ended = true;
    if (!prepare(j, sql, &s, err))
        return false;
    sqlite3_bind_text(s, 1, kind, -1, SQLITE_STATIC);
    int rc = sqlite3_step(s);
    if (rc == SQLITE_ROW) {
        *ret_run = sqlite3_column_int64(s, 0);
        *ret_ended = sqlite3_column_int(s, 1) != 0;
    }
    sqlite3_finalize(s);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || fail(j, "reading", err);
}

bool journal_begin(struct journal *j, const char *kind, int64_t *ret_run, struct err *err)
{
    sqlite3_stmt *s = NULL;
    if (!prepare(j, "insert into run (kind, at_us) values (?1, ?2)", &s, err))
        return false;
    sqlite3_bind_text(s, 1, kind, -1, SQLITE_STATIC);
    sqlite3_bind_int64(s, 2, clock_wall_us());
    int rc = sqlite3_step(s);
    sqlite3_finalize(s);
    *ret_run = sqlite3_last_insert_rowid(j->db);
    return rc == SQLITE_DONE || fail(j, "writing", err);
}

bool journal_add(struct journal *j, int64_t run, const char *step, const char *event, const char *detail,
                 struct err *err)
{
    sqlite3_stmt *s = NULL;
    const char *sql = "insert into event (run, at_us, step, event, detail) values (?1, ?2, ?3, ?4, ?5)";
    if (!prepare(j, sql, &s, err))
        return false;
    sqlite3_bind_int64(s, 1, run);
    sqlite3_bind_int64(s, 2, clock_wall_us());
    sqlite3_bind_text(s, 3, step, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 4, event, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 5, detail, -1, SQLITE_STATIC);
    int rc = sqlite3_step(s);
    sqlite3_finalize(s);
    return rc == SQLITE_DONE || fail(j, "writing", err);
}

static void take_event(struct journal_step *step, const char *event, int64_t at_us)
{
    if (strcmp(event, "begin") == 0) {
        step->attempts++;
        step->started = true;
        step->done = false;
        step->start_us = at_us;
        if (!step->first_us)
            step->first_us = at_us;
    } else if (strcmp(event, "done") == 0) {
        step->done = true;
        step->done_us = at_us;
    }
}

bool journal_read(struct journal *j, int64_t run, const char *step, struct arena *a, struct journal_step *ret,
                  struct err *err)
{
    sqlite3_stmt *s = NULL;
    int rc;
    *ret = (struct journal_step){.detail = ""};
    if (!prepare(j, "select event, at_us, detail from event where run = ?1 and step = ?2 order by seq", &s, err))
        return false;
    sqlite3_bind_int64(s, 1, run);
    sqlite3_bind_text(s, 2, step, -1, SQLITE_STATIC);
    while ((rc = sqlite3_step(s)) == SQLITE_ROW) {
        take_event(ret, (const char *)sqlite3_column_text(s, 0), sqlite3_column_int64(s, 1));
        ret->detail = arena_dup(a, (const char *)sqlite3_column_text(s, 2));
    }
    sqlite3_finalize(s);
    return rc == SQLITE_DONE || fail(j, "reading", err);
}
