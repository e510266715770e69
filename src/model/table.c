#include "model/table.h"
#include "base/name.h"

const char *table_mode_name(enum table_mode mode)
{
    switch (mode) {
    case TABLE_FOLLOW:
        return "follow";
    case TABLE_FULL:
        return "full";
    case TABLE_CUTOVER:
        return "cutover";
    }
    return "?";
}

const struct column *table_column(const struct table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return &t->columns[i];
    return NULL;
}

struct table *table_find(const struct table_list *l, const char *schema, const char *name)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->p[i].name, name) == 0 && strcmp(l->p[i].schema, schema) == 0)
            return &l->p[i];
    return NULL;
}

static void put_one(struct buf *b, const char *prefix, const char *name, bool first)
{
    if (!first)
        buf_puts(b, ", ");
    buf_puts(b, prefix);
    name_put(b, name);
}

void table_put_columns(struct buf *b, const struct table *t, const char *prefix)
{
    bool first = true;
    for (size_t i = 0; i < t->n_columns; i++) {
        if (t->columns[i].generated)
            continue;
        put_one(b, prefix, t->columns[i].name, first);
        first = false;
    }
}

void table_put_key(struct buf *b, const struct table *t, const char *prefix)
{
    for (size_t i = 0; i < t->n_key; i++)
        put_one(b, prefix, t->columns[t->key[i]].name, i == 0);
}

static void put_qualified(struct buf *b, const char *schema, const char *name)
{
    name_put(b, schema);
    buf_putc(b, '.');
    name_put(b, name);
}

void table_put_target(struct buf *b, const struct table *t)
{
    put_qualified(b, t->home, t->name);
}

void table_put_source(struct buf *b, const struct table *t)
{
    put_qualified(b, t->schema, t->name);
}

static void put_column(struct buf *b, const struct column *c)
{
    name_put(b, c->name);
    buf_printf(b, " %s", c->type);
    if (c->fallback)
        buf_printf(b, " default %s", c->fallback);
    if (c->generated)
        buf_printf(b, " generated always as (%s) stored", c->generated);
    if (c->not_null)
        buf_puts(b, " not null");
}

void table_put_create(struct buf *b, const struct table *t)
{
    buf_puts(b, "create table ");
    table_put_target(b, t);
    buf_puts(b, " (");
    for (size_t i = 0; i < t->n_columns; i++) {
        if (i)
            buf_puts(b, ", ");
        put_column(b, &t->columns[i]);
    }
    buf_puts(b, ")");
}

void table_put_shape(struct buf *b, const struct table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        buf_puts(b, i ? ", " : "");
        put_column(b, &t->columns[i]);
    }
    buf_puts(b, " key ");
    table_put_key(b, t, "");
}
