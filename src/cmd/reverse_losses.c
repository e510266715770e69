#include "cmd/reverse_losses.h"
#include "base/json.h"
#include "base/log.h"
#include "db/target.h"
#include "lens/reads.h"
#include "verify/tolerance.h"

/* --- reading --- */

static bool is_listed(const char *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp(*list, name) == 0)
            return true;
    return false;
}

/* New rows there are what stores have sent, and that is in old.* as well, whatever lens there is. */
static bool is_of_stores(const struct package *p, const char *table)
{
    for (size_t i = 0; i < p->n_homes; i++)
        if (p->homes[i].home == HOME_STORE && strcmp(p->homes[i].table, table) == 0)
            return true;
    return false;
}

/* A table of version N that came or went since is in the list as well: nobody told N-1 of it. */
static bool read_written(struct reversing *r, struct written *ret, struct err *err)
{
    struct written all;
    const char *const *told = NULL;
    if (!reads_find_down(r->package, r->a, &told, err) || !written_since(r->target, REVERSE_BASELINE, r->a, &all, err))
        return false;
    *ret = (struct written){.p = arena_new_array(r->a, struct written_table, all.n + 1), .known = all.known};
    for (size_t i = 0; i < all.n; i++) {
        struct written_table t = all.p[i];
        if (strcmp(t.schema, TARGET_NEW) != 0 || is_listed(told, t.name))
            continue;
        t.rows -= is_of_stores(r->package, t.name) ? t.inserted : 0;
        if (t.rows <= 0)
            continue;
        ret->p[ret->n++] = t;
        ret->rows += t.rows;
    }
    return true;
}

static void read_columns(struct reversing *r, struct reverse_losses *ret)
{
    const struct package_files *down = &r->package->down;
    size_t most = 0;
    for (size_t i = 0; i < down->n; i++)
        most += tolerance_lens(&down->p[i], r->a).n;
    ret->columns = arena_new_array(r->a, struct reverse_column, most + 1);
    for (size_t i = 0; i < down->n; i++) {
        struct tolerances l = tolerance_lens(&down->p[i], r->a);
        for (size_t k = 0; k < l.n; k++)
            if (l.p[k].is_lost)
                ret->columns[ret->n_columns++] = (struct reverse_column){down->p[i].name, l.p[k].column, l.p[k].reason};
    }
}

bool reverse_losses_read(struct reversing *r, struct reverse_losses *ret, struct err *err)
{
    SCOPED_RESULT q = NULL;
    int64_t there = 0;
    const char *sql = "select lens, key, reason, count(*) over () from carryover.aside where direction = 'down'"
                      " order by since desc, lens, key limit $1";
    char limit[16];
    snprintf(limit, sizeof limit, "%d", REVERSE_ASIDE_SHOWN);
    *ret = (struct reverse_losses){0};
    if (!read_written(r, &ret->written, err) ||
        !pg_value_i64(r->target, "select (to_regclass('carryover.aside') is not null)::int", PG_NONE, &there, err) ||
        (there && !pg_query(r->target, sql, PG_ARGS(limit), &q, err)))
        return err_wrap(err, "looking for what the old headquarters cannot hold");
    ret->n_rows = q ? (size_t)PQntuples(q) : 0;
    ret->rows = arena_new_array(r->a, struct reverse_aside, ret->n_rows + 1);
    for (size_t i = 0; i < ret->n_rows; i++)
        ret->rows[i] =
            (struct reverse_aside){arena_dup(r->a, pg_text(q, (int)i, 0)), arena_dup(r->a, pg_text(q, (int)i, 1)),
                                   arena_dup(r->a, pg_text(q, (int)i, 2))};
    ret->aside = ret->n_rows ? pg_i64(q, 0, 3) : 0;
    read_columns(r, ret);
    return true;
}

bool reverse_losses_any(const struct reverse_losses *l)
{
    return l->aside || l->written.n || !l->written.known;
}

/* --- saying --- */

void reverse_losses_put(struct buf *b, const struct reverse_losses *l)
{
    const char *also = "";
    if (l->aside) {
        buf_printf(b, "%" PRId64 " rows that N-1 cannot hold", l->aside);
        also = "; ";
    }
    for (size_t i = 0; i < l->written.n; i++) {
        buf_printf(b, "%s%s.%s %" PRId64, i ? ", " : also, l->written.p[i].schema, l->written.p[i].name,
                   l->written.p[i].rows);
        also = "; ";
    }
    if (l->written.n)
        buf_puts(b, " rows written, which no down lens reads");
    if (!l->written.known)
        buf_printf(b,
                   "%snobody knows what else was written: the server has lost its counters, or the feed was begun "
                   "after the cutover",
                   also);
}

