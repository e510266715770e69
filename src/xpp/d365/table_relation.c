#include "xpp/d365/table.h"

/* What one line of a relation compares: two fields, or a field of one side with a value. */
enum constraint_kind { BOTH, OURS_FIXED, THEIRS_FIXED };

struct constraint {
    enum constraint_kind kind;
    struct str edt, field, related, value;
};

static void put_value(struct work *w, struct str value)
{
    int64_t number;
    xml_leaf(w->xml, str_to_i64(value, &number) ? "Value" : "ValueStr", value);
}

static void put_constraint(struct work *w, const struct constraint *k)
{
    static const char *const attributes[] = {[BOTH] = "xmlns=\"\"\ni:type=\"AxTableRelationConstraintField\"",
                                             [OURS_FIXED] = "xmlns=\"\"\ni:type=\"AxTableRelationConstraintFixed\"",
                                             [THEIRS_FIXED] =
                                                 "xmlns=\"\"\ni:type=\"AxTableRelationConstraintRelatedFixed\""};
    xml_open(w->xml, "AxTableRelationConstraint", attributes[k->kind]);
    xml_leaf(w->xml, "Name", k->kind == THEIRS_FIXED ? k->related : k->field);
    if (k->edt.n > 0)
        xml_leaf(w->xml, "SourceEDT", k->edt);
    if (k->kind != THEIRS_FIXED)
        xml_leaf(w->xml, "Field", k->field);
    if (k->kind != OURS_FIXED)
        xml_leaf(w->xml, "RelatedField", k->related);
    if (k->kind != BOTH)
        put_value(w, k->value);
    xml_close(w->xml);
}

static void put_constraints(struct work *w, const struct xpo_node *reference, struct str where)
{
    const struct xpo_node *list = xpo_child(reference, "FIELDREFERENCES");
    xml_open(w->xml, "Constraints", "");
    for (const struct xpo_node *r = list ? list->first : NULL; r; r = r->next) {
        struct carry c;
        carry_begin(&c, w, r, where);
        struct constraint k = {.edt = carry_take(&c, "SourceEDT"),
                               .field = carry_take(&c, "Field"),
                               .related = carry_take(&c, "RelatedField"),
                               .value = carry_take(&c, "Value")};
        carry_take(&c, "Table");
        k.kind = work_same(r->word, "THISFIXED") ? OURS_FIXED : work_same(r->word, "EXTERNFIXED") ? THEIRS_FIXED : BOTH;
        put_constraint(w, &k);
        carry_end(&c);
    }
    xml_close(w->xml);
}

/* What the table at the other end wants to happen to our rows (M03). */
static struct str action_on(struct work *w, struct str table, struct str relation, struct str related)
{
    const struct delete_action *list;
    size_t n = symbols_delete_actions(w->job->symbols, table, &list);
    for (size_t i = 0; i < n; i++) {
        bool ours = work_same_str(list[i].relation, relation) && work_same_str(list[i].table, related);
        if (ours && work_same_str(list[i].related, table))
            return list[i].action;
    }
    return (struct str){0};
}

static void put_on_delete(struct carry *c, const struct carry_row *row)
{
    const struct str *table = c->ctx;
    struct str related = xpo_value(c->node, "Table"), name = work_name(c->node);
    struct str value = carry_take(c, row->from), action = action_on(c->w, *table, name, related);
    const char *rule, *word = carry_word(SET_DELETE_ACTION, action.n > 0 ? action : value, &rule);
    if (!word && (action.n > 0 || value.n > 0))
        work_tell(c->w, "VALUE", FINDING_TODO, c->where, c->node->line, "delete action %.*s",
                  STR_ARG(action.n > 0 ? action : value));
    if (!word || strcmp(word, "None") == 0)
        return;
    carry_puts(c, row->to, word);
    if (action.n > 0)
        carry_tell(c, "M03", FINDING_FIXED, "OnDelete = %s, from the delete action of %.*s", word, STR_ARG(related));
}

void table_put_relation(struct work *w, const struct xpo_node *reference, struct str table)
{
    struct str where = work_path(w, "relations", reference->name);
    struct carry c;
    carry_begin(&c, w, reference, where);
    c.hand = put_on_delete;
    c.ctx = &table;
    xml_open(w->xml, "AxTableRelation", "xmlns=\"\"");
    carry_name(&c);
    carry_rows(&c, PART_RELATION);
    put_constraints(w, reference, where);
    xml_close(w->xml);
    work_known(w, reference, where, "FIELDREFERENCES");
    carry_end(&c);
}

bool table_has_relation(const struct xpo_node *table, struct str field)
{
    const struct xpo_node *references = xpo_child(table, "REFERENCES");
    for (const struct xpo_node *r = references ? references->first : NULL; r; r = r->next) {
        const struct xpo_node *list = xpo_child(r, "FIELDREFERENCES");
        for (const struct xpo_node *k = list ? list->first : NULL; k; k = k->next) {
            if (work_same_str(xpo_value(k, "Field"), field))
                return true;
        }
    }
    return false;
}

