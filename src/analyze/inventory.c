#include "analyze/inventory.h"

static struct analyze_module *module_of(struct analysis *r, const char *name)
{
    for (size_t i = 0; i < r->n_modules; i++)
        if (strcmp(r->modules[i].name, name) == 0)
            return &r->modules[i];
    r->modules[r->n_modules] = (struct analyze_module){.name = name};
    return &r->modules[r->n_modules++];
}

static int by_bytes(const void *a, const void *b)
{
    const struct analyze_module *x = a, *y = b;
    return x->bytes != y->bytes ? (x->bytes < y->bytes ? 1 : -1) : strcmp(x->name, y->name);
}

static void add_up(const struct package *package, struct arena *a, struct analysis *ret)
{
    ret->modules = arena_new_array(a, struct analyze_module, package->n_modules + 1);
    for (size_t i = 0; i < ret->n_tables; i++) {
        struct analyze_table *t = &ret->tables[i];
        const char *module = package_module_of(package, t->name);
        t->module = module ? module : "other";
        struct analyze_module *m = module_of(ret, t->module);
        m->tables++;
        m->rows += t->rows;
        m->bytes += t->bytes;
        ret->database_bytes += t->bytes;
    }
    qsort(ret->modules, ret->n_modules, sizeof *ret->modules, by_bytes);
}

bool inventory_read(struct pg *pg, const struct package *package, struct arena *a, struct analysis *ret,
                    struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)"
                      " from pg_class c where c.relnamespace = current_schema()::regnamespace"
                      " and c.relkind in ('r', 'm') order by 3 desc, 1";
    if (!pg_query(pg, sql, PG_NONE, &r, err))
        return err_wrap(err, "reading the sizes of the tables");
    ret->n_tables = (size_t)PQntuples(r);
    ret->tables = arena_new_array(a, struct analyze_table, ret->n_tables + 1);
    for (size_t i = 0; i < ret->n_tables; i++)
        ret->tables[i] = (struct analyze_table){
            .name = arena_dup(a, pg_text(r, (int)i, 0)), .rows = pg_i64(r, (int)i, 1), .bytes = pg_i64(r, (int)i, 2)};
    add_up(package, a, ret);
    return true;
}

/* `(number of the list, table, column or null)` of everything that is asked for. */
static void put_wanted(struct buf *b, const char *const *lists, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str list = str_of(lists[i]);
        while (list.n) {
            struct str column = str_trim(str_split(&list, ','));
            struct str table = str_split(&column, '.');
            buf_printf(b, "%s(%zu, '%.*s', nullif('%.*s', ''))", b->n ? ", " : "", i, STR_ARG(table), STR_ARG(column));
        }
    }
}

bool inventory_missing(struct pg *pg, const char *const *lists, size_t n, struct arena *a, const char **ret_missing,
                       struct err *err)
{
    SCOPED_BUF wanted = {0};
    SCOPED_RESULT r = NULL;
    memset(ret_missing, 0, n * sizeof *ret_missing);
    put_wanted(&wanted, lists, n);
    if (wanted.n == 0)
        return true;
    const char *sql = arena_printf(
        a,
        "select w.i, w.t, case when c.oid is null then 'no table ' || w.t else 'no column ' || w.t || '.' || w.f end"
        " from (values %s) w(i, t, f)"
        " left join pg_class c on c.relname = w.t and c.relnamespace = current_schema()::regnamespace"
        " and c.relkind in ('r', 'p', 'v', 'm', 'f')"
        " left join pg_attribute t on t.attrelid = c.oid and t.attname = w.f and t.attnum > 0 and not t.attisdropped"
        " where c.oid is null or (w.f is not null and t.attname is null)",
        wanted.p);
    if (!pg_query(pg, sql, PG_NONE, &r, err))
        return err_wrap(err, "looking for the tables that rules need");
    for (int row = 0; row < PQntuples(r); row++) {
        size_t i = (size_t)pg_i64(r, row, 0);
        ret_missing[i] = ret_missing[i] ? ret_missing[i] : arena_dup(a, pg_text(r, row, 2));
    }
    return true;
}
