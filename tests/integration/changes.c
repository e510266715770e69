#include "integration/changes.h"
#include "base/name.h"
#include "integration/pg.h"
#include "lens/images.h"

#define SMALL_KEY 1000 /* integer keys below it are drawn again from 1 .. max, larger ones move far away */

struct table {
    const struct catalog_table *t;
    struct catalog_column *columns;
    bool *is_key, *is_unique;                  /* of the key; of another unique index */
    const char *picked, *rows, *stage, *image; /* temporary tables */
};

struct changes {
    struct pg *pg;
    struct arena *a;
    struct catalog *cat;
    struct rand r;
    const char *schema;
    bool after_the_fact;
    struct table *tables;
    size_t n;
};

static void check(bool ok, const struct err *err)
{
    if (ok)
        return;
    printf("Bail out! %s\n", err->message);
    exit(99);
}

static void put_list(struct buf *b, const struct table *t, bool only_key, const char *prefix)
{
    bool first = true;
    for (size_t i = 0; i < t->t->n_columns; i++) {
        if (only_key && !t->is_key[i])
            continue;
        buf_puts(b, first ? "" : ", ");
        buf_puts(b, prefix);
        name_put(b, t->columns[i].name);
        first = false;
    }
}

static void make_temps(struct changes *c, struct table *t)
{
    SCOPED_BUF b = {0};
    char *real = pg_qualified(c->a, c->schema, t->t->name);
    t->image = pg_ident(c->a, images_table(c->a, t->t->name));
    t->picked = pg_ident(c->a, name_derived(c->a, "picked:", t->t->name));
    t->rows = pg_ident(c->a, name_derived(c->a, "rows:", t->t->name));
    t->stage = pg_ident(c->a, name_derived(c->a, "changed:", t->t->name));
    buf_printf(&b,
               "create temp table %s (like %s, \"op:\" float8, \"no:\" bigint); create temp table %s (like %s);"
               "create temp table %s as select ",
               t->picked, real, t->rows, real, t->stage);
    put_list(&b, t, true, "");
    buf_printf(&b, " from %s limit 0; create temp table %s (like %s)", real, t->image, real);
    test_pg_exec(c->pg, b.p);
}

static void read_unique(struct changes *c, struct table *t)
{
    struct err err;
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select distinct a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and"
        " a.attnum = any (i.indkey) where i.indisunique and not i.indisprimary and i.indrelid = $1::regclass";
    check(pg_query(c->pg, sql, PG_ARGS(pg_qualified(c->a, c->schema, t->t->name)), &r, &err), &err);
    for (int k = 0; k < PQntuples(r); k++)
        for (size_t i = 0; i < t->t->n_columns; i++)
            t->is_unique[i] = t->is_unique[i] || strcmp(t->columns[i].name, pg_text(r, k, 0)) == 0;
}

static void add_table(struct changes *c, const struct catalog_table *t)
{
    struct table *x = &c->tables[c->n];
    *x = (struct table){.t = t,
                        .columns = t->columns,
                        .is_key = arena_new_array(c->a, bool, t->n_columns),
                        .is_unique = arena_new_array(c->a, bool, t->n_columns)};
    for (size_t k = 0; k < t->n_key; k++)
        for (size_t i = 0; i < t->n_columns; i++)
            x->is_key[i] = x->is_key[i] || strcmp(t->key[k], t->columns[i].name) == 0;
    if (t->n_key == 0)
        return;
    c->n++;
    make_temps(c, x);
    read_unique(c, x);
}

struct changes *changes_new(struct pg *pg, const char *schema, uint64_t seed)
{
    struct err err;
    struct changes *c = calloc(1, sizeof *c);
    SCOPED_RESULT r = NULL;
    c->a = arena_new();
    c->cat = catalog_new(c->a);
    c->pg = pg;
    c->r = rand_seeded(seed);
    c->schema = schema;
    c->after_the_fact = strcmp(schema, "hq") == 0;
    check(catalog_read(c->cat, pg, schema, &err), &err);
    const char *sql = "select tablename from pg_tables where schemaname = $1 order by 1";
    check(pg_query(pg, sql, PG_ARGS(schema), &r, &err), &err);
    c->tables = arena_new_array(c->a, struct table, (size_t)PQntuples(r) + 1);
    for (int i = 0; i < PQntuples(r); i++)
        add_table(c, catalog_table(c->cat, schema, pg_text(r, i, 0)));
    return c;
}

