/* An export may be any bytes: every line of every part is in its tree or the part is refused, a problem has a place
 * within the part, sources go back to their lines, symbols take whatever was read. */
#include "../unit/xpp/cover.h"
#include "xpp/symbols.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int depth_of(const struct xpo_node *n)
{
    int deepest = 0;
    for (const struct xpo_node *child = n->first; child; child = child->next) {
        int deep = depth_of(child);
        assert(child->parent == n && child->line >= n->line);
        deepest = deep > deepest ? deep : deepest;
    }
    return deepest + 1;
}

static void check_part(struct symbols *s, struct xpo_part part)
{
    SCOPED(arena) a = arena_new();
    struct xpo_element e;
    xpo_problems problems = {0};
    bool ok = xpo_parse(part, a, &e, &problems);
    assert(ok || problems.n > 0);
    uint32_t lines = 1;
    for (size_t i = 0; i < part.text.n; i++)
        lines += part.text.p[i] == '\n';
    vec_each (&problems, p)
        assert(p->line >= part.line && p->line < part.line + lines && p->column > 0 && p->message[0]);
    for (const struct xpo_node *n = e.root; n; n = n->next) {
        assert(depth_of(n) <= XPO_DEPTH_MAX + 1);
        xpo_source(n, a);
    }
    if (ok) {
        assert(cover_missing(part, &e, a) == 0);
        symbols_add(s, &e, SYMBOL_OURS);
    }
    vec_done(&problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct xpo_file *f = xpo_of_text((struct str){(const char *)data, n});
    SCOPED(symbols) s = symbols_new();
    for (size_t i = 0; i < xpo_count(f); i++) {
        struct xpo_part part = xpo_part(f, i);
        assert(part.text.n > 0 && part.text.p >= (const char *)data);
        assert(i == 0 || part.text.p >= xpo_part(f, i - 1).text.p + xpo_part(f, i - 1).text.n);
        if (!part.records)
            check_part(s, part);
    }
    xpo_free(f);
    return 0;
}
