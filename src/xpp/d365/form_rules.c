#include "xpp/body.h"
#include "xpp/d365/form.h"
#include <strings.h>

static bool is_type(const struct form_control *c, const char *word)
{
    return work_same(c->node->word, word);
}

static bool property_is(const struct xpo_node *n, const char *name, const char *value)
{
    return work_same(xpo_value(n, name), value);
}

/* Whether a text has this name as a word of its own. */
static bool has_word(struct str text, struct str name)
{
    for (size_t i = 0; name.n > 0 && i + name.n <= text.n; i++) {
        bool begins = i == 0 || !xpo_is_name_char(text.p[i - 1]);
        bool ends = i + name.n == text.n || !xpo_is_name_char(text.p[i + name.n]);
        if (begins && ends && strncasecmp(text.p + i, name.p, name.n) == 0)
            return true;
    }
    return false;
}

/* In any method of the form: formControlStr(F, X), controlName("X"), identifierStr(X). */
static bool is_named_in(struct work *w, const struct xpo_node *n, struct str name)
{
    for (; n; n = n->next)
        if ((body_is_source(n) && has_word(n->text, name)) || is_named_in(w, n->first, name))
            return true;
    return false;
}

/* Code may name a control that is declared, or look for it by name; its own methods would be lost with it. */
static bool is_used(struct work *w, const struct form_control *c)
{
    const struct xpo_node *methods = xpo_child(c->node, "METHODS");
    return property_is(c->node, "AutoDeclaration", "Yes") || (methods && methods->first) ||
           is_named_in(w, w->element->root->first, c->name);
}

static void tell(struct work *w, const struct form_control *c, const char *rule, enum finding_outcome outcome,
                 const char *detail)
{
    work_tell(w, rule, outcome, work_path(w, "controls", c->name), c->node->line, "%s", detail);
}

static bool has_part_of_list(const char *const *list, size_t n, struct str value)
{
    for (size_t i = 0; i < n; i++) {
        if (work_same(value, list[i]))
            return true;
    }
    return false;
}

/* Commands that every form has by itself: attachments, export, refresh, edit. */
static bool is_doubled(const struct form_control *c)
{
    static const char *const commands[] = {"2853", "4436", "2875", "4471"};
    return is_type(c, "COMMANDBUTTON") &&
           has_part_of_list(commands, ARRAY_LEN(commands), xpo_value(c->node, "Command"));
}

static bool is_in_action_pane(const struct form_control *c)
{
    for (c = c->parent; c && c->node; c = c->parent) {
        if (is_type(c, "ACTIONPANE"))
            return true;
    }
    return false;
}

static void remove_or_tell(struct work *w, struct form_control *c, const char *rule, const char *what)
{
    if (is_used(w, c)) {
        tell(w, c, rule, FINDING_TODO, arena_printf(w->arena, "%s, but code may use it", what));
        return;
    }
    c->gone = true;
    tell(w, c, rule, FINDING_FIXED, what);
}

static void look_at(struct work *w, struct form_control *c)
{
    if (property_is(c->node, "DisplayTarget", "EP"))
        remove_or_tell(w, c, "F19", "only Enterprise Portal showed it");
    else if (is_doubled(c))
        remove_or_tell(w, c, "F10", "every form has this command by itself");
    else if (is_type(c, "SEPARATOR") && is_in_action_pane(c))
        remove_or_tell(w, c, "F10", "separator of an action pane");
    if (!is_type(c, "GROUP") || !property_is(c->node, "Style", "BorderlessGridContainer"))
        return;
    c->lifted = !is_used(w, c);
    tell(w, c, "F06", c->lifted ? FINDING_FIXED : FINDING_TODO,
         c->lifted ? "its controls stand in its place" : "group around a grid, but code may use it");
}

static bool is_empty(const struct form_control *c)
{
    for (const struct form_control *child = c->first; child; child = child->next) {
        if (!child->gone)
            return false;
    }
    return true;
}

/* From the last to the first in the file would not do: children may stand anywhere, so it goes by the tree. */
static void remove_empty(struct work *w, struct form_control *c)
{
    for (struct form_control *child = c->first; child; child = child->next)
        remove_empty(w, child);
    bool holds_buttons = c->node && (is_type(c, "BUTTONGROUP") || is_type(c, "ACTIONPANETAB"));
    if (holds_buttons && !c->gone && is_empty(c) && xpo_value(c->node, "DataGroup").n == 0)
        remove_or_tell(w, c, "F10", "holds no button");
}

static bool is_dialog_style(const struct xpo_node *design)
{
    return property_is(design, "Style", "Dialog") || property_is(design, "Style", "DropDialog");
}

static bool is_main_instruction(const struct form_control *c, const struct xpo_node *design)
{
    return is_type(c, "STATICTEXT") && is_dialog_style(design) && xpo_value(c->node, "Text").n > 0 &&
           (property_is(c->node, "Style", "MainInstruction") || work_same(c->name, "MainInstruction"));
}

struct str form_rules_caption(const struct form_tree *tree, const struct xpo_node *design)
{
    for (uint32_t i = 0; i < tree->n && xpo_value(design, "Caption").n == 0; i++) {
        if (is_main_instruction(&tree->all[i], design))
            return xpo_value(tree->all[i].node, "Text");
    }
    return (struct str){0};
}

