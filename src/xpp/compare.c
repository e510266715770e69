#include "xpp/compare.h"
#include "base/buf.h"
#include <strings.h>

struct method {
    const struct syntax *s;
    uint32_t node, name, parameters, body;
    VEC(uint32_t) statements;
};

static enum node_kind kind_of(const struct syntax *s, uint32_t n)
{
    return node_at(s, n)->kind;
}

static bool same_token(const struct syntax *a, uint32_t i, const struct syntax *b, uint32_t j)
{
    const struct token *x = &a->tokens.p[i], *y = &b->tokens.p[j];
    if (x->kind != y->kind || x->n != y->n)
        return false;
    bool word = x->kind == TOKEN_NAME || x->kind == TOKEN_KEYWORD || x->kind == TOKEN_MACRO;
    const char *p = a->source.p + x->off, *q = b->source.p + y->off;
    return word ? strncasecmp(p, q, x->n) == 0 : memcmp(p, q, x->n) == 0;
}

static bool same_range(const struct syntax *a, uint32_t i, uint32_t end, const struct syntax *b, uint32_t j,
                       uint32_t end_b)
{
    if (end - i != end_b - j)
        return false;
    for (; i < end; i++, j++)
        if (!same_token(a, i, b, j))
            return false;
    return true;
}

bool compare_nodes(const struct syntax *a, uint32_t node_a, const struct syntax *b, uint32_t node_b)
{
    const struct node *x = node_at(a, node_a), *y = node_at(b, node_b);
    return same_range(a, x->token, x->token_end, b, y->token, y->token_end);
}

/* The first method of a source, its parts and its statements. */
static bool open_method(const struct syntax *s, struct method *ret)
{
    *ret = (struct method){.s = s};
    ret->node = node_child_of(s, 1, NODE_METHOD);
    if (!ret->node || s->problems.n)
        return false;
    ret->name = node_child_of(s, ret->node, NODE_NAME);
    ret->parameters = node_child_of(s, ret->node, NODE_PARAMETERS);
    ret->body = node_child_of(s, ret->node, NODE_BLOCK);
    if (!ret->name || !ret->parameters || !ret->body)
        return false;
    for (uint32_t c = node_at(s, ret->body)->first; c; c = node_at(s, c)->next)
        if (kind_of(s, c) != NODE_EMPTY)
            *vec_push(&ret->statements) = c;
    return true;
}

/* Words that say where code runs, and nothing since. */
static bool is_tier(const struct syntax *s, uint32_t modifier)
{
    struct str text = syntax_text(s, modifier);
    return text.n == 6 && (strncasecmp(text.p, "client", 6) == 0 || strncasecmp(text.p, "server", 6) == 0);
}

/* The next modifier that means something, or the first child behind them. */
static uint32_t skip_tiers(const struct syntax *s, uint32_t child)
{
    while (child && ((kind_of(s, child) == NODE_MODIFIER && is_tier(s, child)) || kind_of(s, child) == NODE_ATTRIBUTES))
        child = node_at(s, child)->next;
    return child;
}

static bool same_signature(const struct method *a, const struct method *b)
{
    uint32_t x = skip_tiers(a->s, node_at(a->s, a->node)->first), y = skip_tiers(b->s, node_at(b->s, b->node)->first);
    while (x && y && x != a->body && y != b->body) {
        if (kind_of(a->s, x) != kind_of(b->s, y) || !compare_nodes(a->s, x, b->s, y))
            return false;
        x = skip_tiers(a->s, node_at(a->s, x)->next);
        y = skip_tiers(b->s, node_at(b->s, y)->next);
    }
    return x == a->body && y == b->body;
}

static uint32_t next_attributes(const struct syntax *s, uint32_t child)
{
    while (child && kind_of(s, child) != NODE_ATTRIBUTES)
        child = node_at(s, child)->next;
    return child;
}

static bool same_attributes(const struct method *a, const struct method *b)
{
    uint32_t x = next_attributes(a->s, node_at(a->s, a->node)->first);
    uint32_t y = next_attributes(b->s, node_at(b->s, b->node)->first);
    while (x && y && compare_nodes(a->s, x, b->s, y)) {
        x = next_attributes(a->s, node_at(a->s, x)->next);
        y = next_attributes(b->s, node_at(b->s, y)->next);
    }
    return x == 0 && y == 0;
}

static bool same_statement(const struct method *a, size_t i, const struct method *b, size_t j)
{
    return compare_nodes(a->s, a->statements.p[i], b->s, b->statements.p[j]);
}

