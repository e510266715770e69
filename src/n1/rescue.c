#include "n1/rescue.h"
#include "base/name.h"
#include "base/utf8.h"
#include "base/vec.h"

#define ORDINAL "\"carryover:n\""
#define REASON_MAX 400

struct work {
    struct ingest *in;
    const struct intake *rows;
    struct rescue *result;
};

void rescue_done(struct rescue *r)
{
    vec_done(&r->aside);
    *r = (struct rescue){0};
}

static bool is_aside(const struct work *w, size_t table, size_t row)
{
    return w->result->is_aside[table][row];
}

/* Reasons are for the operator: what the server says, not the statement. */
static void set_aside(struct work *w, size_t table, size_t row, const char *reason)
{
    struct rescue *r = w->result;
    if (is_aside(w, table, row))
        return;
    r->is_aside[table][row] = true;
    static const char role[] = "target: ";
    if (strncmp(reason, role, strlen(role)) == 0)
        reason += strlen(role);
    const char *end = strstr(reason, " [");
    size_t n = utf8_cut((struct str){reason, end ? (size_t)(end - reason) : strlen(reason)}, REASON_MAX);
    *vec_push(&r->aside) = (struct rescue_row){table, row, arena_dup_str(r->a, (struct str){reason, n})};
}

/* --- trying halves --- */

/* One attempt with rows `from` to `to` of a table. */
typedef bool try_fn(struct work *w, size_t table, size_t from, size_t to, struct err *err);

/* Tries; when it is about data nothing of it stays and `*ret_ok` is false. */
static bool attempt(struct work *w, try_fn *fn, size_t table, size_t from, size_t to, bool keep, bool *ret_ok,
                    struct err *why, struct err *err)
{
    *ret_ok = false;
    if (!pg_exec(w->in->pg, "savepoint attempt", err))
        return false;
    if (fn(w, table, from, to, why)) {
        *ret_ok = true;
        return pg_exec(w->in->pg, keep ? "release savepoint attempt" : "rollback to savepoint attempt", err);
    }
    if (!ingest_is_about_data(why)) {
        *err = *why;
        return false;
    }
    return pg_exec(w->in->pg, "rollback to savepoint attempt", err);
}

/* Everything of the range that can be done is done (`keep`), or found to be possible; the rest is set aside. */
static bool halve(struct work *w, try_fn *fn, size_t table, size_t from, size_t to, bool keep, struct err *err)
{
    struct err why = {0};
    bool ok = false;
    size_t before = w->result->aside.n;
    if (from == to || !attempt(w, fn, table, from, to, keep, &ok, &why, err))
        return from == to;
    if (ok)
        return true;
    if (to - from == 1) {
        set_aside(w, table, from, why.message);
        return true;
    }
    size_t middle = from + (to - from) / 2;
    if (!halve(w, fn, table, from, middle, keep, err) || !halve(w, fn, table, middle, to, keep, err))
        return false;
    /* Each half by itself is fine: together they are not, so one row has to go until they are. */
    if (!keep && w->result->aside.n == before)
        set_aside(w, table, to - 1, why.message);
    return true;
}

/* --- into the stage --- */

static bool stage_range(struct work *w, size_t table, size_t from, size_t to, struct err *err)
{
    return ingest_stage(w->in, &w->rows->tables[table], from, to, true, err);
}

static const struct ingest_table *place(const struct work *w, size_t table)
{
    return &w->in->tables[ingest_place(w->in, &w->rows->tables[table])];
}

/* One statement for all of them: the stage has no index. */
static bool remove_rows(struct work *w, size_t table, const struct buf *rows, struct err *err)
{
    return rows->n == 0 || pg_execf(w->in->pg, err, "delete from %s where " ORDINAL " = any('{%s}'::bigint[])",
                                    place(w, table)->stage, rows->p);
}

static void put_row(struct buf *b, size_t row)
{
    buf_printf(b, "%s%zu", b->n ? "," : "", row);
}

