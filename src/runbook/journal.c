#include "runbook/journal.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "db/sqlite.h"
#include <pthread.h>
#include <stdlib.h>

struct journal {
    struct sqlite *db;
    pthread_mutex_t lock; /* one transaction at a time on the connection */
    char who[128];
};

static const char schema_sql[] =
    "create table if not exists run (id integer primary key, kind text not null, at_us integer not null);"
    "create table if not exists event (seq integer primary key autoincrement, run integer not null references run,"
    " at_us integer not null, step text not null, event text not null, detail text not null,"
    " who text not null, digest text not null);"
    "create index if not exists event_by_run on event (run, step, seq);";

/* Two may come at the same time: who does not make it finds it made. */
static bool open_or_make(const char *path, struct sqlite **ret, struct err *err)
{
    struct err lost;
    return (!file_exists(path) && sqlite_open(path, SQLITE_NEW, ret, &lost)) ||
           sqlite_open(path, SQLITE_EXISTING, ret, err);
}

bool journal_open(const char *path, const char *who, struct journal **ret, struct err *err)
{
    struct journal *j = calloc(1, sizeof *j);
    if (!j)
        abort();
    pthread_mutex_init(&j->lock, NULL);
    snprintf(j->who, sizeof j->who, "%s", who);
    if (!open_or_make(path, &j->db, err) || !sqlite_exec(j->db, schema_sql, err)) {
        journal_free(j);
        return err_wrap(err, "opening the journal %s", path);
    }
    *ret = j;
    return true;
}

void journal_free(struct journal *j)
{
    if (!j)
        return;
    sqlite_free(j->db);
    pthread_mutex_destroy(&j->lock);
    free(j);
}

void journal_set_who(struct journal *j, const char *who)
{
    snprintf(j->who, sizeof j->who, "%s", who);
}

/* --- runs --- */

/* The connection serves one statement at a time. */
static void unlock(pthread_mutex_t **held)
{
    pthread_mutex_unlock(*held);
}

#define LOCKED(j)                                                                                                      \
    __attribute__((cleanup(unlock))) pthread_mutex_t *held = &(j)->lock;                                               \
    pthread_mutex_lock(held)

static const char run_sql[] =
    "select r.id, r.at_us, r.kind,"
    " exists (select 1 from event e where e.run = r.id and e.step = '' and e.event in ('ended', 'abandoned')),"
    " exists (select 1 from event e where e.run = r.id and e.step = '' and e.event = 'abandoned')"
    " from run r where r.kind = ?1 order by r.id";

bool journal_runs(struct journal *j, const char *kind, struct arena *a, struct journal_run **ret, size_t *ret_n,
                  struct err *err)
{
    LOCKED(j);
    SCOPED_STMT *s = NULL;
    VEC(struct journal_run) runs = {0};
    bool more = false;
    bool ok = sqlite_query(j->db, run_sql, SQLITE_ARGS(kind), &s, err) && sqlite_next(j->db, s, &more, err);
    while (ok && more) {
        *vec_push(&runs) = (struct journal_run){.id = sqlite3_column_int64(s, 0),
                                                .at_us = sqlite3_column_int64(s, 1),
                                                .kind = arena_dup(a, sqlite_text(s, 2)),
                                                .ended = sqlite3_column_int(s, 3) != 0,
                                                .abandoned = sqlite3_column_int(s, 4) != 0};
        ok = sqlite_next(j->db, s, &more, err);
    }
    *ret = arena_new_array(a, struct journal_run, runs.n + 1);
    if (runs.n)
        memcpy(*ret, runs.p, runs.n * sizeof *runs.p);
    *ret_n = runs.n;
    vec_done(&runs);
    return ok || err_wrap(err, "reading the journal");
}

bool journal_last_run(struct journal *j, const char *kind, int64_t *ret_run, bool *ret_ended, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct journal_run *runs = NULL;
    size_t n = 0;
    *ret_run = 0;
    *ret_ended = true;
    if (!journal_runs(j, kind, a, &runs, &n, err))
        return false;
    if (n == 0)
        return true;
    *ret_run = runs[n - 1].id;
    *ret_ended = runs[n - 1].ended;
    return true;
}

/* --- adding --- */

void journal_digest(const struct journal_event *e, const char *before, char ret[DIGEST_HEX])
{
    struct digest d;
    char numbers[96];
    snprintf(numbers, sizeof numbers, "%" PRId64 " %" PRId64 " %" PRId64, e->seq, e->run, e->at_us);
    digest_init(&d);
    digest_field(&d, str_of(before));
    digest_field(&d, str_of(numbers));
    digest_field(&d, str_of(e->who));
    digest_field(&d, str_of(e->step));
    digest_field(&d, str_of(e->event));
    digest_field(&d, str_of(e->detail));
    digest_hex(&d, ret);
}

static bool append(struct journal *j, struct journal_event *e, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *before = NULL;
    char digest[DIGEST_HEX];
    if (!sqlite_number(j->db, "select max(seq) from event", SQLITE_NONE, 0, &e->seq, err) ||
        !sqlite_word(j->db, "select digest from event order by seq desc limit 1", SQLITE_NONE, a, &before, err))
        return false;
    e->seq++;
    journal_digest(e, before ? before : "", digest);
    return sqlite_run(j->db, "insert into event values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                      SQLITE_ARGS(arena_printf(a, "%" PRId64, e->seq), arena_printf(a, "%" PRId64, e->run),
                                  arena_printf(a, "%" PRId64, e->at_us), e->step, e->event, e->detail, e->who, digest),
                      err);
}

static bool add(struct journal *j, int64_t run, const char *step, const char *event, const char *detail,
                struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct journal_event e = {.run = run,
                              .at_us = clock_wall_us(),
                              .who = utf8_mended(a, j->who),
                              .step = step,
                              .event = event,
                              .detail = utf8_mended(a, detail)};
    return append(j, &e, err);
}

