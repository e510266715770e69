#include "xpp/d365/table.h"
#include "xpp/d365/code.h"
#include "xpp/d365/families.h"

static const char *const automatic_groups[] = {"AutoReport", "AutoLookup", "AutoIdentification", "AutoSummary",
                                               "AutoBrowse"};

void table_put_access(struct work *w, const char *attributes)
{
    xml_open(w->xml, "SubscriberAccessLevel", "");
    xml_leaf_with(w->xml, "Read", attributes, STR("Allow"));
    xml_close(w->xml);
}

void table_put_group_fields(struct work *w, const struct xpo_node *group)
{
    const struct xpo_node *fields = group ? xpo_child(group, "GROUPFIELDS") : NULL;
    xml_open(w->xml, "Fields", "");
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next) {
        xml_open(w->xml, "AxTableFieldGroupField", "");
        xml_leaf(w->xml, "DataField", f->name);
        xml_close(w->xml);
    }
    xml_close(w->xml);
}

void table_put_group(struct work *w, const struct xpo_node *group)
{
    struct str where = work_path(w, "groups", group->name);
    struct carry c;
    carry_begin(&c, w, group, where);
    xml_open(w->xml, "AxTableFieldGroup", "");
    carry_name(&c);
    carry_rows(&c, PART_FIELD_GROUP);
    table_put_group_fields(w, group);
    xml_close(w->xml);
    work_known(w, group, where, "GROUPFIELDS");
    carry_end(&c);
}

static const struct xpo_node *group_named(const struct xpo_node *groups, const char *name)
{
    for (const struct xpo_node *g = groups ? groups->first : NULL; g; g = g->next) {
        if (work_same(work_name(g), name))
            return g;
    }
    return NULL;
}

static bool is_automatic(struct str name)
{
    for (size_t i = 0; i < ARRAY_LEN(automatic_groups); i++) {
        if (work_same(name, automatic_groups[i]))
            return true;
    }
    return false;
}

static void put_empty_group(struct work *w, const char *name)
{
    xml_open(w->xml, "AxTableFieldGroup", "");
    xml_leaf(w->xml, "Name", str_of(name));
    if (strcmp(name, "AutoIdentification") == 0)
        xml_leaf(w->xml, "AutoPopulate", STR("Yes"));
    work_empty(w, "Fields");
    xml_close(w->xml);
}

void table_put_groups(struct work *w, const struct xpo_node *groups)
{
    xml_open(w->xml, "FieldGroups", "");
    for (size_t i = 0; i < ARRAY_LEN(automatic_groups); i++) {
        const struct xpo_node *own = group_named(groups, automatic_groups[i]);
        if (own)
            table_put_group(w, own);
        else
            put_empty_group(w, automatic_groups[i]);
    }
    for (const struct xpo_node *g = groups ? groups->first : NULL; g; g = g->next) {
        if (!is_automatic(work_name(g)))
            table_put_group(w, g);
    }
    xml_close(w->xml);
}

static void put_index_fields(struct work *w, const struct xpo_node *index)
{
    const struct xpo_node *fields = xpo_child(index, "INDEXFIELDS");
    xml_open(w->xml, "Fields", "");
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next) {
        struct carry c;
        carry_begin(&c, w, f, work_path(w, "indexes", index->name));
        xml_open(w->xml, "AxTableIndexField", "");
        xml_leaf(w->xml, "DataField", f->name);
        if (work_same(carry_take(&c, "IncludedColumn"), "Yes"))
            xml_leaf(w->xml, "IncludedColumn", STR("Yes"));
        xml_close(w->xml);
        carry_end(&c);
    }
    xml_close(w->xml);
}

static void put_index(struct work *w, const struct xpo_node *index, const char *element, enum carry_part part)
{
    struct str where = work_path(w, "indexes", index->name);
    struct carry c;
    carry_begin(&c, w, index, where);
    xml_open(w->xml, element, "");
    carry_name(&c);
    carry_rows(&c, part);
    put_index_fields(w, index);
    xml_close(w->xml);
    work_known(w, index, where, "INDEXFIELDS");
    carry_end(&c);
}

