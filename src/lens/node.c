#include "lens/node.h"

#define NEW(a, type, init)                                                                                             \
    ({                                                                                                                 \
        type *new_ = arena_alloc(a, sizeof(type));                                                                     \
        init(new_);                                                                                                    \
        new_;                                                                                                          \
    })

void nodes_push(struct arena *a, struct nodes *list, Node *n)
{
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 8;
        Node **p = arena_alloc(a, list->cap * sizeof *p);
        if (list->n)
            memcpy(p, list->p, list->n * sizeof *p);
        list->p = p;
    }
    list->p[list->n++] = n;
}

void nodes_append(struct arena *a, struct nodes *list, Node *const *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        nodes_push(a, list, p[i]);
}

Node *node_of(struct arena *a, PgQuery__Node__NodeCase kind, void *message)
{
    Node *n = NEW(a, Node, pg_query__node__init);
    n->node_case = kind;
    n->alias = message;
    return n;
}

Node *node_select(struct arena *a, SelectStmt *q)
{
    return node_of(a, PG_QUERY__NODE__NODE_SELECT_STMT, q);
}

Node *node_string(struct arena *a, const char *text)
{
    PgQuery__String *s = NEW(a, PgQuery__String, pg_query__string__init);
    s->sval = (char *)text;
    return node_of(a, PG_QUERY__NODE__NODE_STRING, s);
}

static PgQuery__AConst *constant(struct arena *a)
{
    return NEW(a, PgQuery__AConst, pg_query__a__const__init);
}

Node *node_null(struct arena *a)
{
    PgQuery__AConst *c = constant(a);
    c->isnull = true;
    return node_of(a, PG_QUERY__NODE__NODE_A_CONST, c);
}

Node *node_false(struct arena *a)
{
    PgQuery__AConst *c = constant(a);
    c->val_case = PG_QUERY__A__CONST__VAL_BOOLVAL;
    c->boolval = NEW(a, PgQuery__Boolean, pg_query__boolean__init);
    return node_of(a, PG_QUERY__NODE__NODE_A_CONST, c);
}

Node *node_one(struct arena *a)
{
    PgQuery__AConst *c = constant(a);
    c->val_case = PG_QUERY__A__CONST__VAL_IVAL;
    c->ival = NEW(a, PgQuery__Integer, pg_query__integer__init);
    c->ival->ival = 1;
    return node_of(a, PG_QUERY__NODE__NODE_A_CONST, c);
}

Node *node_column(struct arena *a, const char *alias, const char *column)
{
    ColumnRef *c = NEW(a, ColumnRef, pg_query__column_ref__init);
    struct nodes fields = {0};
    nodes_push(a, &fields, node_string(a, alias));
    nodes_push(a, &fields, node_string(a, column));
    c->fields = fields.p;
    c->n_fields = fields.n;
    return node_of(a, PG_QUERY__NODE__NODE_COLUMN_REF, c);
}

Node *node_target(struct arena *a, Node *value, const char *name)
{
    ResTarget *t = NEW(a, ResTarget, pg_query__res_target__init);
    t->val = value;
    if (name)
        t->name = (char *)name;
    return node_of(a, PG_QUERY__NODE__NODE_RES_TARGET, t);
}

static Node *expression(struct arena *a, PgQuery__AExprKind kind, const char *op, Node *left, Node *right)
{
    PgQuery__AExpr *e = NEW(a, PgQuery__AExpr, pg_query__a__expr__init);
    struct nodes name = {0};
    nodes_push(a, &name, node_string(a, op));
    e->kind = kind;
    e->name = name.p;
    e->n_name = name.n;
    e->lexpr = left;
    e->rexpr = right;
    return node_of(a, PG_QUERY__NODE__NODE_A_EXPR, e);
}

Node *node_operator(struct arena *a, const char *op, Node *left, Node *right)
{
    return expression(a, PG_QUERY__A__EXPR__KIND__AEXPR_OP, op, left, right);
}

Node *node_not_distinct(struct arena *a, Node *left, Node *right)
{
    return expression(a, PG_QUERY__A__EXPR__KIND__AEXPR_NOT_DISTINCT, "=", left, right);
}

Node *node_parameter(struct arena *a, int number, const char *type)
{
    PgQuery__ParamRef *p = NEW(a, PgQuery__ParamRef, pg_query__param_ref__init);
    PgQuery__TypeName *name = NEW(a, PgQuery__TypeName, pg_query__type_name__init);
    PgQuery__TypeCast *cast = NEW(a, PgQuery__TypeCast, pg_query__type_cast__init);
    struct nodes names = {0};
    nodes_push(a, &names, node_string(a, type));
    p->number = number;
    name->names = names.p;
    name->n_names = names.n;
    name->typemod = -1;
    cast->arg = node_of(a, PG_QUERY__NODE__NODE_PARAM_REF, p);
    cast->type_name = name;
    return node_of(a, PG_QUERY__NODE__NODE_TYPE_CAST, cast);
}

