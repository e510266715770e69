#include "lens/cover.h"
#include "base/name.h"
#include "lens/alt.h"
#include "lens/level.h"
#include "lens/link.h"

static void add(struct arena *a, struct covers *list, SelectStmt *q)
{
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 4;
        SelectStmt **p = arena_alloc(a, list->cap * sizeof *p);
        if (list->n)
            memcpy(p, list->p, list->n * sizeof *p);
        list->p = p;
    }
    list->p[list->n++] = q;
}

static bool check_count(const struct covers *list, struct err *err)
{
    return list->n <= COVERS_MAX || err_set(err, ERR_LENS_CONSTRUCT,
                                            "more than %d ways lead from a changed row to a key; split the lens or put "
                                            "parts of it into grouped subqueries",
                                            COVERS_MAX);
}

/* -- several covers as one query -- */

static SelectStmt *blanked(struct arena *a, const SelectStmt *q, const struct covers *c, const bool *needed)
{
    if (q->n_values_lists)
        return (SelectStmt *)q;
    SelectStmt *copy = arena_alloc_raw(a, sizeof *copy);
    *copy = *q;
    struct nodes targets = {0};
    for (size_t i = 0; i < c->n_outputs; i++) {
        bool known = !c->tainted[i] && (!needed || needed[i]);
        nodes_push(a, &targets, known ? q->target_list[i] : node_target(a, node_null(a), NULL));
    }
    copy->target_list = targets.p;
    copy->n_target_list = targets.n;
    return copy;
}

SelectStmt *cover_combine(struct arena *a, const struct covers *c, const bool *needed)
{
    SelectStmt *all = NULL;
    for (size_t i = 0; i < c->n; i++) {
        SelectStmt *q = blanked(a, c->p[i], c, needed);
        all = all ? select_union(a, all, q, true) : q;
    }
    return all;
}

/* -- a query of joins and conditions -- */

static SelectStmt *core(struct arena *a, const SelectStmt *q, Node **targets, size_t n)
{
    SelectStmt *copy = select_new(a);
    copy->target_list = targets;
    copy->n_target_list = n;
    copy->from_clause = q->from_clause;
    copy->n_from_clause = q->n_from_clause;
    copy->where_clause = q->where_clause;
    return copy;
}

static struct nodes needed_targets(struct arena *a, const SelectStmt *q, const bool *needed)
{
    struct nodes list = {0};
    for (size_t i = 0; i < q->n_target_list; i++)
        if (!needed || needed[i])
            nodes_push(a, &list, q->target_list[i]);
    return list;
}

/* The nested query that holds the occurrence may stand in any clause. */
static bool find_links(struct level *l, const SelectStmt *q, struct links *ret, struct err *err)
{
    Node *const *const lists[] = {q->target_list, q->distinct_clause, q->group_clause, q->sort_clause,
                                  q->window_clause};
    const size_t counts[] = {q->n_target_list, q->n_distinct_clause, q->n_group_clause, q->n_sort_clause,
                             q->n_window_clause};
    if (!link_find(l, q->where_clause, ret, err) || (!ret->n && !link_find(l, q->having_clause, ret, err)))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        for (size_t k = 0; k < counts[i]; k++)
            if (!ret->n && !link_find(l, lists[i][k], ret, err))
                return false;
    return true;
}

static void find_taint(const struct level *l, const SelectStmt *q, const bool *needed, struct covers *ret)
{
    ret->n_outputs = q->n_target_list;
    ret->tainted = arena_new_array(l->ctx->a, bool, q->n_target_list + 1);
    for (size_t i = 0; i < q->n_target_list; i++) {
        const Node *e = q->target_list[i];
        ret->tainted[i] = (!needed || needed[i]) && (shape_has_aggregate(l->ctx->cat, e) || shape_has_window(e) ||
                                                     shape_has_sublink(e) || level_is_tainted(l, e));
    }
}

