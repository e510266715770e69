#include "store/exchange.h"
#include "base/copytext.h"
#include "base/log.h"

struct exchange {
    struct channel *c;
    struct arena *a;
    const struct parcel_table *t;
    const char *table;  /* quoted */
    const char **names; /* of the package's columns as the store has them, quoted; NULL: it has none */
    const char **kept;  /* quoted, of columns that only the store has */
    size_t n_kept;
    const char *columns, *keys; /* comma lists: columns that both have, key columns */
    sqlite3_stmt *row, *key;
    struct str *values;
    struct buf line;
};

/* --- preparing --- */

static bool refuse(struct exchange *s, const char *why, struct err *err)
{
    return err_set(err, ERR_APPLY_FAILED, "%s: %s", s->t->name, why);
}

static bool check_table(struct exchange *s, struct err *err)
{
    const char *own = NULL, *there = NULL;
    struct sqlite_args name = SQLITE_ARGS(s->t->name);
    if (strncasecmp(s->t->name, "carryover_", 10) == 0 || strncasecmp(s->t->name, "sqlite_", 7) == 0)
        return refuse(s, "this table belongs to the store's client", err);
    if (!sqlite_word(s->c->db, "select name from carryover_upload where name = ?1 collate nocase", name, s->a, &own,
                     err) ||
        !sqlite_word(s->c->db, "select name from sqlite_schema where type = 'table' and name = ?1 collate nocase", name,
                     s->a, &there, err))
        return false;
    if (own)
        return refuse(s, "the store fills this table itself", err);
    if (!there)
        return refuse(s, "the channel database has no such table", err);
    s->table = sqlite_name(s->a, there);
    return true;
}

static size_t find_column(const struct parcel_table *t, const char *name)
{
    size_t i = 0;
    while (i < t->n_columns && strcasecmp(t->columns[i].name, name) != 0)
        i++;
    return i;
}

static bool read_columns(struct exchange *s, struct err *err)
{
    SCOPED_STMT *q = NULL;
    bool row = false;
    int64_t n = 0;
    struct sqlite_args name = SQLITE_ARGS(s->t->name);
    if (!sqlite_number(s->c->db, "select count(*) from pragma_table_info(?1)", name, 0, &n, err) ||
        !sqlite_query(s->c->db, "select name from pragma_table_info(?1)", name, &q, err))
        return false;
    s->names = arena_new_array(s->a, const char *, s->t->n_columns);
    s->kept = arena_new_array(s->a, const char *, (size_t)n);
    while (sqlite_next(s->c->db, q, &row, err) && row) {
        size_t i = find_column(s->t, sqlite_text(q, 0));
        const char *quoted = sqlite_name(s->a, sqlite_text(q, 0));
        if (i < s->t->n_columns)
            s->names[i] = quoted;
        else
            s->kept[s->n_kept++] = quoted;
    }
    return !row;
}

static void add(struct buf *list, const char *text)
{
    buf_puts(list, list->n ? ", " : "");
    buf_puts(list, text);
}

/* Comma lists; what only the package has is named once. */
static bool make_lists(struct exchange *s, struct err *err)
{
    SCOPED_BUF columns = {0};
    SCOPED_BUF keys = {0};
    SCOPED_BUF unknown = {0};
    for (size_t i = 0; i < s->t->n_columns; i++)
        s->names[i] ? add(&columns, s->names[i]) : add(&unknown, s->t->columns[i].name);
    for (size_t i = 0; i < s->t->n_key; i++) {
        size_t at = find_column(s->t, s->t->key[i]);
        if (at == s->t->n_columns || !s->names[at])
            return refuse(s, arena_printf(s->a, "its key column %s is unknown here", s->t->key[i]), err);
        add(&keys, s->names[at]);
    }
    if (!keys.n)
        return refuse(s, "the package names no key", err);
    if (unknown.n)
        log_debug("store.columns", "%s: not in this channel database, left out: %s", s->t->name, unknown.p);
    s->columns = arena_dup_str(s->a, buf_str(&columns));
    s->keys = arena_dup_str(s->a, buf_str(&keys));
    return true;
}

/* "?1, ?2, ..." for the columns that are known, in the package's order. */
static const char *places(struct exchange *s, size_t n)
{
    SCOPED_BUF list = {0};
    for (size_t i = 1; i <= n; i++)
        add(&list, arena_printf(s->a, "?%zu", i));
    return arena_dup_str(s->a, buf_str(&list));
}

static size_t count_known(const struct exchange *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->t->n_columns; i++)
        n += s->names[i] != NULL;
    return n;
}

static bool make_temporary(struct exchange *s, struct err *err)
{
    const char *sql = arena_printf(s->a,
                                   "drop table if exists temp.staged; drop table if exists temp.gone;"
                                   "create temp table staged as select %s from main.%s where 0;"
                                   "create unique index temp.staged_key on staged (%s);"
                                   "create temp table gone as select %s from main.%s where 0;",
                                   s->columns, s->table, s->keys, s->keys, s->table);
    return sqlite_exec(s->c->db, sql, err) &&
           sqlite_query(s->c->db, arena_printf(s->a, "insert into staged values (%s)", places(s, count_known(s))),
                        SQLITE_NONE, &s->row, err) &&
           sqlite_query(s->c->db, arena_printf(s->a, "insert into gone values (%s)", places(s, s->t->n_key)),
                        SQLITE_NONE, &s->key, err);
}

