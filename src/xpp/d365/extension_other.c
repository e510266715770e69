#include "xpp/d365/extension.h"
#include "xpp/d365/menu.h"
#include "xpp/d365/query.h"
#include "xpp/d365/query_composite.h"
#include "xpp/d365/security.h"

#define NAMESPACE "xmlns=\"Microsoft.Dynamics.AX.Metadata.V1\""

static const char *const query_changes[] = {"Title", "Description", NULL};
static const char *const menu_changes[] = {"Label", NULL};
static const char *const item_changes[] = {
    "Label", "HelpText", "ConfigurationKey", "CountryRegionCodes", "NeedsRecord", "MultiSelect", NULL};
static const char *const security_changes[] = {"Label", "Description", NULL};

static void put_root_changes(struct work *w, const char *const *allowed)
{
    extension_put_changes(w, w->element->root, w->job->standard->root, STR(""), allowed);
}

/* Data sources that only ours has; those within a standard one belong to a person. */
void extension_write_query(struct work *w)
{
    const struct xpo_node *blocks = xpo_child(w->element->root, "BLOCKS");
    struct str name = extension_open(w, "AxQuerySimpleExtension", "");
    work_empty(w, "DataSources");
    work_empty(w, "Fields");
    work_empty(w, "OrderByFields");
    put_root_changes(w, query_changes);
    work_empty(w, "RangeModifications");
    work_empty(w, "Ranges");
    work_empty(w, "Relations");
    xml_open(w->xml, "RootDataSources", "");
    for (const struct xpo_node *b = blocks ? blocks->first : NULL; b; b = b->next) {
        if (!extension_old(w, "BLOCKS", work_name(b)))
            query_put_root(w, b);
        else
            work_tell(w, "EXTENSION", FINDING_TODO, work_path(w, "datasources", work_name(b)), b->line,
                      "what was changed within a standard data source is left out");
    }
    xml_close(w->xml);
    work_close(w, "AxQuerySimpleExtension", name);
    if (query_is_composite(w->element->root))
        work_tell(w, "EXTENSION", FINDING_TODO, STR("composite"), w->element->line,
                  "ranges of a standard composite query are left out");
}

static const struct xpo_node *entry_named(struct work *w, const struct xpo_node *menu, struct str name)
{
    for (const struct xpo_node *n = menu ? menu->first : NULL; n; n = n->next) {
        if (menu_is_entry(n) && work_same_str(menu_entry_name(w, n), name))
            return n;
    }
    return NULL;
}

static void put_entry(struct work *w, const struct xpo_node *entry, struct str parent, struct str previous)
{
    xml_open(w->xml, "AxMenuExtensionElement", "xmlns=\"\"");
    xml_leaf(w->xml, "Name", work_text(w, "%.*s%s", STR_ARG(menu_entry_name(w, entry)), w->job->prefix));
    menu_put_entry(w, entry, "MenuElement");
    if (parent.n > 0)
        xml_leaf(w->xml, "Parent", parent);
    if (previous.n > 0) {
        xml_leaf(w->xml, "PositionType", STR("AfterItem"));
        xml_leaf(w->xml, "PreviousSibling", previous);
    }
    xml_close(w->xml);
}

static void put_entries(struct work *w, const struct xpo_node *menu, const struct xpo_node *old, struct str parent)
{
    struct str previous = STR("");
    for (const struct xpo_node *n = menu->first; n; n = n->next) {
        if (!menu_is_entry(n))
            continue;
        struct str name = menu_entry_name(w, n);
        const struct xpo_node *same = entry_named(w, old, name);
        if (same)
            put_entries(w, n, same, name);
        else
            put_entry(w, n, parent, previous);
        previous = name;
    }
}

void extension_write_menu(struct work *w)
{
    struct str name = extension_open(w, "AxMenuExtension", NAMESPACE);
    work_empty(w, "Customizations");
    xml_open(w->xml, "Elements", "");
    put_entries(w, w->element->root, w->job->standard->root, STR(""));
    xml_close(w->xml);
    work_empty(w, "MenuElementModifications");
    put_root_changes(w, menu_changes);
    work_close(w, "AxMenuExtension", name);
}

void extension_write_menu_item(struct work *w)
{
    enum symbol_kind kind = symbol_kind_of(w->element);
    const char *root = kind == SYMBOL_MENU_ITEM_ACTION   ? "AxMenuItemActionExtension"
                       : kind == SYMBOL_MENU_ITEM_OUTPUT ? "AxMenuItemOutputExtension"
                                                         : "AxMenuItemDisplayExtension";
    struct str name = extension_open(w, root, NAMESPACE);
    put_root_changes(w, item_changes);
    work_close(w, root, name);
}

/* References that the standard lacks. */
static void put_new_references(struct work *w, const char *keyword, const char *name, const char *element)
{
    const struct xpo_node *list = xpo_child(w->element->root, keyword);
    xml_open(w->xml, name, "");
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next) {
        if (extension_old(w, keyword, work_name(n)))
            continue;
        xml_open(w->xml, element, "");
        xml_leaf(w->xml, "Name", work_name(n));
        xml_close(w->xml);
    }
    xml_close(w->xml);
}

void extension_write_duty(struct work *w)
{
    struct str name = extension_open(w, "AxSecurityDutyExtension", "");
    put_new_references(w, "PRIVILEGES", "Privileges", "AxSecurityPrivilegeReference");
    put_root_changes(w, security_changes);
    work_close(w, "AxSecurityDutyExtension", name);
}

void extension_write_role(struct work *w)
{
    struct str name = extension_open(w, "AxSecurityRoleExtension", "");
    work_empty(w, "DirectAccessPermissions");
    put_new_references(w, "DUTIES", "Duties", "AxSecurityDutyReference");
    put_new_references(w, "PRIVILEGES", "Privileges", "AxSecurityPrivilegeReference");
    put_root_changes(w, security_changes);
    work_close(w, "AxSecurityRoleExtension", name);
}
