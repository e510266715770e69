#include "xpp/d365/rdl.h"
#include "base/map.h"
#include <libxml/parser.h>
#include <libxml/tree.h>

struct data {
    struct work *w;
    xmlNode *report;   /* of the layout at hand */
    struct map *taken; /* names of data sets, then of parameters, that are written */
    unsigned sets, parameters;
};

/* ---- reading ---- */

/* The next element of this name from `n` on, in whatever namespace. */
static xmlNode *find(xmlNode *n, const char *name)
{
    while (n && (n->type != XML_ELEMENT_NODE || strcmp((const char *)n->name, name) != 0))
        n = n->next;
    return n;
}

static xmlNode *child(const xmlNode *n, const char *name)
{
    return n ? find(n->children, name) : NULL;
}

#define each_child(n, list, name) for (xmlNode *n = child(list, name); n; n = find(n->next, name))

static struct str kept(struct work *w, xmlChar *text)
{
    struct str s = str_trim(str_of(text ? (const char *)text : ""));
    s = (struct str){arena_dup_str(w->arena, s), s.n};
    xmlFree(text);
    return s;
}

static struct str text_of(struct work *w, const xmlNode *n, const char *name)
{
    const xmlNode *c = child(n, name);
    return c ? kept(w, xmlNodeGetContent(c)) : STR("");
}

static struct str name_of(struct work *w, xmlNode *n)
{
    return kept(w, xmlGetNoNsProp(n, (const xmlChar *)"Name"));
}

static bool has_name(xmlNode *n, struct str name)
{
    xmlChar *own = xmlGetNoNsProp(n, (const xmlChar *)"Name");
    bool has = own && work_same_str(str_of((const char *)own), name);
    xmlFree(own);
    return has;
}

static bool is_true(struct str text)
{
    return work_same(text, "true");
}

static void tell(struct data *d, const char *rule, const char *folder, struct str name, const char *what,
                 struct str more)
{
    work_tell(d->w, rule, FINDING_TODO, work_path(d->w, folder, name), d->w->element->line, "%s%.*s", what,
              STR_ARG(more));
}

/* False for the second one of a name; when that is made of something else, it is told. */
static bool take(struct data *d, const char *folder, struct str name, struct str of)
{
    struct map_entry *e = map_put(d->taken, work_folded(d->w, name));
    const char *before = e->value;
    if (!before) {
        e->value = arena_dup_str(d->w->arena, of);
        return true;
    }
    if (!str_is(of, before))
        tell(d, "M12a", folder, name, "there is one of this name already, and this one is another: ", of);
    return false;
}

/* ---- data sets ---- */

/* Who fills the data set, in the words of the layout: "AXQUERY". */
static struct str provider_of(struct data *d, const xmlNode *query)
{
    struct str source = text_of(d->w, query, "DataSourceName");
    each_child(n, child(d->report, "DataSources"), "DataSource")
    {
        const xmlNode *connection = has_name(n, source) ? child(n, "ConnectionProperties") : NULL;
        if (child(connection, "DataProvider"))
            return text_of(d->w, connection, "DataProvider");
    }
    return source;
}

