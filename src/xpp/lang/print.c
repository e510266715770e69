#include "xpp/lang/print.h"
#include "base/attr.h"
#include "base/utf8.h"

/* Nodes come in the order of the source, so that lines are counted once over all of them. */
struct place {
    uint32_t off, line, line_start;
};

static void go(struct place *at, struct str source, uint32_t off)
{
    for (; at->off < off; at->off++)
        if (source.p[at->off] == '\n') {
            at->line++;
            at->line_start = at->off + 1;
        }
}

static void put_text(struct buf *out, struct str text)
{
    size_t n = text.n > PRINT_LEAF_MAX ? utf8_cut(text, PRINT_LEAF_MAX) : text.n;
    buf_puts(out, " \"");
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n')
            buf_puts(out, "\\n");
        else if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c < ' ' || c == 0x7F)
            buf_printf(out, "\\x%02x", c);
        else
            buf_putc(out, (char)c);
    }
    buf_puts(out, n < text.n ? "...\"" : "\"");
}

static void put_node(struct buf *out, const struct syntax *s, uint32_t n, unsigned depth, struct place *at)
{
    const struct node *node = node_at(s, n);
    go(at, s->source, s->tokens.p[node->token].off);
    buf_printf(out, "%*s%s", (int)(2 * depth), "", node_name((enum node_kind)node->kind));
    if (node->op && (node->first || node->kind == NODE_CASE))
        buf_printf(out, " %s", node_op_text(node));
    if (!node->first)
        put_text(out, syntax_text(s, n));
    buf_printf(out, " %u:%u\n", at->line, at->off - at->line_start + 1);
}

static unsigned depth_below(const struct syntax *s, uint32_t n, uint32_t root)
{
    unsigned depth = 0;
    for (; n != root && depth < PRINT_DEPTH_MAX; n = node_at(s, n)->parent)
        depth++;
    return depth;
}

void print_tree(const struct syntax *s, uint32_t root, struct buf *out)
{
    struct place at = {.line = 1};
    for (uint32_t n = root; n; n = node_after(s, n, root))
        put_node(out, s, n, depth_below(s, n, root), &at);
    vec_each (&s->problems, problem) {
        uint32_t line, column;
        source_place(s->source, problem->off, &line, &column);
        buf_printf(out, "problem %u:%u %s\n", line, column, problem->message);
    }
}
