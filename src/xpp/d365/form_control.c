#include "xpp/d365/code.h"
#include "xpp/d365/form.h"
#include "xpp/d365/image.h"

/* Controls that are not here D365 has not. Source of the names: the metamodel's FormControlType. */
static const struct form_type types[] = {
    {"ACTIONPANE", "ActionPane", PART_CONTAINER, .container = true},
    {"ACTIONPANETAB", "ActionPaneTab", PART_CONTAINER, .container = true},
    {"BUTTON", "Button", PART_BUTTON, .button = true},
    {"BUTTONGROUP", "ButtonGroup", PART_CONTAINER, .container = true},
    {"CHECKBOX", "CheckBox", PART_VALUE},
    {"COMBOBOX", "ComboBox", PART_VALUE},
    {"COMMANDBUTTON", "CommandButton", PART_BUTTON, .button = true},
    {"DATEEDIT", "Date", PART_VALUE},
    {"DROPDIALOGBUTTON", "DropDialogButton", PART_BUTTON, .button = true},
    {"GRID", "Grid", PART_CONTAINER, .container = true},
    {"GROUP", "Group", PART_CONTAINER, .container = true},
    {"GUIDEDIT", "Guid", PART_VALUE},
    {"INT64EDIT", "Int64", PART_VALUE},
    {"INTEDIT", "Integer", PART_VALUE},
    {"LISTBOX", "ListBox", PART_VALUE},
    {"LISTVIEW", "ListView", PART_LIST_VIEW},
    {"MENUBUTTON", "MenuButton", PART_BUTTON, .container = true, .button = true},
    {"MENUITEMBUTTON", "MenuFunctionButton", PART_BUTTON, .button = true},
    {"RADIOBUTTON", "RadioButton", PART_RADIO_BUTTON},
    {"REALEDIT", "Real", PART_VALUE},
    {"REFERENCEGROUP", "ReferenceGroup", PART_CONTAINER, .container = true},
    {"SEGMENTEDENTRY", "", PART_SEGMENTED_ENTRY},
    {"SEPARATOR", "ButtonSeparator", PART_STATIC},
    {"STATICTEXT", "StaticText", PART_STATIC},
    {"STRINGEDIT", "String", PART_VALUE},
    {"TAB", "Tab", PART_CONTAINER, .container = true},
    {"TABPAGE", "TabPage", PART_CONTAINER, .container = true},
    {"TIMEEDIT", "Time", PART_VALUE},
    {"TREE", "Tree", PART_STATIC},
    {"UTCDATETIMEEDIT", "DateTime", PART_VALUE},
    {"WINDOW", "Image", PART_STATIC},
};

const struct form_type *form_type_of(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (work_same(word, types[i].from))
            return &types[i];
    }
    return NULL;
}

static bool is_column(struct str value)
{
    return work_same(value, "Column width") || work_same(value, "Column height");
}

/* A size is a number, or a word that became a mode (F01). */
static void put_size(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    int64_t number;
    bool fixed = str_to_i64(value, &number), mode = strlen(row->to) > strlen(row->from);
    bool wide = is_column(value) || work_same(value, "SizeToAvailable") ||
                work_same(xpo_value(c->node, "Style"), "MarginlessContainer");
    if (!mode) {
        if (fixed)
            carry_put(c, row->to, value);
        return;
    }
    if (wide)
        carry_puts(c, row->to, "SizeToAvailable");
    else if (fixed)
        carry_puts(c, row->to, "Manual");
    else if (value.n > 0 && !work_same(value, "Auto"))
        carry_tell_value(c, row->from, value);
    if (is_column(value))
        work_drop(c->w, "F01", row->from, value, c->where, c->node->line);
}

/* Places in pixels are gone; a group that had one may have to be looked at (F08). */
static void drop_place(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    int64_t number;
    bool fixed = str_to_i64(value, &number);
    if (fixed && work_same(c->node->word, "GROUP"))
        carry_tell(c, "F08", FINDING_TODO, "%s = %.*s: the group stands where the layout puts it", row->from,
                   STR_ARG(value));
    else if (value.n > 0)
        work_drop(c->w, "F20", row->from, value, c->where, c->node->line);
}

