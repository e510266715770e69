#include "xpp/d365/code.h"
#include "xpp/body.h"
#include "xpp/d365/same.h"
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

/* The text with an empty line behind it, its lines moved to the right when no string goes over several of them. */
static struct str indented(struct work *w, struct str text, unsigned indent)
{
    if (indent > 0 && !is_movable(text))
        indent = 0;
    char *to = arena_alloc_raw(w->arena, text.n + str_lines(text) * indent + 1), *start = to;
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

/* Whether any line of a source says something. */
static bool has_code(const struct xpo_node *source)
{
    for (size_t i = 0; i < source->text.n; i++) {
        if (!strchr(" \t\r\n#", source->text.p[i]))
            return true;
    }
    return false;
}

void code_again(struct work *w, struct buf *b, struct str name, struct str text, uint32_t line)
{
    buf_puts(b, "// TODO: (carryover M20) the export has this method once more:\n");
    while (text.n > 0) {
        struct str one = str_split(&text, '\n');
        buf_printf(b, "//     %.*s\n", STR_ARG(one));
    }
    work_tell(w, "M20", FINDING_TODO, work_path(w, "methods", name), line,
              "%.*s: its text is a comment before the first", STR_ARG(name));
}

/* A text behind the comments that other texts of its name became: D365 takes one method of a name. */
static struct str behind(struct work *w, struct buf *comments, struct str text)
{
    if (comments->n == 0)
        return text;
    buf_put(comments, text.p, text.n);
    return (struct str){arena_dup_str(w->arena, buf_str(comments)), comments->n};
}

/* Whether a source becomes a method. */
static bool is_method(struct work *w, const struct xpo_node *s)
{
    if (!body_is_source(s))
        return false;
    if (!has_code(s))
        work_tell(w, "XPO", FINDING_REPORTED, work_path(w, "methods", s->name), s->line,
                  "method %.*s has no code: none is written", STR_ARG(s->name));
    return has_code(s) && !body_is_declaration(s);
}

static uint32_t methods_of(struct work *w, const struct xpo_node *block, const struct xpo_node ***ret_list)
{
    uint32_t n = 0, most = 0;
    for (const struct xpo_node *s = block->first; s; s = s->next)
        most++;
    *ret_list = arena_new_array(w->arena, const struct xpo_node *, most + 1);
    for (const struct xpo_node *s = block->first; s; s = s->next) {
        if (is_method(w, s))
            (*ret_list)[n++] = s;
    }
    return n;
}

static void put_first(struct work *w, const struct xpo_node *const *list, const struct same *same, uint32_t i,
                      unsigned indent)
{
    SCOPED_BUF comments = {0};
    struct str text = code_text(w, list[i]);
    for (uint32_t k = same[i].next; k != SAME_END; k = same[k].next)
        code_again(w, &comments, list[k]->name, code_text(w, list[k]), list[k]->line);
    code_put_method(w, list[i]->name, behind(w, &comments, text), indent);
}

void code_put_methods(struct work *w, const struct xpo_node *node, unsigned indent)
{
    const struct xpo_node *block = xpo_child(node, "METHODS"), **list;
    uint32_t n = block ? methods_of(w, block, &list) : 0;
    struct str *names = arena_new_array(w->arena, struct str, n + 1);
    for (uint32_t i = 0; i < n; i++)
        names[i] = list[i]->name;
    const struct same *same = same_of(w, names, n);
    for (uint32_t i = 0; i < n; i++) {
        if (!same[i].again)
            put_first(w, list, same, i, indent);
    }
    if (block)
        work_known(w, block, STR("methods"), "SOURCE Version:");
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
        if (body_is_declaration(s) && has_code(s))
            return s;
    }
    return NULL;
}

