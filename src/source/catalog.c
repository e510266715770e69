#include "base/name.h"
#include "base/vec.h"
#include "source/internal.h"
#include <stdlib.h>

#define FIRST_USER_OID "16384"
#define SERVER_COLUMNS_MAX 1600 /* MaxHeapAttributeNumber */
#define STAGE_COLUMNS 2         /* "carryover:gone" and "carryover:mask", see replicate/stage */

/* One row per table: how big it is and what identifies its rows. The key is the index that logical decoding uses. */
static const char tables_sql[] =
    "select c.oid, c.relname, greatest(c.reltuples, 0)::bigint, pg_table_size(c.oid), c.relkind = 'p', "
    "c.relpersistence,"
    " c.relreplident, i.indexrelid is not null, coalesce(p.indisprimary, false), coalesce(not p.indimmediate, false),"
    " coalesce(i.indkey::text, '')"
    " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
    " left join pg_index p on p.indrelid = c.oid and p.indisprimary"
    " left join pg_index i on i.indrelid = c.oid and i.indisvalid and case when c.relreplident = 'i' then "
    "i.indisreplident"
    "  else i.indisprimary and i.indimmediate end"
    " where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition"
    " and c.relpersistence <> 't' order by 4 desc, 2";

/* A type travels in binary when its form cannot depend on numbers that differ between servers: built-in ones, enums,
 * domains over built-in ones, and base types of extensions. */
static const char columns_sql[] =
    "select a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attlen = -1 and"
    " a.attstorage <> 'p', a.attnum, case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end,"
    " case when a.attgenerated = '' and pg_get_expr(d.adbin, 0) !~ '[(]' then pg_get_expr(d.adbin, 0) end,"
    " t.typsend <> 0 and t.typreceive <> 0 and t.typtype in ('b', 'e', 'd', 'r', 'm')"
    "  and (t.oid < " FIRST_USER_OID " or t.typtype = 'e' or (t.typtype = 'd' and t.typbasetype < " FIRST_USER_OID ")"
    "       or (t.typtype = 'b' and t.typelem = 0)), a.atttypid, a.atttypmod"
    " from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
    " join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
    " where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped"
    " order by a.attrelid, a.attnum";

/* Without the schema in the search path a definition would name it; here it stays away, for use in another schema. */
static const char indexes_sql[] =
    "select i.indrelid, x.relname, case when k.oid is not null then 'alter table ' || quote_ident(c.relname)"
    "  || ' add constraint ' || quote_ident(x.relname) || ' ' || pg_get_constraintdef(k.oid)"
    " else pg_get_indexdef(i.indexrelid, 0, true) end,"
    " case when c.relreplident = 'i' then i.indisreplident else i.indisprimary end, i.indisunique"
    " from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace"
    " join pg_class x on x.oid = i.indexrelid"
    " left join pg_constraint k on k.conindid = i.indexrelid and k.conrelid = i.indrelid and k.contype in ('p', 'u', "
    "'x')"
    " where n.nspname = $1 and i.indisvalid and c.relkind in ('r', 'p') and not c.relispartition"
    " order by i.indrelid, i.indisprimary desc, x.relname";

/* Tables of one schema, as they are read. */
struct reading {
    struct source *source;
    struct arena *arena;
    const char *schema, *home;
    bool first; /* of several */
};

static bool excluded(const struct reading *g, const char *name)
{
    SCOPED_BUF full = {0};
    buf_printf(&full, "%s.%s", g->schema, name);
    for (const char *const *p = g->source->opts.exclude; p && *p; p++)
        if (str_glob(*p, name) || str_glob(*p, full.p))
            return true;
    return false;
}

static void judge_mode(struct table *t, bool has_key, bool primary, bool deferrable, char persistence, char identity)
{
    t->mode = TABLE_FOLLOW;
    t->reason = "";
    if (persistence == 'u') {
        t->mode = TABLE_CUTOVER;
        t->reason = "an unlogged table leaves no changes in the log";
    } else if (identity == 'n') {
        t->mode = TABLE_CUTOVER;
        t->reason = "its replica identity is NOTHING";
    } else if (has_key) {
        return;
    } else if (identity == 'f') {
        t->mode = TABLE_FULL;
        t->reason = "no key, but REPLICA IDENTITY FULL: its rows are told apart by all their values";
    } else {
        t->mode = TABLE_CUTOVER;
        t->reason = primary && deferrable ? "its primary key is deferrable, which cannot identify rows in the log"
                                          : "it has no primary key: copied again when the source is silent";
    }
}