void changes_free(struct changes *c)
{
    catalog_free(c->cat);
    arena_free(c->a);
    free(c);
}

size_t changes_tables(const struct changes *c)
{
    return c->n;
}

const char *changes_table_name(const struct changes *c, size_t table)
{
    return c->tables[table].t->name;
}

/* -- rows -- */

static bool is_number(const char *type)
{
    return strcmp(type, "integer") == 0 || strcmp(type, "bigint") == 0;
}

/* op < 0.25: the row goes; < 0.6: some columns change; < 0.8: its key changes; else a new row like it comes. */
static void put_value(struct changes *c, struct buf *b, const struct table *t, size_t i)
{
    const char *name = pg_ident(c->a, t->columns[i].name), *type = t->columns[i].type;
    if (t->is_key[i] && is_number(type)) {
        buf_printf(b,
                   "case when p.\"op:\" < 0.6 then p.%s when p.%s < %d then (1 + floor(random() * 60))::%s"
                   " else (p.%s + 1000000 + floor(random() * 1000000))::%s end",
                   name, name, SMALL_KEY, type, name, type);
        return;
    }
    if (t->is_key[i]) {
        buf_printf(b, "case when p.\"op:\" < 0.6 or random() < 0.5 then p.%s else o.%s end", name, name);
        return;
    }
    if (t->is_unique[i] && strcmp(type, "bigint") == 0)
        buf_printf(b, "case when p.\"op:\" < 0.8 or random() < 0.5 then p.%s else o.%s end", name, name);
    else if (t->is_unique[i] && strncmp(type, "character varying(", 18) == 0)
        buf_printf(b, "case when p.\"op:\" < 0.8 and random() < 0.7 then p.%s else left(md5(random()::text), %d) end",
                   name, (int)strtol(type + 18, NULL, 10));
    else if (t->is_unique[i])
        buf_printf(b, "p.%s", name);
    else
        buf_printf(b, "case when random() < 0.3 then o.%s else p.%s end", name, name);
}

static void stage(struct changes *c, const struct table *t, int rows)
{
    SCOPED_BUF b = {0};
    char *real = pg_qualified(c->a, c->schema, t->t->name);
    buf_printf(&b,
               "truncate %s, %s, %s; insert into %s select x.*, case when"
               " (select count(*) from %s) < 5 then 0.25 + 0.75 * random() else random() end, row_number() over ()"
               " from (select * from %s order by random() limit %d) x;",
               t->picked, t->rows, t->stage, t->picked, real, real, rows);
    buf_printf(&b, "insert into %s select distinct on (", t->rows);
    put_list(&b, t, true, "n.");
    buf_puts(&b, ") n.* from (select ");
    for (size_t i = 0; i < t->t->n_columns; i++) {
        buf_puts(&b, i ? ", " : "");
        put_value(c, &b, t, i);
        buf_puts(&b, " as ");
        name_put(&b, t->columns[i].name);
    }
    buf_printf(&b,
               " from %s p join (select y.*, row_number() over () as \"no:\" from (select * from %s order by random()"
               " limit %d) y) o on o.\"no:\" = p.\"no:\" where p.\"op:\" >= 0.25) n;",
               t->picked, real, rows);
    buf_printf(&b, "insert into %s select ", t->stage);
    put_list(&b, t, true, "");
    buf_printf(&b, " from %s where \"op:\" < 0.8 union select ", t->picked);
    put_list(&b, t, true, "");
    buf_printf(&b, " from %s; analyze %s", t->rows, t->stage);
    test_pg_exec(c->pg, b.p);
}

static bool apply(struct changes *c, const struct table *t)
{
    struct err err = {0};
    SCOPED_BUF b = {0};
    char *real = pg_qualified(c->a, c->schema, t->t->name);
    buf_printf(&b, "with gone as (delete from %s where (", real);
    put_list(&b, t, true, "");
    buf_puts(&b, ") in (select ");
    put_list(&b, t, true, "");
    buf_printf(&b, " from %s) returning *) insert into %s select * from gone; insert into %s select * from %s",
               t->stage, t->image, real, t->rows);
    bool ok = pg_exec(c->pg, b.p, &err);
    check(ok || strcmp(err.sqlstate, "23505") == 0, &err);
    return ok;
}

