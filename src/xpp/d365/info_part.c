/*
 * info_part: an info part as the form that takes its place (M04).
 *
 * The export's node is turned into the node of a form, which is written like any other form: so what nobody knows is
 * told there, too. A group of fields is a group, a repeating one a grid, an action a button; the query of the part is
 * the query of the form. Layout of the parts: "Info Parts" of the AX 2012 documentation; what a factbox has to have:
 * "FactBox form patterns" of the D365 documentation.
 */
#include "base/map.h"
#include "xpp/d365/families.h"
#include "xpp/d365/form.h"
#include "xpp/d365/security.h"
#include <strings.h>

enum { LEVELS_MAX = 20 }; /* of groups */

struct part {
    struct work *w;
    const struct symbol *query; /* NULL: nobody knows it */
    struct xpo_node *design, *buttons;
    struct map *names; /* of controls, in lower case */
};

/* What fields take over from the group around them. */
struct around {
    struct xpo_node *to;
    struct str source, labels, label_position;
    unsigned level;
};

/* ---- nodes ---- */

static void append(struct xpo_node *parent, struct xpo_node *n)
{
    n->parent = parent;
    if (parent->last)
        parent->last->next = n;
    else
        parent->first = n;
    parent->last = n;
}

/* A node without parent is appended later. */
static struct xpo_node *add_node(struct part *p, struct xpo_node *parent, const struct xpo_node *from,
                                 const char *keyword, const char *word)
{
    struct xpo_node *n = arena_new_one(p->w->arena, struct xpo_node);
    *n = (struct xpo_node){.keyword = str_of(keyword), .word = str_of(word), .line = from->line};
    if (parent)
        append(parent, n);
    return n;
}

static void set(struct part *p, struct xpo_node *n, const char *name, struct str value, uint32_t line)
{
    if (value.n == 0)
        return;
    if (n->n_props == n->room) {
        struct xpo_prop *old = n->props;
        n->room = n->room ? 2 * n->room : 8;
        n->props = arena_new_array(p->w->arena, struct xpo_prop, n->room);
        for (uint32_t i = 0; i < n->n_props; i++)
            n->props[i] = old[i];
    }
    n->props[n->n_props++] = (struct xpo_prop){.name = str_of(name), .value = value, .line = line};
}

static void sets(struct part *p, struct xpo_node *n, const char *name, const char *value)
{
    set(p, n, name, str_of(value), n->line);
}

/* Hands over every property that is not one of the space-separated `taken`: the form's rows carry it, or tell it. */
static void hand_over(struct part *p, const struct xpo_node *from, struct xpo_node *to, const char *taken)
{
    for (uint32_t i = 0; i < from->n_props; i++) {
        const struct xpo_prop *x = &from->props[i];
        struct str rest = str_of(taken), one = STR("");
        while (rest.n && !work_same_str(one, x->name))
            one = str_split(&rest, ' ');
        if (!work_same_str(one, x->name))
            set(p, to, arena_dup_str(p->w->arena, x->name), x->value, x->line);
    }
}

static void drop(struct part *p, const struct xpo_node *from, const char *name, struct str where)
{
    const struct xpo_prop *x = xpo_prop_find(from, name);
    if (x && x->value.n > 0)
        work_drop(p->w, "M04", name, x->value, where, x->line);
}

static void tell(struct part *p, enum finding_outcome outcome, const struct xpo_node *at, const char *detail)
{
    struct str name = work_name(at);
    work_tell(p->w, "M04", outcome, name.n > 0 ? work_path(p->w, "controls", name) : STR(""), at->line, "%s", detail);
}

static bool is_new_name(struct part *p, struct str name)
{
    struct map_entry *e = map_put(p->names, work_folded(p->w, name));
    bool is_new = e->value == NULL;
    e->value = p;
    return is_new;
}

/* Names are unique in a form, and in a part only within their group. */
static void set_name(struct part *p, const struct xpo_node *from, struct xpo_node *to)
{
    struct str own = work_name(from), group = work_name(to->parent), name = own;
    if (own.n == 0)
        name = own = to->word;
    for (unsigned i = 1; !is_new_name(p, name); i++)
        name = i == 1 && group.n ? work_text(p->w, "%.*s_%.*s", STR_ARG(group), STR_ARG(own))
                                 : work_text(p->w, "%.*s%u", STR_ARG(own), i);
    set(p, to, "Name", name, from->line);
    if (!str_eq(name, own))
        tell(p, FINDING_FIXED, from, work_text(p->w, "the control is called %.*s", STR_ARG(name)).p);
}

