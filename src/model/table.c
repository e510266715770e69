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
    if (!t->partitioned)
        buf_puts(b, "only ");
    put_qualified(b, t->schema, t->name);
}

static void put_column(struct buf *b, const struct column *c, const char *fallback)
{
    name_put(b, c->name);
    buf_printf(b, " %s", c->type);
    if (fallback)
        buf_printf(b, " default %s", fallback);
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
        put_column(b, &t->columns[i], t->columns[i].fallback);
    }
    buf_puts(b, ")");
}

void table_put_shape(struct buf *b, const struct table *t)
{
    for (size_t i = 0; i < t->n_columns; i++) {
        put_column(b, &t->columns[i], NULL);
        buf_printf(b, " #%d\n", t->columns[i].number);
    }
    buf_printf(b, "%s key ", table_mode_name(t->mode));
    table_put_key(b, t, "");
}

/* The quoted name at the start of a shape's line; the line of the key has none. */
static struct str line_name(struct str line)
{
    size_t i = 1;
    if (!line.n || line.p[0] != '"')
        return (struct str){NULL, 0};
    while (i < line.n && (line.p[i] != '"' || (i + 1 < line.n && line.p[i + 1] == '"')))
        i += line.p[i] == '"' ? 2 : 1;
    return (struct str){line.p, i < line.n ? i + 1 : line.n};
}

static bool find_line(struct str shape, struct str name, struct str *ret)
{
    while (shape.n) {
        *ret = str_split(&shape, '\n');
        if (str_eq(line_name(*ret), name))
            return true;
    }
    return false;
}

void table_put_shape_change(struct buf *b, struct str before, struct str now)
{
    struct str line, other;
    for (struct str rest = before; rest.n;) {
        line = str_split(&rest, '\n');
        struct str name = line_name(line);
        if (!find_line(now, name, &other)) {
            buf_printf(b, "column %.*s is gone", STR_ARG(name));
            return;
        }
        if (!str_eq(line, other)) {
            buf_printf(b, "%s%.*s was %.*s and is %.*s", name.p ? "column " : "", STR_ARG(name), STR_ARG(line),
                       STR_ARG(other));
            return;
        }
    }
    for (struct str rest = now; rest.n;) {
        line = str_split(&rest, '\n');
        if (!find_line(before, line_name(line), &other)) {
            buf_printf(b, "column %.*s is new", STR_ARG(line_name(line)));
            return;
        }
    }
}
