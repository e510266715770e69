#include "store/sums.h"
#include "base/vec.h"

static const char *lower(struct arena *a, const char *prefix, const char *name)
{
    char *text = arena_printf(a, "%s%s", prefix, name);
    return str_lower(text, strlen(text));
}

static void bind_named(sqlite3_stmt *s, const char *name, int64_t value)
{
    int place = sqlite3_bind_parameter_index(s, name);
    if (place)
        sqlite3_bind_int64(s, place, value);
}

/* Tables that are not in this package have nothing between their bounds. */
static bool bind_idle(struct channel *c, sqlite3_stmt *s, struct arena *a, struct err *err)
{
    SCOPED_STMT *q = NULL;
    bool row = false;
    if (!sqlite_query(c->db, "select name, sent from carryover_upload", SQLITE_NONE, &q, err))
        return false;
    while (sqlite_next(c->db, q, &row, err) && row) {
        bind_named(s, lower(a, ":after_", sqlite_text(q, 0)), sqlite3_column_int64(q, 1));
        bind_named(s, lower(a, ":to_", sqlite_text(q, 0)), sqlite3_column_int64(q, 1));
    }
    return !row;
}

static void take(sqlite3_stmt *s, const char *const *names, int n, struct arena *a, struct parcel_total *ret)
{
    const char **values = arena_new_array(a, const char *, (size_t)n);
    for (int i = 0; i < n; i++)
        values[i] = arena_dup(a, sqlite_text(s, i + 2));
    *ret = (struct parcel_total){arena_dup(a, sqlite_text(s, 0)), arena_dup(a, sqlite_text(s, 1)), names, values,
                                 (size_t)n};
}

static bool take_all(struct channel *c, sqlite3_stmt *s, struct arena *a, const struct parcel_total **ret,
                     size_t *ret_n, struct err *err)
{
    VEC(struct parcel_total) list = {0};
    bool row = false;
    int n = sqlite3_column_count(s) - 2;
    if (n < 1)
        return err_set(err, ERR_PACKAGE, "store/totals.sql: it has to yield terminal, day and at least one sum");
    const char **names = arena_new_array(a, const char *, (size_t)n);
    for (int i = 0; i < n; i++)
        names[i] = arena_dup(a, sqlite3_column_name(s, i + 2));
    while (sqlite_next(c->db, s, &row, err) && row)
        take(s, names, n, a, vec_push(&list));
    struct parcel_total *all = arena_new_array(a, struct parcel_total, list.n);
    for (size_t i = 0; i < list.n; i++)
        all[i] = list.p[i];
    *ret = all;
    *ret_n = list.n;
    vec_done(&list);
    return !row;
}

bool sums_read(struct channel *c, const struct parcel_table *tables, size_t n, struct arena *a,
               const struct parcel_total **ret, size_t *ret_n, struct err *err)
{
    SCOPED_STMT *s = NULL;
    const char *sql = NULL;
    *ret = NULL;
    *ret_n = 0;
    if (!channel_script(c, "totals", a, &sql, err))
        return false;
    if (!sql)
        return true;
    if (!sqlite_query(c->db, sql, SQLITE_NONE, &s, err) || !bind_idle(c, s, a, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bind_named(s, lower(a, ":after_", tables[i].name), tables[i].counter_after);
        bind_named(s, lower(a, ":to_", tables[i].name), tables[i].counter_to);
    }
    return take_all(c, s, a, ret, ret_n, err);
}
