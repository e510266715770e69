/*
 * tree: X++ source as a tree over its tokens, without loss.
 *
 * A node is a kind, a range of tokens and its children in the order of the source; everything a node is made of and
 * that is no child is a token of its range. So the text of any node, with its comments, is a piece of the source, and a
 * tree that nobody edits is written back byte for byte by writing the source. Nodes are numbered; 0 is no node. Node
 * kinds and what their children are: nodes.def.
 */
#ifndef XPP_LANG_TREE_H
#define XPP_LANG_TREE_H
#include "xpp/lang/token.h"

#define TREE_HEIGHT_MAX 6000

enum node_kind {
    NODE_NONE,
#define N(ID, name, children) NODE_##ID,
#include "xpp/lang/nodes.def"
#undef N
    NODE_COUNT
};

struct node {
    uint8_t kind;       /* enum node_kind */
    uint8_t op;         /* operator_id of unary, binary, assign, step; else the keyword that nodes.def names; else 0 */
    uint16_t height;    /* of the tree below it: no tree is higher than TREE_HEIGHT_MAX, so that recursion is safe */
    uint32_t token;     /* its first */
    uint32_t token_end; /* behind its last */
    uint32_t parent;    /* 0 for the root */
    uint32_t first, next; /* child, sibling */
};

struct syntax_problem {
    uint32_t off; /* in the source */
    const char *message;
};

/* A branch of an #if that was not looked at, because the source makes no tree with it. */
struct syntax_skipped {
    uint32_t off, n; /* in the source */
};

/* A parsed source. Reused from one source to the next: syntax_reset() keeps the memory. */
struct syntax {
    struct str source;
    tokens tokens;
    VEC(struct node) nodes; /* [0] is no node, [1] the root */
    VEC(struct syntax_problem) problems;
    VEC(struct syntax_skipped) skipped;
    VEC(uint32_t) parens; /* the parser's own */
};

void syntax_done(struct syntax *s);
void syntax_reset(struct syntax *s);

/* The name of a kind as `xpp parse --tree` prints it. */
const char *node_name(enum node_kind k);

static inline const struct node *node_at(const struct syntax *s, uint32_t n)
{
    return &s->nodes.p[n];
}

/* The `op` of a node as it is written, "" without one. */
const char *node_op_text(const struct node *n);

/* The node behind `n` in the order of the source, from a parent to its first child, within the tree below `root`: 0 at
 * the end. Walks a tree without recursion. */
uint32_t node_after(const struct syntax *s, uint32_t n, uint32_t root);

/* The text of a node from its first token to its last, comments between them included. */
struct str syntax_text(const struct syntax *s, uint32_t n);

/* The i-th child from 0, or 0. */
uint32_t node_child(const struct syntax *s, uint32_t n, unsigned i);

/* The first child of this kind, or 0. */
uint32_t node_child_of(const struct syntax *s, uint32_t n, enum node_kind kind);

/* Line and column from 1 of an offset; columns count bytes. */
void source_place(struct str source, uint32_t off, uint32_t *ret_line, uint32_t *ret_column);

/* The same for one place after the other, faster where they ascend. Starts zeroed, anew for each source. */
struct source_cursor {
    uint32_t begin, lines; /* where the line of the last place begins; lines before it */
};

void source_place_next(struct source_cursor *c, struct str source, uint32_t off, uint32_t *ret_line,
                       uint32_t *ret_column);

#endif
