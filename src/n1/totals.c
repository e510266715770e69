#include "n1/totals.h"
#include "n1/listing.h"

/* Numbers of both sides by name: whatever the package counts becomes rows. */
static const char compare_sql[] =
    "create temp table compared as select s.store, s.terminal, s.day::text as day, n.key as name,"
    " n.value::numeric as store_says, (h.row ->> n.key)::numeric as hq_has,"
    " coalesce((h.row ->> n.key)::numeric, 0) - n.value::numeric as difference"
    " from carryover.n1_total s cross join lateral jsonb_each_text(s.totals) n"
    " left join (select to_jsonb(q) as row from (%s) q) h on h.row ->> 'store' = s.store"
    " and h.row ->> 'terminal' = s.terminal and (h.row ->> 'day')::date = s.day"
    " where (%s is null or s.store = %s) and (h.row is null or h.row ? n.key)";

static const char shown_sql[] = "select store, terminal, day, name, trim_scale(store_says) as store_says,"
                                " trim_scale(hq_has) as hq_has, trim_scale(difference) as difference"
                                " from compared order by 1, 2, 3, 4";

static bool count(struct pg *target, const struct package *p, const char *store, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const char *who = store ? pg_literal(a, store) : "null::text";
    return pg_exec(target, "create temp table counted as select store, terminal, day from carryover.n1_total", err) &&
           (!store || pg_run(target, "delete from counted where store <> $1", PG_ARGS(store), NULL, err)) &&
           pg_exec(target, "analyze counted", err) &&
           (pg_execf(target, err, compare_sql, p->totals->body, who, who) || err_wrap(err, "%s", p->totals->path));
}

bool totals_put(struct pg *target, const struct package *p, const char *store, bool json, struct buf *b,
                int64_t *ret_differ, struct err *err)
{
    struct listing l = {shown_sql, PG_NONE, "totals",
                        "store|terminal|day|name|>store says|>headquarters has|>difference"};
    if (!p->totals)
        return err_set(err, ERR_PACKAGE, "the package %s has no uploads/totals.sql", p->name);
    bool ok = pg_begin(target, err) && count(target, p, store, err) &&
              pg_value_i64(target, "select count(*) from compared where abs(difference) > $1::numeric",
                           PG_ARGS(package_word(p->totals, "tolerance")), ret_differ, err) &&
              listing_put(target, &l, json, b, err);
    pg_rollback(target); /* nothing is meant to stay */
    return ok;
}