bool reverse_losses_refuse(struct reversing *r, struct buf *detail, struct err *err)
{
    struct reverse_losses l;
    SCOPED_BUF what = {0};
    if (!reverse_losses_read(r, &l, err))
        return false;
    if (!reverse_losses_any(&l)) {
        buf_puts(detail, "; nothing is lost");
        return true;
    }
    reverse_losses_put(&what, &l);
    if (r->lose) {
        log_warn("reverse.lost", "left behind: %s", what.p);
        buf_printf(detail, "; left behind, as --lose-writes says: %s", what.p);
        return true;
    }
    err_set(err, ERR_GUARD, "the old headquarters does not have everything: %s", what.p);
    return err_hint(err,
                    "`carryover reverse status` lists it. It would be lost: take it over by hand, then go back all "
                    "the same with --lose-writes.");
}

static void put_columns(struct buf *b, const struct reverse_losses *l)
{
    if (l->n_columns)
        buf_puts(b,
                 "\ncolumns that version N does not have; rows that come back have there what the down lens says:\n");
    for (size_t i = 0; i < l->n_columns; i++)
        buf_printf(b, "  %s.%s: %s\n", l->columns[i].table, l->columns[i].column, l->columns[i].reason);
}

void reverse_losses_put_text(struct buf *b, const struct reverse_losses *l)
{
    put_columns(b, l);
    if (!reverse_losses_any(l)) {
        buf_puts(b, "\nnothing would be lost by going back\n");
        return;
    }
    buf_puts(b, "\nwhat going back would leave behind:\n");
    for (size_t i = 0; i < l->n_rows; i++)
        buf_printf(b, "  %s %s: %s\n", l->rows[i].lens, l->rows[i].key, l->rows[i].reason);
    if (l->aside > (int64_t)l->n_rows)
        buf_printf(b, "  and %" PRId64 " more in carryover.aside of the target\n", l->aside - (int64_t)l->n_rows);
    for (size_t i = 0; i < l->written.n; i++)
        buf_printf(b, "  %s.%s: %" PRId64 " rows written, which no down lens reads\n", l->written.p[i].schema,
                   l->written.p[i].name, l->written.p[i].rows);
    if (!l->written.known)
        buf_puts(b, "  what was written to tables that no down lens reads is not known: the server has lost its"
                    " counters, or the feed was begun after the cutover\n");
}

void reverse_losses_put_columns(struct reversing *r, struct buf *b)
{
    struct reverse_losses l = {0};
    read_columns(r, &l);
    for (size_t i = 0; i < l.n_columns; i++)
        buf_printf(b, "%s%s.%s", i ? ", " : "; columns that version N does not have: ", l.columns[i].table,
                   l.columns[i].column);
}

static void put_field(struct buf *b, const char *name, const char *value)
{
    buf_printf(b, "\"%s\":", name);
    json_put_string(b, str_of(value));
}

void reverse_losses_put_json(struct buf *b, const struct reverse_losses *l)
{
    buf_printf(b, "{\"aside\":%" PRId64 ",\"aside_rows\":[", l->aside);
    for (size_t i = 0; i < l->n_rows; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_field(b, "lens", l->rows[i].lens);
        buf_putc(b, ',');
        put_field(b, "key", l->rows[i].key);
        buf_putc(b, ',');
        put_field(b, "reason", l->rows[i].reason);
        buf_putc(b, '}');
    }
    buf_printf(b, "],\"written_known\":%s,\"written\":[", l->written.known ? "true" : "false");
    for (size_t i = 0; i < l->written.n; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_field(b, "table", l->written.p[i].name);
        buf_printf(b, ",\"rows\":%" PRId64 "}", l->written.p[i].rows);
    }
    buf_puts(b, "],\"columns\":[");
    for (size_t i = 0; i < l->n_columns; i++) {
        buf_puts(b, i ? ",{" : "{");
        put_field(b, "table", l->columns[i].table);
        buf_putc(b, ',');
        put_field(b, "column", l->columns[i].column);
        buf_putc(b, '}');
    }
    buf_puts(b, "]}");
}
