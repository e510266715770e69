#include "lens/alt.h"
#include "base/name.h"

static struct alt *add(struct level *l, struct alts *list)
{
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 4;
        struct alt *p = arena_alloc(l->ctx->a, list->cap * sizeof *p);
        if (list->n)
            memcpy(p, list->p, list->n * sizeof *p);
        list->p = p;
    }
    return &list->p[list->n++];
}

static bool check_count(const struct alts *list, struct err *err)
{
    return list->n <= COVERS_MAX || err_set(err, ERR_LENS_CONSTRUCT,
                                            "more than %d combinations of outer joins decide over a key; put some of "
                                            "them into a subquery, or use fewer of their columns in the key and in "
                                            "conditions",
                                            COVERS_MAX);
}

static struct names names_with(struct arena *a, const struct names *used, const void *m, const void *other)
{
    struct names all = {0};
    for (size_t i = 0; i < used->n; i++)
        names_add(a, &all, used->p[i]);
    shape_references(a, m, &all);
    shape_references(a, other, &all);
    return all;
}

static bool is_used(struct arena *a, const Node *item, const struct names *used)
{
    struct names provided = {0};
    shape_provides(a, item, &provided);
    for (size_t i = 0; i < provided.n; i++)
        if (names_have(used, provided.p[i]))
            return true;
    return false;
}

static void append(struct level *l, struct alt *to, const struct alt *from)
{
    nodes_append(l->ctx->a, &to->items, from->items.p, from->items.n);
    nodes_append(l->ctx->a, &to->conditions, from->conditions.p, from->conditions.n);
    for (size_t i = 0; i < from->null.n; i++)
        names_add(l->ctx->a, &to->null, from->null.p[i]);
}

/* -- alternatives that have no rows -- */

static bool is_null_column(const struct alt *alt, const Node *e)
{
    while (NODE_IS(e, TYPE_CAST))
        e = e->type_cast->arg;
    return NODE_IS(e, COLUMN_REF) && e->column_ref->n_fields >= 2 &&
           names_have(&alt->null, node_text(e->column_ref->fields[0]));
}

static bool is_strict(const PgQuery__AExpr *e)
{
    static const char *const names[] = {"=", "<>", "<", ">", "<=", ">="};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (e->kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP && e->n_name == 1 &&
            strcmp(node_text(e->name[0]), names[i]) == 0)
            return true;
    return false;
}

bool alt_excludes(const struct alt *alt, Node *condition, struct arena *a)
{
    struct nodes all = {0};
    tree_conjuncts(a, condition, &all);
    for (size_t i = 0; alt->null.n && i < all.n; i++)
        if (NODE_IS(all.p[i], A_EXPR) && is_strict(all.p[i]->a_expr) &&
            (is_null_column(alt, all.p[i]->a_expr->lexpr) || is_null_column(alt, all.p[i]->a_expr->rexpr)))
            return true;
    return false;
}

/* -- one relation -- */

/* The occurrence, joined to the staged keys of its changed rows. */
static Node *restricted(struct level *l, Node *item)
{
    struct arena *a = l->ctx->a;
    const RangeVar *r = item->range_var;
    const struct catalog_table *t = catalog_table(l->ctx->cat, r->schemaname, r->relname);
    const char *stage = cover_stage(a, r->relname);
    struct nodes equal = {0};
    for (size_t i = 0; i < t->n_key; i++)
        nodes_push(a, &equal,
                   node_operator(a, "=", node_column(a, from_name(item), t->key[i]), node_column(a, stage, t->key[i])));
    Node *keys = node_table(a, "pg_temp", stage, NULL);
    return node_join(a, PG_QUERY__JOIN_TYPE__JOIN_INNER, keys, item, node_and(a, equal));
}

static Node *relation(struct level *l, Node *item)
{
    if (NODE_IS(item, RANGE_VAR) && item->range_var == l->occurrence)
        return restricted(l, item);
    return level_leaf(l, item);
}

/* -- joins -- */

static bool alts_of(struct level *l, Node *item, const struct names *used, struct alts *ret, struct err *err);

/* Both sides of a join, each with what the other side and the condition look at. */
static bool sides(struct level *l, const JoinExpr *j, const struct names *used, struct alts *ret_left,
                  struct alts *ret_right, struct err *err)
{
    struct names left = names_with(l->ctx->a, used, j->quals, j->rarg);
    struct names right = names_with(l->ctx->a, used, j->quals, j->larg);
    return alts_of(l, j->larg, &left, ret_left, err) && alts_of(l, j->rarg, &right, ret_right, err);
}

static void put_met(struct level *l, const struct alt *x, const struct alt *y, Node *condition, const struct link *link,
                    struct alts *ret)
{
    struct alt *both = add(l, ret);
    *both = (struct alt){.tree = node_join(l->ctx->a, PG_QUERY__JOIN_TYPE__JOIN_INNER, x->tree, y->tree, condition)};
    append(l, both, x);
    append(l, both, y);
    if (alt_excludes(both, condition, l->ctx->a)) {
        ret->n--;
        return;
    }
    if (link)
        nodes_push(l->ctx->a, &both->items, link->item);
    if (link && link->condition)
        nodes_push(l->ctx->a, &both->conditions, link->condition);
}

