/*
 * menu: the entries of a menu, which an extension has, too.
 */
#ifndef XPP_D365_MENU_H
#define XPP_D365_MENU_H
#include "xpp/d365/carry.h"

/* One entry as <element> with its type, and with what is below it. */
void menu_put_entry(struct work *w, const struct xpo_node *entry, const char *element);

/* What can be an entry: not the PROPERTIES' line kinds. */
bool menu_is_entry(const struct xpo_node *n);

/* The name that an entry gets. */
struct str menu_entry_name(struct work *w, const struct xpo_node *entry);

#endif
