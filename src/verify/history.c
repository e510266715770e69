#include "verify/history.h"

static const char prepare_sql[] =
    "create table if not exists carryover.verification (id text primary key, kind text not null, result text not null,"
    " started timestamptz not null, finished timestamptz not null, position pg_lsn not null, xids pg_snapshot not null,"
    " live boolean not null, held_ms numeric not null, replica text not null, lenses text not null, laws text not null,"
    " roundtrip text not null, lenses_done boolean not null, checks int not null, failed int not null,"
    " in_flight bigint not null)";

/* Nothing failed in a proof of everything; what was in flight is looked at again by the next proof since then. */
#define GREEN "kind in ('full', 'since-last') and result in ('pass', 'explained', 'in-flight')"

bool history_prepare(struct pg *target, struct err *err)
{
    return pg_exec(target, prepare_sql, err);
}

static bool all_done(const struct report *r, enum report_section s)
{
    return report_count(r, s, OUTCOME_SKIPPED) == 0 && report_section_outcome(r, s) != OUTCOME_SKIPPED;
}

static int64_t in_flight(const struct report *r)
{
    int64_t n = 0;
    vec_each (&r->checks, c)
        n += (*c)->in_flight + ((*c)->outcome == OUTCOME_IN_FLIGHT && !(*c)->in_flight);
    return n;
}

static void put_text(struct buf *b, const char *text)
{
    pg_put_literal(b, text);
    buf_puts(b, ", ");
}

bool history_store(struct proof *p, struct err *err)
{
    const struct report *r = p->report;
    char at[24];
    int failed = 0;
    SCOPED_BUF sql = {0};
    pg_lsn_format(r->position, at);
    buf_puts(&sql, "insert into carryover.verification values (");
    put_text(&sql, r->id);
    put_text(&sql, r->kind);
    put_text(&sql, outcome_name(report_outcome(r)));
    buf_printf(&sql, "to_timestamp(%" PRId64 " / 1000000.0), to_timestamp(%" PRId64 " / 1000000.0), ", r->started_us,
               r->finished_us);
    put_text(&sql, at);
    put_text(&sql, moment_xids(p->moment));
    buf_printf(&sql, "%s, %" PRId64 " / 1000.0, ", r->live ? "true" : "false", r->held_us);
    for (int s = 0; s < SECTION_COUNT; s++) {
        put_text(&sql, outcome_name(report_section_outcome(r, (enum report_section)s)));
        failed += report_count(r, (enum report_section)s, OUTCOME_FAIL);
    }
    buf_printf(&sql, "%s, %zu, %d, %" PRId64 ")", all_done(r, SECTION_LENSES) ? "true" : "false", r->checks.n, failed,
               in_flight(r));
    return pg_exec(p->target, sql.p, err) || err_wrap(err, "noting the proof in the target");
}

bool history_base(struct proof *p, struct proof_base *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql =
        "select v.id, v.xids, v.lenses_done, coalesce(l.id, ''),"
        " coalesce(to_char(l.finished, 'YYYY-MM-DD HH24:MI:SS \"UTC\"'), '')"
        " from carryover.verification v left join lateral (select id, finished from carryover.verification"
        "  where laws in ('pass', 'explained') and " GREEN " order by finished desc limit 1) l on true"
        " where " GREEN " order by v.finished desc limit 1";
    *ret = (struct proof_base){.laws_id = "", .laws_at = ""};
    if (!pg_query(p->target, sql, PG_NONE, &r, err))
        return false;
    if (PQntuples(r) == 0)
        return true;
    ret->exists = true;
    snprintf(ret->id, sizeof ret->id, "%s", pg_text(r, 0, 0));
    ret->xids = arena_dup(p->arena, pg_text(r, 0, 1));
    ret->lenses_done = pg_bool(r, 0, 2);
    ret->laws_id = arena_dup(p->arena, pg_text(r, 0, 3));
    ret->laws_at = arena_dup(p->arena, pg_text(r, 0, 4));
    return true;
}

bool verify_last_green(struct pg *target, struct verify_green *ret, struct err *err)
{
    int64_t there = 0;
    SCOPED_RESULT r = NULL;
    *ret = (struct verify_green){0};
    if (!pg_value_i64(target, "select (to_regclass('carryover.verification') is not null)::int", PG_NONE, &there, err))
        return false;
    if (!there)
        return true;
    const char *sql = "select id, kind = 'full', position, (extract(epoch from finished) * 1000000)::bigint,"
                      " (extract(epoch from clock_timestamp() - finished) * 1000)::bigint, coalesce((select id from"
                      "  carryover.verification where laws in ('pass', 'explained') and " GREEN
                      "  order by finished desc limit 1), '') from carryover.verification where " GREEN
                      " order by finished desc limit 1";
    if (!pg_query(target, sql, PG_NONE, &r, err))
        return false;
    if (PQntuples(r) == 0)
        return true;
    ret->exists = true;
    snprintf(ret->id, sizeof ret->id, "%s", pg_text(r, 0, 0));
    ret->is_full = pg_bool(r, 0, 1);
    ret->finished_us = pg_i64(r, 0, 3);
    ret->age_ms = pg_i64(r, 0, 4);
    snprintf(ret->laws_id, sizeof ret->laws_id, "%s", pg_text(r, 0, 5));
    return pg_lsn_parse(pg_text(r, 0, 2), &ret->position) ||
           err_set(err, ERR_TARGET_STATE, "the position of the proof %s cannot be read", ret->id);
}
