#include "n1/rows.h"
#include "base/arena.h"
#include "base/term.h"

bool rows_put_json(struct pg *pg, const char *sql, struct pg_args args, const char *name, struct buf *b,
                   struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *text = NULL;
    const char *all = arena_printf(a, "select coalesce(json_agg(to_jsonb(x)), '[]')::text from (%s) x", sql);
    if (!pg_value(pg, all, args, a, &text, err))
        return false;
    buf_printf(b, "{\"%s\":%s}\n", name, text);
    return true;
}

bool rows_put_text(struct pg *pg, const char *sql, struct pg_args args, const char *columns, struct buf *b,
                   struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, sql, args, &r, err))
        return false;
    struct term_table *t = term_table_new(a, columns);
    int n = PQnfields(r);
    for (int i = 0; i < PQntuples(r); i++) {
        const char **cells = arena_new_array(a, const char *, (size_t)n);
        for (int k = 0; k < n; k++)
            cells[k] = arena_dup(a, pg_text(r, i, k));
        term_table_add(t, cells);
    }
    term_table_put(t, b);
    return true;
}
