/*
 * view: the parts of a view and of a map that extensions have, too.
 */
#ifndef XPP_D365_VIEW_H
#define XPP_D365_VIEW_H
#include "xpp/d365/carry.h"

/* One <AxViewField>: bound to a data source, or computed by a method. */
void view_put_field(struct work *w, const struct xpo_node *field);

/* One <AxTableMapping> of a map. */
void view_put_mapping(struct work *w, const struct xpo_node *mapping);

#endif
