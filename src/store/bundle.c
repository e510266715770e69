#include "store/bundle.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/vec.h"
#include "net/parcel.h"
#include "store/columns.h"
#include "store/sums.h"
#include <unistd.h>

#define FLUSH_BYTES ((size_t)1 << 18)

/* One package in the making. */
struct making {
    struct channel *c;
    struct arena *a;
    int64_t number, mark, transactions, bytes;
    const char *job;
    struct parcel_table *tables;
    size_t n_tables;
};

/* --- what to send --- */

static bool unsent_marks(struct making *m, int64_t most, struct err *err)
{
    /* Marks that moved a counter beyond what headquarters has. */
    static const char sql[] = "select count(*), max(mark) from (select distinct t.mark from carryover_mark_table t"
                              " join carryover_upload u on u.name = t.name where t.counter > u.sent"
                              " order by t.mark limit cast(?1 as integer))";
    SCOPED_STMT *s = NULL;
    bool row = false;
    if (!sqlite_query(m->c->db, sql, SQLITE_ARGS(arena_printf(m->a, "%" PRId64, most)), &s, err) ||
        !sqlite_next(m->c->db, s, &row, err))
        return false;
    m->transactions = sqlite3_column_int64(s, 0);
    m->mark = sqlite3_column_int64(s, 1);
    return true;
}

static bool read_tables(struct making *m, struct err *err)
{
    static const char sql[] =
        "select u.name, u.counter, u.sent, u.job, max(t.counter) from carryover_upload u"
        " join carryover_mark_table t on t.name = u.name and t.counter > u.sent and t.mark <= cast(?1 as integer)"
        " group by u.name order by u.position";
    SCOPED_STMT *s = NULL;
    bool row = false;
    VEC(struct parcel_table) tables = {0};
    if (!sqlite_query(m->c->db, sql, SQLITE_ARGS(arena_printf(m->a, "%" PRId64, m->mark)), &s, err))
        return false;
    while (sqlite_next(m->c->db, s, &row, err) && row) {
        struct parcel_table *t = vec_push(&tables);
        t->name = arena_dup(m->a, sqlite_text(s, 0));
        t->counter = arena_dup(m->a, sqlite_text(s, 1));
        t->counter_after = sqlite3_column_int64(s, 2);
        t->counter_to = sqlite3_column_int64(s, 4);
        m->job = arena_dup(m->a, sqlite_text(s, 3));
    }
    m->n_tables = tables.n;
    m->tables = arena_new_array(m->a, struct parcel_table, tables.n);
    for (size_t i = 0; i < tables.n; i++)
        m->tables[i] = tables.p[i];
    vec_done(&tables);
    for (size_t i = 0; !row && i < m->n_tables; i++)
        if (!columns_read(m->c, &m->tables[i], m->a, err))
            return false;
    return !row;
}

/* --- the file --- */

static bool write_rows(struct making *m, size_t table, struct parcel_writer *w, struct err *err)
{
    SCOPED_STMT *s = NULL;
    SCOPED_BUF lines = {0};
    bool row = false;
    if (!sqlite_query(m->c->db, columns_select(&m->tables[table], m->a), SQLITE_NONE, &s, err))
        return false;
    while (sqlite_next(m->c->db, s, &row, err) && row) {
        size_t before = lines.n;
        columns_put(&lines, s, m->tables[table].n_columns);
        m->bytes += (int64_t)(lines.n - before);
        if (lines.n < FLUSH_BYTES)
            continue;
        if (!parcel_writer_rows(w, table, buf_str(&lines), err))
            return false;
        buf_reset(&lines);
    }
    return !row && (lines.n == 0 || parcel_writer_rows(w, table, buf_str(&lines), err));
}

static bool write_tables(struct making *m, struct parcel_writer *w, struct err *err)
{
    for (size_t i = 0; i < m->n_tables; i++)
        if (!write_rows(m, i, w, err))
            return false;
    return true;
}

