#include "cmd/xpp.h"
#include "xpp/body.h"
#include "xpp/lang/print.h"
#include "xpp/xpo/read.h"
#include <strings.h>

struct parsing {
    const char *path;
    bool tree;
    struct arena *arena;
    struct syntax syntax;
    struct buf *out;
    size_t sources, problems;
};

static void put_problem(struct parsing *p, uint32_t line, uint32_t column, const char *message)
{
    buf_printf(p->out, "%s:%u:%u: %s\n", p->path, line, column, message);
    p->problems++;
}

static void put_source(struct parsing *p, const struct xpo_element *e, const struct xpo_node *n)
{
    struct str text = xpo_source(n, p->arena);
    parse(text, body_grammar(e, n), LEX_SOURCE, &p->syntax);
    p->sources++;
    if (p->tree) {
        buf_printf(p->out, "  source %.*s, line %u\n", STR_ARG(n->name), n->line);
        print_tree(&p->syntax, 1, p->out);
    }
    for (size_t i = 0; i < p->syntax.problems.n; i++) {
        uint32_t line, column;
        source_place(text, p->syntax.problems.p[i].off, &line, &column);
        put_problem(p, n->text_line + line - 1, column, p->syntax.problems.p[i].message);
    }
}

static void put_node(struct parsing *p, const struct xpo_element *e, const struct xpo_node *n, int depth)
{
    for (; n; n = n->next) {
        bool source = body_is_source(n);
        if (p->tree && !source) {
            buf_printf(p->out, "%*s%.*s", 2 * depth, "", STR_ARG(n->keyword));
            if (n->word.n)
                buf_printf(p->out, " %.*s", STR_ARG(n->word));
            buf_printf(p->out, n->name.p ? " #%.*s\n" : "\n", STR_ARG(n->name));
        }
        for (uint32_t i = 0; p->tree && i < n->n_props; i++)
            buf_printf(p->out, "%*s%.*s = %.*s\n", 2 * depth + 4, "", STR_ARG(n->props[i].name),
                       STR_ARG(n->props[i].value));
        if (source && body_is_code(e))
            put_source(p, e, n);
        put_node(p, e, n->first, depth + 1);
    }
}

static void put_part(struct parsing *p, struct xpo_part part)
{
    struct xpo_element e = {0};
    xpo_problems problems = {0};
    arena_reset(p->arena);
    if (part.records) {
        buf_printf(p->out, "records of labels, line %u\n", part.line);
        return;
    }
    bool whole = xpo_parse(part, p->arena, &e, &problems);
    size_t before = p->sources;
    SCOPED_BUF body = {0};
    struct buf *out = p->out;
    p->out = &body;
    for (size_t i = 0; i < problems.n; i++)
        put_problem(p, problems.p[i].line, problems.p[i].column, problems.p[i].message);
    vec_done(&problems);
    if (whole)
        put_node(p, &e, e.root, 1);
    p->out = out;
    buf_printf(p->out, "%s %.*s, line %u, %zu sources\n", display_kind(symbol_kind_of(&e)), STR_ARG(e.name), part.line,
               p->sources - before);
    buf_put(p->out, body.p, body.n);
}

bool cmd_xpp_parse(struct command_call *call, struct err *err)
{
    SCOPED_BUF b = {0};
    SCOPED(arena) a = arena_new();
    struct parsing p = {.path = command_arg(call, 0), .tree = command_flag(call, OPTION_TREE), .arena = a, .out = &b};
    struct xpo_file *f;
    const char *codepage = command_text(call, OPTION_ENCODING);
    if (!xpo_open(p.path, codepage ? codepage : "CP1252", &f, err))
        return false;
    buf_printf(&b, "%s: %s, %zu elements\n", p.path, xpo_encoding(f), xpo_count(f));
    for (size_t i = 0; i < xpo_count(f); i++)
        put_part(&p, xpo_part(f, i));
    xpo_free(f);
    syntax_done(&p.syntax);
    return cmd_print(&b, err) &&
           (p.problems == 0 || err_set(err, ERR_FINDINGS, "%zu problems in %s", p.problems, p.path));
}
