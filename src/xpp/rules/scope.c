#include "xpp/rules/scope.h"
#include <assert.h>
#include <stdlib.h>
#include <strings.h>

/* Classes above classes, at most: a ring of inputs that extend each other ends there. */
enum { ANCESTORS_MAX = 64 };

struct entry {
    uint32_t hash;
    struct str type;
};

struct ring {
    VEC(struct entry) list;
};

struct scope {
    const struct symbols *symbols;
    const struct xpo_element *element;
    struct ring members, locals;
    const struct syntax *method; /* whose variables are not in `locals` yet; NULL when they are */
    struct str self;             /* the type of `this` */
    bool form;
    bool designed; /* data sources and controls are in `members` */
    struct arena *arena;
};

struct scope *scope_new(const struct symbols *symbols)
{
    struct scope *s = calloc(1, sizeof *s);
    assert(s);
    s->symbols = symbols;
    s->arena = arena_new();
    return s;
}

void scope_free(struct scope *s)
{
    if (!s)
        return;
    vec_done(&s->members.list);
    vec_done(&s->locals.list);
    arena_free(s->arena);
    free(s);
}

static void enter(struct ring *r, struct str name, struct str type)
{
    if (name.n && type.n)
        *vec_push(&r->list) = (struct entry){token_hash(name), type};
}

/* The last one entered wins: a variable of a nested function hides nothing that a rule looks at. */
static struct str look_up(const struct ring *r, uint32_t hash)
{
    for (size_t i = r->list.n; i-- > 0;)
        if (r->list.p[i].hash == hash)
            return r->list.p[i].type;
    return (struct str){"", 0};
}

void scope_element(struct scope *s, const struct xpo_element *e)
{
    s->element = e;
    s->members.list.n = s->locals.list.n = 0;
    s->method = NULL;
    s->form = str_is(e->code, "FRM");
    s->designed = false;
    s->self = s->form ? str_of("FormRun") : e->name;
    arena_reset(s->arena);
}

/* `type variable*` of a member, a local declaration or a parameter. */
static void enter_variables(struct ring *r, const struct syntax *x, uint32_t node)
{
    uint32_t type = node_child_of(x, node, NODE_TYPE);
    if (!type)
        return;
    for (uint32_t c = node_at(x, node)->first; c; c = node_at(x, c)->next) {
        uint32_t name = node_at(x, c)->kind == NODE_VARIABLE ? node_child_of(x, c, NODE_NAME)
                        : node_at(x, c)->kind == NODE_NAME   ? c
                                                             : 0;
        if (name)
            enter(r, syntax_text(x, name), syntax_text(x, type));
    }
}

static void enter_all(struct ring *r, const struct syntax *x)
{
    for (uint32_t i = 1; i < x->nodes.n; i++) {
        enum node_kind kind = x->nodes.p[i].kind;
        if (kind == NODE_FIELD || kind == NODE_LOCAL || kind == NODE_PARAMETER)
            enter_variables(r, x, i);
    }
}

void scope_declaration(struct scope *s, const struct syntax *declaration)
{
    enter_all(&s->members, declaration);
}

