#include "xpp/xpo/node.h"
#include "xpp/xpo/line.h"
#include <strings.h>

bool xpo_same_name(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || strncasecmp(a.p, b.p, a.n) == 0);
}

const struct xpo_prop *xpo_prop_find(const struct xpo_node *n, const char *name)
{
    struct str wanted = str_of(name);
    for (uint32_t i = 0; i < n->n_props; i++)
        if (xpo_same_name(n->props[i].name, wanted))
            return &n->props[i];
    return NULL;
}

struct str xpo_value(const struct xpo_node *n, const char *name)
{
    const struct xpo_prop *p = xpo_prop_find(n, name);
    return p ? p->value : (struct str){NULL, 0};
}

struct str xpo_first_value(const struct xpo_node *n, const char *name)
{
    const struct xpo_prop *p = xpo_prop_find(n, name);
    return p && p->n_items > 0 ? p->items[0] : xpo_value(n, name);
}

/* A keyword without the colon of `Type: 1`. */
static struct str bare(struct str keyword)
{
    if (keyword.n > 1 && keyword.p[keyword.n - 1] == ':')
        keyword.n--;
    return keyword;
}

static struct xpo_node *first_of(struct xpo_node *n, struct str keyword)
{
    while (n && !xpo_same_name(bare(n->keyword), keyword))
        n = n->next;
    return n;
}

struct xpo_node *xpo_child(const struct xpo_node *n, const char *keyword)
{
    return first_of(n->first, bare(str_of(keyword)));
}

struct xpo_node *xpo_same(const struct xpo_node *n)
{
    return first_of(n->next, bare(n->keyword));
}

struct str xpo_source(const struct xpo_node *n, struct arena *a)
{
    char *start = arena_alloc_raw(a, n->text.n + 1), *to = start;
    struct lines in = lines_of(n->text, 1);
    struct line l;
    while (lines_next(&in, &l)) {
        struct str text = l.text;
        if (text.n && text.p[0] == '#')
            text = (struct str){text.p + 1, text.n - 1};
        memcpy(to, text.p, text.n);
        to += text.n;
        *to++ = '\n';
    }
    return (struct str){start, to > start ? (size_t)(to - start) - 1 : 0};
}

void xpo_source_put(struct buf *b, struct str source, unsigned indent)
{
    while (source.p) {
        const char *nl = memchr(source.p, '\n', source.n);
        size_t n = nl ? (size_t)(nl - source.p) : source.n;
        buf_printf(b, "%*s#", (int)indent, "");
        buf_put(b, source.p, n);
        buf_putc(b, '\n');
        source = nl ? (struct str){nl + 1, source.n - n - 1} : (struct str){NULL, 0};
    }
}
