#include "xpp/rules/match.h"
#include <assert.h>
#include <strings.h>

static bool same_text(struct str a, struct str b)
{
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static const struct binding *bound(const struct match *m, uint32_t meta)
{
    for (unsigned i = 0; i < m->n; i++)
        if (m->bindings[i].meta == meta)
            return &m->bindings[i];
    return NULL;
}

static bool bind(const struct syntax *s, uint32_t meta, uint32_t node, struct match *m)
{
    const struct binding *before = bound(m, meta);
    if (before)
        return same_text(syntax_text(s, before->node), syntax_text(s, node));
    assert(m->n < PATTERN_METAS_MAX);
    const struct node *n = node_at(s, node);
    m->bindings[m->n++] = (struct binding){meta, node, n->token, n->token_end};
    return true;
}

static bool is_rest(const struct syntax *p, uint32_t node)
{
    return node_at(p, node)->kind == NODE_META && str_is(syntax_text(p, node), "...");
}

/* Everything from this sibling on; `after` is where it would stand when there is none. */
static void bind_rest(const struct syntax *s, uint32_t node, uint32_t after, struct match *m)
{
    struct binding b = {0, 0, after, after};
    if (node)
        b.token = node_at(s, node)->token;
    for (; node; node = node_at(s, node)->next)
        b.token_end = node_at(s, node)->token_end;
    assert(m->n < PATTERN_METAS_MAX);
    m->bindings[m->n++] = b;
}

static bool match_tree(const struct pattern *p, uint32_t pn, const struct syntax *s, uint32_t sn, struct match *m);

static bool match_children(const struct pattern *p, uint32_t pn, const struct syntax *s, uint32_t sn, struct match *m)
{
    uint32_t pc = node_at(&p->syntax, pn)->first, sc = node_at(s, sn)->first;
    uint32_t after = node_at(s, sn)->token_end;
    for (; pc; pc = node_at(&p->syntax, pc)->next) {
        if (is_rest(&p->syntax, pc)) {
            bind_rest(s, sc, after, m);
            return true;
        }
        if (!sc || !match_tree(p, pc, s, sc, m))
            return false;
        sc = node_at(s, sc)->next;
    }
    return sc == 0;
}

static bool match_tree(const struct pattern *p, uint32_t pn, const struct syntax *s, uint32_t sn, struct match *m)
{
    const struct node *a = node_at(&p->syntax, pn), *b = node_at(s, sn);
    if (a->kind == NODE_META)
        return bind(s, token_hash(syntax_text(&p->syntax, pn)), sn, m);
    if (a->kind != b->kind || a->op != b->op)
        return false;
    if (a->first || b->first)
        return match_children(p, pn, s, sn, m);
    if (a->kind == NODE_LITERAL)
        return str_eq(syntax_text(&p->syntax, pn), syntax_text(s, sn));
    return same_text(syntax_text(&p->syntax, pn), syntax_text(s, sn));
}

static bool types_fit(const struct rule *r, const struct syntax *s, const struct scope *scope, const struct match *m)
{
    for (size_t i = 0; i < r->n_where; i++) {
        const struct rule_type *w = &r->where[i];
        const struct binding *b = bound(m, token_hash(str_of(w->meta)));
        struct str type = b && b->node ? scope_type(scope, s, b->node) : (struct str){"", 0};
        if (!scope_is_a(scope, type, w->types))
            return false;
    }
    return true;
}

bool match_node(const struct pattern *p, const struct syntax *s, uint32_t node, const struct scope *scope,
                struct match *ret)
{
    ret->n = 0;
    return match_tree(p, p->root, s, node, ret) && types_fit(p->rule, s, scope, ret);
}