static void run_trackers(struct changes *c, const struct table *t, const char *when)
{
    struct err err;
    SCOPED_RESULT r = NULL;
    const char *sql = "select sql from carryover.tracker where rel_schema = $3 and rel_name = $1 and"
                      " ($3 = 'hq' or when_to_run in ('both', $2)) order by lens, n";
    check(pg_query(c->pg, sql, PG_ARGS(t->t->name, when, c->schema), &r, &err), &err);
    for (int i = 0; i < PQntuples(r); i++)
        check(pg_exec(c->pg, pg_text(r, i, 0), &err), &err);
}

static bool batch(struct changes *c, const size_t *which, size_t n, int rows)
{
    bool ok = true;
    SCOPED_BUF b = {0};
    buf_printf(&b,
               "begin; set local join_collapse_limit = 20; set local from_collapse_limit = 20; set local jit = off;"
               " select setseed(%f)",
               (double)rand_below(&c->r, 1000000) / 1e6);
    test_pg_exec(c->pg, b.p);
    for (size_t i = 0; i < c->n; i++)
        test_pg_exec(c->pg, arena_printf(c->a, "truncate %s", c->tables[i].image));
    for (size_t i = 0; i < n; i++)
        stage(c, &c->tables[which[i]], 1 + (int)rand_below(&c->r, (uint64_t)rows));
    for (size_t i = 0; !c->after_the_fact && i < n; i++)
        run_trackers(c, &c->tables[which[i]], "before");
    for (size_t i = 0; ok && i < n; i++)
        ok = apply(c, &c->tables[which[i]]);
    for (size_t i = 0; ok && i < n; i++)
        run_trackers(c, &c->tables[which[i]], "after");
    test_pg_exec(c->pg, ok ? "commit" : "rollback");
    return ok;
}

bool changes_batch(struct changes *c, size_t tables, int rows)
{
    size_t which[16], n = 0;
    while (n < tables && n < ARRAY_LEN(which) && n < c->n) {
        size_t pick = rand_below(&c->r, c->n), i = 0;
        while (i < n && which[i] != pick)
            i++;
        if (i == n)
            which[n++] = pick;
    }
    return batch(c, which, n, rows);
}

bool changes_of(struct changes *c, size_t table, int rows)
{
    return batch(c, &table, 1, rows);
}

void changes_truncate(struct changes *c, const char *table)
{
    struct err err;
    SCOPED_RESULT r = NULL;
    const char *sql = "select on_truncate from carryover.tracker where rel_schema = $2 and rel_name = $1";
    check(pg_query(c->pg, sql, PG_ARGS(table, c->schema), &r, &err), &err);
    check(pg_begin(c->pg, &err) && pg_execf(c->pg, &err, "truncate %s", pg_qualified(c->a, c->schema, table)), &err);
    for (int i = 0; i < PQntuples(r); i++)
        check(pg_exec(c->pg, pg_text(r, i, 0), &err), &err);
    check(pg_commit(c->pg, &err), &err);
}

/* -- comparison -- */

int64_t changes_difference(struct pg *pg, const struct lens *l)
{
    struct err err;
    int64_t n = 0;
    SCOPED_BUF columns = {0}, b = {0};
    SCOPED(arena) a = arena_new();
    for (size_t i = 0; i < l->n_columns; i++) {
        buf_puts(&columns, i ? ", " : "");
        name_put(&columns, l->columns[i]);
    }
    const char *view = pg_qualified(a, l->view_schema, l->name), *table = pg_qualified(a, l->schema, l->name);
    /* The fresh evaluation goes through a table of the same shape, for the same rounding. */
    buf_printf(&b, "create temp table \"fresh:\" (like %s); insert into \"fresh:\" (%s) select %s from %s", table,
               columns.p, columns.p, view);
    check(pg_exec(pg, b.p, &err), &err);
    buf_reset(&b);
    buf_printf(&b,
               "select count(*) from ((select %s from \"fresh:\" except all select %s from %s) union all"
               " (select %s from %s except all select %s from \"fresh:\")) d",
               columns.p, columns.p, table, columns.p, table, columns.p);
    check(pg_value_i64(pg, b.p, PG_NONE, &n, &err), &err);
    test_pg_exec(pg, "drop table \"fresh:\"");
    return n;
}
