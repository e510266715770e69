#include "n1/ingest.h"
#include "base/name.h"
#include "base/vec.h"
#include "db/environment.h"
#include "db/target.h"

#define PIECE_BYTES ((size_t)1 << 20)
#define ORDINAL "\"carryover:n\""
#define DEAD_MAX 50000

/* Few rows against tables of any size: always by their keys. A plan is made once, when the temporary tables have no
 * statistics. */
static const char session_sql[] =
    "set jit = off; set work_mem = '64MB'; set join_collapse_limit = 20; set from_collapse_limit = 20;"
    "set enable_hashjoin = off; set enable_mergejoin = off; set plan_cache_mode = force_generic_plan;"
    "set client_min_messages = error; set synchronous_commit = on; set lock_timeout = '30s';"
    " set statement_timeout = '10min'"; /* whatever goes wrong, a worker is not lost to it */

/* --- texts --- */

static void put_names(struct buf *b, const char *const *names, size_t n, const char *prefix)
{
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ", " : "");
        buf_puts(b, prefix);
        name_put(b, names[i]);
    }
}

static const char *temporary(struct arena *a, const char *name)
{
    return arena_printf(a, "pg_temp.%s", pg_ident(a, name));
}

/* A statement that is planned once on this connection. */
static bool prepare(struct ingest *in, const char *name, const char *sql, struct err *err)
{
    return pg_execf(in->pg, err, "prepare %s as %s", pg_ident(in->a, name), sql);
}

/* --- tables of N-1 --- */

static bool read_list(struct ingest *in, const char *sql, struct pg_args args, const char ***ret, size_t *ret_n,
                      struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(in->pg, sql, args, &r, err))
        return false;
    *ret_n = (size_t)PQntuples(r);
    *ret = arena_new_array(in->a, const char *, *ret_n + 1);
    for (size_t i = 0; i < *ret_n; i++)
        (*ret)[i] = arena_dup(in->a, pg_text(r, (int)i, 0));
    return true;
}

static const char columns_sql[] =
    "select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped"
    " and attgenerated = '' order by attnum";
static const char key_sql[] =
    "select a.attname from pg_index i join unnest(i.indkey) with ordinality k(attnum, n) on true"
    " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum"
    " where i.indrelid = $1::regclass and i.indisprimary order by k.n";

/* What a column that the store does not send gets: what the package says, what the table says, or nothing, in the sense
 * of its type. */
static const char defaults_sql[] =
    "select attname, case when d.adbin is not null then pg_get_expr(d.adbin, d.adrelid)"
    " when t.typcategory = 'S' then $$''$$ when t.typcategory = 'N' then '0' when t.typcategory = 'B' then 'false'"
    " when t.typname in ('timestamp', 'timestamptz', 'date') then $$'1900-01-01'$$ when t.typname = 'time' then "
    "$$'0:00'$$"
    " when t.typname = 'bytea' then $$''$$ end"
    " from pg_attribute a join pg_type t on t.oid = a.atttypid"
    " left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum"
    " where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''"
    " and (attnotnull or d.adbin is not null)";

static const char *default_of(const struct ingest *in, const char *column)
{
    for (size_t i = 0; i < in->u->n_defaults; i++)
        if (strcmp(in->u->defaults[i].column, column) == 0)
            return in->u->defaults[i].sql;
    return NULL;
}

static void put_default(struct buf *b, const struct ingest_table *t, const char *column, const char *sql)
{
    buf_printf(b, "; alter table %s alter ", t->stage);
    name_put(b, column);
    buf_printf(b, " set default %s", sql);
}

static bool put_defaults(struct ingest *in, const struct ingest_table *t, struct buf *b, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(in->pg, defaults_sql, PG_ARGS(t->name), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        if (!PQgetisnull(r, i, 1) && !default_of(in, pg_text(r, i, 0)))
            put_default(b, t, pg_text(r, i, 0), pg_text(r, i, 1));
    for (size_t i = 0; i < t->n_columns; i++)
        if (default_of(in, t->columns[i]))
            put_default(b, t, t->columns[i], default_of(in, t->columns[i]));
    return true;
}

/* Without constraints: a null is refused by the real table, where it is known which row it is of. */
static bool make_stage(struct ingest *in, const struct ingest_table *t, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "create temp table %s as select ", t->stage + strlen("pg_temp."));
    ingest_add_temporary(in, t->stage);
    put_names(&b, t->columns, t->n_columns, "");
    buf_printf(&b, ", null::bigint as " ORDINAL " from %s where false", t->name);
    return put_defaults(in, t, &b, err) && pg_exec(in->pg, b.p, err);
}

