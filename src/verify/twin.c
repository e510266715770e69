#include "verify/twin.h"
#include "base/name.h"
#include <string.h>

#define PAGE_BYTES 8192

void twin_of_table(struct twin *p, const struct table *t, struct arena *a)
{
    SCOPED_BUF source = {0}, target = {0};
    table_put_source(&source, t);
    table_put_target(&target, t);
    *p = (struct twin){.name = t->label, .rows = t->rows};
    p->left = (struct twin_side){.at_source = true, .from = arena_dup(a, source.p)};
    p->right = (struct twin_side){.from = arena_dup(a, target.p)};
    p->left.pages = t->partitioned ? 0 : t->bytes / PAGE_BYTES;
    p->columns = arena_new_array(a, struct twin_column, t->n_columns + 1);
    p->key = arena_new_array(a, size_t, t->n_key + 1);
    size_t *place = arena_new_array(a, size_t, t->n_columns + 1); /* of the table's columns in the twin */
    for (size_t i = 0; i < t->n_columns; i++) {
        place[i] = p->n_columns;
        if (!t->columns[i].generated)
            p->columns[p->n_columns++] = (struct twin_column){t->columns[i].name, t->columns[i].type, NULL};
    }
    for (size_t i = 0; i < t->n_key; i++)
        p->key[p->n_key++] = place[t->key[i]];
}

const struct twin_side *twin_side(const struct twin *p, enum twin_at at)
{
    return at == TWIN_LEFT ? &p->left : &p->right;
}

int twin_find(const struct twin *p, const char *column)
{
    for (size_t i = 0; i < p->n_columns; i++)
        if (strcmp(p->columns[i].name, column) == 0)
            return (int)i;
    return -1;
}

void twin_put_column(struct buf *b, const struct twin *p, enum twin_at at, size_t column)
{
    const struct twin_column *c = &p->columns[column];
    buf_puts(b, "t.");
    name_put(b, c->name);
    if (at == TWIN_LEFT && c->cast)
        buf_printf(b, "::%s", c->cast);
}

void twin_put_row(struct buf *b, const struct twin *p, enum twin_at at)
{
    buf_puts(b, "row(");
    for (size_t i = 0; i < p->n_columns; i++) {
        buf_puts(b, i ? ", " : "");
        twin_put_column(b, p, at, i);
    }
    buf_puts(b, ")::text");
}

void twin_put_key(struct buf *b, const struct twin *p, enum twin_at at)
{
    buf_puts(b, "row(");
    for (size_t i = 0; i < p->n_key; i++) {
        buf_puts(b, i ? ", " : "");
        twin_put_column(b, p, at, p->key[i]);
    }
    buf_puts(b, ")::text");
}

void twin_put_from(struct buf *b, const struct twin *p, enum twin_at at, const struct twin_range *range)
{
    const struct twin_side *s = twin_side(p, at);
    buf_printf(b, " from %s t where true", s->from);
    if (range && range->from)
        buf_printf(b, " and t.ctid >= '(%lld,0)'::tid", (long long)range->from);
    if (range && range->to)
        buf_printf(b, " and t.ctid < '(%lld,0)'::tid", (long long)range->to);
    if (s->except)
        buf_printf(b, " and not (%s)", s->except);
}

static void put_keys(struct buf *b, const struct twin *p)
{
    buf_puts(b, " from unnest(");
    for (size_t i = 0; i < p->n_key; i++)
        buf_printf(b, "%s$%zu::%s[]", i ? ", " : "", i + 1, p->columns[p->key[i]].type);
    buf_puts(b, ") k(");
    for (size_t i = 0; i < p->n_key; i++)
        buf_printf(b, "%sk%zu", i ? ", " : "", i);
    buf_putc(b, ')');
}

/* The subquery takes the key as a parameter: PostgreSQL pushes it down to an index, also through the grouping of a
 * lens, where a join with the list of keys would read everything. */
void twin_put_from_keys(struct buf *b, const struct twin *p, enum twin_at at)
{
    put_keys(b, p);
    buf_printf(b, " cross join lateral (select t.* from %s t where ", twin_side(p, at)->from);
    for (size_t i = 0; i < p->n_key; i++) {
        buf_puts(b, i ? " and t." : "t.");
        name_put(b, p->columns[p->key[i]].name);
        buf_printf(b, " = k.k%zu", i);
    }
    buf_puts(b, " offset 0) t");
}
