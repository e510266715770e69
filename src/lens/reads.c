#include "lens/reads.h"
#include "base/map.h"
#include "lens/tree.h"

struct reads {
    struct arena *arena;
    struct map *names;
};

static bool take_table(void *ctx, Message *m)
{
    struct reads *r = ctx;
    if (MESSAGE_IS(m, range_var)) {
        const PgQuery__RangeVar *v = (const PgQuery__RangeVar *)m;
        map_put(r->names, str_of(arena_dup(r->arena, v->relname)))->value = r;
    }
    return true;
}

static bool read_lens(struct reads *r, const struct package_file *f, struct err *err)
{
    SelectStmt *q = NULL;
    if (!tree_parse(f->body, f->path, r->arena, &q, err))
        return false;
    tree_walk(q, take_table, r);
    return true;
}

bool reads_find(const struct package *p, struct arena *a, const char *const **ret, struct err *err)
{
    SCOPED(map) names = map_new();
    struct reads r = {a, names};
    for (size_t i = 0; i < p->up.n; i++)
        if (!read_lens(&r, &p->up.p[i], err))
            return false;
    const char **list = arena_new_array(a, const char *, map_count(names) + 1);
    for (size_t i = 0; i < map_count(names); i++)
        list[i] = map_at(names, i)->key.p;
    *ret = list;
    return true;
}

static bool count_table(void *ctx, Message *m)
{
    *(int *)ctx += MESSAGE_IS(m, range_var);
    return true;
}

bool reads_most(const struct package *p, int *ret, struct err *err)
{
    *ret = 0;
    for (size_t i = 0; i < p->down.n; i++) {
        SCOPED(arena) a = arena_new();
        SelectStmt *q = NULL;
        int n = 0;
        if (!tree_parse(p->down.p[i].body, p->down.p[i].path, a, &q, err))
            return false;
        tree_walk(q, count_table, &n);
        *ret = MAX(*ret, n);
    }
    return true;
}
