#include "xpp/xpo/parser.h"
#include <ctype.h>

/* Where the value begins: the first `#` behind a blank, else the first one; NULL when there is none. */
static const char *find_hash(struct str text)
{
    const char *end = text.p + text.n, *first = memchr(text.p, '#', text.n), *at = first;
    while (at && at > text.p && !line_is_blank_char(at[-1]))
        at = memchr(at + 1, '#', (size_t)(end - at - 1));
    return at ? at : first;
}

bool xpo_is_structure(struct str text)
{
    if (text.n < 2 || !isupper((unsigned char)text.p[1]))
        return false;
    struct str rest, word = line_word(text, &rest);
    if (str_starts(word, "END"))
        return rest.n == 0;
    const struct block *b = block_find(word);
    return b && b->kind != BLOCK_LINE && (rest.n == 0 || rest.p[0] == '#');
}

/* The lines of an ARRAY; its last property gets them. */
static void read_array(struct xpo_parser *p, struct xpo_prop *prop)
{
    struct str rest;
    line_word(p->line.text, &rest);
    uint32_t first = p->line.number;
    p->items.n = 0;
    bool ended = false;
    while (!ended && lines_next(&p->in, &p->line)) {
        struct str text = p->line.text;
        ended = str_is(str_trim(text), "ENDARRAY");
        if (ended || text.n == 0)
            continue;
        if (text.p[0] != '#' && xpo_is_structure(text)) {
            xpo_unread(p);
            break;
        }
        *vec_push(&p->items) = text.p[0] == '#' ? (struct str){text.p + 1, text.n - 1} : text;
    }
    if (!ended)
        xpo_complain(p, "the ARRAY of line %" PRIu32 " has no ENDARRAY", first);
    prop->array = rest;
    prop->n_items = (uint32_t)p->items.n;
    prop->items = arena_new_array(p->a, struct str, p->items.n);
    if (p->items.n)
        memcpy(prop->items, p->items.p, p->items.n * sizeof *prop->items);
}

static struct xpo_prop *add(struct xpo_parser *p, struct str name, struct str value)
{
    struct xpo_prop *prop = vec_push(&p->props);
    *prop = (struct xpo_prop){.name = name, .value = value, .line = p->line.number};
    return prop;
}

/* The property that an ARRAY belongs to: the one without value before it; another ARRAY of the same name makes one
 * more. */
static struct xpo_prop *array_owner(struct xpo_parser *p)
{
    struct xpo_prop *last = p->props.n ? &p->props.p[p->props.n - 1] : NULL;
    if (last && !last->items && last->value.n == 0)
        return last;
    if (!last)
        xpo_complain(p, "an ARRAY without a property");
    return add(p, last ? last->name : (struct str){p->line.text.p, 0}, (struct str){NULL, 0});
}

/* One line within PROPERTIES; false when it ends them. */
static bool take(struct xpo_parser *p)
{
    struct str text = p->line.text;
    if (text.n == 0)
        return true;
    const char *hash = find_hash(text);
    if (xpo_is_structure(text)) {
        if (str_is(str_trim(text), "ENDPROPERTIES"))
            return false;
        xpo_complain(p, "PROPERTIES end without ENDPROPERTIES");
        xpo_unread(p);
        return false;
    }
    if (hash) {
        add(p, str_trim((struct str){text.p, (size_t)(hash - text.p)}),
            (struct str){hash + 1, (size_t)(text.p + text.n - hash - 1)});
        if (hash == text.p)
            xpo_complain(p, "a value without the name of its property");
        return true;
    }
    struct str rest;
    if (str_is(line_word(text, &rest), "ARRAY"))
        read_array(p, array_owner(p));
    else
        add(p, str_trim(text), (struct str){NULL, 0});
    return true;
}

/* Puts what was read behind the properties that the node has. Room doubles: a node may have PROPERTIES over and over.
 */
static void keep(struct xpo_parser *p, struct xpo_node *n)
{
    size_t all = n->n_props + p->props.n;
    if (all > n->room) {
        n->room = (uint32_t)MAX(all, (size_t)n->room * 2);
        struct xpo_prop *props = arena_alloc_raw(p->a, n->room * sizeof *props);
        if (n->n_props)
            memcpy(props, n->props, n->n_props * sizeof *props);
        n->props = props;
    }
    if (p->props.n)
        memcpy(n->props + n->n_props, p->props.p, p->props.n * sizeof *n->props);
    n->n_props = (uint32_t)all;
}

void xpo_read_props(struct xpo_parser *p, struct xpo_node *n)
{
    uint32_t first = p->line.number;
    p->props.n = 0;
    bool more = true;
    while (more && lines_next(&p->in, &p->line))
        more = take(p);
    if (more)
        xpo_complain(p, "the PROPERTIES of line %" PRIu32 " have no ENDPROPERTIES", first);
    for (size_t i = 0; i < p->props.n; i++)
        if (!p->props.p[i].value.p && !p->props.p[i].items)
            xpo_complain_at(p, p->props.p[i].line, "the property %.*s has no value",
                            (int)MIN(p->props.p[i].name.n, (size_t)80), p->props.p[i].name.p);
    keep(p, n);
}
