#include "xpp/rules/run.h"
#include <strings.h>

#define K(name, fn) check_fn fn;
#include "xpp/rules/checks.def"
#undef K

check_fn *check_find(const char *name)
{
    static const struct {
        const char *name;
        check_fn *fn;
    } all[] = {
#define K(name, fn) {name, fn},
#include "xpp/rules/checks.def"
#undef K
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(all[i].name, name) == 0)
            return all[i].fn;
    return NULL;
}

static enum node_kind kind_of(const struct syntax *s, uint32_t node)
{
    return node_at(s, node)->kind;
}

/* The nearest node of this kind around `node`, or 0. */
static uint32_t around(const struct syntax *s, uint32_t node, enum node_kind kind)
{
    for (node = node_at(s, node)->parent; node; node = node_at(s, node)->parent)
        if (kind_of(s, node) == kind)
            return node;
    return 0;
}

static bool is_named(const struct syntax *s, uint32_t node, const char *name)
{
    struct str text = node ? syntax_text(s, node) : (struct str){NULL, 0};
    return text.n == strlen(name) && strncasecmp(text.p, name, text.n) == 0;
}

/* It may be the end of a statement that begins before the directive. */
static bool is_beside_directive(const struct syntax *s, uint32_t node)
{
    uint32_t i = node_at(s, node)->token;
    const struct token *before = i > 0 ? &s->tokens.p[i - 1] : NULL, *behind = &s->tokens.p[i + 1];
    struct str gap = {s->source.p, s->tokens.p[i].off};
    if (before)
        gap = (struct str){s->source.p + before->off + before->n, s->tokens.p[i].off - before->off - before->n};
    return (before && before->kind == TOKEN_DIRECTIVE) || behind->kind == TOKEN_DIRECTIVE ||
           (gap.n && memchr(gap.p, '#', gap.n));
}

void check_lone_semicolon(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_EMPTY) {
        if (kind_of(c->syntax, node_at(c->syntax, i)->parent) != NODE_BLOCK || is_beside_directive(c->syntax, i))
            continue;
        struct edit_piece *piece = arena_alloc(c->run->arena, sizeof *piece);
        uint32_t off, n;
        rules_deletion(c->syntax, i, &off, &n, &piece->text);
        rules_hit_edit(c->run, c->rule, i, off, n, piece, 1);
    }
}

static int count_in(struct check_call *c, enum node_kind kind, uint32_t method)
{
    int count = 0;
    each_of_kind (c->run, i, kind)
        count += around(c->syntax, i, NODE_METHOD) == method;
    return count;
}

/* Nested functions count on their own: every statement belongs to the innermost one. */
void check_unbalanced_tts(struct check_call *c)
{
    if (!c->run->head[NODE_TTSBEGIN] && !c->run->head[NODE_TTSCOMMIT])
        return;
    each_of_kind (c->run, m, NODE_METHOD) {
        if (count_in(c, NODE_TTSBEGIN, m) != count_in(c, NODE_TTSCOMMIT, m))
            rules_hit(c->run, c->rule, node_child_of(c->syntax, m, NODE_NAME));
    }
}

static int count_before(struct check_call *c, enum node_kind kind, uint32_t block, uint32_t statement)
{
    int count = 0;
    each_of_kind (c->run, i, kind) {
        const struct node *n = node_at(c->syntax, i);
        count += n->parent == block && n->token < node_at(c->syntax, statement)->token;
    }
    return count;
}

static bool begins_before(struct check_call *c, uint32_t block, uint32_t statement)
{
    return count_before(c, NODE_TTSBEGIN, block, statement) > count_before(c, NODE_TTSCOMMIT, block, statement);
}

/* A level that is open in a block around the return, up to its method. */
static bool in_transaction(struct check_call *c, uint32_t node)
{
    const struct syntax *s = c->syntax;
    uint32_t at = node;
    for (uint32_t up = node_at(s, at)->parent; up && kind_of(s, at) != NODE_METHOD; up = node_at(s, at)->parent) {
        if (kind_of(s, up) == NODE_BLOCK && begins_before(c, up, at))
            return true;
        at = up;
    }
    return false;
}

void check_return_in_tts(struct check_call *c)
{
    if (!c->run->head[NODE_TTSBEGIN])
        return;
    each_of_kind (c->run, i, NODE_RETURN) {
        if (in_transaction(c, i))
            rules_hit(c->run, c->rule, i);
    }
}

