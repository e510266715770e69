#include "xpp/rules/apply.h"
#include "xpp/rules/run.h"
#include <assert.h>
#include <stdlib.h>
#include <strings.h>

struct rules_run *rules_run_new(const struct rules_options *o)
{
    struct rules_run *r = calloc(1, sizeof *r);
    assert(r);
    r->options = *o;
    r->arena = arena_new();
    return r;
}

void rules_run_free(struct rules_run *r)
{
    if (!r)
        return;
    edits_done(&r->edits);
    vec_done(&r->line_starts);
    vec_done(&r->comments);
    vec_done(&r->same);
    vec_done(&r->nested);
    arena_free(r->arena);
    free(r);
}

/* ---- fixes ---- */

static struct edit_piece bound_piece(const struct syntax *s, const struct match *m, uint32_t meta)
{
    for (unsigned i = 0; i < m->n; i++) {
        const struct binding *b = &m->bindings[i];
        if (b->meta != meta || b->token >= b->token_end)
            continue;
        uint32_t off = s->tokens.p[b->token].off;
        const struct token *last = &s->tokens.p[b->token_end - 1];
        return (struct edit_piece){{NULL, 0}, off, last->off + last->n - off};
    }
    return (struct edit_piece){{"", 0}, 0, 0};
}

static void hit_pattern(struct rules_run *r, const struct pattern *p, uint32_t node, const struct match *m)
{
    if (!p->fix) {
        rules_hit(r, p->rule, node);
        return;
    }
    struct edit_piece *pieces = arena_alloc(r->arena, (p->n_fix + 1) * sizeof *pieces);
    for (uint32_t i = 0; i < p->n_fix; i++)
        pieces[i] =
            p->fix[i].text.p ? (struct edit_piece){p->fix[i].text, 0, 0} : bound_piece(r->syntax, m, p->fix[i].meta);
    uint32_t off = rules_begin_of(r->syntax, node), n = rules_end_of(r->syntax, node) - off, n_pieces = p->n_fix;
    if (p->n_fix == 0) {
        rules_deletion(r->syntax, node, &off, &n, &pieces[0].text);
        n_pieces = 1;
    }
    rules_hit_edit(r, p->rule, node, off, n, pieces, n_pieces);
}

/* A rule on a kind of statement: all it can do is delete it. */
static void hit_node(struct rules_run *r, const struct rule *rule, uint32_t node)
{
    if (!rule->fix) {
        rules_hit(r, rule, node);
        return;
    }
    struct edit_piece *piece = rules_piece(r, str_of(""));
    uint32_t off, n;
    rules_deletion(r->syntax, node, &off, &n, &piece->text);
    rules_hit_edit(r, rule, node, off, n, piece, 1);
}

/* ---- what is looked at ---- */

static bool applies(const struct rules_run *r, const struct rule *rule)
{
    if (!rule->elements)
        return true;
    for (const char *const *code = rule->elements; *code; code++)
        if (str_is(r->place->element->code, *code))
            return true;
    return false;
}

static void try_pattern(struct rules_run *r, const struct pattern *p, uint32_t node)
{
    struct match m;
    if (applies(r, p->rule) && match_node(p, r->syntax, node, r->scope, &m))
        hit_pattern(r, p, node, &m);
}

/* The functions within the methods of the source: most have none, and are looked through once. */
static void list_nested(struct rules_run *r)
{
    const struct syntax *s = r->syntax;
    r->nested_listed = true;
    for (uint32_t i = 1; i < s->nodes.n; i++) {
        uint32_t up = node_at(s, i)->kind == NODE_METHOD ? node_at(s, i)->parent : 0;
        if (up && node_at(s, up)->kind == NODE_BLOCK)
            *vec_push(&r->nested) = node_child_of(s, i, NODE_NAME);
    }
}

/* A function of this name within the method. */
static bool is_nested(struct rules_run *r, struct str name)
{
    if (!r->nested_listed)
        list_nested(r);
    vec_each (&r->nested, n)
        if (xpo_same_name(syntax_text(r->syntax, *n), name))
            return true;
    return false;
}

/* It is not the kernel's that is called: of an object, the element declares a method of this name; without one only
 * functions within the method come before those of the kernel. */
