#include "xpp/d365/menu.h"
#include "base/map.h"
#include "xpp/d365/families.h"
#include "xpp/d365/image.h"
#include "xpp/d365/job.h"
#include "xpp/d365/table.h"
#include <ctype.h>

#define DEPTH_MAX 100 /* menus within menus */
#define NAMESPACE "xmlns=\"Microsoft.Dynamics.AX.Metadata.V1\""

static const char *entry_type(const struct xpo_node *n)
{
    static const struct {
        const char *keyword, *type;
    } types[] = {{"MENU", "SubMenu"},          {"SUBMENU", "SubMenu"},
                 {"MENUITEM", "MenuItem"},     {"MENUREFERENCE", "MenuReference"},
                 {"MENUREF", "MenuReference"}, {"SEPARATOR", "Separator"}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (work_same(n->keyword, types[i].keyword))
            return types[i].type;
    }
    return NULL;
}

bool menu_is_entry(const struct xpo_node *n)
{
    return entry_type(n) != NULL;
}

static bool is_identifier(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        unsigned char c = (unsigned char)name.p[i];
        if (c >= 0x80 || !(isalnum(c) || c == '_') || (i == 0 && isdigit(c)))
            return false;
    }
    return name.n > 0;
}

/* The old menu names its entries by the text that it shows; a name in metadata is an identifier. */
struct str menu_entry_name(struct work *w, const struct xpo_node *entry)
{
    struct str name = work_name(entry), item = xpo_value(entry, "MenuItemName"), menu = xpo_value(entry, "MenuName");
    if (is_identifier(name))
        return name;
    if (item.n > 0 || menu.n > 0)
        return item.n > 0 ? item : menu;
    unsigned place = 1;
    for (const struct xpo_node *n = entry->parent ? entry->parent->first : entry; n != entry; n = n->next)
        place++;
    return work_text(w, "%s%u", entry_type(entry), place);
}

/* A reference may have no more than the name of the menu. */
static void put_menu_name(struct carry *c, const struct carry_row *row)
{
    struct str menu = carry_take(c, row->from);
    bool reference = strcmp(entry_type(c->node), "MenuReference") == 0;
    carry_put(c, row->to, menu.n == 0 && reference ? work_name(c->node) : menu);
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    if (!image_put(c, row))
        put_menu_name(c, row);
}

static struct map_entry *slot_of(struct work *w, struct map *names, struct str name)
{
    return map_put(names, work_folded(w, name));
}

/* How often a name was written; 0 of one that an entry has that is still to come. */
static uintptr_t times(const struct map_entry *slot)
{
    return (uintptr_t)slot->value;
}

/* Enters the names of all entries below a menu. */
static void collect_names(struct work *w, const struct xpo_node *menu, struct map *names, int depth)
{
    for (const struct xpo_node *n = menu->first; n && depth < DEPTH_MAX; n = n->next) {
        if (menu_is_entry(n))
            slot_of(w, names, menu_entry_name(w, n));
        collect_names(w, n, names, depth + 1);
    }
}

/* Extensions place their entries by the name of another one, in whatever submenu that is: so no name stands twice in a
 * menu (M21). */
static struct str single_name(struct work *w, const struct xpo_node *entry, struct map *names)
{
    struct str name = menu_entry_name(w, entry), fresh = name;
    struct map_entry *slot = slot_of(w, names, name);
    uintptr_t number = times(slot) + 1;
    slot->value = (void *)number;
    if (number == 1)
        return name;
    for (size_t before = map_count(names); map_count(names) == before; number++) {
        fresh = work_text(w, "%.*s_%u", STR_ARG(name), (unsigned)number);
        slot = slot_of(w, names, fresh);
    }
    slot->value = (void *)1;
    slot_of(w, names, name)->value = (void *)(number - 1);
    work_tell(w, "M21", FINDING_FIXED, work_path(w, "elements", fresh), entry->line,
              "the menu has another %.*s: this one is %.*s", STR_ARG(name), STR_ARG(fresh));
    return fresh;
}

static int depth_of(const struct xpo_node *n)
{
    int depth = 0;
    for (; n; n = n->parent)
        depth++;
    return depth;
}

static void put_entry(struct work *w, const struct xpo_node *entry, const char *element, struct map *names);

static void put_entries(struct work *w, const struct xpo_node *menu, struct map *names)
{
    if (depth_of(menu) > DEPTH_MAX) {
        work_tell(w, "VALUE", FINDING_TODO, STR("elements"), menu->line, "more than %d menus within each other",
                  DEPTH_MAX);
        return;
    }
    xml_open(w->xml, "Elements", "");
    for (const struct xpo_node *n = menu->first; n; n = n->next) {
        if (menu_is_entry(n))
            put_entry(w, n, "AxMenuElement", names);
    }
    xml_close(w->xml);
}

