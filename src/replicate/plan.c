#include "replicate/plan.h"
#include "base/name.h"
#include "base/vec.h"
#include "source/drift.h"
#include <stdlib.h>

#define CHUNKS_PER_TABLE_MAX 4096

/* -- making -- */

static int chunk_count(const struct table *t, int64_t chunk_bytes)
{
    int64_t n = t->bytes / MAX(chunk_bytes, 1);
    return (int)MAX(1, MIN(n, CHUNKS_PER_TABLE_MAX));
}

static void add_chunks(struct plan *p, const struct table *t, const char ***bounds, size_t n_bounds)
{
    for (size_t i = 0; i <= n_bounds; i++)
        p->chunks[p->n_chunks++] = (struct plan_chunk){
            .table = t, .no = (int)i, .lo = i ? bounds[i - 1] : NULL, .hi = i < n_bounds ? bounds[i] : NULL};
    p->chunks_left[t->number] = n_bounds + 1;
}

static bool plan_chunks(struct source *s, struct plan *p, int64_t chunk_bytes, struct arena *a, struct err *err)
{
    size_t most = 0;
    for (size_t i = 0; i < p->tables->n; i++)
        most += (size_t)chunk_count(&p->tables->p[i], chunk_bytes);
    p->chunks = arena_new_array(a, struct plan_chunk, most + 1);
    for (size_t i = 0; i < p->tables->n; i++) {
        const struct table *t = &p->tables->p[i];
        const char ***bounds = NULL;
        size_t n = 0;
        if (!source_split(s, t, chunk_count(t, chunk_bytes), a, &bounds, &n, err))
            return false;
        add_chunks(p, t, bounds, n);
    }
    return true;
}

static void plan_indexes(struct plan *p, struct arena *a)
{
    size_t most = 0;
    for (size_t i = 0; i < p->tables->n; i++)
        most += p->tables->p[i].n_indexes;
    p->indexes = arena_new_array(a, struct plan_index, most + 1);
    for (size_t i = 0; i < p->tables->n; i++) {
        const struct table *t = &p->tables->p[i];
        for (size_t k = 0; k < t->n_indexes; k++)
            p->indexes[p->n_indexes++] = (struct plan_index){.table = t,
                                                             .name = t->indexes[k].name,
                                                             .ddl = t->indexes[k].ddl,
                                                             .key = t->indexes[k].key,
                                                             .unique = t->indexes[k].unique};
    }
}

static void plan_init(struct plan *p, const struct table_list *tables, struct arena *a)
{
    *p = (struct plan){.tables = tables, .binary = true};
    p->copied_at = arena_new_array(a, uint64_t, tables->n + 1);
    p->chunks_left = arena_new_array(a, size_t, tables->n + 1);
    for (size_t i = 0; i < tables->n; i++)
        p->binary &= tables->p[i].binary;
}

bool plan_make(struct source *s, const struct table_list *tables, int64_t chunk_bytes, struct arena *a,
               struct plan *ret, struct err *err)
{
    plan_init(ret, tables, a);
    plan_indexes(ret, a);
    return plan_chunks(s, ret, chunk_bytes, a, err) || err_wrap(err, "planning the copy");
}

void plan_adopt(struct plan *p)
{
    for (size_t i = 0; i < p->n_chunks; i++) {
        p->chunks[i].done = true;
        p->chunks[i].at = p->snapshot_lsn;
    }
    for (size_t i = 0; i < p->n_indexes; i++)
        p->indexes[i].done = true;
    for (size_t i = 0; i < p->tables->n; i++) {
        p->copied_at[i] = p->snapshot_lsn;
        p->chunks_left[i] = 0;
    }
    p->made = true;
}

/* -- storing -- */

static void put_array(struct buf *b, const char *const *values, size_t n)
{
    if (!values) {
        buf_puts(b, "null");
        return;
    }
    buf_puts(b, "array[");
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ", " : "");
        pg_put_literal(b, values[i]);
    }
    buf_puts(b, "]::text[]");
}

