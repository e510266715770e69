#include "store/reckon.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/vec.h"

/* One table that goes up. */
struct table {
    const char *name, *counter;
    int64_t sent, theirs;
};

struct reckoning {
    struct channel *c;
    struct arena *a;
    const json_t *counters;
    int64_t last;     /* number that headquarters has */
    int64_t accepted; /* that we know of */
    int64_t waiting;  /* a package of ours without an answer, or 0 */
    VEC(struct table) tables;
};

static const char *text_of(struct arena *a, int64_t n)
{
    return arena_printf(a, "%" PRId64, n);
}

static int64_t counter_of(const json_t *counters, const char *name)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)counters, key, value) if (strcasecmp(key, name) == 0 &&
                                                            json_is_integer(value)) return json_integer_value(value);
    return 0;
}

static bool read_notes(struct reckoning *k, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    if (!sqlite_number(k->c->db, "select max(number) from carryover_package where state <> 'made'", SQLITE_NONE, 0,
                       &k->accepted, err) ||
        !sqlite_number(k->c->db, "select max(number) from carryover_package where state = 'made'", SQLITE_NONE, 0,
                       &k->waiting, err) ||
        !sqlite_query(k->c->db, "select name, counter, sent from carryover_upload order by position", SQLITE_NONE, &s,
                      err))
        return false;
    while (sqlite_next(k->c->db, s, &row, err) && row) {
        struct table *t = vec_push(&k->tables);
        *t = (struct table){.name = arena_dup(k->a, sqlite_text(s, 0)),
                            .counter = arena_dup(k->a, sqlite_text(s, 1)),
                            .sent = sqlite3_column_int64(s, 2)};
        t->theirs = counter_of(k->counters, t->name);
    }
    return !row;
}

/* The notes are right when the numbers are, or when only an answer is missing. */
static bool agrees(const struct reckoning *k)
{
    if (k->waiting && k->last == k->waiting)
        return true;
    for (size_t i = 0; i < k->tables.n; i++)
        if (k->tables.p[i].sent != k->tables.p[i].theirs)
            return false;
    return k->last == k->accepted;
}

/* Rows that are not sent yet go above what headquarters has: their counters would be taken for others. */
static bool lift(struct reckoning *k, const struct table *t, struct err *err)
{
    const char *by = text_of(k->a, t->theirs - t->sent), *above = text_of(k->a, t->sent);
    const char *counter = sqlite_name(k->a, t->counter);
    const char *rows = arena_printf(k->a, "update %s set %s = %s + %s where %s > %s", sqlite_name(k->a, t->name),
                                    counter, counter, by, counter, above);
    return sqlite_exec(k->c->db, rows, err) &&
           sqlite_exec(k->c->db,
                       arena_printf(k->a,
                                    "update carryover_mark_table set counter = counter + %s where name = '%s' and"
                                    " counter > %s; update carryover_upload set last = last + %s,"
                                    " marked = marked + %s where name = '%s'",
                                    by, t->name, above, by, by, t->name),
                       err);
}

static bool bring_in_line(struct reckoning *k, const struct table *t, struct err *err)
{
    if (t->theirs > t->sent && !lift(k, t, err))
        return false;
    return sqlite_run(k->c->db, "update carryover_upload set sent = ?2 where name = ?1",
                      SQLITE_ARGS(t->name, text_of(k->a, t->theirs)), err);
}

static bool renumber(struct reckoning *k, struct err *err)
{
    char now[32];
    const char *last = text_of(k->a, k->last);
    clock_iso(clock_wall_us(), now);
    if (!sqlite_exec(k->c->db,
                     "delete from carryover_package_table where number in"
                     " (select number from carryover_package where state = 'made');"
                     "delete from carryover_package where state = 'made'",
                     err) ||
        !sqlite_run(k->c->db, "delete from carryover_package_table where number > cast(?1 as integer)",
                    SQLITE_ARGS(last), err) ||
        !sqlite_run(k->c->db, "delete from carryover_package where number > cast(?1 as integer)", SQLITE_ARGS(last),
                    err))
        return false;
    return k->last == 0 ||
           sqlite_run(k->c->db,
                      "insert or ignore into carryover_package (number, state, mark, transactions, rows, bytes, sha256,"
                      " made) values (?1, 'known', 0, 0, 0, 0, '', ?2)",
                      SQLITE_ARGS(last, now), err);
}

static bool mend(struct reckoning *k, struct err *err)
{
    for (size_t i = 0; i < k->tables.n; i++)
        if (!bring_in_line(k, &k->tables.p[i], err))
            return false;
    return renumber(k, err);
}

static bool compare(struct reckoning *k, struct err *err)
{
    if (!read_notes(k, err))
        return false;
    if (agrees(k))
        return true;
    if (k->last == k->accepted)
        log_info("store.reckon", "the counters go on from those of headquarters");
    else
        log_warn("store.reckon",
                 "headquarters has uploads up to number %" PRId64 ", this store noted %" PRId64
                 ": numbers and counters go on from there",
                 k->last, k->accepted);
    return mend(k, err);
}

static bool in_one_transaction(struct reckoning *k, struct err *err)
{
    if (!sqlite_begin(k->c->db, err))
        return false;
    if (compare(k, err))
        return sqlite_commit(k->c->db, err);
    sqlite_rollback(k->c->db);
    return false;
}

/* `*ret_root` is the caller's, also after a failure. */
static bool ask(struct hq *h, json_t **ret_root, int64_t *ret_last, const json_t **ret_counters, struct err *err)
{
    struct client_request r = {.method = "GET", .target = "/v1/uploads", .answer_max = HQ_ANSWER_MAX};
    SCOPED_CLIENT_ANSWER got = {0};
    if (!hq_ask(h, &r, &got, err) || !hq_object(&got, ret_root, err))
        return false;
    const json_t *last = json_object_get(*ret_root, "last");
    *ret_counters = json_object_get(*ret_root, "counters");
    *ret_last = json_integer_value(last);
    return (json_is_integer(last) && *ret_last >= 0 && json_is_object(*ret_counters)) ||
           err_set(err, ERR_HQ_ANSWER, "the answer to /v1/uploads has no last and counters in it");
}

bool reckon_uploads(struct channel *c, struct hq *h, struct err *err)
{
    SCOPED_JSON *root = NULL;
    SCOPED(arena) a = arena_new();
    struct reckoning k = {.c = c, .a = a};
    if (!ask(h, &root, &k.last, &k.counters, err))
        return false;
    bool ok = in_one_transaction(&k, err);
    vec_done(&k.tables);
    c->fresh_counters = ok;
    return ok;
}

bool reckon_is_taken(struct hq *h, int64_t number, bool *ret, struct err *err)
{
    SCOPED_JSON *root = NULL;
    const json_t *counters = NULL;
    int64_t last = 0;
    if (!ask(h, &root, &last, &counters, err))
        return false;
    *ret = last == number;
    return true;
}
