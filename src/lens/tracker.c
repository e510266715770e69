#include "lens/tracker.h"
#include "base/name.h"
#include "lens/cover.h"
#include "lens/images.h"

struct uses {
    const RangeVar **p;
    size_t n, cap;
};

static bool use_visit(void *ctx, Message *m)
{
    struct uses *u = ctx;
    if (MESSAGE_IS(m, range_var))
        *vec_push(u) = (RangeVar *)m;
    return true;
}

static struct tracker *add(struct arena *a, struct trackers *list)
{
    if (list->n == list->cap) {
        list->cap = list->cap ? 2 * list->cap : 8;
        struct tracker *p = arena_alloc(a, list->cap * sizeof *p);
        if (list->n)
            memcpy(p, list->p, list->n * sizeof *p);
        list->p = p;
    }
    return &list->p[list->n++];
}

/* -- keys straight from the stage -- */

static bool is_key_column(const struct catalog_table *t, const char *column)
{
    for (size_t i = 0; i < t->n_key; i++)
        if (strcmp(t->key[i], column) == 0)
            return true;
    return false;
}

static bool has_peers(const SelectStmt *q)
{
    struct nodes partition;
    bool same;
    return shape_is_limited(q) || shape_is_distinct_on(q) || shape_window(q, &partition, &same);
}

static bool stands_in_from(const SelectStmt *q, const RangeVar *use)
{
    bool nullable = false;
    for (size_t i = 0; i < q->n_from_clause; i++)
        if (shape_find_table(q->from_clause[i], use->alias ? use->alias->aliasname : use->relname, &nullable) == use)
            return true;
    return false;
}

/* The lens key is made of key columns of this very table, so that no join is needed to know it. */
static bool is_direct(const struct tracker_spec *spec, const struct catalog_table *t, const RangeVar *use)
{
    const SelectStmt *q = spec->query;
    if (shape_is_union(q) || has_peers(q) || !stands_in_from(q, use))
        return false;
    for (size_t i = 0; i < spec->n_key; i++) {
        const Node *e = shape_output(q, (size_t)shape_find_output(q, spec->key[i]));
        if (!NODE_IS(e, COLUMN_REF) || e->column_ref->n_fields != 2 ||
            strcmp(node_text(e->column_ref->fields[0]), use->alias ? use->alias->aliasname : use->relname) != 0 ||
            !is_key_column(t, node_text(e->column_ref->fields[1])))
            return false;
    }
    return true;
}

static SelectStmt *direct_query(struct arena *a, const struct tracker_spec *spec, const struct catalog_table *t)
{
    const char *stage = cover_stage(a, t->name);
    SelectStmt *q = select_new(a);
    struct nodes targets = {0}, from = {0};
    for (size_t i = 0; i < spec->n_key; i++) {
        const Node *e = shape_output(spec->query, (size_t)shape_find_output(spec->query, spec->key[i]));
        Node *column = node_column(a, stage, node_text(e->column_ref->fields[1]));
        nodes_push(a, &targets, node_target(a, column, NULL));
    }
    nodes_push(a, &from, node_table(a, "pg_temp", stage, NULL));
    q->target_list = targets.p;
    q->n_target_list = targets.n;
    q->from_clause = from.p;
    q->n_from_clause = from.n;
    return q;
}

/* -- keys through the lens -- */

static bool check_key(const struct covers *c, const struct tracker_spec *spec, const RangeVar *use, struct err *err)
{
    for (size_t i = 0; i < spec->n_key; i++)
        if (c->tainted[shape_find_output(spec->query, spec->key[i])])
            return err_set(
                err, ERR_LENS_CONSTRUCT,
                "the key column %s is the result of an aggregate, a window function or a scalar subquery over "
                "%s.%s; make the key of columns of the tables",
                spec->key[i], use->schemaname, use->relname);
    return true;
}

static SelectStmt *only_key(struct arena *a, const SelectStmt *cover, const struct tracker_spec *spec)
{
    SelectStmt *q = arena_alloc_raw(a, sizeof *q);
    struct nodes targets = {0};
    *q = *cover;
    for (size_t i = 0; i < spec->n_key; i++)
        nodes_push(a, &targets, cover->target_list[shape_find_output(spec->query, spec->key[i])]);
    q->target_list = targets.p;
    q->n_target_list = targets.n;
    return q;
}