/* ---- what a field is ---- */

static const struct member *source_of(const struct part *p, struct str name)
{
    return p->query ? symbol_member(p->query, MEMBER_SOURCE, name) : NULL;
}

/* A data source that nobody knows is called as its table, mostly. */
static const struct symbol *table_of(const struct part *p, struct str source)
{
    const struct symbols *all = p->w->job->symbols;
    const struct member *m = source_of(p, source);
    struct str name = m && m->type.n ? m->type : source;
    const struct symbol *table = symbols_find(all, SYMBOL_TABLE, name);
    return table ? table : symbols_find(all, SYMBOL_VIEW, name);
}

/* Whether a type is the enum NoYes, or goes back to it. */
static bool is_no_yes(const struct part *p, struct str type)
{
    for (int i = 0; type.n > 0 && i < LEVELS_MAX; i++) {
        if (work_same(type, "NoYes") || work_same(type, "NoYesId"))
            return true;
        const struct symbol *edt = symbols_find(p->w->job->symbols, SYMBOL_EDT, type);
        type = edt ? edt->base : STR("");
    }
    return false;
}

static const char *control_of_system_field(struct str field)
{
    static const struct {
        const char *field, *control;
    } fields[] = {
        {"RecId", "INT64EDIT"},       {"DataAreaId", "STRINGEDIT"},           {"CreatedBy", "STRINGEDIT"},
        {"ModifiedBy", "STRINGEDIT"}, {"CreatedDateTime", "UTCDATETIMEEDIT"}, {"ModifiedDateTime", "UTCDATETIMEEDIT"},
    };
    for (size_t i = 0; i < ARRAY_LEN(fields); i++)
        if (work_same(field, fields[i].field))
            return fields[i].control;
    return NULL;
}

/* NULL when nobody knows the field. */
static const char *control_of_field(const struct part *p, struct str source, struct str field)
{
    static const struct {
        const char *word, *control;
    } words[] = {
        {"STRING", "STRINGEDIT"}, {"INT", "INTEDIT"},   {"INT64", "INT64EDIT"},
        {"REAL", "REALEDIT"},     {"DATE", "DATEEDIT"}, {"TIME", "TIMEEDIT"},
        {"GUID", "GUIDEDIT"},     {"ENUM", "COMBOBOX"}, {"DATETIME", "UTCDATETIMEEDIT"},
    };
    const struct symbol *table = table_of(p, source);
    const struct member *m = table ? symbol_member(table, MEMBER_FIELD, field) : NULL;
    if (!m)
        return control_of_system_field(field);
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (work_same(m->word, words[i].word))
            return work_same(m->word, "ENUM") && is_no_yes(p, m->type) ? "CHECKBOX" : words[i].control;
    return NULL;
}

static void add_field(struct part *p, const struct xpo_node *from, const struct around *g)
{
    struct str own = xpo_value(from, "DataSource"), field = xpo_value(from, "DataField");
    struct str source = own.n ? own : g->source;
    const char *control = field.n ? control_of_field(p, source, field) : NULL;
    struct xpo_node *to = add_node(p, g->to, from, "CONTROL", control ? control : "STRINGEDIT");
    set_name(p, from, to);
    set(p, to, "DataSource", source, from->line);
    hand_over(p, from, to, "Name DataSource ManualRetrieval Style");
    if (xpo_value(from, "LabelPosition").n == 0)
        set(p, to, "LabelPosition", g->label_position, from->line);
    set(p, to, "ShowLabel", g->labels, from->line);
    struct str style = xpo_value(from, "Style");
    if (!work_same(style, "Auto"))
        drop(p, from, "Style", work_path(p->w, "controls", work_name(from)));
    drop(p, from, "ManualRetrieval", work_path(p->w, "controls", work_name(from)));
    if (!control)
        tell(p, FINDING_TODO, from,
             field.n ? "the type of its field is not known: a string stands for it"
                     : "the type of its data method is not known: a string stands for it");
    work_known(p->w, from, work_path(p->w, "controls", work_name(from)), "");
}

/* ---- groups and actions ---- */

