#include "replicate/stage.h"
#include "base/name.h"
#include <assert.h>

#define PIECE_BYTES (1 << 20)

/* -- statements -- */

static void put_create(struct buf *b, const struct stage *s)
{
    const struct table *t = s->table;
    buf_printf(b, "create temp table %s as select ", s->name + strlen("pg_temp."));
    if (t->mode == TABLE_FULL) {
        buf_puts(b, "null::bigint as \"carryover:count\", ");
    } else {
        buf_puts(b, "null::boolean as \"carryover:gone\", null::bytea as \"carryover:mask\", ");
        for (size_t i = 0; i < t->n_key; i++) {
            name_put(b, t->columns[t->key[i]].name);
            buf_printf(b, " as \"carryover:origin%zu\", ", i);
        }
    }
    table_put_columns(b, t, "");
    buf_puts(b, " from ");
    table_put_target(b, t);
    buf_puts(b, " where false");
}

static void put_join(struct buf *b, const struct table *t)
{
    for (size_t i = 0; i < t->n_key; i++) {
        buf_puts(b, i ? " and t." : "t.");
        name_put(b, t->columns[t->key[i]].name);
        buf_puts(b, " = s.");
        name_put(b, t->columns[t->key[i]].name);
    }
}

static void put_count_moved(struct buf *b, const struct stage *s)
{
    const struct table *t = s->table;
    buf_printf(b, "select count(*) from %s where \"carryover:mask\" is not null and (", s->name);
    for (size_t i = 0; i < t->n_key; i++) {
        buf_puts(b, i ? " or " : "");
        name_put(b, t->columns[t->key[i]].name);
        buf_printf(b, " <> \"carryover:origin%zu\"", i);
    }
    buf_putc(b, ')');
}

static bool put_patch(struct buf *b, const struct stage *s)
{
    const struct table *t = s->table;
    bool any = false;
    buf_printf(b, "update %s s set \"carryover:mask\" = null", s->name);
    for (size_t i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        if (!c->toastable || c->generated)
            continue;
        any = true;
        buf_puts(b, ", ");
        name_put(b, c->name);
        buf_printf(b, " = case when get_bit(s.\"carryover:mask\", %zu) = 1 then t.", i);
        name_put(b, c->name);
        buf_puts(b, " else s.");
        name_put(b, c->name);
        buf_puts(b, " end");
    }
    buf_puts(b, " from ");
    table_put_target(b, t);
    buf_puts(b, " t where s.\"carryover:mask\" is not null");
    for (size_t i = 0; i < t->n_key; i++) {
        buf_puts(b, " and t.");
        name_put(b, t->columns[t->key[i]].name);
        buf_printf(b, " = s.\"carryover:origin%zu\"", i);
    }
    return any;
}

static void put_remove(struct buf *b, const struct stage *s)
{
    buf_puts(b, "delete from ");
    table_put_target(b, s->table);
    buf_printf(b, " t using %s s where ", s->name);
    put_join(b, s->table);
}

static void put_insert(struct buf *b, const struct stage *s)
{
    buf_puts(b, "insert into ");
    table_put_target(b, s->table);
    buf_puts(b, " (");
    table_put_columns(b, s->table, "");
    buf_puts(b, ") overriding system value select "); /* of identity columns the values are the source's */
    table_put_columns(b, s->table, "s.");
    buf_printf(b, " from %s s ", s->name);
    if (s->table->mode == TABLE_FULL)
        buf_puts(b, "cross join generate_series(1, s.\"carryover:count\") where s.\"carryover:count\" > 0");
    else
        buf_puts(b, "where not s.\"carryover:gone\"");
}

/* Of equal rows only as many go as the source removed: they are numbered, and the first ones taken. */
static void put_remove_whole(struct buf *b, const struct stage *s)
{
    buf_puts(b, "delete from ");
    table_put_target(b, s->table);
    buf_puts(b, " where ctid = any (array(select x.ctid from (select t.ctid, -s.\"carryover:count\" as wanted,"
                " row_number() over (partition by row(");
    table_put_columns(b, s->table, "t.");
    buf_puts(b, ")::text) as nth from ");
    table_put_target(b, s->table);
    buf_printf(b, " t join %s s on row(", s->name);
    table_put_columns(b, s->table, "t.");
    buf_puts(b, ")::text = row(");
    table_put_columns(b, s->table, "s.");
    buf_puts(b, ")::text where s.\"carryover:count\" < 0) x where x.nth <= x.wanted))");
}

