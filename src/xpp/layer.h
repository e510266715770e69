/*
 * layer: whether an export holds only what one layer has of an element: changes, not the element.
 *
 * Nothing in an export says so. A class has no declaration then, a table no properties, or all of them; a form has no
 * declaration and controls in controls that are not there.
 */
#ifndef XPP_LAYER_H
#define XPP_LAYER_H
#include "xpp/symbols.h"

/* Of a class it is true as long as its declaration has not been met. */
bool layer_only(enum symbol_kind kind, const struct xpo_node *root);

/* Whether properties of a table name fields or indexes that are not there. Of a table that the standard has that says
 * that it is the export of one layer; of another one it may be a mistake. */
bool layer_names_others(const struct xpo_node *root);

#endif
