#include "store/columns.h"
#include "base/copytext.h"

static const char *package_type(struct arena *a, const char *declared)
{
    static const char suffix[] = " text";
    const char *at = strstr(declared, suffix);
    if (!at)
        return arena_dup(a, declared);
    return arena_printf(a, "%.*s%s", (int)(at - declared), declared, at + strlen(suffix));
}

bool columns_read(struct channel *c, struct parcel_table *t, struct arena *a, struct err *err)
{
    SCOPED_STMT *s = NULL;
    bool row = false;
    int64_t n = 0;
    if (!sqlite_number(c->db, "select count(*) from pragma_table_info(?1)", SQLITE_ARGS(t->name), 0, &n, err) ||
        !sqlite_query(c->db, "select name, type, pk from pragma_table_info(?1)", SQLITE_ARGS(t->name), &s, err))
        return false;
    struct parcel_column *columns = arena_new_array(a, struct parcel_column, (size_t)n);
    const char **key = arena_new_array(a, const char *, (size_t)n);
    for (size_t i = 0; sqlite_next(c->db, s, &row, err) && row && i < (size_t)n; i++) {
        columns[i] = (struct parcel_column){arena_dup(a, sqlite_text(s, 0)), package_type(a, sqlite_text(s, 1))};
        int64_t place = sqlite3_column_int64(s, 2); /* from 1; 0: not in the key */
        if (place > 0 && place <= n) {
            key[place - 1] = columns[i].name;
            t->n_key++;
        }
    }
    t->columns = columns;
    t->key = key;
    t->n_columns = (size_t)n;
    return !row;
}

const char *columns_select(const struct parcel_table *t, struct arena *a)
{
    SCOPED_BUF b = {0};
    const char *counter = sqlite_name(a, t->counter);
    buf_puts(&b, "select ");
    for (size_t i = 0; i < t->n_columns; i++)
        buf_printf(&b, "%s%s", i ? ", " : "", sqlite_name(a, t->columns[i].name));
    buf_printf(&b, " from %s where %s > %" PRId64 " and %s <= %" PRId64 " order by %s", sqlite_name(a, t->name),
               counter, t->counter_after, counter, t->counter_to, counter);
    return arena_dup_str(a, buf_str(&b));
}

void columns_put(struct buf *b, sqlite3_stmt *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *text = (const char *)sqlite3_column_text(s, (int)i);
        if (i)
            buf_putc(b, '\t');
        copytext_put(b, (struct str){text, text ? (size_t)sqlite3_column_bytes(s, (int)i) : 0});
    }
    buf_putc(b, '\n');
}
