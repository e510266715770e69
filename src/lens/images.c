#include "lens/images.h"
#include "base/name.h"
#include "lens/tree.h"

struct extend {
    struct arena *arena;
    const struct catalog *cat;
};

char *images_table(struct arena *a, const char *table)
{
    return name_derived(a, "image:", table);
}

static SelectStmt *all_of(struct arena *a, const struct catalog_table *t, const char *schema, const char *name)
{
    SelectStmt *q = select_new(a);
    struct nodes targets = {0}, from = {0};
    for (size_t i = 0; i < t->n_columns; i++)
        nodes_push(a, &targets, node_target(a, node_column(a, "x", t->columns[i].name), NULL));
    nodes_push(a, &from, node_table(a, schema, name, "x"));
    q->target_list = targets.p;
    q->n_target_list = targets.n;
    q->from_clause = from.p;
    q->n_from_clause = from.n;
    return q;
}

/* The node of a table becomes the node of a subquery, in its place and under its name. */
static bool extend_node(void *ctx, Message *m)
{
    const struct extend *x = ctx;
    Node *n = (Node *)m;
    if (!MESSAGE_IS(m, node) || !NODE_IS(n, RANGE_VAR))
        return true;
    const RangeVar *r = n->range_var;
    const struct catalog_table *t = catalog_table(x->cat, r->schemaname, r->relname);
    if (!t)
        return false;
    SelectStmt *now = all_of(x->arena, t, t->schema, t->name);
    SelectStmt *gone = all_of(x->arena, t, "pg_temp", images_table(x->arena, t->name));
    PgQuery__Alias *alias = r->alias ? r->alias : alias_new(x->arena, r->relname, NULL, 0);
    *n = *node_subselect(x->arena, select_union(x->arena, now, gone, true), alias, false);
    return false;
}

SelectStmt *images_extend(struct arena *a, const struct catalog *cat, const SelectStmt *q)
{
    struct extend x = {a, cat};
    SelectStmt *copy = tree_copy(a, q);
    tree_walk(copy, extend_node, &x);
    return copy;
}
