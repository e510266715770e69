#include "lens/tree.h"
#include <pg_query.h>

static void *arena_of(void *a, size_t n)
{
    return arena_alloc(a, n);
}

static void keep(void *a, void *p)
{
    (void)a, (void)p; /* the arena is freed as a whole */
}

static bool first_select(PgQuery__ParseResult *r, SelectStmt **ret)
{
    if (!r || r->n_stmts != 1 || !NODE_IS(r->stmts[0]->stmt, SELECT_STMT))
        return false;
    *ret = r->stmts[0]->stmt->select_stmt;
    return true;
}

bool tree_parse(const char *sql, const char *what, struct arena *a, SelectStmt **ret, struct err *err)
{
    PgQueryProtobufParseResult r = pg_query_parse_protobuf(sql);
    bool ok = !r.error;
    if (r.error)
        err_set(err, ERR_PACKAGE, "%s: %s at character %d", what, r.error->message, r.error->cursorpos);
    if (ok) {
        ProtobufCAllocator in_arena = {arena_of, keep, a};
        PgQuery__ParseResult *parsed =
            pg_query__parse_result__unpack(&in_arena, r.parse_tree.len, (const uint8_t *)r.parse_tree.data);
        ok = first_select(parsed, ret) || err_set(err, ERR_PACKAGE, "%s: it is not one select statement", what);
    }
    pg_query_free_protobuf_parse_result(r);
    return ok;
}

static int line_of(const char *text, int byte)
{
    int line = 1;
    for (int i = 0; i < byte && text[i]; i++)
        line += text[i] == '\n';
    return line;
}

bool tree_parse_script(const char *sql, const char *path, struct arena *a, PgQuery__ParseResult **ret, struct err *err)
{
    PgQueryProtobufParseResult r = pg_query_parse_protobuf(sql);
    ProtobufCAllocator in_arena = {arena_of, keep, a};
    bool ok =
        !r.error || err_set(err, ERR_PACKAGE, "%s:%d: %s", path, line_of(sql, r.error->cursorpos), r.error->message);
    if (ok)
        *ret = pg_query__parse_result__unpack(&in_arena, r.parse_tree.len, (const uint8_t *)r.parse_tree.data);
    pg_query_free_protobuf_parse_result(r);
    return ok;
}

bool tree_text(const SelectStmt *q, struct arena *a, char **ret, struct err *err)
{
    PgQuery__RawStmt raw = PG_QUERY__RAW_STMT__INIT;
    raw.stmt = node_select(a, (SelectStmt *)q);
    PgQuery__RawStmt *stmts[] = {&raw};
    PgQuery__ParseResult result = PG_QUERY__PARSE_RESULT__INIT;
    result.version = PG_VERSION_NUM;
    result.n_stmts = 1;
    result.stmts = stmts;
    size_t n = pg_query__parse_result__get_packed_size(&result);
    uint8_t *packed = arena_alloc_raw(a, n + 1);
    pg_query__parse_result__pack(&result, packed);
    PgQueryDeparseResult r = pg_query_deparse_protobuf((PgQueryProtobuf){n, (char *)packed});
    bool ok = !r.error || err_set(err, ERR_PACKAGE, "a query cannot be written as text: %s", r.error->message);
    if (ok)
        *ret = arena_dup(a, r.query);
    pg_query_free_deparse_result(r);
    return ok;
}

/* -- looking through a tree -- */

Message *tree_inner(const Node *n)
{
    return n && n->node_case ? (Message *)n->alias : NULL; /* every member of the union is a pointer to a message */
}

static Message **field_messages(const Message *m, const ProtobufCFieldDescriptor *f, size_t *ret_n)
{
    char *base = (char *)m;
    *ret_n = 0;
    if (f->type != PROTOBUF_C_TYPE_MESSAGE)
        return NULL;
    if (f->label == PROTOBUF_C_LABEL_REPEATED) {
        *ret_n = *(size_t *)(base + f->quantifier_offset);
        return *(Message ***)(base + f->offset);
    }
    if ((f->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) && *(uint32_t *)(base + f->quantifier_offset) != f->id)
        return NULL;
    *ret_n = *(Message **)(base + f->offset) ? 1 : 0;
    return (Message **)(base + f->offset);
}

void tree_walk(const void *any, tree_visit_fn *visit, void *ctx)
{
    Message *m = (Message *)any;
    if (!m)
        return;
    if (!visit(ctx, m))
        return;
    if (MESSAGE_IS(m, node)) { /* 230 fields, of which one is used */
        tree_walk(tree_inner((Node *)m), visit, ctx);
        return;
    }
    for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
        size_t n = 0;
        Message **children = field_messages(m, &m->descriptor->fields[i], &n);
        for (size_t k = 0; k < n; k++)
            tree_walk(children[k], visit, ctx);
    }
}

