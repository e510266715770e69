#include "xpp/d365/enum.h"
#include "xpp/d365/extension.h"
#include "xpp/d365/table.h"
#include "xpp/d365/view.h"

static const char *const table_changes[] = {
    "Label",          "FormRef",    "TitleField1",     "TitleField2",      "CacheLookup",   "CountryRegionCodes",
    "CreatedBy",      "ModifiedBy", "CreatedDateTime", "ModifiedDateTime", "SingularLabel", "TableGroup",
    "ReplacementKey", NULL};
static const char *const field_changes[] = {"Label",    "HelpText",          "Mandatory",        "AllowEdit",
                                            "Visible",  "AllowEditOnCreate", "GroupPrompt",      "CountryRegionCodes",
                                            "AliasFor", "ConfigurationKey",  "ExtendedDataType", NULL};
static const char *const relation_changes[] = {"OnDelete", "Validate", NULL};
static const char *const enum_changes[] = {"Label", "Help", NULL};
static const char *const value_changes[] = {"Label", NULL};
static const char *const edt_changes[] = {"Label", "HelpText", "StringSize", "FormHelp", "DisplayLength", NULL};

typedef void putter(struct work *w, const struct xpo_node *n);

static const struct xpo_node *first_of(struct work *w, const char *block)
{
    const struct xpo_node *list = xpo_child(w->element->root, block);
    return list ? list->first : NULL;
}

/* The members of a block that the standard lacks. */
static void put_new(struct work *w, const char *name, const char *block, enum member_kind kind, putter *put)
{
    xml_open(w->xml, name, "");
    for (const struct xpo_node *n = first_of(w, block); n; n = n->next) {
        if (extension_is_new(w, block, kind, work_name(n)))
            put(w, n);
    }
    xml_close(w->xml);
}

/* Those that it has and that differ from it. */
static void put_changed(struct work *w, const char *name, const char *block, enum member_kind kind, const char *folder,
                        const char *const *allowed)
{
    xml_open(w->xml, name, "");
    for (const struct xpo_node *n = first_of(w, block); n; n = n->next) {
        const struct xpo_node *old = extension_old(w, block, work_name(n));
        if (!extension_is_new(w, block, kind, work_name(n)) && extension_has_changes(n, old))
            extension_put_modification(w, n, old, work_path(w, folder, work_name(n)), allowed);
    }
    xml_close(w->xml);
}

static bool has_field(const struct xpo_node *group, struct str field)
{
    const struct xpo_node *fields = group ? xpo_child(group, "GROUPFIELDS") : NULL;
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next) {
        if (work_same_str(f->name, field))
            return true;
    }
    return false;
}

/* Whether a standard group gets this field from us: the baseline's group lacks it, or the standard has no such field.
 */
static bool is_added(struct work *w, const struct xpo_node *old, struct str field)
{
    return old ? !has_field(old, field) : extension_is_new(w, "FIELDS", MEMBER_FIELD, field);
}

static void put_group_extension(struct work *w, const struct xpo_node *group, const struct xpo_node *old)
{
    const struct xpo_node *fields = xpo_child(group, "GROUPFIELDS");
    bool opened = false;
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next) {
        if (!is_added(w, old, f->name))
            continue;
        if (!opened) {
            xml_open(w->xml, "AxTableFieldGroupExtension", "");
            xml_leaf(w->xml, "Name", work_name(group));
            xml_open(w->xml, "Fields", "");
            opened = true;
        }
        xml_open(w->xml, "AxTableFieldGroupField", "");
        xml_leaf(w->xml, "DataField", f->name);
        xml_close(w->xml);
    }
    if (opened) {
        xml_close(w->xml);
        xml_close(w->xml);
    }
}

static void put_group_extensions(struct work *w)
{
    xml_open(w->xml, "FieldGroupExtensions", "");
    for (const struct xpo_node *g = first_of(w, "GROUPS"); g; g = g->next) {
        if (!extension_is_new(w, "GROUPS", MEMBER_GROUP, work_name(g)))
            put_group_extension(w, g, extension_old(w, "GROUPS", work_name(g)));
    }
    xml_close(w->xml);
}

static void put_table_field(struct work *w, const struct xpo_node *n)
{
    table_put_field(w, n, "AxTableField", "AxTableField");
}

static void put_relation(struct work *w, const struct xpo_node *n)
{
    table_put_relation(w, n, w->element->name);
}

static void put_root_changes(struct work *w, const char *const *allowed)
{
    const struct xpo_element *standard = w->job->standard;
    if (standard) {
        extension_put_changes(w, w->element->root, standard->root, STR(""), allowed);
        return;
    }
    work_empty(w, "PropertyModifications");
    if (w->element->root->n_props)
        work_tell(w, "EXTENSION", FINDING_TODO, STR(""), w->element->line,
                  "a layer exports all properties once one is changed: without its baseline nobody knows which one");
}

static void tell_delete_actions(struct work *w)
{
    for (const struct xpo_node *a = first_of(w, "DELETEACTIONS"); a; a = a->next) {
        if (!extension_old(w, "DELETEACTIONS", work_name(a)))
            work_tell(w, "EXTENSION", FINDING_TODO, STR("deleteactions"), a->line,
                      "delete action on %.*s: an extension has none, the relation's OnDelete does it",
                      STR_ARG(xpo_value(a, "Table")));
    }
}