static bool write_file(struct making *m, const struct bundle_limits *l, const char *path, struct bundle *ret,
                       bool *ret_fits, struct err *err)
{
    char now[32], hex[PARCEL_DIGEST_MAX];
    SCOPED(parcel_writer) w = NULL;
    clock_iso(clock_wall_us(), now);
    struct parcel p = {.kind = PARCEL_UPLOAD,
                       .job = m->job,
                       .store = m->c->id,
                       .number = m->number,
                       .created = now,
                       .tables = m->tables,
                       .n_tables = m->n_tables};
    if (!sums_read(m->c, m->tables, m->n_tables, m->a, &p.totals, &p.n_totals, err) ||
        !parcel_writer_new(channel_path(m->c, "upload"), &p, &w, err) || !write_tables(m, w, err))
        return false;
    *ret_fits = m->bytes <= l->bytes_max || m->transactions == 1;
    if (!*ret_fits)
        return true;
    if (!parcel_writer_end(w, path, &ret->bytes, hex, err))
        return false;
    ret->sha256 = arena_dup(m->a, hex);
    for (size_t i = 0; i < m->n_tables; i++)
        ret->rows += m->tables[i].rows;
    return true;
}

/* --- its row --- */

static bool insert_tables(struct making *m, const char *number, struct err *err)
{
    for (size_t i = 0; i < m->n_tables; i++) {
        const struct parcel_table *t = &m->tables[i];
        if (!sqlite_run(m->c->db,
                        "insert into carryover_package_table (number, name, after, to_) values (?1, ?2, ?3, ?4)",
                        SQLITE_ARGS(number, t->name, arena_printf(m->a, "%" PRId64, t->counter_after),
                                    arena_printf(m->a, "%" PRId64, t->counter_to)),
                        err))
            return false;
    }
    return true;
}

static bool insert_row(struct making *m, const struct bundle *b, struct err *err)
{
    char now[32];
    const char *number = arena_printf(m->a, "%" PRId64, b->number);
    clock_iso(clock_wall_us(), now);
    return sqlite_run(m->c->db,
                      "insert into carryover_package (number, state, mark, transactions, rows, bytes, sha256, made)"
                      " values (?1, 'made', ?2, ?3, ?4, ?5, ?6, ?7)",
                      SQLITE_ARGS(number, arena_printf(m->a, "%" PRId64, m->mark),
                                  arena_printf(m->a, "%" PRId64, b->transactions),
                                  arena_printf(m->a, "%" PRId64, b->rows), arena_printf(m->a, "%" PRId64, b->bytes),
                                  b->sha256, now),
                      err) &&
           insert_tables(m, number, err);
}

static bool in_transaction(struct channel *c, bool ok, struct err *err)
{
    if (ok)
        return sqlite_commit(c->db, err);
    sqlite_rollback(c->db);
    return false;
}

static bool keep_row(struct making *m, const struct bundle *b, struct err *err)
{
    return sqlite_begin(m->c->db, err) && in_transaction(m->c, insert_row(m, b, err), err);
}

/* --- one after the other --- */

static const char *path_of(struct channel *c, struct arena *a, int64_t number)
{
    return arena_printf(a, "%s/upload/%" PRId64 ".tar.zst", c->dir, number);
}

static bool make_of(struct making *m, const struct bundle_limits *l, int64_t most, struct bundle *ret, bool *ret_done,
                    struct err *err)
{
    *ret = (struct bundle){0};
    *ret_done = true;
    if (!unsent_marks(m, most, err))
        return false;
    if (m->transactions == 0)
        return true;
    *ret = (struct bundle){.number = m->number, .transactions = m->transactions};
    ret->path = path_of(m->c, m->a, m->number);
    return read_tables(m, err) && write_file(m, l, ret->path, ret, ret_done, err) &&
           (!*ret_done || keep_row(m, ret, err));
}

static bool make(struct channel *c, const struct bundle_limits *l, struct arena *a, struct bundle *ret, struct err *err)
{
    bool done = false;
    int64_t last = 0;
    if (!sqlite_number(c->db, "select max(number) from carryover_package", SQLITE_NONE, 0, &last, err))
        return false;
    for (int64_t most = l->transactions_max; !done; most = MAX(most / 2, 1)) {
        struct making m = {.c = c, .a = a, .number = last + 1};
        if (!make_of(&m, l, most, ret, &done, err))
            return err_wrap(err, "making upload %" PRId64, last + 1);
    }
    return true;
}

