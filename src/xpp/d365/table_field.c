#include "xpp/d365/table.h"

#define EXTENDS_MAX 16 /* types that extend each other, at most: a circle ends here */

const char *table_type_word(struct str type)
{
    static const struct {
        const char *type, *word;
    } types[] = {{"STRING", "String"}, {"INT", "Int"},         {"INT64", "Int64"},          {"REAL", "Real"},
                 {"DATE", "Date"},     {"TIME", "Time"},       {"DATETIME", "UtcDateTime"}, {"ENUM", "Enum"},
                 {"GUID", "Guid"},     {"QUEUE", "Container"}, {"CONTAINER", "Container"}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (work_same(type, types[i].type))
            return types[i].word;
    }
    return NULL;
}

void table_put_string_size(struct carry *c, const struct carry_row *row)
{
    struct str size = carry_take(c, row->from);
    int64_t number;
    if (work_same(size, "(Memo)"))
        carry_puts(c, row->to, "-1");
    else if (size.n > 0 && !str_to_i64(size, &number))
        carry_tell_value(c, row->from, size);
    else
        carry_put(c, row->to, size);
}

struct str table_type_of(const struct xpo_node *field)
{
    return xpo_first_value(field, "ExtendedDataType");
}

const struct symbol *table_reference_of(struct work *w, struct str edt)
{
    for (int depth = 0; edt.n > 0 && depth < EXTENDS_MAX; depth++) {
        const struct symbol *s = symbols_find(w->job->symbols, SYMBOL_EDT, edt);
        if (!s || (s->table.n > 0 && s->field.n > 0))
            return s;
        edt = s->base;
    }
    return NULL;
}

/* A type that refers to the table of its own field would relate the table to itself (M02). */
static void put_ignore(struct carry *c, const struct carry_row *row)
{
    struct str have = carry_take(c, row->from), type = table_type_of(c->node);
    const struct xpo_node *owner = c->node->parent ? c->node->parent->parent : NULL;
    const struct symbol *reference = table_reference_of(c->w, type);
    bool self = reference && work_same_str(reference->table, c->w->element->name) && owner &&
                !table_has_relation(owner, c->node->name);
    if (self && !work_same(have, "Yes"))
        carry_tell(c, "M02", FINDING_FIXED, "the relation of type %.*s to its own table is ignored", STR_ARG(type));
    if (self || work_same(have, "Yes"))
        carry_puts(c, row->to, "Yes");
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    if (strcmp(row->to, "IgnoreEDTRelation") == 0)
        put_ignore(c, row);
    else
        table_put_string_size(c, row);
}

/* Keys that version N keeps only to drop what stands under them. */
static void tell_deleted(struct carry *c)
{
    struct str key = xpo_value(c->node, "ConfigurationKey");
    if (key.n >= 17 && work_same((struct str){key.p, 17}, "SysDeletedObjects"))
        carry_tell(c, "M15", FINDING_REPORTED, "field is marked as deleted by %.*s", STR_ARG(key));
}

void table_put_field(struct work *w, const struct xpo_node *field, const char *element, const char *prefix)
{
    struct str where = work_path(w, "fields", field->name);
    const char *type = table_type_word(field->word);
    struct carry c;
    if (!type) {
        work_tell(w, "VALUE", FINDING_TODO, where, field->line, "field of the unknown type %.*s", STR_ARG(field->word));
        return;
    }
    carry_begin(&c, w, field, where);
    c.hand = by_hand;
    xml_open(w->xml, element, arena_printf(w->arena, "xmlns=\"\"\ni:type=\"%s%s\"", prefix, type));
    carry_name(&c);
    carry_rows(&c, PART_FIELD);
    carry_rows(&c, PART_FIELD_TYPE);
    xml_close(w->xml);
    tell_deleted(&c);
    work_known(w, field, where, "");
    carry_end(&c);
}

void table_put_fields(struct work *w, const struct xpo_node *fields, const char *element, const char *prefix)
{
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next)
        table_put_field(w, f, element, prefix);
}
