#include "xpp/xpo/parser.h"

/* False when the raw lines are over: at their END, or where it is missing. */
static bool take(struct xpo_parser *p, const struct block *b)
{
    struct str text = p->line.text;
    if (text.n == 0 || text.p[0] == '#')
        return true;
    if (text.p[0] == 'E' && str_eq(str_trim(text), b->end))
        return false;
    if (b->kind == BLOCK_BYTES)
        return true;
    if (!xpo_is_structure(text)) {
        xpo_complain(p, "a line of a source without #");
        return true;
    }
    xpo_complain(p, "%s without %s", b->keyword.p, b->end.p);
    xpo_unread(p);
    return false;
}

void xpo_read_raw(struct xpo_parser *p, struct xpo_node *n, const struct block *b)
{
    const char *from = p->in.p;
    n->text_line = p->in.number;
    bool more = true;
    while (more && lines_next(&p->in, &p->line))
        more = take(p, b);
    n->text = (struct str){from, (size_t)((more ? p->in.p : p->line.all.p) - from)};
    if (more)
        xpo_complain(p, "the %s of line %" PRIu32 " has no %s", b->keyword.p, n->line, b->end.p);
}
