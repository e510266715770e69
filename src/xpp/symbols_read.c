#include "xpp/symbols_read.h"
#include "base/hash.h"
#include "xpp/declaration.h"
#include "xpp/layer.h"
#include <ctype.h>

struct reader {
    struct arena *a;
    struct arena *scratch;
    struct symbol *symbol;
    members *members;
    delete_actions *actions;
};

static struct str keep(struct reader *r, struct str s)
{
    return s.n ? (struct str){arena_dup_str(r->a, s), s.n} : (struct str){NULL, 0};
}

static struct member *add(struct reader *r, enum member_kind kind, struct str name, struct str type)
{
    struct member *m = vec_push(r->members);
    *m = (struct member){.kind = kind, .name = keep(r, name), .type = keep(r, type)};
    return m;
}

/* Of what is left without white space, so that a change of layout is none. */
static uint64_t digest(struct reader *r, struct str source)
{
    char *p = arena_alloc_raw(r->scratch, source.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < source.n; i++)
        if (!isspace((unsigned char)source.p[i]))
            p[n++] = source.p[i];
    uint64_t hash = hash_bytes(p, n);
    return hash ? hash : 1;
}

static void add_variables(struct reader *r, struct str source)
{
    declareds variables = {0};
    struct str base = declaration_read(source, &variables);
    if (!r->symbol->base.n)
        r->symbol->base = keep(r, base);
    vec_each (&variables, v)
        add(r, MEMBER_VARIABLE, v->name, v->type);
    vec_done(&variables);
}

static struct str names_of(struct reader *r, const declareds *parameters)
{
    SCOPED_BUF b = {0};
    vec_each (parameters, p)
        buf_printf(&b, "%.*s ", STR_ARG(p->name));
    return keep(r, buf_str(&b));
}

static void add_method(struct reader *r, struct str name, struct str source)
{
    declareds parameters = {0};
    struct declared_head head = declaration_read_head(source, &parameters);
    struct member *m = add(r, head.is_delegate ? MEMBER_DELEGATE : MEMBER_METHOD, name, (struct str){NULL, 0});
    m->digest = digest(r, source);
    m->is_static = head.is_static;
    m->access = head.access;
    m->parameters = names_of(r, &parameters);
    vec_done(&parameters);
}

static void read_method(struct reader *r, const struct xpo_node *n)
{
    struct str source = xpo_source(n, r->scratch);
    add_method(r, n->name, source);
    if (!xpo_same_name(n->name, STR("classDeclaration")))
        return;
    if (r->symbol->kind == SYMBOL_CLASS)
        r->symbol->delta = false;
    add_variables(r, source);
}

static void read_field(struct reader *r, const struct xpo_node *n)
{
    struct str type = xpo_first_value(n, "ExtendedDataType");
    add(r, MEMBER_FIELD, n->name, type.n ? type : xpo_value(n, "EnumType"))->word = keep(r, n->word);
}

static void read_index(struct reader *r, const struct xpo_node *n)
{
    add(r, MEMBER_INDEX, n->name, (struct str){NULL, 0});
}

static void read_group(struct reader *r, const struct xpo_node *n)
{
    add(r, MEMBER_GROUP, n->name, (struct str){NULL, 0});
}

static void read_relation(struct reader *r, const struct xpo_node *n)
{
    add(r, MEMBER_RELATION, n->name, xpo_value(n, "Table"));
}

static void read_element(struct reader *r, const struct xpo_node *n)
{
    if (r->symbol->kind == SYMBOL_ENUM)
        add(r, MEMBER_VALUE, n->name, (struct str){NULL, 0});
}

/* What the reference of a type asks for besides its field. */
static bool read_fixed(struct reader *r, const struct xpo_node *n)
{
    bool theirs = xpo_same_name(n->word, STR("EXTERNFIXED"));
    if (!theirs && !xpo_same_name(n->word, STR("THISFIXED")))
        return false;
    struct str field = xpo_value(n, theirs ? "RelatedField" : "Field"), other = xpo_value(n, "RelatedField");
    add(r, MEMBER_FIXED, field.n ? field : other, xpo_value(n, "Value"))->word = keep(r, n->word);
    return true;
}