/* "FormStringControl" of STRINGEDIT, "FormGridControl" of GRID: what X++ code calls the control's class. */
static struct str control_type(struct scope *s, struct str word)
{
    static const struct {
        const char *word, *type;
    } odd[] = {
        {"STRINGEDIT", "FormStringControl"},
        {"INTEDIT", "FormIntControl"},
        {"INT64EDIT", "FormInt64Control"},
        {"REALEDIT", "FormRealControl"},
        {"DATEEDIT", "FormDateControl"},
        {"TIMEEDIT", "FormTimeControl"},
        {"UTCDATETIMEEDIT", "FormDateTimeControl"},
        {"MENUITEMBUTTON", "FormFunctionButtonControl"},
        {"GUIDEDIT", "FormGuidControl"},
        {"SEGMENTEDENTRY", "FormSegmentedEntryControl"},
        {"ACTIVEX", "FormActiveXControl"},
        {"MANAGEDHOST", "FormManagedHostControl"},
    };
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        if (str_is(word, odd[i].word))
            return str_of(odd[i].type);
    if (word.n == 0)
        return str_of("FormControl");
    char *type = arena_printf(s->arena, "Form%.*sControl", STR_ARG(word));
    for (char *c = type + 5; c < type + 4 + word.n; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    return str_of(type);
}

static void enter_source(struct scope *s, const struct xpo_node *pool)
{
    struct str name = xpo_value(pool, "Name"), table = xpo_value(pool, "Table");
    if (!name.n)
        return;
    enter(&s->members, name, table);
    enter(&s->members, str_of(arena_printf(s->arena, "%.*s_ds", STR_ARG(name))), str_of("FormDataSource"));
    enter(&s->members, str_of(arena_printf(s->arena, "%.*s_q", STR_ARG(name))), str_of("Query"));
    enter(&s->members, str_of(arena_printf(s->arena, "%.*s_qr", STR_ARG(name))), str_of("QueryRun"));
}

/* Data sources and controls of a form, wherever they are nested. */
static void enter_design(struct scope *s, const struct xpo_node *n)
{
    for (; n; n = n->next) {
        if (str_is(n->keyword, "OBJECTPOOL"))
            enter_source(s, n);
        else if (str_is(n->keyword, "CONTROL"))
            enter(&s->members, xpo_value(n, "Name"), control_type(s, n->word));
        if (n->first && !str_is(n->keyword, "METHODS"))
            enter_design(s, n->first);
    }
}

static struct str owner_type(struct scope *s, const struct xpo_node *source)
{
    const struct xpo_node *owner = source ? source->parent : NULL;
    while (owner && (str_is(owner->keyword, "METHODS") || str_is(owner->keyword, "SOURCE")))
        owner = owner->parent;
    if (!owner || !s->form)
        return s->form ? str_of("FormRun") : s->element->name;
    if (str_is(owner->keyword, "CONTROL"))
        return control_type(s, owner->word);
    if (str_is(owner->keyword, "DATAFIELD") || str_is(owner->keyword, "REFERENCEFIELD"))
        return str_of("FormDataObject");
    return str_of(str_is(owner->keyword, "FORM") ? "FormRun" : "FormDataSource");
}

void scope_method(struct scope *s, const struct syntax *method, const struct xpo_node *source)
{
    s->locals.list.n = 0;
    s->method = method;
    s->self = owner_type(s, source);
}

static struct str name_type(const struct scope *scope, struct str name)
{
    struct scope *s = (struct scope *)scope; /* fills itself when it is asked for the first time */
    uint32_t hash = token_hash(name);
    if (s->method) {
        enter_all(&s->locals, s->method);
        s->method = NULL;
    }
    struct str type = look_up(&s->locals, hash);
    if (type.n)
        return type;
    if (s->form && !s->designed) {
        enter_design(s, s->element->root);
        s->designed = true;
    }
    type = look_up(&s->members, hash);
    if (type.n || !s->form)
        return type;
    return hash == token_hash(str_of("element")) ? str_of("FormRun") : type;
}

/* `T::construct()` and its like: an input whose own class makes it. */
static struct str made_type(const struct scope *s, const struct syntax *x, uint32_t callee)
{
    struct str type = syntax_text(x, node_child(x, callee, 0)), name = syntax_text(x, node_child(x, callee, 1));
    bool makes = name.n >= 9 && strncasecmp(name.p, "construct", 9) == 0;
    return makes && symbols_find(s->symbols, SYMBOL_CLASS, type) ? type : (struct str){"", 0};
}

static struct str field_type(const struct scope *s, const struct syntax *x, uint32_t node)
{
    struct str table = scope_type(s, x, node_child(x, node, 0)), name = syntax_text(x, node_child(x, node, 1));
    const struct symbol *t = table.n ? symbols_find(s->symbols, SYMBOL_TABLE, table) : NULL;
    const struct member *m = t ? symbol_member(t, MEMBER_FIELD, name) : NULL;
    return m ? m->type : (struct str){"", 0};
}

struct str scope_type(const struct scope *s, const struct syntax *x, uint32_t node)
{
    enum node_kind kind = node_at(x, node)->kind;
    uint32_t first = node_at(x, node)->first;
    if (kind == NODE_NAME)
        return name_type(s, syntax_text(x, node));
    if (kind == NODE_THIS)
        return s->self;
    if (kind == NODE_PAREN && first)
        return scope_type(s, x, first);
    if (kind == NODE_NEW && first)
        return syntax_text(x, first);
    if (kind == NODE_CALL && node_at(x, first)->kind == NODE_STATIC)
        return made_type(s, x, first);
    if (kind == NODE_MEMBER)
        return field_type(s, x, node);
    if (kind == NODE_LITERAL && x->tokens.p[node_at(x, node)->token].kind == TOKEN_INTEGER)
        return str_of("(number)");
    return (struct str){"", 0};
}

static bool is_one(struct str type, const char *const *names)
{
    for (; *names; names++)
        if (str_glob_view(*names, type))
            return true;
    return false;
}

bool scope_is_a(const struct scope *s, struct str type, const char *const *names)
{
    for (int i = 0; i < ANCESTORS_MAX; i++) {
        if (is_one(type, names))
            return true;
        if (type.n == 0)
            return false;
        const struct symbol *c = symbols_find(s->symbols, SYMBOL_CLASS, type);
        if (!c || c->base.n == 0)
            return false;
        type = c->base;
    }
    return false;
}
