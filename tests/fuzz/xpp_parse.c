/* Any bytes give a tree: children lie within their parent and in order, it is no higher than promised, its size goes
 * with the number of tokens, and it can be printed. The first byte chooses what is parsed. */
#include "xpp/lang/parse.h"
#include "xpp/lang/print.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_children(const struct syntax *s, uint32_t n)
{
    const struct node *parent = node_at(s, n);
    uint32_t at = parent->token;
    assert(parent->token <= parent->token_end && parent->token_end < s->tokens.n);
    for (uint32_t c = parent->first; c; c = node_at(s, c)->next) {
        const struct node *child = node_at(s, c);
        assert(child->parent == n && child->token >= at && child->height < parent->height);
        at = child->token_end;
    }
    assert(at <= parent->token_end && parent->height <= TREE_HEIGHT_MAX);
}

static void check_tree(const struct syntax *s, bool is_right)
{
    size_t seen = 0;
    assert(node_at(s, 1)->token == 0 && node_at(s, 1)->token_end == s->tokens.n - 1);
    assert(is_right == (s->problems.n == 0) && s->problems.n <= PARSE_PROBLEMS_MAX);
    for (uint32_t n = 1; n; n = node_after(s, n, 1), seen++)
        check_children(s, n);
    assert(seen == s->nodes.n - 1 && seen <= 8 * s->tokens.n);
    for (size_t i = 0; i < s->problems.n; i++)
        assert(s->problems.p[i].off <= s->source.n && s->problems.p[i].message[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct syntax s;
    SCOPED_BUF text = {0};
    if (n == 0)
        return 0;
    enum parse_what what = (enum parse_what)((data[0] >> 1) % 5);
    struct str source = {(const char *)data + 1, n - 1};
    bool is_right = parse(source, what, data[0] & 1 ? LEX_PATTERN : LEX_SOURCE, &s);
    check_tree(&s, is_right);
    if (n < 4096)
        print_tree(&s, 1, &text);
    return 0;
}