static bool is_local(const struct method *m, size_t i)
{
    return kind_of(m->s, m->statements.p[i]) == NODE_LOCAL;
}

/* Where our additions stand: declarations anywhere at the top, statements before `from`, behind `to`. */
struct cut {
    size_t from, to;    /* our statements [from, to) are the standard code without its declarations */
    bool before_return; /* the last return of the standard code is ours, too, behind the additions */
};

static size_t first_code(const struct method *m)
{
    size_t i = 0;
    while (i < m->statements.n && is_local(m, i))
        i++;
    return i;
}

/* Every declaration of the standard code is one of ours. */
static bool has_locals(const struct method *ours, const struct method *standard)
{
    for (size_t j = 0; j < first_code(standard); j++) {
        bool found = false;
        for (size_t i = 0; i < ours->statements.n && !found; i++)
            found = is_local(ours, i) && same_statement(ours, i, standard, j);
        if (!found)
            return false;
    }
    return true;
}

static bool code_at(const struct method *ours, size_t at, const struct method *standard, size_t from, size_t to)
{
    if (at + (to - from) > ours->statements.n)
        return false;
    for (size_t j = from; j < to; j++)
        if (!same_statement(ours, at + j - from, standard, j))
            return false;
    return true;
}

static bool find_cut(const struct method *ours, const struct method *standard, struct cut *ret)
{
    size_t from = first_code(standard), n = standard->statements.n, m = ours->statements.n;
    for (size_t at = first_code(ours); at + (n - from) <= m; at++)
        if (code_at(ours, at, standard, from, n)) {
            *ret = (struct cut){at, at + (n - from), false};
            return true;
        }
    bool returns = n > from && m && kind_of(standard->s, standard->statements.p[n - 1]) == NODE_RETURN &&
                   same_statement(ours, m - 1, standard, n - 1);
    for (size_t at = first_code(ours); returns && at + (n - 1 - from) < m; at++)
        if (code_at(ours, at, standard, from, n - 1)) {
            *ret = (struct cut){at, at + (n - 1 - from), true};
            return true;
        }
    return false;
}

/* True when one of these kinds is in the subtree. */
static bool holds(const struct syntax *s, uint32_t node, enum node_kind kind)
{
    if (kind_of(s, node) == kind)
        return true;
    for (uint32_t c = node_at(s, node)->first; c; c = node_at(s, c)->next)
        if (holds(s, c, kind))
            return true;
    return false;
}

static bool any_holds(const struct method *m, size_t from, size_t to, enum node_kind kind)
{
    for (size_t i = from; i < to; i++)
        if (holds(m->s, m->statements.p[i], kind))
            return true;
    return false;
}

static bool is_void(const struct method *m)
{
    uint32_t type = node_child_of(m->s, m->node, NODE_TYPE);
    struct str text = type ? syntax_text(m->s, type) : (struct str){"void", 4};
    return text.n == 4 && strncasecmp(text.p, "void", 4) == 0;
}

static bool same_name(struct str a, struct str b)
{
    return a.n == b.n && strncasecmp(a.p, b.p, a.n) == 0;
}

static bool names(const struct syntax *s, uint32_t node, struct str name)
{
    if (kind_of(s, node) == NODE_NAME && same_name(syntax_text(s, node), name))
        return true;
    for (uint32_t c = node_at(s, node)->first; c; c = node_at(s, c)->next)
        if (names(s, c, name))
            return true;
    return false;
}

/* The variable that the last return gives back; 0 when it gives something else. */
static uint32_t returned_name(const struct method *m)
{
    if (m->statements.n == 0)
        return 0;
    uint32_t last = m->statements.p[m->statements.n - 1];
    uint32_t value = kind_of(m->s, last) == NODE_RETURN ? node_at(m->s, last)->first : 0;
    return value && kind_of(m->s, value) == NODE_NAME ? value : 0;
}

static bool is_theirs(const struct method *ours, size_t i, const struct method *standard)
{
    for (size_t j = 0; j < first_code(standard); j++)
        if (same_statement(ours, i, standard, j))
            return true;
    return false;
}

static bool any_names(const struct method *m, size_t from, size_t to, struct str name)
{
    for (size_t i = from; i < to; i++)
        if (names(m->s, m->statements.p[i], name))
            return true;
    return false;
}

