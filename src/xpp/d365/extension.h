/*
 * extension: what a layer adds to a standard element, as D365 takes it.
 *
 * Members that the standard does not have are added; properties of those that it has are modified as far as D365 lets
 * them be, and told else. Methods go to classes of their own.
 */
#ifndef XPP_D365_EXTENSION_H
#define XPP_D365_EXTENSION_H
#include "xpp/d365/carry.h"

/* The standard element, or NULL when only a layer's export is there. */
const struct symbol *extension_base(struct work *w);

/* The member of the standard element with this name in a block ("FIELDS") of its root; NULL when the baseline has none.
 */
const struct xpo_node *extension_old(struct work *w, const char *block, struct str name);

/* Whether the standard element lacks this member, by its tree or by its names. */
bool extension_is_new(struct work *w, const char *block, enum member_kind kind, struct str name);

/* Begins the file <Element>.<Model>; returns that name. */
struct str extension_open(struct work *w, const char *root, const char *attributes);

/* Whether a property differs from that of the old node; everything does when there is none. */
bool extension_has_changes(const struct xpo_node *node, const struct xpo_node *old);

/* <PropertyModifications>: what differs and stands in the NULL-terminated list; other differences are told. */
void extension_put_changes(struct work *w, const struct xpo_node *node, const struct xpo_node *old, struct str where,
                           const char *const *allowed);

/* <AxExtensionModification> of a member that differs. */
void extension_put_modification(struct work *w, const struct xpo_node *node, const struct xpo_node *old,
                                struct str where, const char *const *allowed);

/* The classes for the job's methods. */
void extension_write_classes(struct work *w);

void extension_write_table(struct work *w);
void extension_write_view(struct work *w);
void extension_write_map(struct work *w);
void extension_write_enum(struct work *w);
void extension_write_edt(struct work *w);
void extension_write_form(struct work *w);
void extension_write_query(struct work *w);
void extension_write_menu(struct work *w);
void extension_write_duty(struct work *w);
void extension_write_role(struct work *w);
void extension_write_menu_item(struct work *w);

#endif
