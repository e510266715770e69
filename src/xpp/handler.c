#include "xpp/handler.h"
#include "xpp/declaration.h"
#include "xpp/edit.h"
#include "xpp/lang/parse.h"
#include "xpp/method.h"
#include <assert.h>

#define ARGUMENTS "XppPrePostArgs"

struct change {
    const struct method *m;
    const struct handler_event *events;
    size_t n;
    const char *args; /* what the parameter is called */
    struct arena *a;
    struct edits edits;
};

/* ---- whether it can be changed ---- */

static uint32_t first_parameter(const struct method *m)
{
    return node_child_of(m->s, m->parameters, NODE_PARAMETER);
}

static uint32_t count_parameters(const struct method *m)
{
    uint32_t n = 0;
    for (uint32_t p = first_parameter(m); p; p = node_at(m->s, p)->next)
        n += method_kind(m->s, p) == NODE_PARAMETER;
    return n;
}

static struct str text_of(const struct method *m, uint32_t node, enum node_kind kind)
{
    uint32_t child = node_child_of(m->s, node, kind);
    return child ? syntax_text(m->s, child) : STR("");
}

static bool has_arguments(const struct method *m)
{
    return count_parameters(m) == 1 && method_same_name(text_of(m, first_parameter(m), NODE_TYPE), STR(ARGUMENTS));
}

static bool is_one_kind(const struct handler_event *events, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (events[i].delegate != events[0].delegate)
            return false;
    return true;
}

/* Every event must hand over as many parameters as there are, by the same names. */
static const char *why_not_events(const struct method *m, const struct handler_event *events, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (events[i].known && declared_count(events[i].parameters) != count_parameters(m))
            return "the method that it handles has other parameters";
        if (events[i].known != events[0].known || !method_same_name(events[i].parameters, events[0].parameters))
            return "the methods that it handles call their parameters otherwise";
    }
    return NULL;
}

static bool has_directives(const struct method *m, uint32_t node)
{
    for (uint32_t i = node_at(m->s, node)->token; i < node_at(m->s, node)->token_end; i++)
        if (m->s->tokens.p[i].kind == TOKEN_DIRECTIVE || m->s->tokens.p[i].kind == TOKEN_BODY)
            return true;
    return false;
}

/* What lies between two tokens and is no blank. */
static bool has_comments(const struct method *m, uint32_t node)
{
    for (uint32_t i = node_at(m->s, node)->token; i + 1 < node_at(m->s, node)->token_end; i++) {
        const struct token *t = &m->s->tokens.p[i];
        struct str between = {m->s->source.p + t->off + t->n, t[1].off - t->off - t->n};
        if (str_trim(between).n > 0)
            return true;
    }
    return false;
}

static const char *why_not_parameters(const struct method *m)
{
    if (has_directives(m, m->parameters))
        return "directives of the preprocessor stand between its parameters";
    if (has_comments(m, m->parameters))
        return "comments stand between its parameters";
    for (uint32_t p = node_at(m->s, m->parameters)->first; p; p = node_at(m->s, p)->next) {
        bool plain = method_kind(m->s, p) == NODE_PARAMETER && text_of(m, p, NODE_TYPE).n &&
                     text_of(m, p, NODE_NAME).n && !node_child_of(m->s, p, NODE_ARRAY);
        if (!plain)
            return "its parameters are no plain names with types";
    }
    if (method_any_names(m, 0, m->statements.n, STR("prmIsDefault")))
        return "it asks whether a parameter was left out";
    return NULL;
}