static bool open_table(struct ingest *in, size_t i, struct err *err)
{
    SCOPED_BUF b = {0};
    struct ingest_table *t = &in->tables[i];
    t->conf = &in->u->tables[i];
    t->name = pg_qualified(in->a, TARGET_OLD, t->conf->name);
    t->stage = temporary(in->a, name_derived(in->a, "changed:", t->conf->name));
    if (!read_list(in, columns_sql, PG_ARGS(t->name), &t->columns, &t->n_columns, err) ||
        !read_list(in, key_sql, PG_ARGS(t->name), &t->key, &t->n_key, err))
        return false;
    if (t->n_key == 0)
        return err_set(err, ERR_TARGET_STATE, "%s has no primary key: uploads could not be told apart", t->name);
    buf_printf(&b, "insert into %s (", t->name);
    put_names(&b, t->columns, t->n_columns, "");
    buf_puts(&b, ") select ");
    put_names(&b, t->columns, t->n_columns, "");
    buf_printf(&b, " from %s", t->stage);
    t->insert = arena_printf(in->a, "execute %s; ", pg_ident(in->a, arena_printf(in->a, "insert:%zu", i)));
    return make_stage(in, t, err) && prepare(in, arena_printf(in->a, "insert:%zu", i), b.p, err);
}

/* --- lenses --- */

static const char lenses_sql[] =
    "select l.name, l.key, l.dirty, l.columns, l.keys_table, l.focused, l.kind from carryover.lens l"
    " where l.direction = 'up' and l.name = $1";
static const char trackers_sql[] =
    "select rel_name, sql from carryover.tracker where rel_schema = 'old' and lens = $1 order by rel_name, n";

/* A tracker puts keys into the log of its lens, where `upgrade` finds them. Here they are wanted on this connection
 * only: the same statement with the temporary table instead. It begins as lens/tracker.c makes it. */
static const char *redirect(struct ingest *in, const struct ingest_lens *l, const char *sql)
{
    const char *begin = arena_printf(in->a, "INSERT INTO %s ", l->dirty);
    return str_starts(str_of(sql), begin) ? arena_printf(in->a, "insert into %s %s", l->keys, sql + strlen(begin))
                                          : NULL;
}

static bool read_trackers(struct ingest *in, struct ingest_lens *l, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(in->pg, trackers_sql, PG_ARGS(l->name), &r, err))
        return false;
    l->trackers = arena_new_array(in->a, struct ingest_tracker, (size_t)PQntuples(r));
    for (int i = 0; i < PQntuples(r); i++)
        for (size_t k = 0; k < in->u->n_tables; k++) {
            if (strcmp(in->u->tables[k].name, pg_text(r, i, 0)) != 0)
                continue;
            char *name = arena_printf(in->a, "tracker:%s:%d", l->name, i);
            const char *sql = redirect(in, l, pg_text(r, i, 1));
            if (!sql)
                return err_set(err, ERR_TARGET_STATE, "a tracker of %s is not as expected", l->name);
            if (!prepare(in, name, sql, err))
                return false;
            l->trackers[l->n_trackers++] =
                (struct ingest_tracker){k, arena_printf(in->a, "execute %s; ", pg_ident(in->a, name))};
        }
    return true;
}

static bool is_recounted(const struct ingest *in, const char *table)
{
    for (size_t i = 0; i < in->u->recount.n; i++)
        if (strcmp(in->u->recount.p[i], table) == 0)
            return true;
    return false;
}

/* Names of a text[] of the catalog: they are read back by the server, which knows its quotes. */
static bool read_names(struct ingest *in, const char *array, const char ***ret, size_t *ret_n, struct err *err)
{
    return read_list(in, "select unnest($1::text[])", PG_ARGS(array), ret, ret_n, err);
}

static void put_update(struct buf *b, const char *const *columns, size_t n)
{
    buf_puts(b, "do update set ");
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ", " : "");
        name_put(b, columns[i]);
        buf_puts(b, " = excluded.");
        name_put(b, columns[i]);
    }
}

static bool prepare_up(struct ingest *in, struct ingest_lens *l, const PGresult *r, const char *const *key,
                       size_t n_key, struct err *err)
{
    SCOPED_BUF b = {0};
    const char **columns = NULL;
    size_t n_columns = 0;
    char *name = arena_printf(in->a, "up:%s", l->name);
    if (!read_names(in, pg_text(r, 0, 3), &columns, &n_columns, err))
        return false;
    buf_printf(&b, "insert into %s (", pg_qualified(in->a, TARGET_NEW, l->name));
    put_names(&b, columns, n_columns, "");
    buf_printf(&b, ") %s on conflict (", pg_text(r, 0, 5));
    put_names(&b, key, n_key, "");
    buf_puts(&b, ") ");
    if (l->recount)
        put_update(&b, columns, n_columns);
    else
        buf_puts(&b, "do nothing");
    l->up = arena_printf(in->a, "execute %s; ", pg_ident(in->a, name));
    return prepare(in, name, b.p, err);
}

