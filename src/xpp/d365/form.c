#include "xpp/d365/form.h"
#include "xpp/d365/code.h"
#include "xpp/d365/families.h"
#include "xpp/d365/security.h"

#define NAMESPACE "xmlns=\"Microsoft.Dynamics.AX.Metadata.V6\""

struct form {
    const struct xpo_node *node, *design;
    struct form_tree tree;
    bool dialog; /* by its buttons */
};

static void put_code(struct work *w, const struct form *f, struct str name)
{
    const struct xpo_node *declaration = code_declaration(f->node);
    const char *head = arena_printf(w->arena, "[Form]\npublic class %.*s extends FormRun", STR_ARG(name));
    struct str text = code_declaration_text(w, f->node);
    xml_open(w->xml, "SourceCode", "");
    xml_open(w->xml, "Methods", "xmlns=\"\"");
    code_put_method(w, STR("classDeclaration"), code_new_head(w, text, head), 4);
    code_put_methods(w, f->node, 4);
    xml_close(w->xml);
    form_put_source_methods(w, f->node);
    form_put_control_methods(w, &f->tree);
    xml_empty(w->xml, "Members", "xmlns=\"\"");
    xml_close(w->xml);
    if (declaration)
        work_tell(w, "L31", FINDING_FIXED, STR("methods/classDeclaration"), declaration->line, "class %.*s",
                  STR_ARG(name));
}

static void put_pattern(struct carry *c, const struct carry_row *row)
{
    const struct form *f = c->ctx;
    struct str style = xpo_value(c->node, "Style");
    const char *version = "", *pattern = form_rules_pattern(&f->tree, f->design, &version);
    bool is_version = strcmp(row->to, "PatternVersion") == 0;
    if (pattern)
        carry_puts(c, row->to, is_version ? version : pattern);
    if (is_version || style.n == 0 || work_same(style, "Auto"))
        return;
    if (pattern)
        carry_tell(c, "F16", FINDING_FIXED, "pattern %s, from style %.*s", pattern, STR_ARG(style));
    else
        carry_tell(c, "F16", FINDING_TODO, "style %.*s: the form has not the controls of its pattern", STR_ARG(style));
    if (work_same(style, "ListPage"))
        carry_tell(c, "F15", FINDING_TODO, "a list page and its details form are one form now");
}

static void put_mode(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    if (work_same(value, "Column width") || work_same(value, "Column height"))
        carry_puts(c, row->to, "SizeToAvailable");
    else if (value.n > 0)
        work_drop(c->w, "F20", row->from, value, c->where, c->node->line);
}

static void put_arrange(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from), when = carry_take(c, "ArrangeWhen");
    const char *rule, *word = value.n > 0 ? carry_word(SET_ARRANGE_METHOD, value, &rule) : "Auto";
    if (work_same(when, "Never"))
        word = "None";
    if (when.n > 0)
        work_drop(c->w, "F04", "ArrangeWhen", when, c->where, c->node->line);
    if (!word)
        carry_tell_value(c, row->from, value);
    else if (strcmp(word, "Auto") != 0)
        carry_puts(c, row->to, word);
}

/* A text that asks what to do is the caption; two buttons make a dialog (F13, F14). */
static void put_special(struct carry *c, const struct carry_row *row)
{
    const struct form *f = c->ctx;
    const char *rule = "";
    struct str value = carry_take(c, row->from);
    if (strcmp(row->to, "Caption") == 0) {
        carry_put(c, row->to, value.n > 0 ? value : form_rules_caption(&f->tree, f->design));
        return;
    }
    const char *word = f->dialog ? "Dialog" : value.n > 0 ? carry_word(SET_FORM_STYLE, value, &rule) : "Auto";
    if (f->dialog)
        carry_tell(c, "F13", FINDING_FIXED, "style Dialog, because of its buttons: see that cancelling keeps nothing");
    if (!word)
        carry_tell_value(c, row->from, value);
    else if (strcmp(word, "Auto") != 0)
        carry_puts(c, row->to, word);
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    if (strcmp(row->to, "Pattern") == 0 || strcmp(row->to, "PatternVersion") == 0)
        put_pattern(c, row);
    else if (strcmp(row->to, "ArrangeMethod") == 0)
        put_arrange(c, row);
    else if (strcmp(row->to, "Caption") == 0 || strcmp(row->to, "Style") == 0)
        put_special(c, row);
    else
        put_mode(c, row);
}

