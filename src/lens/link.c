#include "lens/link.h"

static const char *own_name(struct cover_ctx *ctx)
{
    return arena_printf(ctx->a, "carryover%d", ++ctx->serial);
}

static const char *column_name(struct arena *a, size_t i)
{
    return arena_printf(a, "c%zu", i + 1);
}

bool link_lateral(struct level *l, const SelectStmt *q, bool is_lateral, Node **ret_item, const char **ret_name,
                  bool *ret_tainted, struct err *err)
{
    struct arena *a = l->ctx->a;
    struct covers covers = {0};
    if (!cover_nested(l->ctx, l, q, l->occurrence, NULL, &covers, err))
        return false;
    const char **columns = arena_new_array(a, const char *, covers.n_outputs + 1);
    *ret_tainted = false;
    for (size_t i = 0; i < covers.n_outputs; i++) {
        columns[i] = column_name(a, i);
        *ret_tainted = *ret_tainted || covers.tainted[i];
    }
    *ret_name = own_name(l->ctx);
    PgQuery__Alias *alias = alias_new(a, *ret_name, columns, covers.n_outputs);
    *ret_item = node_subselect(a, cover_combine(a, &covers, NULL), alias, is_lateral);
    return true;
}

struct outermost {
    const RangeVar *occurrence;
    SubLink *found;
};

static bool outermost_visit(void *ctx, Message *m)
{
    struct outermost *s = ctx;
    if (s->found || MESSAGE_IS(m, range_subselect))
        return false;
    if (!MESSAGE_IS(m, sub_link))
        return true;
    if (tree_contains(((SubLink *)m)->subselect, s->occurrence))
        s->found = (SubLink *)m;
    return !s->found && tree_contains(((SubLink *)m)->testexpr, s->occurrence);
}

/* True when each row of the query is a row of its FROM, so that a changed row is the only one that can matter. */
static bool rows_are_own(const SelectStmt *q)
{
    struct nodes partition;
    bool same;
    if (shape_is_union(q))
        return rows_are_own(q->larg) && rows_are_own(q->rarg);
    return !shape_is_limited(q) && !shape_is_distinct_on(q) && !shape_window(q, &partition, &same);
}

static bool is_in(const SubLink *s)
{
    return s->sub_link_type == PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK &&
           (s->n_oper_name == 0 || strcmp(node_text(s->oper_name[0]), "=") == 0);
}

static struct nodes row_values(struct arena *a, Node *row)
{
    struct nodes values = {0};
    if (NODE_IS(row, ROW_EXPR))
        nodes_append(a, &values, row->row_expr->args, row->row_expr->n_args);
    else
        nodes_push(a, &values, row);
    return values;
}

/* A query that matters only by the rows it is made of: order and limit do not count. */
static SelectStmt *unlimited(struct arena *a, const SelectStmt *q)
{
    SelectStmt *copy = arena_alloc_raw(a, sizeof *copy);
    *copy = *q;
    copy->sort_clause = NULL;
    copy->n_sort_clause = 0;
    copy->limit_count = copy->limit_offset = NULL;
    return copy;
}

static SelectStmt *only_rows(struct arena *a, const SelectStmt *q)
{
    SelectStmt *copy = unlimited(a, q);
    struct nodes one = {0};
    nodes_push(a, &one, node_target(a, node_one(a), NULL));
    if (shape_is_union(q)) {
        copy->larg = only_rows(a, q->larg);
        copy->rarg = only_rows(a, q->rarg);
        return copy;
    }
    copy->distinct_clause = copy->group_clause = copy->window_clause = NULL;
    copy->n_distinct_clause = copy->n_group_clause = copy->n_window_clause = 0;
    copy->having_clause = NULL;
    copy->target_list = one.p;
    copy->n_target_list = one.n;
    return copy;
}

/* An occurrence below the outputs or the grouping of a nested query would get lost with them. */
static bool is_in_core(const SelectStmt *q, const RangeVar *occurrence)
{
    if (shape_is_union(q))
        return is_in_core(q->larg, occurrence) || is_in_core(q->rarg, occurrence);
    bool found = tree_contains(q->where_clause, occurrence);
    for (size_t i = 0; !found && i < q->n_from_clause; i++)
        found = tree_contains(q->from_clause[i], occurrence);
    return found;
}

static bool sublink_values_not_null(const struct level *l, const SubLink *s, const struct nodes *tests)
{
    const SelectStmt *q = s->subselect->select_stmt;
    bool known = !shape_is_union(q) && q->n_target_list == tests->n;
    for (size_t i = 0; known && i < tests->n; i++)
        known =
            shape_is_not_null(l->ctx->cat, l->q, tests->p[i]) && shape_is_not_null(l->ctx->cat, q, shape_output(q, i));
    return known;
}

/* x = c1 and ...; and, for where nulls decide, x is null or c1 is null or ... */
static void add_tests(struct level *l, const struct nodes *tests, const char *name, bool nulls_matter,
                      struct links *ret)
{
    struct arena *a = l->ctx->a;
    struct nodes equal = {0}, null = {0};
    for (size_t i = 0; i < tests->n; i++) {
        Node *column = node_column(a, name, column_name(a, i));
        nodes_push(a, &equal, node_operator(a, "=", tests->p[i], column));
        nodes_push(a, &null, node_is_null(a, tests->p[i]));
        nodes_push(a, &null, node_is_null(a, column));
    }
    Node *item = ret->p[0].item;
    ret->p[0].condition = node_and(a, equal);
    if (nulls_matter)
        ret->p[ret->n++] = (struct link){item, node_bool(a, PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR, null)};
}

static bool link_sublink(struct level *l, const SubLink *s, bool is_whole_conjunct, struct links *ret, struct err *err)
{
    struct arena *a = l->ctx->a;
    const SelectStmt *q = s->subselect->select_stmt;
    bool testable = is_in(s) && rows_are_own(q) && !level_is_tainted(l, s->testexpr) && !shape_has_sublink(s->testexpr);
    if (!is_in_core(q, l->occurrence))
        return err_set(err, ERR_LENS_CONSTRUCT,
                       "a nested query in the select list, GROUP BY or HAVING of a nested query "
                       "reads %s; write it as a join",
                       l->occurrence->relname);
    bool tainted = false;
    const char *name = NULL;
    SelectStmt *inner = testable ? unlimited(a, q) : only_rows(a, q);
    if (!link_lateral(l, inner, true, &ret->p[0].item, &name, &tainted, err))
        return false;
    ret->n = 1;
    ret->p[0].condition = NULL;
    struct nodes tests = row_values(a, s->testexpr);
    if (testable && !tainted)
        add_tests(l, &tests, name, !is_whole_conjunct && !sublink_values_not_null(l, s, &tests), ret);
    return true;
}

static bool is_conjunct(const struct level *l, const void *part, const SubLink *s)
{
    struct nodes all = {0};
    const Message *m = part;
    if (!m || !MESSAGE_IS(m, node))
        return false;
    tree_conjuncts(l->ctx->a, (Node *)part, &all);
    for (size_t i = 0; i < all.n; i++)
        if (NODE_IS(all.p[i], SUB_LINK) && all.p[i]->sub_link == s)
            return true;
    return false;
}

bool link_find(struct level *l, const void *part, struct links *ret, struct err *err)
{
    struct outermost s = {l->occurrence, NULL};
    ret->n = 0;
    if (l->occurrence)
        tree_walk(part, outermost_visit, &s);
    return !s.found || link_sublink(l, s.found, is_conjunct(l, part, s.found), ret, err);
}
