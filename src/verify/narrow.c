#include "verify/narrow.h"
#include "base/name.h"
#include "verify/mask.h"
#include <stdlib.h>

#define NARROWED_ROWS_MAX 200000
#define KEYLESS_COLUMNS_SHOWN 12

/* -- comparing, pure -- */

static int compare_value(const char *x, const char *y)
{
    if (!x || !y)
        return (x != NULL) - (y != NULL);
    return strcmp(x, y);
}

static int compare_key(const char *const *x, const char *const *y, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int c = compare_value(x[i], y[i]);
        if (c)
            return c;
    }
    return 0;
}

static int compare_row(const void *x, const void *y, void *n_key)
{
    const struct narrow_row *l = x, *r = y;
    int c = compare_key(l->key, r->key, *(size_t *)n_key);
    return c ? c : (l->hash > r->hash) - (l->hash < r->hash);
}

/* The run of rows that have the key of the row at `from`. */
static size_t run_end(const struct narrow_rows *rows, size_t from, size_t n_key)
{
    size_t to = from;
    while (to < rows->n && compare_key(rows->p[to].key, rows->p[from].key, n_key) == 0)
        to++;
    return to;
}

static bool same_hashes(const struct narrow_row *l, const struct narrow_row *r, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (l[i].hash != r[i].hash)
            return false;
    return true;
}

static void note(struct narrow_differences *ret, enum narrow_kind kind, const char *const *key, size_t l, size_t r)
{
    *vec_push(ret) = (struct narrow_difference){kind, key, (int64_t)l, (int64_t)r};
}

void narrow_diff(struct narrow_rows *left, struct narrow_rows *right, size_t n_key, struct narrow_differences *ret)
{
    if (left->n)
        qsort_r(left->p, left->n, sizeof *left->p, compare_row, &n_key);
    if (right->n)
        qsort_r(right->p, right->n, sizeof *right->p, compare_row, &n_key);
    size_t l = 0, r = 0;
    while (l < left->n || r < right->n) {
        int c = l == left->n ? 1 : r == right->n ? -1 : compare_key(left->p[l].key, right->p[r].key, n_key);
        size_t l_end = c <= 0 ? run_end(left, l, n_key) : l;
        size_t r_end = c >= 0 ? run_end(right, r, n_key) : r;
        if (c < 0)
            note(ret, NARROW_MISSING, left->p[l].key, l_end - l, 0);
        else if (c > 0)
            note(ret, NARROW_EXTRA, right->p[r].key, 0, r_end - r);
        else if (l_end - l != r_end - r)
            note(ret, NARROW_TIMES, left->p[l].key, l_end - l, r_end - r);
        else if (!same_hashes(&left->p[l], &right->p[r], l_end - l))
            note(ret, NARROW_CHANGED, left->p[l].key, l_end - l, r_end - r);
        l = l_end;
        r = r_end;
    }
}

/* -- reading keys and hashes -- */

/* A row without key is its own key: the hash stands for it. */
static size_t key_width(const struct twin *p)
{
    return MAX(p->n_key, (size_t)1);
}

static void put_keys_and_hash(struct buf *b, const struct twin *p, enum twin_at at)
{
    buf_puts(b, "select ");
    for (size_t i = 0; i < p->n_key; i++) {
        twin_put_column(b, p, at, p->key[i]);
        buf_puts(b, ", ");
    }
    buf_puts(b, "hashtextextended(");
    twin_put_row(b, p, at);
    buf_puts(b, ", 1)");
}

static void take_rows(const PGresult *r, size_t width, struct arena *a, struct narrow_rows *ret)
{
    int hash = PQnfields(r) - 1;
    for (int i = 0; i < PQntuples(r); i++) {
        const char **key = arena_new_array(a, const char *, width);
        for (size_t k = 0; k < width; k++)
            key[k] = PQgetisnull(r, i, (int)k) ? NULL : arena_dup(a, pg_text(r, i, (int)k));
        *vec_push(ret) = (struct narrow_row){key, pg_i64(r, i, hash)};
    }
}

static struct pg *connection(const struct narrow *n, enum twin_at at)
{
    return at == TWIN_LEFT ? n->left : n->right;
}

