#include "n1/listing.h"
#include "base/term.h"

static bool put_json(struct pg *target, const struct listing *l, struct buf *b, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *text = NULL;
    const char *all = arena_printf(a, "select coalesce(json_agg(to_jsonb(x)), '[]')::text from (%s) x", l->sql);
    if (!pg_value(target, all, l->args, a, &text, err))
        return false;
    buf_printf(b, l->member ? "\"%s\":%s" : "{\"%s\":%s}\n", l->name, text);
    return true;
}

static bool put_text(struct pg *target, const struct listing *l, struct buf *b, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, l->sql, l->args, &r, err))
        return false;
    struct term_table *t = term_table_new(a, l->columns);
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

bool listing_put(struct pg *target, const struct listing *l, bool json, struct buf *b, struct err *err)
{
    return json ? put_json(target, l, b, err) : put_text(target, l, b, err);
}
