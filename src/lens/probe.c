#include "lens/probe.h"
#include "db/target.h"
#include "lens/capacity.h"
#include "lens/shape.h"

#define STORES "stores" /* sizing/stores.sql */
#define MEMBER "n1_member"

/* -- functions that the source does not have -- */

static bool is_foreign(const FuncCall *f)
{
    return f->n_funcname > 1 && strcmp(node_text(f->funcname[0]), "pg_catalog") != 0;
}

static bool find_foreign(void *ctx, Message *m)
{
    const char **found = ctx;
    if (MESSAGE_IS(m, func_call) && is_foreign((const FuncCall *)m))
        *found = node_text(((const FuncCall *)m)->funcname[((const FuncCall *)m)->n_funcname - 1]);
    return *found == NULL;
}

static const char *foreign_in(const void *any)
{
    const char *found = NULL;
    tree_walk(any, find_foreign, &found);
    return found;
}

/* Leaves out the outputs that call such functions. */
static const char *drop_outputs(SelectStmt *q, struct arena *a)
{
    SCOPED_BUF dropped = {0};
    size_t kept = 0;
    for (size_t i = 0; i < shape_n_outputs(q); i++) {
        if (!foreign_in(shape_output(q, i))) {
            q->target_list[kept++] = q->target_list[i];
            continue;
        }
        buf_printf(&dropped, "%s%s", dropped.n ? ", " : "", shape_output_name(q, i));
    }
    q->n_target_list = kept;
    return arena_dup(a, buf_text(&dropped));
}

/* -- a lens without its joins -- */

static const RangeVar *first_table(const SelectStmt *q)
{
    const Node *item = q->n_from_clause ? q->from_clause[0] : NULL;
    while (NODE_IS(item, JOIN_EXPR))
        item = item->join_expr->larg;
    return NODE_IS(item, RANGE_VAR) ? item->range_var : NULL;
}

static bool is_column_of(const Node *value, const char *alias)
{
    return NODE_IS(value, COLUMN_REF) && value->column_ref->n_fields == 2 &&
           strcmp(node_text(value->column_ref->fields[0]), alias) == 0;
}

/* What comes straight from the first table, of all its rows: a lens whose joins cannot be asked still says which
 * columns go where. NULL when nothing does. */
static SelectStmt *first_table_only(const SelectStmt *q, struct arena *a)
{
    const RangeVar *t = shape_is_union(q) ? NULL : first_table(q);
    SelectStmt *only = select_new(a);
    struct nodes from = {0}, targets = {0};
    if (!t)
        return NULL;
    const char *alias = t->alias ? t->alias->aliasname : t->relname;
    for (size_t i = 0; i < shape_n_outputs(q); i++)
        if (is_column_of(shape_output(q, i), alias))
            nodes_push(a, &targets, q->target_list[i]);
    nodes_push(a, &from, node_of(a, PG_QUERY__NODE__NODE_RANGE_VAR, (void *)t));
    only->n_target_list = targets.n;
    only->target_list = targets.p;
    only->n_from_clause = from.n;
    only->from_clause = from.p;
    return targets.n ? only : NULL;
}

/* -- the schemas of the source -- */

struct rename {
    char *schema, *none;
    bool members; /* it reads the table of groups */
};

static bool rename_table(void *ctx, Message *m)
{
    struct rename *r = ctx;
    if (!MESSAGE_IS(m, range_var))
        return true;
    PgQuery__RangeVar *v = (PgQuery__RangeVar *)m;
    if (strcmp(v->relname, MEMBER) == 0 && strcmp(v->schemaname, "carryover") == 0) {
        r->members = true;
        v->schemaname = r->none;
    } else if (strcmp(v->schemaname, TARGET_OLD) == 0) {
        v->schemaname = r->schema;
    }
    return true;
}

/* Who is in which group, before there is a registry. */
static const char *members_sql(const struct package *p, struct arena *a)
{
    const struct package_file *f = package_find(&p->sizing, STORES);
    return arena_printf(a, "with " MEMBER "(store, channel_group) as (%s) ",
                        f ? f->body : "select null::text, null::text where false");
}

static bool write_sql(const struct package *p, SelectStmt *q, struct arena *a, struct fit_lens *l, struct err *err)
{
    struct rename r = {.schema = arena_dup(a, p->source_schema), .none = arena_dup(a, "")};
    char *text = NULL;
    tree_walk(q, rename_table, &r);
    if (!tree_text(q, a, &text, err))
        return false;
    l->sql = r.members ? arena_printf(a, "%sselect * from (%s) lens", members_sql(p, a), text) : text;
    return true;
}