bool exchange_new(struct channel *c, const struct parcel_table *t, struct exchange **ret, struct err *err)
{
    struct exchange *s = calloc(1, sizeof *s);
    if (!s)
        abort();
    *s = (struct exchange){.c = c, .a = arena_new(), .t = t};
    s->values = arena_new_array(s->a, struct str, MAX(t->n_columns, t->n_key));
    if (!check_table(s, err) || !read_columns(s, err) || !make_lists(s, err) || !make_temporary(s, err)) {
        exchange_free(s);
        return false;
    }
    *ret = s;
    return true;
}

void exchange_free(struct exchange *s)
{
    sqlite3_finalize(s->row);
    sqlite3_finalize(s->key);
    arena_free(s->a);
    buf_done(&s->line);
    free(s);
}

/* --- taking lines --- */

static bool split(struct exchange *s, struct str line, size_t n, struct err *err)
{
    buf_reset(&s->line);
    buf_put(&s->line, line.p, line.n);
    return copytext_split(s->line.p, s->line.n, s->values, n) ||
           err_set(err, ERR_APPLY_FAILED, "%s: a line has not the %zu values that the package announced", s->t->name,
                   n);
}

static void bind(sqlite3_stmt *q, int place, struct str value)
{
    sqlite3_bind_text(q, place, value.p, (int)value.n, SQLITE_STATIC);
}

static bool insert(struct exchange *s, sqlite3_stmt *q, struct err *err)
{
    bool row = false, ok = sqlite_next(s->c->db, q, &row, err);
    sqlite3_reset(q);
    return ok;
}

bool exchange_row(struct exchange *s, struct str line, struct err *err)
{
    int place = 0;
    if (!split(s, line, s->t->n_columns, err))
        return false;
    for (size_t i = 0; i < s->t->n_columns; i++)
        if (s->names[i])
            bind(s->row, ++place, s->values[i]);
    return insert(s, s->row, err);
}

bool exchange_key(struct exchange *s, struct str line, struct err *err)
{
    if (!split(s, line, s->t->n_key, err))
        return false;
    for (size_t i = 0; i < s->t->n_key; i++)
        bind(s->key, (int)i + 1, s->values[i]);
    return insert(s, s->key, err);
}

/* --- exchanging --- */

/* "kept.a = t.a and ..." of the key columns. */
static const char *join(struct exchange *s, const char *left, const char *right)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < s->t->n_key; i++) {
        const char *name = s->names[find_column(s->t, s->t->key[i])];
        buf_printf(&b, "%s%s.%s = %s.%s", i ? " and " : "", left, name, right, name);
    }
    return arena_dup_str(s->a, buf_str(&b));
}

static bool keep_own(struct exchange *s, struct err *err)
{
    SCOPED_BUF own = {0};
    for (size_t i = 0; i < s->n_kept; i++)
        add(&own, s->kept[i]);
    if (!own.n)
        return true;
    return sqlite_exec(s->c->db,
                       arena_printf(s->a,
                                    "drop table if exists temp.kept;"
                                    "create temp table kept as select %s, %s from main.%s where (%s) in"
                                    " (select %s from staged)",
                                    s->keys, own.p, s->table, s->keys, s->keys),
                       err);
}

static bool give_back_own(struct exchange *s, struct err *err)
{
    SCOPED_BUF sets = {0};
    for (size_t i = 0; i < s->n_kept; i++)
        add(&sets, arena_printf(s->a, "%s = kept.%s", s->kept[i], s->kept[i]));
    if (!sets.n)
        return true;
    return sqlite_exec(s->c->db,
                       arena_printf(s->a, "update main.%s as t set %s from temp.kept where %s; drop table temp.kept",
                                    s->table, sets.p, join(s, "kept", "t")),
                       err);
}

static bool remove_old(struct exchange *s, struct err *err)
{
    const char *which =
        s->t->replace ? "" : arena_printf(s->a, " where (%s) in (select %s from staged)", s->keys, s->keys);
    return sqlite_exec(s->c->db,
                       arena_printf(s->a,
                                    "delete from main.%s where (%s) in (select %s from gone);"
                                    "delete from main.%s%s",
                                    s->table, s->keys, s->keys, s->table, which),
                       err);
}

bool exchange_finish(struct exchange *s, struct err *err)
{
    const char *fill = arena_printf(s->a, "insert into main.%s (%s) select %s from staged order by rowid", s->table,
                                    s->columns, s->columns);
    if (!keep_own(s, err) || !remove_old(s, err) || !sqlite_exec(s->c->db, fill, err) || !give_back_own(s, err))
        return false;
    /* Statements that are prepared would keep the tables from being dropped. */
    sqlite3_finalize(s->row);
    sqlite3_finalize(s->key);
    s->row = s->key = NULL;
    return sqlite_exec(s->c->db, "drop table temp.staged; drop table temp.gone", err);
}