static bool read_buckets(const struct narrow *n, const struct digest *d, enum twin_at at, const char *buckets,
                         struct arena *a, struct narrow_rows *ret, struct err *err)
{
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    put_keys_and_hash(&sql, n->twin, at);
    twin_put_from(&sql, n->twin, at, NULL);
    buf_puts(&sql, " and ");
    digest_put_bucket(&sql, d, at);
    buf_puts(&sql, " = any($1::int[])");
    if (!pg_query(connection(n, at), sql.p, PG_ARGS(buckets), &r, err))
        return false;
    take_rows(r, key_width(n->twin), a, ret);
    return true;
}

static bool read_keys(const struct narrow *n, const char *const *keys, enum twin_at at, struct arena *a,
                      struct narrow_rows *ret, struct err *err)
{
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    put_keys_and_hash(&sql, n->twin, at);
    twin_put_from_keys(&sql, n->twin, at);
    if (!pg_query(connection(n, at), sql.p, (struct pg_args){(int)n->twin->n_key, keys}, &r, err))
        return false;
    take_rows(r, key_width(n->twin), a, ret);
    return true;
}

/* -- evidence -- */

void narrow_put_array(struct buf *b, const char *const *values, size_t n)
{
    buf_putc(b, '{');
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? "," : "");
        if (!values[i]) {
            buf_puts(b, "NULL");
            continue;
        }
        buf_putc(b, '"');
        for (const char *p = values[i]; *p; p++) {
            if (*p == '"' || *p == '\\')
                buf_putc(b, '\\');
            buf_putc(b, *p);
        }
        buf_putc(b, '"');
    }
    buf_putc(b, '}');
}

char *narrow_key_text(struct arena *a, const struct twin *p, const char *const *key)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < p->n_key; i++) {
        const char *name = p->columns[p->key[i]].name, *shown = mask_value(a, name, key[i]);
        buf_printf(&b, "%s%s=%s", i ? ", " : "", name, shown ? shown : "null");
    }
    return arena_dup(a, p->n_key ? buf_text(&b) : "(no key)");
}

static void put_all_columns(struct buf *b, const struct twin *p, enum twin_at at)
{
    buf_puts(b, "select ");
    for (size_t i = 0; i < p->n_columns; i++) {
        buf_puts(b, i ? ", " : "");
        twin_put_column(b, p, at, i);
    }
}

static bool fetch_by_key(const struct narrow *n, const struct narrow_difference *d, enum twin_at at, PGresult **ret,
                         struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF sql = {0}, array = {0};
    const char **keys = arena_new_array(a, const char *, n->twin->n_key);
    for (size_t i = 0; i < n->twin->n_key; i++) {
        buf_reset(&array);
        narrow_put_array(&array, &d->key[i], 1);
        keys[i] = arena_dup(a, array.p);
    }
    put_all_columns(&sql, n->twin, at);
    twin_put_from_keys(&sql, n->twin, at);
    return pg_query(connection(n, at), sql.p, (struct pg_args){(int)n->twin->n_key, keys}, ret, err);
}

static bool fetch_by_hash(const struct narrow *n, const struct narrow_difference *d, enum twin_at at, PGresult **ret,
                          struct err *err)
{
    SCOPED_BUF sql = {0};
    put_all_columns(&sql, n->twin, at);
    twin_put_from(&sql, n->twin, at, NULL);
    buf_puts(&sql, " and hashtextextended(");
    twin_put_row(&sql, n->twin, at);
    buf_puts(&sql, ", 1) = $1::bigint limit 1");
    return pg_query(connection(n, at), sql.p, PG_ARGS(d->key[0]), ret, err);
}

static const char *cell(struct arena *a, const struct twin *p, const PGresult *r, size_t column)
{
    if (!r || PQntuples(r) == 0 || PQgetisnull(r, 0, (int)column))
        return NULL;
    return mask_value(a, p->columns[column].name, pg_text(r, 0, (int)column));
}

static bool same_value(const PGresult *l, const PGresult *r, int column)
{
    return PQgetisnull(l, 0, column) == PQgetisnull(r, 0, column) &&
           strcmp(pg_text(l, 0, column), pg_text(r, 0, column)) == 0;
}