static bool waiting(struct channel *c, struct arena *a, struct bundle *ret, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    *ret = (struct bundle){0};
    if (!sqlite_query(c->db,
                      "select number, transactions, rows, bytes, sha256 from carryover_package"
                      " where state = 'made' order by number limit 1",
                      SQLITE_NONE, &s, err) ||
        !sqlite_next(c->db, s, &row, err))
        return false;
    if (row)
        *ret = (struct bundle){sqlite3_column_int64(s, 0), sqlite3_column_int64(s, 1),      sqlite3_column_int64(s, 2),
                               sqlite3_column_int64(s, 3), arena_dup(a, sqlite_text(s, 4)), NULL};
    ret->path = path_of(c, a, ret->number);
    return true;
}

bool bundle_next(struct channel *c, const struct bundle_limits *l, struct arena *a, struct bundle *ret, struct err *err)
{
    return waiting(c, a, ret, err) && (ret->number || make(c, l, a, ret, err));
}

static bool forget(struct channel *c, const char *number, struct err *err)
{
    return sqlite_run(c->db, "delete from carryover_package_table where number = ?1", SQLITE_ARGS(number), err) &&
           sqlite_run(c->db, "delete from carryover_package where number = ?1 and state = 'made'", SQLITE_ARGS(number),
                      err);
}

static const char *number_text(const struct bundle *b, char ret_text[24])
{
    snprintf(ret_text, 24, "%" PRId64, b->number);
    return ret_text;
}

bool bundle_drop(struct channel *c, const struct bundle *b, struct err *err)
{
    char number[24];
    if (!sqlite_begin(c->db, err) || !in_transaction(c, forget(c, number_text(b, number), err), err))
        return false;
    unlink(b->path);
    return true;
}

static bool accept(struct channel *c, const char *number, struct err *err)
{
    char now[32];
    clock_iso(clock_wall_us(), now);
    return sqlite_run(c->db, "update carryover_package set state = 'accepted', answered = ?2 where number = ?1",
                      SQLITE_ARGS(number, now), err) &&
           sqlite_run(c->db,
                      "update carryover_upload as u set sent = t.to_ from carryover_package_table t"
                      " where t.number = cast(?1 as integer) and t.name = u.name",
                      SQLITE_ARGS(number), err);
}

bool bundle_accept(struct channel *c, const struct bundle *b, struct err *err)
{
    char number[24];
    if (!sqlite_begin(c->db, err) || !in_transaction(c, accept(c, number_text(b, number), err), err))
        return false;
    unlink(b->path);
    return true;
}

/* A kill between the answer and the removal of the file leaves it. */
static bool is_over(struct channel *c, const char *name, bool *ret, struct err *err)
{
    struct str rest = str_of(name), number = str_split(&rest, '.');
    int64_t waits = 0, value;
    *ret = true;
    if (!str_is(rest, "tar.zst"))
        return true;
    if (!str_to_i64(number, &value)) {
        *ret = false; /* nobody knows whose it is */
        return true;
    }
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, value);
    const char *sql = "select count(*) from carryover_package where number = ?1 and state = 'made'";
    if (!sqlite_number(c->db, sql, SQLITE_ARGS(text), 0, &waits, err))
        return false;
    *ret = waits == 0;
    return true;
}

bool bundle_tidy(struct channel *c, struct err *err)
{
    static const char *const kinds[] = {".tmp", ".tar.zst"};
    SCOPED(arena) a = arena_new();
    const char *dir = channel_path(c, "upload");
    for (size_t k = 0; k < ARRAY_LEN(kinds); k++) {
        char **names = NULL;
        size_t n = 0;
        if (!file_list(dir, kinds[k], a, &names, &n, err))
            return false;
        for (size_t i = 0; i < n; i++) {
            bool over;
            if (!is_over(c, names[i], &over, err))
                return false;
            if (over)
                unlink(arena_printf(a, "%s/%s", dir, names[i]));
        }
    }
    return true;
}
