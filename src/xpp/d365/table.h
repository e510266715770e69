/*
 * table: the parts of a table that views, maps and extensions have, too.
 */
#ifndef XPP_D365_TABLE_H
#define XPP_D365_TABLE_H
#include "xpp/d365/carry.h"

/* The word that D365's types have for the type line of a field or an extended data type ("String"), or NULL. */
const char *table_type_word(struct str type);

/* One <element i:type=prefix+type> for a FIELD node. */
void table_put_field(struct work *w, const struct xpo_node *field, const char *element, const char *prefix);

/* All of the FIELDS block. */
void table_put_fields(struct work *w, const struct xpo_node *fields, const char *element, const char *prefix);

/* One <AxTableFieldGroup>, and <Fields> of one. */
void table_put_group(struct work *w, const struct xpo_node *group);
void table_put_group_fields(struct work *w, const struct xpo_node *group);

/* <FieldGroups>: the five that every table has, then its own. */
void table_put_groups(struct work *w, const struct xpo_node *groups);

void table_put_index(struct work *w, const struct xpo_node *index);
void table_put_full_text_index(struct work *w, const struct xpo_node *index);

/* One <AxTableRelation> of a REFERENCE. `table` is the one that has it. */
void table_put_relation(struct work *w, const struct xpo_node *reference, struct str table);

/* Relations that only the types of fields have (M01). */
void table_put_type_relations(struct work *w, const struct xpo_node *table, struct str name);

/* <DeleteActions>: those that do not become a property of the other table's relation (M03). */
void table_put_delete_actions(struct work *w, const struct xpo_node *actions);

/* The extended data type itself, or what it extends, that refers to the field of a table (`table`, `field`, and its
 * members MEMBER_FIXED); NULL when none does. */
const struct symbol *table_reference_of(struct work *w, struct str edt);

/* The extended data type of a field: of an array, that of its first element. */
struct str table_type_of(const struct xpo_node *field);

/* Whether a relation of the table already begins at this field. */
bool table_has_relation(const struct xpo_node *table, struct str field);

/* <SubscriberAccessLevel>, which is always the same. */
void table_put_access(struct work *w, const char *attributes);

/* (Memo) is -1. */
void table_put_string_size(struct carry *c, const struct carry_row *row);

#endif