static bool covers_of(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec, const RangeVar *use,
                      struct covers *ret, struct err *err)
{
    struct cover_ctx ctx = {a, cat, 0};
    bool *needed = arena_new_array(a, bool, shape_n_outputs(spec->query) + 1);
    for (size_t i = 0; i < spec->n_key; i++)
        needed[shape_find_output(spec->query, spec->key[i])] = true;
    return cover_select(&ctx, spec->query, use, needed, ret, err) && check_key(ret, spec, use, err);
}

static void make_distinct(struct arena *a, SelectStmt *q)
{
    struct nodes plain = {0};
    nodes_push(a, &plain, node_of(a, PG_QUERY__NODE__NODE__NOT_SET, NULL));
    q->distinct_clause = plain.p;
    q->n_distinct_clause = plain.n;
}

/* -- statements -- */

static bool put_statement(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec, SelectStmt *q,
                          const char **ret, struct err *err)
{
    SCOPED_BUF b = {0};
    char *text = NULL;
    if (spec->after_the_fact)
        q = images_extend(a, cat, q);
    if (!tree_text(q, a, &text, err))
        return false;
    buf_puts(&b, "INSERT INTO ");
    name_put(&b, spec->dirty_schema);
    buf_putc(&b, '.');
    name_put(&b, spec->dirty_table);
    for (size_t i = 0; i < spec->n_key; i++) {
        buf_puts(&b, i ? ", " : " (");
        name_put(&b, spec->key[i]);
    }
    buf_printf(&b, ") %s", text);
    *ret = arena_dup(a, b.p);
    return true;
}

/* All uses of one table: those that need the lens become one statement, the direct ones another. */
static bool make_for_table(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec,
                           const struct catalog_table *t, const struct uses *uses, struct trackers *ret,
                           struct err *err)
{
    SelectStmt *all = NULL, *direct = NULL;
    size_t n = 0;
    for (size_t i = 0; i < uses->n; i++) {
        const RangeVar *use = uses->p[i];
        struct covers c = {0};
        if (catalog_table(cat, use->schemaname, use->relname) != t)
            continue;
        if (is_direct(spec, t, use)) {
            direct = direct_query(a, spec, t);
            continue;
        }
        if (!covers_of(a, cat, spec, use, &c, err))
            return false;
        for (size_t k = 0; k < c.n; k++, n++) {
            SelectStmt *q = only_key(a, c.p[k], spec);
            all = all ? select_union(a, all, q, false) : q;
        }
    }
    if (n == 1)
        make_distinct(a, all);
    if (direct)
        *add(a, ret) = (struct tracker){t, NULL, true, 1};
    if (direct && !put_statement(a, cat, spec, direct, &ret->p[ret->n - 1].sql, err))
        return false;
    if (all)
        *add(a, ret) = (struct tracker){t, NULL, false, n};
    return !all || put_statement(a, cat, spec, all, &ret->p[ret->n - 1].sql, err);
}

static bool is_done(const struct trackers *list, const struct catalog_table *t)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].table == t)
            return true;
    return false;
}

static bool make_all(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec,
                     const struct uses *uses, struct trackers *ret, struct err *err)
{
    for (size_t i = 0; i < uses->n; i++) {
        const RangeVar *use = uses->p[i];
        const struct catalog_table *t = catalog_table(cat, use->schemaname, use->relname);
        if (!t)
            return err_set(err, ERR_PACKAGE, "%s%s%s is no table that a lens can read", use->schemaname,
                           *use->schemaname ? "." : "", use->relname);
        if (is_done(ret, t))
            continue;
        if (t->n_key == 0)
            *add(a, ret) = (struct tracker){t, NULL, false, 0};
        else if (!make_for_table(a, cat, spec, t, uses, ret, err))
            return false;
    }
    return true;
}

bool tracker_make(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec, struct trackers *ret,
                  struct err *err)
{
    struct uses uses = {0};
    tree_walk(spec->query, use_visit, &uses);
    bool ok = make_all(a, cat, spec, &uses, ret, err);
    vec_done(&uses);
    return ok;
}
