#include "replicate/fold.h"
#include <assert.h>
#include <stdlib.h>

#define ENTRY_COST 96 /* map slot and entry, for the memory limit */

struct fold *fold_new(const struct table_list *tables)
{
    struct fold *f = calloc(1, sizeof *f);
    if (!f)
        abort();
    f->arena = arena_new();
    f->n_tables = tables->n;
    f->tables = calloc(tables->n + 1, sizeof *f->tables);
    if (!f->tables)
        abort();
    for (size_t i = 0; i < tables->n; i++)
        f->tables[i] = (struct fold_table){.table = &tables->p[i], .entries = map_new()};
    return f;
}

void fold_free(struct fold *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n_tables; i++)
        map_free(f->tables[i].entries);
    free(f->tables);
    arena_free(f->arena);
    free(f);
}

void fold_reset(struct fold *f)
{
    for (size_t i = 0; i < f->n_tables; i++) {
        struct fold_table *t = &f->tables[i];
        if (!t->touched)
            continue;
        map_reset(t->entries);
        t->truncated = t->touched = false;
        t->changes = 0;
    }
    arena_reset(f->arena);
    f->changes = f->transactions = 0;
    f->open = false;
}

size_t fold_size(const struct fold *f)
{
    return arena_used(f->arena) + (size_t)f->changes * ENTRY_COST;
}

/* -- encoding -- */

static size_t value_size(const struct value *v)
{
    return 4 + (v->kind == VALUE_DATA ? v->n : 0);
}

static char *put_value(char *at, const struct value *v)
{
    int32_t n = v->kind == VALUE_NULL ? FIELD_NULL : v->kind == VALUE_UNCHANGED ? FIELD_UNCHANGED : (int32_t)v->n;
    uint32_t be = __builtin_bswap32((uint32_t)n);
    memcpy(at, &be, 4);
    if (n > 0)
        memcpy(at + 4, v->p, (size_t)n);
    return at + value_size(v);
}

static struct str encode_key(struct arena *a, const struct table *t, const struct value *row)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_key; i++)
        n += value_size(&row[t->key[i]]);
    char *p = arena_alloc_raw(a, n), *at = p;
    for (size_t i = 0; i < t->n_key; i++)
        at = put_value(at, &row[t->key[i]]);
    return (struct str){p, n};
}

static struct str encode_row(struct arena *a, const struct table *t, const struct value *row, bool *ret_unchanged)
{
    size_t n = 0;
    *ret_unchanged = false;
    for (size_t i = 0; i < t->n_columns; i++) {
        if (t->columns[i].generated)
            continue;
        n += value_size(&row[i]);
        *ret_unchanged |= row[i].kind == VALUE_UNCHANGED;
    }
    char *p = arena_alloc_raw(a, n), *at = p;
    for (size_t i = 0; i < t->n_columns; i++)
        if (!t->columns[i].generated)
            at = put_value(at, &row[i]);
    return (struct str){p, n};
}

bool fold_next_field(struct str *rest, int32_t *ret_length, const char **ret_bytes)
{
    if (rest->n < 4)
        return false;
    uint32_t be;
    memcpy(&be, rest->p, 4);
    *ret_length = (int32_t)__builtin_bswap32(be);
    *ret_bytes = rest->p + 4;
    size_t used = 4 + (*ret_length > 0 ? (size_t)*ret_length : 0);
    assert(used <= rest->n);
    rest->p += used;
    rest->n -= used;
    return true;
}

/* The new row with every unchanged field taken from the older one, which may itself have unchanged fields. */
static struct str merge_rows(struct arena *a, struct str row, struct str older, bool *ret_unchanged)
{
    char *p = arena_alloc_raw(a, row.n + older.n), *at = p;
    int32_t n, old_n;
    const char *bytes, *old_bytes;
    *ret_unchanged = false;
    while (fold_next_field(&row, &n, &bytes)) {
        bool had = fold_next_field(&older, &old_n, &old_bytes);
        assert(had);
        if (n == FIELD_UNCHANGED) {
            n = old_n;
            bytes = old_bytes;
        }
        *ret_unchanged |= n == FIELD_UNCHANGED;
        size_t used = 4 + (n > 0 ? (size_t)n : 0);
        memcpy(at, bytes - 4, used);
        at += used;
    }
    return (struct str){p, (size_t)(at - p)};
}

/* -- folding -- */

static struct fold_entry *entry_of(struct fold *f, struct fold_table *t, struct str key)
{
    struct map_entry *slot = map_put(t->entries, key);
    if (!slot->value) {
        struct fold_entry *e = arena_new_one(f->arena, struct fold_entry);
        e->key = key;
        slot->value = e;
    }
    return slot->value;
}

static void set_gone(struct fold_entry *e)
{
    e->row = e->origin = (struct str){NULL, 0};
}

/* Puts the new row under its key. `before` is what the batch knew of the row under its former key, `old_key` that key.
 */
static void set_row(struct fold *f, struct fold_entry *e, struct str row, bool unchanged, struct fold_entry before,
                    struct str old_key)
{
    struct str origin = {NULL, 0};
    if (unchanged && before.row.p) {
        row = merge_rows(f->arena, row, before.row, &unchanged);
        origin = before.origin;
    } else if (unchanged) {
        origin = old_key;
    }
    e->row = row;
    e->origin = unchanged ? origin : (struct str){NULL, 0};
}

static void add_keyed(struct fold *f, struct fold_table *t, const struct change *c)
{
    struct str old_key = {NULL, 0};
    struct fold_entry before = {0};
    if (c->old) {
        old_key = encode_key(f->arena, t->table, c->old);
        struct fold_entry *gone = entry_of(f, t, old_key);
        before = *gone;
        set_gone(gone);
    }
    if (!c->row)
        return;
    bool unchanged = false;
    struct str key = encode_key(f->arena, t->table, c->row);
    struct str row = encode_row(f->arena, t->table, c->row, &unchanged);
    struct fold_entry *e = entry_of(f, t, key);
    if (!c->old) {
        before = *e;
        old_key = key;
    }
    set_row(f, e, row, unchanged, before, old_key);
}

static void count_row(struct fold *f, struct fold_table *t, const struct value *row, int64_t by)
{
    bool unchanged = false;
    struct str bytes = encode_row(f->arena, t->table, row, &unchanged);
    entry_of(f, t, bytes)->count += by;
}

static void add_whole(struct fold *f, struct fold_table *t, const struct change *c)
{
    if (c->old)
        count_row(f, t, c->old, -1);
    if (c->row)
        count_row(f, t, c->row, 1);
}

void fold_add(struct fold *f, const struct change *c)
{
    struct fold_table *t = &f->tables[c->table->number];
    t->touched = true;
    t->changes++;
    f->changes++;
    if (c->kind == CHANGE_TRUNCATE) {
        map_reset(t->entries);
        t->truncated = true;
    } else if (t->table->mode == TABLE_FULL) {
        add_whole(f, t, c);
    } else {
        add_keyed(f, t, c);
    }
}