static SelectStmt *build(struct level *l, const SelectStmt *q, const struct alt *alt, const struct nodes *kept,
                         const struct link *link)
{
    struct arena *a = l->ctx->a;
    SelectStmt *cover = core(a, q, q->target_list, q->n_target_list);
    struct nodes from = {0}, where = {0};
    if (alt->tree)
        nodes_push(a, &from, alt->tree);
    nodes_append(a, &from, alt->items.p, alt->items.n);
    nodes_append(a, &where, kept->p, kept->n);
    nodes_append(a, &where, alt->conditions.p, alt->conditions.n);
    if (link)
        nodes_push(a, &from, link->item);
    if (link && link->condition)
        nodes_push(a, &where, link->condition);
    cover->from_clause = from.p;
    cover->n_from_clause = from.n;
    cover->where_clause = node_and(a, where);
    return cover;
}

static struct names names_used(const struct level *l, const SelectStmt *q, const bool *needed, const struct covers *c,
                               const struct nodes *kept, const struct links *links)
{
    struct arena *a = l->ctx->a;
    struct names used = {0};
    for (size_t i = 0; i < q->n_target_list; i++)
        if (!c->tainted[i] && (!needed || needed[i]))
            shape_references(a, q->target_list[i], &used);
    for (size_t i = 0; i < kept->n; i++)
        shape_references(a, kept->p[i], &used);
    for (size_t i = 0; i < links->n; i++) {
        shape_references(a, links->p[i].item, &used);
        shape_references(a, links->p[i].condition, &used);
    }
    return used;
}

static SelectStmt *without_rows(struct arena *a, const SelectStmt *q)
{
    SelectStmt *none = core(a, q, q->target_list, q->n_target_list);
    none->where_clause = node_false(a);
    return none;
}

static bool cover_plain(struct cover_ctx *ctx, const struct level *parent, const SelectStmt *q,
                        const RangeVar *occurrence, const bool *needed, struct covers *ret, struct err *err)
{
    struct nodes targets = needed_targets(ctx->a, q, needed);
    struct level l = {ctx, parent, core(ctx->a, q, targets.p, targets.n), occurrence, NULL};
    struct nodes kept = {0};
    struct links links = {0};
    struct alts alts = {0};
    if (!level_cover_leaves(&l, err))
        return false;
    level_keep(&l, q->where_clause, &kept);
    find_taint(&l, q, needed, ret);
    if (!find_links(&l, q, &links, err))
        return false;
    struct names used = names_used(&l, q, needed, ret, &kept, &links);
    if (!alt_from(&l, &used, &alts, err))
        return false;
    for (size_t i = 0; i < alts.n; i++)
        for (size_t k = 0; k < MAX(links.n, 1u) && !alt_excludes(&alts.p[i], node_and(ctx->a, kept), ctx->a); k++)
            add(ctx->a, ret, build(&l, q, &alts.p[i], &kept, links.n ? &links.p[k] : NULL));
    if (ret->n == 0)
        add(ctx->a, ret, without_rows(ctx->a, q));
    return check_count(ret, err);
}

/* Aggregates without GROUP BY have one row, whatever their tables hold. */
static bool cover_single_row(struct cover_ctx *ctx, const SelectStmt *q, struct covers *ret)
{
    ret->n_outputs = q->n_target_list;
    ret->tainted = arena_new_array(ctx->a, bool, q->n_target_list + 1);
    for (size_t i = 0; i < q->n_target_list; i++)
        ret->tainted[i] = !NODE_IS(shape_output(q, i), A_CONST);
    SelectStmt *row = select_new(ctx->a);
    row->target_list = q->target_list;
    row->n_target_list = q->n_target_list;
    add(ctx->a, ret, row);
    return true;
}

/* -- queries in which a row depends on its peers: DISTINCT ON, windows, LIMIT -- */

