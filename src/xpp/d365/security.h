/*
 * security: what a duty or a role refers to, which their extensions have, too.
 */
#ifndef XPP_D365_SECURITY_H
#define XPP_D365_SECURITY_H
#include "xpp/d365/carry.h"

/* The list `name` of <element>s, from the block `keyword` of the node; an empty list when it is not there. */
void security_put_references(struct work *w, const struct xpo_node *node, const char *keyword, const char *name,
                             const char *element);

/* Tells which permissions of its own a form or an operation has; nothing when their lists are empty. `node` holds the
 * sets, and may be NULL. */
void security_tell_permissions(struct work *w, const struct xpo_node *node, struct str where);

#endif