static bool is_own(struct rules_run *r, uint32_t node)
{
    uint32_t up = node_at(r->syntax, node)->parent;
    if (up && node_at(r->syntax, up)->kind != NODE_MEMBER)
        return is_nested(r, syntax_text(r->syntax, node));
    const struct xpo_element *e = r->place->element;
    enum symbol_kind kind = symbol_kind_of(e);
    const struct symbol *s = kind == SYMBOL_KINDS ? NULL : symbols_find(r->options.symbols, kind, e->name);
    return s && symbol_member(s, MEMBER_METHOD, syntax_text(r->syntax, node));
}

static void at_name(struct rules_run *r, uint32_t node, uint32_t hash)
{
    const struct name_table *t = &r->options.book->anchors;
    for (int32_t i = name_next(t, hash, -1); i >= 0; i = name_next(t, hash, i)) {
        const struct pattern *p = name_at(t, i)->pattern;
        uint32_t root = node;
        for (uint32_t up = 0; up < p->climb && root; up++)
            root = node_at(r->syntax, root)->parent;
        if (root && !(p->rule->kernel && is_own(r, node)))
            try_pattern(r, p, root);
    }
}

/* The type of `X::m` with an m that the rule leaves alone. */
static bool is_excepted(const struct rules_run *r, const struct rule *rule, uint32_t node)
{
    uint32_t up = node_at(r->syntax, node)->parent;
    uint32_t member = up && node_at(r->syntax, up)->kind == NODE_STATIC ? node_child(r->syntax, up, 1) : 0;
    for (const char *const *name = rule->except; member && name && *name; name++)
        if (xpo_same_name(syntax_text(r->syntax, member), str_of(*name)))
            return true;
    return false;
}

static void at_table(struct rules_run *r, const struct name_table *t, uint32_t node, uint32_t hash)
{
    for (int32_t i = name_next(t, hash, -1); i >= 0; i = name_next(t, hash, i))
        if (applies(r, name_at(t, i)->rule) && !is_excepted(r, name_at(t, i)->rule, node))
            rules_hit(r, name_at(t, i)->rule, node);
}

static void at_globs(struct rules_run *r, const struct globs *globs, uint32_t node, struct str name)
{
    const struct glob_entry *g;
    for (size_t at = 0; (g = globs_next(globs, name, &at)) != NULL;)
        if (applies(r, g->rule) && !is_excepted(r, g->rule, node))
            rules_hit(r, g->rule, node);
}

static void at_type(struct rules_run *r, uint32_t node)
{
    const struct rulebook *b = r->options.book;
    struct str name = syntax_text(r->syntax, node);
    at_table(r, &b->types, node, r->syntax->tokens.p[node_at(r->syntax, node)->token].hash);
    at_globs(r, &b->type_globs, node, name);
}

static void at_macro(struct rules_run *r, uint32_t node)
{
    const struct rulebook *b = r->options.book;
    struct str name = token_text(r->syntax->source, &r->syntax->tokens.p[node_at(r->syntax, node)->token]);
    while (name.n && name.p[0] == '#')
        name = (struct str){name.p + 1, name.n - 1};
    if (name.n == 0)
        return;
    at_table(r, &b->macros, node, token_hash(name));
    at_globs(r, &b->macro_globs, node, name);
}

/* classStr(X), tableNum(X): the first argument is the name of a type. */
static bool names_a_type(const struct syntax *s, uint32_t call)
{
    static const char *const functions[] = {
        "classStr",        "classNum",  "tableStr",        "tableNum",       "extendedTypeStr",
        "extendedTypeNum", "methodStr", "staticMethodStr", "tableMethodStr", "tableStaticMethodStr",
        "fieldNum",        "fieldStr",  "enumStr",         "enumNum",        "viewStr",
        "viewNum",         "mapStr"};
    struct str name = syntax_text(s, node_child(s, call, 0));
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (name.n == strlen(functions[i]) && strncasecmp(name.p, functions[i], name.n) == 0)
            return true;
    return false;
}

