#include "n1/changelog.h"
#include "base/name.h"
#include "base/str.h"

#define XID "\"carryover:xid\""
#define GONE "\"carryover:gone\""

/* Both versions have tables of one name. */
static char *log_name(struct arena *a, const char *schema, const char *table)
{
    return pg_qualified(a, "carryover", name_derived(a, arena_printf(a, "n1_log_%s_", schema), table));
}

/* --- tables --- */

static const char tables_sql[] =
    "select t.rel_schema, t.rel_name, coalesce((select string_agg(quote_ident(a.attname), ', ' order by k.n)"
    " from pg_index i cross join lateral unnest(i.indkey) with ordinality k(attnum, n)"
    " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum"
    " where i.indrelid = format('%I.%I', t.rel_schema, t.rel_name)::regclass and i.indisprimary), ''),"
    " (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a"
    " where a.attrelid = format('%I.%I', t.rel_schema, t.rel_name)::regclass and a.attnum > 0 and not a.attisdropped)"
    " from (select distinct c.rel_schema, c.rel_name from carryover.channel_tracker c"
    " where case when $1::text is null then c.direction = 'channel' or exists (select from carryover.n1_group where "
    "schema = 'N')"
    "  else exists (select from carryover.n1_subjob s join carryover.n1_job j using (job) where s.job = $1 and s.lens "
    "= c.lens"
    "   and c.direction = case j.schema when 'N' then 'channel_n' else 'channel' end) end) t order by 1, 2";

static bool read_tables(struct pg *target, const char *job, struct arena *a, struct changelog *ret, struct err *err)
{
    SCOPED_RESULT r = NULL;
    if (!pg_query(target, tables_sql, PG_ARGS(job), &r, err))
        return false;
    ret->n = (size_t)PQntuples(r);
    ret->p = arena_new_array(a, struct changelog_table, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++) {
        struct changelog_table *t = &ret->p[i];
        t->schema = arena_dup(a, pg_text(r, (int)i, 0));
        t->name = arena_dup(a, pg_text(r, (int)i, 1));
        t->key = arena_dup(a, pg_text(r, (int)i, 2));
        t->columns = arena_dup(a, pg_text(r, (int)i, 3));
        t->log = log_name(a, t->schema, t->name);
        if (!*t->key)
            return err_set(err, ERR_PACKAGE, "the table %s.%s has no primary key, so its changes cannot be followed",
                           t->schema, t->name);
    }
    return true;
}

bool changelog_of_job(struct pg *target, const char *job, struct arena *a, struct changelog *ret, struct err *err)
{
    return read_tables(target, job, a, ret, err);
}

/* --- installing --- */

static void put_function(struct buf *b, const struct changelog_table *t, const char *table)
{
    static const char now[] = "pg_current_xact_id()";
    buf_printf(b, "create or replace function %s() returns trigger language plpgsql as $carryover$ begin\n", t->log);
    buf_printf(b, "if tg_op = 'TRUNCATE' then insert into %s select %s, true, t.* from %s t; return null; end if;\n",
               t->log, now, table);
    buf_printf(b, "if tg_op <> 'INSERT' then insert into %s select %s, true, o.* from o; end if;\n", t->log, now);
    buf_printf(b,
               "if tg_op <> 'DELETE' then insert into %s (" XID ", " GONE ", %s) select %s, false, %s from n; end if;\n"
               "return null; end $carryover$;\n",
               t->log, t->key, now, t->key);
}

static void put_triggers(struct buf *b, const struct changelog_table *t, const char *table)
{
    static const struct {
        const char *name, *when, *referencing;
    } triggers[] = {{"carryover_n1_insert", "after insert", "referencing new table as n"},
                    {"carryover_n1_update", "after update", "referencing old table as o new table as n"},
                    {"carryover_n1_delete", "after delete", "referencing old table as o"},
                    {"carryover_n1_truncate", "before truncate", ""}};
    for (size_t i = 0; i < ARRAY_LEN(triggers); i++)
        buf_printf(b, "create trigger %s %s on %s %s for each statement execute function %s();\n", triggers[i].name,
                   triggers[i].when, table, triggers[i].referencing, t->log);
}