/* A name that the method does not use. */
static const char *free_name(const struct method *m)
{
    static const char *const names[] = {"_args", "_prePostArgs", "_xppPrePostArgs"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        if (!method_names(m->s, m->node, str_of(names[i])))
            return names[i];
    return NULL;
}

static bool keeps_parameters(const struct change *c)
{
    return c->events[0].delegate || has_arguments(c->m);
}

static const char *why_not(struct change *c, bool called)
{
    const struct method *m = c->m;
    if (!method_has_modifier(m, "static"))
        return "it is not static";
    if (!method_is_void(m))
        return "it returns a value";
    if (!is_one_kind(c->events, c->n))
        return "it handles a delegate and a method";
    if (keeps_parameters(c))
        return NULL;
    if (called)
        return "other code calls it";
    const char *reason = why_not_events(m, c->events, c->n);
    if (!reason)
        reason = why_not_parameters(m);
    c->args = free_name(m);
    return reason ? reason : c->args ? NULL : "its variables have all the names that the parameter might have";
}

/* ---- the change ---- */

static void put(struct change *c, uint32_t off, uint32_t n, const char *text)
{
    struct edit_piece *piece = arena_new_one(c->a, struct edit_piece);
    piece->text = str_of(text);
    edits_add(&c->edits, off, n, piece, 1, 0);
}

/* The blanks that the line of a place begins with; none when something else stands before the place. */
static struct str indent_of(struct str source, uint32_t off)
{
    uint32_t begin = off;
    while (begin > 0 && source.p[begin - 1] != '\n')
        begin--;
    struct str blanks = {source.p + begin, 0};
    while (begin + blanks.n < off && (blanks.p[blanks.n] == ' ' || blanks.p[blanks.n] == '\t'))
        blanks.n++;
    return begin + blanks.n == off ? blanks : STR("");
}

static const struct token *first_token(const struct method *m, uint32_t node)
{
    return &m->s->tokens.p[node_at(m->s, node)->token];
}

static const struct token *last_token(const struct method *m, uint32_t node)
{
    return &m->s->tokens.p[node_at(m->s, node)->token_end - 1];
}

static uint32_t last_attributes(const struct method *m)
{
    uint32_t found = 0;
    for (uint32_t c = node_at(m->s, m->node)->first; c; c = node_at(m->s, c)->next)
        if (method_kind(m->s, c) == NODE_ATTRIBUTES)
            found = c;
    return found;
}

static const char *joined(const struct handler_event *events, size_t n, const char *between, struct arena *a)
{
    const char *text = events[0].attribute;
    for (size_t i = 1; i < n; i++)
        text = arena_printf(a, "%s%s%s", text, between, events[i].attribute);
    return text;
}

static void put_attributes(struct change *c)
{
    uint32_t list = last_attributes(c->m), off = first_token(c->m, c->m->node)->off;
    if (list) {
        put(c, last_token(c->m, list)->off, 0, arena_printf(c->a, ", %s", joined(c->events, c->n, ", ", c->a)));
        return;
    }
    struct str indent = indent_of(c->m->s->source, off);
    const char *between = arena_printf(c->a, ",\n%.*s ", STR_ARG(indent));
    put(c, off, 0, arena_printf(c->a, "[%s]\n%.*s", joined(c->events, c->n, between, c->a), STR_ARG(indent)));
}

/* Where lines can go in at the top of the body: behind the line of its brace when nothing but blanks and a comment
 * stands there, else right behind the brace. */
static uint32_t top_of_body(const struct method *m)
{
    struct str source = m->s->source;
    const struct token *brace = first_token(m, m->body);
    uint32_t off = brace->off + brace->n;
    const char *newline = memchr(source.p + off, '\n', source.n - off);
    uint32_t end = newline ? (uint32_t)(newline - source.p) : off;
    bool code = brace[1].off < end, comment = memmem(source.p + off, end - off, "/*", 2) != NULL;
    return code || comment ? off : end;
}

static struct str indent_of_body(const struct change *c)
{
    const struct method *m = c->m;
    uint32_t method = first_token(m, m->node)->off;
    uint32_t statement = m->statements.n ? first_token(m, m->statements.p[0])->off : 0;
    struct str indent = statement ? indent_of(m->s->source, statement) : STR("");
    if (indent.n)
        return indent;
    indent = indent_of(m->s->source, method);
    return str_of(arena_printf(c->a, "%.*s    ", STR_ARG(indent)));
}

/* Default values are gone: the caller has passed them. */
static void put_variables(struct change *c, struct handler_change *ret)
{
    const struct method *m = c->m;
    struct str indent = indent_of_body(c), names = c->events[0].parameters;
    const char *text = "";
    for (uint32_t p = first_parameter(m); p; p = node_at(m->s, p)->next) {
        bool known = c->events[0].known;
        struct str type = text_of(m, p, NODE_TYPE), own = text_of(m, p, NODE_NAME);
        struct str name = known ? str_split(&names, ' ') : own;
        text = arena_printf(c->a, "%s\n%.*s%.*s %.*s = %s.getArg('%.*s');%s", text, STR_ARG(indent), STR_ARG(type),
                            STR_ARG(own), c->args, STR_ARG(name),
                            known ? "" : " /* TODO: (carryover EVENT) the name that the handled method gives it */");
        ret->guessed += !known;
        ret->variables = true;
    }
    if (ret->variables)
        put(c, top_of_body(m), 0, text);
}

static void put_parameters(struct change *c, struct handler_change *ret)
{
    uint32_t off = first_token(c->m, c->m->parameters)->off;
    const struct token *last = last_token(c->m, c->m->parameters);
    put(c, off, last->off + last->n - off, arena_printf(c->a, "(" ARGUMENTS " %s)", c->args));
    put_variables(c, ret);
}

static void change(struct change *c, struct handler_change *ret)
{
    SCOPED_BUF out = {0};
    put_attributes(c);
    if (!keeps_parameters(c))
        put_parameters(c, ret);
    edits_apply(&c->edits, c->m->s->source, &out);
    ret->text = (struct str){arena_dup_str(c->a, buf_str(&out)), out.n};
}

/* What a person has to do, before the method and behind what documents it. */
static struct str commented(const struct syntax *s, const struct handler_event *events, size_t n, struct arena *a)
{
    uint32_t method = node_child_of(s, 1, NODE_METHOD);
    uint32_t off = method ? s->tokens.p[node_at(s, method)->token].off : 0;
    struct str indent = indent_of(s->source, off);
    const char *comment = "";
    for (size_t i = 0; i < n; i++)
        comment = arena_printf(a, "%s// TODO: (carryover EVENT) [%s]%s\n%.*s", comment, events[i].attribute,
                               events[i].delegate ? "" : ", and (" ARGUMENTS " _args) as parameters", STR_ARG(indent));
    return str_of(
        arena_printf(a, "%.*s%s%.*s", (int)off, s->source.p, comment, (int)(s->source.n - off), s->source.p + off));
}

void handler_change(struct str text, const struct handler_event *events, size_t n, bool called, struct arena *a,
                    struct handler_change *ret)
{
    struct syntax s = {0};
    struct method m;
    assert(n > 0);
    parse(text, PARSE_METHOD, LEX_SOURCE, &s);
    struct change c = {.m = &m, .events = events, .n = n, .a = a};
    *ret = (struct handler_change){.attributes = arena_printf(a, "[%s]", joined(events, n, ", ", a))};
    ret->reason = method_open(&s, &m) ? why_not(&c, called) : "it cannot be read";
    if (ret->reason)
        ret->text = commented(&s, events, n, a);
    else
        change(&c, ret);
    edits_done(&c.edits);
    vec_done(&m.statements);
    syntax_done(&s);
}
