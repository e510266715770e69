#include "xpp/edit.h"
#include <assert.h>
#include <stdlib.h>

void edits_add(struct edits *e, uint32_t off, uint32_t n, struct edit_piece *pieces, uint32_t n_pieces, uint32_t tag)
{
    uint32_t order = (uint32_t)e->list.n;
    struct edit *added = vec_push(&e->list);
    *added = (struct edit){.off = off, .n = n, .pieces = pieces, .n_pieces = n_pieces, .order = order, .tag = tag};
}

void edits_done(struct edits *e)
{
    vec_done(&e->list);
}

/* By place; an insertion before what is replaced there, the wider of two before the narrower, then as added. */
static int compare(const void *x, const void *y)
{
    const struct edit *a = x, *b = y;
    if (a->off != b->off)
        return a->off < b->off ? -1 : 1;
    if ((a->n == 0) != (b->n == 0))
        return a->n == 0 ? -1 : 1;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static uint32_t end_of(const struct edit *x)
{
    return x->off + x->n;
}

/* Drops what crosses an edit that began before it, or replaces the same range. */
static void drop_crossing(struct edits *e)
{
    VEC(size_t) open = {0};
    for (size_t i = 0; i < e->list.n; i++) {
        struct edit *x = &e->list.p[i];
        while (open.n && end_of(&e->list.p[open.p[open.n - 1]]) <= x->off)
            open.n--;
        const struct edit *around = open.n ? &e->list.p[open.p[open.n - 1]] : NULL;
        if (around && (end_of(x) > end_of(around) || (x->n > 0 && x->off == around->off && x->n == around->n))) {
            x->dropped = true;
            continue;
        }
        if (x->n > 0)
            *vec_push(&open) = i;
    }
    vec_done(&open);
}

static void put_range(struct edits *e, struct str source, uint32_t off, uint32_t end, size_t from, struct buf *out);

static void put_edit(struct edits *e, struct str source, size_t i, struct buf *out)
{
    const struct edit *x = &e->list.p[i];
    for (uint32_t p = 0; p < x->n_pieces; p++) {
        const struct edit_piece *piece = &x->pieces[p];
        if (piece->text.p)
            buf_put(out, piece->text.p, piece->text.n);
        else
            put_range(e, source, piece->off, piece->off + piece->n, i + 1, out);
    }
}

/* The index of the first edit at or behind `off`, from `from` on: edits are sorted by place. */
static size_t first_at(const struct edits *e, uint32_t off, size_t from)
{
    size_t low = from, high = e->list.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (e->list.p[middle].off < off)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The source from `off` to `end` with those of the edits from `from` on that lie in it. */
static void put_range(struct edits *e, struct str source, uint32_t off, uint32_t end, size_t from, struct buf *out)
{
    uint32_t at = off;
    for (size_t i = first_at(e, off, from); i < e->list.n && e->list.p[i].off <= end; i++) {
        const struct edit *x = &e->list.p[i];
        if (x->dropped || x->off < at || end_of(x) > end || (x->off == end && end < source.n))
            continue;
        buf_put(out, source.p + at, x->off - at);
        put_edit(e, source, i, out);
        at = end_of(x);
    }
    buf_put(out, source.p + at, end - at);
}

void edits_apply(struct edits *e, struct str source, struct buf *out)
{
    assert(source.n <= UINT32_MAX);
    if (e->list.n == 0) {
        buf_put(out, source.p, source.n);
        return;
    }
    qsort(e->list.p, e->list.n, sizeof *e->list.p, compare);
    drop_crossing(e);
    put_range(e, source, 0, (uint32_t)source.n, 0, out);
}
