#include "forward/delta.h"
#include "xpp/body.h"
#include "xpp/compare.h"
#include <stdlib.h>

/* A layer that has only code of a control has no properties of it: then the name stands at the block. */
static struct str name_of(const struct xpo_node *n)
{
    struct str name = xpo_value(n, "Name");
    return name.n ? name : n->name;
}

/* "datasource/DS", "datafield/DS/Field", "control/Name", or "" for the element itself. */
static struct str owner_of(const struct xpo_node *source, struct arena *a)
{
    for (const struct xpo_node *n = source->parent; n; n = n->parent) {
        if (xpo_same_name(n->keyword, str_of("CONTROL")))
            return str_of(arena_printf(a, "control/%.*s", STR_ARG(name_of(n))));
        if (xpo_same_name(n->keyword, str_of("DATASOURCE")) || xpo_same_name(n->keyword, str_of("DERIVEDDATASOURCE"))) {
            const struct xpo_node *pool = xpo_child(n, "OBJECTPOOL");
            return pool ? str_of(arena_printf(a, "datasource/%.*s", STR_ARG(name_of(pool)))) : str_of("");
        }
        if (!xpo_same_name(n->keyword, str_of("DATAFIELD")) && !xpo_same_name(n->keyword, str_of("REFERENCEFIELD")))
            continue;
        const struct xpo_node *pool = n;
        while (pool && !xpo_same_name(pool->keyword, str_of("OBJECTPOOL")))
            pool = pool->parent;
        if (pool)
            return str_of(arena_printf(a, "datafield/%.*s/%.*s", STR_ARG(name_of(pool)), STR_ARG(n->word)));
    }
    return str_of("");
}

/* A source of the standard: looked up by the hash of its name, then by name and owner. */
struct known {
    uint32_t hash;
    const struct xpo_node *source;
    struct str owner;
};

typedef VEC(struct known) known_list;

static void list_sources(const struct xpo_node *n, struct arena *a, known_list *ret)
{
    for (; n; n = n->next) {
        if (body_is_source(n))
            *vec_push(ret) = (struct known){token_hash(n->name), n, owner_of(n, a)};
        list_sources(n->first, a, ret);
    }
}

static const struct xpo_node *find_source(const known_list *list, struct str owner, struct str name)
{
    uint32_t hash = token_hash(name);
    vec_each (list, k)
        if (k->hash == hash && xpo_same_name(k->source->name, name) && xpo_same_name(k->owner, owner))
            return k->source;
    return NULL;
}

static void put_commented(struct buf *b, const char *title, struct str text)
{
    buf_printf(b, "// %s\n", title);
    while (text.n) {
        struct str line = str_split(&text, '\n');
        buf_printf(b, "//     %.*s\n", STR_ARG(line));
    }
}

static void place_conflict(const struct delta *d, struct d365_method *m, struct str standard, const char *reason)
{
    SCOPED_BUF b = {0};
    buf_printf(&b, "// TODO: (carryover C01) %.*s was changed and cannot be wrapped: %s.\n", STR_ARG(m->name), reason);
    put_commented(&b, "ours", m->text);
    if (standard.n)
        put_commented(&b, "the standard, AX 2012", standard);
    m->place = D365_CONFLICT;
    m->text = (struct str){arena_dup_str(d->arena, buf_str(&b)), b.n};
    finding_add(d->findings, "C01", FINDING_TODO, m->name, m->line, 0, "%s", reason);
}

/* False when it is the same as the standard one. */
static bool place_changed(const struct delta *d, struct d365_method *m, struct str standard)
{
    struct syntax ours = {0}, theirs = {0};
    struct comparison c;
    parse(m->text, PARSE_METHOD, LEX_SOURCE, &ours);
    parse(standard, PARSE_METHOD, LEX_SOURCE, &theirs);
    compare_methods(&ours, &theirs, d->arena, &c);
    syntax_done(&ours);
    syntax_done(&theirs);
    if (c.outcome == COMPARE_SAME) {
        finding_add(d->findings, "C03", FINDING_FIXED, m->name, m->line, 0, "%.*s", STR_ARG(m->name));
        return false;
    }
    if (c.outcome == COMPARE_CONFLICT) {
        place_conflict(d, m, standard, c.reason);
        return true;
    }
    m->place = D365_CHAINED;
    m->text = c.text;
    finding_add(d->findings, "C04", FINDING_FIXED, m->name, m->line, 0, "%.*s", STR_ARG(m->name));
    return true;
}

