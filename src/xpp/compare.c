#include "xpp/compare.h"
#include "base/buf.h"
#include "xpp/wrap.h"

/* Every declaration of the standard code is one of ours. */
static bool has_locals(const struct method *ours, const struct method *standard)
{
    for (size_t j = 0; j < method_first_code(standard); j++) {
        bool found = false;
        for (size_t i = 0; i < ours->statements.n && !found; i++)
            found = method_is_local(ours, i) && method_same_statement(ours, i, standard, j);
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
        if (!method_same_statement(ours, at + j - from, standard, j))
            return false;
    return true;
}

static bool find_cut(const struct method *ours, const struct method *standard, struct cut *ret)
{
    size_t from = method_first_code(standard), n = standard->statements.n, m = ours->statements.n;
    for (size_t at = method_first_code(ours); at + (n - from) <= m; at++)
        if (code_at(ours, at, standard, from, n)) {
            *ret = (struct cut){at, at + (n - from), false};
            return true;
        }
    bool returns = n > from && m && method_kind(standard->s, standard->statements.p[n - 1]) == NODE_RETURN &&
                   method_same_statement(ours, m - 1, standard, n - 1);
    for (size_t at = method_first_code(ours); returns && at + (n - 1 - from) < m; at++)
        if (code_at(ours, at, standard, from, n - 1)) {
            *ret = (struct cut){at, at + (n - 1 - from), true};
            return true;
        }
    return false;
}

static const char *judge(const struct method *ours, const struct method *standard, struct cut *ret)
{
    if (!method_same_signature(ours, standard))
        return "its signature is another one";
    if (!method_same_attributes(ours, standard))
        return "its attributes are other ones";
    if (!has_locals(ours, standard))
        return "declarations of the standard code were changed";
    if (!find_cut(ours, standard, ret))
        return "the standard code was changed in its middle";
    return wrap_why_not(ours, standard, ret);
}

static bool compare_bodies(const struct method *ours, const struct method *standard)
{
    return ours->statements.n == standard->statements.n && code_at(ours, 0, standard, 0, standard->statements.n);
}

static void compare_open(const struct method *ours, const struct method *standard, struct arena *a,
                         struct comparison *ret)
{
    struct cut cut = {0};
    if (method_same_signature(ours, standard) && method_same_attributes(ours, standard) &&
        compare_bodies(ours, standard)) {
        *ret = (struct comparison){COMPARE_SAME, NULL, {NULL, 0}};
        return;
    }
    *ret = (struct comparison){COMPARE_CONFLICT, judge(ours, standard, &cut), {NULL, 0}};
    if (ret->reason)
        return;
    SCOPED_BUF b = {0};
    wrap_put(ours, standard, &cut, &b);
    ret->outcome = COMPARE_WRAP;
    ret->text = (struct str){arena_dup_str(a, buf_str(&b)), b.n};
}

void compare_methods(const struct syntax *ours, const struct syntax *standard, struct arena *a, struct comparison *ret)
{
    struct method m, n;
    *ret = (struct comparison){COMPARE_CONFLICT, "one of the two cannot be read", {NULL, 0}};
    bool opened = method_open(ours, &m), both = method_open(standard, &n) && opened;
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
        if (method_kind(m->s, i) != NODE_SUPER)
            continue;
        if (found)
            return 0;
        found = i;
    }
    for (size_t i = 0; i < m->statements.n && found; i++) {
        enum node_kind kind = method_kind(m->s, m->statements.p[i]);
        bool plain = kind == NODE_EXPRESSION || kind == NODE_RETURN || kind == NODE_LOCAL;
        if (plain && method_holds(m->s, m->statements.p[i], NODE_SUPER) &&
            !method_holds(m->s, m->statements.p[i], NODE_CONDITIONAL))
            statement = m->statements.p[i];
        if (statement)
            break;
        if (method_holds(m->s, m->statements.p[i], NODE_RETURN) || method_holds(m->s, m->statements.p[i], NODE_THROW))
            return 0;
    }
    *ret_super = found;
    return statement;
}

static void super_to_next(const struct method *m, struct arena *a, struct comparison *ret)
{
    uint32_t super;
    *ret = (struct comparison){COMPARE_CONFLICT, "super() is not called exactly once and always", {NULL, 0}};
    if (!only_super(m, &super) || method_any_holds(m, 0, m->statements.n, NODE_DIRECTIVE))
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
    if (method_open(ours, &m)) {
        if (method_any_holds(&m, 0, m.statements.n, NODE_SUPER))
            super_to_next(&m, a, ret);
        else
            ret->outcome = COMPARE_SAME;
    }
    vec_done(&m.statements);
}