static bool make_lens(struct ingest *in, struct ingest_lens *l, const PGresult *r, struct err *err)
{
    const char **key = NULL;
    size_t n_key = 0;
    l->keys = temporary(in->a, pg_text(r, 0, 4));
    l->dirty = pg_qualified(in->a, "carryover", pg_text(r, 0, 2));
    l->recount = is_recounted(in, l->name);
    if (l->recount)
        l->lock = arena_printf(in->a, "select pg_advisory_xact_lock(1667330681, hashtext(%s)); ",
                               pg_literal(in->a, arena_printf(in->a, "recount %s", l->name)));
    ingest_add_temporary(in, l->keys);
    return pg_execf(in->pg, err, "create temp table %s (like %s)", l->keys + strlen("pg_temp."), l->dirty) &&
           read_names(in, pg_text(r, 0, 1), &key, &n_key, err) && prepare_up(in, l, r, key, n_key, err) &&
           read_trackers(in, l, err);
}

static bool open_lens(struct ingest *in, const char *name, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(in->pg, lenses_sql, PG_ARGS(name), &r, err))
        return false;
    if (PQntuples(r) == 0) /* a table of version N that comes from nowhere */
        return true;
    if (strcmp(pg_text(r, 0, 6), "full") == 0)
        return err_set(err, ERR_TARGET_STATE, "the lens %s is made anew as a whole: uploads cannot take it up", name);
    struct ingest_lens *l = &in->lenses[in->n_lenses++];
    l->name = arena_dup(in->a, name);
    return make_lens(in, l, r, err) || err_wrap(err, "the lens %s", name);
}

static bool open_lenses(struct ingest *in, struct err *err)
{
    in->lenses = arena_new_array(in->a, struct ingest_lens, in->package->n_homes);
    for (size_t i = 0; i < in->package->n_homes; i++)
        if (in->package->homes[i].home == HOME_STORE && !open_lens(in, in->package->homes[i].table, err))
            return false;
    return true;
}

/* --- opening --- */

/* Before the cutover old.* belongs to replication; and another package would say other things about its tables. */
static bool check_ready(struct ingest *in, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select to_regclass('carryover.lens_package') is not null,"
                      " " ENVIRONMENT_LIVE_SQL;
    if (!in->u)
        return err_set(err, ERR_GATEWAY_BUSY, "headquarters takes no uploads");
    if (!pg_query(in->pg, sql, PG_NONE, &r, err))
        return false;
    if (!pg_bool(r, 0, 0) || !pg_bool(r, 0, 1))
        return err_set(err, ERR_GATEWAY_BUSY, "headquarters takes no uploads yet");
    pg_clear(&r);
    if (!pg_query(in->pg, "select digest from carryover.lens_package where direction = 'up'", PG_NONE, &r, err))
        return false;
    return (PQntuples(r) && strcmp(pg_text(r, 0, 0), in->package->core) == 0) ||
           err_set(err, ERR_GATEWAY_BUSY, "headquarters takes no uploads: its upgrade package is another one");
}

static bool open_all(struct ingest *in, struct err *err)
{
    if (!check_ready(in, err) || !pg_exec(in->pg, session_sql, err))
        return false;
    in->tables = arena_new_array(in->a, struct ingest_table, in->u->n_tables);
    for (size_t i = 0; i < in->u->n_tables; i++)
        if (!open_table(in, i, err))
            return err_wrap(err, "the table %s of uploads", in->u->tables[i].name);
    return open_lenses(in, err);
}

bool ingest_open(const char *uri, const struct package *p, struct ingest **ret, struct err *err)
{
    struct ingest *in = calloc(1, sizeof *in);
    if (!in)
        abort();
    *in = (struct ingest){.a = arena_new(), .package = p, .u = p->uploads};
    if (pg_open(uri, "target", &in->pg, err) && open_all(in, err)) {
        pg_shield(in->pg, true); /* what has begun is finished at the stop */
        *ret = in;
        return true;
    }
    ingest_free(in);
    return false;
}

void ingest_free(struct ingest *in)
{
    if (in->pg)
        pg_free(in->pg);
    buf_done(&in->clear);
    buf_done(&in->anew);
    arena_free(in->a);
    free(in);
}

/* --- temporary tables --- */