static const char *made(struct arena *a, struct buf *b)
{
    const char *text = arena_dup(a, buf_text(b));
    buf_reset(b);
    return text;
}

struct stage *stage_new(struct arena *a, const struct table *t, bool binary)
{
    SCOPED_BUF b = {0};
    struct stage *s = arena_new_one(a, struct stage);
    s->table = t;
    s->binary = binary;
    buf_puts(&b, "pg_temp.");
    name_put(&b, name_derived(a, "changed:", t->label));
    s->name = made(a, &b);
    put_create(&b, s);
    s->create = made(a, &b);
    buf_printf(&b, "copy %s from stdin (format %s)", s->name, binary ? "binary" : "text");
    s->copy = made(a, &b);
    put_insert(&b, s);
    s->insert = made(a, &b);
    if (t->mode == TABLE_FULL) {
        put_remove_whole(&b, s);
        s->remove = made(a, &b);
        return s;
    }
    bool any = put_patch(&b, s);
    s->patch = made(a, &b);
    if (!any)
        s->patch = NULL;
    buf_printf(&b, "delete from %s where \"carryover:mask\" is not null", s->name);
    s->forget = made(a, &b);
    put_count_moved(&b, s);
    s->count_moved = made(a, &b);
    put_remove(&b, s);
    s->remove = made(a, &b);
    return s;
}

/* -- rows -- */

/* Where fields go: both formats of COPY, one field at a time. */
struct writer {
    struct buf *b;
    bool binary;
    bool first;
};

static void put_row_start(struct writer *w, size_t n_fields)
{
    w->first = true;
    if (w->binary)
        buf_put_u16(w->b, (uint16_t)n_fields);
}

static void put_row_end(struct writer *w)
{
    if (!w->binary)
        buf_putc(w->b, '\n');
}

static void put_escaped(struct buf *b, const char *p, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        char c = p[i];
        if (c == '\\' || c == '\t' || c == '\n' || c == '\r')
            buf_putc(b, '\\');
        buf_putc(b, c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c);
    }
}

static void put_field(struct writer *w, int32_t n, const char *bytes)
{
    if (w->binary) {
        buf_put_u32(w->b, (uint32_t)(n < 0 ? FIELD_NULL : n));
        if (n > 0)
            buf_put(w->b, bytes, (size_t)n);
        return;
    }
    if (!w->first)
        buf_putc(w->b, '\t');
    w->first = false;
    if (n < 0)
        buf_puts(w->b, "\\N");
    else
        put_escaped(w->b, bytes, n);
}

static void put_bool(struct writer *w, bool v)
{
    if (w->binary)
        put_field(w, 1, v ? "\1" : "\0");
    else
        put_field(w, 1, v ? "t" : "f");
}

static void put_count(struct writer *w, int64_t v)
{
    char text[24];
    if (w->binary) {
        buf_put_u32(w->b, 8);
        buf_put_u64(w->b, (uint64_t)v);
        return;
    }
    snprintf(text, sizeof text, "%" PRId64, v);
    put_field(w, (int32_t)strlen(text), text);
}

/* Bit i is column i of the table; get_bit() counts from the lowest bit of each byte. */
static size_t make_mask(const struct table *t, struct str row, unsigned char *mask, size_t size)
{
    int32_t n;
    const char *bytes;
    memset(mask, 0, size);
    for (size_t i = 0; i < t->n_columns; i++) {
        if (t->columns[i].generated)
            continue;
        bool more = fold_next_field(&row, &n, &bytes);
        assert(more);
        if (n == FIELD_UNCHANGED)
            mask[i / 8] |= (unsigned char)(1 << (i % 8));
    }
    return (t->n_columns + 7) / 8;
}