/* Declarations of ours, and code before and behind the cut, as far as it is not the standard's. */
static bool additions_name(const struct method *ours, const struct method *standard, const struct cut *cut,
                           struct str name, bool behind)
{
    for (size_t i = 0; i < first_code(ours); i++)
        if (!is_theirs(ours, i, standard) && any_names(ours, i, i + 1, name))
            return true;
    return any_names(ours, first_code(ours), cut->from, name) ||
           (behind && any_names(ours, cut->to, ours->statements.n, name));
}

/* A variable, or a nested function, of the standard code that an addition uses. What is returned comes back by `next`
 * and may be used behind it. */
static bool uses_standard_locals(const struct method *ours, const struct method *standard, const struct cut *cut,
                                 struct str returned)
{
    for (size_t j = 0; j < first_code(standard); j++)
        for (uint32_t v = node_at(standard->s, standard->statements.p[j])->first; v;
             v = node_at(standard->s, v)->next) {
            if (kind_of(standard->s, v) != NODE_VARIABLE)
                continue;
            struct str name = syntax_text(standard->s, node_child_of(standard->s, v, NODE_NAME));
            if (additions_name(ours, standard, cut, name, !returned.n || !same_name(name, returned)))
                return true;
        }
    return false;
}

/* True when the standard code gives the parameter another value, which the wrapper does not see. */
static bool is_changed(const struct method *m, uint32_t node, struct str name)
{
    enum node_kind kind = kind_of(m->s, node);
    uint32_t first = node_at(m->s, node)->first;
    bool writes =
        kind == NODE_ASSIGN || kind == NODE_STEP || kind == NODE_TABLE || kind == NODE_BYREF || kind == NODE_NEXT;
    if (writes && first && names(m->s, first, name))
        return true;
    for (uint32_t c = first; c; c = node_at(m->s, c)->next)
        if (is_changed(m, c, name))
            return true;
    return false;
}

static bool uses_changed_parameters(const struct method *ours, const struct cut *cut)
{
    for (uint32_t p = node_at(ours->s, ours->parameters)->first; p; p = node_at(ours->s, p)->next) {
        struct str name = syntax_text(ours->s, node_child_of(ours->s, p, NODE_NAME));
        for (size_t i = cut->from; i < cut->to && any_names(ours, cut->to, ours->statements.n, name); i++)
            if (is_changed(ours, ours->statements.p[i], name))
                return true;
    }
    return false;
}

static bool is_local_of(const struct method *m, struct str name)
{
    for (size_t j = 0; j < first_code(m); j++)
        for (uint32_t v = node_at(m->s, m->statements.p[j])->first; v; v = node_at(m->s, v)->next)
            if (kind_of(m->s, v) == NODE_VARIABLE &&
                same_name(syntax_text(m->s, node_child_of(m->s, v, NODE_NAME)), name))
                return true;
    return false;
}

static bool has_modifier(const struct method *m, const char *word)
{
    for (uint32_t c = node_at(m->s, m->node)->first; c && c != m->name; c = node_at(m->s, c)->next)
        if (kind_of(m->s, c) == NODE_MODIFIER && same_name(syntax_text(m->s, c), str_of(word)))
            return true;
    return false;
}

/* ---- the wrapper ---- */

/* Statements from `from` on, with the comments before the first one. */
static struct str slice(const struct method *m, size_t from, size_t to)
{
    if (from >= to || m->statements.n == 0)
        return (struct str){"", 0};
    const struct token *before = &m->s->tokens.p[node_at(m->s, m->statements.p[from])->token - 1];
    const struct token *last = &m->s->tokens.p[node_at(m->s, m->statements.p[to - 1])->token_end - 1];
    uint32_t off = before->off + before->n;
    return str_trim((struct str){m->s->source.p + off, last->off + last->n - off});
}

static void put_line(struct buf *b, struct str text)
{
    if (text.n)
        buf_printf(b, "    %.*s\n", STR_ARG(text));
}

/* The head without default values and tiers: a wrapper repeats no default. */
static void put_head(const struct method *m, struct buf *b)
{
    for (uint32_t c = skip_tiers(m->s, node_at(m->s, m->node)->first); c && c != m->parameters;
         c = skip_tiers(m->s, node_at(m->s, c)->next))
        buf_printf(b, "%.*s%s", STR_ARG(syntax_text(m->s, c)), c == m->name ? "" : " ");
    buf_putc(b, '(');
    bool first = true;
    for (uint32_t p = node_at(m->s, m->parameters)->first; p; p = node_at(m->s, p)->next) {
        struct str type = syntax_text(m->s, node_child_of(m->s, p, NODE_TYPE));
        struct str name = syntax_text(m->s, node_child_of(m->s, p, NODE_NAME));
        buf_printf(b, "%s%.*s %.*s", first ? "" : ", ", STR_ARG(type), STR_ARG(name));
        first = false;
    }
    buf_puts(b, ")\n{\n");
}

