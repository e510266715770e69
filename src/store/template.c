#include "store/template.h"
#include "base/clock.h"
#include "base/copytext.h"
#include "base/file.h"
#include "base/vec.h"
#include "store/columns.h"
#include <jansson.h>
#include <unistd.h>

#define TRANSACTIONS_MOST 200

/* What is replaced in each copy, as bytes that COPY text never has. */
#define HOLE_STORE '\001'
#define HOLE_NUMBER '\002'
#define HOLE_COUNTER '\003'

struct piece { /* the rows of one transaction in one table */
    char *text;
    size_t n;
};

struct transaction {
    struct piece pieces[TEMPLATE_TABLES];
};

struct template
{
    struct arena *a;
    const char *path; /* of the file that packages are made in */
    const char *spool, *store, *job;
    struct parcel_table tables[TEMPLATE_TABLES];
    size_t n_tables;
    VEC(struct transaction) transactions;
};

/* --- reading --- */

/* The value with holes: the transaction's id, and the store's wherever it stands. */
static void put_holes(struct buf *b, const char *value, const char *id, const char *store)
{
    for (const char *p = value; *p;) {
        if (strncmp(p, id, strlen(id)) == 0) {
            buf_putc(b, HOLE_STORE);
            buf_puts(b, "-X");
            buf_putc(b, HOLE_NUMBER);
            p += strlen(id);
        } else if (strncmp(p, store, strlen(store)) == 0) {
            buf_putc(b, HOLE_STORE);
            p += strlen(store);
        } else {
            copytext_put(b, (struct str){p++, 1});
        }
    }
}

static void put_line(struct template *t, struct buf *b, size_t table, sqlite3_stmt *s, const char *id)
{
    const struct parcel_table *shape = &t->tables[table];
    for (size_t i = 0; i < shape->n_columns; i++) {
        buf_puts(b, i ? "\t" : "");
        if (strcasecmp(shape->columns[i].name, shape->counter) == 0)
            buf_putc(b, HOLE_COUNTER);
        else if (sqlite3_column_type(s, (int)i) == SQLITE_NULL)
            copytext_put(b, (struct str){NULL, 0});
        else
            put_holes(b, sqlite_text(s, (int)i), id, t->store);
    }
    buf_putc(b, '\n');
}

static bool read_piece(struct template *t, struct channel *c, size_t table, const char *id, struct piece *ret,
                       struct err *err)
{
    SCOPED_STMT *s = NULL;
    SCOPED_BUF b = {0};
    bool row = false;
    if (!sqlite_query(c->db, columns_select(&t->tables[table], t->a), SQLITE_NONE, &s, err))
        return false;
    while (sqlite_next(c->db, s, &row, err) && row)
        put_line(t, &b, table, s, id);
    *ret = (struct piece){arena_dup_str(t->a, buf_str(&b)), b.n};
    return !row;
}

/* Where the counters of a table stood behind a mark, and behind the one before. */
static bool bounds(struct template *t, struct channel *c, size_t table, const char *mark, struct err *err)
{
    static const char upto[] = "select max(counter) from carryover_mark_table where name = ?1 and mark %s ?2 + 0";
    struct sqlite_args args = SQLITE_ARGS(t->tables[table].name, mark);
    return sqlite_number(c->db, arena_printf(t->a, upto, "<"), args, 0, &t->tables[table].counter_after, err) &&
           sqlite_number(c->db, arena_printf(t->a, upto, "<="), args, 0, &t->tables[table].counter_to, err);
}

static bool read_transaction(struct template *t, struct channel *c, const char *mark, const char *id, struct err *err)
{
    struct transaction *x = vec_push(&t->transactions);
    for (size_t i = 0; i < t->n_tables; i++)
        if (!bounds(t, c, i, mark, err) || !read_piece(t, c, i, id, &x->pieces[i], err))
            return false;
    return true;
}

static bool read_tables(struct template *t, struct channel *c, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    if (!sqlite_query(c->db, "select name, counter, job from carryover_upload order by position", SQLITE_NONE, &s, err))
        return false;
    while (t->n_tables < TEMPLATE_TABLES && sqlite_next(c->db, s, &row, err) && row) {
        struct parcel_table *one = &t->tables[t->n_tables++];
        one->name = arena_dup(t->a, sqlite_text(s, 0));
        one->counter = arena_dup(t->a, sqlite_text(s, 1));
        t->job = arena_dup(t->a, sqlite_text(s, 2));
        if (!columns_read(c, one, t->a, err))
            return false;
    }
    return true;
}