/* A method that overrides one of the kernel or of a base class: super() is `next` in an extension. */
static bool place_override(const struct delta *d, struct d365_method *m)
{
    struct syntax ours = {0};
    struct comparison c;
    parse(m->text, PARSE_METHOD, LEX_SOURCE, &ours);
    compare_override(&ours, d->arena, &c);
    syntax_done(&ours);
    if (c.outcome == COMPARE_CONFLICT)
        place_conflict(d, m, str_of(""), c.reason);
    if (c.outcome != COMPARE_WRAP)
        return c.outcome == COMPARE_CONFLICT;
    m->place = D365_CHAINED;
    m->text = c.text;
    finding_add(d->findings, "C04", FINDING_FIXED, m->name, m->line, 0, "%.*s: super() is next", STR_ARG(m->name));
    return true;
}

static void place_added(const struct delta *d, struct d365_method *m, bool sure)
{
    m->place = D365_ADDED;
    if (place_override(d, m))
        return;
    if (sure) {
        finding_add(d->findings, "C02", FINDING_FIXED, m->name, m->line, 0, "%.*s", STR_ARG(m->name));
        return;
    }
    m->text = str_of(arena_printf(d->arena,
                                  "// TODO: (carryover C05) is %.*s a change of a standard method, or an addition? "
                                  "Without a baseline nobody can tell.\n%.*s",
                                  STR_ARG(m->name), STR_ARG(m->text)));
    finding_add(d->findings, "C05", FINDING_TODO, m->name, m->line, 0, "%.*s", STR_ARG(m->name));
}

static int compare_owners(const void *x, const void *y)
{
    const struct d365_method *a = x, *b = y;
    int order = str_cmp(a->owner, b->owner);
    return order ? order : (a->line > b->line) - (a->line < b->line);
}

/* True when the standard declaration, if there is one, has this member. */
static bool has_member(const struct syntax *standard, const struct syntax *ours, uint32_t member)
{
    for (uint32_t i = 1; i < standard->nodes.n; i++)
        if (node_at(standard, i)->kind == node_at(ours, member)->kind && compare_nodes(standard, i, ours, member))
            return true;
    return false;
}

/* Members and macros that were added to the declaration are those of the extension class. False when there are none. */
static bool place_members(const struct delta *d, struct d365_method *m, struct str standard)
{
    struct syntax ours = {0}, theirs = {0};
    SCOPED_BUF b = {0};
    parse(m->text, PARSE_CLASS, LEX_SOURCE, &ours);
    parse(standard, PARSE_CLASS, LEX_SOURCE, &theirs);
    for (uint32_t i = 1; i < ours.nodes.n; i++) {
        enum node_kind kind = node_at(&ours, i)->kind;
        if ((kind == NODE_FIELD || kind == NODE_DIRECTIVE || kind == NODE_MACRO_USE) && !has_member(&theirs, &ours, i))
            buf_printf(&b, "%s    %.*s", b.n ? "\n" : "", STR_ARG(syntax_text(&ours, i)));
    }
    syntax_done(&ours);
    syntax_done(&theirs);
    if (b.n == 0)
        return false;
    m->place = D365_MEMBERS;
    m->text = (struct str){arena_dup_str(d->arena, buf_str(&b)), b.n};
    finding_add(d->findings, "C06", FINDING_FIXED, m->name, m->line, 0, "%.*s", STR_ARG(str_trim(m->text)));
    return true;
}

/* Where one source of ours goes; false when nothing is left of it to place. */
static bool place(const struct delta *d, const known_list *known, struct d365_method *m, const struct xpo_node *source)
{
    const struct xpo_node *theirs = find_source(known, m->owner, m->name);
    if (body_is_declaration(source))
        return d->standard && place_members(d, m, theirs ? d->code(d->ctx, theirs) : str_of(""));
    if (theirs)
        return place_changed(d, m, d->code(d->ctx, theirs));
    place_added(d, m, d->standard != NULL);
    return true;
}

size_t delta_methods(const struct delta *d, const struct delta_source *sources, size_t n, struct d365_method **ret)
{
    struct d365_method *list = arena_alloc(d->arena, (n + 1) * sizeof *list);
    known_list known = {0};
    size_t count = 0;
    if (d->standard)
        list_sources(d->standard->root, d->arena, &known);
    for (size_t i = 0; i < n; i++) {
        const struct xpo_node *source = sources[i].source;
        struct d365_method m = {
            .owner = owner_of(source, d->arena), .name = source->name, .text = sources[i].text, .line = source->line};
        if (place(d, &known, &m, source))
            list[count++] = m;
    }
    if (count)
        qsort(list, count, sizeof *list, compare_owners);
    vec_done(&known);
    *ret = list;
    return count;
}