static bool ends_with(struct str s, const char *end)
{
    size_t n = strlen(end);
    return s.n >= n && strncasecmp(s.p + s.n - n, end, n) == 0;
}

/* What a grid of a factbox has to have. */
static void make_grid(struct part *p, struct xpo_node *grid)
{
    static const char *const properties[][2] = {
        {"Style", "SimpleReadOnly"},  {"AllowEdit", "No"},          {"HighlightActive", "No"}, {"MultiSelect", "No"},
        {"Width", "SizeToAvailable"}, {"VisibleRowsMode", "Fixed"}, {"VisibleRows", "5"}};
    for (size_t i = 0; i < ARRAY_LEN(properties); i++)
        sets(p, grid, properties[i][0], properties[i][1]);
}

static void set_caption(struct part *p, const struct xpo_node *from, struct xpo_node *to, bool grid)
{
    struct str caption = xpo_value(from, "Caption");
    if (!work_same(xpo_value(from, "ShowCaption"), "Yes"))
        drop(p, from, "Caption", work_path(p->w, "controls", work_name(from)));
    else if (grid && caption.n > 0)
        tell(p, FINDING_TODO, from, work_text(p->w, "a grid has no caption: %.*s", STR_ARG(caption)).p);
    else
        set(p, to, "Caption", caption, from->line);
}

static void add_list(struct part *p, const struct xpo_node *list, const struct around *g);

static void add_group(struct part *p, const struct xpo_node *from, const struct around *outer)
{
    bool grid = work_same(xpo_value(from, "Repeating"), "Yes");
    struct str own = xpo_value(from, "DataSource"), where = work_path(p->w, "controls", work_name(from));
    struct xpo_node *to = add_node(p, outer->to, from, "CONTROL", grid ? "GRID" : "GROUP");
    struct around g = {.to = to,
                       .source = own.n ? own : outer->source,
                       .labels = work_same(xpo_value(from, "ShowLabels"), "No") ? STR("No") : STR(""),
                       .label_position = grid ? STR("") : xpo_value(from, "LabelPosition"),
                       .level = outer->level + 1};
    set_name(p, from, to);
    set(p, to, "DataSource", g.source, from->line);
    if (grid)
        make_grid(p, to);
    set_caption(p, from, to, grid);
    hand_over(
        p, from, to,
        "Name DataSource Repeating Caption ShowCaption ShowLabels LabelPosition RowCountWhenSmall ShowWhenPartSize");
    if (grid)
        drop(p, from, "LabelPosition", where);
    drop(p, from, "RowCountWhenSmall", where);
    drop(p, from, "ShowWhenPartSize", where);
    add_list(p, from, &g);
    struct str fields = xpo_value(from, "DataGroup");
    if (!to->first && fields.n > 0)
        tell(p, FINDING_TODO, from, work_text(p->w, "its fields are those of field group %.*s", STR_ARG(fields)).p);
}

static void add_action(struct part *p, const struct xpo_node *from)
{
    if (!p->buttons) {
        p->buttons = add_node(p, NULL, from, "CONTROL", "BUTTONGROUP");
        is_new_name(p, STR("MoreLinkGroup"));
        sets(p, p->buttons, "Name", "MoreLinkGroup");
        sets(p, p->buttons, "ArrangeMethod", "Horizontal, flush right");
        sets(p, p->buttons, "Width", "SizeToAvailable");
    }
    struct xpo_node *to = add_node(p, p->buttons, from, "CONTROL", "MENUITEMBUTTON");
    set_name(p, from, to);
    hand_over(p, from, to, "Name");
    work_known(p->w, from, work_path(p->w, "controls", work_name(from)), "");
}

/* The link at the end of a part, to the form of a table. */
static void tell_more(struct part *p, const struct xpo_node *layout)
{
    struct str source = xpo_value(layout, "ShowMoreDataSource");
    if (work_same(xpo_value(layout, "ShowMore"), "Yes"))
        tell(p, FINDING_TODO, layout,
             work_text(p->w, "link More: a button that calls FormPartUtil::openShowMoreForm(element, %.*s)",
                       STR_ARG(source))
                 .p);
    else
        drop(p, layout, "ShowMoreDataSource", STR("design"));
}

