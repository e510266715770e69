#include "xpp/d365/extension.h"
#include "xpp/d365/form.h"

#define NAMESPACE "xmlns=\"Microsoft.Dynamics.AX.Metadata.V6\""

static const char *const form_changes[] = {"Caption", "Label", NULL};
static const char *const control_changes[] = {
    "Enabled",   "Visible", "Label",           "HelpText",    "Caption",     "AllowEdit",    "Text",
    "Mandatory", "Skip",    "AutoDeclaration", "NeedsRecord", "MultiSelect", "MenuItemName", NULL};
static const char *const source_changes[] = {"AllowCreate", "AllowEdit", "AllowDelete", "InsertIfEmpty", NULL};

static const struct form_control *find(const struct form_tree *t, struct str name)
{
    for (uint32_t i = 0; i < t->n; i++) {
        if (work_same_str(t->all[i].name, name))
            return &t->all[i];
    }
    return NULL;
}

static bool is_ours(const struct form_tree *standard, const struct form_control *c)
{
    return !find(standard, c->name);
}

/* The sibling of the standard, or of ours, that it stands behind. */
static const struct form_control *before(const struct form_control *c)
{
    const struct form_control *previous = NULL;
    for (const struct form_control *s = c->parent->first; s != c; s = s->next) {
        if (!s->gone)
            previous = s;
    }
    return previous;
}

static void put_added(struct work *w, const struct form_control *c)
{
    const struct form_control *previous = before(c);
    xml_open(w->xml, "AxFormExtensionControl", "xmlns=\"\"");
    xml_leaf(w->xml, "Name", work_text(w, "%.*s%s", STR_ARG(c->name), w->job->prefix));
    form_put_control(w, c, "FormControl", "xmlns=\"\"");
    if (c->parent->node)
        xml_leaf(w->xml, "Parent", c->parent->name);
    if (previous) {
        xml_leaf(w->xml, "PositionType", STR("AfterItem"));
        xml_leaf(w->xml, "PreviousSibling", previous->name);
    }
    xml_close(w->xml);
}

/* What stands below one of ours is written with it. */
static void put_controls(struct work *w, const struct form_tree *ours, const struct form_tree *standard)
{
    xml_open(w->xml, "Controls", "");
    for (uint32_t i = 0; i < ours->n; i++) {
        const struct form_control *c = &ours->all[i];
        bool top = !c->parent->node || !is_ours(standard, c->parent);
        if (c->gone || !top || !is_ours(standard, c))
            continue;
        if (c->type)
            put_added(w, c);
        else
            work_tell(w, "D27", FINDING_TODO, work_path(w, "controls", c->name), c->node->line,
                      "D365 has no control like %.*s: it is left out", STR_ARG(c->node->word));
    }
    xml_close(w->xml);
}

static void put_changed_controls(struct work *w, const struct form_tree *ours, const struct form_tree *standard)
{
    xml_open(w->xml, "ControlModifications", "");
    for (uint32_t i = 0; i < ours->n; i++) {
        const struct form_control *c = &ours->all[i], *old = find(standard, c->name);
        if (old && extension_has_changes(c->node, old->node))
            extension_put_modification(w, c->node, old->node, work_path(w, "controls", c->name), control_changes);
    }
    xml_close(w->xml);
}

static const struct xpo_node *source_named(const struct xpo_node *form, struct str name)
{
    const struct xpo_node *bank = xpo_child(form, "OBJECTBANK");
    for (const struct xpo_node *s = bank ? bank->first : NULL; s; s = s->next) {
        if (work_same_str(work_name(form_pool_of(s)), name))
            return s;
    }
    return NULL;
}

static void put_sources(struct work *w, bool changed)
{
    const struct xpo_node *form = w->element->root, *bank = xpo_child(form, "OBJECTBANK");
    xml_open(w->xml, changed ? "DataSourceModifications" : "DataSources", "");
    for (const struct xpo_node *s = bank ? bank->first : NULL; s; s = s->next) {
        const struct xpo_node *pool = form_pool_of(s), *old = source_named(w->job->standard->root, work_name(pool));
        if (changed && old && extension_has_changes(pool, form_pool_of(old)))
            extension_put_modification(w, pool, form_pool_of(old), work_path(w, "datasources", work_name(pool)),
                                       source_changes);
        else if (!changed && !old && work_same(s->keyword, "DATASOURCE"))
            form_put_source(w, form, s);
    }
    xml_close(w->xml);
}

static const struct xpo_node *design_of(const struct xpo_element *e)
{
    static const struct xpo_node none;
    const struct xpo_node *design = xpo_child(e->root, "DESIGN");
    return design ? design : &none;
}

void extension_write_form(struct work *w)
{
    struct form_tree ours, standard;
    form_tree_build(w, design_of(w->element), &ours);
    form_tree_build(w, design_of(w->job->standard), &standard);
    struct str name = extension_open(w, "AxFormExtension", NAMESPACE);
    put_changed_controls(w, &ours, &standard);
    put_controls(w, &ours, &standard);
    put_sources(w, true);
    work_empty(w, "DataSourceReferences");
    put_sources(w, false);
    work_empty(w, "Parts");
    extension_put_changes(w, design_of(w->element), design_of(w->job->standard), STR("design"), form_changes);
    work_close(w, "AxFormExtension", name);
}
