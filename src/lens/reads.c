#include "lens/reads.h"
#include "base/map.h"
#include "conf/sqltext.h"
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

/* In a package of scripts a table that version N has under the same name, without a lens, is copied in the cutover. */
static void take_carried(struct reads *r, const struct package *p)
{
    struct str rest = str_of(package_find(&p->schema, "10_tables")->text);
    struct sqltext_token before[2] = {0};
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return;
        if (str_is(before[0].text, "hq") && str_is(before[1].text, ".")) {
            char *name = arena_dup_str(r->arena, t.text);
            if (!package_find(&p->up, name))
                map_put(r->names, str_of(name))->value = r;
        }
        before[0] = before[1];
        before[1] = t;
    }
}

static bool read_lenses(struct reads *r, const struct package_files *files, struct err *err)
{
    for (size_t i = 0; i < files->n; i++)
        if (!read_lens(r, &files->p[i], err))
            return false;
    return true;
}

static const char *const *names_of(const struct reads *r)
{
    const char **list = arena_new_array(r->arena, const char *, map_count(r->names) + 1);
    for (size_t i = 0; i < map_count(r->names); i++)
        list[i] = map_at(r->names, i)->key.p;
    return list;
}

bool reads_find(const struct package *p, struct arena *a, const char *const **ret, struct err *err)
{
    SCOPED(map) names = map_new();
    struct reads r = {a, names};
    if (!read_lenses(&r, &p->up, err))
        return false;
    if (p->scripts.classic)
        take_carried(&r, p);
    *ret = names_of(&r);
    return true;
}

bool reads_find_down(const struct package *p, struct arena *a, const char *const **ret, struct err *err)
{
    SCOPED(map) names = map_new();
    struct reads r = {a, names};
    if (!read_lenses(&r, &p->down, err))
        return false;
    *ret = names_of(&r);
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
