#include "xpp/d365/extension.h"
#include "xpp/d365/families.h"
#include "xpp/layer.h"

const struct symbol *extension_base(struct work *w)
{
    enum symbol_kind kind = symbol_kind_of(w->element);
    const struct symbol *base = symbols_find_from(w->job->symbols, kind, w->element->name, SYMBOL_BASELINE);
    return base ? base : symbols_find_from(w->job->symbols, kind, w->element->name, SYMBOL_STANDARD);
}

const struct xpo_node *extension_old(struct work *w, const char *block, struct str name)
{
    const struct xpo_element *standard = w->job->standard;
    const struct xpo_node *list = standard && standard->root ? xpo_child(standard->root, block) : NULL;
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next) {
        if (work_same_str(work_name(n), name))
            return n;
    }
    return NULL;
}

bool extension_is_new(struct work *w, const char *block, enum member_kind kind, struct str name)
{
    const struct symbol *base = extension_base(w);
    return !extension_old(w, block, name) && (!base || !symbol_member(base, kind, name));
}

/* Kinds whose members are in the symbols; of the others only the baseline's tree tells. */
static bool has_members(enum symbol_kind kind)
{
    return kind == SYMBOL_TABLE || kind == SYMBOL_VIEW || kind == SYMBOL_MAP || kind == SYMBOL_ENUM;
}

/* A whole export says nothing of what is ours when only the name of the standard element is known. */
static bool is_decidable(struct work *w)
{
    enum symbol_kind kind = symbol_kind_of(w->element);
    const struct symbol *ours = symbols_find_from(w->job->symbols, kind, w->element->name, SYMBOL_OURS);
    const struct symbol *base = extension_base(w);
    bool layer = (ours && ours->delta) || (kind == SYMBOL_TABLE && layer_names_others(w->element->root));
    bool by_names = has_members(kind) && base && base->n_members > 0;
    return w->job->standard || (layer && has_members(kind)) || by_names;
}

struct str extension_open(struct work *w, const char *root, const char *attributes)
{
    struct str name = work_text(w, "%.*s.%s", STR_ARG(w->element->name), w->job->model);
    work_open(w, root, attributes);
    xml_leaf(w->xml, "Name", name);
    return name;
}

static bool is_allowed(const char *const *allowed, struct str name)
{
    for (; *allowed; allowed++) {
        if (work_same(name, *allowed))
            return true;
    }
    return false;
}

static void put_modification(struct work *w, const char *name, struct str value)
{
    xml_open(w->xml, "AxPropertyModification", "");
    xml_leaf(w->xml, "Name", str_of(name));
    xml_leaf(w->xml, "Value", value);
    xml_close(w->xml);
}

static const char *allowed_name(const char *const *allowed, struct str name)
{
    while (!work_same(name, *allowed))
        allowed++;
    return *allowed;
}

/* Names and identities are no changes. */
static bool is_identity(struct str name)
{
    static const char *const identities[] = {"Name", "Table",           "Origin",          "LegacyId",
                                             "ID",   "ElementPosition", "HierarchyParent", NULL};
    return is_allowed(identities, name);
}

static bool is_same(const struct xpo_prop *p, const struct xpo_node *old)
{
    for (uint32_t i = 0; old && i < old->n_props; i++) {
        if (work_same_str(old->props[i].name, p->name))
            return str_eq(old->props[i].value, p->value);
    }
    return false;
}

bool extension_has_changes(const struct xpo_node *node, const struct xpo_node *old)
{
    for (uint32_t i = 0; i < node->n_props; i++) {
        const struct xpo_prop *p = &node->props[i];
        if (!is_identity(p->name) && p->value.n > 0 && !is_same(p, old))
            return true;
    }
    return false;
}

void extension_put_changes(struct work *w, const struct xpo_node *node, const struct xpo_node *old, struct str where,
                           const char *const *allowed)
{
    xml_open(w->xml, "PropertyModifications", "");
    for (uint32_t i = 0; i < node->n_props; i++) {
        const struct xpo_prop *p = &node->props[i];
        if (is_identity(p->name) || (p->value.n == 0 && p->n_items == 0) || is_same(p, old))
            continue;
        if (is_allowed(allowed, p->name))
            put_modification(w, allowed_name(allowed, p->name), p->value);
        else
            work_tell(w, "EXTENSION", FINDING_TODO, where, p->line,
                      "property %.*s = %.*s of the standard cannot be changed by an extension", STR_ARG(p->name),
                      STR_ARG(p->value));
    }
    xml_close(w->xml);
}

void extension_put_modification(struct work *w, const struct xpo_node *node, const struct xpo_node *old,
                                struct str where, const char *const *allowed)
{
    xml_open(w->xml, "AxExtensionModification", "");
    xml_leaf(w->xml, "Name", work_name(node));
    extension_put_changes(w, node, old, where, allowed);
    xml_close(w->xml);
}

typedef void writer(struct work *w);

static writer *const writers[SYMBOL_KINDS] = {
    [SYMBOL_TABLE] = extension_write_table,
    [SYMBOL_VIEW] = extension_write_view,
    [SYMBOL_MAP] = extension_write_map,
    [SYMBOL_ENUM] = extension_write_enum,
    [SYMBOL_EDT] = extension_write_edt,
    [SYMBOL_FORM] = extension_write_form,
    [SYMBOL_QUERY] = extension_write_query,
    [SYMBOL_MENU] = extension_write_menu,
    [SYMBOL_DUTY] = extension_write_duty,
    [SYMBOL_ROLE] = extension_write_role,
    [SYMBOL_MENU_ITEM_DISPLAY] = extension_write_menu_item,
    [SYMBOL_MENU_ITEM_OUTPUT] = extension_write_menu_item,
    [SYMBOL_MENU_ITEM_ACTION] = extension_write_menu_item,
};

/* Methods and events go into classes; there is nothing else to extend. */
static bool is_methods_only(struct work *w)
{
    if (!has_members(symbol_kind_of(w->element)) || w->element->root->n_props > 0)
        return false;
    for (const struct xpo_node *n = w->element->root->first; n; n = n->next)
        if (n->first && !work_same(n->keyword, "METHODS") && !work_same(n->keyword, "EVENTS"))
            return false;
    return true;
}

/* Only methods are carried then. */
static void tell_undecided(struct work *w, enum symbol_kind kind)
{
    const struct symbol *ours = symbols_find_from(w->job->symbols, kind, w->element->name, SYMBOL_OURS);
    const char *what = ours && ours->delta
                           ? "changes of one layer: without the baseline nobody knows which of its parts "
                             "are new, and all but its methods are left out"
                           : "exported whole: without its baseline nobody knows what is ours";
    work_tell(w, "EXTENSION", FINDING_TODO, STR(""), w->element->line, "a standard %s, %s", symbol_kind_name(kind),
              what);
}

void d365_write_extension(struct work *w)
{
    enum symbol_kind kind = symbol_kind_of(w->element);
    extension_write_classes(w);
    if (kind == SYMBOL_CLASS)
        return;
    if (!writers[kind])
        work_tell(w, "EXTENSION", FINDING_TODO, STR(""), w->element->line,
                  "the standard has this %s, and D365 has no extension of it", symbol_kind_name(kind));
    else if (!is_decidable(w))
        tell_undecided(w, kind);
    else if (!is_methods_only(w))
        writers[kind](w);
}