static struct table *oid_table(struct table_list *l, uint32_t oid)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->p[i].oid == oid)
            return &l->p[i];
    return NULL;
}

static void read_table(const PGresult *r, int row, const struct reading *g, struct table *t)
{
    struct arena *a = g->arena;
    t->oid = (uint32_t)pg_i64(r, row, 0);
    t->schema = g->schema;
    t->home = g->home;
    t->name = arena_dup(a, pg_text(r, row, 1));
    t->label = g->first ? t->name : arena_printf(a, "%s.%s", t->schema, t->name);
    t->rows = pg_i64(r, row, 2);
    t->bytes = pg_i64(r, row, 3);
    t->partitioned = pg_bool(r, row, 4);
    t->binary = true;
    judge_mode(t, pg_bool(r, row, 7), pg_bool(r, row, 8), pg_bool(r, row, 9), pg_text(r, row, 5)[0],
               pg_text(r, row, 6)[0]);
}

static void read_column(const PGresult *r, int row, struct arena *a, struct column *c)
{
    c->name = arena_dup(a, pg_text(r, row, 1));
    c->type = arena_dup(a, pg_text(r, row, 2));
    c->not_null = pg_bool(r, row, 3);
    c->toastable = pg_bool(r, row, 4);
    c->generated = PQgetisnull(r, row, 6) ? NULL : arena_dup(a, pg_text(r, row, 6));
    c->fallback = PQgetisnull(r, row, 7) ? NULL : arena_dup(a, pg_text(r, row, 7));
    c->binary = pg_bool(r, row, 8);
    c->type_oid = (uint32_t)pg_i64(r, row, 9);
    c->modifier = (int32_t)pg_i64(r, row, 10);
    c->number = (int)pg_i64(r, row, 5);
}

static int same_run(const PGresult *r, int from)
{
    int to = from;
    while (to < PQntuples(r) && strcmp(pg_text(r, to, 0), pg_text(r, from, 0)) == 0)
        to++;
    return to;
}

static void attach_columns(const PGresult *r, struct table_list *l, struct arena *a)
{
    for (int from = 0, to; from < PQntuples(r); from = to) {
        to = same_run(r, from);
        struct table *t = oid_table(l, (uint32_t)pg_i64(r, from, 0));
        if (!t)
            continue;
        t->n_columns = (size_t)(to - from);
        t->columns = arena_new_array(a, struct column, t->n_columns);
        for (int i = from; i < to; i++) {
            read_column(r, i, a, &t->columns[i - from]);
            t->binary &= t->columns[i - from].binary || t->columns[i - from].generated != NULL;
        }
    }
}

static size_t column_at(const PGresult *columns, const struct table *t, int64_t attnum)
{
    size_t i = 0;
    for (int row = 0; row < PQntuples(columns); row++) {
        if (pg_i64(columns, row, 0) != t->oid)
            continue;
        if (pg_i64(columns, row, 5) == attnum)
            return i;
        i++;
    }
    return 0;
}

/* indkey is "3 1 2": attribute numbers in key order. */
static void attach_key(const PGresult *tables, int row, const PGresult *columns, struct table *t, struct arena *a)
{
    struct str rest = str_of(pg_text(tables, row, 10));
    if (t->mode != TABLE_FOLLOW)
        return;
    t->key = arena_new_array(a, size_t, t->n_columns + 1);
    while (rest.n) {
        int64_t attnum = 0;
        if (str_to_i64(str_split(&rest, ' '), &attnum))
            t->key[t->n_key++] = column_at(columns, t, attnum);
    }
}

static void attach_indexes(const PGresult *r, struct table_list *l, struct arena *a)
{
    for (int from = 0, to; from < PQntuples(r); from = to) {
        to = same_run(r, from);
        struct table *t = oid_table(l, (uint32_t)pg_i64(r, from, 0));
        if (!t)
            continue;
        t->n_indexes = (size_t)(to - from);
        t->indexes = arena_new_array(a, struct index, t->n_indexes);
        for (int i = from; i < to; i++)
            t->indexes[i - from] = (struct index){.name = arena_dup(a, pg_text(r, i, 1)),
                                                  .ddl = arena_dup(a, pg_text(r, i, 2)),
                                                  .key = t->n_key && pg_bool(r, i, 3),
                                                  .unique = pg_bool(r, i, 4)};
    }
}

