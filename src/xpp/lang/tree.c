#include "xpp/lang/tree.h"

static const char *const node_names[] = {
    "",
#define N(ID, name, children) name,
#include "xpp/lang/nodes.def"
#undef N
};

void syntax_done(struct syntax *s)
{
    vec_done(&s->tokens);
    vec_done(&s->nodes);
    vec_done(&s->problems);
    vec_done(&s->skipped);
    vec_done(&s->parens);
}

void syntax_reset(struct syntax *s)
{
    s->tokens.n = s->nodes.n = s->problems.n = s->skipped.n = s->parens.n = 0;
    s->source = (struct str){0};
}

const char *node_name(enum node_kind k)
{
    return node_names[k];
}

static bool has_operator(const struct node *n)
{
    return n->kind == NODE_UNARY || n->kind == NODE_BINARY || n->kind == NODE_ASSIGN || n->kind == NODE_STEP;
}

const char *node_op_text(const struct node *n)
{
    return has_operator(n) ? operator_text((enum operator_id)n->op) : keyword_text((enum keyword)n->op);
}

uint32_t node_after(const struct syntax *s, uint32_t n, uint32_t root)
{
    if (node_at(s, n)->first)
        return node_at(s, n)->first;
    while (n != root && !node_at(s, n)->next)
        n = node_at(s, n)->parent;
    return n == root ? 0 : node_at(s, n)->next;
}

struct str syntax_text(const struct syntax *s, uint32_t n)
{
    const struct node *node = node_at(s, n);
    if (node->token == node->token_end)
        return (struct str){s->source.p, 0};
    const struct token *last = &s->tokens.p[node->token_end - 1];
    uint32_t off = s->tokens.p[node->token].off;
    return (struct str){s->source.p + off, last->off + last->n - off};
}

uint32_t node_child(const struct syntax *s, uint32_t n, unsigned i)
{
    uint32_t child = node_at(s, n)->first;
    while (child && i--)
        child = node_at(s, child)->next;
    return child;
}

uint32_t node_child_of(const struct syntax *s, uint32_t n, enum node_kind kind)
{
    uint32_t child = node_at(s, n)->first;
    while (child && node_at(s, child)->kind != kind)
        child = node_at(s, child)->next;
    return child;
}

void source_place_next(struct source_cursor *c, struct str source, uint32_t off, uint32_t *ret_line,
                       uint32_t *ret_column)
{
    if (off < c->begin)
        *c = (struct source_cursor){0};
    const char *begin = source.p + c->begin, *at = source.p + off;
    for (const char *lf; begin < at && (lf = memchr(begin, '\n', (size_t)(at - begin))); begin = lf + 1)
        c->lines++;
    c->begin = (uint32_t)(begin - source.p);
    *ret_line = c->lines + 1;
    *ret_column = off - c->begin + 1;
}

void source_place(struct str source, uint32_t off, uint32_t *ret_line, uint32_t *ret_column)
{
    struct source_cursor c = {0};
    source_place_next(&c, source, off, ret_line, ret_column);
}
