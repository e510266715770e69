#include "base/map.h"
#include "xpp/d365/code.h"
#include "xpp/d365/form.h"
#include <strings.h>

#define USERS_SHOWN 10 /* of a data source that is left out, in a finding */

/* A field of a data source: of the table, of the export, or of both. */
struct field {
    struct str name;
    const struct xpo_node *node;
};

const struct xpo_node *form_pool_of(const struct xpo_node *source)
{
    const struct xpo_node *pool = xpo_child(source, "OBJECTPOOL");
    return pool ? pool : source;
}

static const struct xpo_node *sources_of(const struct xpo_node *form)
{
    const struct xpo_node *bank = xpo_child(form, "OBJECTBANK");
    return bank ? bank->first : NULL;
}

static bool is_source(const struct xpo_node *n)
{
    return work_same(n->keyword, "DATASOURCE");
}

/* A data source for a table that extends the one of another data source; it stands beside it in the export. */
static bool is_derived(const struct xpo_node *n)
{
    return work_same(n->keyword, "DERIVEDDATASOURCE");
}

static void collect_sources(struct work *w, const struct xpo_node *form, struct map *by_name)
{
    for (const struct xpo_node *s = sources_of(form); s; s = s->next) {
        if (is_source(s) || is_derived(s))
            map_put(by_name, work_folded(w, work_name(form_pool_of(s))))->value = (void *)s;
    }
}

/* Whether it is a data source of its own, or what it extends leads to one. */
static bool is_rooted(struct work *w, const struct map *by_name, const struct xpo_node *source)
{
    for (int depth = 0; source && is_derived(source) && depth < FORM_DEPTH_MAX; depth++)
        source = map_get(by_name, work_folded(w, xpo_value(form_pool_of(source), "Extends")));
    return source && is_source(source);
}

static bool has_methods(const struct xpo_node *n)
{
    const struct xpo_node *methods = xpo_child(n, "METHODS");
    return methods && methods->first;
}

static void put_field_methods(struct work *w, const struct xpo_node *field)
{
    xml_open(w->xml, "Field", "");
    xml_leaf(w->xml, "DataField", work_name(field));
    code_put_list(w, field, 12);
    xml_close(w->xml);
}

static void put_one_source_methods(struct work *w, const struct xpo_node *source)
{
    const struct xpo_node *pool = form_pool_of(source), *fields = xpo_child(pool, "FIELDLIST");
    xml_open(w->xml, "DataSource", "");
    xml_leaf(w->xml, "Name", work_name(pool));
    code_put_list(w, source, 8);
    xml_open(w->xml, "Fields", "");
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next) {
        if (has_methods(f))
            put_field_methods(w, f);
    }
    xml_close(w->xml);
    xml_close(w->xml);
}

static bool has_code(const struct xpo_node *source)
{
    const struct xpo_node *fields = xpo_child(form_pool_of(source), "FIELDLIST");
    for (const struct xpo_node *f = fields ? fields->first : NULL; f; f = f->next) {
        if (has_methods(f))
            return true;
    }
    return has_methods(source);
}

void form_put_source_methods(struct work *w, const struct xpo_node *form)
{
    SCOPED(map) by_name = map_new();
    collect_sources(w, form, by_name);
    xml_open(w->xml, "DataSources", "xmlns=\"\"");
    for (const struct xpo_node *s = sources_of(form); s; s = s->next) {
        if (is_rooted(w, by_name, s) && has_code(s))
            put_one_source_methods(w, s);
    }
    xml_close(w->xml);
}

static int by_name(const void *a, const void *b)
{
    const struct field *x = a, *y = b;
    int order = strncasecmp(x->name.p, y->name.p, MIN(x->name.n, y->name.n));
    return order != 0 ? order : (x->name.n > y->name.n) - (x->name.n < y->name.n);
}

static void add_field(struct field *list, size_t *n, struct str name, const struct xpo_node *node)
{
    for (size_t i = 0; i < *n; i++) {
        if (!work_same_str(list[i].name, name))
            continue;
        list[i].node = node ? node : list[i].node;
        return;
    }
    list[(*n)++] = (struct field){name, node};
}

/* Every field of the table, with those that the kernel adds; of a table that nobody knows, what the export names. */
static size_t fields_of(struct work *w, const struct xpo_node *pool, struct field **ret_list)
{
    static const char *const system[] = {"DataAreaId", "Partition", "RecId", "TableId"};
    const struct symbols *all = w->job->symbols;
    struct str table = xpo_value(pool, "Table");
    const struct xpo_node *own = xpo_child(pool, "FIELDLIST");
    const struct symbol *t = symbols_find(all, SYMBOL_TABLE, table), *v = t ? t : symbols_find(all, SYMBOL_VIEW, table);
    size_t n = 0, most = (v ? v->n_members : 0) + ARRAY_LEN(system);
    for (const struct xpo_node *f = own ? own->first : NULL; f; f = f->next)
        most++;
    struct field *list = arena_new_array(w->arena, struct field, most);
    for (uint32_t i = 0; v && i < v->n_members; i++) {
        if (v->members[i].kind == MEMBER_FIELD)
            list[n++] = (struct field){v->members[i].name, NULL};
    }
    bool known = n > 0;
    for (size_t i = 0; known && i < ARRAY_LEN(system); i++)
        add_field(list, &n, str_of(system[i]), NULL);
    for (const struct xpo_node *f = own ? own->first : NULL; f; f = f->next)
        add_field(list, &n, work_name(f), f);
    if (!known)
        work_tell(w, "FORM", FINDING_TODO, work_path(w, "datasources", work_name(pool)), pool->line,
                  "fields of table %.*s are not known: the list of fields holds only those with changes",
                  STR_ARG(table));
    qsort(list, n, sizeof *list, by_name);
    *ret_list = list;
    return n;
}

