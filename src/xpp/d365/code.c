#include "xpp/d365/code.h"
#include "xpp/body.h"
#include "xpp/events.h"
#include "xpp/lang/parse.h"

struct str code_text(struct work *w, const struct xpo_node *source)
{
    struct d365_job *job = w->job;
    return job->code ? job->code(job->ctx, source) : xpo_source(source, w->arena);
}

/* Behind the string, or the comment, that begins at `p`; p + 1 when none does. */
static const char *skip_word(const char *p, const char *end, bool *ret_breaks)
{
    bool verbatim = *p == '@' && p + 1 < end && (p[1] == '"' || p[1] == '\'');
    const char *at = p + verbatim;
    if (*at == '/' && at + 1 < end && at[1] == '/')
        return memchr(at, '\n', (size_t)(end - at)) ? memchr(at, '\n', (size_t)(end - at)) : end;
    if (*at == '/' && at + 1 < end && at[1] == '*') {
        for (at += 2; at + 1 < end && (at[0] != '*' || at[1] != '/');)
            at++;
        return at + 2 < end ? at + 2 : end;
    }
    if (*at != '"' && *at != '\'')
        return p + 1;
    char quote = *at++;
    for (; at < end && *at != quote; at++) {
        *ret_breaks |= *at == '\n';
        at += !verbatim && *at == '\\' && at + 1 < end;
    }
    return at < end ? at + 1 : end;
}

/* Where a string or a comment may begin. */
static const bool begins[256] = {['"'] = true, ['\''] = true, ['/'] = true, ['@'] = true};

/* A string may hold line ends, and blanks behind them would be part of it. */
static bool is_movable(struct str text)
{
    bool breaks = false;
    const char *p = text.p, *end = text.p + text.n;
    while (!breaks) {
        while (p < end && !begins[(unsigned char)*p])
            p++;
        if (p == end)
            break;
        p = skip_word(p, end, &breaks);
    }
    return !breaks;
}

