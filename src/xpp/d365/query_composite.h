/*
 * query_composite: a query that is another query with more ranges.
 *
 * AX 2012 keeps it in the block COMPOSITEQUERIES of a query without data sources of its own; D365 has a kind of query
 * for it. What that kind has no place for is told (M19).
 */
#ifndef XPP_D365_QUERY_COMPOSITE_H
#define XPP_D365_QUERY_COMPOSITE_H
#include "xpp/d365/work.h"

bool query_is_composite(const struct xpo_node *query);

/* The members of an AxQueryComposite. Returns its name. */
struct str query_put_composite(struct work *w, const struct xpo_node *query);

#endif
