#include "refresh/next.h"
#include "db/target.h"
#include "db/written.h"

static const char state_sql[] =
    "create table carryover.refresh (only_row boolean primary key default true check (only_row),"
    " schema_digest text not null, excluded text not null, begun timestamptz not null default clock_timestamp(),"
    " completed timestamptz)";

bool next_read(struct pg *next, struct arena *a, struct next_state *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    int64_t there = 0;
    *ret = (struct next_state){0};
    if (!pg_value_i64(next, "select (to_regclass('carryover.refresh') is not null)::int", PG_NONE, &there, err))
        return false;
    if (!there)
        return true;
    if (!pg_query(next, "select schema_digest, completed is not null, excluded from carryover.refresh", PG_NONE, &r,
                  err))
        return false;
    ret->made = PQntuples(r) > 0;
    if (ret->made) {
        snprintf(ret->digest, sizeof ret->digest, "%s", pg_text(r, 0, 0));
        ret->complete = pg_bool(r, 0, 1);
        ret->excluded = arena_dup(a, pg_text(r, 0, 2));
    }
    return true;
}

static char *joined(const struct rules *rules, struct arena *a)
{
    SCOPED_BUF b = {0};
    for (const char *const *t = rules->excluded; *t; t++)
        buf_printf(&b, "%s%s", b.n ? "\n" : "", *t);
    return arena_dup(a, buf_text(&b));
}

bool next_begin(const struct schema_dump *d, const struct rules *rules, struct pg *next, struct arena *a,
                struct err *err)
{
    const char *note = "insert into carryover.refresh (schema_digest, excluded) values ($1, $2)";
    if (pg_begin(next, err) && schema_make_before(d, next, a, err) && target_prepare_scratch(next, err) &&
        pg_exec(next, state_sql, err) && pg_run(next, note, PG_ARGS(d->digest, joined(rules, a)), NULL, err) &&
        pg_commit(next, err))
        return true;
    pg_rollback(next);
    return false;
}

bool next_complete(const struct schema_dump *d, struct pg *sandbox, struct pg *next, struct arena *a, struct err *err)
{
    if (pg_begin(next, err) && schema_make_after(d, sandbox, next, a, err) &&
        pg_exec(next, "update carryover.refresh set completed = clock_timestamp()", err) && pg_commit(next, err))
        return true;
    pg_rollback(next);
    return false;
}

bool next_check_rules(const struct next_state *s, const struct rules *rules, struct err *err)
{
    SCOPED(arena) a = arena_new();
    if (!s->made || strcmp(s->excluded, joined(rules, a)) == 0)
        return true;
    err_set(err, ERR_GUARD, "refresh.yaml leaves out other tables now than when the copy was begun");
    return err_hint(err, "Take the change back, or begin anew with `carryover refresh reset`.");
}

/* --- values --- */

static const char sequences_sql[] =
    "select quote_ident(schemaname) || '.' || quote_ident(sequencename), coalesce(last_value, start_value),"
    " last_value is not null from pg_sequences where schemaname !~ '^pg_' and schemaname <> 'carryover'";

static bool take_sequences(struct pg *sandbox, struct pg *next, int *ret_n, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *set = "select setval(to_regclass($1), $2::bigint, $3::boolean) where to_regclass($1) is not null";
    if (!pg_query(sandbox, sequences_sql, PG_NONE, &r, err))
        return false;
    *ret_n = PQntuples(r);
    for (int i = 0; i < PQntuples(r); i++)
        if (!pg_run(next, set, PG_ARGS(pg_text(r, i, 0), pg_text(r, i, 1), pg_text(r, i, 2)), NULL, err))
            return err_wrap(err, "the sequence %s", pg_text(r, i, 0));
    return true;
}

/* Sequences of columns whose rows do not come with them go on behind the largest value: those of our own tables, which
 * replication has filled, and of tables that are kept. */
static bool take_identities(struct pg *next, struct err *err)
{
    const char *sql =
        "do $$ declare x record; m bigint; begin for x in select a.attrelid::regclass as t, a.attname as c,"
        " pg_get_serial_sequence(a.attrelid::regclass::text, a.attname) as s from pg_attribute a join pg_class k"
        " on k.oid = a.attrelid join pg_namespace n on n.oid = k.relnamespace where (k.relnamespace = "
        "'carryover'::regnamespace or exists (select from"
        " carryover.refresh_kept kept where kept.name = n.nspname || '.' || k.relname))"
        " and k.relkind = 'r' and a.attnum > 0 loop"
        " if x.s is not null then execute format('select max(%I) from %s', x.c, x.t) into m;"
        "  if m > coalesce(pg_sequence_last_value(x.s::regclass), 0) then perform setval(x.s, m); end if; end if; end "
        "loop; end $$";
    return pg_exec(next, rules_kept_sql, err) && pg_exec(next, sql, err);
}

static bool take_views(struct pg *sandbox, struct pg *next, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select format('refresh materialized view %I.%I', n.nspname, c.relname) from pg_class c"
                      " join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm' and c.relispopulated"
                      " order by c.oid";
    if (!pg_query(sandbox, sql, PG_NONE, &r, err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        if (!pg_exec(next, pg_text(r, i, 0), err))
            return false;
    return true;
}

/* They could not be there before: replication would have run them for every change that it brought. */
static bool take_trackers(struct pg *sandbox, struct pg *next, struct err *err)
{
    SCOPED_RESULT r = NULL;
    const char *sql = "select format('insert into carryover.tracker select * from json_populate_record("
                      "null::carryover.tracker, %L)', row_to_json(t)) from carryover.tracker t where lens <> '@verify'";
    if (!pg_query(sandbox, sql, PG_NONE, &r, err) || !pg_begin(next, err) ||
        !pg_exec(next, "delete from carryover.tracker; update carryover.tracker_version set version = version + 1",
                 err))
        return false;
    for (int i = 0; i < PQntuples(r); i++)
        if (!pg_exec(next, pg_text(r, i, 0), err))
            return false;
    return pg_commit(next, err);
}

bool next_take_values(struct pg *sandbox, struct pg *next, int *ret_sequences, struct err *err)
{
    if (take_sequences(sandbox, next, ret_sequences, err) && take_identities(next, err) &&
        take_views(sandbox, next, err) && take_trackers(sandbox, next, err))
        return true;
    pg_rollback(next);
    return err_wrap(err, "taking what is no row from the sandbox");
}

/* --- what was written since --- */

#define BASELINE "refresh_baseline"
#define NAMED_MOST 5

bool next_note_baseline(struct pg *next, struct err *err)
{
    return written_note(next, BASELINE, err);
}

bool next_written(struct pg *production, struct arena *a, int64_t *ret_rows, char **ret_where, bool *ret_known,
                  struct err *err)
{
    SCOPED_BUF where = {0};
    struct written w;
    if (!written_since(production, BASELINE, a, &w, err))
        return false;
    for (size_t i = 0; i < MIN(w.n, (size_t)NAMED_MOST); i++)
        buf_printf(&where, "%s%s%s%s %" PRId64, i ? ", " : "", w.p[i].schema, *w.p[i].schema ? "." : "", w.p[i].name,
                   w.p[i].rows);
    *ret_rows = w.rows;
    *ret_known = w.known;
    *ret_where = arena_dup(a, buf_text(&where));
    return true;
}