static void put_relation(struct buf *b, const struct plan *p, const struct table *t)
{
    SCOPED_BUF shape = {0};
    table_put_shape(&shape, t);
    const char *key[64];
    size_t n_key = MIN(t->n_key, ARRAY_LEN(key));
    for (size_t i = 0; i < n_key; i++)
        key[i] = t->columns[t->key[i]].name;
    buf_printf(b, "insert into carryover.relation values (%d, ", t->number);
    const char *names[] = {t->schema, t->name, t->home, t->name};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        pg_put_literal(b, names[i]);
        buf_puts(b, ", ");
    }
    put_array(b, key, n_key);
    buf_printf(b, ", '%s', ", table_mode_name(t->mode));
    pg_put_literal(b, t->reason);
    buf_printf(b, ", %" PRId64 ", %" PRId64 ", ", t->rows, t->bytes);
    pg_put_literal(b, shape.p);
    buf_puts(b, ");\n");
    if (p->made || p->chunks_left[t->number] == 1)
        return; /* made in the transaction that copies it */
    table_put_create(b, t);
    buf_puts(b, ";\n");
}

static void put_chunk(struct buf *b, const struct plan_chunk *c)
{
    char at[24];
    pg_lsn_format(c->at, at);
    buf_printf(b, "insert into carryover.chunk (rel, no, lo, hi, done, at) values (%d, %d, ", c->table->number, c->no);
    put_array(b, c->lo, c->table->n_key);
    buf_puts(b, ", ");
    put_array(b, c->hi, c->table->n_key);
    buf_printf(b, c->done ? ", true, '%s');\n" : ", false, null);\n", at);
}

static void put_index(struct buf *b, const struct plan_index *x)
{
    buf_printf(b, "insert into carryover.index_job values (%d, ", x->table->number);
    pg_put_literal(b, x->name);
    buf_puts(b, ", ");
    pg_put_literal(b, x->ddl);
    buf_printf(b, ", %s, %s, %s);\n", x->key ? "true" : "false", x->unique ? "true" : "false",
               x->done ? "true" : "false");
}

bool plan_store(const struct plan *p, const char *types_sql, struct pg *target, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "create schema if not exists ");
    name_put(&b, p->tables->p[0].home);
    buf_puts(&b, ";\nset local search_path = ");
    name_put(&b, p->tables->p[0].home);
    buf_printf(&b, ", public;\n%s", types_sql);
    for (size_t i = 0; i < p->tables->n; i++)
        put_relation(&b, p, &p->tables->p[i]);
    for (size_t i = 0; i < p->n_chunks; i++)
        put_chunk(&b, &p->chunks[i]);
    for (size_t i = 0; i < p->n_indexes; i++)
        put_index(&b, &p->indexes[i]);
    return pg_exec(target, b.p, err) || err_wrap(err, "writing the plan into the target");
}

/* -- loading -- */

static bool refuse_drift(struct pg *target, const struct table_list *catalog, struct arena *a, struct err *err)
{
    struct drifts drifts;
    return drift_find(target, catalog, a, &drifts, err) && drift_refuse(&drifts, err);
}

/* The planned tables in their stored order; tables that came to the source later are not among them. */
static void load_relations(const PGresult *r, const struct table_list *catalog, struct arena *a, struct plan *p)
{
    struct table_list *l = arena_new_one(a, struct table_list);
    l->n = (size_t)PQntuples(r);
    l->p = arena_new_array(a, struct table, l->n + 1);
    plan_init(p, l, a);
    for (int i = 0; i < PQntuples(r); i++) {
        const struct table *t = table_find(catalog, pg_text(r, i, 1), pg_text(r, i, 2));
        l->p[i] = *t;
        l->p[i].number = i;
        p->binary &= t->binary;
    }
}

static void load_chunks(const PGresult *r, struct arena *a, struct plan *p)
{
    p->chunks = arena_new_array(a, struct plan_chunk, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++) {
        const struct table *t = &p->tables->p[pg_i64(r, i, 0)];
        struct plan_chunk *c = &p->chunks[p->n_chunks++];
        *c = (struct plan_chunk){.table = t, .no = (int)pg_i64(r, i, 1), .done = pg_bool(r, i, 2)};
        if (!pg_lsn_parse(pg_text(r, i, 3), &c->at))
            c->at = 0;
        p->chunks_left[t->number] += !c->done;
    }
    for (size_t i = 0; i < p->tables->n; i++)
        p->copied_at[i] = plan_common_snapshot(p, &p->tables->p[i]);
}

static const char **bound_of(struct arena *a, const char *const **bound, size_t n)
{
    if (!*bound)
        *bound = arena_new_array(a, const char *, n + 1);
    return (const char **)*bound;
}

