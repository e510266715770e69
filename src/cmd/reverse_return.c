#include "base/log.h"
#include "cmd/cmd.h"
#include "cmd/reverse_steps.h"
#include "cmd/steps.h"

/* --- what is no row --- */

/* Sequences that fill a column: owned by it, of an identity, or named by its default. */
static const char sequences_sql[] =
    "select distinct s.seqrelid::regclass::text, quote_ident(a.attname), a.attrelid::regclass::text,"
    " case when s.seqincrement > 0 then 'max' else 'min' end, case when s.seqincrement > 0 then '>' else '<' end"
    " from pg_sequence s join (select d.objid as seq, d.refobjid as rel, d.refobjsubid as num from pg_depend d"
    "  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')"
    "  union select d.refobjid, f.adrelid, f.adnum from pg_depend d join pg_attrdef f on f.oid = d.objid"
    "  where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass) x on x.seq = s.seqrelid"
    " join pg_attribute a on a.attrelid = x.rel and a.attnum = x.num join pg_class c on c.oid = a.attrelid"
    " where c.relnamespace = to_regnamespace(quote_ident($1)) and c.relkind in ('r', 'p')"
    " and a.atttypid in ('int2'::regtype, 'int4'::regtype, 'int8'::regtype) order by 1, 2";

static bool set_sequence(struct reversing *r, const PGresult *q, int row, int *n, struct err *err)
{
    SCOPED_RESULT moved = NULL;
    const char *seq = pg_text(q, row, 0), *more = pg_text(q, row, 4);
    const char *sql = arena_printf(r->a,
                                   "select setval($1::regclass, m) from (select %s(%s)::bigint from %s) x(m), %s s"
                                   " where m %s s.last_value or (m = s.last_value and not s.is_called)",
                                   pg_text(q, row, 3), pg_text(q, row, 1), pg_text(q, row, 2), seq, more);
    if (!pg_query(r->old, sql, PG_ARGS(seq), &moved, err))
        return err_wrap(err, "setting the sequence %s", seq);
    *n += PQntuples(moved) > 0;
    return true;
}

bool reverse_set_sequences(struct reversing *r, int *ret_n, struct err *err)
{
    SCOPED_RESULT q = NULL;
    *ret_n = 0;
    if (!pg_query(r->old, sequences_sql, PG_ARGS(r->replicate.source.home), &q, err))
        return err_wrap(err, "looking for sequences of the old headquarters");
    for (int i = 0; i < PQntuples(q); i++)
        if (!set_sequence(r, q, i, ret_n, err))
            return false;
    return true;
}

/* The server did not look at foreign keys while the feed wrote; where one side changed they are looked at now. */
static const char references_sql[] =
    "with changed as (select c.oid from carryover.relation r join pg_class c on c.relname = r.target_name"
    "  and c.relnamespace = to_regnamespace(quote_ident(r.target_schema)) where r.changes > 0 or r.mode = 'cutover')"
    " select k.conname, k.conrelid::regclass::text, format('select count(*) from only %s c where %s and not exists"
    " (select from %s p where %s)', k.conrelid::regclass, string_agg(format('c.%I is not null', a.attname), ' and '),"
    " k.confrelid::regclass, string_agg(format('p.%I = c.%I', b.attname, a.attname), ' and '))"
    " from pg_constraint k, unnest(k.conkey, k.confkey) x(mine, theirs), pg_attribute a, pg_attribute b"
    " where k.contype = 'f' and k.convalidated and (k.conrelid in (select oid from changed)"
    "  or k.confrelid in (select oid from changed)) and a.attrelid = k.conrelid and a.attnum = x.mine"
    " and b.attrelid = k.confrelid and b.attnum = x.theirs group by k.oid, k.conname, k.conrelid, k.confrelid"
    " order by 2, 1";

static bool refuse_orphans(struct reversing *r, const char *orphans, struct buf *detail, struct err *err)
{
    if (r->lose) {
        log_warn("reverse.orphans", "rows that point nowhere: %s", orphans);
        buf_printf(detail, "; left as they are, as --lose-writes says: %s", orphans);
        return true;
    }
    err_set(err, ERR_VERIFY_FAILED, "foreign keys of the old headquarters do not hold: %s", orphans);
    return err_hint(err, "Version N deleted what rows of N-1 still point at. Mend these rows in version N or in old.* "
                         "of the target, or go back all the same with --lose-writes.");
}

bool reverse_check_references(struct reversing *r, struct buf *detail, struct err *err)
{
    SCOPED_RESULT q = NULL;
    SCOPED_BUF orphans = {0};
    if (!pg_query(r->old, references_sql, PG_NONE, &q, err))
        return err_wrap(err, "looking for foreign keys of the old headquarters");
    for (int i = 0; i < PQntuples(q); i++) {
        int64_t n = 0;
        if (!pg_value_i64(r->old, pg_text(q, i, 2), PG_NONE, &n, err))
            return err_wrap(err, "the foreign key %s of %s", pg_text(q, i, 0), pg_text(q, i, 1));
        if (n)
            buf_printf(&orphans, "%s%s of %s: %" PRId64 " rows", orphans.n ? ", " : "", pg_text(q, i, 0),
                       pg_text(q, i, 1), n);
    }
    buf_printf(detail, "foreign keys that were looked at: %d", PQntuples(q));
    return orphans.n == 0 || refuse_orphans(r, orphans.p, detail, err);
}

/* --- the command --- */

/* A return that is done is told again; another one needs another feed. */
static bool was_done(struct reversing *r, bool *ret, struct err *err)
{
    struct reversing_last last;
    struct reversing_state s;
    if (!reversing_last(r, &last, err) || !reversing_state(r, &s, err))
        return false;
    *ret = last.run && last.ended && last.released && !s.ours;
    return true;
}

static bool print_end(struct command_call *call, struct err *err)
{
    SCOPED_BUF text = {0};
    buf_puts(&text, command_flag(call, OPTION_JSON)
                        ? "{\"returned\":true}\n"
                        : "the old headquarters is in use again, with everything that it can hold\n"
                          "version N stays in maintenance, and `n1 keep` and the gateway are stopped; `carryover "
                          "maintenance off` would let users in again, who then work beside the old headquarters\n");
    return cmd_print(&text, err);
}

bool cmd_reverse_return(struct command_call *call, struct err *err)
{
    SCOPED_REVERSING r = {0};
    int64_t run = 0;
    bool done = false;
    if (command_flag(call, OPTION_DRY_RUN))
        return steps_print_plan(reverse_runbook(), err);
    if (!reversing_confirm(call, "a return puts users out of version N and opens the old headquarters",
                           "Look at the steps with `carryover reverse return --dry-run`, then run it with --yes.",
                           err) ||
        !reversing_open(call, &r, err))
        return false;
    project_set_command(r.project, "reverse return");
    if (!project_lock(r.project, REVERSE_LOCK, err) || !was_done(&r, &done, err))
        return false;
    return (done || steps_run(reverse_runbook(), r.journal, &r, &run, err)) && print_end(call, err);
}
