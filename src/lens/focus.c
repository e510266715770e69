#include "lens/focus.h"

/* -- pages -- */

static const RangeVar *driver_in(const Node *item, size_t *skip)
{
    if (NODE_IS(item, RANGE_VAR))
        return (*skip)-- == 0 ? item->range_var : NULL;
    if (!NODE_IS(item, JOIN_EXPR) || item->join_expr->jointype == PG_QUERY__JOIN_TYPE__JOIN_FULL)
        return NULL;
    const RangeVar *found = driver_in(item->join_expr->larg, skip);
    if (found || item->join_expr->jointype != PG_QUERY__JOIN_TYPE__JOIN_INNER)
        return found;
    return driver_in(item->join_expr->rarg, skip);
}

static bool is_row_by_row(const struct catalog *cat, const SelectStmt *q)
{
    struct nodes partition;
    bool same;
    return !shape_is_union(q) && !q->n_values_lists && !q->n_distinct_clause && !shape_is_limited(q) &&
           !shape_is_grouped(cat, q) && !shape_window(q, &partition, &same);
}

const RangeVar *focus_driver(const struct catalog *cat, const SelectStmt *q, size_t no)
{
    const RangeVar *found = NULL;
    if (!is_row_by_row(cat, q))
        return NULL;
    for (size_t i = 0; !found && i < q->n_from_clause; i++)
        found = driver_in(q->from_clause[i], &no);
    return found;
}

static SelectStmt *with_condition(struct arena *a, const SelectStmt *q, Node *condition)
{
    SelectStmt *copy = arena_alloc_raw(a, sizeof *copy);
    struct nodes where = {0};
    *copy = *q;
    tree_conjuncts(a, q->where_clause, &where);
    nodes_push(a, &where, condition);
    copy->where_clause = node_and(a, where);
    return copy;
}

SelectStmt *focus_pages(struct arena *a, const SelectStmt *q, const RangeVar *driver)
{
    const char *alias = driver->alias ? driver->alias->aliasname : driver->relname;
    Node *page = node_column(a, alias, "ctid");
    q = with_condition(a, q, node_operator(a, ">=", page, node_parameter(a, 1, "tid")));
    return with_condition(a, q, node_operator(a, "<", page, node_parameter(a, 2, "tid")));
}

/* -- keys -- */

struct focus {
    struct arena *a;
    const struct catalog *cat;
    const char *keys_table;
};

/* Which output columns carry which columns of the key table. */
struct carried {
    size_t *outputs;
    const char **columns;
    size_t n;
};

static SelectStmt *focus_any(struct focus *f, const SelectStmt *q, const struct carried *c);

static SelectStmt *key_query(struct focus *f, const struct carried *c)
{
    SelectStmt *q = select_new(f->a);
    struct nodes targets = {0}, from = {0};
    for (size_t i = 0; i < c->n; i++)
        nodes_push(f->a, &targets, node_target(f->a, node_column(f->a, f->keys_table, c->columns[i]), NULL));
    nodes_push(f->a, &from, node_table(f->a, "pg_temp", f->keys_table, NULL));
    q->target_list = targets.p;
    q->n_target_list = targets.n;
    q->from_clause = from.p;
    q->n_from_clause = from.n;
    return q;
}

static bool is_among(const Node *e, Node *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (tree_equal(e, list[i]))
            return true;
    return false;
}

/* A condition on this output may be asked before the query groups, sorts out or numbers its rows. */
static bool may_sink(const struct focus *f, const SelectStmt *q, size_t output)
{
    struct nodes partition;
    bool same;
    if (shape_is_union(q))
        return may_sink(f, q->larg, output) && may_sink(f, q->rarg, output);
    if (q->n_values_lists || shape_is_limited(q) || (!q->n_group_clause && shape_is_grouped(f->cat, q)))
        return false;
    const Node *e = shape_output(q, output);
    if (shape_has_aggregate(f->cat, e) || shape_has_window(e) || shape_has_sublink(e))
        return false;
    if (shape_is_distinct_on(q))
        return is_among(e, q->distinct_clause, q->n_distinct_clause);
    return !shape_window(q, &partition, &same) || is_among(e, partition.p, partition.n);
}

/* A query whose subquery form PostgreSQL does not merge into the query around it. */
static bool is_opaque(const struct focus *f, const SelectStmt *q)
{
    struct nodes partition;
    bool same;
    return shape_is_union(q) || q->n_distinct_clause || shape_is_grouped(f->cat, q) ||
           shape_window(q, &partition, &same);
}