/* Those that were set aside since there were `before`. */
static bool remove_aside(struct work *w, size_t before, struct err *err)
{
    for (size_t t = 0; t < w->rows->n_tables; t++) {
        SCOPED_BUF rows = {0};
        for (size_t i = before; i < w->result->aside.n; i++)
            if (w->result->aside.p[i].table == t)
                put_row(&rows, w->result->aside.p[i].row);
        if (!remove_rows(w, t, &rows, err))
            return false;
    }
    return true;
}

static bool clear_stages(struct work *w, struct err *err)
{
    for (size_t i = 0; i < w->rows->n_tables; i++)
        if (!pg_execf(w->in->pg, err, "delete from %s", place(w, i)->stage))
            return false;
    return true;
}

static bool stage_all(struct work *w, struct err *err)
{
    for (size_t i = 0; i < w->rows->n_tables; i++)
        if (!halve(w, stage_range, i, 0, w->rows->tables[i].n, true, err))
            return false;
    return remove_aside(w, 0, err);
}

/* --- rows that are there already --- */

static void put_equal_keys(struct buf *b, const struct ingest_table *t)
{
    for (size_t i = 0; i < t->n_key; i++) {
        buf_puts(b, i ? " and s." : "s.");
        name_put(b, t->key[i]);
        buf_puts(b, " = o.");
        name_put(b, t->key[i]);
    }
}

/* As the real table would keep them: what is sent, compared column by column. */
static void put_same(struct buf *b, const struct intake_table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        buf_puts(b, i ? " and s." : "s.");
        name_put(b, t->columns[i]);
        buf_puts(b, " is not distinct from o.");
        name_put(b, t->columns[i]);
    }
}

/* Rows with a key that is in `other`: the same ones go without a word. */
static bool compare(struct work *w, size_t table, const char *other, const char *more, const char *reason,
                    struct err *err)
{
    SCOPED_BUF b = {0}, gone = {0};
    SCOPED_RESULT r = NULL;
    buf_puts(&b, "select s." ORDINAL ", bool_and(");
    put_same(&b, &w->rows->tables[table]);
    buf_printf(&b, ") from %s s join %s o on ", place(w, table)->stage, other);
    put_equal_keys(&b, place(w, table));
    buf_printf(&b, "%s group by 1", more);
    if (!pg_query(w->in->pg, b.p, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        size_t row = (size_t)pg_i64(r, i, 0);
        if (!pg_bool(r, i, 1))
            set_aside(w, table, row, reason);
        put_row(&gone, row);
    }
    return remove_rows(w, table, &gone, err);
}

/* Plans of this connection go by keys (see ingest.c); the stage has none, and may be large here. */
static bool compare_all(struct work *w, struct err *err)
{
    if (!pg_exec(w->in->pg, "set local enable_hashjoin = on", err))
        return false;
    for (size_t i = 0; i < w->rows->n_tables; i++)
        if (!compare(w, i, place(w, i)->name, "", "headquarters has another row with this key", err) ||
            !compare(w, i, place(w, i)->stage, " and o." ORDINAL " < s." ORDINAL, "an earlier row has this key, too",
                     err))
            return false;
    return pg_exec(w->in->pg, "set local enable_hashjoin = off", err);
}

/* --- into the tables of N-1 --- */

static bool insert_range(struct work *w, size_t table, size_t from, size_t to, struct err *err)
{
    SCOPED_BUF b = {0};
    const struct ingest_table *t = place(w, table);
    buf_printf(&b, "insert into %s (", t->name);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < t->n_columns; i++) {
            buf_puts(&b, i ? ", " : "");
            name_put(&b, t->columns[i]);
        }
        buf_puts(&b, pass ? "" : ") select ");
    }
    buf_printf(&b, " from %s where " ORDINAL " >= %zu and " ORDINAL " < %zu", t->stage, from, to);
    return pg_exec(w->in->pg, b.p, err);
}