static void put_design(struct work *w, const struct form *f)
{
    struct carry c;
    carry_begin(&c, w, f->design, STR("design"));
    c.hand = by_hand;
    c.ctx = f;
    c.attributes = "xmlns=\"\"";
    xml_open(w->xml, "Design", "");
    carry_rows(&c, PART_DESIGN);
    form_put_controls(w, &f->tree.root, "xmlns=\"\"");
    xml_close(w->xml);
    work_known(w, f->design, STR("design"), "CONTAINER CONTROL");
    carry_end(&c);
}

static void put_part(struct work *w, const struct xpo_node *part)
{
    struct carry c;
    carry_begin(&c, w, part, work_path(w, "parts", work_name(part)));
    xml_open(w->xml, "AxFormPartReference", "xmlns=\"\"");
    carry_name(&c);
    carry_rows(&c, PART_FORM_PART_REFERENCE);
    xml_close(w->xml);
    work_known(w, part, c.where, "");
    carry_end(&c);
}

static int64_t position_of(const struct xpo_node *part)
{
    int64_t position = 0;
    (void)str_to_i64(xpo_value(part, "ElementPosition"), &position);
    return position;
}

/* In D365 parts have no position but their place. The order of the file decides between equals. */
static void put_parts(struct work *w, const struct xpo_node *form)
{
    const struct xpo_node *list = xpo_child(form, "PARTREFERENCES");
    VEC(const struct xpo_node *) parts = {0};
    for (const struct xpo_node *p = list ? list->first : NULL; p; p = p->next) {
        *vec_push(&parts) = p;
        for (size_t i = parts.n - 1; i > 0 && position_of(parts.p[i]) < position_of(parts.p[i - 1]); i--) {
            const struct xpo_node *other = parts.p[i];
            parts.p[i] = parts.p[i - 1];
            parts.p[i - 1] = other;
        }
    }
    xml_open(w->xml, "Parts", "");
    for (size_t i = 0; i < parts.n; i++)
        put_part(w, parts.p[i]);
    xml_close(w->xml);
    vec_done(&parts);
}

/* What stands beside the data sources: D365 keeps none of it in the form. */
static void tell_rest(struct work *w, const struct xpo_node *form, const struct xpo_node *bank)
{
    if (bank)
        work_known(w, bank, STR("datasources"), "DATASOURCE DERIVEDDATASOURCE");
    security_tell_permissions(w, xpo_child(form, "PERMISSIONS"), STR("permissions"));
    work_known(w, form, STR(""),
               "METHODS OBJECTBANK REFERENCEDATASOURCES JOINS PARTREFERENCES DESIGN PERMISSIONS EVENTS Version:");
}

static void put_properties(struct work *w, struct carry *c, const struct xpo_node *bank)
{
    carry_rows(c, PART_FORM);
    if (bank) {
        struct carry of_bank;
        carry_begin(&of_bank, w, bank, STR("datasources"));
        carry_rows(&of_bank, PART_FORM_BANK);
        carry_end(&of_bank);
    }
    carry_rows(c, PART_FORM_MORE);
}

static void make_tree(struct work *w, struct form *f)
{
    static const struct xpo_node none;
    f->design = xpo_child(f->node, "DESIGN");
    if (!f->design)
        f->design = &none;
    form_tree_build(w, f->design, &f->tree);
    form_rules_apply(w, &f->tree, f->design);
    f->dialog = form_rules_is_dialog(&f->tree, f->design);
}

void form_write(struct work *w, const struct xpo_node *node)
{
    struct form f = {.node = node};
    const struct xpo_node *bank = xpo_child(f.node, "OBJECTBANK");
    struct carry c;
    make_tree(w, &f);
    carry_begin(&c, w, f.node, STR(""));
    work_open(w, "AxForm", NAMESPACE);
    struct str name = carry_name(&c);
    put_code(w, &f, name);
    put_properties(w, &c, bank);
    form_put_sources(w, f.node);
    put_design(w, &f);
    put_parts(w, f.node);
    work_close(w, "AxForm", name);
    tell_rest(w, f.node, bank);
    carry_end(&c);
}

void d365_write_form(struct work *w)
{
    form_write(w, w->element->root);
    code_tell_events(w);
}

/* A form part only named a form, which menu items and references name themselves now (M04). */
void d365_write_form_part(struct work *w)
{
    struct str form = xpo_value(w->element->root, "Form");
    work_tell(w, "M04", form.n > 0 ? FINDING_FIXED : FINDING_TODO, STR(""), w->element->line,
              "no file is made: its form %.*s is used itself", STR_ARG(form));
}
