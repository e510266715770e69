#include "script/ledger.h"

static const char prepare_sql[] =
    "create table if not exists carryover.script ("
    " phase text not null check (phase in ('pre-sync', 'sync', 'post-sync', 'final')), name text not null,"
    " company text not null default '', digest text not null,"
    " state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'skipped')),"
    " attempts int not null default 0, started timestamptz, finished timestamptz, us bigint not null default 0,"
    " error text not null default '', notices text not null default '', who text not null default '',"
    " reason text not null default '', primary key (phase, name, company))";

bool ledger_prepare(struct pg *target, struct err *err)
{
    return pg_exec(target, prepare_sql, err) || err_wrap(err, "making the table of scripts in the target");
}

static bool is_there(struct pg *target, bool *ret, struct err *err)
{
    int64_t n = 0;
    bool ok = pg_value_i64(target, "select (to_regclass('carryover.script') is not null)::int", PG_NONE, &n, err);
    *ret = n;
    return ok;
}

bool ledger_read(struct pg *target, struct arena *a, struct ledger *ret, struct err *err)
{
    static const char sql[] =
        "select phase, name, company, digest, state, attempts, us, coalesce(to_char(started, 'YYYY-MM-DD HH24:MI:SS'),"
        " ''), coalesce(to_char(finished, 'YYYY-MM-DD HH24:MI:SS'), ''), error, notices, who, reason"
        " from carryover.script"
        " order by array_position(array['pre-sync', 'sync', 'post-sync', 'final'], phase), name, company";
    SCOPED_RESULT r = NULL;
    bool there = false;
    *ret = (struct ledger){0};
    if (!is_there(target, &there, err) || (there && !pg_query(target, sql, PG_NONE, &r, err)))
        return false;
    size_t n = there ? (size_t)PQntuples(r) : 0;
    ret->p = arena_new_array(a, struct ledger_row, n + 1);
    for (int i = 0; i < (int)n; i++) {
        const char *texts[13];
        for (int k = 0; k < 13; k++)
            texts[k] = arena_dup(a, pg_text(r, i, k));
        ret->p[ret->n++] =
            (struct ledger_row){texts[0], texts[1], texts[2], texts[3],  texts[4],  pg_i64(r, i, 5), pg_i64(r, i, 6),
                                texts[7], texts[8], texts[9], texts[10], texts[11], texts[12]};
    }
    return true;
}

const struct ledger_row *ledger_find(const struct ledger *l, const struct graph_node *n)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->p[i].name, n->name) == 0 && strcmp(l->p[i].company, n->company) == 0 &&
            strcmp(l->p[i].phase, script_phase_name(n->phase)) == 0)
            return &l->p[i];
    return NULL;
}

bool ledger_settled(const struct ledger_row *row)
{
    return row && (strcmp(row->state, "done") == 0 || strcmp(row->state, "skipped") == 0);
}

bool ledger_plan(struct pg *target, const struct graph *g, const bool *chosen, struct err *err)
{
    SCOPED_BUF b = {0};
    for (size_t i = 0; i < g->n; i++) {
        const struct graph_node *n = &g->p[i];
        if (!chosen[i])
            continue;
        buf_printf(&b, "%s ('%s', ", b.n ? "," : "insert into carryover.script (phase, name, company, digest) values",
                   script_phase_name(n->phase));
        pg_put_literal(&b, n->name);
        buf_puts(&b, ", ");
        pg_put_literal(&b, n->company);
        buf_printf(&b, ", '%s')", n->digest);
    }
    if (b.n == 0)
        return true;
    buf_puts(&b, " on conflict do nothing");
    return pg_exec(target, b.p, err) || err_wrap(err, "writing down which scripts there are");
}

#define OF_NODE "phase = $1 and name = $2 and company = $3"

/* Runs a statement about the row of a node: $1 to $3, then `more`, which may be NULL. */
static bool about(struct pg *target, const char *sql, const struct graph_node *n, const char *const *more,
                  size_t n_more, PGresult **ret, struct err *err)
{
    const char *values[8] = {script_phase_name(n->phase), n->name, n->company};
    SCOPED_RESULT r = NULL;
    for (size_t i = 0; i < n_more; i++)
        values[3 + i] = more[i];
    if (!pg_again(target, sql, (struct pg_args){3 + (int)n_more, values}, &r, err))
        return false;
    if (ret) {
        *ret = r;
        r = NULL;
    }
    return true;
}