/* One row per chunk and key column, in the order of the chunks: number of the chunk, place in the key, lo, hi. */
static void load_bounds(const PGresult *r, struct arena *a, struct plan *p)
{
    struct plan_chunk *c = p->chunks;
    for (int i = 0; i < PQntuples(r); i++) {
        while (c->table->number != pg_i64(r, i, 0) || c->no != pg_i64(r, i, 1))
            c++;
        size_t at = (size_t)pg_i64(r, i, 2) - 1;
        if (!PQgetisnull(r, i, 3))
            bound_of(a, &c->lo, c->table->n_key)[at] = arena_dup(a, pg_text(r, i, 3));
        if (!PQgetisnull(r, i, 4))
            bound_of(a, &c->hi, c->table->n_key)[at] = arena_dup(a, pg_text(r, i, 4));
    }
}

static void load_indexes(const PGresult *r, struct arena *a, struct plan *p)
{
    p->indexes = arena_new_array(a, struct plan_index, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++)
        p->indexes[p->n_indexes++] = (struct plan_index){.table = &p->tables->p[pg_i64(r, i, 0)],
                                                         .name = arena_dup(a, pg_text(r, i, 1)),
                                                         .ddl = arena_dup(a, pg_text(r, i, 2)),
                                                         .key = pg_bool(r, i, 3),
                                                         .unique = pg_bool(r, i, 4),
                                                         .done = pg_bool(r, i, 5)};
}

static bool load_positions(struct pg *target, struct plan *p, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select snapshot_lsn, consistent_lsn, binary_stream from carryover.replication";
    if (!pg_query(target, sql, PG_NONE, &r, err))
        return false;
    if (PQntuples(r) == 0 || !pg_lsn_parse(pg_text(r, 0, 0), &p->snapshot_lsn) ||
        !pg_lsn_parse(pg_text(r, 0, 1), &p->consistent_lsn))
        return err_set(err, ERR_TARGET_STATE, "the target has no replication to go on with");
    p->binary = pg_bool(r, 0, 2);
    return true;
}

bool plan_load(struct pg *target, const struct table_list *catalog, struct arena *a, struct plan *ret, struct err *err)
{
    SCOPED_RESULT relations = NULL;
    SCOPED_RESULT chunks = NULL;
    SCOPED_RESULT bounds = NULL;
    SCOPED_RESULT indexes = NULL;
    const char *relations_sql = "select rel, source_schema, source_name from carryover.relation order by rel";
    const char *chunks_sql = "select rel, no, done, at from carryover.chunk order by rel, no";
    const char *bounds_sql = "select rel, no, k, lo[k], hi[k] from carryover.chunk,"
                             " generate_series(1, greatest(cardinality(lo), cardinality(hi))) k order by rel, no, k";
    const char *indexes_sql =
        "select rel, name, ddl, is_key, is_unique, done from carryover.index_job order by rel, name";
    if (!refuse_drift(target, catalog, a, err) || !pg_query(target, relations_sql, PG_NONE, &relations, err) ||
        !pg_query(target, chunks_sql, PG_NONE, &chunks, err) || !pg_query(target, bounds_sql, PG_NONE, &bounds, err) ||
        !pg_query(target, indexes_sql, PG_NONE, &indexes, err))
        return err_wrap(err, "loading the plan of the replication");
    load_relations(relations, catalog, a, ret);
    if (!load_positions(target, ret, err))
        return err_wrap(err, "loading the plan of the replication");
    load_chunks(chunks, a, ret);
    load_bounds(bounds, a, ret);
    load_indexes(indexes, a, ret);
    return true;
}

uint64_t plan_common_snapshot(const struct plan *p, const struct table *t)
{
    uint64_t at = 0;
    for (size_t i = 0; i < p->n_chunks; i++) {
        if (p->chunks[i].table != t)
            continue;
        if (!p->chunks[i].done || (at && p->chunks[i].at != at))
            return 0;
        at = p->chunks[i].at;
    }
    return at;
}

bool plan_renew(struct plan *p, uint64_t lsn, struct pg *target, struct err *err)
{
    char text[24];
    pg_lsn_format(lsn, text);
    p->consistent_lsn = lsn;
    return pg_run(target, "update carryover.replication set consistent_lsn = $1::pg_lsn", PG_ARGS(text), NULL, err);
}

bool plan_index_ready(const struct plan *p, const struct plan_index *i, bool consistent)
{
    if (p->chunks_left[i->table->number])
        return false;
    return consistent || i->key || !i->unique || p->copied_at[i->table->number] != 0;
}
