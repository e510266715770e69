#include "lens/index.h"
#include "base/log.h"
#include "base/thread.h"
#include "db/pg.h"
#include "lens/reload.h"
#include "lens/schema.h"

struct builds {
    const char *uri;
    const struct package_file *file;
    struct schema_statements list;
    atomic_size_t next;
};

static bool exists(struct pg *target, const char *index, bool *ret, struct err *err)
{
    int64_t n = 0;
    const char *sql = "select count(*) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                      " where n.nspname = 'old' and c.relname = $1";
    if (!pg_value_i64(target, sql, PG_ARGS(index), &n, err))
        return false;
    *ret = n > 0;
    return true;
}

/* Trackers look up a handful of changed keys in the last column of such an index. When nearly all rows have the same
 * value there, as a blank dimension, statistics promise that a look-up finds the whole table, and the planner reads it
 * all; but a key that just changed is hardly ever that value. The estimate of the column is corrected, unless it is one
 * that the table's own key has or an index begins with, as the company: that one really says little. */
static bool correct_estimate(struct pg *target, const char *index, struct err *err)
{
    SCOPED(arena) a = arena_new();
    char *sql = NULL;
    const char *ask =
        "select format('alter table %1$I.%2$I alter %3$I set (n_distinct = -0.2); analyze %1$I.%2$I (%3$I)',"
        "  n.nspname, c.relname, a.attname)"
        " from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid"
        " join pg_namespace n on n.oid = c.relnamespace"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[i.indnkeyatts - 1]"
        " join pg_stats s on s.schemaname = n.nspname and s.tablename = c.relname and s.attname = a.attname"
        " where n.nspname = 'old' and x.relname = $1 and i.indnkeyatts > 1 and a.attnum > 0"
        " and s.n_distinct between 0 and 100 and c.reltuples > 1000"
        " and not exists (select from pg_index o where o.indrelid = c.oid and (o.indkey[0] = a.attnum"
        "                 or (o.indisprimary and a.attnum = any (o.indkey))))";
    if (!pg_value(target, ask, PG_ARGS(index), a, &sql, err))
        return false;
    return !sql || pg_exec(target, sql, err);
}

/* The statistics of an index on an expression come from ANALYZE only. */
static bool build(struct pg *target, const struct builds *b, const struct schema_statement *s, struct err *err)
{
    bool there = false;
    SCOPED(arena) a = arena_new();
    if (s->index && !exists(target, s->index, &there, err))
        return false;
    if (there)
        return true;
    log_debug("upgrade.index", "building %s", s->index ? s->index : s->sql);
    if (!pg_exec(target, s->sql, err) ||
        (s->table && !pg_execf(target, err, "analyze %s", pg_qualified(a, "old", s->table))))
        return err_wrap(err, "%s:%d", b->file->path, s->line);
    return !s->index || correct_estimate(target, s->index, err);
}

static bool build_member(struct crew *crew, void *ctx, int member, struct err *err)
{
    struct builds *b = ctx;
    SCOPED(pg) target = NULL;
    (void)member;
    if (!pg_open(b->uri, "target", &target, err) || !reload_session(target, err))
        return false;
    while (!crew_stopping(crew)) {
        size_t i = atomic_fetch_add(&b->next, 1);
        if (i >= b->list.n)
            return true;
        if (!build(target, b, &b->list.p[i], err))
            return false;
    }
    return true;
}

static bool make_functions(const char *uri, const struct package *p, struct err *err)
{
    SCOPED(pg) target = NULL;
    const struct package_file *f = package_find(&p->schema, "functions");
    if (!f)
        return true;
    return pg_open(uri, "target", &target, err) && (pg_exec(target, f->text, err) || err_wrap(err, "%s", f->path));
}

bool index_build(const char *uri, const struct package *p, int workers, struct err *err)
{
    SCOPED(arena) a = arena_new();
    struct builds b = {.uri = uri, .file = package_find(&p->schema, "old_indexes")};
    if (!make_functions(uri, p, err) || !schema_split(b.file, a, &b.list, err))
        return false;
    return b.list.n == 0 || crew_run((int)MIN((size_t)MAX(workers, 1), b.list.n), build_member, &b, err);
}