Node *node_is_null(struct arena *a, Node *value)
{
    PgQuery__NullTest *t = NEW(a, PgQuery__NullTest, pg_query__null_test__init);
    t->arg = value;
    t->nulltesttype = PG_QUERY__NULL_TEST_TYPE__IS_NULL;
    return node_of(a, PG_QUERY__NODE__NODE_NULL_TEST, t);
}

Node *node_bool(struct arena *a, PgQuery__BoolExprType op, struct nodes args)
{
    if (args.n == 1)
        return args.p[0];
    BoolExpr *b = NEW(a, BoolExpr, pg_query__bool_expr__init);
    b->boolop = op;
    b->args = args.p;
    b->n_args = args.n;
    return node_of(a, PG_QUERY__NODE__NODE_BOOL_EXPR, b);
}

Node *node_and(struct arena *a, struct nodes conjuncts)
{
    return conjuncts.n ? node_bool(a, PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR, conjuncts) : NULL;
}

Node *node_row(struct arena *a, struct nodes values)
{
    if (values.n == 1)
        return values.p[0];
    PgQuery__RowExpr *r = NEW(a, PgQuery__RowExpr, pg_query__row_expr__init);
    r->args = values.p;
    r->n_args = values.n;
    r->row_format = PG_QUERY__COERCION_FORM__COERCE_IMPLICIT_CAST;
    return node_of(a, PG_QUERY__NODE__NODE_ROW_EXPR, r);
}

Node *node_in(struct arena *a, Node *row, SelectStmt *query)
{
    SubLink *s = NEW(a, SubLink, pg_query__sub_link__init);
    s->sub_link_type = PG_QUERY__SUB_LINK_TYPE__ANY_SUBLINK;
    s->testexpr = row;
    s->subselect = node_select(a, query);
    return node_of(a, PG_QUERY__NODE__NODE_SUB_LINK, s);
}

PgQuery__Alias *alias_new(struct arena *a, const char *name, const char *const *columns, size_t n_columns)
{
    PgQuery__Alias *alias = NEW(a, PgQuery__Alias, pg_query__alias__init);
    struct nodes names = {0};
    for (size_t i = 0; i < n_columns; i++)
        nodes_push(a, &names, node_string(a, columns[i]));
    alias->aliasname = (char *)name;
    alias->colnames = names.p;
    alias->n_colnames = names.n;
    return alias;
}

Node *node_table(struct arena *a, const char *schema, const char *name, const char *alias)
{
    RangeVar *r = NEW(a, RangeVar, pg_query__range_var__init);
    r->schemaname = (char *)schema;
    r->relname = (char *)name;
    r->inh = true;
    r->relpersistence = (char *)"p";
    if (alias)
        r->alias = alias_new(a, alias, NULL, 0);
    return node_of(a, PG_QUERY__NODE__NODE_RANGE_VAR, r);
}

Node *node_subselect(struct arena *a, SelectStmt *q, PgQuery__Alias *alias, bool is_lateral)
{
    RangeSubselect *r = NEW(a, RangeSubselect, pg_query__range_subselect__init);
    r->lateral = is_lateral;
    r->subquery = node_select(a, q);
    r->alias = alias;
    return node_of(a, PG_QUERY__NODE__NODE_RANGE_SUBSELECT, r);
}

Node *node_join(struct arena *a, PgQuery__JoinType type, Node *left, Node *right, Node *condition)
{
    JoinExpr *j = NEW(a, JoinExpr, pg_query__join_expr__init);
    j->jointype = type;
    j->larg = left;
    j->rarg = right;
    j->quals = condition;
    return node_of(a, PG_QUERY__NODE__NODE_JOIN_EXPR, j);
}

SelectStmt *select_new(struct arena *a)
{
    SelectStmt *q = NEW(a, SelectStmt, pg_query__select_stmt__init);
    q->limit_option = PG_QUERY__LIMIT_OPTION__LIMIT_OPTION_DEFAULT;
    q->op = PG_QUERY__SET_OPERATION__SETOP_NONE;
    return q;
}

SelectStmt *select_union(struct arena *a, SelectStmt *left, SelectStmt *right, bool is_all)
{
    SelectStmt *q = select_new(a);
    q->op = PG_QUERY__SET_OPERATION__SETOP_UNION;
    q->all = is_all;
    q->larg = left;
    q->rarg = right;
    return q;
}
