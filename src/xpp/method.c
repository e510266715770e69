#include "xpp/method.h"
#include <strings.h>

enum node_kind method_kind(const struct syntax *s, uint32_t n)
{
    return node_at(s, n)->kind;
}

static bool same_token(const struct syntax *a, uint32_t i, const struct syntax *b, uint32_t j)
{
    const struct token *x = &a->tokens.p[i], *y = &b->tokens.p[j];
    if (x->kind != y->kind || x->n != y->n)
        return false;
    bool word = x->kind == TOKEN_NAME || x->kind == TOKEN_KEYWORD || x->kind == TOKEN_MACRO;
    const char *p = a->source.p + x->off, *q = b->source.p + y->off;
    return word ? strncasecmp(p, q, x->n) == 0 : memcmp(p, q, x->n) == 0;
}

static bool same_range(const struct syntax *a, uint32_t i, uint32_t end, const struct syntax *b, uint32_t j,
                       uint32_t end_b)
{
    if (end - i != end_b - j)
        return false;
    for (; i < end; i++, j++)
        if (!same_token(a, i, b, j))
            return false;
    return true;
}

bool compare_nodes(const struct syntax *a, uint32_t node_a, const struct syntax *b, uint32_t node_b)
{
    const struct node *x = node_at(a, node_a), *y = node_at(b, node_b);
    return same_range(a, x->token, x->token_end, b, y->token, y->token_end);
}

/* The first method of a source, its parts and its statements. */
bool method_open(const struct syntax *s, struct method *ret)
{
    *ret = (struct method){.s = s};
    ret->node = node_child_of(s, 1, NODE_METHOD);
    if (!ret->node || s->problems.n || s->skipped.n)
        return false;
    ret->name = node_child_of(s, ret->node, NODE_NAME);
    ret->parameters = node_child_of(s, ret->node, NODE_PARAMETERS);
    ret->body = node_child_of(s, ret->node, NODE_BLOCK);
    if (!ret->name || !ret->parameters || !ret->body)
        return false;
    for (uint32_t c = node_at(s, ret->body)->first; c; c = node_at(s, c)->next)
        if (method_kind(s, c) != NODE_EMPTY)
            *vec_push(&ret->statements) = c;
    return true;
}

/* Words that say where code runs, and nothing since. */
static bool is_tier(const struct syntax *s, uint32_t modifier)
{
    struct str text = syntax_text(s, modifier);
    return text.n == 6 && (strncasecmp(text.p, "client", 6) == 0 || strncasecmp(text.p, "server", 6) == 0);
}

/* The next modifier that means something, or the first child behind them. */
uint32_t method_skip_tiers(const struct syntax *s, uint32_t child)
{
    while (child &&
           ((method_kind(s, child) == NODE_MODIFIER && is_tier(s, child)) || method_kind(s, child) == NODE_ATTRIBUTES))
        child = node_at(s, child)->next;
    return child;
}

bool method_same_signature(const struct method *a, const struct method *b)
{
    uint32_t x = method_skip_tiers(a->s, node_at(a->s, a->node)->first),
             y = method_skip_tiers(b->s, node_at(b->s, b->node)->first);
    while (x && y && x != a->body && y != b->body) {
        if (method_kind(a->s, x) != method_kind(b->s, y) || !compare_nodes(a->s, x, b->s, y))
            return false;
        x = method_skip_tiers(a->s, node_at(a->s, x)->next);
        y = method_skip_tiers(b->s, node_at(b->s, y)->next);
    }
    return x == a->body && y == b->body;
}

static uint32_t next_attributes(const struct syntax *s, uint32_t child)
{
    while (child && method_kind(s, child) != NODE_ATTRIBUTES)
        child = node_at(s, child)->next;
    return child;
}

bool method_same_attributes(const struct method *a, const struct method *b)
{
    uint32_t x = next_attributes(a->s, node_at(a->s, a->node)->first);
    uint32_t y = next_attributes(b->s, node_at(b->s, b->node)->first);
    while (x && y && compare_nodes(a->s, x, b->s, y)) {
        x = next_attributes(a->s, node_at(a->s, x)->next);
        y = next_attributes(b->s, node_at(b->s, y)->next);
    }
    return x == 0 && y == 0;
}

bool method_same_statement(const struct method *a, size_t i, const struct method *b, size_t j)
{
    return compare_nodes(a->s, a->statements.p[i], b->s, b->statements.p[j]);
}

bool method_is_local(const struct method *m, size_t i)
{
    return method_kind(m->s, m->statements.p[i]) == NODE_LOCAL;
}

size_t method_first_code(const struct method *m)
{
    size_t i = 0;
    while (i < m->statements.n && method_is_local(m, i))
        i++;
    return i;
}

/* True when one of these kinds is in the subtree. */
bool method_holds(const struct syntax *s, uint32_t node, enum node_kind kind)
{
    if (method_kind(s, node) == kind)
        return true;
    for (uint32_t c = node_at(s, node)->first; c; c = node_at(s, c)->next)
        if (method_holds(s, c, kind))
            return true;
    return false;
}

bool method_any_holds(const struct method *m, size_t from, size_t to, enum node_kind kind)
{
    for (size_t i = from; i < to; i++)
        if (method_holds(m->s, m->statements.p[i], kind))
            return true;
    return false;
}

bool method_is_void(const struct method *m)
{
    uint32_t type = node_child_of(m->s, m->node, NODE_TYPE);
    struct str text = type ? syntax_text(m->s, type) : (struct str){"void", 4};
    return text.n == 4 && strncasecmp(text.p, "void", 4) == 0;
}

bool method_same_name(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

bool method_names(const struct syntax *s, uint32_t node, struct str name)
{
    if (method_kind(s, node) == NODE_NAME && method_same_name(syntax_text(s, node), name))
        return true;
    for (uint32_t c = node_at(s, node)->first; c; c = node_at(s, c)->next)
        if (method_names(s, c, name))
            return true;
    return false;
}

/* The variable that the last return gives back; 0 when it gives something else. */
uint32_t method_returned(const struct method *m)
{
    if (m->statements.n == 0)
        return 0;
    uint32_t last = m->statements.p[m->statements.n - 1];
    uint32_t value = method_kind(m->s, last) == NODE_RETURN ? node_at(m->s, last)->first : 0;
    return value && method_kind(m->s, value) == NODE_NAME ? value : 0;
}

bool method_any_names(const struct method *m, size_t from, size_t to, struct str name)
{
    for (size_t i = from; i < to; i++)
        if (method_names(m->s, m->statements.p[i], name))
            return true;
    return false;
}

bool method_has_local(const struct method *m, struct str name)
{
    for (size_t j = 0; j < method_first_code(m); j++)
        for (uint32_t v = node_at(m->s, m->statements.p[j])->first; v; v = node_at(m->s, v)->next)
            if (method_kind(m->s, v) == NODE_VARIABLE &&
                method_same_name(syntax_text(m->s, node_child_of(m->s, v, NODE_NAME)), name))
                return true;
    return false;
}

bool method_has_modifier(const struct method *m, const char *word)
{
    for (uint32_t c = node_at(m->s, m->node)->first; c && c != m->name; c = node_at(m->s, c)->next)
        if (method_kind(m->s, c) == NODE_MODIFIER && method_same_name(syntax_text(m->s, c), str_of(word)))
            return true;
    return false;
}