/* The rows in which both sides meet. */
static bool met(struct level *l, const JoinExpr *j, const struct alts *left, const struct alts *right, struct alts *ret,
                struct err *err)
{
    struct nodes kept = {0};
    struct links links = {0};
    level_keep(l, j->quals, &kept);
    if (!link_find(l, j->quals, &links, err))
        return false;
    Node *condition = node_and(l->ctx->a, kept);
    for (size_t i = 0; i < left->n; i++)
        for (size_t k = 0; k < right->n; k++)
            for (size_t m = 0; m < MAX(links.n, 1u); m++)
                put_met(l, &left->p[i], &right->p[k], condition, links.n ? &links.p[m] : NULL, ret);
    return check_count(ret, err);
}

/* The rows of one side with the other side null. What changed on the other side, or in the condition, is found by what
 * it would meet. */
static bool alone(struct level *l, const JoinExpr *j, const struct alts *side, Node *other, struct alts *ret,
                  struct err *err)
{
    struct arena *a = l->ctx->a;
    Node *changed = NULL;
    if (tree_contains(other, l->occurrence) || tree_contains(j->quals, l->occurrence)) {
        struct nodes one = {0}, from = {0};
        nodes_push(a, &one, node_target(a, node_one(a), NULL));
        nodes_push(a, &from, other);
        SelectStmt *q = select_new(a);
        q->target_list = one.p;
        q->n_target_list = one.n;
        q->from_clause = from.p;
        q->n_from_clause = from.n;
        q->where_clause = j->quals;
        const char *name = NULL;
        bool tainted = false;
        if (!link_lateral(l, q, true, &changed, &name, &tainted, err))
            return false;
    }
    for (size_t i = 0; i < side->n; i++) {
        /* What can never meet has changed nothing here. */
        if (changed && alt_excludes(&side->p[i], j->quals, a))
            continue;
        struct alt *x = add(l, ret);
        Node *tree = node_join(a, PG_QUERY__JOIN_TYPE__JOIN_LEFT, side->p[i].tree, other, node_false(a));
        *x = (struct alt){.tree = tree};
        append(l, x, &side->p[i]);
        shape_provides(a, other, &x->null);
        if (changed)
            nodes_push(a, &x->items, changed);
    }
    return check_count(ret, err);
}

static bool left_join(struct level *l, Node *item, const struct names *used, struct alts *ret, struct err *err)
{
    const JoinExpr *j = item->join_expr;
    bool looked_at = is_used(l->ctx->a, j->rarg, used);
    bool inside = tree_contains(j->rarg, l->occurrence) || tree_contains(j->quals, l->occurrence);
    if (!looked_at && !inside)
        return alts_of(l, j->larg, used, ret, err);
    struct alts left = {0}, right = {0};
    return sides(l, j, used, &left, &right, err) && met(l, j, &left, &right, ret, err) &&
           (!looked_at || alone(l, j, &left, j->rarg, ret, err));
}

static bool full_join(struct level *l, Node *item, const struct names *used, struct alts *ret, struct err *err)
{
    const JoinExpr *j = item->join_expr;
    struct alts left = {0}, right = {0};
    return sides(l, j, used, &left, &right, err) && met(l, j, &left, &right, ret, err) &&
           alone(l, j, &left, j->rarg, ret, err) && alone(l, j, &right, j->larg, ret, err);
}

static bool inner_join(struct level *l, Node *item, const struct names *used, struct alts *ret, struct err *err)
{
    struct alts left = {0}, right = {0};
    return sides(l, item->join_expr, used, &left, &right, err) && met(l, item->join_expr, &left, &right, ret, err);
}

static bool alts_of(struct level *l, Node *item, const struct names *used, struct alts *ret, struct err *err)
{
    if (!NODE_IS(item, JOIN_EXPR)) {
        *add(l, ret) = (struct alt){.tree = relation(l, item)};
        return true;
    }
    if (item->join_expr->jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT)
        return left_join(l, item, used, ret, err);
    if (item->join_expr->jointype == PG_QUERY__JOIN_TYPE__JOIN_FULL)
        return full_join(l, item, used, ret, err);
    return inner_join(l, item, used, ret, err);
}

bool alt_from(struct level *l, const struct names *used, struct alts *ret, struct err *err)
{
    Node *all = l->q->n_from_clause ? l->q->from_clause[0] : NULL;
    if (!all) {
        *add(l, ret) = (struct alt){0};
        return true;
    }
    for (size_t i = 1; i < l->q->n_from_clause; i++)
        all = node_join(l->ctx->a, PG_QUERY__JOIN_TYPE__JOIN_INNER, all, l->q->from_clause[i], NULL);
    return alts_of(l, all, used, ret, err);
}

char *cover_stage(struct arena *a, const char *table)
{
    return name_derived(a, "changed:", table);
}