/* Changes are staged in a table with the columns and a few of ours. */
static bool check_width(const struct table_list *l, struct err *err)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct table *t = &l->p[i];
        if (t->mode != TABLE_CUTOVER && t->n_columns + t->n_key + STAGE_COLUMNS > SERVER_COLUMNS_MAX)
            return err_set(err, ERR_SOURCE_CATALOG, "the table %s has %zu columns; %d can be followed", t->name,
                           t->n_columns, (int)(SERVER_COLUMNS_MAX - STAGE_COLUMNS - t->n_key));
    }
    return true;
}

static bool read_schema(const struct reading *g, struct table_list *ret, struct err *err)
{
    SCOPED_RESULT tables = NULL;
    SCOPED_RESULT columns = NULL;
    SCOPED_RESULT indexes = NULL;
    struct pg *pg = g->source->pg;
    struct pg_args schema = PG_ARGS(g->schema);
    SCOPED_BUF path = {0};
    buf_puts(&path, "set search_path = ");
    name_put(&path, g->schema);
    if (!pg_exec(pg, path.p, err) || !pg_query(pg, tables_sql, schema, &tables, err) ||
        !pg_query(pg, columns_sql, schema, &columns, err) || !pg_query(pg, indexes_sql, schema, &indexes, err))
        return err_wrap(err, "reading the catalog of the %s", g->source->opts.role);
    int n = PQntuples(tables);
    *ret = (struct table_list){.p = arena_new_array(g->arena, struct table, (size_t)n + 1)};
    for (int i = 0; i < n; i++)
        if (!excluded(g, pg_text(tables, i, 1)))
            read_table(tables, i, g, &ret->p[ret->n++]);
    attach_columns(columns, ret, g->arena);
    for (int i = 0; i < n; i++) {
        struct table *t = oid_table(ret, (uint32_t)pg_i64(tables, i, 0));
        if (t)
            attach_key(tables, i, columns, t, g->arena);
    }
    attach_indexes(indexes, ret, g->arena);
    return true;
}

/* The largest first, as within one schema. */
static int by_size(const void *x, const void *y)
{
    const struct table *a = x, *b = y;
    if (a->bytes != b->bytes)
        return a->bytes < b->bytes ? 1 : -1;
    return strcmp(a->label, b->label);
}

static void append(struct table_list *l, const struct table_list *more, struct arena *a)
{
    struct table *p = arena_new_array(a, struct table, l->n + more->n + 1);
    for (size_t i = 0; i < l->n + more->n; i++)
        p[i] = i < l->n ? l->p[i] : more->p[i - l->n];
    *l = (struct table_list){p, l->n + more->n};
}

static bool read_further(struct source *s, struct arena *a, struct table_list *ret, struct err *err)
{
    for (const char *const *schema = s->opts.also; schema && *schema; schema++) {
        struct reading g = {.source = s, .arena = a, .schema = *schema, .home = *schema};
        struct table_list more = {0};
        if (!read_schema(&g, &more, err))
            return false;
        append(ret, &more, a);
    }
    if (s->opts.also)
        qsort(ret->p, ret->n, sizeof *ret->p, by_size);
    return true;
}

bool source_catalog(struct source *s, struct arena *a, struct table_list *ret, struct err *err)
{
    struct reading g = {.source = s, .arena = a, .schema = s->opts.schema, .home = s->opts.home, .first = true};
    if (!read_schema(&g, ret, err) || !read_further(s, a, ret, err))
        return false;
    for (size_t i = 0; i < ret->n; i++)
        ret->p[i].number = (int)i;
    if (ret->n == 0)
        return err_set(err, ERR_SOURCE_CATALOG, "the %s has no tables in the schema %s", s->opts.role, s->opts.schema);
    return check_width(ret, err);
}

/* User-defined types of the tables' columns, with what they are made of: $1 the tables, $2 the schema of the source, $3
 * that of the target. Extensions come first, then enums, then domains, each behind what it is over; 9 is what cannot be
 * carried. Types of an extension stay in its schema, which column types then name, unless that is the source's own. */