static void put_values(const struct narrow *n, struct report_row *row, const PGresult *l, const PGresult *r,
                       struct arena *a)
{
    bool both = l && r && PQntuples(l) && PQntuples(r);
    size_t most = both ? n->twin->n_columns : MIN(n->twin->n_columns, (size_t)KEYLESS_COLUMNS_SHOWN);
    for (size_t i = 0; i < most; i++) {
        if (both && same_value(l, r, (int)i))
            continue;
        report_value(n->report, row, n->twin->columns[i].name, cell(a, n->twin, l, i), cell(a, n->twin, r, i));
    }
}

static const char *what_of(struct arena *a, const struct narrow_difference *d)
{
    switch (d->kind) {
    case NARROW_CHANGED:
        return "changed";
    case NARROW_MISSING:
        return "missing";
    case NARROW_EXTRA:
        return "extra";
    case NARROW_TIMES:
        return arena_printf(a, "%lld times instead of %lld", (long long)d->right_times, (long long)d->left_times);
    }
    return "?";
}

static bool show_keyed(const struct narrow *n, const struct narrow_difference *d, struct report_row *row,
                       struct arena *a, struct err *err)
{
    SCOPED_RESULT l = NULL;
    SCOPED_RESULT r = NULL;
    if (d->kind != NARROW_CHANGED)
        return true;
    if (!fetch_by_key(n, d, TWIN_LEFT, &l, err) || !fetch_by_key(n, d, TWIN_RIGHT, &r, err))
        return false;
    put_values(n, row, l, r, a);
    return true;
}

static bool show_keyless(const struct narrow *n, const struct narrow_difference *d, struct report_row *row,
                         struct arena *a, struct err *err)
{
    SCOPED_RESULT found = NULL;
    enum twin_at at = d->left_times ? TWIN_LEFT : TWIN_RIGHT;
    if (!fetch_by_hash(n, d, at, &found, err))
        return false;
    put_values(n, row, at == TWIN_LEFT ? found : NULL, at == TWIN_RIGHT ? found : NULL, a);
    return true;
}

static bool show(const struct narrow *n, const struct narrow_differences *all, struct err *err)
{
    for (size_t i = 0; i < all->n && n->check->rows.n < (size_t)n->most_rows; i++) {
        SCOPED(arena) a = arena_new();
        const struct narrow_difference *d = &all->p[i];
        struct report_row *row = report_row(n->report, n->check, what_of(a, d), narrow_key_text(a, n->twin, d->key));
        if (!(n->twin->n_key ? show_keyed : show_keyless)(n, d, row, a, err))
            return false;
    }
    return true;
}

/* -- both ways in -- */

static bool settle(const struct narrow *n, struct narrow_rows *left, struct narrow_rows *right, struct err *err)
{
    struct narrow_differences all = {0};
    narrow_diff(left, right, key_width(n->twin), &all);
    n->check->differences += (int64_t)all.n;
    bool ok = show(n, &all, err);
    vec_done(&all);
    return ok;
}

bool narrow_buckets(const struct narrow *n, const struct digest *d, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF buckets = {0};
    struct narrow_rows left = {0}, right = {0};
    size_t taken = 0;
    size_t differing = digest_differing(d, NARROWED_ROWS_MAX, &buckets, &taken);
    bool ok = read_buckets(n, d, TWIN_LEFT, buckets.p, a, &left, err) &&
              read_buckets(n, d, TWIN_RIGHT, buckets.p, a, &right, err) && settle(n, &left, &right, err);
    n->check->at_least = differing > taken;
    n->check->differences += (int64_t)(differing - taken); /* each has one at least */
    vec_done(&left);
    vec_done(&right);
    return ok || err_wrap(err, "finding the rows of %s that differ", n->twin->name);
}

bool narrow_keys(const struct narrow *n, const char *const *keys, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct narrow_rows left = {0}, right = {0};
    bool ok = read_keys(n, keys, TWIN_LEFT, a, &left, err) && read_keys(n, keys, TWIN_RIGHT, a, &right, err);
    if (ok) {
        n->check->expected_rows = MAX(n->check->expected_rows, 0) + (int64_t)left.n;
        n->check->found_rows = MAX(n->check->found_rows, 0) + (int64_t)right.n;
        ok = settle(n, &left, &right, err);
    }
    vec_done(&left);
    vec_done(&right);
    return ok || err_wrap(err, "comparing rows of %s", n->twin->name);
}
