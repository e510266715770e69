#include "n1/intake.h"
#include "base/copytext.h"
#include "base/map.h"
#include "base/vec.h"

struct reader {
    const struct uploads *u;
    const char *store;
    struct arena *a;
    struct intake *in;
    struct parcel_reader *parcel;
};

#define refuse(...) err_set(err, ERR_UPLOAD_REFUSED, __VA_ARGS__)

void intake_done(struct intake *in)
{
    for (size_t i = 0; i < in->n_tables; i++) {
        buf_done(&in->tables[i].lines);
        free(in->tables[i].starts);
    }
    *in = (struct intake){0};
}

/* --- the manifest against what the upgrade package knows --- */

/* As PostgreSQL folds it; only ASCII, as names of columns are. */
static const char *lower(struct arena *a, const char *name)
{
    return str_lower(arena_dup(a, name), strlen(name));
}

static const struct uploads_table *find_conf(const struct uploads *u, const char *name)
{
    for (size_t i = 0; i < u->n_tables; i++)
        if (strcasecmp(u->tables[i].name, name) == 0)
            return &u->tables[i];
    return NULL;
}

static bool has_column(const struct intake_table *t, const char *name, size_t *ret)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        *ret = i;
        if (strcmp(t->columns[i], name) == 0)
            return true;
    }
    return false;
}

static bool check_columns(const struct intake_table *t, struct err *err)
{
    size_t i = 0;
    for (size_t k = 0; k < t->n_columns; k++)
        if (has_column(t, t->columns[k], &i) && i != k)
            return refuse("%s has the column %s twice", t->manifest->name, t->columns[k]);
    if (t->conf->store && !has_column(t, t->conf->store, &i))
        return refuse("%s lacks the column %s, which says whose rows they are", t->manifest->name, t->conf->store);
    for (size_t k = 0; k < t->conf->transaction.n; k++)
        if (!t->conf->store && !has_column(t, t->conf->transaction.p[k], &i))
            return refuse("%s lacks the column %s of its transactions", t->manifest->name, t->conf->transaction.p[k]);
    const char *counter = t->manifest->counter;
    if (t->conf->counter && (!counter || strcasecmp(counter, t->conf->counter) != 0))
        return refuse("%s has to be counted by %s", t->manifest->name, t->conf->counter);
    return t->conf->counter || !counter || refuse("%s has no counter here", t->manifest->name);
}

static bool read_columns(struct reader *r, const struct parcel_table *m, struct intake_table *t, struct err *err)
{
    t->manifest = m;
    t->n_columns = m->n_columns;
    t->columns = arena_new_array(r->a, const char *, t->n_columns);
    for (size_t i = 0; i < t->n_columns; i++)
        t->columns[i] = lower(r->a, m->columns[i].name);
    return check_columns(t, err);
}

/* One place for each table of the upgrade package, in its order. */
static bool read_tables(struct reader *r, struct intake_table **ret_by_manifest, struct err *err)
{
    struct intake *in = r->in;
    int64_t rows = 0;
    in->n_tables = r->u->n_tables;
    in->tables = arena_new_array(r->a, struct intake_table, in->n_tables);
    for (size_t i = 0; i < in->n_tables; i++)
        in->tables[i].conf = &r->u->tables[i];
    for (size_t i = 0; i < in->p.n_tables; i++) {
        const struct parcel_table *m = &in->p.tables[i];
        const struct uploads_table *conf = find_conf(r->u, m->name);
        if (!conf)
            return refuse("stores do not send rows of %s", m->name);
        struct intake_table *t = &in->tables[conf - r->u->tables];
        if (t->manifest)
            return refuse("%s is there twice", m->name);
        ret_by_manifest[i] = t;
        if (!read_columns(r, m, t, err))
            return false;
        rows += MIN(m->rows, INTAKE_ROWS_MAX + 1);
    }
    return rows <= INTAKE_ROWS_MAX ||
           err_set(err, ERR_UPLOAD_LARGE, "the package has more than %d rows", INTAKE_ROWS_MAX);
}

static bool check_parcel(const struct reader *r, int64_t number, struct err *err)
{
    const struct parcel *p = &r->in->p;
    if (p->kind != PARCEL_UPLOAD)
        return refuse("the package is no upload");
    if (strcmp(p->store, r->store) != 0)
        return refuse("the package is of the store %s", p->store);
    if (p->number != number)
        return refuse("the package has the number %" PRId64 ", the path %" PRId64, p->number, number);
    return strcmp(p->job, r->u->job) == 0 || refuse("the package is of the job %s instead of %s", p->job, r->u->job);
}

/* --- rows --- */

/* Where a table's special columns are; SIZE_MAX: it has none. */
struct places {
    size_t store, counter;
};

static struct places find_places(const struct intake_table *t)
{
    struct places p = {SIZE_MAX, SIZE_MAX};
    size_t i = 0;
    if (t->conf->store && has_column(t, t->conf->store, &i))
        p.store = i;
    if (t->conf->counter && has_column(t, t->conf->counter, &i))
        p.counter = i;
    return p;
}

static bool check_row(const struct reader *r, const struct intake_table *t, struct places at, const struct str *values,
                      int64_t *counter, struct err *err)
{
    int64_t n = 0;
    if (at.store != SIZE_MAX && !str_is(values[at.store], r->store))
        return refuse("row %zu of %s is of another store", t->n + 1, t->manifest->name);
    if (at.counter == SIZE_MAX)
        return true;
    if (!str_to_i64(values[at.counter], &n) || n <= *counter || n > t->manifest->counter_to)
        return refuse("the counter of row %zu of %s does not go on from %" PRId64, t->n + 1, t->manifest->name,
                      *counter);
    *counter = n;
    return true;
}