static bool is_super_call(const struct syntax *s, uint32_t node)
{
    if (kind_of(s, node) == NODE_EXPRESSION || kind_of(s, node) == NODE_RETURN)
        node = node_at(s, node)->first;
    if (!node || kind_of(s, node) != NODE_CALL)
        return false;
    return kind_of(s, node_at(s, node)->first) == NODE_SUPER;
}

static uint32_t body_of(const struct syntax *s, uint32_t method)
{
    return node_child_of(s, method, NODE_BLOCK);
}

void check_empty_override(struct check_call *c)
{
    if (!c->run->head[NODE_SUPER])
        return;
    each_of_kind (c->run, m, NODE_METHOD) {
        uint32_t body = body_of(c->syntax, m);
        uint32_t first = body ? node_at(c->syntax, body)->first : 0;
        if (first && !node_at(c->syntax, first)->next && is_super_call(c->syntax, first))
            rules_hit(c->run, c->rule, node_child_of(c->syntax, m, NODE_NAME));
    }
}

void check_nested_function(struct check_call *c)
{
    each_of_kind (c->run, m, NODE_METHOD) {
        if (around(c->syntax, m, NODE_METHOD))
            rules_hit(c->run, c->rule, node_child_of(c->syntax, m, NODE_NAME));
    }
}

void check_retry_outside_catch(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_RETRY) {
        if (!around(c->syntax, i, NODE_CATCH))
            rules_hit(c->run, c->rule, i);
    }
}

void check_default_order(struct check_call *c)
{
    each_of_kind (c->run, list, NODE_PARAMETERS) {
        bool optional = false;
        for (uint32_t p = node_at(c->syntax, list)->first; p; p = node_at(c->syntax, p)->next) {
            bool has = node_child(c->syntax, p, 2) != 0;
            if (optional && !has)
                rules_hit(c->run, c->rule, p);
            optional |= has;
        }
    }
}

/* An escape that X++ does not know: the backslash was kept before, and is refused now. */
static bool has_unknown_escape(struct str s)
{
    if (s.n < 2 || s.p[0] == '@')
        return false;
    for (size_t i = 1; i + 1 < s.n; i++)
        if (s.p[i] == '\\' && !strchr("\\\"'nrt0xXuU\n", s.p[++i]))
            return true;
    return false;
}

void check_unknown_escape(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_LITERAL) {
        const struct token *t = &c->syntax->tokens.p[node_at(c->syntax, i)->token];
        if (t->kind == TOKEN_STRING && has_unknown_escape(token_text(c->syntax->source, t)))
            rules_hit(c->run, c->rule, i);
    }
}

void check_macro_definition(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_DIRECTIVE) {
        struct str text = syntax_text(c->syntax, i);
        if (text.n > 7 && (strncasecmp(text.p, "#define", 7) == 0 || strncasecmp(text.p, "#localm", 7) == 0))
            rules_hit(c->run, c->rule, i);
    }
}

/* True when a local variable or parameter of this name is an array. */
static bool is_array(struct check_call *c, uint32_t name)
{
    const struct syntax *s = c->syntax;
    struct str text = syntax_text(s, name);
    each_of_kind (c->run, v, NODE_VARIABLE) {
        struct str other = syntax_text(s, node_child_of(s, v, NODE_NAME));
        if (other.n == text.n && strncasecmp(other.p, text.p, text.n) == 0)
            return node_child_of(s, v, NODE_ARRAY) != 0;
    }
    return false;
}

void check_array_assignment(struct check_call *c)
{
    const struct syntax *s = c->syntax;
    if (!c->run->head[NODE_ARRAY])
        return;
    each_of_kind (c->run, i, NODE_ASSIGN) {
        uint32_t to = node_child(s, i, 0), from = node_child(s, i, 1);
        if (kind_of(s, to) == NODE_NAME && from && kind_of(s, from) == NODE_NAME && is_array(c, to) &&
            is_array(c, from))
            rules_hit(c->run, c->rule, i);
    }
}

void check_loop_in_loop(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_WHILE_SELECT) {
        if (around(c->syntax, i, NODE_WHILE_SELECT))
            rules_hit(c->run, c->rule, i);
    }
}

static bool is_empty(const struct syntax *s, uint32_t statement)
{
    return kind_of(s, statement) == NODE_EMPTY ||
           (kind_of(s, statement) == NODE_BLOCK && !node_at(s, statement)->first);
}

static uint32_t last_child(const struct syntax *s, uint32_t node)
{
    uint32_t last = node_at(s, node)->first;
    while (last && node_at(s, last)->next)
        last = node_at(s, last)->next;
    return last;
}

