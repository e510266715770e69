#include "lens/reload.h"
#include "base/name.h"

bool reload_session(struct pg *target, struct err *err)
{
    return pg_exec(target,
                   "set jit = off; set synchronous_commit = off; set work_mem = '64MB';"
                   "set maintenance_work_mem = '256MB'; set join_collapse_limit = 20;"
                   "set from_collapse_limit = 20; set client_min_messages = error",
                   err);
}

bool reload_blame(const struct lens *l, struct err *err)
{
    if (err->code == ERR_SQL && (strncmp(err->sqlstate, "22", 2) == 0 || strncmp(err->sqlstate, "23", 2) == 0 ||
                                 strcmp(err->sqlstate, "21000") == 0))
        err->code = ERR_LENS_DATA;
    return err_wrap(err, "%s", l->path);
}

/* -- texts -- */

static void put_table(struct buf *b, const struct lens *l)
{
    name_put(b, l->schema);
    buf_putc(b, '.');
    name_put(b, l->name);
}

static void put_list(struct buf *b, const char *const *names, size_t n, const char *prefix)
{
    for (size_t i = 0; i < n; i++) {
        buf_puts(b, i ? ", " : "");
        buf_puts(b, prefix);
        name_put(b, names[i]);
    }
}

static void put_same_key(struct buf *b, const struct lens *l, const char *x, const char *y)
{
    for (size_t i = 0; i < l->n_key; i++) {
        buf_puts(b, i ? " and " : "");
        buf_puts(b, x);
        name_put(b, l->key[i]);
        buf_puts(b, " = ");
        buf_puts(b, y);
        name_put(b, l->key[i]);
    }
}

static void put_temp(struct buf *b, const char *name)
{
    buf_puts(b, "pg_temp.");
    name_put(b, name);
}

bool reload_prepare(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    if (l->kind != LENS_FULL) {
        buf_puts(&b, "create temp table if not exists ");
        put_temp(&b, l->keys_table);
        buf_puts(&b, " (like carryover.");
        name_put(&b, l->dirty);
        buf_puts(&b, ") on commit delete rows; ");
    }
    buf_puts(&b, "create temp table if not exists ");
    put_temp(&b, l->new_table);
    buf_puts(&b, " (like ");
    put_table(&b, l);
    buf_puts(&b, ") on commit delete rows");
    return pg_exec(target, b.p, err);
}

/* -- which keys -- */

static bool take_stale(struct pg *target, const struct lens *l, bool *ret, struct err *err)
{
    int64_t n = 0;
    *ret = false;
    if (!pg_run(target, "delete from carryover.lens_stale where direction = $1 and lens = $2",
                PG_ARGS(lens_direction_name(l->direction), l->name), &n, err))
        return false;
    *ret = n > 0;
    return true;
}

/* A lens that is made anew needs no marks that were committed before. */
static bool forget_keys(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    if (l->kind == LENS_FULL)
        return true;
    buf_puts(&b, "delete from carryover.");
    name_put(&b, l->dirty);
    return pg_exec(target, b.p, err);
}

static bool take_keys(struct pg *target, const struct lens *l, int most, struct reload_result *ret, struct err *err)
{
    SCOPED_BUF b = {0};
    int64_t marks = 0;
    buf_puts(&b, "with taken as (delete from carryover.");
    name_put(&b, l->dirty);
    buf_puts(&b, " where ctid = any (array(select ctid from carryover.");
    name_put(&b, l->dirty);
    buf_printf(&b, " limit %d)) returning ", most);
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, "), kept as (insert into ");
    put_temp(&b, l->keys_table);
    buf_puts(&b, " select distinct ");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, " from taken returning 1) select (select count(*) from taken), (select count(*) from kept)");
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, b.p, PG_NONE, &r, err))
        return false;
    marks = pg_i64(r, 0, 0);
    ret->keys = pg_i64(r, 0, 1);
    ret->more = marks == most;
    buf_reset(&b);
    buf_puts(&b, "analyze ");
    put_temp(&b, l->keys_table);
    return ret->keys == 0 || pg_exec(target, b.p, err);
}

static bool check_view_keys(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    int64_t n = 0;
    buf_puts(&b, "select count(*) from ");
    name_put(&b, l->view_schema);
    buf_putc(&b, '.');
    name_put(&b, l->name);
    for (size_t i = 0; i < l->n_key; i++) {
        buf_puts(&b, i ? " or " : " where ");
        name_put(&b, l->key[i]);
        buf_puts(&b, " is null");
    }
    if (!pg_value_i64(target, b.p, PG_NONE, &n, err))
        return false;
    return n == 0 || err_set(err, ERR_LENS_DATA, "%" PRId64 " rows of the lens have no value in their key", n);
}

/* A key with a null in it can be in no table. Outer joins may mark such keys in vain; a lens that really has one is
 * wrong. */