static const char types_sql[] =
    "with recursive used(oid, depth) as ("
    "  select a.atttypid, 0 from pg_attribute a where a.attrelid = any ($1::oid[]) and a.attnum > 0 and not "
    "a.attisdropped"
    "  union select v.oid, u.depth + 1 from used u join pg_type t on t.oid = u.oid,"
    "   unnest(array[t.typelem, t.typbasetype]) v(oid) where v.oid <> 0),"
    " mine as (select oid, max(depth) as depth from used where oid >= " FIRST_USER_OID " group by oid),"
    " made as (select t.*, m.depth, e.extname, en.nspname as extschema from mine m join pg_type t on t.oid = m.oid"
    "  left join pg_depend d on d.classid = 'pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'"
    "  left join pg_extension e on e.oid = d.refobjid left join pg_namespace en on en.oid = e.extnamespace)"
    " select distinct 0 as step, 0 as depth, format('create schema if not exists %1$I; create extension if not exists "
    "%2$I"
    "   with schema %1$I', case when extschema = $2 then $3 else extschema end, extname), ''"
    "  from made where extname is not null"
    " union select 1, 0, format('create type %I.%I as enum (%s)', $3::text, typname,"
    "   (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = "
    "made.oid)),"
    "   typname from made where typtype = 'e' and extname is null"
    " union select 2, -depth, format('create domain %I.%I as %s', $3::text, typname, format_type(typbasetype, "
    "typtypmod)),"
    "   typname from made where typtype = 'd' and extname is null"
    " union select 9, 0, '', format_type(oid, null) from made where typtype not in ('e', 'd') and extname is null"
    "   and not (typtype = 'b' and typelem <> 0 and typcategory = 'A') order by 1, 2, 4";

static void put_oids(struct buf *b, const struct table_list *tables)
{
    buf_putc(b, '{');
    for (size_t i = 0; i < tables->n; i++)
        buf_printf(b, "%s%u", i ? "," : "", tables->p[i].oid);
    buf_putc(b, '}');
}

bool source_types(struct source *s, const struct table_list *tables, struct arena *a, char **ret_sql, struct err *err)
{
    SCOPED_RESULT r = NULL;
    SCOPED_BUF b = {0};
    SCOPED_BUF oids = {0};
    put_oids(&oids, tables);
    if (!pg_query(s->pg, types_sql, PG_ARGS(oids.p, s->opts.schema, s->opts.home), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        if (pg_i64(r, i, 0) == 9)
            return err_set(err, ERR_SOURCE_CATALOG,
                           "the type %s of a replicated column is neither built in, an enum, a domain"
                           " nor of an extension",
                           pg_text(r, i, 3));
        buf_printf(&b, "%s;\n", pg_text(r, i, 2));
    }
    *ret_sql = arena_dup(a, buf_text(&b));
    return true;
}

/* Rows needed for even ranges, and the share of blocks that holds about so many. */
static double sample_percent(const struct table *t, int n)
{
    double wanted = (double)n * 200;
    double percent = t->rows > 0 ? 100 * wanted / (double)t->rows : 100;
    return percent > 100 ? 100 : percent < 0.001 ? 0.001 : percent;
}

static const char **bound_row(const PGresult *r, int row, size_t n_key, struct arena *a)
{
    const char **values = arena_new_array(a, const char *, n_key);
    for (size_t k = 0; k < n_key; k++)
        values[k] = arena_dup(a, pg_text(r, row, (int)k));
    return values;
}

static bool same_bound(const char **x, const char **y, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(x[i], y[i]) != 0)
            return false;
    return true;
}

bool source_split(struct source *s, const struct table *t, int n, struct arena *a, const char ****ret_bounds,
                  size_t *ret_n, struct err *err)
{
    *ret_n = 0;
    *ret_bounds = arena_new_array(a, const char **, (size_t)MAX(n, 1));
    if (n < 2 || !t->n_key || t->partitioned)
        return true;
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    buf_puts(&sql, "select ");
    table_put_key(&sql, t, "");
    buf_puts(&sql, " from ");
    table_put_source(&sql, t);
    buf_printf(&sql, " tablesample system (%f) repeatable (1) order by ", sample_percent(t, n));
    table_put_key(&sql, t, "");
    if (!pg_query(s->pg, sql.p, PG_NONE, &r, err))
        return err_wrap(err, "sampling the keys of %s", t->name);
    int rows = PQntuples(r);
    for (int i = 1; i < n && rows >= n; i++) {
        const char **bound = bound_row(r, (int)((int64_t)i * rows / n), t->n_key, a);
        if (*ret_n == 0 || !same_bound((*ret_bounds)[*ret_n - 1], bound, t->n_key))
            (*ret_bounds)[(*ret_n)++] = bound;
    }
    return true;
}