void check_empty_loop(struct check_call *c)
{
    static const enum node_kind loops[] = {NODE_WHILE_SELECT, NODE_WHILE, NODE_FOR};
    for (size_t k = 0; k < sizeof loops / sizeof *loops; k++)
        each_of_kind (c->run, i, loops[k]) {
            uint32_t body = last_child(c->syntax, i);
            if (body && is_empty(c->syntax, body))
                rules_hit(c->run, c->rule, i);
        }
}

/* x.insert(), doUpdate and their like. */
static bool is_write(const struct syntax *s, uint32_t call)
{
    static const char *const names[] = {"insert", "doInsert", "update", "doUpdate", "delete", "doDelete", "write"};
    uint32_t callee = node_child(s, call, 0);
    if (kind_of(s, callee) != NODE_MEMBER)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is_named(s, node_child(s, callee, 1), names[i]))
            return true;
    return false;
}

/* Of a map, a list or another object: nothing goes to the database. */
static bool is_of_class(const struct check_call *c, uint32_t call)
{
    uint32_t object = node_child(c->syntax, node_child(c->syntax, call, 0), 0);
    struct str type = object ? scope_type(c->run->scope, c->syntax, object) : STR("");
    return type.n && symbols_find(c->run->options.symbols, SYMBOL_CLASS, type) &&
           !symbols_find(c->run->options.symbols, SYMBOL_TABLE, type);
}

void check_write_in_loop(struct check_call *c)
{
    if (!c->run->head[NODE_WHILE_SELECT])
        return;
    each_of_kind (c->run, i, NODE_CALL) {
        if (is_write(c->syntax, i) && around(c->syntax, i, NODE_WHILE_SELECT) && !is_of_class(c, i))
            rules_hit(c->run, c->rule, i);
    }
}

void check_empty_catch(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_CATCH) {
        if (is_empty(c->syntax, last_child(c->syntax, i)))
            rules_hit(c->run, c->rule, i);
    }
}

static bool calls_super(struct check_call *c, uint32_t method)
{
    each_of_kind (c->run, i, NODE_SUPER) {
        if (around(c->syntax, i, NODE_METHOD) == method)
            return true;
    }
    return false;
}

/* Of the methods that the kernel calls on a table or a form: without super() nothing is written. */
void check_no_super(struct check_call *c)
{
    static const char *const names[] = {"insert", "update", "delete",        "write",
                                        "init",   "close",  "validateWrite", "validateDelete"};
    bool table = str_is(c->run->place->element->code, "DBT") || str_is(c->run->place->element->code, "FRM");
    if (!table)
        return;
    each_of_kind (c->run, m, NODE_METHOD) {
        uint32_t name = node_child_of(c->syntax, m, NODE_NAME);
        bool kernel = false;
        for (size_t i = 0; name && i < sizeof names / sizeof *names; i++)
            kernel |= is_named(c->syntax, name, names[i]);
        if (kernel && !calls_super(c, m))
            rules_hit(c->run, c->rule, name);
    }
}

static bool returns_nothing(const struct syntax *s, uint32_t statement)
{
    uint32_t value = node_at(s, statement)->first;
    return value && kind_of(s, value) == NODE_CALL && is_named(s, node_at(s, value)->first, "conNull");
}

void check_pack_returns_nothing(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_RETURN) {
        uint32_t method = around(c->syntax, i, NODE_METHOD);
        if (method && returns_nothing(c->syntax, i) &&
            is_named(c->syntax, node_child_of(c->syntax, method, NODE_NAME), "pack"))
            rules_hit(c->run, c->rule, i);
    }
}

/* The digits of a System.Decimal. */
enum { DECIMAL_DIGITS = 28 };

void check_huge_number(struct check_call *c)
{
    each_of_kind (c->run, i, NODE_LITERAL) {
        const struct token *t = &c->syntax->tokens.p[node_at(c->syntax, i)->token];
        struct str whole = token_text(c->syntax->source, t);
        struct str digits = str_split(&whole, '.');
        if ((t->kind == TOKEN_REAL || t->kind == TOKEN_INTEGER) && digits.n > DECIMAL_DIGITS)
            rules_hit(c->run, c->rule, i);
    }
}

void check_number_in_attribute(struct check_call *c)
{
    static const char *const names[] = {"classNum", "enumNum", "tableNum", "extendedTypeNum"};
    if (!c->run->head[NODE_ATTRIBUTES])
        return;
    each_of_kind (c->run, i, NODE_CALL) {
        for (size_t n = 0; n < sizeof names / sizeof *names; n++)
            if (is_named(c->syntax, node_at(c->syntax, i)->first, names[n]) && around(c->syntax, i, NODE_ATTRIBUTES))
                rules_hit(c->run, c->rule, i);
    }
}