static bool is_relation_name(const struct xpo_node *table, struct str name)
{
    const struct xpo_node *references = xpo_child(table, "REFERENCES");
    for (const struct xpo_node *r = references ? references->first : NULL; r; r = r->next) {
        if (work_same_str(work_name(r), name))
            return true;
    }
    return false;
}

static bool is_earlier_type(const struct xpo_node *field, struct str edt)
{
    for (const struct xpo_node *f = field->parent->first; f != field; f = f->next) {
        if (work_same_str(table_type_of(f), edt))
            return true;
    }
    return false;
}

/* The values that the reference of a type asks for: without them rows of other kinds would be related, too. */
static void put_fixed(struct work *w, const struct symbol *reference, struct str edt)
{
    for (uint32_t i = 0; i < reference->n_members; i++) {
        const struct member *m = &reference->members[i];
        if (m->kind != MEMBER_FIXED)
            continue;
        bool ours = work_same(m->word, "THISFIXED");
        struct constraint k = {.kind = ours ? OURS_FIXED : THEIRS_FIXED,
                               .edt = edt,
                               .field = m->name,
                               .related = m->name,
                               .value = m->type};
        put_constraint(w, &k);
    }
}

static void put_type_relation(struct work *w, const struct xpo_node *table, const struct xpo_node *field,
                              const struct symbol *reference)
{
    struct constraint k = {
        .kind = BOTH, .edt = table_type_of(field), .field = field->name, .related = reference->field};
    bool taken = is_relation_name(table, k.edt) || is_earlier_type(field, k.edt);
    struct str name = taken ? work_text(w, "%.*s_%.*s", STR_ARG(k.edt), STR_ARG(field->name)) : k.edt;
    xml_open(w->xml, "AxTableRelation", "xmlns=\"\"");
    xml_leaf(w->xml, "Name", name);
    xml_leaf(w->xml, "EDTRelation", STR("Yes"));
    xml_leaf(w->xml, "RelatedTable", reference->table);
    xml_open(w->xml, "Constraints", "");
    put_constraint(w, &k);
    put_fixed(w, reference, k.edt);
    xml_close(w->xml);
    xml_close(w->xml);
    work_tell(w, "M01", FINDING_FIXED, work_path(w, "fields", field->name), field->line,
              "relation %.*s to %.*s, from type %.*s", STR_ARG(name), STR_ARG(reference->table), STR_ARG(k.edt));
}

void table_put_type_relations(struct work *w, const struct xpo_node *table, struct str name)
{
    const struct xpo_node *fields = xpo_child(table, "FIELDS");
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next) {
        bool ignored = work_same(xpo_value(f, "IgnoreEDTRelation"), "Yes");
        const struct symbol *reference = table_reference_of(w, table_type_of(f));
        if (!ignored && reference && !table_has_relation(table, f->name) && !work_same_str(reference->table, name))
            put_type_relation(w, table, f, reference);
    }
}

/* Whether the table at the other end is written by us as well, and so gets OnDelete there. */
static bool becomes_on_delete(struct work *w, struct str table, struct str relation)
{
    const struct symbol *s = symbols_find_from(w->job->symbols, SYMBOL_TABLE, table, SYMBOL_OURS);
    return relation.n > 0 && s && !s->delta && symbol_member(s, MEMBER_RELATION, relation);
}

static void put_delete_action(struct work *w, const struct xpo_node *action)
{
    struct str table = xpo_value(action, "Table"), relation = xpo_value(action, "Relation");
    struct str where = work_path(w, "deleteactions", action->name);
    struct carry c;
    if (becomes_on_delete(w, table, relation)) {
        work_tell(w, "M03", FINDING_FIXED, where, action->line, "is OnDelete of %.*s's relation %.*s now",
                  STR_ARG(table), STR_ARG(relation));
        return;
    }
    carry_begin(&c, w, action, where);
    xml_open(w->xml, "AxTableDeleteAction", "");
    xml_leaf(w->xml, "Name", relation.n > 0 ? work_text(w, "%.*s_%.*s", STR_ARG(table), STR_ARG(relation)) : table);
    carry_rows(&c, PART_DELETE_ACTION);
    xml_close(w->xml);
    if (relation.n == 0)
        carry_tell(&c, "M03", FINDING_TODO, "delete action on %.*s names no relation", STR_ARG(table));
    else
        carry_tell(&c, "M03", FINDING_REPORTED, "table %.*s is not ours: the delete action stays here", STR_ARG(table));
    carry_end(&c);
}

void table_put_delete_actions(struct work *w, const struct xpo_node *actions)
{
    xml_open(w->xml, "DeleteActions", "");
    for (const struct xpo_node *a = actions ? actions->first : NULL; a; a = a->next)
        put_delete_action(w, a);
    xml_close(w->xml);
}