static bool insert_all(struct work *w, struct err *err)
{
    size_t before = w->result->aside.n;
    for (size_t i = 0; i < w->rows->n_tables; i++)
        if (!halve(w, insert_range, i, 0, w->rows->tables[i].n, true, err))
            return false;
    return remove_aside(w, before, err);
}

/* --- up --- */

struct up {
    struct work work; /* first: attempts get it */
    const struct ingest_lens *lens;
};

/* Up through the lens with the rows of the range alone; those of other tables are not looked at. */
static bool up_range(struct work *w, size_t table, size_t from, size_t to, struct err *err)
{
    const struct up *up = (const struct up *)w;
    struct intake one = {.tables = &w->rows->tables[table], .n_tables = 1};
    SCOPED_BUF b = {0};
    buf_printf(&b, "delete from %s where " ORDINAL " < %zu or " ORDINAL " >= %zu; ", place(w, table)->stage, from, to);
    ingest_put_up(w->in, up->lens, &one, &b);
    return pg_exec(w->in->pg, b.p, err);
}

static bool up_whole(struct work *w, size_t table, size_t from, size_t to, struct err *err)
{
    SCOPED_BUF b = {0};
    (void)table;
    (void)from;
    (void)to;
    ingest_put_up(w->in, ((const struct up *)w)->lens, w->rows, &b);
    return b.n == 0 || pg_exec(w->in->pg, b.p, err);
}

/* A lens that cannot take all rows: finds those that it cannot take; then all begins again without them. */
static bool up_lens(struct work *w, const struct ingest_lens *l, struct err *err)
{
    struct up up = {*w, l};
    struct err why = {0};
    bool ok = false;
    size_t before = w->result->aside.n;
    if (!attempt(&up.work, up_whole, 0, 0, 0, true, &ok, &why, err))
        return false;
    if (ok)
        return true;
    /* Lines before the headers that they refer to: a header brings its lines along, and is to blame for none of them.
     */
    for (size_t i = w->rows->n_tables; i-- > 0 && w->result->aside.n == before;)
        if (!halve(&up.work, up_range, i, 0, w->rows->tables[i].n, false, err))
            return false;
    if (w->result->aside.n > before)
        return true;
    /* No table by itself is to blame: the last row of the last one that feeds the lens goes. */
    for (size_t i = w->rows->n_tables; i-- > 0;)
        for (size_t row = w->rows->tables[i].n; row-- > 0;)
            if (!is_aside(w, i, row)) {
                set_aside(w, i, row, why.message);
                return true;
            }
    *err = why;
    return false;
}

static bool up_all(struct work *w, struct err *err)
{
    size_t before = w->result->aside.n;
    for (size_t i = 0; i < w->in->n_lenses && w->result->aside.n == before; i++)
        if (!up_lens(w, &w->in->lenses[i], err))
            return false;
    return true;
}

/* --- all of it --- */

bool rescue_rows(struct ingest *in, const struct intake *rows, struct arena *a, struct rescue *ret, struct err *err)
{
    struct work w = {in, rows, ret};
    *ret = (struct rescue){.a = a, .is_aside = arena_new_array(a, bool *, rows->n_tables + 1)};
    for (size_t i = 0; i < rows->n_tables; i++)
        ret->is_aside[i] = arena_new_array(a, bool, rows->tables[i].n + 1);
    if (!pg_exec(in->pg, "savepoint rescue", err))
        return false;
    for (;;) {
        if (!clear_stages(&w, err) || !stage_all(&w, err) || !compare_all(&w, err) || !insert_all(&w, err))
            return false;
        size_t before = ret->aside.n;
        if (!up_all(&w, err))
            return false;
        if (ret->aside.n == before)
            return true;
        if (!pg_exec(in->pg, "rollback to savepoint rescue", err))
            return false;
    }
}