void extension_write_table(struct work *w)
{
    struct str name = extension_open(w, "AxTableExtension", "");
    put_group_extensions(w);
    put_new(w, "FieldGroups", "GROUPS", MEMBER_GROUP, table_put_group);
    put_changed(w, "FieldModifications", "FIELDS", MEMBER_FIELD, "fields", field_changes);
    put_new(w, "Fields", "FIELDS", MEMBER_FIELD, put_table_field);
    put_new(w, "FullTextIndexes", "FULLTEXTINDICES", MEMBER_INDEX, table_put_full_text_index);
    put_new(w, "Indexes", "INDICES", MEMBER_INDEX, table_put_index);
    work_empty(w, "Mappings");
    put_root_changes(w, table_changes);
    work_empty(w, "RelationExtensions");
    put_changed(w, "RelationModifications", "REFERENCES", MEMBER_RELATION, "relations", relation_changes);
    put_new(w, "Relations", "REFERENCES", MEMBER_RELATION, put_relation);
    work_close(w, "AxTableExtension", name);
    tell_delete_actions(w);
    work_known(w, w->element->root, STR(""),
               "EnforceFKRelation FIELDS GROUPS INDICES FULLTEXTINDICES REFERENCES DELETEACTIONS METHODS EVENTS");
}

void extension_write_view(struct work *w)
{
    struct str name = extension_open(w, "AxViewExtension", "");
    work_empty(w, "DataSources");
    put_group_extensions(w);
    put_new(w, "FieldGroups", "GROUPS", MEMBER_GROUP, table_put_group);
    put_changed(w, "FieldModifications", "FIELDS", MEMBER_FIELD, "fields", field_changes);
    put_new(w, "Fields", "FIELDS", MEMBER_FIELD, view_put_field);
    work_empty(w, "Mappings");
    put_root_changes(w, table_changes);
    work_empty(w, "Ranges");
    work_close(w, "AxViewExtension", name);
    if (first_of(w, "QUERY"))
        work_tell(w, "EXTENSION", FINDING_TODO, STR("query"), w->element->line,
                  "changes of the view's query are left out");
}

static void put_map_field(struct work *w, const struct xpo_node *n)
{
    table_put_field(w, n, "AxMapBaseField", "AxMapField");
}

/* Mappings are known by their table, not by a name. */
static void put_new_mappings(struct work *w)
{
    xml_open(w->xml, "Mappings", "");
    for (const struct xpo_node *m = first_of(w, "MAPPINGS"); m; m = m->next) {
        struct str table = xpo_value(m, "MappingTable");
        const struct xpo_node *old = w->job->standard ? xpo_child(w->job->standard->root, "MAPPINGS") : NULL;
        for (old = old ? old->first : NULL; old && !work_same_str(xpo_value(old, "MappingTable"), table);)
            old = old->next;
        if (!old)
            view_put_mapping(w, m);
    }
    xml_close(w->xml);
}

void extension_write_map(struct work *w)
{
    struct str name = extension_open(w, "AxMapExtension", "");
    put_group_extensions(w);
    put_new(w, "FieldGroups", "GROUPS", MEMBER_GROUP, table_put_group);
    put_changed(w, "FieldModifications", "FIELDS", MEMBER_FIELD, "fields", field_changes);
    put_new(w, "Fields", "FIELDS", MEMBER_FIELD, put_map_field);
    put_new_mappings(w);
    put_root_changes(w, table_changes);
    work_close(w, "AxMapExtension", name);
}

/* An extension's values have no numbers of their own: D365 gives them. */
static void put_value(struct work *w, const struct xpo_node *value)
{
    struct carry c;
    carry_begin(&c, w, value, work_path(w, "values", work_name(value)));
    xml_open(w->xml, "AxEnumValue", "");
    carry_name(&c);
    carry_put(&c, "ConfigurationKey", carry_take(&c, "ConfigurationKey"));
    carry_put(&c, "CountryRegionCodes", carry_take(&c, "CountryRegionCodes"));
    carry_put(&c, "Label", carry_take(&c, "Label"));
    xml_close(w->xml);
    struct str number = carry_take(&c, "EnumValue");
    carry_tell(&c, "M11", FINDING_TODO,
               "value %.*s was number %.*s: the enumeration must be extensible, and numbers it",
               STR_ARG(work_name(value)), number.n > 0 ? (int)number.n : 1, number.n > 0 ? number.p : "0");
    carry_end(&c);
}

void extension_write_enum(struct work *w)
{
    struct str name = extension_open(w, "AxEnumExtension", "");
    put_new(w, "EnumValues", "TYPEELEMENTS", MEMBER_VALUE, put_value);
    put_root_changes(w, enum_changes);
    put_changed(w, "ValueModifications", "TYPEELEMENTS", MEMBER_VALUE, "values", value_changes);
    work_close(w, "AxEnumExtension", name);
}

void extension_write_edt(struct work *w)
{
    struct str name = extension_open(w, "AxEdtExtension", "");
    for (const struct xpo_node *e = first_of(w, "TYPEELEMENTS"); e; e = e->next) {
        if (!extension_old(w, "TYPEELEMENTS", work_name(e)))
            work_tell(w, "EXTENSION", FINDING_TODO, STR("elements"), e->line, "array element %.*s is left out",
                      STR_ARG(work_name(e)));
    }
    work_empty(w, "ArrayElements");
    put_root_changes(w, edt_changes);
    work_close(w, "AxEdtExtension", name);
}