bool form_rules_is_dialog(const struct form_tree *tree, const struct xpo_node *design)
{
    bool ok = false, cancel = false;
    for (uint32_t i = 0; i < tree->n; i++) {
        struct str command = xpo_value(tree->all[i].node, "Command");
        ok |= is_type(&tree->all[i], "COMMANDBUTTON") && work_same(command, "263");
        cancel |= is_type(&tree->all[i], "COMMANDBUTTON") && work_same(command, "264");
    }
    struct str style = xpo_value(design, "Style");
    return ok && cancel && (style.n == 0 || work_same(style, "Auto"));
}

/* Button groups outside of an action pane have no column of their own any more (F12); a part ends with one. */
static void tell_loose_buttons(struct work *w, const struct form_control *c, const struct xpo_node *design)
{
    if (is_type(c, "BUTTONGROUP") && !is_in_action_pane(c) && !c->gone && !property_is(design, "Style", "FormPart"))
        tell(w, c, "F12", FINDING_TODO, "button group outside of an action pane");
}

void form_rules_apply(struct work *w, struct form_tree *tree, const struct xpo_node *design)
{
    bool has_caption = xpo_value(design, "Caption").n > 0;
    for (uint32_t i = 0; i < tree->n; i++) {
        struct form_control *c = &tree->all[i];
        look_at(w, c);
        if (!is_main_instruction(c, design) || c->gone)
            continue;
        if (has_caption)
            tell(w, c, "F14", FINDING_TODO, "main instruction of a dialog that has a caption, too");
        else
            remove_or_tell(w, c, "F14", "main instruction is the caption now");
        has_caption = true;
    }
    remove_empty(w, &tree->root);
    for (uint32_t i = 0; i < tree->n; i++)
        tell_loose_buttons(w, &tree->all[i], design);
}

/* A control of this type right below the design, or in one group there. */
static const struct form_control *near_top(const struct form_control *parent, const char *word, int levels)
{
    for (const struct form_control *c = parent->first; c; c = c->next) {
        if (!c->gone && is_type(c, word))
            return c;
        const struct form_control *below = levels > 0 && !c->gone ? near_top(c, word, levels - 1) : NULL;
        if (below)
            return below;
    }
    return NULL;
}

static bool holds_only_values(const struct form_control *parent)
{
    for (const struct form_control *c = parent->first; c; c = c->next)
        if (!c->gone && (!c->type || c->type->part != PART_VALUE))
            return false;
    return true;
}

static bool is_factbox_grid(const struct form_control *c)
{
    return is_type(c, "GRID") && property_is(c->node, "Style", "SimpleReadOnly");
}

static bool is_factbox_end(const struct form_control *c)
{
    return is_type(c, "BUTTONGROUP") && property_is(c->node, "ArrangeMethod", "Horizontal, flush right") && !c->next;
}

/* A part is one grid, or fields and groups of fields; buttons may stand at its end. Its only column is the default. */
static const char *part_pattern(const struct form_tree *tree, const struct xpo_node *design, const char **ret_version)
{
    struct str columns = xpo_value(design, "Columns");
    size_t grids = 0, cards = 0;
    for (const struct form_control *c = tree->root.first; c; c = c->next) {
        bool value = c->type && c->type->part == PART_VALUE;
        bool card = value || (is_type(c, "GROUP") && holds_only_values(c));
        if (c->gone)
            continue;
        grids += is_factbox_grid(c);
        cards += card;
        if (!card && !is_factbox_grid(c) && !is_factbox_end(c))
            return NULL;
    }
    *ret_version = grids ? "1.1" : "UX7 1.0";
    if ((columns.n > 0 && !str_is(columns, "1")) || grids > 1 || (grids > 0) == (cards > 0))
        return NULL;
    return grids ? "FormPartFactboxGrid" : "FormPartFactboxCard";
}

const char *form_rules_pattern(const struct form_tree *tree, const struct xpo_node *design, const char **ret_version)
{
    static const struct {
        const char *style, *pattern, *version;
        const char *need[3];
    } patterns[] = {
        {"SimpleList", "SimpleList", "1.1", {"ACTIONPANE", "GRID", NULL}},
        {"SimpleListDetails", "SimpleListDetails", "1.1", {"ACTIONPANE", "GRID", NULL}},
        {"DetailsFormMaster", "DetailsMaster", "1.1", {"ACTIONPANE", "TAB", NULL}},
        {"DetailsFormTransaction", "DetailsTransaction", "1.1", {"ACTIONPANE", "TAB", NULL}},
        {"ListPage", "ListPage", "1.1", {"ACTIONPANE", "GRID", NULL}},
        {"Dialog", "Dialog", "1.1", {"BUTTONGROUP", NULL, NULL}},
        {"DropDialog", "DropDialog", "1.2", {"BUTTONGROUP", NULL, NULL}},
        {"TableOfContents", "TableOfContents", "1.1", {"TAB", NULL, NULL}},
        {"Lookup", "Lookup", "1.2", {"GRID", NULL, NULL}},
    };
    if (property_is(design, "Style", "FormPart"))
        return part_pattern(tree, design, ret_version);
    for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
        if (!property_is(design, "Style", patterns[i].style))
            continue;
        for (size_t k = 0; patterns[i].need[k]; k++) {
            if (!near_top(&tree->root, patterns[i].need[k], 2))
                return NULL;
        }
        *ret_version = patterns[i].version;
        return patterns[i].pattern;
    }
    return NULL;
}