/* The old rows have the table's columns, in its order: the function copies them whole. */
static bool install_table(struct pg *target, const struct changelog_table *t, struct arena *a, struct err *err)
{
    SCOPED_BUF sql = {0};
    int64_t there = 0;
    const char *table = pg_qualified(a, t->schema, t->name);
    if (!pg_value_i64(target, "select (to_regclass($1) is not null)::int", PG_ARGS(t->log), &there, err))
        return false;
    if (there)
        return true;
    buf_printf(&sql,
               "create table %s as select null::xid8 as " XID ", null::boolean as " GONE
               ", t.* from %s t where false;\n",
               t->log, table);
    buf_printf(&sql, "create index on %s (" XID ");\n", t->log);
    put_function(&sql, t, table);
    put_triggers(&sql, t, table);
    return pg_exec(target, sql.p, err) || err_wrap(err, "following the changes of %s.%s", t->schema, t->name);
}

bool changelog_install(struct pg *target, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct changelog j;
    if (!read_tables(target, NULL, a, &j, err))
        return false;
    for (size_t i = 0; i < j.n; i++)
        if (!install_table(target, &j.p[i], a, err))
            return false;
    return true;
}

/* --- windows --- */

/* The bounds let the index find the rows; the snapshots decide. */
static void put_window(struct buf *b, const struct changelog_table *t, const char *since)
{
    buf_printf(b,
               "from %s where " XID " >= pg_snapshot_xmin('%s'::pg_snapshot) and " XID
               " < pg_snapshot_xmax(pg_current_snapshot()) and pg_visible_in_snapshot(" XID ", pg_current_snapshot())"
               " and not pg_visible_in_snapshot(" XID ", '%s'::pg_snapshot)",
               t->log, since, since);
}

bool changelog_look(struct pg *target, struct changelog *j, const char *since, bool *ret_any, struct err *err)
{
    SCOPED_BUF sql = {0};
    SCOPED_RESULT r = NULL;
    *ret_any = false;
    for (size_t i = 0; i < j->n; i++) {
        buf_puts(&sql, i ? ", exists (select " : "select exists (select ");
        put_window(&sql, &j->p[i], since);
        buf_putc(&sql, ')');
    }
    if (j->n == 0)
        return true;
    if (!pg_query(target, sql.p, PG_NONE, &r, err))
        return false;
    for (size_t i = 0; i < j->n; i++) {
        j->p[i].changed = pg_bool(r, 0, (int)i);
        *ret_any = *ret_any || j->p[i].changed;
    }
    return true;
}

static void put_layout(struct buf *b, const struct changelog_table *t, const char *since, struct arena *a)
{
    const char *image = pg_ident(a, name_derived(a, "image:", t->name));
    const char *changed = pg_ident(a, name_derived(a, "changed:", t->name));
    if (!t->changed) {
        buf_printf(b, "create temp table %s on commit drop as select %s from %s where false;\n", image, t->columns,
                   t->log);
        return;
    }
    buf_printf(b, "create temp table %s on commit drop as select %s ", image, t->columns);
    put_window(b, t, since);
    buf_printf(b, " and " GONE ";\ncreate temp table %s on commit drop as select distinct %s ", changed, t->key);
    put_window(b, t, since);
    buf_printf(b, ";\nanalyze %s, %s;\n", image, changed);
}

bool changelog_open(struct pg *target, const struct changelog *j, const char *since, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF sql = {0};
    for (size_t i = 0; i < j->n; i++)
        put_layout(&sql, &j->p[i], since, a);
    return sql.n == 0 || pg_exec(target, sql.p, err) || err_wrap(err, "laying out what has changed");
}

bool changelog_purge(struct pg *target, struct err *err)
{
    SCOPED(arena) a = arena_new();
    SCOPED_BUF sql = {0};
    struct changelog j;
    char *behind = NULL;
    if (!pg_value(target,
                  "select min(pg_snapshot_xmin(snapshot)::text::numeric)::text from carryover.n1_job"
                  " where snapshot is not null",
                  PG_NONE, a, &behind, err) ||
        !read_tables(target, NULL, a, &j, err))
        return false;
    for (size_t i = 0; behind && i < j.n; i++)
        buf_printf(&sql, "delete from %s where " XID " < '%s'::xid8;", j.p[i].log, behind);
    return sql.n == 0 || pg_exec(target, sql.p, err);
}