void table_put_index(struct work *w, const struct xpo_node *index)
{
    put_index(w, index, "AxTableIndex", PART_INDEX);
}

void table_put_full_text_index(struct work *w, const struct xpo_node *index)
{
    put_index(w, index, "AxTableFullTextIndex", PART_FULL_TEXT_INDEX);
}

static void put_list(struct work *w, const char *name, const struct xpo_node *list,
                     void (*put)(struct work *, const struct xpo_node *))
{
    xml_open(w->xml, name, "");
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next)
        put(w, n);
    xml_close(w->xml);
}

/* The key over RecId that every table has is no index of its own any more (M16): said once, the rows come in the order
 * ClusteredIndex, PrimaryIndex. */
static void put_key(struct carry *c, const struct carry_row *row)
{
    struct str value = carry_take(c, row->from);
    bool said = strcmp(row->to, "ClusteredIndex") != 0 && work_same(xpo_value(c->node, "ClusterIndex"), "SurrogateKey");
    if (!work_same(value, "SurrogateKey"))
        carry_put(c, row->to, value);
    else if (!said)
        carry_tell(c, "M16", FINDING_FIXED, "%s = SurrogateKey is left out", row->from);
}

static void put_type(struct carry *c, const struct carry_row *row)
{
    struct str type = carry_take(c, row->from), temporary = carry_take(c, "Temporary");
    const char *rule, *word = type.n > 0 ? carry_word(SET_TABLE_TYPE, type, &rule) : NULL;
    if (type.n > 0 && !word)
        carry_tell_value(c, row->from, type);
    if (!word && work_same(temporary, "Yes")) {
        carry_tell(c, "M08", FINDING_FIXED, "Temporary = Yes is TableType InMemory now");
        word = "InMemory";
    }
    if (word && strcmp(word, "Regular") != 0)
        carry_puts(c, row->to, word);
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    if (strcmp(row->to, "SubscriberAccessLevel") == 0)
        table_put_access(c->w, "");
    else if (strcmp(row->to, "TableType") == 0)
        put_type(c, row);
    else
        put_key(c, row);
}

static void put_relations(struct work *w, const struct xpo_node *table, struct str name)
{
    const struct xpo_node *references = xpo_child(table, "REFERENCES");
    xml_open(w->xml, "Relations", "");
    for (const struct xpo_node *r = references ? references->first : NULL; r; r = r->next)
        table_put_relation(w, r, name);
    table_put_type_relations(w, table, name);
    xml_close(w->xml);
}

static void put_collections(struct work *w, const struct xpo_node *table, struct str name)
{
    table_put_delete_actions(w, xpo_child(table, "DELETEACTIONS"));
    table_put_groups(w, xpo_child(table, "GROUPS"));
    xml_open(w->xml, "Fields", "");
    table_put_fields(w, xpo_child(table, "FIELDS"), "AxTableField", "AxTableField");
    xml_close(w->xml);
    put_list(w, "FullTextIndexes", xpo_child(table, "FULLTEXTINDICES"), table_put_full_text_index);
    put_list(w, "Indexes", xpo_child(table, "INDICES"), table_put_index);
    work_empty(w, "Mappings");
    put_relations(w, table, name);
    work_empty(w, "StateMachines");
}

void d365_write_table(struct work *w)
{
    const struct xpo_node *table = w->element->root;
    struct carry c;
    carry_begin(&c, w, table, STR(""));
    c.hand = by_hand;
    work_open(w, "AxTable", "");
    struct str name = carry_name(&c);
    code_put(w, table, work_text(w, "public class %.*s extends common\n{\n}", STR_ARG(name)));
    carry_rows(&c, PART_TABLE);
    carry_rows(&c, PART_TABLE_MORE);
    put_collections(w, table, name);
    work_close(w, "AxTable", name);
    code_tell_events(w);
    work_known(w, table, STR(""),
               "EnforceFKRelation FIELDS GROUPS INDICES FULLTEXTINDICES REFERENCES DELETEACTIONS METHODS EVENTS");
    carry_end(&c);
}
