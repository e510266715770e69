#include "xpp/d365/query.h"
#include "xpp/d365/code.h"
#include "xpp/d365/families.h"
#include "xpp/d365/query_composite.h"

#define SOURCE_BLOCKS "FIELDLIST SORTING LINES BLOCKS ASSOCIATIONS ASSOCIATION GROUPBY HAVING ORDERBY"

static void put_source(struct work *w, const struct xpo_node *block, const struct xpo_node *parent);

/* Writes the members of a list; `block` may be NULL. */
static void put_list(struct work *w, const char *name, const struct xpo_node *block, struct str where,
                     void (*put)(struct work *, const struct xpo_node *, struct str))
{
    xml_open(w->xml, name, "");
    for (const struct xpo_node *n = block ? block->first : NULL; n; n = n->next)
        put(w, n, where);
    xml_close(w->xml);
}

static void put_simple(struct work *w, const struct xpo_node *n, struct str where, const char *element,
                       enum carry_part part)
{
    struct carry c;
    carry_begin(&c, w, n, where);
    xml_open(w->xml, element, "");
    struct str name = work_name(n), field = xpo_value(n, "Field");
    carry_take(&c, "Name");
    carry_put(&c, "Name", name.n > 0 ? name : field);
    carry_rows(&c, part);
    xml_close(w->xml);
    work_known(w, n, where, "");
    carry_end(&c);
}

void query_put_range(struct work *w, const struct xpo_node *range, struct str where)
{
    put_simple(w, range, where, "AxQuerySimpleDataSourceRange", PART_QUERY_RANGE);
}

static void put_order(struct work *w, const struct xpo_node *n, struct str where)
{
    put_simple(w, n, where, "AxQuerySimpleOrderByField", PART_QUERY_ORDER);
}

static void put_group(struct work *w, const struct xpo_node *n, struct str where)
{
    put_simple(w, n, where, "AxQuerySimpleGroupByField", PART_QUERY_GROUP);
}

static void put_having(struct work *w, const struct xpo_node *n, struct str where)
{
    put_simple(w, n, where, "AxQuerySimpleHavingPredicate", PART_QUERY_HAVING);
}

static void put_field_name(struct carry *c, const struct carry_row *row)
{
    struct str field = carry_take(c, row->from);
    carry_put(c, row->to, field.n > 0 ? field : work_name(c->node));
}

/* A field list that says Dynamic holds all fields: it is a property of the data source, not a field. */
static bool is_dynamic(const struct xpo_node *list)
{
    return list && work_same(xpo_value(list, "Dynamic"), "Yes");
}

static void put_field(struct work *w, const struct xpo_node *field, struct str where)
{
    struct carry c;
    carry_begin(&c, w, field, where);
    c.hand = put_field_name;
    xml_open(w->xml, "AxQuerySimpleDataSourceField", "");
    carry_name(&c);
    carry_rows(&c, PART_QUERY_FIELD);
    xml_close(w->xml);
    work_known(w, field, where, "");
    carry_end(&c);
}

/* A relation joins the data source around its own, unless it names another one. */
static void put_join(struct carry *c, const struct carry_row *row)
{
    struct str join = carry_take(c, row->from);
    carry_put(c, row->to, join.n > 0 ? join : *(const struct str *)c->ctx);
}

static struct str line_of(const struct xpo_node *relation, const char *keyword)
{
    const struct xpo_node *line = xpo_child(relation, keyword);
    return line ? line->name : (struct str){NULL, 0};
}

/*
 * A relation without properties: a line for each of its three names. The data source that has the relation is the one
 * with the details, and D365 calls its field the related one; `Field` is of the data source that is joined.
 */
static void put_lines(struct carry *c, const struct str *parent, unsigned place)
{
    struct str join = line_of(c->node, "JOINDATASOURCE");
    carry_put(c, "Name", work_text(c->w, "QueryDataSourceRelation%u", place));
    carry_put(c, "Field", line_of(c->node, "MASTERFIELD"));
    carry_put(c, "JoinDataSource", join.n > 0 ? join : *parent);
    carry_put(c, "RelatedField", line_of(c->node, "DETAILSFIELD"));
}