/* What peers have in common; none for LIMIT, where every row depends on all. */
static struct nodes peer_expressions(const SelectStmt *q)
{
    struct nodes list = {0};
    bool same = true;
    if (shape_is_limited(q))
        return list;
    if (shape_is_distinct_on(q))
        return (struct nodes){q->distinct_clause, q->n_distinct_clause, q->n_distinct_clause};
    shape_window(q, &list, &same);
    return list;
}

static struct nodes as_targets(struct arena *a, const struct nodes *expressions)
{
    struct nodes list = {0};
    for (size_t i = 0; i < expressions->n; i++)
        nodes_push(a, &list, node_target(a, expressions->p[i], NULL));
    return list;
}

static bool peers_are_known(const struct covers *c, size_t from, struct err *err)
{
    for (size_t i = from; i < c->n_outputs; i++)
        if (c->tainted[i])
            return err_set(err, ERR_LENS_CONSTRUCT,
                           "PARTITION BY or DISTINCT ON uses the result of an aggregate, a window function or a scalar "
                           "subquery; use columns instead");
    return true;
}

static bool may_be_null(struct cover_ctx *ctx, const SelectStmt *q, const struct nodes *peers)
{
    for (size_t i = 0; i < peers->n; i++)
        if (!shape_is_not_null(ctx->cat, q, peers->p[i]))
            return true;
    return false;
}

static SelectStmt *with_parts(struct arena *a, const SelectStmt *q, size_t n_outputs, Node *item, Node *condition)
{
    SelectStmt *copy = core(a, q, q->target_list, n_outputs);
    struct nodes from = {0}, where = {0};
    nodes_append(a, &from, q->from_clause, q->n_from_clause);
    if (item)
        nodes_push(a, &from, item);
    tree_conjuncts(a, q->where_clause, &where);
    if (condition)
        nodes_push(a, &where, condition);
    copy->from_clause = from.p;
    copy->n_from_clause = from.n;
    copy->where_clause = node_and(a, where);
    return copy;
}

/* Groups with a null in what they share: IN would not find them. */
static SelectStmt *null_peers(struct cover_ctx *ctx, const SelectStmt *q, size_t n_outputs, const struct nodes *mine,
                              SelectStmt *changed)
{
    struct arena *a = ctx->a;
    const char *name = arena_printf(a, "carryover%d", ++ctx->serial);
    const char **columns = arena_new_array(a, const char *, mine->n);
    struct nodes same = {0}, null = {0};
    for (size_t i = 0; i < mine->n; i++) {
        columns[i] = arena_printf(a, "c%zu", i + 1);
        nodes_push(a, &same, node_not_distinct(a, mine->p[i], node_column(a, name, columns[i])));
        nodes_push(a, &null, node_is_null(a, node_column(a, name, columns[i])));
    }
    nodes_push(a, &same, node_bool(a, PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR, null));
    Node *item = node_subselect(a, changed, alias_new(a, name, columns, mine->n), false);
    return with_parts(a, q, n_outputs, item, node_and(a, same));
}

static void add_peers(struct cover_ctx *ctx, const SelectStmt *q, size_t n_outputs, size_t n_peers, SelectStmt *changed,
                      bool nullable, struct covers *ret)
{
    struct arena *a = ctx->a;
    struct nodes mine = {0};
    for (size_t i = 0; i < n_peers; i++)
        nodes_push(a, &mine, shape_output(q, n_outputs + i));
    if (n_peers == 0) {
        const char *name = arena_printf(a, "carryover%d", ++ctx->serial);
        Node *item = node_subselect(a, changed, alias_new(a, name, NULL, 0), false);
        add(a, ret, with_parts(a, q, n_outputs, item, NULL));
        return;
    }
    add(a, ret, with_parts(a, q, n_outputs, NULL, node_in(a, node_row(a, mine), changed)));
    if (nullable)
        add(a, ret, null_peers(ctx, q, n_outputs, &mine, changed));
}

