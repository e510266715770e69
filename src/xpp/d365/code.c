#include "xpp/d365/code.h"

struct str code_text(struct work *w, const struct xpo_node *source)
{
    struct d365_job *job = w->job;
    return job->code ? job->code(job->ctx, source) : xpo_source(source, w->arena);
}

/* A string of `@"..."` may hold line ends, which blanks would change. */
static bool is_movable(struct str text)
{
    for (const char *p = text.p, *end = text.p + text.n; (p = memchr(p, '@', (size_t)(end - p))); p++) {
        if (p + 2 >= end || (p[1] != '"' && p[1] != '\''))
            continue;
        const char *close = memchr(p + 2, p[1], (size_t)(end - p - 2));
        if (!close || memchr(p, '\n', (size_t)(close - p)))
            return false;
    }
    return true;
}

static struct str indented(struct work *w, struct str text, unsigned indent)
{
    if (text.n == 0 || indent == 0 || !is_movable(text))
        return text;
    size_t lines = 1;
    for (const char *p = text.p, *end = text.p + text.n; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        lines++;
    char *to = arena_alloc_raw(w->arena, text.n + lines * indent + 1), *start = to;
    for (struct str rest = text; rest.n > 0;) {
        const char *newline = memchr(rest.p, '\n', rest.n);
        size_t n = newline ? (size_t)(newline - rest.p) + 1 : rest.n;
        if (rest.p[0] != '\n' && rest.p[0] != '\r') {
            memset(to, ' ', indent);
            to += indent;
        }
        memcpy(to, rest.p, n);
        to += n;
        rest = (struct str){rest.p + n, rest.n - n};
    }
    return (struct str){start, (size_t)(to - start)};
}

void code_put_method(struct work *w, struct str name, struct str text, unsigned indent)
{
    struct str moved = indented(w, text, indent);
    xml_open(w->xml, "Method", "");
    xml_leaf(w->xml, "Name", name);
    char *with_end = arena_alloc_raw(w->arena, moved.n + 1);
    if (moved.n > 0)
        memcpy(with_end, moved.p, moved.n);
    with_end[moved.n] = '\n'; /* an empty line behind each method */
    xml_source(w->xml, "Source", (struct str){with_end, moved.n + 1});
    xml_close(w->xml);
}

static bool is_declaration(const struct xpo_node *source)
{
    return work_same(source->name, "classDeclaration");
}

void code_put_methods(struct work *w, const struct xpo_node *node, unsigned indent)
{
    const struct xpo_node *methods = xpo_child(node, "METHODS");
    for (const struct xpo_node *s = methods ? methods->first : NULL; s; s = s->next) {
        if (!is_declaration(s))
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
        if (is_declaration(s))
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

static size_t find(struct str text, size_t at, const char *what)
{
    const char *p = at < text.n ? memmem(text.p + at, text.n - at, what, strlen(what)) : NULL;
    return p ? (size_t)(p - text.p) : text.n;
}

size_t code_skip_trivia(struct str text, size_t at)
{
    while (at < text.n) {
        char c = text.p[at], d = at + 1 < text.n ? text.p[at + 1] : '\0';
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
            at++;
        else if (c == '/' && d == '/')
            at = find(text, at, "\n");
        else if (c == '/' && d == '*')
            at = find(text, at + 2, "*/") + 2;
        else
            break;
    }
    return at < text.n ? at : text.n;
}

struct str code_new_head(struct work *w, struct str text, const char *head)
{
    size_t begin = code_skip_trivia(text, 0), brace = begin;
    while (brace < text.n && text.p[brace] != '{') {
        size_t next = code_skip_trivia(text, brace);
        brace = next > brace ? next : brace + 1;
    }
    if (brace >= text.n)
        return work_text(w, "%.*s%s\n{\n}", (int)begin, text.n ? text.p : "", head);
    return work_text(w, "%.*s%s\n%.*s", (int)begin, text.p, head, (int)(text.n - brace), text.p + brace);
}

static void tell_handler(struct work *w, const struct xpo_node *event, const struct xpo_node *handler, const char *what)
{
    struct str class = xpo_value(handler, "Class"), method = xpo_value(handler, "Method");
    bool is_delegate = work_same(event->keyword, "EVENT");
    bool post = work_same(xpo_value(handler, "CalledWhen"), "Post");
    const struct symbol *ours = symbols_find_from(w->job->symbols, SYMBOL_CLASS, class, SYMBOL_OURS);
    const char *attribute = is_delegate ? "SubscribesTo" : post ? "PostHandlerFor" : "PreHandlerFor";
    const char *intrinsic = is_delegate ? "delegateStr" : strcmp(what, "table") == 0 ? "tableMethodStr" : "methodStr";
    struct str element = w->element->name;
    work_tell(w, "EVENT", FINDING_TODO, work_path(w, "events", event->name), handler->line,
              "%s %.*s::%.*s wants [%s(%sStr(%.*s), %s(%.*s, %.*s))]%s", ours ? "method" : "unknown method",
              STR_ARG(class), STR_ARG(method), attribute, what, STR_ARG(element), intrinsic, STR_ARG(element),
              STR_ARG(event->name), is_delegate ? "" : " and the one parameter XppPrePostArgs");
}

void code_tell_events(struct work *w, const struct xpo_node *node, const char *what)
{
    const struct xpo_node *events = xpo_child(node, "EVENTS");
    for (const struct xpo_node *e = events ? events->first : NULL; e; e = e->next) {
        const struct xpo_node *handlers = xpo_child(e, "EVENTHANDLERS");
        for (const struct xpo_node *h = handlers ? handlers->first : NULL; h; h = h->next)
            tell_handler(w, e, h, what);
    }
}