static void put_field_name(struct carry *c, const struct carry_row *row)
{
    carry_put(c, row->to, work_name(c->node));
}

static void put_field(struct work *w, const struct field *f)
{
    xml_open(w->xml, "AxFormDataSourceField", "");
    if (!f->node) {
        xml_leaf(w->xml, "DataField", f->name);
        xml_close(w->xml);
        return;
    }
    struct carry c;
    carry_begin(&c, w, f->node, work_path(w, "datafields", f->name));
    c.hand = put_field_name;
    carry_take(&c, "Name");
    carry_rows(&c, PART_DATA_SOURCE_FIELD);
    xml_close(w->xml);
    work_known(w, f->node, c.where, "METHODS");
    carry_end(&c);
}

static void put_fields(struct work *w, const struct xpo_node *pool)
{
    struct field *list;
    size_t n = fields_of(w, pool, &list);
    xml_open(w->xml, "Fields", "");
    for (size_t i = 0; i < n; i++)
        put_field(w, &list[i]);
    xml_close(w->xml);
}

/* The pairs `source parent` of JOINS say it again, or alone. */
static void put_join(struct carry *c, const struct carry_row *row)
{
    struct str join = carry_take(c, row->from), name = work_name(c->node);
    const struct xpo_node *joins = c->ctx ? xpo_child(c->ctx, "JOINS") : NULL;
    for (const struct xpo_node *j = joins ? joins->first : NULL; j && join.n == 0; j = j->next) {
        if (work_same_str(j->keyword, name))
            join = j->word;
    }
    carry_put(c, row->to, join);
}

static void put_links(struct work *w, const struct xpo_node *source, struct str where)
{
    const struct xpo_node *links = xpo_child(source, "LINKTYPES");
    xml_open(w->xml, "DataSourceLinks", "");
    for (const struct xpo_node *l = links ? links->first : NULL; l; l = l->next) {
        const char *rule, *word = carry_word(SET_LINK_TYPE, l->word, &rule);
        if (!word) {
            work_tell(w, "VALUE", FINDING_TODO, where, l->line, "link %.*s %.*s", STR_ARG(l->keyword),
                      STR_ARG(l->word));
            continue;
        }
        xml_open(w->xml, "AxFormDataSourceRootLink", "");
        xml_leaf(w->xml, "Name", l->keyword);
        xml_leaf(w->xml, "LinkType", str_of(word));
        xml_close(w->xml);
    }
    xml_close(w->xml);
}

/* Data sources that refer to another one, or extend one. Each is written once, where it is found first. */
struct references {
    const struct xpo_node *list;
    bool *done, *placed; /* by their place in the list, and among the form's data sources */
};

static void put_referenced(struct work *w, const struct references *all, struct str parent, int depth);

static void put_one_referenced(struct work *w, const struct references *all, const struct xpo_node *reference,
                               int depth)
{
    const struct xpo_node *pool = form_pool_of(reference);
    struct carry c;
    carry_begin(&c, w, pool, work_path(w, "datasources", work_name(pool)));
    c.hand = put_join;
    xml_open(w->xml, "AxFormReferencedDataSource", "");
    struct str name = carry_name(&c);
    carry_put(&c, "Table", carry_take(&c, "Table"));
    put_fields(w, pool);
    put_referenced(w, all, name, depth + 1);
    carry_rows(&c, PART_DATA_SOURCE);
    xml_close(w->xml);
    carry_end(&c);
}

static void put_referenced(struct work *w, const struct references *all, struct str parent, int depth)
{
    size_t i = 0;
    xml_open(w->xml, "ReferencedDataSources", "");
    for (const struct xpo_node *r = all->list ? all->list->first : NULL; r; r = r->next, i++) {
        bool here = work_same_str(xpo_value(form_pool_of(r), "JoinSource"), parent);
        if (!here || all->done[i] || depth == FORM_DEPTH_MAX)
            continue;
        all->done[i] = true;
        put_one_referenced(w, all, r, depth);
    }
    xml_close(w->xml);
}