static bool read_transactions(struct template *t, struct channel *c, struct err *err)
{
    static const char sql[] = "select number, json_extract(line, '$.id') from carryover_mark"
                              " where json_extract(line, '$.kind') = 'sale' order by number";
    SCOPED_STMT *s = NULL;
    bool row = false;
    if (!sqlite_query(c->db, sql, SQLITE_NONE, &s, err))
        return false;
    while (t->transactions.n < TRANSACTIONS_MOST && sqlite_next(c->db, s, &row, err) && row)
        if (!read_transaction(t, c, arena_dup(t->a, sqlite_text(s, 0)), arena_dup(t->a, sqlite_text(s, 1)), err))
            return false;
    return t->transactions.n || err_set(err, ERR_TILL_DATA, "the tills of %s have not sold anything yet", c->dir);
}

bool template_open(const char *dir, const char *spool, struct template **ret, struct err *err)
{
    SCOPED(channel) c = NULL;
    if (!channel_open(dir, &c, err))
        return false;
    struct template *t = calloc(1, sizeof *t);
    if (!t)
        abort();
    t->a = arena_new();
    t->spool = arena_dup(t->a, spool);
    t->store = arena_dup(t->a, c->id);
    t->path = arena_printf(t->a, "%s/carryover-upload-%d", spool, (int)getpid());
    if (!read_tables(t, c, err) || !read_transactions(t, c, err)) {
        template_free(t);
        return false;
    }
    *ret = t;
    return true;
}

void template_free(struct template *t)
{
    if (!t)
        return;
    if (t->path)
        unlink(t->path);
    vec_done(&t->transactions);
    arena_free(t->a);
    free(t);
}

/* --- making --- */

void template_know(const struct template *t, struct template_place *p, const char *table, int64_t counter)
{
    for (size_t i = 0; i < t->n_tables; i++)
        if (strcasecmp(t->tables[i].name, table) == 0)
            p->counters[i] = counter;
}

void template_taken(const struct template *t, struct template_place *p)
{
    for (size_t i = 0; i < t->n_tables; i++)
        p->counters[i] = p->pending[i];
    p->number++;
}

static void fill_holes(struct buf *b, const struct piece *x, const char *store, int64_t number, int64_t *counter)
{
    for (const char *p = x->text, *end = p + x->n; p < end; p++) {
        if (*p == HOLE_STORE)
            buf_puts(b, store);
        else if (*p == HOLE_NUMBER)
            buf_printf(b, "%" PRId64, number);
        else if (*p == HOLE_COUNTER)
            buf_printf(b, "%" PRId64, ++*counter);
        else
            buf_putc(b, *p);
    }
}

static bool write_table(struct template *t, size_t table, struct parcel_writer *w, const char *store,
                        const struct template_place *p, int batch, int64_t *counter, struct err *err)
{
    SCOPED_BUF lines = {0};
    for (int k = 0; k < batch; k++) {
        int64_t number = p->counters[0] + k + 1;
        const struct transaction *x = &t->transactions.p[(size_t)number % t->transactions.n];
        fill_holes(&lines, &x->pieces[table], store, number, counter);
    }
    return lines.n == 0 || parcel_writer_rows(w, table, buf_str(&lines), err);
}

static bool write_file(struct template *t, struct parcel *p, const char *store, struct template_place *place, int batch,
                       struct err *err)
{
    char hex[PARCEL_DIGEST_MAX];
    int64_t bytes = 0;
    SCOPED(parcel_writer) w = NULL;
    if (!parcel_writer_new(t->spool, p, &w, err))
        return false;
    for (size_t i = 0; i < t->n_tables; i++) {
        place->pending[i] = place->counters[i];
        if (!write_table(t, i, w, store, place, batch, &place->pending[i], err))
            return false;
        p->tables[i].counter_to = place->pending[i];
    }
    return parcel_writer_end(w, t->path, &bytes, hex, err);
}

bool template_make(struct template *t, const char *store, struct template_place *place, int batch, struct arena *a,
                   struct str *ret, struct err *err)
{
    char now[32];
    struct parcel_table tables[TEMPLATE_TABLES];
    clock_iso(clock_wall_us(), now);
    for (size_t i = 0; i < t->n_tables; i++) {
        tables[i] = t->tables[i];
        tables[i].counter_after = place->counters[i];
    }
    struct parcel p = {.kind = PARCEL_UPLOAD,
                       .job = t->job,
                       .store = store,
                       .number = place->number + 1,
                       .created = now,
                       .tables = tables,
                       .n_tables = t->n_tables};
    return write_file(t, &p, store, place, batch, err) && file_read(t->path, a, ret, err);
}
