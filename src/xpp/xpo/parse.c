#include "xpp/xpo/ends.h"
#include "xpp/xpo/parser.h"
#include <assert.h>

#define SHOWN 80 /* bytes of the file in a message, at most */

static void complain(struct xpo_parser *p, uint32_t line, uint32_t column, const char *fmt, va_list args)
{
    *vec_push(p->problems) = (struct xpo_problem){line, column, arena_vprintf(p->a, fmt, args)};
}

void xpo_complain(struct xpo_parser *p, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    complain(p, p->line.number, line_column(&p->line), fmt, args);
    va_end(args);
}

void xpo_complain_at(struct xpo_parser *p, uint32_t line, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    complain(p, line, 1, fmt, args);
    va_end(args);
}

void xpo_unread(struct xpo_parser *p)
{
    p->in.p = p->line.all.p;
    p->in.number = p->line.number;
}

static struct xpo_frame *top(struct xpo_parser *p)
{
    return p->depth ? &p->stack[p->depth - 1] : NULL;
}

/* The block around the line, whatever item is open in it. */
static struct xpo_frame *around(struct xpo_parser *p)
{
    size_t i = p->depth;
    while (i > 0 && p->stack[i - 1].item)
        i--;
    return i ? &p->stack[i - 1] : NULL;
}

static struct xpo_node *add_node(struct xpo_parser *p, struct str keyword, struct str rest)
{
    struct xpo_node *n = arena_new_one(p->a, struct xpo_node), *parent = p->depth ? top(p)->node : NULL;
    const char *hash = rest.n ? memchr(rest.p, '#', rest.n) : NULL;
    n->keyword = keyword;
    n->word = hash ? str_trim((struct str){rest.p, (size_t)(hash - rest.p)}) : rest;
    n->name = hash ? (struct str){hash + 1, (size_t)(rest.p + rest.n - hash - 1)} : (struct str){NULL, 0};
    n->line = p->line.number;
    n->parent = parent;
    struct xpo_node **first = parent ? &parent->first : &p->first, **last = parent ? &parent->last : &p->last;
    if (*last)
        (*last)->next = n;
    else
        *first = n;
    *last = n;
    return n;
}

static struct str end_of(struct xpo_parser *p, const struct block *b, struct str keyword)
{
    return b ? b->end : str_of(arena_printf(p->a, "END%.*s", STR_ARG(keyword)));
}

/* What ends a frame. An item of a keyword that was found to have no END here must not take the one of a block. */
static struct str frame_end(struct xpo_parser *p, const struct block *b, struct str keyword, bool item)
{
    bool endless = item && (!b || b->kind == BLOCK_ROOT);
    return endless ? (struct str){NULL, 0} : end_of(p, b, keyword);
}

static void push(struct xpo_parser *p, struct xpo_node *n, const struct block *b, bool item)
{
    if (p->depth == XPO_DEPTH_MAX) {
        xpo_complain(p, "blocks are nested deeper than %d", XPO_DEPTH_MAX);
        p->refused = true;
        return;
    }
    p->stack[p->depth++] = (struct xpo_frame){n, b, frame_end(p, b, n->keyword, item), item, false};
}

static void close_item(struct xpo_parser *p)
{
    if (p->depth && top(p)->item)
        p->depth--;
}

/* Blocks above `depth` end here without END. */
static void close_above(struct xpo_parser *p, size_t depth)
{
    for (; p->depth > depth; p->depth--) {
        const struct xpo_frame *f = top(p);
        if (!f->item)
            xpo_complain(p, "%.*s of line %" PRIu32 " has no %.*s", (int)MIN(f->node->keyword.n, (size_t)SHOWN),
                         f->node->keyword.p, f->node->line, (int)MIN(f->end.n, (size_t)SHOWN), f->end.p);
    }
}

static void take_end(struct xpo_parser *p, struct str word)
{
    for (size_t i = p->depth; i-- > 0;) {
        if (!str_eq(p->stack[i].end, word))
            continue;
        close_above(p, i + 1);
        p->depth = i;
        return;
    }
    xpo_complain(p, "%.*s ends nothing", (int)MIN(word.n, (size_t)SHOWN), word.p);
    add_node(p, word, (struct str){word.p + word.n, 0});
}

