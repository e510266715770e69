#include "analyze/runs_internal.h"
#include "base/clock.h"
#include "base/file.h"

struct runs {
    struct sqlite *db;
};

static const char schema[] =
    "create table if not exists run (id integer primary key, started text not null, finished text not null,"
    " package text not null, version text not null, digest text not null, tables int not null, bytes int not null,"
    " blocker int not null, warning int not null, advice int not null, info int not null);"
    "create table if not exists finding (run int not null references run, rule text not null, severity text not null,"
    " state text not null, total int not null, affected int not null, bytes int not null, failure text,"
    " primary key (run, rule)) without rowid;"
    "create index if not exists finding_rule_ix on finding (rule, run);"
    "create table if not exists acceptance (id integer primary key, rule text not null, at text not null,"
    " by text not null, reason text not null, total int not null, affected int not null, ended text, ended_by text);"
    "create table if not exists fix (id integer primary key, rule text not null, at text not null, by text not null,"
    " script text not null, rows int not null default 0, chunks int not null default 0, ended text,"
    " outcome text not null default 'running')";

/* -- opening -- */

void runs_free(struct runs *r)
{
    if (!r)
        return;
    sqlite_free(r->db);
    free(r);
}

bool runs_open(const char *path, struct runs **ret, struct err *err)
{
    struct runs *r = calloc(1, sizeof *r);
    if (!r)
        abort();
    if (!sqlite_open(path, file_exists(path) ? SQLITE_EXISTING : SQLITE_NEW, &r->db, err) ||
        !sqlite_exec(r->db, schema, err)) {
        runs_free(r);
        return false;
    }
    *ret = r;
    return true;
}

static void now(char ret[32])
{
    clock_iso(clock_wall_us(), ret);
}

static const char *number(struct arena *a, int64_t n)
{
    return arena_printf(a, "%lld", (long long)n);
}

/* -- what earlier runs say -- */

struct before {
    bool asked, found;
    int64_t total, affected, run;
};

static void take_before(sqlite3_stmt *s, struct before *b)
{
    b->asked = true;
    b->total = sqlite3_column_int64(s, 0);
    b->affected = sqlite3_column_int64(s, 1);
    b->run = sqlite3_column_int64(s, 2);
    b->found = b->total > 0;
}

/* The last run that got an answer from the rule, at or before `since` when that is not 0. */
static bool read_before(struct runs *r, const char *rule, int64_t since, struct arena *a, struct before *ret,
                        struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    *ret = (struct before){0};
    if (!sqlite_query(r->db,
                      "select total, affected, run from finding where rule = ?1 and state not in ('failed', 'not "
                      "applicable') and (?2 = '0' or run <= cast(?2 as int)) order by run desc limit 1",
                      SQLITE_ARGS(rule, number(a, since)), &s, err) ||
        !sqlite_next(r->db, s, &row, err))
        return false;
    if (row)
        take_before(s, ret);
    return true;
}

static const char *change_of(const struct analyze_finding *f, const struct before *b)
{
    if (f->failure || f->skipped || !b->asked)
        return "";
    if (!b->found)
        return f->total ? "new" : "";
    if (!f->total)
        return "gone";
    bool counted = b->affected > 0 && f->affected > 0;
    if (f->total > b->total || (counted && f->affected > b->affected))
        return "grown";
    return f->total < b->total || (counted && f->affected < b->affected) ? "shrunk" : "";
}

static bool was_found(struct runs *r, const char *rule, bool *ret, struct err *err)
{
    int64_t n = 0;
    bool ok = sqlite_number(r->db, "select count(*) from finding where rule = ?1 and total > 0", SQLITE_ARGS(rule), 0,
                            &n, err);
    *ret = n > 0;
    return ok;
}

/* -- acceptance -- */

struct acceptance {
    bool exists;
    const char *by, *reason;
    int64_t total, affected;
};

static bool read_acceptance(struct runs *r, const char *rule, struct arena *a, struct acceptance *ret, struct err *err)
{
    SCOPED_STMT *s = NULL;
    *ret = (struct acceptance){0};
    if (!sqlite_query(r->db,
                      "select by, reason, total, affected from acceptance where rule = ?1 and ended is null order by id"
                      " desc limit 1",
                      SQLITE_ARGS(rule), &s, err) ||
        !sqlite_next(r->db, s, &ret->exists, err))
        return false;
    if (!ret->exists)
        return true;
    ret->by = arena_dup(a, sqlite_text(s, 0));
    ret->reason = arena_dup(a, sqlite_text(s, 1));
    ret->total = sqlite3_column_int64(s, 2);
    ret->affected = sqlite3_column_int64(s, 3);
    return true;
}

static void apply_acceptance(struct analyze_finding *f, const struct acceptance *v, struct arena *a)
{
    f->accepted_by = v->by;
    f->accepted_for = v->reason;
    if (f->total <= v->total && f->affected <= v->affected) {
        f->state = ANALYZE_ACCEPTED;
        return;
    }
    bool rows = f->affected > v->affected;
    f->accepted_grown = arena_printf(a, "accepted by %s when there were %lld %s; now there are %lld", v->by,
                                     (long long)(rows ? v->affected : v->total), rows ? "rows" : "findings",
                                     (long long)(rows ? f->affected : f->total));
}

static bool judge(struct runs *r, struct analyze_finding *f, int64_t since, struct arena *a, struct err *err)
{
    struct before before;
    struct acceptance accepted;
    bool found = false;
    if (!read_before(r, f->id, since, a, &before, err) || !read_acceptance(r, f->id, a, &accepted, err) ||
        !was_found(r, f->id, &found, err))
        return false;
    f->total_before = before.asked ? before.total : -1;
    f->change = change_of(f, &before);
    if (f->state == ANALYZE_OK && found)
        f->state = ANALYZE_FIXED;
    if (f->state == ANALYZE_OPEN && accepted.exists)
        apply_acceptance(f, &accepted, a);
    return true;
}