static int find_column(const RangeSubselect *r, const char *name)
{
    for (size_t i = 0; i < r->alias->n_colnames; i++)
        if (strcmp(node_text(r->alias->colnames[i]), name) == 0)
            return (int)i;
    int found = shape_find_output(r->subquery->select_stmt, name);
    return found >= (int)r->alias->n_colnames ? found : -1;
}

/* The output of subquery `r` that a column reference names, when a condition on it may sink; else -1. */
static int sinkable(const struct focus *f, const RangeSubselect *r, const Node *e)
{
    if (!NODE_IS(e, COLUMN_REF) || e->column_ref->n_fields != 2 ||
        strcmp(node_text(e->column_ref->fields[0]), r->alias->aliasname) != 0)
        return -1;
    int i = find_column(r, node_text(e->column_ref->fields[1]));
    return i >= 0 && may_sink(f, r->subquery->select_stmt, (size_t)i) ? i : -1;
}

static Node *subselect_like(struct focus *f, const RangeSubselect *r, SelectStmt *q, bool is_lateral)
{
    return node_subselect(f->a, q, r->alias, is_lateral);
}

/* -- subqueries that carry a part of the key -- */

static struct carried carried_by(struct focus *f, const RangeSubselect *r, const SelectStmt *q, const struct carried *c)
{
    struct carried part = {arena_new_array(f->a, size_t, c->n + 1), arena_new_array(f->a, const char *, c->n + 1), 0};
    for (size_t i = 0; i < c->n; i++) {
        int output = sinkable(f, r, shape_output(q, c->outputs[i]));
        if (output < 0)
            continue;
        part.outputs[part.n] = (size_t)output;
        part.columns[part.n++] = c->columns[i];
    }
    return part;
}

/* -- subqueries that are joined on columns that may be asked inside -- */

static bool refers_only_to(struct arena *a, const Node *e, const struct names *visible)
{
    struct names used = {0};
    shape_references(a, e, &used);
    bool only = used.n > 0;
    for (size_t i = 0; i < used.n; i++)
        only = only && names_have(visible, used.p[i]);
    return only;
}

static bool is_equality(const Node *e)
{
    return NODE_IS(e, A_EXPR) && e->a_expr->kind == PG_QUERY__A__EXPR__KIND__AEXPR_OP && e->a_expr->n_name == 1 &&
           strcmp(node_text(e->a_expr->name[0]), "=") == 0;
}

static SelectStmt *sink_equality(struct focus *f, const SelectStmt *q, size_t output, Node *value)
{
    if (!shape_is_union(q))
        return with_condition(f->a, q, node_operator(f->a, "=", shape_output(q, output), value));
    SelectStmt *copy = arena_alloc_raw(f->a, sizeof *copy);
    *copy = *q;
    copy->larg = sink_equality(f, q->larg, output, value);
    copy->rarg = sink_equality(f, q->rarg, output, value);
    return copy;
}

/* `r` narrowed by the parts of conditions that compare its columns with relations before it; NULL: none does. */
static SelectStmt *narrowed(struct focus *f, const RangeSubselect *r, Node *on, Node *where, const struct names *before)
{
    SelectStmt *q = NULL;
    struct nodes all = {0};
    tree_conjuncts(f->a, on, &all);
    tree_conjuncts(f->a, where, &all);
    for (size_t i = 0; i < all.n; i++) {
        if (!is_equality(all.p[i]))
            continue;
        Node *sides[] = {all.p[i]->a_expr->lexpr, all.p[i]->a_expr->rexpr};
        for (size_t k = 0; k < 2; k++) {
            int output = sinkable(f, r, sides[k]);
            if (output >= 0 && refers_only_to(f->a, sides[1 - k], before))
                q = sink_equality(f, q ? q : r->subquery->select_stmt, (size_t)output, sides[1 - k]);
        }
    }
    return q;
}

static Node *focus_item(struct focus *f, const SelectStmt *q, Node *item, const struct carried *c, bool preserved);

static bool is_subselect(const Node *item)
{
    return NODE_IS(item, RANGE_SUBSELECT) && !item->range_subselect->subquery->select_stmt->n_values_lists;
}