static size_t count_open(const struct xpo_parser *p, struct str end)
{
    size_t n = 0;
    for (size_t i = 0; i < p->depth; i++)
        n += str_eq(p->stack[i].end, end);
    return n;
}

/* Whether a keyword opens a block here: its END comes before the one of the block around it. */
static bool has_end(struct xpo_parser *p, struct str end)
{
    if (!p->ends)
        p->ends = ends_find(p->in, p->a);
    size_t left, ignored;
    const char *here = p->line.text.p, *at = ends_next(p->ends, end, here, &left);
    const struct xpo_frame *outer = around(p);
    if (!at || left <= count_open(p, end))
        return false;
    const char *outer_end = outer ? ends_next(p->ends, outer->end, here, &ignored) : NULL;
    return !outer_end || at <= outer_end;
}

static void take_props(struct xpo_parser *p)
{
    if (p->depth && top(p)->item && top(p)->props)
        p->depth--;
    if (p->depth)
        top(p)->props = true;
    struct xpo_node *n = p->depth ? top(p)->node : p->last;
    if (!n) {
        xpo_complain(p, "PROPERTIES of nothing");
        n = add_node(p, p->line.text, (struct str){NULL, 0});
    }
    xpo_read_props(p, n);
}

/* Nothing but its number, as AX 2009 writes it: `Id 50002`. */
static bool has_only_number(const struct xpo_node *n)
{
    for (const struct xpo_node *c = n->first; c; c = c->next) {
        if (!str_is(c->keyword, "Id"))
            return false;
    }
    return true;
}

/* The type of a field or an extended data type stands on a line of its own. */
static bool take_type(struct xpo_parser *p, struct str word)
{
    const struct xpo_frame *f = top(p);
    if (!f || !f->block || (f->block->kind != BLOCK_TYPED && f->block->kind != BLOCK_FIELD))
        return false;
    if (f->props || f->node->word.n || !has_only_number(f->node) || !block_type_code(word))
        return false;
    f->node->word = word;
    return true;
}

static void open_block(struct xpo_parser *p, const struct block *b, struct str word, struct str rest)
{
    if (!b || b->kind != BLOCK_PART)
        close_item(p);
    struct xpo_node *n = add_node(p, word, rest);
    p->opened = true;
    if (b && (b->kind == BLOCK_HASHES || b->kind == BLOCK_BYTES))
        xpo_read_raw(p, n, b);
    else
        push(p, n, b, false);
}

/* A line that opens no block: an item if PROPERTIES that follow can only be its own, else no more than a line. */
static void take_line(struct xpo_parser *p, const struct block *b, struct str word, struct str rest)
{
    struct xpo_frame *f = top(p);
    bool pending = f && f->item && !f->props; /* its PROPERTIES may come yet: this line is one of its own */
    bool known = b && (b->kind == BLOCK_ITEM || b->kind == BLOCK_FIELD);
    const struct xpo_frame *outer = around(p);
    bool named = rest.n && memchr(rest.p, '#', rest.n);
    bool item = known || ((!b || b->kind != BLOCK_LINE) && (named || (!pending && outer && outer->props)));
    if (item || !pending)
        close_item(p);
    struct xpo_node *n = add_node(p, word, rest);
    if (item)
        push(p, n, b, true);
}

static bool opens_block(struct xpo_parser *p, const struct block *b, struct str word)
{
    if (!b)
        return has_end(p, end_of(p, NULL, word));
    switch (b->kind) {
    case BLOCK_ROOT:
        return p->depth == 0 || has_end(p, b->end);
    case BLOCK_BLOCK:
    case BLOCK_PART:
    case BLOCK_TYPED:
    case BLOCK_HASHES:
    case BLOCK_BYTES:
    case BLOCK_PAIRS:
        return true;
    case BLOCK_ITEM:
    case BLOCK_FIELD:
    case BLOCK_LINE:
        break;
    }
    return false;
}