static size_t count_lines(struct str text)
{
    size_t lines = 1;
    for (const char *p = text.p, *end = text.p + text.n; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        lines++;
    return lines;
}

/* The text with an empty line behind it, its lines moved to the right when no string goes over several of them. */
static struct str indented(struct work *w, struct str text, unsigned indent)
{
    if (indent > 0 && !is_movable(text))
        indent = 0;
    char *to = arena_alloc_raw(w->arena, text.n + count_lines(text) * indent + 1), *start = to;
    for (struct str rest = text; rest.n > 0;) {
        const char *newline = indent ? memchr(rest.p, '\n', rest.n) : NULL;
        size_t n = newline ? (size_t)(newline - rest.p) + 1 : rest.n;
        if (rest.p[0] != '\n' && rest.p[0] != '\r') {
            memset(to, ' ', indent);
            to += indent;
        }
        memcpy(to, rest.p, n);
        to += n;
        rest = (struct str){rest.p + n, rest.n - n};
    }
    *to++ = '\n';
    return (struct str){start, (size_t)(to - start)};
}

void code_put_method(struct work *w, struct str name, struct str text, unsigned indent)
{
    xml_open(w->xml, "Method", "");
    xml_leaf(w->xml, "Name", name);
    xml_source(w->xml, "Source", indented(w, text, indent));
    xml_close(w->xml);
}

void code_put_methods(struct work *w, const struct xpo_node *node, unsigned indent)
{
    const struct xpo_node *methods = xpo_child(node, "METHODS");
    for (const struct xpo_node *s = methods ? methods->first : NULL; s; s = s->next) {
        if (body_is_source(s) && !body_is_declaration(s))
            code_put_method(w, s->name, code_text(w, s), indent);
    }
}

void code_put_list(struct work *w, const struct xpo_node *node, unsigned indent)
{
    xml_open(w->xml, "Methods", "");
    code_put_methods(w, node, indent);
    xml_close(w->xml);
}

const struct xpo_node *code_declaration(const struct xpo_node *node)
{
    const struct xpo_node *methods = xpo_child(node, "METHODS");
    for (const struct xpo_node *s = methods ? methods->first : NULL; s; s = s->next) {
        if (body_is_declaration(s))
            return s;
    }
    return NULL;
}

void code_put(struct work *w, const struct xpo_node *node, struct str otherwise)
{
    const struct xpo_node *declaration = code_declaration(node);
    xml_open(w->xml, "SourceCode", "");
    xml_source(w->xml, "Declaration", declaration ? code_text(w, declaration) : otherwise);
    code_put_list(w, node, 4);
    xml_close(w->xml);
}

/* Where the body of a class begins: the brace behind its name and what it extends; 0 when there is none. */
static uint32_t find_body(const struct syntax *x, uint32_t class)
{
    uint32_t token = node_at(x, class)->token;
    for (uint32_t c = node_at(x, class)->first; c; c = node_at(x, c)->next) {
        enum node_kind kind = node_at(x, c)->kind;
        if (kind == NODE_ATTRIBUTES || kind == NODE_MODIFIER || kind == NODE_NAME || kind == NODE_EXTENDS ||
            kind == NODE_IMPLEMENTS)
            token = node_at(x, c)->token_end;
        else
            break;
    }
    while (token < node_at(x, class)->token_end && x->tokens.p[token].id != OPERATOR_BRACE_OPEN)
        token++;
    return token < node_at(x, class)->token_end ? x->tokens.p[token].off : 0;
}

struct str code_new_head(struct work *w, struct str text, const char *head)
{
    struct syntax x = {0};
    parse(text, PARSE_CLASS, LEX_SOURCE, &x);
    uint32_t class = node_child_of(&x, 1, NODE_CLASS), body = class ? find_body(&x, class) : 0;
    size_t begin = class ? x.tokens.p[node_at(&x, class)->token].off : 0;
    syntax_done(&x);
    if (body == 0)
        return work_text(w, "%s\n{\n}", head);
    return work_text(w, "%.*s%s\n%.*s", (int)begin, text.p, head, (int)(text.n - body), text.p + body);
}

bool code_new_method_head(struct work *w, struct str text, const char *head, const char *parameters, struct str *ret)
{
    struct syntax x = {0};
    parse(text, PARSE_METHOD, LEX_SOURCE, &x);
    uint32_t method = node_child_of(&x, 1, NODE_METHOD);
    uint32_t list = method ? node_child_of(&x, method, NODE_PARAMETERS) : 0;
    if (list) {
        const struct node *m = node_at(&x, method), *l = node_at(&x, list);
        size_t begin = x.tokens.p[m->token].off,
               after = x.tokens.p[l->token_end - 1].off + x.tokens.p[l->token_end - 1].n;
        struct str own = syntax_text(&x, list);
        *ret = work_text(w, "%.*s%s%.*s%.*s", (int)begin, text.p, head, l->first ? (int)own.n : (int)strlen(parameters),
                         l->first ? own.p : parameters, (int)(text.n - after), text.p + after);
    }
    syntax_done(&x);
    return list != 0;
}

/* A handler of ours says what became of it: it is changed where it stands. */
static void tell_handler(void *ctx, const struct event_handler *h)
{
    struct work *w = ctx;
    const struct symbols *s = w->job->symbols;
    const char *data = event_of_data(h, w->arena);
    const char *better = data ? work_text(w, "; better is [%s]", data).p : "";
    struct str where = work_path(w, "events", h->event);
    if (event_is_handled_by_us(h, s)) {
        work_tell(w, "EVENT", FINDING_FIXED, where, h->line, "method %.*s::%.*s names it itself, see there%s",
                  STR_ARG(h->class), STR_ARG(h->method), better);
        return;
    }
    bool standard = symbols_find_from(s, SYMBOL_CLASS, h->class, SYMBOL_BASELINE);
    work_tell(w, "EVENT", FINDING_TODO, where, h->line, "%s %.*s::%.*s wants [%s]%s%s",
              standard ? "standard method" : "unknown method", STR_ARG(h->class), STR_ARG(h->method),
              event_attribute(h, s, w->arena), h->delegate ? "" : " and the one parameter XppPrePostArgs", better);
}

void code_tell_events(struct work *w)
{
    events_of(w->element, tell_handler, w);
}