/* A subquery as the right side of a join: lateral when the condition can be asked inside. */
static Node *focus_right(struct focus *f, const SelectStmt *q, const JoinExpr *j, Node *left, Node *right,
                         const struct carried *c, bool preserved)
{
    if (!is_subselect(right) || !is_opaque(f, right->range_subselect->subquery->select_stmt))
        return focus_item(f, q, right, c, preserved);
    struct names before = {0};
    shape_provides(f->a, left, &before);
    const RangeSubselect *r = right->range_subselect;
    SelectStmt *inside = narrowed(f, r, j->quals, preserved ? q->where_clause : NULL, &before);
    if (!inside)
        return focus_item(f, q, right, c, preserved);
    struct carried none = {0};
    return subselect_like(f, r, focus_any(f, inside, &none), true);
}

/* A LATERAL item uses columns of the other one and must stay behind it. */
static bool looks_at(struct arena *a, const Node *item, const Node *other)
{
    struct names used = {0};
    shape_references(a, item, &used);
    return names_have(&used, from_name(other));
}

static Node *focus_join(struct focus *f, const SelectStmt *q, Node *item, const struct carried *c, bool preserved)
{
    const JoinExpr *j = item->join_expr;
    bool inner = j->jointype == PG_QUERY__JOIN_TYPE__JOIN_INNER, full = j->jointype == PG_QUERY__JOIN_TYPE__JOIN_FULL;
    bool swap = inner && is_subselect(j->larg) && !is_subselect(j->rarg) && !looks_at(f->a, j->rarg, j->larg);
    Node *left = swap ? j->rarg : j->larg, *right = swap ? j->larg : j->rarg;
    Node *new_left = focus_item(f, q, left, c, preserved && !full);
    Node *new_right =
        full ? focus_item(f, q, right, c, false) : focus_right(f, q, j, left, right, c, preserved && inner);
    return node_join(f->a, j->jointype, new_left, new_right, j->quals);
}

/* `preserved`: no outer join can replace the item's columns by null, so that a condition on them is one on the key. */
static Node *focus_item(struct focus *f, const SelectStmt *q, Node *item, const struct carried *c, bool preserved)
{
    if (NODE_IS(item, JOIN_EXPR))
        return focus_join(f, q, item, c, preserved);
    if (!is_subselect(item))
        return item;
    const RangeSubselect *r = item->range_subselect;
    struct carried part = preserved ? carried_by(f, r, q, c) : (struct carried){0};
    return subselect_like(f, r, focus_any(f, r->subquery->select_stmt, &part), r->lateral);
}

/* -- any query -- */

static Node *key_condition(struct focus *f, const SelectStmt *q, const struct carried *c)
{
    struct nodes row = {0};
    for (size_t i = 0; i < c->n; i++)
        nodes_push(f->a, &row, shape_output(q, c->outputs[i]));
    return node_in(f->a, node_row(f->a, row), key_query(f, c));
}

static SelectStmt *focus_plain(struct focus *f, const SelectStmt *q, const struct carried *c)
{
    SelectStmt *copy = arena_alloc_raw(f->a, sizeof *copy);
    struct nodes from = {0};
    Node *all = q->n_from_clause ? q->from_clause[0] : NULL;
    *copy = *q;
    for (size_t i = 1; i < q->n_from_clause; i++)
        all = node_join(f->a, PG_QUERY__JOIN_TYPE__JOIN_INNER, all, q->from_clause[i], NULL);
    if (all)
        nodes_push(f->a, &from, focus_item(f, q, all, c, true));
    copy->from_clause = from.p;
    copy->n_from_clause = from.n;
    return c->n ? with_condition(f->a, copy, key_condition(f, q, c)) : copy;
}

static SelectStmt *focus_any(struct focus *f, const SelectStmt *q, const struct carried *c)
{
    if (q->n_values_lists)
        return (SelectStmt *)q;
    if (!shape_is_union(q))
        return focus_plain(f, q, c);
    SelectStmt *copy = arena_alloc_raw(f->a, sizeof *copy);
    *copy = *q;
    copy->larg = focus_any(f, q->larg, c);
    copy->rarg = focus_any(f, q->rarg, c);
    return copy;
}

SelectStmt *focus_keys(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec,
                       const char *keys_table)
{
    struct focus f = {a, cat, keys_table};
    struct carried all = {arena_new_array(a, size_t, spec->n_key), arena_new_array(a, const char *, spec->n_key), 0};
    bool sinks = true;
    for (size_t i = 0; i < spec->n_key; i++) {
        all.outputs[all.n] = (size_t)shape_find_output(spec->query, spec->key[i]);
        all.columns[all.n] = spec->key[i];
        sinks = sinks && may_sink(&f, spec->query, all.outputs[all.n++]);
    }
    return sinks ? focus_any(&f, spec->query, &all) : NULL;
}
