#include "lens/view.h"
#include "base/name.h"

/* The byte of `text` at which its character number `position` (from 1) stands. */
static int byte_of_character(const char *text, int position)
{
    int byte = 0;
    for (int seen = 1; text[byte] && seen < position; byte++)
        seen += (text[byte + 1] & 0xC0) != 0x80;
    return byte;
}

static void put_head(struct buf *b, const struct lens *l)
{
    buf_puts(b, "create view ");
    name_put(b, l->view_schema);
    buf_putc(b, '.');
    name_put(b, l->name);
    buf_puts(b, " as\n");
}

bool view_create(struct pg *pg, const struct lens *l, const struct package_file *file, struct arena *a, struct err *err)
{
    SCOPED_BUF sql = {0};
    put_head(&sql, l);
    size_t head = sql.n;
    buf_puts(&sql, file->body);
    SCOPED_RESULT r = PQexec(pg_raw(pg), sql.p); /* pg_exec() does not tell the position of a mistake */
    if (PQresultStatus(r) == PGRES_COMMAND_OK)
        return true;
    const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
    int byte = position ? byte_of_character(sql.p, (int)strtol(position, NULL, 10)) - (int)head : -1;
    if (PQstatus(pg_raw(pg)) != CONNECTION_OK)
        return pg_fail(pg, r, "creating a view", err);
    err_set(err, ERR_PACKAGE, "%s", PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
    return lens_place(file, MAX(byte, 0), a, err);
}

/* -- columns -- */

static bool has_column(const struct lens *l, const char *name)
{
    for (size_t i = 0; i < l->n_columns; i++)
        if (strcmp(l->columns[i], name) == 0)
            return true;
    return false;
}

static bool check_columns(const struct lens *l, const PGresult *table, struct err *err)
{
    if (PQntuples(table) == 0)
        return err_set(err, ERR_PACKAGE, "%s: there is no table %s.%s for this lens", l->path, l->schema, l->name);
    for (int i = 0; i < PQntuples(table); i++)
        if (!has_column(l, pg_text(table, i, 0)))
            return err_set(err, ERR_PACKAGE, "%s: the lens has no column %s, which the table %s.%s has", l->path,
                           pg_text(table, i, 0), l->schema, l->name);
    for (size_t c = 0; c < l->n_columns; c++) {
        bool found = false;
        for (int i = 0; !found && i < PQntuples(table); i++)
            found = strcmp(l->columns[c], pg_text(table, i, 0)) == 0;
        if (!found)
            return err_set(err, ERR_PACKAGE, "%s: the table %s.%s has no column %s", l->path, l->schema, l->name,
                           l->columns[c]);
    }
    return true;
}

static void take_key_types(struct lens *l, const PGresult *columns, struct arena *a)
{
    l->key_types = arena_new_array(a, const char *, l->n_key + 1);
    for (size_t k = 0; k < l->n_key; k++)
        for (int i = 0; i < PQntuples(columns); i++)
            if (strcmp(pg_text(columns, i, 0), l->key[k]) == 0)
                l->key_types[k] = arena_dup(a, pg_text(columns, i, 1));
}

static bool check_key(const struct lens *l, struct err *err)
{
    for (size_t k = 0; k < l->n_key; k++)
        if (!l->key_types[k])
            return err_set(err, ERR_PACKAGE, "%s: the key column %s is no output column of the lens", l->path,
                           l->key[k]);
    return true;
}

static bool read_columns(struct pg *pg, struct lens *l, struct arena *a, struct err *err)
{
    SCOPED_RESULT view = NULL;
    SCOPED_RESULT table = NULL;
    const char *sql = "select a.attname, format_type(a.atttypid, a.atttypmod) from pg_attribute a"
                      " join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace"
                      " where n.nspname = $1 and c.relname = $2 and a.attnum > 0 and not a.attisdropped"
                      " and a.attgenerated = '' order by a.attnum";
    if (!pg_query(pg, sql, PG_ARGS(l->view_schema, l->name), &view, err) ||
        !pg_query(pg, sql, PG_ARGS(l->schema, l->name), &table, err))
        return false;
    l->n_columns = 0;
    l->columns = arena_new_array(a, const char *, (size_t)PQntuples(view) + 1);
    for (int i = 0; i < PQntuples(view); i++)
        l->columns[l->n_columns++] = arena_dup(a, pg_text(view, i, 0));
    take_key_types(l, view, a);
    return check_columns(l, table, err) && check_key(l, err);
}

/* -- functions whose answer can change by itself -- */

static const char functions_sql[] =
    "select p.oid::regprocedure::text, p.provolatile from pg_rewrite r cross join lateral"
    " regexp_matches(r.ev_action::text, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') m"
    " join pg_proc p on p.oid = m[1]::oid where r.ev_class = $1::regclass and (p.provolatile = 'v'"
    " or (p.provolatile = 's' and (p.pronamespace <> 'pg_catalog'::regnamespace or p.proname in ('now',"
    " 'transaction_timestamp', 'statement_timestamp', 'current_setting', 'current_schema', 'current_schemas',"
    " 'current_database', 'version', 'age', 'txid_current', 'txid_current_if_assigned', 'pg_current_xact_id',"
    " 'inet_client_addr', 'inet_server_addr', 'getdatabaseencoding', 'obj_description', 'col_description')))) limit 1";

static bool check_functions(struct pg *pg, const struct lens *l, struct err *err)
{
    SCOPED_RESULT r = NULL;
    SCOPED_BUF view = {0};
    name_put(&view, l->view_schema);
    buf_putc(&view, '.');
    name_put(&view, l->name);
    if (!pg_query(pg, functions_sql, PG_ARGS(view.p), &r, err))
        return false;
    if (PQntuples(r) == 0)
        return true;
    return err_set(err, ERR_LENS_CONSTRUCT,
                   "%s: the function %s is %s: the lens could change without its tables changing; use an immutable "
                   "function or a setting of the package (:name)",
                   l->path, pg_text(r, 0, 0), *pg_text(r, 0, 1) == 'v' ? "volatile" : "stable");
}

bool view_analyse(struct pg *pg, struct lens *l, const struct catalog *cat, struct arena *a, struct err *err)
{
    SCOPED_BUF view = {0};
    char *definition = NULL;
    name_put(&view, l->view_schema);
    buf_putc(&view, '.');
    name_put(&view, l->name);
    return read_columns(pg, l, a, err) && check_functions(pg, l, err) &&
           pg_value(pg, "select pg_get_viewdef($1::regclass)", PG_ARGS(view.p), a, &definition, err) &&
           lens_analyse(l, definition, cat, a, err);
}