static void put_mask(struct writer *w, const struct table *t, const struct fold_entry *e)
{
    unsigned char mask[256];
    if (!e->origin.p) {
        put_field(w, FIELD_NULL, NULL);
        return;
    }
    assert(t->n_columns <= sizeof mask * 8);
    size_t n = make_mask(t, e->row, mask, sizeof mask);
    if (w->binary) {
        put_field(w, (int32_t)n, (const char *)mask);
        return;
    }
    char hex[2 + 2 * sizeof mask + 1] = "\\x";
    for (size_t i = 0; i < n; i++)
        snprintf(hex + 2 + 2 * i, 3, "%02x", mask[i]);
    put_field(w, (int32_t)(2 + 2 * n), hex);
}

static void put_fields(struct writer *w, struct str row)
{
    int32_t n;
    const char *bytes;
    while (fold_next_field(&row, &n, &bytes))
        put_field(w, n, bytes);
}

static void put_nulls(struct writer *w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put_field(w, FIELD_NULL, NULL);
}

/* Of a row that is gone only the key is known. */
static void put_key_only(struct writer *w, const struct table *t, struct str key)
{
    struct {
        int32_t n;
        const char *p;
    } fields[64];
    assert(t->n_key <= ARRAY_LEN(fields));
    for (size_t k = 0; k < t->n_key; k++) {
        bool more = fold_next_field(&key, &fields[k].n, &fields[k].p);
        assert(more);
    }
    for (size_t i = 0; i < t->n_columns; i++) {
        if (t->columns[i].generated)
            continue;
        size_t k = 0;
        while (k < t->n_key && t->key[k] != i)
            k++;
        put_field(w, k < t->n_key ? fields[k].n : FIELD_NULL, k < t->n_key ? fields[k].p : NULL);
    }
}

static size_t column_count(const struct table *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_columns; i++)
        n += t->columns[i].generated == NULL;
    return n;
}

static void put_keyed(struct writer *w, const struct table *t, const struct fold_entry *e)
{
    put_row_start(w, 2 + t->n_key + column_count(t));
    put_bool(w, e->row.p == NULL);
    put_mask(w, t, e);
    if (e->origin.p)
        put_fields(w, e->origin);
    else
        put_nulls(w, t->n_key);
    if (e->row.p)
        put_fields(w, e->row);
    else
        put_key_only(w, t, e->key);
    put_row_end(w);
}

static void put_counted(struct writer *w, const struct table *t, const struct fold_entry *e)
{
    put_row_start(w, 1 + column_count(t));
    put_count(w, e->count);
    put_fields(w, e->key);
    put_row_end(w);
}

static void put_entry(struct writer *w, const struct stage *s, const struct fold_entry *e, struct stage_counts *counts)
{
    const struct table *t = s->table;
    if (t->mode == TABLE_FULL) {
        counts->removed += e->count < 0 ? -e->count : 0;
        if (e->count || s->passing)
            put_counted(w, t, e);
    } else {
        counts->unchanged += e->origin.p != NULL;
        put_keyed(w, t, e);
    }
}

size_t stage_encode(const struct stage *s, const struct fold_table *f, size_t from, struct buf *b,
                    struct stage_counts *counts)
{
    static const char header[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0"; /* signature, flags, no extension */
    struct writer w = {.b = b, .binary = s->binary};
    size_t start = b->n, n = map_count(f->entries);
    if (s->binary && from == 0)
        buf_put(b, header, 19);
    while (from < n && b->n - start < PIECE_BYTES)
        put_entry(&w, s, map_at(f->entries, from++)->value, counts);
    if (s->binary && from == n)
        buf_put_u16(b, 0xFFFF);
    return from;
}

static bool send_pieces(const struct stage *s, const struct fold_table *f, struct pg *target, struct buf *buf,
                        struct stage_counts *counts, struct err *err)
{
    size_t next = 0;
    do {
        buf_reset(buf);
        next = stage_encode(s, f, next, buf, counts);
        if (!pg_copy_put(target, buf->p, buf->n, err))
            return false;
    } while (next < map_count(f->entries));
    return true;
}

bool stage_send(const struct stage *s, const struct fold_table *f, const char *first, struct pg *target,
                struct buf *buf, struct stage_counts *counts, struct err *err)
{
    SCOPED_BUF sql = {0};
    buf_printf(&sql, "%s; %s", first, s->copy);
    return pg_copy_in(target, sql.p, err) && send_pieces(s, f, target, buf, counts, err) &&
           pg_copy_end(target, NULL, err);
}
