#include "verify/digest.h"
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

#define ROWS_PER_BUCKET 500
#define BUCKETS_MIN 64
#define KEY_SEED 7

struct bucket {
    uint64_t rows, sum1, sum2;
};

struct digest {
    const struct twin *twin;
    size_t n; /* buckets, a power of two */
    struct bucket *sides[2];
    pthread_mutex_t lock;
};

struct digest *digest_new(const struct twin *p)
{
    struct digest *d = calloc(1, sizeof *d);
    if (!d || pthread_mutex_init(&d->lock, NULL) != 0)
        abort();
    d->twin = p;
    d->n = BUCKETS_MIN;
    while (d->n < DIGEST_BUCKETS_MAX && (int64_t)d->n * ROWS_PER_BUCKET < p->rows)
        d->n *= 2;
    for (int i = 0; i < 2; i++)
        if (!(d->sides[i] = calloc(d->n, sizeof *d->sides[i])))
            abort();
    return d;
}

void digest_free(struct digest *d)
{
    if (!d)
        return;
    pthread_mutex_destroy(&d->lock);
    free(d->sides[0]);
    free(d->sides[1]);
    free(d);
}

uint64_t digest_sum(uint64_t sum, const char *number)
{
    bool negative = *number == '-';
    uint64_t v = 0;
    for (const char *p = number + negative; *p >= '0' && *p <= '9'; p++)
        v = v * 10 + (uint64_t)(*p - '0');
    return negative ? sum - v : sum + v;
}

static bool has_key(const struct digest *d)
{
    return d->twin->n_key > 0;
}

static void put_bucket_of(struct buf *b, const struct digest *d, const char *text)
{
    buf_printf(b, "(hashtextextended(%s, %d) & %zu)::int", text, KEY_SEED, d->n - 1);
}

void digest_put_bucket(struct buf *b, const struct digest *d, enum twin_at at)
{
    SCOPED_BUF text = {0};
    if (has_key(d))
        twin_put_key(&text, d->twin, at);
    else
        twin_put_row(&text, d->twin, at);
    put_bucket_of(b, d, text.p);
}

/* OFFSET 0 keeps PostgreSQL from writing the text of a row once for each hash. */
static void put_scan(struct buf *b, const struct digest *d, enum twin_at at, const struct twin_range *range)
{
    buf_puts(b, "select ");
    put_bucket_of(b, d, has_key(d) ? "x.k" : "x.r");
    buf_puts(b, ", count(*), sum(hashtextextended(x.r, 1)), sum(hashtextextended(x.r, 2)) from (select ");
    if (has_key(d)) {
        twin_put_key(b, d->twin, at);
        buf_puts(b, " as k, ");
    }
    twin_put_row(b, d->twin, at);
    buf_puts(b, " as r");
    twin_put_from(b, d->twin, at, range);
    buf_puts(b, " offset 0) x group by 1");
}

static void add(struct digest *d, enum twin_at at, const PGresult *r)
{
    pthread_mutex_lock(&d->lock);
    for (int i = 0; i < PQntuples(r); i++) {
        size_t n = (size_t)pg_i64(r, i, 0);
        assert(n < d->n);
        struct bucket *b = &d->sides[at][n];
        b->rows += (uint64_t)pg_i64(r, i, 1);
        b->sum1 = digest_sum(b->sum1, pg_text(r, i, 2));
        b->sum2 = digest_sum(b->sum2, pg_text(r, i, 3));
    }
    pthread_mutex_unlock(&d->lock);
}

bool digest_scan(struct digest *d, enum twin_at at, const struct twin_range *range, struct pg *pg, struct err *err)
{
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    put_scan(&sql, d, at, range);
    if (!pg_query(pg, sql.p, PG_NONE, &r, err))
        return err_wrap(err, "digesting %s", d->twin->name);
    add(d, at, r);
    return true;
}

int64_t digest_rows(const struct digest *d, enum twin_at at)
{
    uint64_t n = 0;
    for (size_t i = 0; i < d->n; i++)
        n += d->sides[at][i].rows;
    return (int64_t)n;
}

static bool same(const struct digest *d, size_t i)
{
    const struct bucket *l = &d->sides[TWIN_LEFT][i], *r = &d->sides[TWIN_RIGHT][i];
    return l->rows == r->rows && l->sum1 == r->sum1 && l->sum2 == r->sum2;
}

bool digest_equal(const struct digest *d)
{
    for (size_t i = 0; i < d->n; i++)
        if (!same(d, i))
            return false;
    return true;
}

size_t digest_differing(const struct digest *d, int64_t most_rows, struct buf *ret_buckets, size_t *ret_taken)
{
    size_t differing = 0;
    int64_t rows = 0;
    *ret_taken = 0;
    buf_putc(ret_buckets, '{');
    for (size_t i = 0; i < d->n; i++) {
        if (same(d, i))
            continue;
        differing++;
        rows += (int64_t)MAX(d->sides[TWIN_LEFT][i].rows, d->sides[TWIN_RIGHT][i].rows);
        if (*ret_taken && rows > most_rows)
            continue;
        buf_printf(ret_buckets, "%s%zu", *ret_taken ? "," : "", i);
        (*ret_taken)++;
    }
    buf_putc(ret_buckets, '}');
    return differing;
}
