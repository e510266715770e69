#include "xpp/layer.h"
#include "base/attr.h"
#include "xpp/names.h"

static bool has_child(const struct xpo_node *root, const char *block, struct str name)
{
    const struct xpo_node *list = xpo_child(root, block);
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next)
        if (xpo_same_name(n->name, name))
            return true;
    return false;
}

static bool is_one_of(struct str name, const char *const *names)
{
    for (; *names; names++)
        if (xpo_same_name(name, str_of(*names)))
            return true;
    return false;
}

/* A layer exports all properties of a table once one of them is changed: they name fields and indexes of other layers
 * then. */
bool layer_names_others(const struct xpo_node *root)
{
    if (xpo_value(root, "Extends").n > 0)
        return false;
    static const char *const kernel[] = {"",
                                         "RecId",
                                         "TableId",
                                         "DataAreaId",
                                         "Partition",
                                         "RecVersion",
                                         "CreatedDateTime",
                                         "CreatedBy",
                                         "ModifiedBy",
                                         "SysRowVersion",
                                         "ModifiedDateTime",
                                         "SurrogateKey",
                                         "RelationType",
                                         "InstanceRelationType",
                                         NULL};
    static const struct {
        const char *property, *block;
    } names[] = {{"TitleField1", "FIELDS"},
                 {"TitleField2", "FIELDS"},
                 {"PrimaryIndex", "INDICES"},
                 {"ClusterIndex", "INDICES"},
                 {"ReplacementKey", "INDICES"}};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        struct str name = xpo_value(root, names[i].property);
        if (!is_one_of(name, kernel) && !has_child(root, names[i].block, name))
            return true;
    }
    return false;
}

static void enter_controls(const struct xpo_node *list, struct names *all)
{
    for (const struct xpo_node *n = list->first; n; n = n->next) {
        struct str name = xpo_value(n, "Name").n ? xpo_value(n, "Name") : n->name;
        if (name.n)
            names_put(all, 0, name, 0);
        enter_controls(n, all);
    }
}

static bool misses_parent(const struct xpo_node *list, const struct names *all)
{
    for (const struct xpo_node *n = list->first; n; n = n->next) {
        struct str parent = xpo_value(n, "HierarchyParent");
        if ((parent.n && !names_get(all, 0, parent)) || misses_parent(n, all))
            return true;
    }
    return false;
}

/* Controls stand in controls that are not there, and nothing declares the form. */
static bool is_form_only(const struct xpo_node *root)
{
    const struct xpo_node *design = xpo_child(root, "DESIGN");
    struct names all = {0};
    if (!design || has_child(root, "METHODS", STR("classDeclaration")))
        return false;
    enter_controls(design, &all);
    bool misses = misses_parent(design, &all);
    names_done(&all);
    return misses;
}

bool layer_only(enum symbol_kind kind, const struct xpo_node *root)
{
    if (kind == SYMBOL_TABLE || kind == SYMBOL_VIEW || kind == SYMBOL_MAP)
        return root->n_props == 0;
    return kind == SYMBOL_CLASS || (kind == SYMBOL_FORM && is_form_only(root));
}
