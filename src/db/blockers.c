#include "db/blockers.h"

#define STATEMENT_SHOWN 80

static const char sql[] =
    "select distinct b.pid, coalesce(b.usename, '?'), coalesce(nullif(b.application_name, ''), 'a program without "
    "name'),"
    " coalesce(extract(epoch from clock_timestamp() - b.xact_start)::bigint, 0), coalesce(b.query, '')"
    " from pg_stat_activity a cross join lateral unnest(pg_blocking_pids(a.pid)) p join pg_stat_activity b on b.pid = p"
    " where a.datname = current_database() and a.application_name = 'carryover'"
    " and b.application_name is distinct from 'carryover' order by 1";

bool blockers_describe(struct pg *pg, struct buf *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(pg, sql, PG_NONE, &r, err))
        return err_wrap(err, "looking for who holds locks");
    for (int i = 0; i < PQntuples(r); i++)
        buf_printf(ret, "%sserver process %s (%s, %s, transaction open for %s s): %.*s", ret->n ? "; " : "",
                   pg_text(r, i, 0), pg_text(r, i, 1), pg_text(r, i, 2), pg_text(r, i, 3), STATEMENT_SHOWN,
                   pg_text(r, i, 4));
    return true;
}