static bool probe(const struct package *p, const struct package_file *f, struct arena *a, struct fit_lens *l,
                  struct err *err)
{
    SelectStmt *q = NULL;
    *l = (struct fit_lens){
        .table = f->name, .path = f->path, .key = package_word(f, "key"), .unchecked = "", .everywhere = ""};
    if (!tree_parse(f->body, f->path, a, &q, err))
        return false;
    if (!shape_is_union(q))
        l->unchecked = drop_outputs(q, a);
    const char *foreign = foreign_in(q);
    if (!foreign)
        return write_sql(p, q, a, l, err);
    SelectStmt *only = first_table_only(q, a);
    l->unchecked = arena_printf(a, "%s, as the source lacks %s",
                                only ? "columns of other tables than its first" : "any column", foreign);
    return !only || write_sql(p, only, a, l, err);
}

static bool probe_all(const struct package *p, const struct package_files *files, struct arena *a,
                      struct fit_lenses *ret, struct err *err)
{
    ret->n = files->n;
    ret->p = arena_new_array(a, struct fit_lens, files->n + 1);
    for (size_t i = 0; i < files->n; i++)
        if (!probe(p, &files->p[i], a, &ret->p[i], err))
            return false;
    return true;
}

bool probe_up(const struct package *p, struct arena *a, struct fit_lenses *ret, struct err *err)
{
    return probe_all(p, &p->up, a, ret, err) && capacity_of_schema(p, a, ret, err);
}

bool probe_channel(const struct package *p, struct arena *a, struct fit_lenses *ret, struct err *err)
{
    if (!probe_all(p, &p->channel, a, ret, err))
        return false;
    for (size_t i = 0; i < ret->n; i++) {
        const char *scope = package_word(&p->channel.p[i], "scope");
        bool by_group = strcmp(scope, "group") == 0, by_store = strcmp(scope, "store") == 0;
        ret->p[i].by = by_group ? "channel_group" : by_store ? "channel_store" : NULL;
        ret->p[i].everywhere = ret->p[i].by ? "" : "every store";
    }
    return true;
}

/* -- down lenses -- */

static const RangeVar *find_table(const SelectStmt *q, const char *alias)
{
    bool nullable = false;
    const RangeVar *t = NULL;
    for (size_t i = 0; !t && i < q->n_from_clause; i++)
        t = shape_find_table(q->from_clause[i], alias, &nullable);
    return t;
}

static const struct fit_column *find_column(const struct fit_lenses *up, const char *table, const char *column)
{
    for (size_t i = 0; i < up->n; i++)
        for (size_t k = 0; strcmp(up->p[i].table, table) == 0 && k < up->p[i].n_columns; k++)
            if (strcmp(up->p[i].columns[k].name, column) == 0)
                return &up->p[i].columns[k];
    return NULL;
}

/* What the column of version N behind an output can hold; NULL when it is an expression. */
static const struct fit_column *column_behind(const SelectStmt *q, const Node *value, const struct fit_lenses *up)
{
    if (!NODE_IS(value, COLUMN_REF) || value->column_ref->n_fields != 2)
        return NULL;
    const RangeVar *t = find_table(q, node_text(value->column_ref->fields[0]));
    return t ? find_column(up, t->relname, node_text(value->column_ref->fields[1])) : NULL;
}

static void take_outputs(const SelectStmt *q, const struct fit_lenses *up, struct arena *a, struct fit_lens *l)
{
    l->columns = arena_new_array(a, struct fit_column, shape_n_outputs(q) + 1);
    for (size_t i = 0; i < shape_n_outputs(q); i++) {
        const struct fit_column *behind = column_behind(q, shape_output(q, i), up);
        if (!behind)
            continue;
        l->columns[l->n_columns] = *behind;
        l->columns[l->n_columns++].name = shape_output_name(q, i);
    }
}

bool probe_down(const struct package *p, const struct fit_lenses *up, struct arena *a, struct fit_lenses *ret,
                struct err *err)
{
    ret->n = p->down.n;
    ret->p = arena_new_array(a, struct fit_lens, ret->n + 1);
    for (size_t i = 0; i < ret->n; i++) {
        const struct package_file *f = &p->down.p[i];
        SelectStmt *q = NULL;
        ret->p[i] = (struct fit_lens){
            .table = f->name, .path = f->path, .key = package_word(f, "key"), .unchecked = "", .everywhere = ""};
        if (!tree_parse(f->body, f->path, a, &q, err))
            return false;
        if (!shape_is_union(q))
            take_outputs(q, up, a, &ret->p[i]);
    }
    return true;
}