bool ledger_begin(struct pg *target, const struct graph_node *n, const char *who, struct err *err)
{
    static const char sql[] = "update carryover.script set state = 'running', attempts = attempts + 1,"
                              " started = clock_timestamp(), finished = null, error = '', who = $4, digest = $5"
                              " where " OF_NODE " and state not in ('done', 'skipped')";
    const char *more[] = {who, n->digest};
    return about(target, sql, n, more, 2, NULL, err);
}

bool ledger_claim(struct pg *target, const struct graph_node *n, struct arena *a, bool *ret_done, char **ret_xid,
                  struct err *err)
{
    static const char sql[] = "select state in ('done', 'skipped'), pg_current_xact_id() from carryover.script"
                              " where " OF_NODE " for update";
    SCOPED_RESULT r = NULL;
    if (!about(target, sql, n, NULL, 0, &r, err))
        return false;
    if (PQntuples(r) == 0)
        return err_set(err, ERR_TARGET_STATE, "somebody has taken the script %s out of carryover.script", n->name);
    *ret_done = pg_bool(r, 0, 0);
    *ret_xid = arena_dup(a, pg_text(r, 0, 1));
    return true;
}

bool ledger_done(struct pg *target, const struct graph_node *n, const char *xid, int64_t us, const char *notices,
                 struct err *err)
{
    static const char sql[] =
        "update carryover.script set state = 'done', finished = clock_timestamp(), us = $4,"
        " notices = $5, digest = $7 where " OF_NODE " and pg_current_xact_id() = $6::xid8 returning 1";
    char took[24];
    const char *more[] = {took, notices, xid, n->digest};
    SCOPED_RESULT r = NULL;
    snprintf(took, sizeof took, "%" PRId64, us);
    if (!about(target, sql, n, more, 4, &r, err))
        return false;
    return PQntuples(r) == 1 ||
           err_set(err, ERR_PACKAGE, "the script has ended the transaction in which it has to be noted as done");
}

bool ledger_failed(struct pg *target, const struct graph_node *n, int64_t us, const char *error, const char *notices,
                   struct err *err)
{
    static const char sql[] = "update carryover.script set state = 'failed', finished = clock_timestamp(), us = $4,"
                              " error = $5, notices = $6 where " OF_NODE " and state not in ('done', 'skipped')";
    char took[24];
    const char *more[] = {took, error, notices};
    snprintf(took, sizeof took, "%" PRId64, us);
    return about(target, sql, n, more, 3, NULL, err);
}

bool ledger_waiting(struct pg *target, const struct graph_node *n, struct err *err)
{
    static const char sql[] = "update carryover.script set state = 'waiting' where " OF_NODE " and state = 'running'";
    return about(target, sql, n, NULL, 0, NULL, err);
}

bool ledger_skip(struct pg *target, const char *name, const char *who, const char *reason, int64_t *ret_rows,
                 struct err *err)
{
    return pg_run(target,
                  "update carryover.script set state = 'skipped', who = $2, reason = $3, finished = clock_timestamp()"
                  " where name = $1 and state not in ('done', 'skipped')",
                  PG_ARGS(name, who, reason), ret_rows, err);
}

bool ledger_reset(struct pg *target, const char *name, int64_t *ret_rows, struct err *err)
{
    return pg_run(target, "delete from carryover.script where name = $1", PG_ARGS(name), ret_rows, err);
}

bool ledger_forget(struct pg *target, enum script_phase phase, struct err *err)
{
    bool there = false;
    return is_there(target, &there, err) &&
           (!there || pg_run(target, "delete from carryover.script where phase = $1 and state <> 'skipped'",
                             PG_ARGS(script_phase_name(phase)), NULL, err));
}

bool ledger_count_done(struct pg *target, int64_t *ret, struct err *err)
{
    bool there = false;
    *ret = 0;
    return is_there(target, &there, err) &&
           (!there ||
            pg_value_i64(target, "select count(*) from carryover.script where state = 'done'", PG_NONE, ret, err));
}
