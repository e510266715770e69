#include "analyze/fit.h"

/* How much a column can hold, so that two of one kind can be compared: characters, digits before the point, or bytes. 0
 * is any. */
static int room_of(const struct fit_column *col)
{
    return col->kind == FIT_NUMBER && col->length ? col->length - col->scale : col->length;
}

static const char *unit_of(enum fit_kind kind)
{
    return kind == FIT_TEXT ? "characters" : kind == FIT_NUMBER ? "digits before the point" : "bytes";
}

/* `(table, column, kind, room)` of every column that can be compared. */
static void put_columns(struct buf *b, const struct fit_lenses *lenses)
{
    for (size_t i = 0; i < lenses->n; i++)
        for (size_t k = 0; k < lenses->p[i].n_columns; k++) {
            const struct fit_column *col = &lenses->p[i].columns[k];
            if (col->kind == FIT_ANY)
                continue;
            buf_puts(b, b->n ? ", (" : "(");
            pg_put_literal(b, lenses->p[i].table);
            buf_puts(b, ", ");
            pg_put_literal(b, col->name);
            buf_printf(b, ", '%s', %d)", unit_of(col->kind), room_of(col));
        }
}

bool fit_wider(const struct rule_call *c, const struct fit_lenses *lenses, struct analyze_finding *f, struct err *err)
{
    SCOPED_BUF columns = {0};
    put_columns(&columns, lenses);
    if (columns.n == 0)
        return true;
    const char *sql = arena_printf(
        c->a,
        "select x.t || '.' || x.c as subject, case x.room when 0 then 'any number of' else x.room::text end || ' ' || "
        "x.unit"
        " || ' in version N, ' || x.here || ' in N-1' as detail"
        " from (select w.*, case when w.unit = 'bytes' and a.atttypid in (20, 21, 23) then a.attlen"
        " when w.unit = 'characters' and a.atttypid in (1042, 1043) and a.atttypmod >= 4 then a.atttypmod - 4"
        " when w.unit = 'digits before the point' and a.atttypid = 1700 and a.atttypmod >= 4"
        " then ((a.atttypmod - 4) >> 16) - ((a.atttypmod - 4) & 2047) end as here"
        " from (values %s) w(t, c, unit, room)"
        " join pg_class r on r.relname = w.t and r.relnamespace = current_schema()::regnamespace"
        " join pg_attribute a on a.attrelid = r.oid and a.attname = w.c and not a.attisdropped) x"
        " where x.here is not null and (x.room = 0 or x.here < x.room) order by 1",
        columns.p);
    return rule_select(c, sql, f, err);
}
