/*
 * cover: whether a tree of an export holds all of its text.
 *
 * Every byte that a view of the tree shows is crossed out; of what is left, a line may have nothing but blanks, `#` and
 * the words that are the shape of the tree themselves.
 */
#ifndef UNIT_XPP_COVER_H
#define UNIT_XPP_COVER_H
#include "xpp/xpo/line.h"
#include "xpp/xpo/read.h"
#include <ctype.h>

struct cover {
    const char *text;
    size_t n;
    char *left; /* a copy in which blanks stand for what was seen */
};

static inline void cover_cross(struct cover *c, struct str s)
{
    if (s.n && s.p >= c->text && s.p < c->text + c->n)
        for (size_t i = 0; i < s.n; i++)
            if (c->left[s.p - c->text + (ptrdiff_t)i] != '\n')
                c->left[s.p - c->text + (ptrdiff_t)i] = ' ';
}

static inline void cover_node(struct cover *c, const struct xpo_node *n)
{
    cover_cross(c, n->keyword);
    cover_cross(c, n->word);
    cover_cross(c, n->name);
    cover_cross(c, n->text);
    for (uint32_t i = 0; i < n->n_props; i++) {
        cover_cross(c, n->props[i].name);
        cover_cross(c, n->props[i].value);
        cover_cross(c, n->props[i].array);
        for (uint32_t j = 0; j < n->props[i].n_items; j++)
            cover_cross(c, n->props[i].items[j]);
    }
    for (const struct xpo_node *child = n->first; child; child = child->next)
        cover_node(c, child);
}

static inline bool cover_is_shape(struct str line)
{
    while (line.n && (isspace((unsigned char)line.p[0]) || line.p[0] == '#'))
        line = (struct str){line.p + 1, line.n - 1};
    while (line.n && (isspace((unsigned char)line.p[line.n - 1]) || line.p[line.n - 1] == '#'))
        line.n--;
    return line.n == 0 || str_starts(line, "END") || str_is(line, "PROPERTIES") || str_is(line, "ARRAY") ||
           str_is(line, "***Element:");
}

/* The number in the part, from 1, of the first line that is not wholly in the tree; 0 when all are. */
static inline uint32_t cover_missing(struct xpo_part part, const struct xpo_element *e, struct arena *a)
{
    struct cover c = {part.text.p, part.text.n, arena_dup_str(a, part.text)};
    cover_cross(&c, e->code);
    cover_cross(&c, e->version);
    cover_cross(&c, e->comment);
    for (const struct xpo_node *n = e->root; n; n = n->next)
        cover_node(&c, n);
    struct lines in = lines_of((struct str){c.left, c.n}, 1);
    struct line l;
    while (lines_next(&in, &l))
        if (!cover_is_shape(l.text))
            return l.number;
    return 0;
}

#endif
