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
    return true;
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