void ingest_add_temporary(struct ingest *in, const char *name)
{
    buf_printf(&in->clear, "delete from %s; ", name);
    buf_printf(&in->anew, "truncate %s; ", name);
}

bool ingest_begin(struct ingest *in, struct err *err)
{
    bool many = in->dead > DEAD_MAX;
    if (many)
        in->dead = 0;
    return target_admit_writer(in->pg, err) && pg_exec(in->pg, many ? in->anew.p : in->clear.p, err);
}

/* --- rows --- */

size_t ingest_place(const struct ingest *in, const struct intake_table *t)
{
    return (size_t)(t->conf - in->u->tables);
}

static bool has_name(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool check_table(const struct ingest *in, const struct intake_table *t, struct err *err)
{
    const struct ingest_table *real = &in->tables[ingest_place(in, t)];
    for (size_t i = 0; i < t->n_columns; i++)
        if (!has_name(real->columns, real->n_columns, t->columns[i]))
            return err_set(err, ERR_UPLOAD_REFUSED, "%s has no column %s", t->conf->name, t->columns[i]);
    for (size_t i = 0; i < real->n_key; i++)
        if (!has_name(t->columns, t->n_columns, real->key[i]) && !default_of(in, real->key[i]))
            return err_set(err, ERR_UPLOAD_REFUSED, "%s lacks the column %s of its key", t->conf->name, real->key[i]);
    return true;
}

bool ingest_check(const struct ingest *in, const struct intake *rows, struct err *err)
{
    for (size_t i = 0; i < rows->n_tables; i++)
        if (!check_table(in, &rows->tables[i], err))
            return false;
    return true;
}

static bool send_numbered(struct pg *pg, const struct intake_table *t, size_t from, size_t to, struct err *err)
{
    SCOPED_BUF b = {0};
    for (size_t i = from; i < to; i++) {
        buf_printf(&b, "%zu\t", i);
        buf_put(&b, t->lines.p + t->starts[i], t->starts[i + 1] - t->starts[i]);
        if (b.n < PIECE_BYTES && i + 1 < to)
            continue;
        if (!pg_copy_put(pg, b.p, b.n, err))
            return false;
        buf_reset(&b);
    }
    return true;
}

static bool send_plain(struct pg *pg, const struct intake_table *t, size_t from, size_t to, struct err *err)
{
    for (size_t at = t->starts[from], end = t->starts[to], n; at < end; at += n) {
        n = MIN(end - at, PIECE_BYTES);
        if (!pg_copy_put(pg, t->lines.p + at, n, err))
            return false;
    }
    return true;
}

bool ingest_stage(struct ingest *in, const struct intake_table *t, size_t from, size_t to, bool numbered,
                  struct err *err)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "copy %s (%s", in->tables[ingest_place(in, t)].stage, numbered ? ORDINAL ", " : "");
    put_names(&b, t->columns, t->n_columns, "");
    buf_puts(&b, ") from stdin");
    in->dead += (int64_t)(to - from);
    return pg_copy_in(in->pg, b.p, err) && (numbered ? send_numbered : send_plain)(in->pg, t, from, to, err) &&
           pg_copy_end(in->pg, NULL, err);
}

void ingest_put_up(const struct ingest *in, const struct ingest_lens *l, const struct intake *rows, struct buf *b)
{
    bool any = false;
    for (size_t i = 0; i < l->n_trackers; i++)
        for (size_t k = 0; k < rows->n_tables; k++) {
            if (ingest_place(in, &rows->tables[k]) != l->trackers[i].table)
                continue;
            if (l->lock && !any)
                buf_puts(b, l->lock);
            any = true;
            buf_puts(b, l->trackers[i].sql);
        }
    if (!any)
        return;
    buf_puts(b, l->up);
}

bool ingest_rows(struct ingest *in, const struct intake *rows, struct err *err)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < rows->n_tables; i++)
        if (!ingest_stage(in, &rows->tables[i], 0, rows->tables[i].n, false, err))
            return err_wrap(err, "%s", rows->tables[i].conf->name);
    for (size_t i = 0; i < rows->n_tables; i++)
        buf_puts(&b, in->tables[ingest_place(in, &rows->tables[i])].insert);
    for (size_t i = 0; i < in->n_lenses; i++)
        ingest_put_up(in, &in->lenses[i], rows, &b);
    return b.n == 0 || pg_exec(in->pg, b.p, err);
}

bool ingest_is_about_data(const struct err *err)
{
    static const char *const classes[] = {"22", "23", "21", "P0"};
    for (size_t i = 0; i < ARRAY_LEN(classes); i++)
        if (err->code == ERR_SQL && strncmp(err->sqlstate, classes[i], 2) == 0)
            return true;
    return false;
}
