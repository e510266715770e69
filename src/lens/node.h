/*
 * node: the nodes of PostgreSQL's parse trees, under PostgreSQL's names, and how new ones are made.
 *
 * Nodes live in an arena and are plain protobuf-c messages. Constructors take their parts as they are: a part may
 * belong to several trees.
 */
#ifndef LENS_NODE_H
#define LENS_NODE_H
#include "base/arena.h"
#include <pg_query/pg_query.pb-c.h>

typedef PgQuery__Node Node;
typedef PgQuery__SelectStmt SelectStmt;
typedef PgQuery__RangeVar RangeVar;
typedef PgQuery__RangeSubselect RangeSubselect;
typedef PgQuery__JoinExpr JoinExpr;
typedef PgQuery__SubLink SubLink;
typedef PgQuery__ColumnRef ColumnRef;
typedef PgQuery__ResTarget ResTarget;
typedef PgQuery__FuncCall FuncCall;
typedef PgQuery__BoolExpr BoolExpr;
typedef ProtobufCMessage Message; /* what all of them begin with */

/* NODE_IS(n, RANGE_VAR) */
#define NODE_IS(n, kind) ((n) && (n)->node_case == PG_QUERY__NODE__NODE_##kind)
#define MESSAGE_IS(m, type) ((m)->descriptor == &pg_query__##type##__descriptor)

struct nodes {
    Node **p;
    size_t n, cap;
};

/* Adds a node to a list in the arena. */
void nodes_push(struct arena *a, struct nodes *list, Node *n);
void nodes_append(struct arena *a, struct nodes *list, Node *const *p, size_t n);

/* New nodes. */
Node *node_of(struct arena *a, PgQuery__Node__NodeCase kind, void *message);
Node *node_select(struct arena *a, SelectStmt *q);
Node *node_string(struct arena *a, const char *text);
Node *node_null(struct arena *a);
Node *node_false(struct arena *a);
Node *node_one(struct arena *a);
Node *node_column(struct arena *a, const char *alias, const char *column);
Node *node_target(struct arena *a, Node *value, const char *name);
Node *node_operator(struct arena *a, const char *op, Node *left, Node *right);
Node *node_not_distinct(struct arena *a, Node *left, Node *right);
Node *node_parameter(struct arena *a, int number, const char *type); /* $1::type */
Node *node_is_null(struct arena *a, Node *value);
Node *node_bool(struct arena *a, PgQuery__BoolExprType op, struct nodes args); /* one argument stays as it is */
Node *node_and(struct arena *a, struct nodes conjuncts);                       /* NULL when there is none */
Node *node_row(struct arena *a, struct nodes values);                          /* one value stays as it is */
Node *node_in(struct arena *a, Node *row, SelectStmt *query);
Node *node_table(struct arena *a, const char *schema, const char *name, const char *alias);
Node *node_subselect(struct arena *a, SelectStmt *q, PgQuery__Alias *alias, bool is_lateral);
Node *node_join(struct arena *a, PgQuery__JoinType type, Node *left, Node *right, Node *condition);
PgQuery__Alias *alias_new(struct arena *a, const char *name, const char *const *columns, size_t n_columns);
SelectStmt *select_new(struct arena *a);

/* `left op right`, UNION ALL when is_all. */
SelectStmt *select_union(struct arena *a, SelectStmt *left, SelectStmt *right, bool is_all);

#endif