static const char *type_of(struct str provider)
{
    static const struct {
        const char *provider, *type;
    } types[] = {{"AXREPORTDATAPROVIDER", "ReportDataProvider"},
                 {"AutoGen__ReportDataProvider", "ReportDataProvider"},
                 {"AXQUERY", "Query"},
                 {"AutoGen__Query", "Query"}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (work_same(provider, types[i].provider))
            return types[i].type;
    return NULL;
}

/* A field that is computed by an expression has no column of the data. */
static void put_field(struct data *d, struct str set, xmlNode *field)
{
    struct xml *x = d->w->xml;
    struct str name = name_of(d->w, field), alias = text_of(d->w, field, "DataField");
    if (alias.n == 0) {
        tell(d, "M12a", "datasets", set, "the computed field stays in the layout only: ", name);
        return;
    }
    xml_open(x, "AxReportDataSetField", "");
    xml_leaf(x, "Name", name);
    xml_leaf(x, "Alias", alias);
    if (text_of(d->w, field, "TypeName").n)
        xml_leaf(x, "DataType", text_of(d->w, field, "TypeName"));
    xml_leaf(x, "DisplayWidth", STR("Auto"));
    xml_leaf(x, "UserDefined", STR("false"));
    xml_close(x);
}

/* "=Parameters!X.Value" -> X; empty when it is anything else. */
static struct str parameter_of(struct str value)
{
    static const char begin[] = "=Parameters!";
    if (!str_starts(value, begin))
        return STR("");
    struct str rest = {value.p + sizeof begin - 1, value.n - (sizeof begin - 1)};
    struct str name = str_split(&rest, '.');
    return work_same(rest, "Value") ? name : STR("");
}

static void put_set_parameter(struct data *d, struct str set, xmlNode *n)
{
    struct xml *x = d->w->xml;
    struct str name = name_of(d->w, n), parameter = parameter_of(text_of(d->w, n, "Value"));
    if (parameter.n == 0) {
        tell(d, "M12a", "datasets", set, "the parameter is given by an expression: ", name);
        return;
    }
    xml_open(x, "AxReportDataSetParameter", "");
    xml_leaf(x, "Name", name);
    xml_leaf(x, "Alias", name);
    xml_leaf(x, "DataType", STR("System.String"));
    xml_leaf(x, "Parameter", parameter);
    xml_close(x);
}

static void put_set(struct data *d, xmlNode *set)
{
    struct xml *x = d->w->xml;
    const xmlNode *query = child(set, "Query");
    struct str name = name_of(d->w, set), provider = provider_of(d, query);
    const char *type = type_of(provider);
    if (!take(d, "datasets", name, text_of(d->w, query, "CommandText")))
        return;
    if (!type) {
        tell(d, "M12", "datasets", name, "the data set is to be added by hand, its data come from ", provider);
        return;
    }
    d->sets++;
    xml_open(x, "AxReportDataSet", "xmlns=\"\"");
    xml_leaf(x, "Name", name);
    xml_leaf(x, "DataSourceType", str_of(type));
    xml_leaf(x, "Query", text_of(d->w, query, "CommandText"));
    xml_empty(x, "FieldGroups", "");
    xml_open(x, "Fields", "");
    each_child(f, child(set, "Fields"), "Field") put_field(d, name, f);
    xml_close(x);
    xml_open(x, "Parameters", "");
    each_child(p, child(query, "QueryParameters"), "QueryParameter") put_set_parameter(d, name, p);
    xml_close(x);
    xml_close(x);
}

/* ---- parameters ---- */

static const char *data_type_of(struct str type)
{
    static const struct {
        const char *rdl, *type;
    } types[] = {{"Boolean", "System.Boolean"},
                 {"DateTime", "System.DateTime"},
                 {"Integer", "System.Int32"},
                 {"Float", "System.Double"}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (work_same(type, types[i].rdl))
            return types[i].type;
    return NULL;
}

static void put_flag(struct data *d, const xmlNode *n, const char *name)
{
    if (is_true(text_of(d->w, n, name)))
        xml_leaf(d->w->xml, name, STR("true"));
}

static void put_parameter(struct data *d, xmlNode *n)
{
    struct xml *x = d->w->xml;
    struct str name = name_of(d->w, n), prompt = text_of(d->w, n, "Prompt");
    const char *type = data_type_of(text_of(d->w, n, "DataType"));
    bool hidden = is_true(text_of(d->w, n, "Hidden"));
    if (!take(d, "parameters", name, text_of(d->w, n, "DataType")))
        return;
    d->parameters++;
    xml_open(x, "AxReportParameterBase", "xmlns=\"\"\ni:type=\"AxReportParameter\"");
    xml_leaf(x, "Name", name);
    put_flag(d, n, "AllowBlank");
    if (type)
        xml_leaf(x, "DataType", str_of(type));
    put_flag(d, n, "Nullable");
    if (!hidden && prompt.n && !work_same_str(prompt, name))
        xml_leaf(x, "PromptString", prompt);
    if (hidden)
        xml_leaf(x, "UserVisibility", STR("Hidden"));
    xml_empty(x, "DefaultValue", "");
    xml_empty(x, "Values", "");
    xml_close(x);
    if (is_true(text_of(d->w, n, "MultiValue")))
        tell(d, "M12a", "parameters", name, "it takes several values: set that by hand", STR(""));
    if (child(n, "DefaultValue") || child(n, "ValidValues"))
        tell(d, "M12a", "parameters", name, "its values stay in the layout only", STR(""));
}

/* ---- all layouts ---- */

static void put_sets(struct data *d)
{
    each_child(n, child(d->report, "DataSets"), "DataSet") put_set(d, n);
}

static void put_parameters(struct data *d)
{
    each_child(n, child(d->report, "ReportParameters"), "ReportParameter") put_parameter(d, n);
}

static void over_all(struct data *d, xmlDoc **docs, size_t n, void (*put)(struct data *d))
{
    map_reset(d->taken);
    for (size_t i = 0; i < n; i++) {
        d->report = docs[i] ? xmlDocGetRootElement(docs[i]) : NULL;
        if (d->report)
            put(d);
    }
}

static xmlDoc *read_layout(struct work *w, struct str text)
{
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    text = str_trim(text);
    xmlDoc *doc = text.n < INT32_MAX ? xmlReadMemory(text.p, (int)text.n, "rdl", NULL, options) : NULL;
    if (!doc)
        work_tell(w, "M12a", FINDING_TODO, STR("designs"), w->element->line,
                  "the layout cannot be read: its data sets are to be added by hand");
    return doc;
}

void rdl_put_data(struct work *w, const struct str *rdl, size_t n)
{
    SCOPED(map) taken = map_new();
    struct data d = {.w = w, .taken = taken};
    xmlDoc **docs = arena_new_array(w->arena, xmlDoc *, n + 1);
    for (size_t i = 0; i < n; i++)
        docs[i] = read_layout(w, rdl[i]);
    xml_open(w->xml, "DataSets", "");
    over_all(&d, docs, n, put_sets);
    xml_close(w->xml);
    xml_open(w->xml, "DefaultParameterGroup", "");
    xml_leaf_with(w->xml, "Name", "xmlns=\"\"", STR("Parameters"));
    xml_open(w->xml, "ReportParameterBases", "xmlns=\"\"");
    over_all(&d, docs, n, put_parameters);
    xml_close(w->xml);
    xml_close(w->xml);
    for (size_t i = 0; i < n; i++)
        xmlFreeDoc(docs[i]);
    if (n == 0)
        work_tell(w, "M12a", FINDING_TODO, STR("designs"), w->element->line,
                  "there is no layout: the data sets are to be added by hand");
    if (d.sets + d.parameters)
        work_tell(w, "M12a", FINDING_FIXED, STR(""), w->element->line,
                  "%u data sets and %u parameters were read from the layout", d.sets, d.parameters);
}
