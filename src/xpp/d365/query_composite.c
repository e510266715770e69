#include "xpp/d365/query_composite.h"
#include "xpp/d365/query.h"

static const struct xpo_node *composites_of(const struct xpo_node *query)
{
    const struct xpo_node *list = xpo_child(query, "COMPOSITEQUERIES");
    return list ? list->first : NULL;
}

bool query_is_composite(const struct xpo_node *query)
{
    return composites_of(query) != NULL;
}

static bool is_list(const struct xpo_node *n)
{
    return work_same(n->keyword, "COMPOSITEQUERYRANGES") || work_same(n->keyword, "COMPOSITEQUERYHAVINGS");
}

/* A word on a line of its own: a name. */
static struct str name_of_line(const struct xpo_node *n)
{
    return n->name.n > 0 ? n->name : n->keyword;
}

/* The query that is built upon: behind the keyword, as a property, or on the first line. */
static struct str query_of(struct carry *c)
{
    const struct xpo_node *composite = c->node;
    struct str name = composite->name.n > 0 ? composite->name : composite->word, query = carry_take(c, "Query");
    struct str own = carry_take(c, "Name");
    if (name.n == 0)
        name = query.n > 0 ? query : own;
    for (const struct xpo_node *n = composite->first; n && name.n == 0; n = n->next) {
        if (!is_list(n))
            name = name_of_line(n);
    }
    return name;
}

static void put_range(struct work *w, const struct xpo_node *range, struct str source)
{
    struct carry c;
    carry_begin(&c, w, range, work_path(w, "ranges", work_name(range)));
    xml_open(w->xml, "AxQueryCompositeRange", "");
    carry_name(&c);
    carry_put(&c, "DataSource", source);
    carry_rows(&c, PART_QUERY_RANGE);
    xml_close(w->xml);
    work_known(w, range, c.where, "");
    carry_end(&c);
}

/* How the members of a predicate are called is not known: a person sets it. */
static void tell_having(struct work *w, const struct xpo_node *having, struct str source)
{
    work_tell(w, "M19", FINDING_TODO, STR("havings"), having->line, "having %.*s of %.*s is not carried",
              STR_ARG(work_name(having)), STR_ARG(source));
}

/* A list names a data source of the query on a line, and then what belongs to it: LINES or HAVING. */
static void put_members(struct work *w, const struct xpo_node *list, const char *block,
                        void (*put)(struct work *, const struct xpo_node *, struct str))
{
    struct str source = {0};
    for (const struct xpo_node *n = list ? list->first : NULL; n; n = n->next) {
        if (!work_same(n->keyword, block))
            source = name_of_line(n);
        for (const struct xpo_node *m = n->first; m; m = m->next)
            put(w, m, source);
    }
}

static void put_one(struct work *w, const struct xpo_node *composite)
{
    struct carry c;
    carry_begin(&c, w, composite, STR("composite"));
    struct str query = query_of(&c);
    carry_put(&c, "Query", query);
    work_empty(w, "Havings");
    xml_open(w->xml, "Ranges", "");
    put_members(w, xpo_child(composite, "COMPOSITEQUERYRANGES"), "LINES", put_range);
    xml_close(w->xml);
    put_members(w, xpo_child(composite, "COMPOSITEQUERYHAVINGS"), "HAVING", tell_having);
    if (query.n > 0)
        carry_tell(&c, "M17", FINDING_FIXED, "composite of query %.*s", STR_ARG(query));
    else
        carry_tell(&c, "M19", FINDING_TODO, "the query that it is built upon has no name here");
    carry_end(&c);
}

/* D365 takes one query, and no data sources beside it. */
static void tell_others(struct work *w, const struct xpo_node *query)
{
    const struct xpo_node *blocks = xpo_child(query, "BLOCKS");
    for (const struct xpo_node *n = composites_of(query)->next; n; n = n->next) {
        struct carry c;
        carry_begin(&c, w, n, STR("composite"));
        carry_tell(&c, "M19", FINDING_TODO, "query %.*s is the second one: it is left out", STR_ARG(query_of(&c)));
    }
    for (const struct xpo_node *b = blocks ? blocks->first : NULL; b; b = b->next)
        work_tell(w, "M19", FINDING_TODO, work_path(w, "datasources", work_name(b)), b->line,
                  "data source %.*s stands beside the query: it is left out", STR_ARG(work_name(b)));
}

struct str query_put_composite(struct work *w, const struct xpo_node *query)
{
    struct carry c;
    carry_begin(&c, w, query, STR(""));
    struct str name = carry_name(&c);
    query_put_code(w, query, name);
    put_one(w, composites_of(query));
    tell_others(w, query);
    query_tell_dependents(w, query);
    carry_rows(&c, PART_QUERY_COMPOSITE);
    work_known(w, query, STR(""), "METHODS BLOCKS COMPOSITEQUERIES DEPENDENTS");
    carry_end(&c);
    return name;
}