static void put_relation(struct work *w, const struct xpo_node *relation, struct str where, const struct str *parent,
                         unsigned place)
{
    struct carry c;
    carry_begin(&c, w, relation, where);
    c.hand = put_join;
    c.ctx = parent;
    xml_open(w->xml, "AxQuerySimpleDataSourceRelation", "");
    if (xpo_child(relation, "MASTERFIELD") || xpo_child(relation, "DETAILSFIELD")) {
        put_lines(&c, parent, place);
    } else {
        carry_name(&c);
        carry_rows(&c, PART_QUERY_RELATION);
    }
    xml_close(w->xml);
    work_known(w, relation, where, "JOINDATASOURCE MASTERFIELD DETAILSFIELD");
    carry_end(&c);
}

static void put_relations(struct work *w, const struct xpo_node *block, struct str where, struct str parent)
{
    const struct xpo_node *list = xpo_child(block, "ASSOCIATIONS");
    unsigned place = 1;
    xml_open(w->xml, "Relations", "");
    for (const struct xpo_node *r = list ? list->first : NULL; r; r = r->next)
        put_relation(w, r, where, &parent, place++);
    for (const struct xpo_node *r = xpo_child(block, "ASSOCIATION"); r; r = xpo_same(r))
        put_relation(w, r, where, &parent, place++);
    xml_close(w->xml);
}

static void by_hand(struct carry *c, const struct carry_row *row)
{
    const struct xpo_node *list = xpo_child(c->node, "FIELDLIST");
    bool any = list && list->first;
    if (is_dynamic(list) || !any)
        carry_puts(c, row->to, "Yes");
}

static void put_children(struct work *w, const struct xpo_node *block)
{
    const struct xpo_node *list = xpo_child(block, "BLOCKS");
    xml_open(w->xml, "DataSources", "");
    for (const struct xpo_node *b = list ? list->first : NULL; b; b = b->next)
        put_source(w, b, block);
    xml_close(w->xml);
}

static void put_fields(struct work *w, const struct xpo_node *block, struct str where)
{
    const struct xpo_node *list = xpo_child(block, "FIELDLIST");
    put_list(w, "Fields", list, where, put_field);
    if (!list)
        return;
    struct carry c;
    carry_begin(&c, w, list, where);
    carry_take(&c, "Dynamic");
    carry_end(&c);
}

/* What only a data source at the top has: the old one may stand at any depth. */
static void put_orders(struct work *w, const struct xpo_node *block, struct str where)
{
    const struct xpo_node *order = xpo_child(block, "ORDERBY");
    put_list(w, "GroupBy", xpo_child(block, "GROUPBY"), where, put_group);
    put_list(w, "Having", xpo_child(block, "HAVING"), where, put_having);
    put_list(w, "OrderBy", order && order->first ? order : xpo_child(block, "SORTING"), where, put_order);
}

static void tell_lost_orders(struct work *w, const struct xpo_node *block, struct str where)
{
    static const char *const lists[] = {"GROUPBY", "HAVING", "ORDERBY", "SORTING"};
    for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
        const struct xpo_node *list = xpo_child(block, lists[i]);
        for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next)
            work_tell(w, "M17", FINDING_TODO, where, n->line, "%s of %.*s belongs to the data source at the top",
                      lists[i], STR_ARG(work_name(n)));
    }
}

/* There is nothing that the data source at the top is joined to. */
static void leave_joins(struct carry *c)
{
    carry_take(c, "FetchMode");
    carry_take(c, "JoinMode");
    carry_take(c, "Relations");
}