struct str code_declaration_text(struct work *w, const struct xpo_node *node)
{
    SCOPED_BUF comments = {0};
    const struct xpo_node *declaration = code_declaration(node);
    if (!declaration)
        return STR("");
    struct str text = code_text(w, declaration);
    for (const struct xpo_node *s = declaration->next; s; s = s->next) {
        if (body_is_declaration(s) && has_code(s))
            code_again(w, &comments, s->name, code_text(w, s), s->line);
    }
    return behind(w, &comments, text);
}

void code_put(struct work *w, const struct xpo_node *node, struct str otherwise)
{
    struct str declaration = code_declaration_text(w, node);
    xml_open(w->xml, "SourceCode", "");
    xml_source(w->xml, "Declaration", declaration.n > 0 ? declaration : otherwise);
    code_put_list(w, node, 4);
    xml_close(w->xml);
}

/* The brace behind the name of a class and what it extends; 0 when there is none. */
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
    return token < node_at(x, class)->token_end ? token : 0;
}

static size_t end_of(const struct syntax *x, uint32_t token)
{
    return x->tokens.p[token].off + x->tokens.p[token].n;
}

/* The comments behind token `first` and before token `end`, each on a line of its own: the words around them go. */
static struct str comments_of(struct work *w, const struct syntax *x, uint32_t first, uint32_t end)
{
    struct str all = STR("");
    for (uint32_t t = first; t < end; t++) {
        size_t from = end_of(x, t);
        struct str between = str_trim((struct str){x->source.p + from, x->tokens.p[t + 1].off - from});
        if (between.n > 0)
            all = work_text(w, "%.*s%.*s\n", STR_ARG(all), STR_ARG(between));
    }
    return all;
}

struct str code_new_head(struct work *w, struct str text, const char *head)
{
    struct syntax x = {0};
    struct str ret = work_text(w, "%s\n{\n}", head);
    parse(text, PARSE_CLASS, LEX_SOURCE, &x);
    uint32_t class = node_child_of(&x, 1, NODE_CLASS), body = class ? find_body(&x, class) : 0;
    if (body) {
        uint32_t first = node_at(&x, class)->token, begin = x.tokens.p[first].off, rest = x.tokens.p[body].off;
        struct str comments = comments_of(w, &x, first, body);
        ret = work_text(w, "%.*s%.*s%s\n%.*s", (int)begin, text.p, STR_ARG(comments), head, (int)(text.n - rest),
                        text.p + rest);
    }
    syntax_done(&x);
    return ret;
}

/* The last token of the attributes of a method; false when it has none. */
static bool find_attributes(const struct syntax *x, uint32_t method, uint32_t *ret_token)
{
    bool found = false;
    for (uint32_t c = node_at(x, method)->first; c && node_at(x, c)->kind == NODE_ATTRIBUTES; c = node_at(x, c)->next) {
        *ret_token = node_at(x, c)->token_end - 1;
        found = true;
    }
    return found;
}

static struct str with_head(struct work *w, const struct syntax *x, uint32_t method, uint32_t list, const char *head,
                            const char *parameters)
{
    const struct node *l = node_at(x, list);
    uint32_t first = node_at(x, method)->token;
    bool attributes = find_attributes(x, method, &first);
    size_t before = attributes ? end_of(x, first) : x->tokens.p[first].off, after = end_of(x, l->token_end - 1);
    struct str comments = comments_of(w, x, first, l->token);
    struct str own = l->first ? syntax_text(x, list) : str_of(parameters), text = x->source;
    return work_text(w, "%.*s%s%.*s%s%.*s%.*s", (int)before, text.p, attributes ? "\n" : "", STR_ARG(comments), head,
                     STR_ARG(own), (int)(text.n - after), text.p + after);
}

bool code_new_method_head(struct work *w, struct str text, const char *head, const char *parameters, struct str *ret)
{
    struct syntax x = {0};
    parse(text, PARSE_METHOD, LEX_SOURCE, &x);
    uint32_t method = node_child_of(&x, 1, NODE_METHOD);
    uint32_t list = method ? node_child_of(&x, method, NODE_PARAMETERS) : 0;
    if (list)
        *ret = with_head(w, &x, method, list, head, parameters);
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