static void put_skip(struct carry *c, const struct carry_row *row)
{
    const struct form_control *control = c->ctx;
    struct str value = carry_take(c, row->from);
    if (!work_same(value, "Yes"))
        return;
    if (control->type && control->type->button)
        carry_tell(c, "F11", FINDING_FIXED, "Skip = Yes of a button is left out");
    else
        carry_puts(c, row->to, "Yes");
}

static void put_arrange(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from), when = carry_take(c, "ArrangeWhen");
    const char *rule, *word = value.n > 0 ? carry_word(SET_ARRANGE_METHOD, value, &rule) : "Auto";
    if (work_same(when, "Never")) {
        carry_tell(c, "F04", FINDING_FIXED, "ArrangeWhen = Never is ArrangeMethod None now");
        word = "None";
    } else if (when.n > 0 && !work_same(when, "Default") && !work_same(when, "Auto")) {
        work_drop(c->w, "F04", "ArrangeWhen", when, c->where, c->node->line);
    }
    if (!word)
        carry_tell_value(c, row->from, value);
    else if (strcmp(word, "Auto") != 0)
        carry_puts(c, row->to, word);
}

/* There are more frames than anybody has listed, and none of them is left but the one that is no frame (F02). */
static void put_frame(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    if (work_same(value, "None"))
        carry_put(c, row->to, value);
    else if (value.n > 0 && !work_same(value, "Auto"))
        carry_tell(c, "F02", FINDING_FIXED, "%s = %.*s is Auto now", row->from, STR_ARG(value));
}

/* A page that nothing fills by itself is filled by its columns (F09). */
static void put_columns_mode(struct carry *c, const struct carry_row *row)
{
    const struct form_control *control = c->ctx;
    const char *rule, *word = carry_word(SET_COLUMNS_MODE, carry_take(c, row->from), &rule);
    bool filled = !work_same(c->node->word, "TABPAGE") || !control->first;
    for (const struct form_control *child = control->first; child; child = child->next)
        filled |= is_column(xpo_value(child->node, "Width"));
    if (!word && !filled) {
        word = "Fill";
        work_drop(c->w, "F09", "ColumnsMode", STR("Fill"), c->where, c->node->line);
    }
    carry_puts(c, row->to, word ? word : "");
}

/* The strip at the top of a form is an action pane like any other (F10). */
static void put_style(struct carry *c, const struct carry_row *row)
{
    const struct form_control *control = c->ctx, *design = control->parent;
    struct str value = carry_take(c, row->from);
    const char *rule = "", *word = value.n > 0 ? carry_word(SET_CONTAINER_STYLE, value, &rule) : "Auto";
    bool top = !design->node && design->first == control && work_same(c->node->word, "ACTIONPANE");
    if (!word) {
        carry_tell_value(c, row->from, value);
        return;
    }
    if (top && strcmp(word, "Strip") == 0) {
        carry_tell(c, "F10", FINDING_FIXED, "strip at the top is an action pane of style Standard now");
        word = "Standard";
    }
    if (rule[0] != '\0')
        carry_tell(c, rule, FINDING_FIXED, "style %.*s is %s now", STR_ARG(value), word);
    if (strcmp(word, "Auto") != 0)
        carry_puts(c, row->to, word);
}

static void put_command(struct carry *c, const struct carry_row *row)
{
    const char *rule;
    struct str value = carry_take(c, row->from);
    const char *word = value.n > 0 ? carry_word(SET_COMMAND, value, &rule) : "";
    if (word)
        carry_puts(c, row->to, word);
    else
        carry_tell_value(c, row->from, value);
}

/* The texts of a list: of one alone the export may make no array. */
static const struct str *texts_of(const struct xpo_prop *p, uint32_t *ret_n)
{
    *ret_n = !p ? 0 : p->n_items > 0 ? p->n_items : p->value.n > 0;
    return p && p->n_items > 0 ? p->items : p ? &p->value : NULL;
}

/* No real file with such texts was seen, and D365 drops what it does not know without a word: so they are told. */
static void tell_texts(struct carry *c, const struct str *texts, uint32_t n)
{
    struct str all = STR("");
    for (uint32_t i = 0; i < n; i++)
        all = work_text(c->w, "%.*s%s\"%.*s\"", STR_ARG(all), i > 0 ? ", " : "", STR_ARG(texts[i]));
    if (n > 0)
        carry_tell(c, "FORM", FINDING_TODO, "texts %.*s: see in the designer that they are there", STR_ARG(all));
}

