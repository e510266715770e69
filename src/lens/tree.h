/*
 * tree: PostgreSQL parse trees, as libpg_query hands them out, and the few verbs that rewriting needs.
 *
 * The nodes carry PostgreSQL's own names. A tree lives in an arena. Once it is normalised it is never changed: new
 * trees are built from new nodes that point at parts of old ones, so one part may be shared by many trees, and a node's
 * address is its identity. tree_text() turns any of them back into SQL.
 */
#ifndef LENS_TREE_H
#define LENS_TREE_H
#include "base/err.h"
#include "lens/node.h"

/* Parses one SELECT. Fails with ERR_PACKAGE; `what` names it in the message. */
bool tree_parse(const char *sql, const char *what, struct arena *a, SelectStmt **ret, struct err *err) MUST_CHECK;

/* Parses a script of several statements. Fails with ERR_PACKAGE: `path` and the line. */
bool tree_parse_script(const char *sql, const char *path, struct arena *a, PgQuery__ParseResult **ret,
                       struct err *err) MUST_CHECK;

/* The SQL text of a SELECT. Fails with ERR_PACKAGE when libpg_query cannot write a construct. */
bool tree_text(const SelectStmt *q, struct arena *a, char **ret, struct err *err) MUST_CHECK;

/* Calls `visit` for every message below `any`, itself first, parents before children; a false answer skips what is
 * below it. `any` may be NULL. */
typedef bool tree_visit_fn(void *ctx, Message *m);
void tree_walk(const void *any, tree_visit_fn *visit, void *ctx);

/* A deep copy; strings are shared. */
void *tree_copy(struct arena *a, const void *any);

/* True when `part` is `whole` or somewhere below it (by address). Both may be NULL. */
bool tree_contains(const void *whole, const void *part);

/* True when both say the same, wherever they stand in their texts. Both may be NULL. */
bool tree_equal(const void *a, const void *b);

/* The only message that a Node holds. */
Message *tree_inner(const Node *n);

/* Splits a condition at its top-level ANDs and adds the parts to the list. */
void tree_conjuncts(struct arena *a, Node *condition, struct nodes *ret);

/* The name by which the members of its query call an item of FROM; NULL for a join. */
const char *from_name(const Node *item);

/* Text of a String node, "" for anything else. */
const char *node_text(const Node *n);

#endif
