#include "xpp/d365/view.h"
#include "xpp/d365/code.h"
#include "xpp/d365/families.h"
#include "xpp/d365/query.h"
#include "xpp/d365/table.h"

/* What a field is stands at its block, or on a line below, where AX 2009 has its number, too. */
static struct str kind_of(const struct xpo_node *field)
{
    const struct xpo_node *line = field->first;
    while (line && work_same(line->keyword, "Id"))
        line = line->next;
    if (!work_same(field->keyword, "FIELD"))
        return field->keyword;
    return field->word.n > 0 || !line ? field->word : line->keyword;
}

/* "STRINGCOMPUTEDCOLUMN" -> "AxViewFieldComputedString"; NULL when the field comes from a data source. */
static const char *computed_type(struct work *w, const struct xpo_node *field)
{
    static const char end[] = "COMPUTEDCOLUMN";
    struct str kind = kind_of(field);
    size_t n = sizeof end - 1;
    if (kind.n < n || !work_same((struct str){kind.p + kind.n - n, n}, end))
        return NULL;
    struct str type = {kind.p, kind.n - n};
    const char *word = work_same(type, "UTCDATETIME") ? "UtcDateTime" : table_type_word(type);
    return arena_printf(w->arena, "AxViewFieldComputed%s", word ? word : "String");
}

void view_put_field(struct work *w, const struct xpo_node *field)
{
    const char *computed = computed_type(w, field), *type = computed ? computed : "AxViewFieldBound";
    struct carry c;
    carry_begin(&c, w, field, work_path(w, "fields", field->name));
    c.hand = table_put_string_size;
    xml_open(w->xml, "AxViewField", arena_printf(w->arena, "xmlns=\"\"\ni:type=\"%s\"", type));
    carry_name(&c);
    carry_rows(&c, PART_VIEW_FIELD);
    carry_rows(&c, computed ? PART_VIEW_FIELD_COMPUTED : PART_VIEW_FIELD_BOUND);
    xml_close(w->xml);
    work_known(w, field, c.where, "");
    carry_end(&c);
}

static void put_fields(struct work *w, const struct xpo_node *fields)
{
    xml_open(w->xml, "Fields", "");
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next)
        view_put_field(w, f);
    xml_close(w->xml);
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    (void)row;
    table_put_access(c->w, "");
}

static void put_metadata(struct work *w, const struct xpo_node *query)
{
    xml_open(w->xml, "ViewMetadata", "");
    if (query)
        query_put(w, query);
    xml_close(w->xml);
}

void d365_write_view(struct work *w)
{
    const struct xpo_node *view = w->element->root;
    struct carry c;
    carry_begin(&c, w, view, STR(""));
    c.hand = by_hand;
    work_open(w, "AxView", "");
    struct str name = carry_name(&c);
    code_put(w, view, work_text(w, "public class %.*s extends common\n{\n}", STR_ARG(name)));
    carry_rows(&c, PART_VIEW);
    carry_rows(&c, PART_VIEW_MORE);
    table_put_groups(w, xpo_child(view, "GROUPS"));
    put_fields(w, xpo_child(view, "FIELDS"));
    work_empty(w, "Indexes");
    work_empty(w, "Mappings");
    work_empty(w, "Relations");
    work_empty(w, "StateMachines");
    put_metadata(w, xpo_child(view, "QUERY"));
    work_close(w, "AxView", name);
    code_tell_events(w);
    work_known(w, view, STR(""), "QUERY FIELDS GROUPS METHODS EVENTS EnforceFKRelation");
    carry_end(&c);
}

static void put_connection(struct work *w, const struct xpo_node *connection, struct str where)
{
    struct carry c;
    carry_begin(&c, w, connection, where);
    xml_open(w->xml, "AxTableMappingConnection", "");
    carry_rows(&c, PART_MAPPING_CONNECTION);
    xml_close(w->xml);
    if (connection->n_props == 0)
        work_tell(w, "PROPERTY", FINDING_REPORTED, where, connection->line, "line %.*s %.*s is not carried",
                  STR_ARG(connection->keyword), STR_ARG(connection->name));
    carry_end(&c);
}

void view_put_mapping(struct work *w, const struct xpo_node *mapping)
{
    const struct xpo_node *list = xpo_child(mapping, "FIELDMAPPINGS");
    struct str table = xpo_value(mapping, "MappingTable");
    struct carry c;
    carry_begin(&c, w, mapping, work_path(w, "mappings", table.n > 0 ? table : mapping->name));
    xml_open(w->xml, "AxTableMapping", "");
    carry_rows(&c, PART_MAPPING);
    if (table.n == 0)
        carry_put(&c, "MappingTable", mapping->name);
    xml_open(w->xml, "Connections", "");
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next)
        put_connection(w, n, c.where);
    xml_close(w->xml);
    xml_close(w->xml);
    work_known(w, mapping, c.where, "FIELDMAPPINGS");
    carry_take(&c, "Name");
    carry_end(&c);
}

static void put_mappings(struct work *w, const struct xpo_node *mappings)
{
    xml_open(w->xml, "Mappings", "");
    for (const struct xpo_node *m = mappings ? mappings->first : NULL; m; m = m->next)
        view_put_mapping(w, m);
    xml_close(w->xml);
}

void d365_write_map(struct work *w)
{
    const struct xpo_node *map = w->element->root;
    struct carry c;
    carry_begin(&c, w, map, STR(""));
    c.hand = by_hand;
    work_open(w, "AxMap", "");
    struct str name = carry_name(&c);
    code_put(w, map, work_text(w, "public class %.*s extends common\n{\n}", STR_ARG(name)));
    carry_rows(&c, PART_MAP);
    table_put_groups(w, xpo_child(map, "GROUPS"));
    xml_open(w->xml, "Fields", "");
    table_put_fields(w, xpo_child(map, "FIELDS"), "AxMapBaseField", "AxMapField");
    xml_close(w->xml);
    put_mappings(w, xpo_child(map, "MAPPINGS"));
    work_close(w, "AxMap", name);
    code_tell_events(w);
    work_known(w, map, STR(""), "FIELDS GROUPS METHODS MAPPINGS EVENTS EnforceFKRelation");
    carry_end(&c);
}