static void put_next(const struct method *m, struct buf *b)
{
    buf_printf(b, "next %.*s(", STR_ARG(syntax_text(m->s, m->name)));
    bool first = true;
    for (uint32_t p = node_at(m->s, m->parameters)->first; p; p = node_at(m->s, p)->next) {
        buf_printf(b, "%s%.*s", first ? "" : ", ", STR_ARG(syntax_text(m->s, node_child_of(m->s, p, NODE_NAME))));
        first = false;
    }
    buf_puts(b, ");\n");
}

/* Declarations of ours that the standard code has not. */
static void put_own_locals(const struct method *ours, const struct method *standard, struct buf *b)
{
    for (size_t i = 0; i < first_code(ours); i++)
        if (!is_theirs(ours, i, standard))
            put_line(b, slice(ours, i, i + 1));
}

static void put_wrapper(const struct method *ours, const struct method *standard, const struct cut *cut, struct buf *b)
{
    struct str returned = cut->before_return ? syntax_text(ours->s, returned_name(ours)) : (struct str){NULL, 0};
    uint32_t type = node_child_of(ours->s, ours->node, NODE_TYPE);
    put_head(ours, b);
    put_own_locals(ours, standard, b);
    if (returned.n)
        buf_printf(b, "    %.*s %.*s;\n", STR_ARG(syntax_text(ours->s, type)), STR_ARG(returned));
    put_line(b, slice(ours, first_code(ours), cut->from));
    buf_puts(b, "    ");
    if (returned.n)
        buf_printf(b, "%.*s = ", STR_ARG(returned));
    else if (!is_void(ours))
        buf_puts(b, "return ");
    put_next(ours, b);
    put_line(b, slice(ours, cut->to, ours->statements.n));
    buf_putc(b, '}');
}

/* What D365 lets nobody wrap. */
static const char *why_not_at_all(const struct method *ours, const struct method *standard)
{
    if (has_modifier(standard, "private") || has_modifier(standard, "final") || has_modifier(standard, "abstract"))
        return "private, final and abstract methods cannot be wrapped";
    if (same_name(syntax_text(ours->s, ours->name), str_of("new")))
        return "a constructor cannot be wrapped";
    if (any_holds(ours, 0, ours->statements.n, NODE_DIRECTIVE))
        return "directives of the preprocessor stand in it";
    if (any_holds(ours, 0, ours->statements.n, NODE_METHOD))
        return "a function stands in it";
    return NULL;
}

static const char *why_not_before(const struct method *ours, const struct cut *cut)
{
    size_t from = first_code(ours);
    if (any_holds(ours, from, cut->from, NODE_RETURN))
        return "it leaves before the standard code has run";
    if (any_holds(ours, from, cut->from, NODE_THROW))
        return "it throws before the standard code has run: validate in a method that is made for it";
    if (any_holds(ours, from, cut->from, NODE_SUPER) || any_holds(ours, cut->to, ours->statements.n, NODE_SUPER))
        return "super() is called in the addition";
    return NULL;
}

static const char *why_not_behind(const struct method *ours, const struct method *standard, const struct cut *cut)
{
    size_t n = ours->statements.n;
    if (cut->to < n && !is_void(ours) && !cut->before_return)
        return "code stands behind the return of the standard code";
    if (cut->to < n && any_holds(ours, cut->from, cut->to, NODE_RETURN))
        return "the standard code may leave early, and the addition would still run";
    if (!cut->before_return)
        return NULL;
    uint32_t returned = returned_name(ours);
    if (!returned || !is_local_of(standard, syntax_text(ours->s, returned)))
        return "the standard code returns what the addition cannot take up";
    return NULL;
}

static const char *why_not(const struct method *ours, const struct method *standard, const struct cut *cut)
{
    const char *reason = why_not_at_all(ours, standard);
    if (!reason)
        reason = why_not_before(ours, cut);
    if (!reason)
        reason = why_not_behind(ours, standard, cut);
    if (reason)
        return reason;
    struct str returned = cut->before_return ? syntax_text(ours->s, returned_name(ours)) : (struct str){NULL, 0};
    if (uses_standard_locals(ours, standard, cut, returned))
        return "the addition uses variables of the standard code";
    return uses_changed_parameters(ours, cut) ? "the standard code changes a parameter that the addition uses" : NULL;
}