static bool cover_peers(struct cover_ctx *ctx, const struct level *parent, const SelectStmt *q,
                        const RangeVar *occurrence, const bool *needed, struct covers *ret, struct err *err)
{
    struct arena *a = ctx->a;
    struct nodes peers = peer_expressions(q);
    struct nodes shared = as_targets(a, &peers), all = {0};
    struct covers changed = {0}, rows = {0};
    nodes_append(a, &all, q->target_list, q->n_target_list);
    nodes_append(a, &all, shared.p, shared.n);
    if (peers.n == 0)
        nodes_push(a, &shared, node_target(a, node_one(a), NULL));
    bool *all_needed = arena_new_array(a, bool, all.n + 1);
    for (size_t i = 0; i < all.n; i++)
        all_needed[i] = i >= q->n_target_list || !needed || needed[i];
    if (!cover_nested(ctx, parent, core(a, q, shared.p, shared.n), occurrence, NULL, &changed, err) ||
        !cover_nested(ctx, parent, core(a, q, all.p, all.n), NULL, all_needed, &rows, err) ||
        !peers_are_known(&changed, 0, err) || !peers_are_known(&rows, q->n_target_list, err))
        return false;
    ret->n_outputs = q->n_target_list;
    ret->tainted = rows.tainted;
    SelectStmt *changed_peers = cover_combine(a, &changed, NULL);
    for (size_t i = 0; i < rows.n; i++)
        add_peers(ctx, rows.p[i], q->n_target_list, peers.n, changed_peers, may_be_null(ctx, q, &peers), ret);
    return check_count(ret, err);
}

/* -- any query -- */

static void append(struct arena *a, struct covers *to, const struct covers *from)
{
    for (size_t i = 0; i < from->n; i++)
        add(a, to, from->p[i]);
    to->n_outputs = from->n_outputs;
    if (!to->tainted)
        to->tainted = arena_new_array(a, bool, from->n_outputs + 1);
    for (size_t i = 0; i < from->n_outputs; i++)
        to->tainted[i] = to->tainted[i] || from->tainted[i];
}

static bool cover_union(struct cover_ctx *ctx, const struct level *parent, const SelectStmt *q,
                        const RangeVar *occurrence, const bool *needed, struct covers *ret, struct err *err)
{
    const SelectStmt *branches[] = {q->larg, q->rarg};
    for (size_t i = 0; i < 2; i++) {
        struct covers c = {0};
        if (occurrence && !tree_contains(branches[i], occurrence))
            continue;
        if (!cover_nested(ctx, parent, branches[i], occurrence, needed, &c, err))
            return false;
        append(ctx->a, ret, &c);
    }
    return check_count(ret, err);
}

bool cover_nested(struct cover_ctx *ctx, const struct level *parent, const SelectStmt *q, const RangeVar *occurrence,
                  const bool *needed, struct covers *ret, struct err *err)
{
    struct nodes partition;
    bool same;
    if (shape_is_union(q))
        return cover_union(ctx, parent, q, occurrence, needed, ret, err);
    if (q->n_values_lists) {
        ret->n_outputs = shape_n_outputs(q);
        ret->tainted = arena_new_array(ctx->a, bool, ret->n_outputs + 1);
        add(ctx->a, ret, (SelectStmt *)q);
        return true;
    }
    if (occurrence && (shape_is_limited(q) || shape_is_distinct_on(q) || shape_window(q, &partition, &same)))
        return cover_peers(ctx, parent, q, occurrence, needed, ret, err);
    if (!occurrence && !q->n_group_clause && shape_is_grouped(ctx->cat, q))
        return cover_single_row(ctx, q, ret);
    return cover_plain(ctx, parent, q, occurrence, needed, ret, err);
}

bool cover_select(struct cover_ctx *ctx, const SelectStmt *q, const RangeVar *occurrence, const bool *needed,
                  struct covers *ret, struct err *err)
{
    return cover_nested(ctx, NULL, q, occurrence, needed, ret, err);
}
