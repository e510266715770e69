#include "n1/subjob.h"
#include "base/name.h"

static bool is_owner(const char *column)
{
    return strcmp(column, "channel_group") == 0 || strcmp(column, "channel_store") == 0;
}

/* Cuts a text array that the server made with array_to_string(..., ','); names of columns have no commas. */
static const char **cut(struct arena *a, const char *list, size_t *ret_n)
{
    struct str rest = str_of(list);
    const char **names = arena_new_array(a, const char *, rest.n + 1);
    *ret_n = 0;
    while (rest.n)
        names[(*ret_n)++] = arena_dup_str(a, str_split(&rest, ','));
    return names;
}

/* "x, y" of the names, quoted; without the owner unless `whole`. */
static const char *list_of(struct arena *a, const char *const *names, size_t n, bool whole)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < n; i++) {
        if (!whole && is_owner(names[i]))
            continue;
        buf_puts(&b, b.n ? ", " : "");
        name_put(&b, names[i]);
    }
    return arena_dup(a, b.p);
}

static void take_shape(struct arena *a, struct subjob *s, const char *columns, const char *types, const char *key)
{
    size_t n = 0, n_key = 0;
    const char **names = cut(a, columns, &n), **keys = cut(a, key, &n_key);
    struct str rest = str_of(types);
    struct parcel_column *list = arena_new_array(a, struct parcel_column, n + 1);
    const char **shipped_key = arena_new_array(a, const char *, n_key + 1);
    s->shape = (struct parcel_table){.name = s->lens, .columns = list, .key = shipped_key};
    for (size_t i = 0; i < n; i++) {
        const char *type = arena_dup_str(a, str_split(&rest, '\n'));
        if (!is_owner(names[i]))
            list[s->shape.n_columns++] = (struct parcel_column){names[i], type};
    }
    for (size_t i = 0; i < n_key; i++)
        if (!is_owner(keys[i]))
            shipped_key[s->shape.n_key++] = keys[i];
    s->columns = list_of(a, names, n, false);
    s->key = list_of(a, keys, n_key, false);
    s->whole_key = list_of(a, keys, n_key, true);
}

static const char subjobs_sql[] =
    "select s.lens, s.scope, l.keys_table, l.dirty, l.focused, array_to_string(l.columns, ','),"
    " (select string_agg(format_type(a.atttypid, a.atttypmod), e'\\n' order by c.n) from unnest(l.columns) with "
    "ordinality"
    " c(name, n) join pg_attribute a on a.attrelid = format('carryover_%s.%I', l.direction, l.name)::regclass"
    " and a.attname = c.name), array_to_string(l.key, ','), l.direction,"
    " l.kind = 'copy'"
    " from carryover.n1_subjob s join carryover.n1_job j using (job) join carryover.lens l on l.name = s.lens"
    " and l.direction = case j.schema when 'N' then 'channel_n' else 'channel' end"
    " where s.job = $1 order by s.lens collate \"C\"";

static struct subjob read_row(struct arena *a, const PGresult *r, int row)
{
    struct subjob s = {.lens = arena_dup(a, pg_text(r, row, 0)),
                       .scope = arena_dup(a, pg_text(r, row, 1)),
                       .direction = arena_dup(a, pg_text(r, row, 8)),
                       .is_copy = pg_bool(r, row, 9)};
    bool by_group = strcmp(s.scope, "group") == 0, by_store = strcmp(s.scope, "store") == 0;
    s.owner_column = by_group ? "channel_group" : by_store ? "channel_store" : NULL;
    s.view = pg_qualified(a, arena_printf(a, "carryover_%s", s.direction), s.lens);
    s.keys = pg_qualified(a, "pg_temp", pg_text(r, row, 2));
    s.fresh = pg_qualified(a, "pg_temp", name_derived(a, "fresh:", s.lens));
    s.dirty = pg_qualified(a, "carryover", pg_text(r, row, 3));
    s.focused = arena_dup(a, pg_text(r, row, 4));
    take_shape(a, &s, pg_text(r, row, 5), pg_text(r, row, 6), pg_text(r, row, 7));
    return s;
}

bool subjobs_read(struct pg *target, const char *job, struct arena *a, struct subjobs *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, subjobs_sql, PG_ARGS(job), &r, err))
        return false;
    ret->n = (size_t)PQntuples(r);
    ret->p = arena_new_array(a, struct subjob, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++)
        ret->p[i] = read_row(a, r, (int)i);
    return true;
}

/* --- what is touched --- */

static bool has_changed(const struct changelog *j, const char *schema, const char *name)
{
    for (size_t i = 0; i < j->n; i++)
        if (strcmp(j->p[i].schema, schema) == 0 && strcmp(j->p[i].name, name) == 0)
            return j->p[i].changed;
    return false;
}

static bool run_trackers(struct pg *target, const struct changelog *j, struct subjob *s, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select rel_schema, rel_name, sql from carryover.channel_tracker where direction = $1 and lens = $2 order by n";
    s->touched = false;
    if (!pg_query(target, sql, PG_ARGS(s->direction, s->lens), &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++) {
        int64_t n = 0;
        if (!has_changed(j, pg_text(r, i, 0), pg_text(r, i, 1)))
            continue;
        if (!pg_run(target, pg_text(r, i, 2), PG_NONE, &n, err))
            return err_wrap(err, "finding the keys of %s that a change of %s touches", s->lens, pg_text(r, i, 1));
        s->touched = s->touched || n > 0;
    }
    return true;
}

static bool check_keys(struct pg *target, const struct subjob *s, const char *from, const char *mine, struct arena *a,
                       struct err *err)
{
    char *twice = NULL;
    if (s->is_copy)
        return true;
    const char *sql = arena_printf(a, "select row(%s)::text from %s where %s group by %s having count(*) > 1 limit 1",
                                   s->whole_key, from, mine, s->whole_key);
    if (!pg_value(target, sql, PG_NONE, a, &twice, err))
        return err_wrap(err, "evaluating %s/%s.sql", s->direction, s->lens);
    return !twice || err_set(err, ERR_PACKAGE, "%s/%s.sql has the key %s more than once: no store could apply it",
                             s->direction, s->lens, twice);
}

bool subjob_check_keys(struct pg *target, const struct subjob *s, const char *mine, struct arena *a, struct err *err)
{
    return check_keys(target, s, s->view, mine, a, err);
}

/* The log of dirty keys is only where trackers put them; nothing of it stays. */
static bool evaluate(struct pg *target, const struct subjob *s, struct arena *a, struct err *err)
{
    const char *sql = arena_printf(a,
                                   "create temp table %s on commit drop as select distinct %s from %s; delete from %s;"
                                   " analyze %s; create temp table %s on commit drop as %s",
                                   s->keys + strlen("\"pg_temp\"."), s->whole_key, s->dirty, s->dirty, s->keys,
                                   s->fresh + strlen("\"pg_temp\"."), s->focused);
    return pg_exec(target, sql, err) ? check_keys(target, s, s->fresh, "true", a, err)
                                     : err_wrap(err, "evaluating %s/%s.sql", s->direction, s->lens);
}

bool subjobs_touch(struct pg *target, const struct changelog *j, struct subjobs *list, struct arena *a, struct err *err)
{
    for (size_t i = 0; i < list->n; i++) {
        struct subjob *s = &list->p[i];
        if (!run_trackers(target, j, s, err) || (s->touched && !evaluate(target, s, a, err)))
            return false;
    }
    return true;
}
