/* Checks of a method against the classes that its own extends, and against those whose methods it calls. */
#include "xpp/rules/run.h"

#define K(name, fn) check_fn fn;
#include "xpp/rules/checks.def"
#undef K

/* A circle of classes that extend each other ends somewhere, too. */
enum { ANCESTORS_MAX = 100 };

struct found {
    const struct symbol *owner;
    const struct member *member;
};

/* The method of a class or table, or of the nearest one that it extends. */
static struct found find_method(const struct symbols *all, const struct symbol *from, struct str name)
{
    for (unsigned i = 0; from && i < ANCESTORS_MAX; i++) {
        const struct member *m = symbol_member(from, MEMBER_METHOD, name);
        if (m)
            return (struct found){from, m};
        from = from->base.n ? symbols_find(all, from->kind, from->base) : NULL;
    }
    return (struct found){NULL, NULL};
}

static const struct symbol *own_symbol(const struct check_call *c)
{
    enum symbol_kind kind = symbol_kind_of(c->run->place->element);
    bool extends = kind == SYMBOL_CLASS || kind == SYMBOL_TABLE;
    return extends ? symbols_find(c->run->options.symbols, kind, c->run->place->element->name) : NULL;
}

/* The method at hand and the one that it overrides; false when it overrides none. Constructors and static methods
 * override nothing, and what is private may be had again. */
static bool find_override(const struct check_call *c, const struct member **ret_own, const struct member **ret_base)
{
    const struct symbol *own = own_symbol(c);
    *ret_own = own ? symbol_member(own, MEMBER_METHOD, c->run->place->name) : NULL;
    if (!*ret_own || own->base.n == 0 || xpo_same_name(c->run->place->name, STR("new")))
        return false;
    const struct symbol *base = symbols_find(c->run->options.symbols, own->kind, own->base);
    *ret_base = find_method(c->run->options.symbols, base, c->run->place->name).member;
    return *ret_base && (*ret_base)->access != DECLARED_PRIVATE && !((*ret_own)->is_static && (*ret_base)->is_static);
}

static void hit_name(struct check_call *c)
{
    uint32_t method = c->run->head[NODE_METHOD];
    uint32_t name = method ? node_child_of(c->syntax, method, NODE_NAME) : 0;
    if (name)
        rules_hit(c->run, c->rule, name);
}

void check_override_signature(struct check_call *c)
{
    const struct member *own, *base;
    if (!find_override(c, &own, &base))
        return;
    bool same = own->is_static == base->is_static && own->access <= base->access &&
                declared_count(own->parameters) == declared_count(base->parameters);
    if (!same)
        hit_name(c);
}

void check_override_names(struct check_call *c)
{
    const struct member *own, *base;
    if (find_override(c, &own, &base) && declared_count(own->parameters) == declared_count(base->parameters) &&
        !xpo_same_name(own->parameters, base->parameters))
        hit_name(c);
}

/* The class or table whose method is called, by X::m() or by the type of x in x.m(). */
static const struct symbol *called_symbol(const struct check_call *c, uint32_t callee)
{
    uint32_t object = node_at(c->syntax, callee)->first;
    enum node_kind kind = (enum node_kind)node_at(c->syntax, callee)->kind;
    if (!object || (kind != NODE_STATIC && kind != NODE_MEMBER))
        return NULL;
    struct str type =
        kind == NODE_STATIC ? syntax_text(c->syntax, object) : scope_type(c->run->scope, c->syntax, object);
    const struct symbol *s = type.n ? symbols_find(c->run->options.symbols, SYMBOL_CLASS, type) : NULL;
    return s || !type.n ? s : symbols_find(c->run->options.symbols, SYMBOL_TABLE, type);
}

/* Whether the element at hand is, or extends, the one that has the method. */
static bool is_inside(const struct check_call *c, const struct found *f)
{
    const struct symbol *s = own_symbol(c);
    for (unsigned i = 0; s && i < ANCESTORS_MAX; i++) {
        if (s->kind == f->owner->kind && xpo_same_name(s->name, f->owner->name))
            return true;
        if (f->member->access == DECLARED_PRIVATE || s->base.n == 0)
            return false;
        s = symbols_find(c->run->options.symbols, s->kind, s->base);
    }
    return false;
}

void check_not_accessible(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_CALL) {
        uint32_t callee = node_at(c->syntax, i)->first;
        const struct symbol *s = called_symbol(c, callee);
        uint32_t name = s ? node_child(c->syntax, callee, 1) : 0;
        struct found f =
            name ? find_method(c->run->options.symbols, s, syntax_text(c->syntax, name)) : (struct found){0};
        if (f.member && f.member->access != DECLARED_PUBLIC && !is_inside(c, &f))
            rules_hit(c->run, c->rule, callee);
    }
}
