#include "lens/normal.h"

/* -- WITH: its queries go to where their names are used -- */

struct scope {
    struct arena *a;
    const char *name; /* of the common table expression that is being put in */
    const PgQuery__CommonTableExpr *cte;
};

static PgQuery__Alias *cte_alias(struct arena *a, const RangeVar *use, const PgQuery__CommonTableExpr *cte)
{
    PgQuery__Alias *alias = alias_new(a, use->alias ? use->alias->aliasname : use->relname, NULL, 0);
    bool own = use->alias && use->alias->n_colnames;
    alias->colnames = own ? use->alias->colnames : cte->aliascolnames;
    alias->n_colnames = own ? use->alias->n_colnames : cte->n_aliascolnames;
    return alias;
}

/* Replaces uses of the name below `m`; a nested query that has a WITH of the same name hides ours. */
static bool inline_visit(void *ctx, Message *m)
{
    struct scope *s = ctx;
    if (MESSAGE_IS(m, select_stmt) && ((SelectStmt *)m)->with_clause) {
        PgQuery__WithClause *with = ((SelectStmt *)m)->with_clause;
        for (size_t i = 0; i < with->n_ctes; i++)
            if (strcmp(with->ctes[i]->common_table_expr->ctename, s->name) == 0)
                return false;
    }
    if (!MESSAGE_IS(m, node) || !NODE_IS((Node *)m, RANGE_VAR))
        return true;
    Node *n = (Node *)m;
    RangeVar *use = n->range_var;
    if (*use->schemaname != '\0' || strcmp(use->relname, s->name) != 0)
        return true;
    SelectStmt *copy = tree_copy(s->a, s->cte->ctequery->select_stmt);
    *n = *node_subselect(s->a, copy, cte_alias(s->a, use, s->cte), false);
    return false;
}

static void inline_with(struct arena *a, SelectStmt *q)
{
    PgQuery__WithClause *with = q->with_clause;
    q->with_clause = NULL;
    for (size_t i = 0; with && i < with->n_ctes; i++) {
        struct scope s = {a, with->ctes[i]->common_table_expr->ctename, with->ctes[i]->common_table_expr};
        for (size_t k = i + 1; k < with->n_ctes; k++) /* later ones may use earlier ones */
            tree_walk(with->ctes[k]->common_table_expr->ctequery, inline_visit, &s);
        tree_walk(q, inline_visit, &s);
    }
}

static bool with_visit(void *ctx, Message *m)
{
    if (MESSAGE_IS(m, select_stmt))
        inline_with(ctx, (SelectStmt *)m);
    return true;
}

/* -- joins -- */

static bool join_visit(void *ctx, Message *m)
{
    (void)ctx;
    if (!MESSAGE_IS(m, join_expr))
        return true;
    JoinExpr *j = (JoinExpr *)m;
    if (j->jointype == PG_QUERY__JOIN_TYPE__JOIN_RIGHT) {
        Node *left = j->larg;
        j->larg = j->rarg;
        j->rarg = left;
        j->jointype = PG_QUERY__JOIN_TYPE__JOIN_LEFT;
    }
    return true;
}

/* -- columns: PostgreSQL leaves the relation out where a query has only one -- */

struct qualify {
    struct arena *a;
    const char *name;
};

static bool qualify_visit(void *ctx, Message *m)
{
    struct qualify *s = ctx;
    if (MESSAGE_IS(m, range_subselect))
        return false;
    if (!MESSAGE_IS(m, column_ref))
        return true;
    ColumnRef *c = (ColumnRef *)m;
    if (c->n_fields == 1 && NODE_IS(c->fields[0], STRING))
        *c = *node_column(s->a, s->name, c->fields[0]->string->sval)->column_ref;
    return true;
}

/* Only the outermost query may have bare columns: inside of it PostgreSQL writes the relation always. */
static void qualify(struct arena *a, SelectStmt *q)
{
    const char *name = q->n_from_clause == 1 ? from_name(q->from_clause[0]) : NULL;
    struct qualify s = {a, name};
    if (name)
        tree_walk(q, qualify_visit, &s);
}

SelectStmt *normal_select(struct arena *a, const SelectStmt *q)
{
    SelectStmt *copy = tree_copy(a, q);
    tree_walk(copy, with_visit, a);
    tree_walk(copy, join_visit, NULL);
    qualify(a, copy);
    return copy;
}