void *tree_copy(struct arena *a, const void *any)
{
    const Message *m = any;
    if (!m)
        return NULL;
    Message *copy = arena_alloc(a, m->descriptor->sizeof_message);
    memcpy(copy, m, m->descriptor->sizeof_message);
    if (MESSAGE_IS(m, node)) {
        ((Node *)copy)->alias = tree_copy(a, tree_inner((const Node *)m));
        return copy;
    }
    for (unsigned i = 0; i < m->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *f = &m->descriptor->fields[i];
        size_t n = 0;
        Message **from = field_messages(m, f, &n);
        Message **to = field_messages(copy, f, &n);
        if (n && f->label == PROTOBUF_C_LABEL_REPEATED) {
            to = arena_alloc(a, n * sizeof *to);
            *(Message ***)((char *)copy + f->offset) = to;
        }
        for (size_t k = 0; k < n; k++)
            to[k] = tree_copy(a, from[k]);
    }
    return copy;
}

struct search {
    const void *part;
    bool found;
};

static bool search_visit(void *ctx, Message *m)
{
    struct search *s = ctx;
    s->found = s->found || m == s->part;
    return !s->found;
}

bool tree_contains(const void *whole, const void *part)
{
    struct search s = {part, false};
    if (part)
        tree_walk(whole, search_visit, &s);
    return s.found;
}

static bool scalar_equal(const ProtobufCFieldDescriptor *f, const char *x, const char *y)
{
    switch (f->type) {
    case PROTOBUF_C_TYPE_STRING:
        return strcmp(*(char *const *)x, *(char *const *)y) == 0;
    case PROTOBUF_C_TYPE_BOOL:
        return *(const protobuf_c_boolean *)x == *(const protobuf_c_boolean *)y;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_ENUM:
        return memcmp(x, y, 4) == 0;
    default:
        return memcmp(x, y, 8) == 0;
    }
}

static bool field_equal(const Message *x, const Message *y, const ProtobufCFieldDescriptor *f)
{
    if (strcmp(f->name, "location") == 0)
        return true;
    if (f->type != PROTOBUF_C_TYPE_MESSAGE)
        return scalar_equal(f, (const char *)x + f->offset, (const char *)y + f->offset);
    size_t n = 0, m = 0;
    Message **p = field_messages(x, f, &n), **q = field_messages(y, f, &m);
    bool same = n == m;
    for (size_t i = 0; same && i < n; i++)
        same = tree_equal(p[i], q[i]);
    return same;
}

bool tree_equal(const void *a, const void *b)
{
    const Message *x = a, *y = b;
    if (!x || !y || x == y)
        return x == y;
    if (x->descriptor != y->descriptor)
        return false;
    if (MESSAGE_IS(x, node))
        return ((const Node *)x)->node_case == ((const Node *)y)->node_case &&
               tree_equal(tree_inner((const Node *)x), tree_inner((const Node *)y));
    bool same = true;
    for (unsigned i = 0; same && i < x->descriptor->n_fields; i++)
        same = field_equal(x, y, &x->descriptor->fields[i]);
    return same;
}

void tree_conjuncts(struct arena *a, Node *condition, struct nodes *ret)
{
    if (!condition)
        return;
    if (!NODE_IS(condition, BOOL_EXPR) || condition->bool_expr->boolop != PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR) {
        nodes_push(a, ret, condition);
        return;
    }
    for (size_t i = 0; i < condition->bool_expr->n_args; i++)
        tree_conjuncts(a, condition->bool_expr->args[i], ret);
}

const char *node_text(const Node *n)
{
    return NODE_IS(n, STRING) ? n->string->sval : "";
}

const char *from_name(const Node *item)
{
    PgQuery__Alias *alias = NULL;
    if (NODE_IS(item, RANGE_VAR)) {
        alias = item->range_var->alias;
        return alias ? alias->aliasname : item->range_var->relname;
    }
    if (NODE_IS(item, RANGE_SUBSELECT))
        alias = item->range_subselect->alias;
    if (NODE_IS(item, RANGE_FUNCTION))
        alias = item->range_function->alias;
    if (NODE_IS(item, RANGE_TABLE_FUNC))
        alias = item->range_table_func->alias;
    return alias ? alias->aliasname : NULL;
}