static void read_reference(struct reader *r, const struct xpo_node *n)
{
    if (read_fixed(r, n) || r->symbol->table.n)
        return;
    r->symbol->table = keep(r, xpo_value(n, "Table"));
    r->symbol->field = keep(r, xpo_value(n, "RelatedField"));
}

static void read_delete_action(struct reader *r, const struct xpo_node *n)
{
    struct str related = xpo_value(n, "Table");
    *vec_push(r->actions) = (struct delete_action){
        .table = r->symbol->name,
        .related = keep(r, related.n ? related : n->name),
        .relation = keep(r, xpo_value(n, "Relation")),
        .action = keep(r, xpo_value(n, "DeleteAction")),
    };
}

/* A data source of a form is a variable of it. */
static void read_data_source(struct reader *r, const struct xpo_node *n)
{
    const struct xpo_node *pool = xpo_child(n, "OBJECTPOOL");
    if (pool && xpo_value(pool, "Name").n)
        add(r, MEMBER_VARIABLE, xpo_value(pool, "Name"), xpo_value(pool, "Table"));
}

/* How a data source is joined, in the words of a join; empty when it is read apart. */
static struct str join_of(const struct xpo_node *n)
{
    struct str mode = xpo_value(n, "JoinMode");
    bool joined = xpo_same_name(xpo_value(n, "FetchMode"), STR("1:1"));
    return mode.n ? mode : joined ? STR("InnerJoin") : STR("");
}

/* Data sources stand in one another; as many levels as the reader of exports takes. */
static void add_sources(struct reader *r, const struct xpo_node *n, struct str parent)
{
    struct str name = xpo_value(n, "Name").n ? xpo_value(n, "Name") : n->name;
    struct member *m = add(r, MEMBER_SOURCE, name, xpo_value(n, "Table"));
    m->parent = keep(r, parent);
    m->word = parent.n ? keep(r, join_of(n)) : STR("");
    const struct xpo_node *inner = xpo_child(n, "BLOCKS");
    for (const struct xpo_node *b = inner ? inner->first : NULL; b; b = b->next)
        add_sources(r, b, name);
}

static void read_query_source(struct reader *r, const struct xpo_node *n)
{
    if (r->symbol->kind == SYMBOL_QUERY)
        add_sources(r, n, STR(""));
}

static const struct {
    const char *block; /* of the element */
    void (*read)(struct reader *r, const struct xpo_node *n);
    bool named; /* only children that have a name */
} blocks[] = {
    {"METHODS", read_method, true},
    {"FIELDS", read_field, true},
    {"INDICES", read_index, true},
    {"FULLTEXTINDICES", read_index, true},
    {"GROUPS", read_group, true},
    {"REFERENCES", read_relation, true},
    {"TYPEELEMENTS", read_element, true},
    {"TYPEREFERENCES", read_reference, false},
    {"DELETEACTIONS", read_delete_action, true},
    {"OBJECTBANK", read_data_source, false},
    {"BLOCKS", read_query_source, false},
};

/* What the object of a menu item or a part is called. */
static struct str object_of(const struct xpo_node *root)
{
    static const char *const names[] = {"Object", "Form", "ReferenceTable"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (xpo_value(root, names[i]).n)
            return xpo_value(root, names[i]);
    return (struct str){NULL, 0};
}

void symbols_read(const struct xpo_element *e, struct arena *a, struct symbol *ret, members *ret_members,
                  delete_actions *ret_actions)
{
    const struct xpo_node *root = e->root;
    SCOPED(arena) scratch = arena_new();
    struct reader r = {a, scratch, ret, ret_members, ret_actions};
    ret->name = keep(&r, e->name);
    ret->base = keep(&r, xpo_value(root, "Extends"));
    ret->delta = layer_only(ret->kind, root); /* a class until its declaration is met */
    if (root->text.n)
        read_method(&r, root);
    for (size_t i = 0; i < ARRAY_LEN(blocks); i++) {
        const struct xpo_node *block = xpo_child(root, blocks[i].block);
        for (const struct xpo_node *n = block ? block->first : NULL; n; n = n->next)
            if (n->name.n || !blocks[i].named)
                blocks[i].read(&r, n);
    }
    if (!ret->table.n)
        ret->table = keep(&r, object_of(root));
}
