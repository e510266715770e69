/*
 * query: the data sources of a query, which a view holds within itself.
 */
#ifndef XPP_D365_QUERY_H
#define XPP_D365_QUERY_H
#include "xpp/d365/carry.h"

/* The members of an AxQuerySimple: name, source code, properties and data sources. Returns its name. */
struct str query_put(struct work *w, const struct xpo_node *query);

/* <SourceCode> of a query: its declaration names it. */
void query_put_code(struct work *w, const struct xpo_node *query, struct str name);

/* Tells what an export says of the objects that use the query. */
void query_tell_dependents(struct work *w, const struct xpo_node *query);

/* One root data source of a BLOCK. */
void query_put_root(struct work *w, const struct xpo_node *block);

/* A ranges' <AxQuerySimpleDataSourceRange>. */
void query_put_range(struct work *w, const struct xpo_node *range, struct str where);

#endif
