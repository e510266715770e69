#include "lens/shape.h"

void names_add(struct arena *a, struct names *list, const char *name)
{
    if (!name || names_have(list, name))
        return;
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 8;
        const char **p = arena_alloc(a, list->cap * sizeof *p);
        if (list->n)
            memcpy(p, list->p, list->n * sizeof *p);
        list->p = p;
    }
    list->p[list->n++] = name;
}

bool names_have(const struct names *list, const char *name)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->p[i], name) == 0)
            return true;
    return false;
}

struct collect {
    struct arena *a;
    struct names *names;
};

static bool reference_visit(void *ctx, Message *m)
{
    struct collect *c = ctx;
    if (MESSAGE_IS(m, column_ref) && ((ColumnRef *)m)->n_fields >= 2)
        names_add(c->a, c->names, node_text(((ColumnRef *)m)->fields[0]));
    return true;
}

void shape_references(struct arena *a, const void *m, struct names *ret)
{
    struct collect c = {a, ret};
    tree_walk(m, reference_visit, &c);
}

void shape_provides(struct arena *a, const Node *item, struct names *ret)
{
    if (NODE_IS(item, JOIN_EXPR)) {
        shape_provides(a, item->join_expr->larg, ret);
        shape_provides(a, item->join_expr->rarg, ret);
        return;
    }
    names_add(a, ret, from_name(item));
}

struct question {
    const struct catalog *cat;
    bool yes;
};

static bool calls_aggregate(const struct catalog *cat, const FuncCall *f)
{
    if (f->over)
        return false;
    if (f->agg_star || f->agg_distinct || f->agg_within_group || f->agg_filter || f->n_agg_order)
        return true;
    const char *schema = f->n_funcname > 1 ? node_text(f->funcname[0]) : "";
    return f->n_funcname && catalog_is_aggregate(cat, schema, node_text(f->funcname[f->n_funcname - 1]));
}

static bool aggregate_visit(void *ctx, Message *m)
{
    struct question *q = ctx;
    if (MESSAGE_IS(m, func_call))
        q->yes = q->yes || calls_aggregate(q->cat, (FuncCall *)m);
    if (MESSAGE_IS(m, grouping_func))
        q->yes = true;
    return !q->yes && !MESSAGE_IS(m, sub_link);
}

bool shape_has_aggregate(const struct catalog *cat, const void *expression)
{
    struct question q = {cat, false};
    tree_walk(expression, aggregate_visit, &q);
    return q.yes;
}

static bool window_visit(void *ctx, Message *m)
{
    struct question *q = ctx;
    q->yes = q->yes || (MESSAGE_IS(m, func_call) && ((FuncCall *)m)->over);
    return !q->yes && !MESSAGE_IS(m, sub_link);
}

bool shape_has_window(const void *expression)
{
    struct question q = {NULL, false};
    tree_walk(expression, window_visit, &q);
    return q.yes;
}

static bool sublink_visit(void *ctx, Message *m)
{
    struct question *q = ctx;
    q->yes = q->yes || MESSAGE_IS(m, sub_link);
    return !q->yes;
}

bool shape_has_sublink(const void *m)
{
    struct question q = {NULL, false};
    tree_walk(m, sublink_visit, &q);
    return q.yes;
}

bool shape_is_grouped(const struct catalog *cat, const SelectStmt *q)
{
    bool yes = q->n_group_clause || q->having_clause;
    for (size_t i = 0; !yes && i < q->n_target_list; i++)
        yes = shape_has_aggregate(cat, q->target_list[i]);
    for (size_t i = 0; !yes && i < q->n_sort_clause; i++)
        yes = shape_has_aggregate(cat, q->sort_clause[i]);
    return yes;
}

bool shape_is_distinct_on(const SelectStmt *q)
{
    return q->n_distinct_clause && tree_inner(q->distinct_clause[0]);
}

/* -- windows -- */

struct windows {
    const SelectStmt *q;
    bool any, same;
    struct nodes partition;
};

static const PgQuery__WindowDef *named_window(const SelectStmt *q, const PgQuery__WindowDef *w)
{
    const char *name = *w->name ? w->name : w->refname;
    for (size_t i = 0; i < q->n_window_clause; i++)
        if (strcmp(q->window_clause[i]->window_def->name, name) == 0)
            return q->window_clause[i]->window_def;
    return w;
}

static bool same_partition(const struct nodes *p, const PgQuery__WindowDef *w)
{
    bool same = p->n == w->n_partition_clause;
    for (size_t i = 0; same && i < p->n; i++)
        same = tree_equal(p->p[i], w->partition_clause[i]);
    return same;
}