/* Blocks are known by how their keywords end, so that LAYOUT, GROUPS or ACTIONS may stand around what they hold. */
static void add_list(struct part *p, const struct xpo_node *list, const struct around *g)
{
    for (const struct xpo_node *n = list->first; n; n = n->next) {
        if (ends_with(n->keyword, "LAYOUT")) {
            tell_more(p, n);
            hand_over(p, n, p->design, "Name ShowMore ShowMoreDataSource");
            add_list(p, n, g);
        } else if (ends_with(n->keyword, "GROUPS") || ends_with(n->keyword, "FIELDS") ||
                   ends_with(n->keyword, "ACTIONS")) {
            add_list(p, n, g);
        } else if (ends_with(n->keyword, "GROUP") && g->level < LEVELS_MAX) {
            add_group(p, n, g);
        } else if (ends_with(n->keyword, "FIELD")) {
            add_field(p, n, g);
        } else if (ends_with(n->keyword, "ACTION")) {
            add_action(p, n);
        } else if (strncasecmp(n->keyword.p ? n->keyword.p : "", "PERMISSION", MIN(n->keyword.n, 10u)) == 0) {
            security_tell_permissions(p->w, n, STR("permissions"));
        } else {
            tell(p, FINDING_TODO, n, work_text(p->w, "block %.*s is not carried", STR_ARG(n->keyword)).p);
        }
    }
}

/* ---- data ---- */

static const char *link_of(struct str join)
{
    static const char *const links[][2] = {{"InnerJoin", "InnerJoin"},
                                           {"OuterJoin", "OuterJoin"},
                                           {"ExistsJoin", "ExistJoin"},
                                           {"NoExistsJoin", "NotExistJoin"}};
    for (size_t i = 0; i < ARRAY_LEN(links); i++)
        if (work_same(join, links[i][0]))
            return links[i][1];
    return "";
}

static void add_source(struct part *p, struct xpo_node *bank, const struct member *m)
{
    static const char *const not_allowed[] = {"AllowCreate", "AllowDelete", "AllowEdit", "InsertIfEmpty"};
    struct xpo_node *source = add_node(p, bank, bank, "DATASOURCE", "");
    set(p, source, "Name", m->name, bank->line);
    set(p, source, "Table", m->type, bank->line);
    set(p, source, "JoinSource", m->parent, bank->line);
    sets(p, source, "LinkType", link_of(m->word));
    for (size_t i = 0; i < ARRAY_LEN(not_allowed); i++)
        sets(p, source, not_allowed[i], "No");
}

static void add_sources(struct part *p, struct xpo_node *form, struct str query)
{
    struct xpo_node *bank = add_node(p, form, form, "OBJECTBANK", "");
    set(p, bank, "Query", query, form->line);
    for (uint32_t i = 0; p->query && i < p->query->n_members; i++)
        if (p->query->members[i].kind == MEMBER_SOURCE)
            add_source(p, bank, &p->query->members[i]);
    if (bank->first)
        set(p, p->design, "DataSource", xpo_value(bank->first, "Name"), form->line);
    else
        work_tell(p->w, "M04", FINDING_TODO, STR("datasources"), form->line,
                  "the data sources of query %.*s are not known: add them", STR_ARG(query));
}

static struct xpo_node *make_form(struct part *p, const struct xpo_node *from)
{
    struct xpo_node *form = add_node(p, NULL, from, "FORM", "");
    form->name = from->name;
    hand_over(p, from, form, "Query Caption");
    p->design = add_node(p, NULL, from, "DESIGN", "");
    sets(p, p->design, "Style", "FormPart");
    sets(p, p->design, "ArrangeMethod", "Vertical");
    set(p, p->design, "Caption", xpo_value(from, "Caption"), from->line);
    add_sources(p, form, xpo_value(from, "Query"));
    append(form, p->design);
    const struct around all = {.to = p->design};
    add_list(p, from, &all);
    if (p->buttons)
        append(p->design, p->buttons);
    return form;
}

void d365_write_info_part(struct work *w)
{
    const struct xpo_node *from = w->element->root;
    SCOPED(map) names = map_new();
    struct part p = {
        .w = w, .query = symbols_find(w->job->symbols, SYMBOL_QUERY, xpo_value(from, "Query")), .names = names};
    form_write(w, make_form(&p, from));
    work_tell(w, "M04", FINDING_FIXED, STR(""), from->line, "a form of style FormPart takes its place");
}