static const char *judge(const struct method *ours, const struct method *standard, struct cut *ret)
{
    if (!same_signature(ours, standard))
        return "its signature is another one";
    if (!same_attributes(ours, standard))
        return "its attributes are other ones";
    if (!has_locals(ours, standard))
        return "declarations of the standard code were changed";
    if (!find_cut(ours, standard, ret))
        return "the standard code was changed in its middle";
    return why_not(ours, standard, ret);
}

static bool compare_bodies(const struct method *ours, const struct method *standard)
{
    return ours->statements.n == standard->statements.n && code_at(ours, 0, standard, 0, standard->statements.n);
}

static void compare_open(const struct method *ours, const struct method *standard, struct arena *a,
                         struct comparison *ret)
{
    struct cut cut = {0};
    if (same_signature(ours, standard) && same_attributes(ours, standard) && compare_bodies(ours, standard)) {
        *ret = (struct comparison){COMPARE_SAME, NULL, {NULL, 0}};
        return;
    }
    *ret = (struct comparison){COMPARE_CONFLICT, judge(ours, standard, &cut), {NULL, 0}};
    if (ret->reason)
        return;
    SCOPED_BUF b = {0};
    put_wrapper(ours, standard, &cut, &b);
    ret->outcome = COMPARE_WRAP;
    ret->text = (struct str){arena_dup_str(a, buf_str(&b)), b.n};
}

void compare_methods(const struct syntax *ours, const struct syntax *standard, struct arena *a, struct comparison *ret)
{
    struct method m, n;
    *ret = (struct comparison){COMPARE_CONFLICT, "one of the two cannot be read", {NULL, 0}};
    bool opened = open_method(ours, &m), both = open_method(standard, &n) && opened;
    if (both)
        compare_open(&m, &n, a, ret);
    vec_done(&m.statements);
    vec_done(&n.statements);
}

/* The statement of the body that holds super(), when it is called once and always; else 0. */
static uint32_t only_super(const struct method *m, uint32_t *ret_super)
{
    uint32_t found = 0, statement = 0;
    for (uint32_t i = 1; i < m->s->nodes.n; i++) {
        if (kind_of(m->s, i) != NODE_SUPER)
            continue;
        if (found)
            return 0;
        found = i;
    }
    for (size_t i = 0; i < m->statements.n && found; i++) {
        enum node_kind kind = kind_of(m->s, m->statements.p[i]);
        bool plain = kind == NODE_EXPRESSION || kind == NODE_RETURN || kind == NODE_LOCAL;
        if (plain && holds(m->s, m->statements.p[i], NODE_SUPER) && !holds(m->s, m->statements.p[i], NODE_CONDITIONAL))
            statement = m->statements.p[i];
        if (statement)
            break;
        if (holds(m->s, m->statements.p[i], NODE_RETURN) || holds(m->s, m->statements.p[i], NODE_THROW))
            return 0;
    }
    *ret_super = found;
    return statement;
}

static void super_to_next(const struct method *m, struct arena *a, struct comparison *ret)
{
    uint32_t super;
    *ret = (struct comparison){COMPARE_CONFLICT, "super() is not called exactly once and always", {NULL, 0}};
    if (!only_super(m, &super) || any_holds(m, 0, m->statements.n, NODE_DIRECTIVE))
        return;
    struct str source = m->s->source, name = syntax_text(m->s, m->name);
    const struct token *word = &m->s->tokens.p[node_at(m->s, super)->token];
    const char *text = arena_printf(a, "%.*snext %.*s%.*s", (int)word->off, source.p, STR_ARG(name),
                                    (int)(source.n - word->off - word->n), source.p + word->off + word->n);
    *ret = (struct comparison){COMPARE_WRAP, NULL, str_of(text)};
}

void compare_override(const struct syntax *ours, struct arena *a, struct comparison *ret)
{
    struct method m;
    *ret = (struct comparison){COMPARE_CONFLICT, "it cannot be read", {NULL, 0}};
    if (open_method(ours, &m)) {
        if (any_holds(&m, 0, m.statements.n, NODE_SUPER))
            super_to_next(&m, a, ret);
        else
            ret->outcome = COMPARE_SAME;
    }
    vec_done(&m.statements);
}
