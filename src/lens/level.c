#include "lens/level.h"

/* -- taint -- */

struct taint_search {
    const struct level *level;
    bool found;
};

static const struct leaf *find_leaf(const struct level *l, const char *name)
{
    for (; l; l = l->parent)
        for (const struct leaf *leaf = l->leaves; leaf; leaf = leaf->next)
            if (strcmp(leaf->name, name) == 0)
                return leaf;
    return NULL;
}

static bool column_tainted(const struct leaf *leaf, const Node *field)
{
    bool whole_row = NODE_IS(field, A_STAR);
    for (size_t i = 0; i < leaf->n_columns; i++)
        if (leaf->tainted[i] && (whole_row || strcmp(leaf->columns[i], node_text(field)) == 0))
            return true;
    return false;
}

static bool taint_visit(void *ctx, Message *m)
{
    struct taint_search *s = ctx;
    if (!MESSAGE_IS(m, column_ref))
        return !s->found;
    const ColumnRef *c = (ColumnRef *)m;
    const struct leaf *leaf = c->n_fields >= 2 ? find_leaf(s->level, node_text(c->fields[0])) : NULL;
    s->found = s->found || (leaf && column_tainted(leaf, c->fields[1]));
    return false;
}

bool level_is_tainted(const struct level *l, const void *expression)
{
    struct taint_search s = {l, false};
    tree_walk(expression, taint_visit, &s);
    return s.found;
}

/* -- subqueries in FROM -- */

struct mention {
    const char *relation, *column;
    bool found;
};

static bool mention_visit(void *ctx, Message *m)
{
    struct mention *s = ctx;
    if (!MESSAGE_IS(m, column_ref))
        return !s->found;
    const ColumnRef *c = (ColumnRef *)m;
    if (c->n_fields >= 2 && strcmp(node_text(c->fields[0]), s->relation) == 0)
        s->found = s->found || NODE_IS(c->fields[1], A_STAR) || strcmp(node_text(c->fields[1]), s->column) == 0;
    return false;
}

static bool mentions(const void *m, const char *relation, const char *column)
{
    struct mention s = {relation, column, false};
    tree_walk(m, mention_visit, &s);
    return s.found;
}

static const char **leaf_columns(struct arena *a, const RangeSubselect *r)
{
    const SelectStmt *q = r->subquery->select_stmt;
    size_t n = shape_n_outputs(q);
    const char **names = arena_new_array(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++)
        names[i] = i < r->alias->n_colnames ? node_text(r->alias->colnames[i]) : shape_output_name(q, i);
    return names;
}

static bool cover_leaf(struct level *l, Node *item, struct err *err)
{
    struct arena *a = l->ctx->a;
    const RangeSubselect *r = item->range_subselect;
    const SelectStmt *q = r->subquery->select_stmt;
    struct leaf *leaf = arena_new_one(a, struct leaf);
    *leaf = (struct leaf){.item = item,
                          .name = r->alias->aliasname,
                          .columns = leaf_columns(a, r),
                          .n_columns = shape_n_outputs(q),
                          .next = l->leaves};
    bool *needed = arena_new_array(a, bool, leaf->n_columns + 1);
    for (size_t i = 0; i < leaf->n_columns; i++)
        needed[i] = mentions(l->q, leaf->name, leaf->columns[i]);
    const RangeVar *inside = tree_contains(r->subquery, l->occurrence) ? l->occurrence : NULL;
    struct covers covers = {0};
    if (!cover_nested(l->ctx, l, q, inside, needed, &covers, err))
        return false;
    leaf->tainted = covers.tainted;
    PgQuery__Alias *alias = alias_new(a, leaf->name, leaf->columns, leaf->n_columns);
    leaf->covered = node_subselect(a, cover_combine(a, &covers, needed), alias, r->lateral);
    l->leaves = leaf;
    return true;
}

static bool cover_leaves_of(struct level *l, Node *item, struct err *err)
{
    if (NODE_IS(item, JOIN_EXPR))
        return cover_leaves_of(l, item->join_expr->larg, err) && cover_leaves_of(l, item->join_expr->rarg, err);
    return !NODE_IS(item, RANGE_SUBSELECT) || cover_leaf(l, item, err);
}

bool level_cover_leaves(struct level *l, struct err *err)
{
    for (size_t i = 0; i < l->q->n_from_clause; i++)
        if (!cover_leaves_of(l, l->q->from_clause[i], err))
            return false;
    return true;
}

Node *level_leaf(const struct level *l, const Node *item)
{
    for (const struct leaf *leaf = l->leaves; leaf; leaf = leaf->next)
        if (leaf->item == item)
            return leaf->covered;
    return (Node *)item;
}

/* -- conditions -- */

static bool is_plain_from(const Node *item)
{
    if (NODE_IS(item, JOIN_EXPR))
        return item->join_expr->jointype == PG_QUERY__JOIN_TYPE__JOIN_INNER && is_plain_from(item->join_expr->larg) &&
               is_plain_from(item->join_expr->rarg) && !shape_has_sublink(item->join_expr->quals);
    return NODE_IS(item, RANGE_VAR) || NODE_IS(item, RANGE_FUNCTION);
}

/* Joins and conditions only: more rows in its tables can only make it return more. */
static bool is_monotone(const struct catalog *cat, const SelectStmt *q)
{
    struct nodes partition;
    bool same;
    bool plain = !shape_is_union(q) && !shape_is_grouped(cat, q) && !shape_is_limited(q) && !shape_is_distinct_on(q) &&
                 !shape_window(q, &partition, &same) && !shape_has_sublink(q->where_clause);
    for (size_t i = 0; plain && i < q->n_from_clause; i++)
        plain = is_plain_from(q->from_clause[i]);
    for (size_t i = 0; plain && i < q->n_target_list; i++)
        plain = !shape_has_sublink(q->target_list[i]);
    return plain;
}

static bool is_positive(const Node *conjunct)
{
    if (!NODE_IS(conjunct, SUB_LINK))
        return false;
    PgQuery__SubLinkType type = conjunct->sub_link->sub_link_type;
    return (type == PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK || type == PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK) &&
           !shape_has_sublink(conjunct->sub_link->testexpr);
}

static bool may_stay(const struct level *l, const Node *conjunct)
{
    if (level_is_tainted(l, conjunct) || tree_contains(conjunct, l->occurrence))
        return false;
    return !shape_has_sublink(conjunct) ||
           (is_positive(conjunct) && is_monotone(l->ctx->cat, conjunct->sub_link->subselect->select_stmt));
}

void level_keep(const struct level *l, Node *condition, struct nodes *ret)
{
    struct nodes all = {0};
    tree_conjuncts(l->ctx->a, condition, &all);
    for (size_t i = 0; i < all.n; i++)
        if (may_stay(l, all.p[i]))
            nodes_push(l->ctx->a, ret, all.p[i]);
}