static bool take_rows(struct reader *r, struct intake_table *t, struct err *err)
{
    struct str *values = arena_new_array(r->a, struct str, t->n_columns);
    struct places at = find_places(t);
    int64_t counter = t->manifest->counter_after;
    struct str line;
    t->starts = calloc((size_t)t->manifest->rows + 1, sizeof *t->starts);
    if (!t->starts)
        abort();
    while (parcel_line(r->parcel, &line, err)) {
        if (!line.p)
            return at.counter == SIZE_MAX || counter == t->manifest->counter_to ||
                   refuse("the last counter of %s is not the one of its manifest", t->manifest->name);
        t->starts[t->n] = t->lines.n;
        buf_put(&t->lines, line.p, line.n);
        buf_putc(&t->lines, '\n');
        if (!copytext_split((char *)line.p, line.n, values, t->n_columns))
            return refuse("row %zu of %s has not %zu values, or one that is no COPY text", t->n + 1, t->manifest->name,
                          t->n_columns);
        if (!check_row(r, t, at, values, &counter, err))
            return false;
        t->starts[++t->n] = t->lines.n;
    }
    return false;
}

static bool take_all(struct reader *r, struct intake_table **by_manifest, struct err *err)
{
    enum parcel_event event = PARCEL_END;
    size_t i = 0;
    do {
        if (!parcel_next(r->parcel, &event, &i, err) || (event == PARCEL_ROWS && !take_rows(r, by_manifest[i], err)))
            return false;
        r->in->rows += event == PARCEL_ROWS ? (int64_t)by_manifest[i]->n : 0;
    } while (event != PARCEL_END);
    return true;
}

/* --- rows that only their transaction says the owner of --- */

/* The transaction of a row as one text. */
static struct str transaction_of(struct reader *r, const struct intake_table *t, size_t row, struct buf *line,
                                 struct str *values)
{
    SCOPED_BUF key = {0};
    size_t n = t->starts[row + 1] - t->starts[row] - 1, at = 0;
    buf_reset(line);
    buf_put(line, t->lines.p + t->starts[row], n);
    copytext_split(line->p, n, values, t->n_columns); /* it could be cut before */
    for (size_t i = 0; i < t->conf->transaction.n; i++) {
        buf_putc(&key, '\t');
        if (has_column(t, t->conf->transaction.p[i], &at))
            copytext_put(&key, values[at]);
    }
    return (struct str){arena_dup_str(r->a, buf_str(&key)), key.n};
}

static const struct intake_table *transactions(const struct reader *r)
{
    return &r->in->tables[r->u->transactions - r->u->tables];
}

static bool check_owners_of(struct reader *r, const struct map *known, const struct intake_table *t, struct err *err)
{
    SCOPED_BUF line = {0};
    struct str *values = arena_new_array(r->a, struct str, t->n_columns);
    for (size_t i = 0; i < t->n; i++)
        if (!map_get(known, transaction_of(r, t, i, &line, values)))
            return refuse("row %zu of %s is of no transaction of this package", i + 1, t->manifest->name);
    return true;
}

static bool check_owners(struct reader *r, struct err *err)
{
    SCOPED(map) known = map_new();
    SCOPED_BUF line = {0};
    const struct intake_table *owner = transactions(r);
    bool needed = false;
    for (size_t i = 0; i < r->in->n_tables; i++)
        needed = needed || (r->in->tables[i].n && !r->in->tables[i].conf->store);
    struct str *values = arena_new_array(r->a, struct str, owner->n_columns + 1);
    for (size_t i = 0; needed && i < owner->n; i++)
        map_put(known, transaction_of(r, owner, i, &line, values))->value = r;
    for (size_t i = 0; i < r->in->n_tables; i++)
        if (r->in->tables[i].n && !r->in->tables[i].conf->store && !check_owners_of(r, known, &r->in->tables[i], err))
            return false;
    return true;
}

/* --- all of it --- */

/* What is wrong with a package is the store's business, not ours. */
static bool blame(struct err *err)
{
    if (err->code == ERR_LIMIT)
        err->code = ERR_UPLOAD_LARGE;
    if (err->code == ERR_PARCEL)
        err->code = ERR_UPLOAD_REFUSED;
    return false;
}

/* Tables without rows are of no interest any more. */
static void drop_empty(struct intake *in)
{
    size_t n = 0;
    for (size_t i = 0; i < in->n_tables; i++) {
        if (in->tables[i].n)
            in->tables[n++] = in->tables[i];
        else
            free(in->tables[i].starts);
    }
    in->n_tables = n;
}

bool intake_read(struct str body, const struct uploads *u, const char *store, int64_t number, struct arena *a,
                 struct intake *ret, struct err *err)
{
    static const struct parcel_limits limits = {INTAKE_BYTES_MAX, INTAKE_LINE_MAX};
    struct intake_table *by_manifest[PARCEL_TABLES_MAX];
    SCOPED(parcel_reader) parcel = NULL;
    struct reader r = {u, store, a, ret, NULL};
    *ret = (struct intake){0};
    if (!parcel_open_bytes(body, &limits, a, &ret->p, &parcel, err))
        return blame(err);
    r.parcel = parcel;
    if (!check_parcel(&r, number, err) || !read_tables(&r, by_manifest, err) || !take_all(&r, by_manifest, err) ||
        !check_owners(&r, err))
        return blame(err);
    drop_empty(ret);
    return true;
}
