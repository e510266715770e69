#include "xpp/wrap.h"

static bool is_theirs(const struct method *ours, size_t i, const struct method *standard)
{
    for (size_t j = 0; j < method_first_code(standard); j++)
        if (method_same_statement(ours, i, standard, j))
            return true;
    return false;
}

/* Declarations of ours, and code before and behind the cut, as far as it is not the standard's. */
static bool additions_name(const struct method *ours, const struct method *standard, const struct cut *cut,
                           struct str name, bool behind)
{
    for (size_t i = 0; i < method_first_code(ours); i++)
        if (!is_theirs(ours, i, standard) && method_any_names(ours, i, i + 1, name))
            return true;
    return method_any_names(ours, method_first_code(ours), cut->from, name) ||
           (behind && method_any_names(ours, cut->to, ours->statements.n, name));
}

/* A variable of the standard code that an addition uses. What is returned comes back by `next`
 * and may be used behind it. */
static bool uses_standard_locals(const struct method *ours, const struct method *standard, const struct cut *cut,
                                 struct str returned)
{
    for (size_t j = 0; j < method_first_code(standard); j++)
        for (uint32_t v = node_at(standard->s, standard->statements.p[j])->first; v;
             v = node_at(standard->s, v)->next) {
            if (method_kind(standard->s, v) != NODE_VARIABLE)
                continue;
            struct str name = syntax_text(standard->s, node_child_of(standard->s, v, NODE_NAME));
            if (additions_name(ours, standard, cut, name, !returned.n || !method_same_name(name, returned)))
                return true;
        }
    return false;
}

/* True when the standard code gives the parameter another value, which the wrapper does not see. */
static bool is_changed(const struct method *m, uint32_t node, struct str name)
{
    enum node_kind kind = method_kind(m->s, node);
    uint32_t first = node_at(m->s, node)->first;
    bool writes =
        kind == NODE_ASSIGN || kind == NODE_STEP || kind == NODE_TABLE || kind == NODE_BYREF || kind == NODE_NEXT;
    if (writes && first && method_names(m->s, first, name))
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
        for (size_t i = cut->from; i < cut->to && method_any_names(ours, cut->to, ours->statements.n, name); i++)
            if (is_changed(ours, ours->statements.p[i], name))
                return true;
    }
    return false;
}

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
    for (uint32_t c = method_skip_tiers(m->s, node_at(m->s, m->node)->first); c && c != m->parameters;
         c = method_skip_tiers(m->s, node_at(m->s, c)->next))
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
    for (size_t i = 0; i < method_first_code(ours); i++)
        if (!is_theirs(ours, i, standard))
            put_line(b, slice(ours, i, i + 1));
}

void wrap_put(const struct method *ours, const struct method *standard, const struct cut *cut, struct buf *b)
{
    struct str returned = cut->before_return ? syntax_text(ours->s, method_returned(ours)) : (struct str){NULL, 0};
    uint32_t type = node_child_of(ours->s, ours->node, NODE_TYPE);
    put_head(ours, b);
    put_own_locals(ours, standard, b);
    if (returned.n)
        buf_printf(b, "    %.*s %.*s;\n", STR_ARG(syntax_text(ours->s, type)), STR_ARG(returned));
    put_line(b, slice(ours, method_first_code(ours), cut->from));
    buf_puts(b, "    ");
    if (returned.n)
        buf_printf(b, "%.*s = ", STR_ARG(returned));
    else if (!method_is_void(ours))
        buf_puts(b, "return ");
    put_next(ours, b);
    put_line(b, slice(ours, cut->to, ours->statements.n));
    buf_putc(b, '}');
}

/* What D365 lets nobody wrap. */
static const char *why_not_at_all(const struct method *ours, const struct method *standard)
{
    if (method_has_modifier(standard, "private") || method_has_modifier(standard, "final") ||
        method_has_modifier(standard, "abstract"))
        return "private, final and abstract methods cannot be wrapped";
    if (method_same_name(syntax_text(ours->s, ours->name), str_of("new")))
        return "a constructor cannot be wrapped";
    if (method_any_holds(ours, 0, ours->statements.n, NODE_DIRECTIVE))
        return "directives of the preprocessor stand in it";
    if (method_any_holds(ours, 0, ours->statements.n, NODE_METHOD))
        return "a function stands in it";
    return NULL;
}

static const char *why_not_before(const struct method *ours, const struct cut *cut)
{
    size_t from = method_first_code(ours);
    if (method_any_holds(ours, from, cut->from, NODE_RETURN))
        return "it leaves before the standard code has run";
    if (method_any_holds(ours, from, cut->from, NODE_THROW))
        return "it throws before the standard code has run: validate in a method that is made for it";
    if (method_any_holds(ours, from, cut->from, NODE_SUPER) ||
        method_any_holds(ours, cut->to, ours->statements.n, NODE_SUPER))
        return "super() is called in the addition";
    return NULL;
}

static const char *why_not_behind(const struct method *ours, const struct method *standard, const struct cut *cut)
{
    size_t n = ours->statements.n;
    if (cut->to < n && !method_is_void(ours) && !cut->before_return)
        return "code stands behind the return of the standard code";
    if (cut->to < n && method_any_holds(ours, cut->from, cut->to, NODE_RETURN))
        return "the standard code may leave early, and the addition would still run";
    if (!cut->before_return)
        return NULL;
    uint32_t returned = method_returned(ours);
    if (!returned || !method_has_local(standard, syntax_text(ours->s, returned)))
        return "the standard code returns what the addition cannot take up";
    return NULL;
}

const char *wrap_why_not(const struct method *ours, const struct method *standard, const struct cut *cut)
{
    const char *reason = why_not_at_all(ours, standard);
    if (!reason)
        reason = why_not_before(ours, cut);
    if (!reason)
        reason = why_not_behind(ours, standard, cut);
    if (reason)
        return reason;
    struct str returned = cut->before_return ? syntax_text(ours->s, method_returned(ours)) : (struct str){NULL, 0};
    if (uses_standard_locals(ours, standard, cut, returned))
        return "the addition uses variables of the standard code";
    return uses_changed_parameters(ours, cut) ? "the standard code changes a parameter that the addition uses" : NULL;
}