static bool is_list(const struct carry *c)
{
    return work_same(c->node->word, "COMBOBOX") || work_same(c->node->word, "LISTBOX");
}

/* The entries of a list. Source of the names: AxFormComboBoxOption and AxFormListBoxOption of the metamodel. */
static void put_items(struct carry *c, const struct carry_row *row)
{
    const struct form_control *control = c->ctx;
    uint32_t n;
    const struct str *texts = texts_of(xpo_prop_find(c->node, row->from), &n);
    if (!is_list(c))
        return;
    carry_take(c, row->from);
    xml_open(c->w->xml, row->to, "");
    for (uint32_t i = 0; i < n; i++) {
        xml_open(c->w->xml, arena_printf(c->w->arena, "AxForm%sOption", control->type->type), "");
        if (i > 0)
            xml_leaf(c->w->xml, "Ordinal", work_text(c->w, "%u", i));
        xml_leaf(c->w->xml, "Value", texts[i]);
        xml_close(c->w->xml);
    }
    xml_close(c->w->xml);
    tell_texts(c, texts, n);
}

/* What a text field shows. Of radio buttons not even the metamodel's name for their texts is known. */
static void put_text(struct carry *c, const struct carry_row *row)
{
    const struct xpo_prop *p = xpo_prop_find(c->node, row->from);
    uint32_t n;
    const struct str *texts = texts_of(p, &n);
    carry_take(c, row->from);
    if (work_same(c->node->word, "RADIOBUTTON"))
        tell_texts(c, texts, n);
    else if (!is_list(c) && p)
        carry_put(c, row->to, p->value);
}

static void put_display_size(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    int64_t number;
    bool fixed = str_to_i64(value, &number), mode = strlen(row->to) > strlen(row->from);
    if (fixed && mode)
        carry_puts(c, row->to, "Fixed");
    else if (fixed)
        carry_put(c, row->to, value);
    else if (value.n > 0 && mode && !work_same(value, "Auto") && !is_column(value))
        carry_tell_value(c, row->from, value);
}

static void put_number_or_drop(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    int64_t number;
    if (strcmp(row->to, "VerticalSpacing") == 0 && str_to_i64(value, &number))
        carry_put(c, row->to, value);
    else if (strcmp(row->to, "Big") == 0 && work_same(value, "Yes"))
        carry_puts(c, row->to, "Yes");
    else if (strcmp(row->to, "ImageResource") == 0 && value.n > 0 && !str_is(value, "0"))
        carry_tell(c, "F18", FINDING_TODO, "no symbol is known for picture %.*s", STR_ARG(value));
    else if (value.n > 0 && strcmp(row->to, "VerticalSpacing") == 0)
        work_drop(c->w, "F20", row->from, value, c->where, c->node->line);
}

static void put_type(struct carry *c, const struct carry_row *row)
{
    const struct form_control *control = c->ctx;
    carry_puts(c, row->to, control->type->type);
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    static const struct {
        const char *to;
        void (*put)(struct carry *, const struct carry_row *);
    } hands[] = {{"Height", put_size},
                 {"HeightMode", put_size},
                 {"Width", put_size},
                 {"WidthMode", put_size},
                 {"LeftMode", drop_place},
                 {"TopMode", drop_place},
                 {"Skip", put_skip},
                 {"Type", put_type},
                 {"ArrangeMethod", put_arrange},
                 {"ColumnsMode", put_columns_mode},
                 {"Command", put_command},
                 {"FrameType", put_frame},
                 {"Style", put_style},
                 {"Items", put_items},
                 {"Text", put_text},
                 {"DisplayHeight", put_display_size},
                 {"DisplayHeightMode", put_display_size},
                 {"DisplayLength", put_display_size},
                 {"DisplayLengthMode", put_display_size}};
    if (image_put(c, row))
        return;
    for (size_t i = 0; i < ARRAY_LEN(hands); i++) {
        if (row->to[0] == hands[i].to[0] && strcmp(row->to, hands[i].to) == 0) {
            hands[i].put(c, row);
            return;
        }
    }
    put_number_or_drop(c, row);
}