static void at_call(struct rules_run *r, uint32_t node)
{
    uint32_t argument = node_child(r->syntax, node, 1);
    if (argument && node_at(r->syntax, argument)->kind == NODE_NAME &&
        node_at(r->syntax, node_child(r->syntax, node, 0))->kind == NODE_NAME && names_a_type(r->syntax, node))
        at_type(r, argument);
}

static void at_method(struct rules_run *r, uint32_t node)
{
    uint32_t name = node_child_of(r->syntax, node, NODE_NAME);
    if (name)
        at_table(r, &r->options.book->methods, name, r->syntax->tokens.p[node_at(r->syntax, name)->token].hash);
}

static void at_modifier(struct rules_run *r, uint32_t node)
{
    const struct name_table *t = &r->options.book->modifiers;
    uint32_t hash = r->syntax->tokens.p[node_at(r->syntax, node)->token].hash;
    for (int32_t i = name_next(t, hash, -1); i >= 0; i = name_next(t, hash, i)) {
        const struct rule *rule = name_at(t, i)->rule;
        uint32_t off = rules_begin_of(r->syntax, node), end = rules_end_of(r->syntax, node);
        while (end < r->syntax->source.n && rules_is_blank(r->syntax->source.p[end]))
            end++;
        if (applies(r, rule))
            rules_hit_edit(r, rule, node, off, end - off, rules_piece(r, str_of("")), 1);
    }
}

static void at_node(struct rules_run *r, uint32_t i)
{
    const struct node *n = node_at(r->syntax, i);
    enum node_kind kind = n->kind;
    if (kind == NODE_NAME)
        at_name(r, i, r->syntax->tokens.p[n->token].hash);
    else if (kind == NODE_TYPE)
        at_type(r, i);
    else if (kind == NODE_STATIC)
        at_type(r, n->first);
    else if (kind == NODE_CALL)
        at_call(r, i);
    else if (kind == NODE_METHOD)
        at_method(r, i);
    else if (kind == NODE_MODIFIER)
        at_modifier(r, i);
    else if (kind == NODE_MACRO || kind == NODE_MACRO_USE)
        at_macro(r, i);
    const struct rule *rule = r->options.book->of_kind[kind];
    if (rule && applies(r, rule))
        hit_node(r, rule, i);
    const struct pattern **list = r->options.book->by_kind[kind];
    for (; list && *list; list++)
        try_pattern(r, *list, i);
}

static void begin(struct rules_run *r, const struct syntax *s, const struct rules_place *place,
                  const struct scope *scope, struct findings *f)
{
    r->edits.list.n = r->line_starts.n = r->comments.n = 0;
    arena_reset(r->arena);
    r->last_rule = NULL;
    r->nested.n = 0;
    r->nested_listed = false;
    r->syntax = s;
    r->place = place;
    r->scope = scope;
    r->findings = f;
}

static void list_kinds(struct rules_run *r)
{
    memset(r->head, 0, sizeof r->head);
    r->same.n = 0;
    while (r->same.n < r->syntax->nodes.n)
        (void)vec_push(&r->same);
    for (uint32_t i = (uint32_t)r->syntax->nodes.n; i-- > 1;) {
        uint8_t kind = r->syntax->nodes.p[i].kind;
        r->same.p[i] = r->head[kind];
        r->head[kind] = i;
    }
}

static void run_checks(struct rules_run *r)
{
    const struct rulebook *b = r->options.book;
    list_kinds(r);
    for (size_t i = 0; i < b->n_checks; i++) {
        struct check_call call = {r, b->checks[i].rule, r->syntax};
        if (applies(r, call.rule))
            b->checks[i].fn(&call);
    }
}

void rules_on_source(struct rules_run *r, const struct syntax *s, const struct rules_place *place,
                     const struct scope *scope, struct findings *f, struct buf *out)
{
    begin(r, s, place, scope, f);
    for (uint32_t i = 1; i < s->nodes.n; i++)
        at_node(r, i);
    if (!place->macro)
        run_checks(r);
    edits_apply(&r->edits, s->source, out);
    for (size_t i = 0; i < r->edits.list.n; i++) {
        const struct edit *e = &r->edits.list.p[i];
        if (e->dropped && e->tag != UINT32_MAX)
            f->list.p[e->tag].outcome = FINDING_REPORTED;
    }
}