static struct references references_of(struct work *w, const struct xpo_node *form)
{
    struct references all = {.list = xpo_child(form, "REFERENCEDATASOURCES")};
    size_t n = 0;
    for (const struct xpo_node *r = all.list ? all.list->first : NULL; r; r = r->next)
        n++;
    all.done = arena_new_array(w->arena, bool, n + 1);
    n = 0;
    for (const struct xpo_node *s = sources_of(form); s; s = s->next)
        n++;
    all.placed = arena_new_array(w->arena, bool, n + 1);
    return all;
}

static void put_derived(struct work *w, const struct xpo_node *form, const struct references *all, struct str parent,
                        int depth);

static void put_one_derived(struct work *w, const struct xpo_node *form, const struct references *all,
                            const struct xpo_node *source, int depth)
{
    const struct xpo_node *pool = form_pool_of(source);
    struct carry c;
    carry_begin(&c, w, pool, work_path(w, "datasources", work_name(pool)));
    xml_open(w->xml, "AxFormDerivedDataSource", "");
    struct str name = carry_name(&c);
    carry_put(&c, "Table", carry_take(&c, "Table"));
    carry_take(&c, "Extends");
    put_fields(w, pool);
    put_referenced(w, all, name, 0);
    put_derived(w, form, all, name, depth + 1);
    xml_close(w->xml);
    work_known(w, source, c.where, pool == source ? "METHODS LINKTYPES FIELDLIST" : "OBJECTPOOL METHODS LINKTYPES");
    carry_end(&c);
}

/* Source of the members and their order: AxFormDataSourceDerived of the metamodel. */
static void put_derived(struct work *w, const struct xpo_node *form, const struct references *all, struct str parent,
                        int depth)
{
    size_t i = 0;
    xml_open(w->xml, "DerivedDataSources", "");
    for (const struct xpo_node *s = sources_of(form); s && depth < FORM_DEPTH_MAX; s = s->next, i++) {
        if (!is_derived(s) || all->placed[i] || !work_same_str(xpo_value(form_pool_of(s), "Extends"), parent))
            continue;
        all->placed[i] = true;
        put_one_derived(w, form, all, s, depth);
    }
    xml_close(w->xml);
}

void form_put_source(struct work *w, const struct xpo_node *form, const struct xpo_node *source)
{
    const struct xpo_node *pool = form_pool_of(source);
    struct str where = work_path(w, "datasources", work_name(pool));
    struct references all = references_of(w, form);
    struct carry c;
    carry_begin(&c, w, pool, where);
    c.hand = put_join;
    c.ctx = form;
    xml_open(w->xml, "AxFormDataSource", "xmlns=\"\"");
    struct str name = carry_name(&c);
    carry_put(&c, "Table", carry_take(&c, "Table"));
    put_fields(w, pool);
    put_referenced(w, &all, name, 0);
    carry_rows(&c, PART_DATA_SOURCE);
    carry_rows(&c, PART_DATA_SOURCE_ROOT);
    carry_rows(&c, PART_DATA_SOURCE_MORE);
    put_links(w, source, where);
    put_derived(w, form, &all, name, 0);
    xml_close(w->xml);
    work_known(w, pool, where, pool == source ? "METHODS LINKTYPES FIELDLIST" : "FIELDLIST");
    if (pool != source)
        work_known(w, source, where, "OBJECTPOOL METHODS LINKTYPES");
    carry_end(&c);
}

/* Puts the names of what is below a node and has this data source as a property, until there are enough of them. */
static void name_users(const struct xpo_node *n, struct str source, struct buf *names, unsigned *left)
{
    static const char *const properties[] = {"JoinSource", "Extends", "DataSource"};
    for (n = n->first; n && *left > 0; n = n->next) {
        bool uses = false;
        for (size_t i = 0; i < ARRAY_LEN(properties); i++)
            uses |= work_same_str(xpo_value(n, properties[i]), source);
        if (uses) {
            buf_printf(names, "%s%.*s", names->n > 0 ? ", " : "", STR_ARG(work_name(n)));
            --*left;
        }
        name_users(n, source, names, left);
    }
}

static void tell_lost(struct work *w, const struct xpo_node *form, const struct xpo_node *source)
{
    const struct xpo_node *pool = form_pool_of(source);
    struct str name = work_name(pool);
    SCOPED_BUF users = {0};
    unsigned left = USERS_SHOWN;
    name_users(form, name, &users, &left);
    if (users.n == 0)
        buf_puts(&users, "nothing");
    work_tell(w, "FORM", FINDING_TODO, work_path(w, "datasources", name), source->line,
              "%.*s extends %.*s, which is not there: it is left out, but named by %.*s", STR_ARG(name),
              STR_ARG(xpo_value(pool, "Extends")), STR_ARG(buf_str(&users)));
}

void form_put_sources(struct work *w, const struct xpo_node *form)
{
    SCOPED(map) by_name = map_new();
    collect_sources(w, form, by_name);
    xml_open(w->xml, "DataSources", "");
    for (const struct xpo_node *s = sources_of(form); s; s = s->next) {
        if (is_source(s))
            form_put_source(w, form, s);
        else if (is_derived(s) && !is_rooted(w, by_name, s))
            tell_lost(w, form, s);
    }
    xml_close(w->xml);
}