static bool check_null_keys(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    int64_t n = 0;
    buf_puts(&b, "select count(*) from ");
    put_temp(&b, l->keys_table);
    buf_puts(&b, " where (");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, ") is null");
    for (size_t i = 0; i < l->n_key; i++) {
        buf_puts(&b, " or ");
        name_put(&b, l->key[i]);
        buf_puts(&b, " is null");
    }
    if (!pg_value_i64(target, b.p, PG_NONE, &n, err))
        return false;
    return n == 0 || check_view_keys(target, l, err);
}

/* -- rows -- */

static bool evaluate(struct pg *target, const struct lens *l, bool whole_lens, const struct reload_result *r,
                     struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "insert into ");
    put_temp(&b, l->new_table);
    buf_puts(&b, " (");
    put_list(&b, l->columns, l->n_columns, "");
    buf_puts(&b, ") ");
    if (whole_lens) {
        buf_puts(&b, "select ");
        put_list(&b, l->columns, l->n_columns, "");
        buf_puts(&b, " from ");
        name_put(&b, l->view_schema);
        buf_putc(&b, '.');
        name_put(&b, l->name);
    } else {
        buf_puts(&b, r->keys <= RELOAD_FOCUSED_MAX ? l->focused : l->whole);
    }
    return pg_exec(target, b.p, err);
}

static void put_remove(struct buf *b, const struct lens *l, bool whole_lens, bool loaded)
{
    buf_puts(b, "delete from ");
    put_table(b, l);
    buf_puts(b, " t");
    if (!whole_lens) {
        buf_puts(b, " using ");
        put_temp(b, l->keys_table);
        buf_puts(b, " k where ");
        put_same_key(b, l, "t.", "k.");
    }
    if (!loaded)
        return;
    buf_puts(b, whole_lens ? " where " : " and ");
    buf_puts(b, "not exists (select from ");
    put_temp(b, l->new_table);
    buf_puts(b, " n where ");
    put_same_key(b, l, "n.", "t.");
    buf_puts(b, " and n.* *= t.*)");
}

static void put_add(struct buf *b, const struct lens *l)
{
    buf_puts(b, "insert into ");
    put_table(b, l);
    buf_puts(b, " (");
    put_list(b, l->columns, l->n_columns, "");
    buf_puts(b, ") select ");
    put_list(b, l->columns, l->n_columns, "n.");
    buf_puts(b, " from ");
    put_temp(b, l->new_table);
    buf_puts(b, " n where not exists (select from ");
    put_table(b, l);
    buf_puts(b, " t where ");
    put_same_key(b, l, "t.", "n.");
    buf_putc(b, ')');
}

static bool analyze_new(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "analyze ");
    put_temp(&b, l->new_table);
    return pg_exec(target, b.p, err);
}

/* A table that is loaded has its unique key, but a second row of a key would just find the first one there. */
static bool check_one_row_per_key(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    SCOPED_RESULT r = NULL;
    buf_puts(&b, "select (");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, ")::text, count(*) from ");
    put_temp(&b, l->new_table);
    buf_puts(&b, " group by ");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, " having count(*) > 1 limit 1");
    if (!pg_query(target, b.p, PG_NONE, &r, err))
        return false;
    return PQntuples(r) == 0 ||
           err_set(err, ERR_LENS_DATA, "the lens gives %s rows for the key %s", pg_text(r, 0, 1), pg_text(r, 0, 0));
}

static bool exchange(struct pg *target, const struct lens *l, bool whole_lens, bool loaded, struct reload_result *ret,
                     struct err *err)
{
    SCOPED_BUF remove = {0}, add = {0};
    put_remove(&remove, l, whole_lens, loaded);
    put_add(&add, l);
    return analyze_new(target, l, err) && check_one_row_per_key(target, l, err) &&
           pg_run(target, remove.p, PG_NONE, &ret->removed, err) && pg_run(target, add.p, PG_NONE, &ret->added, err);
}

static bool count_work(struct pg *target, const struct lens *l, const struct reload_result *r, struct err *err)
{
    char keys[24], changed[24], rows[24];
    snprintf(keys, sizeof keys, "%" PRId64, r->keys);
    snprintf(changed, sizeof changed, "%" PRId64, MAX(r->removed, r->added));
    snprintf(rows, sizeof rows, "%" PRId64, r->added - r->removed);
    return pg_run(target,
                  "update carryover.lens set keys = keys + $3::bigint, changed = changed + $4::bigint,"
                  " rows = rows + $5::bigint, error = '',"
                  " state = case state when 'failed' then 'fresh' else state end"
                  " where direction = $1 and name = $2",
                  PG_ARGS(lens_direction_name(l->direction), l->name, keys, changed, rows), NULL, err);
}

/* The proof looks only at what was touched since the last one. */
static bool log_keys(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "insert into carryover.");
    name_put(&b, l->reloaded);
    buf_puts(&b, " (");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, ") select ");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, " from ");
    put_temp(&b, l->keys_table);
    return pg_exec(target, b.p, err);
}

bool reload_log_whole(struct pg *target, const struct lens *l, struct err *err)
{
    return pg_run(target, "insert into carryover.touched_whole (rel_schema, rel_name) values ($1, $2)",
                  PG_ARGS(l->schema, l->name), NULL, err);
}