static void put_source(struct work *w, const struct xpo_node *block, const struct xpo_node *parent)
{
    struct str where = work_path(w, "datasources", work_name(block));
    struct carry c;
    carry_begin(&c, w, block, where);
    c.hand = by_hand;
    xml_open(w->xml, parent ? "AxQuerySimpleEmbeddedDataSource" : "AxQuerySimpleRootDataSource", "");
    carry_name(&c);
    carry_rows(&c, PART_QUERY_SOURCE);
    put_children(w, block);
    work_empty(w, "DerivedDataSources");
    put_fields(w, block, where);
    put_list(w, "Ranges", xpo_child(block, "LINES"), where, query_put_range);
    if (parent) {
        carry_rows(&c, PART_QUERY_EMBEDDED);
        put_relations(w, block, where, work_name(parent));
        tell_lost_orders(w, block, where);
    } else {
        put_orders(w, block, where);
        leave_joins(&c);
    }
    xml_close(w->xml);
    work_known(w, block, where, SOURCE_BLOCKS);
    carry_end(&c);
}

void query_put_root(struct work *w, const struct xpo_node *block)
{
    put_source(w, block, NULL);
}

void query_put_code(struct work *w, const struct xpo_node *query, struct str name)
{
    const struct xpo_node *declaration = code_declaration(query);
    const char *head = arena_printf(w->arena, "[Query]\npublic class %.*s extends QueryRun", STR_ARG(name));
    struct str text = code_declaration_text(w, query);
    xml_open(w->xml, "SourceCode", "");
    xml_open(w->xml, "Methods", "");
    code_put_method(w, STR("classDeclaration"), code_new_head(w, text, head), 4);
    code_put_methods(w, query, 4);
    xml_close(w->xml);
    xml_close(w->xml);
    if (declaration)
        work_tell(w, "L31", FINDING_FIXED, STR("methods/classDeclaration"), declaration->line, "class %.*s",
                  STR_ARG(name));
}

/* The properties of dependents: a name and then what kind of object that is, one dependent behind the other. */
static void tell_dependents_of(struct work *w, const struct xpo_node *n)
{
    struct str name = STR("");
    for (uint32_t i = 0; i < n->n_props; i++) {
        const struct xpo_prop *p = &n->props[i];
        if (work_same(p->name, "Name"))
            name = p->value;
        else if (work_same(p->name, "DependentType"))
            work_tell(w, "M10", FINDING_FIXED, STR("dependents"), p->line, "dependent %.*s %.*s names the query itself",
                      STR_ARG(p->value), STR_ARG(name));
        else
            work_tell(w, "PROPERTY", FINDING_REPORTED, STR("dependents"), p->line, "property %.*s = %.*s",
                      STR_ARG(p->name), STR_ARG(p->value));
    }
}

/* Their properties stand at each DEPENDENT, which has no end, or at the list. */
void query_tell_dependents(struct work *w, const struct xpo_node *query)
{
    const struct xpo_node *list = xpo_child(query, "DEPENDENTS");
    if (list)
        tell_dependents_of(w, list);
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next)
        tell_dependents_of(w, n);
}

struct str query_put(struct work *w, const struct xpo_node *query)
{
    const struct xpo_node *blocks = xpo_child(query, "BLOCKS");
    struct carry c;
    carry_begin(&c, w, query, STR(""));
    struct str name = carry_name(&c);
    query_put_code(w, query, name);
    carry_rows(&c, PART_QUERY);
    xml_open(w->xml, "DataSources", "");
    for (const struct xpo_node *b = blocks ? blocks->first : NULL; b; b = b->next)
        query_put_root(w, b);
    xml_close(w->xml);
    query_tell_dependents(w, query);
    work_known(w, query, STR(""), "METHODS BLOCKS DEPENDENTS");
    carry_end(&c);
    return name;
}

void d365_write_query(struct work *w)
{
    const struct xpo_node *query = w->element->root;
    bool composite = query_is_composite(query);
    work_open(w, "AxQuery",
              composite ? "xmlns=\"\"\ni:type=\"AxQueryComposite\"" : "xmlns=\"\"\ni:type=\"AxQuerySimple\"");
    struct str name = composite ? query_put_composite(w, query) : query_put(w, query);
    work_close(w, "AxQuery", name);
}
