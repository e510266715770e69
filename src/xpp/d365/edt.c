#include "xpp/d365/families.h"
#include "xpp/d365/table.h"

/* The type line, else what the code of the element says. */
static const char *type_of(const struct xpo_element *e)
{
    static const char *const codes[][2] = {
        {"UTS", "String"}, {"UTI", "Int"},         {"UTW", "Int64"}, {"UTR", "Real"}, {"UTD", "Date"},
        {"UTT", "Time"},   {"UTZ", "UtcDateTime"}, {"UTE", "Enum"},  {"UTG", "Guid"}, {"UTQ", "Container"}};
    const char *word = table_type_word(e->root->word);
    for (size_t i = 0; !word && i < ARRAY_LEN(codes); i++) {
        if (work_same(e->code, codes[i][0]))
            word = codes[i][1];
    }
    return word;
}

/* The calendar of the old client has no form any more, and a form that nobody has cannot be looked up by (M07). */
static void put_form_help(struct carry *c, const struct carry_row *row)
{
    struct str form = carry_take(c, row->from);
    if (work_same(form, "SysDateLookup"))
        carry_tell(c, "M07", FINDING_FIXED, "FormHelp = %.*s is left out", STR_ARG(form));
    else if (form.n > 0 && !symbols_find(c->w->job->symbols, SYMBOL_FORM, form))
        carry_tell(c, "M07", FINDING_REPORTED, "FormHelp = %.*s is left out: there is no such form", STR_ARG(form));
    else
        carry_put(c, row->to, form);
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    if (strcmp(row->to, "FormHelp") == 0)
        put_form_help(c, row);
    else if (strcmp(row->to, "Index") == 0)
        carry_put(c, row->to, *(const struct str *)c->ctx);
    else
        table_put_string_size(c, row);
}

static bool is_fixed(const struct xpo_node *reference)
{
    return work_same(reference->word, "EXTERNFIXED") || work_same(reference->word, "THISFIXED");
}

/* Only a reference to a field is a table reference; fixed values are of the relations of tables. */
static void put_reference(struct work *w, const struct xpo_node *reference, struct str where)
{
    struct str table = xpo_value(reference, "Table"), field = xpo_value(reference, "RelatedField");
    if (is_fixed(reference) && reference->parent->parent == w->element->root) {
        work_tell(w, "M01", FINDING_FIXED, where, reference->line,
                  "%.*s = %.*s of %.*s is kept by the relations of tables that come from this type", STR_ARG(field),
                  STR_ARG(xpo_value(reference, "Value")), STR_ARG(table));
        return;
    }
    if (table.n == 0 || field.n == 0 || is_fixed(reference)) {
        work_tell(w, "M01", FINDING_TODO, where, reference->line, "reference %.*s to %.*s with value %.*s is left out",
                  STR_ARG(reference->word), STR_ARG(table), STR_ARG(xpo_value(reference, "Value")));
        return;
    }
    struct carry c;
    carry_begin(&c, w, reference, where);
    xml_open(w->xml, "AxEdtTableReference", "");
    carry_put(&c, "RelatedField", carry_take(&c, "RelatedField"));
    carry_put(&c, "Table", carry_take(&c, "Table"));
    xml_close(w->xml);
    carry_end(&c);
}

static void put_references(struct work *w, const struct xpo_node *node, struct str where)
{
    const struct xpo_node *list = xpo_child(node, "TYPEREFERENCES");
    xml_open(w->xml, "TableReferences", "");
    for (const struct xpo_node *r = list ? list->first : NULL; r; r = r->next)
        put_reference(w, r, where);
    xml_close(w->xml);
}

static void put_array_element(struct work *w, const struct xpo_node *element, unsigned index)
{
    struct str number = work_text(w, "%u", index);
    struct carry c;
    carry_begin(&c, w, element, work_path(w, "elements", element->name));
    c.hand = by_hand;
    c.ctx = &number;
    xml_open(w->xml, "AxEdtArrayElement", "");
    carry_name(&c);
    carry_rows(&c, PART_ARRAY_ELEMENT);
    work_empty(w, "Relations");
    put_references(w, element, c.where);
    xml_close(w->xml);
    work_known(w, element, c.where, "TYPEREFERENCES TYPELOOKUPS");
    carry_end(&c);
}

/* The type itself is the first element of an array. */
static void put_array(struct work *w, const struct xpo_node *edt)
{
    const struct xpo_node *list = xpo_child(edt, "TYPEELEMENTS");
    unsigned index = 2;
    xml_open(w->xml, "ArrayElements", "");
    for (const struct xpo_node *e = list ? list->first : NULL; e; e = e->next)
        put_array_element(w, e, index++);
    xml_close(w->xml);
}

void d365_write_edt(struct work *w)
{
    const struct xpo_node *edt = w->element->root;
    const char *type = type_of(w->element);
    struct carry c;
    if (!type) {
        work_tell(w, "VALUE", FINDING_TODO, STR(""), edt->line, "extended data type of the unknown type %.*s",
                  STR_ARG(edt->word));
        return;
    }
    carry_begin(&c, w, edt, STR(""));
    c.hand = by_hand;
    work_open(w, "AxEdt", arena_printf(w->arena, "xmlns=\"\"\ni:type=\"AxEdt%s\"", type));
    struct str name = carry_name(&c);
    carry_rows(&c, PART_EDT);
    put_array(w, edt);
    work_empty(w, "Relations");
    put_references(w, edt, STR(""));
    carry_rows(&c, PART_EDT_TYPE);
    work_close(w, "AxEdt", name);
    work_known(w, edt, STR(""), "TYPEELEMENTS TYPEREFERENCES");
    carry_end(&c);
}