/* `names` is NULL where the rest of the menu is not known. */
static void put_entry(struct work *w, const struct xpo_node *entry, const char *element, struct map *names)
{
    const char *type = entry_type(entry);
    struct str name = names ? single_name(w, entry, names) : menu_entry_name(w, entry);
    struct carry c;
    carry_begin(&c, w, entry, work_path(w, "elements", name));
    c.hand = by_hand;
    xml_open(w->xml, element, arena_printf(w->arena, "xmlns=\"\"\ni:type=\"AxMenuElement%s\"", type));
    xml_leaf(w->xml, "Name", name);
    struct str old = carry_take(&c, "Name");
    if (old.n > 0 && !is_identifier(old))
        work_drop(w, "M10", "Name", old, c.where, entry->line);
    carry_rows(&c, PART_MENU_ENTRY);
    if (strcmp(type, "SubMenu") == 0)
        put_entries(w, entry, names);
    xml_close(w->xml);
    work_known(w, entry, c.where, "MENU SUBMENU MENUITEM MENUREFERENCE MENUREF SEPARATOR");
    carry_end(&c);
}

void menu_put_entry(struct work *w, const struct xpo_node *entry, const char *element)
{
    put_entry(w, entry, element, NULL);
}

void d365_write_menu(struct work *w)
{
    const struct xpo_node *menu = w->element->root;
    SCOPED(map) names = map_new();
    struct carry c;
    collect_names(w, menu, names, 0);
    carry_begin(&c, w, menu, STR(""));
    c.hand = by_hand;
    work_open(w, "AxMenu", NAMESPACE);
    struct str name = carry_name(&c);
    carry_rows(&c, PART_MENU);
    put_entries(w, menu, names);
    work_close(w, "AxMenu", name);
    work_known(w, menu, STR(""), "MENU SUBMENU MENUITEM MENUREFERENCE MENUREF SEPARATOR");
    carry_end(&c);
}

/* The class of a job that is one of the inputs: its name may be another one (L06). */
static struct str class_of_job(struct carry *c, struct str object)
{
    const struct symbol *job = symbols_find(c->w->job->symbols, SYMBOL_JOB, object);
    struct str class = job ? job_class(c->w, job->name) : object;
    if (!work_same_str(class, object))
        carry_tell(c, "L06", FINDING_FIXED, "job %.*s is class %.*s now", STR_ARG(object), STR_ARG(class));
    return class;
}

/* A part is a form now, and a job a class (M04, L06). */
static void put_object(struct carry *c, const struct carry_row *row)
{
    struct str object = carry_take(c, row->from), type = xpo_value(c->node, "ObjectType");
    if (work_same(type, "Job"))
        object = class_of_job(c, object);
    const struct symbol *part =
        work_same(type, "FormPart") ? symbols_find(c->w->job->symbols, SYMBOL_FORM_PART, object) : NULL;
    if (part && part->table.n > 0) {
        carry_tell(c, "M04", FINDING_FIXED, "form part %.*s is its form %.*s now", STR_ARG(object),
                   STR_ARG(part->table));
        object = part->table;
    } else if (work_same(type, "FormPart")) {
        carry_tell(c, "M04", FINDING_TODO, "form part %.*s is not there: its form is unknown", STR_ARG(object));
    }
    carry_put(c, row->to, object);
}

static void item_by_hand(struct carry *c, const struct carry_row *row)
{
    if (image_put(c, row))
        return;
    if (strcmp(row->to, "Object") == 0)
        put_object(c, row);
    else
        table_put_access(c->w, "xmlns=\"\"");
}

void d365_write_menu_item(struct work *w)
{
    const struct xpo_node *item = w->element->root;
    enum symbol_kind kind = symbol_kind_of(w->element);
    const char *folder = kind == SYMBOL_MENU_ITEM_ACTION   ? "AxMenuItemAction"
                         : kind == SYMBOL_MENU_ITEM_OUTPUT ? "AxMenuItemOutput"
                                                           : "AxMenuItemDisplay";
    struct carry c;
    carry_begin(&c, w, item, STR(""));
    c.hand = item_by_hand;
    work_open(w, folder, NAMESPACE);
    struct str name = carry_name(&c);
    carry_rows(&c, PART_MENU_ITEM);
    work_close(w, folder, name);
    work_known(w, item, STR(""), "Type:");
    carry_end(&c);
}