/* One transaction at a time: `kind` begins a run first. */
static bool write_event(struct journal *j, const char *kind, int64_t *run, const char *step, const char *event,
                        const char *detail, struct err *err)
{
    SCOPED(arena) a = arena_new();
    LOCKED(j);
    bool ok = sqlite_begin(j->db, err);
    bool begun = ok;
    if (ok && kind) {
        ok = sqlite_run(j->db, "insert into run (kind, at_us) values (?1, ?2)",
                        SQLITE_ARGS(kind, arena_printf(a, "%" PRId64, clock_wall_us())), err);
        *run = sqlite3_last_insert_rowid(sqlite_raw(j->db));
    }
    ok = ok && add(j, *run, step, event, detail, err);
    if (ok)
        ok = sqlite_commit(j->db, err);
    else if (begun)
        sqlite_rollback(j->db);
    return ok || err_wrap(err, "writing the journal");
}

bool journal_begin(struct journal *j, const char *kind, int64_t *ret_run, struct err *err)
{
    return write_event(j, kind, ret_run, "", "begun", kind, err);
}

bool journal_add(struct journal *j, int64_t run, const char *step, const char *event, const char *detail,
                 struct err *err)
{
    return write_event(j, NULL, &run, step, event, detail, err);
}

/* --- reading --- */

static void take_begin(struct journal_step *step, int64_t at_us)
{
    step->attempts++;
    step->started = true;
    step->done = step->failed = step->skipped = false;
    step->start_us = at_us;
    if (!step->first_us)
        step->first_us = at_us;
}

void journal_take(struct journal_step *step, const struct journal_event *e)
{
    if (strcmp(e->event, "begin") == 0)
        take_begin(step, e->at_us);
    else if (strcmp(e->event, "done") == 0 || strcmp(e->event, "skipped") == 0)
        step->done = true;
    else if (strcmp(e->event, "failed") == 0)
        step->failed = true;
    else if (strcmp(e->event, "undone") == 0)
        *step = (struct journal_step){.attempts = step->attempts};
    else
        return;
    step->skipped = strcmp(e->event, "skipped") == 0;
    if (step->done)
        step->done_us = e->at_us;
    step->detail = e->detail;
    step->who = e->who;
}

static struct journal_event event_of(sqlite3_stmt *s, struct arena *a)
{
    return (struct journal_event){.seq = sqlite3_column_int64(s, 0),
                                  .run = sqlite3_column_int64(s, 1),
                                  .at_us = sqlite3_column_int64(s, 2),
                                  .step = arena_dup(a, sqlite_text(s, 3)),
                                  .event = arena_dup(a, sqlite_text(s, 4)),
                                  .detail = arena_dup(a, sqlite_text(s, 5)),
                                  .who = arena_dup(a, sqlite_text(s, 6))};
}

static bool select_events(struct journal *j, int64_t run, const char *step, sqlite3_stmt **ret, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *sql = "select seq, run, at_us, step, event, detail, who, digest from event"
                      " where (?1 = 0 or run = ?1) and (?2 is null or step = ?2) order by seq";
    const char *number = arena_printf(a, "%" PRId64, run);
    if (!sqlite_query(j->db, sql, SQLITE_ARGS(number, step), ret, err))
        return err_wrap(err, "reading the journal");
    sqlite3_bind_int64(*ret, 1, run);
    sqlite3_bind_text(*ret, 2, step, -1, SQLITE_TRANSIENT);
    return true;
}

bool journal_events(struct journal *j, int64_t run, const char *step, struct arena *a, struct journal_event **ret,
                    size_t *ret_n, struct err *err)
{
    LOCKED(j);
    SCOPED_STMT *s = NULL;
    VEC(struct journal_event) events = {0};
    bool more = false;
    bool ok = select_events(j, run, step, &s, err) && sqlite_next(j->db, s, &more, err);
    while (ok && more) {
        *vec_push(&events) = event_of(s, a);
        ok = sqlite_next(j->db, s, &more, err);
    }
    *ret = arena_new_array(a, struct journal_event, events.n + 1);
    if (events.n)
        memcpy(*ret, events.p, events.n * sizeof *events.p);
    *ret_n = events.n;
    vec_done(&events);
    return ok || err_wrap(err, "reading the journal");
}

bool journal_read(struct journal *j, int64_t run, const char *step, struct arena *a, struct journal_step *ret,
                  struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    *ret = (struct journal_step){.detail = "", .who = ""};
    if (!journal_events(j, run, step, a, &events, &n, err))
        return false;
    for (size_t i = 0; i < n; i++)
        journal_take(ret, &events[i]);
    return true;
}

bool journal_check(struct journal *j, int64_t *ret_broken, char ret_last[DIGEST_HEX], struct err *err)
{
    LOCKED(j);
    SCOPED(arena) a = arena_new();
    SCOPED_STMT *s = NULL;
    bool more = false;
    int64_t seq = 0;
    ret_last[0] = '\0';
    *ret_broken = 0;
    if (!select_events(j, 0, NULL, &s, err) || !sqlite_next(j->db, s, &more, err))
        return false;
    while (more) {
        char digest[DIGEST_HEX];
        struct journal_event e = event_of(s, a);
        journal_digest(&e, ret_last, digest);
        if (e.seq != ++seq || strcmp(digest, sqlite_text(s, 7)) != 0) {
            *ret_broken = seq;
            return true;
        }
        snprintf(ret_last, DIGEST_HEX, "%s", digest);
        if (!sqlite_next(j->db, s, &more, err))
            return err_wrap(err, "reading the journal");
    }
    return true;
}