static bool windows_visit(void *ctx, Message *m)
{
    struct windows *s = ctx;
    if (MESSAGE_IS(m, func_call) && ((FuncCall *)m)->over) {
        const PgQuery__WindowDef *w = named_window(s->q, ((FuncCall *)m)->over);
        if (!s->any)
            s->partition = (struct nodes){w->partition_clause, w->n_partition_clause, w->n_partition_clause};
        s->same = s->same && same_partition(&s->partition, w);
        s->any = true;
    }
    return !MESSAGE_IS(m, sub_link);
}

bool shape_window(const SelectStmt *q, struct nodes *ret_partition, bool *ret_same)
{
    struct windows s = {q, false, true, {0}};
    for (size_t i = 0; i < q->n_target_list; i++)
        tree_walk(q->target_list[i], windows_visit, &s);
    for (size_t i = 0; i < q->n_sort_clause; i++)
        tree_walk(q->sort_clause[i], windows_visit, &s);
    *ret_partition = s.partition;
    *ret_same = s.same;
    return s.any;
}

/* -- outputs -- */

static const SelectStmt *leftmost(const SelectStmt *q)
{
    while (shape_is_union(q))
        q = q->larg;
    return q;
}

size_t shape_n_outputs(const SelectStmt *q)
{
    q = leftmost(q);
    return q->n_values_lists ? q->values_lists[0]->list->n_items : q->n_target_list;
}

Node *shape_output(const SelectStmt *q, size_t i)
{
    return q->target_list[i]->res_target->val;
}

const char *shape_output_name(const SelectStmt *q, size_t i)
{
    q = leftmost(q);
    if (q->n_values_lists || !NODE_IS(q->target_list[i], RES_TARGET))
        return "?column?";
    const ResTarget *t = q->target_list[i]->res_target;
    if (*t->name)
        return t->name;
    if (NODE_IS(t->val, COLUMN_REF))
        return node_text(t->val->column_ref->fields[t->val->column_ref->n_fields - 1]);
    return "?column?";
}

int shape_find_output(const SelectStmt *q, const char *name)
{
    for (size_t i = 0; i < shape_n_outputs(q); i++)
        if (strcmp(shape_output_name(q, i), name) == 0)
            return (int)i;
    return -1;
}

/* -- null or not -- */

const RangeVar *shape_find_table(const Node *item, const char *alias, bool *ret_nullable)
{
    if (NODE_IS(item, RANGE_VAR))
        return strcmp(from_name(item), alias) == 0 ? item->range_var : NULL;
    if (!NODE_IS(item, JOIN_EXPR))
        return NULL;
    const JoinExpr *j = item->join_expr;
    bool full = j->jointype == PG_QUERY__JOIN_TYPE__JOIN_FULL;
    const RangeVar *found = shape_find_table(j->larg, alias, ret_nullable);
    if (found) {
        *ret_nullable = *ret_nullable || full || j->jointype == PG_QUERY__JOIN_TYPE__JOIN_RIGHT;
        return found;
    }
    found = shape_find_table(j->rarg, alias, ret_nullable);
    if (found)
        *ret_nullable = *ret_nullable || full || j->jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT;
    return found;
}

static bool column_is_not_null(const struct catalog *cat, const SelectStmt *q, const ColumnRef *c)
{
    if (c->n_fields != 2)
        return false;
    for (size_t i = 0; i < q->n_from_clause; i++) {
        bool nullable = false;
        const RangeVar *table = shape_find_table(q->from_clause[i], node_text(c->fields[0]), &nullable);
        const struct catalog_table *t = table ? catalog_table(cat, table->schemaname, table->relname) : NULL;
        const struct catalog_column *column = t ? catalog_column(t, node_text(c->fields[1])) : NULL;
        if (table)
            return !nullable && column && column->not_null;
    }
    return false;
}

bool shape_is_not_null(const struct catalog *cat, const SelectStmt *q, const Node *e)
{
    if (NODE_IS(e, A_CONST))
        return !e->a_const->isnull;
    if (NODE_IS(e, TYPE_CAST))
        return shape_is_not_null(cat, q, e->type_cast->arg);
    if (NODE_IS(e, COLUMN_REF))
        return column_is_not_null(cat, q, e->column_ref);
    bool yes = false;
    if (NODE_IS(e, COALESCE_EXPR))
        for (size_t i = 0; !yes && i < e->coalesce_expr->n_args; i++)
            yes = shape_is_not_null(cat, q, e->coalesce_expr->args[i]);
    return yes;
}
