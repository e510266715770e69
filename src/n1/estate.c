#include "n1/estate.h"
#include "db/checkrows.h"
#include "n1/registry.h"

#define SHOWN 20

static bool run(struct pg *target, const struct package_file *f, const char *sql, struct buf *b, int64_t *ret_n,
                struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, sql, PG_NONE, &r, err)) {
        err->code = err->code == ERR_SQL ? ERR_PACKAGE : err->code;
        return err_wrap(err, "%s", f->path);
    }
    if (PQnfields(r) != 2)
        return err_set(err, ERR_PACKAGE, "%s: the columns have to be the store and what is under way there", f->path);
    *ret_n = PQntuples(r);
    for (int i = 0; i < PQntuples(r) && i < SHOWN; i++)
        buf_printf(b, "\n  %s: %s", pg_text(r, i, 0), pg_text(r, i, 1));
    if (*ret_n > SHOWN)
        buf_printf(b, "\n  and %" PRId64 " more", *ret_n - SHOWN);
    return true;
}

bool estate_check(struct pg *target, const struct package *p, const char *name, struct buf *b, int64_t *ret_n,
                  struct err *err)
{
    const struct package_file *f = package_find(&p->estate, name);
    *ret_n = 0;
    return !f || run(target, f, f->body, b, ret_n, err);
}

bool estate_missing(struct pg *target, const struct package *p, struct buf *b, int64_t *ret_n, struct err *err)
{
    SCOPED(arena) a = arena_new();
    const struct package_file *f = package_find(&p->estate, "stores");
    *ret_n = 0;
    return !f || run(target, f,
                     arena_printf(a,
                                  "select x.store, x.what from (%s) x(store, what) where not exists (select from"
                                  " carryover.n1_store s where s.store = x.store) order by 1",
                                  f->body),
                     b, ret_n, err);
}

/* --- packages --- */

/* What every active store will ask for. */
#define WANTED                                                                                                         \
    "select distinct s.job, case s.scope when 'store' then 'store' else 'group' end as scope,"                         \
    " case s.scope when 'store' then t.store else t.group_name end as owner from carryover.n1_store t"                 \
    " join carryover.n1_job j on j.schema = t.schema join carryover.n1_subjob s on s.job = j.job"                      \
    " where t.state = 'active'"

bool estate_prepare(struct pg *target, struct err *err)
{
    return pg_run(target, "insert into carryover.n1_chain (job, scope, owner) " WANTED " on conflict do nothing",
                  PG_NONE, NULL, err) &&
           pg_run(target,
                  "insert into carryover.n1_wish (job, scope, owner) select c.job, c.scope, c.owner from "
                  "carryover.n1_chain c"
                  " where c.version = 0 on conflict do nothing",
                  PG_NONE, NULL, err);
}

static bool check_jobs(struct pg *target, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, "select job, error from carryover.n1_job where error <> '' order by job limit 1", PG_NONE, &r,
                  err))
        return false;
    if (PQntuples(r) == 0)
        return true;
    err_set(err, ERR_TARGET_STATE, "job %s fails: %s", pg_text(r, 0, 0), pg_text(r, 0, 1));
    return err_hint(
        err, "Mend the cause; the job is tried again when it is due, or at once with `carryover n1 jobs run %s`.",
        pg_text(r, 0, 0));
}

bool estate_unprepared(struct pg *target, int64_t *ret_chains, struct err *err)
{
    return check_jobs(target, err) &&
           pg_value_i64(target,
                        "select count(*) from (" WANTED ") w left join carryover.n1_chain c using (job, scope, owner)"
                        " where coalesce(c.version, 0) = 0",
                        PG_NONE, ret_chains, err);
}

bool estate_behind(struct pg *target, int64_t *ret_stores, int64_t *ret_of, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target,
                  "select count(*) filter (where exists (select from carryover.n1_lag l where l.store = t.store"
                  " and l.version < l.head)), count(*) from carryover.n1_store t where t.state = 'active'",
                  PG_NONE, &r, err))
        return false;
    *ret_stores = pg_i64(r, 0, 0);
    *ret_of = pg_i64(r, 0, 1);
    return true;
}

/* --- what has come and gone --- */

static bool ask(struct checks *c, struct pg *target, const char *table, const char *sql, struct err *err)
{
    int64_t there = 0;
    if (!pg_value_i64(target, "select (to_regclass($1) is not null)::int", PG_ARGS(table), &there, err))
        return false;
    if (there)
        return checkrows_query(c, CHECK_BLOCKER, target, sql, PG_NONE, err);
    checks_found(c, CHECK_BLOCKER, "all stores", "nothing was ever exchanged with them");
    return true;
}

bool estate_unsynced(struct checks *c, struct pg *target, struct err *err)
{
    return ask(c, target, "carryover.n1_position",
               "select t.store, 'it has no package of job ' || string_agg(distinct w.job, ', ')"
               " from carryover.n1_store t join (" WANTED ") w"
               " on w.owner = case w.scope when 'store' then t.store else t.group_name end"
               " where t.state = 'active' and not exists (select from carryover.n1_position p where p.store = t.store"
               " and p.job = w.job and p.scope = w.scope and p.version > 0)"
               " group by t.store order by t.store",
               err);
}

bool estate_unsent(struct checks *c, struct pg *target, struct err *err)
{
    return ask(c, target, "carryover.n1_upload_store",
               "select t.store, 'it has not sent anything' from carryover.n1_store t where t.state = 'active' and not"
               " exists (select from carryover.n1_upload_store u where u.store = t.store and u.last > 0)"
               " union all select store, count(*) || ' rows of its uploads are set aside' from carryover.n1_aside"
               " group by store order by 1",
               err);
}