/* `#KERNDOC:\\Classes\\X`, `#APPLDOC:...`: a page of the developers' documentation, up to its ENDDOC. */
static bool take_page(struct xpo_parser *p, struct str text)
{
    if (p->depth > 0 || (!str_starts(text, "#KERNDOC:") && !str_starts(text, "#APPLDOC:")))
        return false;
    struct xpo_node *n = add_node(p, STR("DOC"), text);
    p->opened = true;
    push(p, n, NULL, false);
    return true;
}

/* One line that is not blank. */
static void take(struct xpo_parser *p)
{
    struct str text = p->line.text, rest, word = line_word(text, &rest);
    const struct xpo_frame *f = top(p);
    if (text.p[0] == '#') {
        if (take_page(p, text))
            return;
        close_item(p);
        push(p, add_node(p, (struct str){text.p, 0}, str_trim(text)), NULL, true);
        return;
    }
    if (rest.n == 0 && str_is(word, "PROPERTIES")) {
        take_props(p);
        return;
    }
    if (rest.n == 0 && str_starts(word, "END")) {
        take_end(p, word);
        return;
    }
    if (f && f->block && f->block->kind == BLOCK_PAIRS) {
        add_node(p, word, rest);
        return;
    }
    if (rest.n == 0 && take_type(p, word))
        return;
    const struct block *b = block_find(word);
    if (opens_block(p, b, word))
        open_block(p, b, word, rest);
    else
        take_line(p, b, word, rest);
}

/* The words before the first block: `***Element: CODE`, comments, the version. False when the line is none of them. */
static bool take_head(struct xpo_parser *p, struct xpo_element *e)
{
    static const char element[] = "***Element:";
    struct str text = p->line.text, rest, word = line_word(text, &rest);
    if (p->first)
        return false;
    if (!e->code.p && str_starts(text, element)) {
        e->code = str_trim((struct str){text.p + strlen(element), text.n - strlen(element)});
        return true;
    }
    if (text.p[0] == ';') {
        const char *from = e->comment.p ? e->comment.p : p->line.all.p;
        e->comment = (struct str){from, (size_t)(p->line.all.p + p->line.all.n - from)};
        return true;
    }
    bool version =
        !e->version.p && word.n >= 7 && memcmp(word.p + word.n - 7, "VERSION", 7) == 0 && rest.n && rest.p[0] != '#';
    if (version)
        e->version = str_trim(text);
    return version;
}

/* What stands for the code of a fragment without header. */
static struct str guess_code(const struct xpo_node *root)
{
    const struct block *b = block_find(root->keyword);
    if (!b)
        return STR("");
    if (b->kind == BLOCK_TYPED && block_type_code(root->word))
        return str_of(block_type_code(root->word));
    if (b->kind != BLOCK_HASHES)
        return str_of(b->code);
    /* A source that begins with a directive is a library of macros. */
    struct str text = str_trim(root->text);
    return str_starts(text, "##") ? STR("MCR") : str_of(b->code);
}

static void finish(struct xpo_parser *p, struct xpo_element *e)
{
    close_above(p, 0);
    e->root = p->first;
    if (!e->root)
        return;
    if (!e->code.p)
        e->code = guess_code(e->root);
    e->name = e->root->name;
    if (e->name.n == 0)
        e->name = xpo_value(e->root, "Name");
}

bool xpo_parse(struct xpo_part part, struct arena *a, struct xpo_element *ret_element, xpo_problems *problems)
{
    assert(!part.records);
    struct xpo_parser p = {.in = lines_of(part.text, part.line), .a = a, .problems = problems};
    *ret_element = (struct xpo_element){.line = part.line};
    while (!p.refused && lines_next(&p.in, &p.line))
        if (p.line.text.n && !take_head(&p, ret_element))
            take(&p);
    finish(&p, ret_element);
    if (!p.opened && !p.refused)
        xpo_complain_at(&p, part.line, "there is no element here");
    vec_done(&p.props);
    vec_done(&p.items);
    map_free(p.ends);
    return p.opened && !p.refused;
}