bool runs_judge(struct runs *r, struct analysis *analysis, int64_t since, struct arena *a, struct err *err)
{
    int64_t n = 0;
    if (since &&
        !sqlite_number(r->db, "select count(*) from run where id = ?1", SQLITE_ARGS(number(a, since)), 0, &n, err))
        return false;
    if (since && n == 0) {
        err_set(err, ERR_USAGE, "there is no run %lld", (long long)since);
        return err_hint(err, "`carryover analyze runs` lists them.");
    }
    analysis->since = since;
    for (size_t i = 0; i < analysis->n_findings; i++)
        if (!judge(r, &analysis->findings[i], since, a, err))
            return false;
    return true;
}

/* -- storing -- */

static bool store_run(struct runs *r, struct analysis *v, struct arena *a, struct err *err)
{
    char started[32], finished[32];
    const char *counts[ANALYZE_SEVERITIES];
    clock_iso(v->started_us, started);
    clock_iso(v->finished_us, finished);
    for (int s = 0; s < ANALYZE_SEVERITIES; s++)
        counts[s] = number(a, analyze_count(v, (enum analyze_severity)s));
    return sqlite_run(r->db, "insert into run values (null, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                      SQLITE_ARGS(started, finished, v->package, v->version, v->digest, number(a, (int64_t)v->n_tables),
                                  number(a, v->database_bytes), counts[0], counts[1], counts[2], counts[3]),
                      err) &&
           sqlite_number(r->db, "select max(id) from run", SQLITE_NONE, 0, &v->run, err);
}

static bool store_finding(struct runs *r, int64_t run, const struct analyze_finding *f, struct arena *a,
                          struct err *err)
{
    return sqlite_run(r->db, "insert into finding values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                      SQLITE_ARGS(number(a, run), f->id, analyze_severity_name(f->severity),
                                  analyze_state_name(f->state), number(a, f->total), number(a, f->affected),
                                  number(a, f->bytes), f->failure),
                      err);
}

bool runs_store(struct runs *r, struct analysis *analysis, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (!sqlite_begin(r->db, err))
        return false;
    bool ok = store_run(r, analysis, a, err);
    for (size_t i = 0; ok && i < analysis->n_findings; i++)
        ok = store_finding(r, analysis->run, &analysis->findings[i], a, err);
    if (ok)
        return sqlite_commit(r->db, err);
    sqlite_rollback(r->db);
    return false;
}

/* -- accepting -- */

static bool refuse_acceptance(const char *rule, struct err *err)
{
    err_set(err, ERR_USAGE, "the last run that asked the rule %s found nothing to accept", rule);
    return err_hint(err, "Run `carryover analyze` first; `carryover analyze rules` lists the rules.");
}

static bool end_acceptance(struct runs *r, const char *rule, const char *by, struct err *err)
{
    char at[32];
    now(at);
    return sqlite_run(r->db, "update acceptance set ended = ?2, ended_by = ?3 where rule = ?1 and ended is null",
                      SQLITE_ARGS(rule, at, by), err);
}

static bool accept(struct runs *r, const char *rule, const char *by, const char *reason, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct before last;
    char at[32];
    now(at);
    if (!read_before(r, rule, 0, a, &last, err))
        return false;
    if (!last.found)
        return refuse_acceptance(rule, err);
    return end_acceptance(r, rule, by, err) &&
           sqlite_run(r->db, "insert into acceptance values (null, ?1, ?2, ?3, ?4, ?5, ?6, null, null)",
                      SQLITE_ARGS(rule, at, by, reason, number(a, last.total), number(a, last.affected)), err);
}

bool runs_accept(struct runs *r, const char *rule, const char *by, const char *reason, struct err *err)
{
    if (!sqlite_begin(r->db, err))
        return false;
    if (accept(r, rule, by, reason, err))
        return sqlite_commit(r->db, err);
    sqlite_rollback(r->db);
    return false;
}

bool runs_reopen(struct runs *r, const char *rule, const char *by, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct acceptance v;
    if (!read_acceptance(r, rule, a, &v, err))
        return false;
    if (v.exists)
        return end_acceptance(r, rule, by, err);
    err_set(err, ERR_USAGE, "the finding %s is not accepted", rule);
    return err_hint(err, "`carryover analyze runs` lists what is.");
}

/* -- what was mended -- */

bool runs_fix_begin(struct runs *r, const char *rule, const char *by, const char *script, int64_t *ret_id,
                    struct err *err)
{
    char at[32];
    now(at);
    return sqlite_run(r->db, "insert into fix (rule, at, by, script) values (?1, ?2, ?3, ?4)",
                      SQLITE_ARGS(rule, at, by, script), err) &&
           sqlite_number(r->db, "select last_insert_rowid()", SQLITE_NONE, 0, ret_id, err);
}

bool runs_fix_progress(struct runs *r, int64_t id, int64_t rows, int64_t chunks, struct err *err)
{
    SCOPED(arena) a = arena_new();
    return sqlite_run(r->db, "update fix set rows = ?2, chunks = ?3 where id = ?1",
                      SQLITE_ARGS(number(a, id), number(a, rows), number(a, chunks)), err);
}

bool runs_fix_end(struct runs *r, int64_t id, const char *outcome, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char at[32];
    now(at);
    return sqlite_run(r->db, "update fix set ended = ?2, outcome = ?3 where id = ?1",
                      SQLITE_ARGS(number(a, id), at, outcome), err);
}

struct sqlite *runs_database(struct runs *r)
{
    return r->db;
}
