#include "lens/catalog.h"
#include "base/vec.h"

struct catalog {
    struct arena *a;
    struct map *tables;     /* schema.name to catalog_table */
    struct map *aggregates; /* name, or schema.name outside of pg_catalog */
};

struct catalog *catalog_new(struct arena *a)
{
    struct catalog *c = calloc(1, sizeof *c);
    if (!c)
        abort();
    *c = (struct catalog){a, map_new(), map_new()};
    return c;
}

void catalog_free(struct catalog *c)
{
    map_free(c->tables);
    map_free(c->aggregates);
    free(c);
}

static struct str dotted(const struct catalog *c, const char *schema, const char *name)
{
    return str_of(arena_printf(c->a, "%s.%s", schema, name));
}

static struct catalog_table *add_table(struct catalog *c, const char *schema, const char *name)
{
    struct catalog_table *t = arena_new_one(c->a, struct catalog_table);
    t->schema = arena_dup(c->a, schema);
    t->name = arena_dup(c->a, name);
    map_put(c->tables, dotted(c, schema, name))->value = t;
    return t;
}

static size_t count_parts(const char *list)
{
    size_t n = *list ? 1 : 0;
    for (const char *p = list; *p; p++)
        n += *p == ',';
    return n;
}

static char *next_part(struct catalog *c, struct str *list)
{
    return arena_dup_str(c->a, str_trim(str_split(list, ',')));
}

void catalog_add(struct catalog *c, const char *schema, const char *name, const char *columns, const char *key)
{
    struct catalog_table *t = add_table(c, schema, name);
    struct str rest = str_of(columns);
    t->columns = arena_new_array(c->a, struct catalog_column, count_parts(columns));
    while (rest.n) {
        char *column = next_part(c, &rest);
        size_t n = strlen(column);
        bool not_null = column[n - 1] == '!';
        column[n - not_null] = '\0';
        t->columns[t->n_columns++] = (struct catalog_column){column, "int", not_null};
    }
    rest = str_of(key);
    t->key = arena_new_array(c->a, const char *, count_parts(key) + 1);
    while (rest.n)
        t->key[t->n_key++] = next_part(c, &rest);
}

struct catalog_table *catalog_table(const struct catalog *c, const char *schema, const char *name)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "%s.%s", schema, name);
    return map_get(c->tables, buf_str(&b));
}

void catalog_set_key(struct catalog *c, const char *schema, const char *name, const char *const *key, size_t n)
{
    struct catalog_table *t = catalog_table(c, schema, name);
    if (!t)
        return;
    t->key = arena_new_array(c->a, const char *, n + 1);
    t->n_key = n;
    for (size_t i = 0; i < n; i++)
        t->key[i] = key[i];
}

const struct catalog_column *catalog_column(const struct catalog_table *t, const char *name)
{
    for (size_t i = 0; i < t->n_columns; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return &t->columns[i];
    return NULL;
}

bool catalog_is_aggregate(const struct catalog *c, const char *schema, const char *name)
{
    if (*schema == '\0' || strcmp(schema, "pg_catalog") == 0)
        return map_get(c->aggregates, str_of(name)) != NULL;
    SCOPED_BUF b = {0};
    buf_printf(&b, "%s.%s", schema, name);
    return map_get(c->aggregates, buf_str(&b)) != NULL;
}

void catalog_add_aggregate(struct catalog *c, const char *name)
{
    map_put(c->aggregates, str_of(arena_dup(c->a, name)))->value = c;
}

/* -- from a server -- */

static void read_columns(struct catalog *c, const PGresult *r)
{
    struct catalog_table *t = NULL;
    for (int i = 0; i < PQntuples(r); i++) {
        if (!t || strcmp(t->name, pg_text(r, i, 0)) != 0) {
            t = add_table(c, pg_text(r, i, 5), pg_text(r, i, 0));
            t->columns = arena_new_array(c->a, struct catalog_column, (size_t)pg_i64(r, i, 4));
        }
        t->columns[t->n_columns++] = (struct catalog_column){arena_dup(c->a, pg_text(r, i, 1)),
                                                             arena_dup(c->a, pg_text(r, i, 2)), pg_bool(r, i, 3)};
    }
}

static void read_keys(struct catalog *c, const char *schema, const PGresult *r)
{
    for (int i = 0; i < PQntuples(r); i++) {
        struct catalog_table *t = catalog_table(c, schema, pg_text(r, i, 0));
        if (!t)
            continue;
        if (!t->key)
            t->key = arena_new_array(c->a, const char *, t->n_columns + 1);
        t->key[t->n_key++] = arena_dup(c->a, pg_text(r, i, 1));
    }
}

static bool read_aggregates(struct catalog *c, struct pg *pg, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select case when n.nspname = 'pg_catalog' then p.proname else n.nspname || '.' || p.proname end"
                      " from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.prokind = 'a'";
    if (!pg_query(pg, sql, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        map_put(c->aggregates, str_of(arena_dup(c->a, pg_text(r, i, 0))))->value = c;
    return true;
}

/* What replication stages is the key it goes by; a table that it does not know goes by its primary key. */
static const char keys_sql[] =
    "with known as (select target_name, key from carryover.relation where target_schema = $1 and mode = 'follow')"
    " select k.target_name, u.name from known k cross join unnest(k.key) with ordinality u(name, no)"
    " union all (select c.relname, a.attname from pg_index i join pg_class c on c.oid = i.indrelid"
    "  join pg_namespace n on n.oid = c.relnamespace cross join unnest(i.indkey) with ordinality u(attnum, no)"
    "  join pg_attribute a on a.attrelid = c.oid and a.attnum = u.attnum"
    "  where n.nspname = $1 and i.indisprimary and not exists (select from carryover.relation k"
    "   where k.target_schema = $1 and k.target_name = c.relname) order by c.relname, u.no)";

bool catalog_read(struct catalog *c, struct pg *pg, const char *schema, struct err *err)
{
    SCOPED_RESULT columns = NULL;
    SCOPED_RESULT keys = NULL;
    const char *columns_sql =
        "select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,"
        " count(*) over (partition by c.oid), n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped"
        " where n.nspname = $1 and c.relkind in ('r', 'p') order by c.relname, a.attnum";
    if (!pg_query(pg, columns_sql, PG_ARGS(schema), &columns, err) ||
        !pg_query(pg, keys_sql, PG_ARGS(schema), &keys, err))
        return false;
    read_columns(c, columns);
    read_keys(c, schema, keys);
    return read_aggregates(c, pg, err);
}