static void put_extension_property(struct work *w, const char *name, struct str value)
{
    if (value.n == 0)
        return;
    xml_open(w->xml, "AxFormControlExtensionProperty", "");
    xml_leaf(w->xml, "Name", str_of(name));
    xml_leaf(w->xml, "Type", STR("String"));
    xml_leaf(w->xml, "Value", value);
    xml_close(w->xml);
}

/* Ledger accounts are a control of the application now (F17). */
static void put_segmented_entry(struct carry *c)
{
    struct work *w = c->w;
    xml_open(w->xml, "FormControlExtension", "");
    xml_leaf(w->xml, "Name", STR("SegmentedEntryControl"));
    work_empty(w, "ExtensionComponents");
    xml_open(w->xml, "ExtensionProperties", "");
    put_extension_property(w, "DataSource", carry_take(c, "DataSource"));
    put_extension_property(w, "ReferenceField", carry_take(c, "ReferenceField"));
    xml_close(w->xml);
    xml_close(w->xml);
    carry_rows(c, PART_SEGMENTED_ENTRY);
    carry_tell(c, "F17", FINDING_TODO, "segmented entry is a control of the application now: set its properties");
}

static void put_body(struct carry *c, const struct form_control *control)
{
    const struct form_type *type = control->type;
    carry_name(c);
    carry_rows(c, PART_CONTROL);
    if (type->type[0] == '\0') {
        put_segmented_entry(c);
        return;
    }
    xml_empty(c->w->xml, "FormControlExtension", "\ni:nil=\"true\"");
    if (type->container)
        form_put_controls(c->w, control, "");
    carry_rows(c, type->part);
}

static void tell_lost(struct work *w, const struct form_control *control)
{
    struct str where = work_path(w, "controls", control->name);
    work_tell(w, "D27", FINDING_TODO, where, control->node->line, "D365 has no control like %.*s: it is left out",
              STR_ARG(control->node->word));
}

void form_put_control(struct work *w, const struct form_control *control, const char *element, const char *attributes)
{
    const struct form_type *type = control->type;
    struct carry c;
    carry_begin(&c, w, control->node, work_path(w, "controls", control->name));
    c.hand = by_hand;
    c.ctx = control;
    xml_open(w->xml, element,
             type->type[0] ? arena_printf(w->arena, "%s\ni:type=\"AxForm%sControl\"", attributes, type->type)
                           : attributes);
    put_body(&c, control);
    xml_close(w->xml);
    if (control->first && !type->container)
        carry_tell(&c, "VALUE", FINDING_TODO, "a %.*s holds controls: they are left out", STR_ARG(control->node->word));
    work_known(w, control->node, c.where, "METHODS CONTROL CONTAINER");
    carry_end(&c);
}

void form_put_controls(struct work *w, const struct form_control *parent, const char *attributes)
{
    bool outer = !parent->lifted;
    if (outer)
        xml_open(w->xml, "Controls", attributes);
    for (const struct form_control *c = parent->first; c; c = c->next) {
        if (c->gone)
            continue;
        if (c->lifted)
            form_put_controls(w, c, "");
        else if (c->type)
            form_put_control(w, c, "AxFormControl", "xmlns=\"\"");
        else
            tell_lost(w, c);
    }
    if (outer)
        xml_close(w->xml);
}

void form_put_control_methods(struct work *w, const struct form_tree *tree)
{
    xml_open(w->xml, "DataControls", "xmlns=\"\"");
    for (uint32_t i = 0; i < tree->n; i++) {
        const struct form_control *c = &tree->all[i];
        const struct xpo_node *methods = xpo_child(c->node, "METHODS");
        if (c->gone || c->lifted || !methods || !methods->first)
            continue;
        if (!c->type) {
            work_tell(w, "D27", FINDING_TODO, work_path(w, "controls", c->name), methods->line,
                      "its methods are left out with it");
            continue;
        }
        xml_open(w->xml, "Control", "");
        xml_leaf(w->xml, "Name", c->name);
        xml_leaf(w->xml, "Type", c->type->type[0] ? str_of(c->type->type) : STR("SegmentedEntryControl"));
        code_put_list(w, c->node, 8);
        xml_close(w->xml);
    }
    xml_close(w->xml);
}