/* -- rows that the table cannot hold -- */

/* Down lenses fill tables that others read: what cannot be in them is set aside, and everything else goes on. */
static void put_aside_keys(struct buf *b, const struct lens *l)
{
    buf_puts(b, "select row(");
    put_list(b, l->key, l->n_key, "");
    buf_puts(b, ")::text from ");
    put_temp(b, l->keys_table);
}

static bool set_aside(struct pg *target, const struct lens *l, const char *reason, struct err *err)
{
    SCOPED_BUF b = {0};
    buf_puts(&b, "insert into carryover.aside (direction, lens, key, reason) select $1, $2, k, $3 from (");
    put_aside_keys(&b, l);
    buf_puts(&b, ") x(k) on conflict (direction, lens, key) do update set reason = excluded.reason");
    return pg_run(target, b.p, PG_ARGS(lens_direction_name(l->direction), l->name, reason), NULL, err);
}

static bool take_back(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    if (l->direction != LENS_DOWN)
        return true;
    buf_puts(&b, "delete from carryover.aside where direction = $1 and lens = $2 and key in (");
    put_aside_keys(&b, l);
    buf_putc(&b, ')');
    return pg_run(target, b.p, PG_ARGS(lens_direction_name(l->direction), l->name), NULL, err);
}

/* The rows of the keys that were taken. */
static bool bring_up(struct pg *target, const struct lens *l, bool loaded, struct reload_result *ret, struct err *err)
{
    return check_null_keys(target, l, err) && evaluate(target, l, false, ret, err) &&
           exchange(target, l, false, loaded, ret, err) && log_keys(target, l, err) && take_back(target, l, err) &&
           count_work(target, l, ret, err);
}

static bool is_about_data(struct err *err)
{
    return err->code == ERR_LENS_DATA ||
           (err->code == ERR_SQL && (strncmp(err->sqlstate, "22", 2) == 0 || strncmp(err->sqlstate, "23", 2) == 0));
}

static bool one_or_aside(struct pg *target, const struct lens *l, struct reload_result *ret, struct err *err)
{
    struct err cause = {0};
    if (!take_keys(target, l, 1, ret, err) || !pg_exec(target, "savepoint one", err))
        return false;
    if (ret->keys == 0 || bring_up(target, l, true, ret, &cause))
        return true;
    if (!is_about_data(&cause)) {
        *err = cause;
        return false;
    }
    return pg_exec(target, "rollback to savepoint one", err) && set_aside(target, l, cause.message, err);
}

/* Every key instead of the whole: then each can be set aside. */
static bool spread(struct pg *target, const struct lens *l, struct err *err)
{
    SCOPED_BUF b = {0};
    bool stale = false;
    if (!take_stale(target, l, &stale, err))
        return false;
    if (!stale)
        return true;
    buf_puts(&b, "insert into carryover.");
    name_put(&b, l->dirty);
    buf_puts(&b, " select ");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, " from ");
    name_put(&b, l->view_schema);
    buf_putc(&b, '.');
    name_put(&b, l->name);
    buf_puts(&b, " union select ");
    put_list(&b, l->key, l->n_key, "");
    buf_puts(&b, " from ");
    put_table(&b, l);
    return pg_exec(target, b.p, err);
}

static bool committed(struct pg *target, bool ok, struct err *err)
{
    if (ok && pg_commit(target, err))
        return true;
    pg_rollback(target);
    return false;
}

bool reload_around(struct pg *target, const struct lens *l, struct reload_result *ret, struct err *err)
{
    *ret = (struct reload_result){0};
    if (!pg_begin(target, err) || !committed(target, spread(target, l, err), err))
        return reload_blame(l, err);
    for (int most = RELOAD_KEYS_MAX; most > 1; most /= 16) {
        struct err cause = {0};
        if (reload_lens(target, l, true, most, ret, &cause))
            return true;
        if (cause.code != ERR_LENS_DATA) {
            *err = cause;
            return false;
        }
    }
    return (pg_begin(target, err) && committed(target, one_or_aside(target, l, ret, err), err)) || reload_blame(l, err);
}

/* -- all of it -- */

static bool reload_inside(struct pg *target, const struct lens *l, bool loaded, int most, struct reload_result *ret,
                          struct err *err)
{
    bool stale = false;
    if (!take_stale(target, l, &stale, err))
        return false;
    if (stale)
        return forget_keys(target, l, err) && evaluate(target, l, true, ret, err) &&
               exchange(target, l, true, loaded, ret, err) && reload_log_whole(target, l, err) &&
               count_work(target, l, ret, err);
    if (l->kind == LENS_FULL || !take_keys(target, l, most, ret, err))
        return l->kind == LENS_FULL;
    return ret->keys == 0 || bring_up(target, l, loaded, ret, err);
}

bool reload_lens(struct pg *target, const struct lens *l, bool loaded, int most, struct reload_result *ret,
                 struct err *err)
{
    *ret = (struct reload_result){0};
    return (pg_begin(target, err) && committed(target, reload_inside(target, l, loaded, most, ret, err), err)) ||
           reload_blame(l, err);
}
