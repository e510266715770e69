#include "xpp/lang/parser.h"

bool parse_at_modifier(const struct parser *p, uint32_t i)
{
    const struct token *t = parse_at(p, i);
    const struct token *next = parse_at(p, i + 1);
    return t->kind == TOKEN_KEYWORD && keyword_use((enum keyword)t->id) == KEYWORD_MODIFIER &&
           (parse_is_word(next) || next->kind == TOKEN_MACRO);
}

static uint32_t past_modifiers(const struct parser *p, uint32_t i)
{
    while (parse_at_modifier(p, i))
        i++;
    return i;
}

/* name( or type name( */
static bool is_signature(const struct parser *p, uint32_t i)
{
    if (parse_is_word(parse_at(p, i)) && parse_is_operator(parse_at(p, i + 1), OPERATOR_PAREN_OPEN))
        return true;
    uint32_t end = parse_type_end(p, i);
    return end && parse_is_word(parse_at(p, end)) && parse_is_operator(parse_at(p, end + 1), OPERATOR_PAREN_OPEN);
}

bool parse_at_lost_method(const struct parser *p)
{
    return parse_at_modifier(p, p->pos) && parse_is_new_line(p, p->pos) && is_signature(p, past_modifiers(p, p->pos));
}

/* Behind the `]` of the `[` at `i`, or 0 when a statement ends before it. */
static uint32_t brackets_end(const struct parser *p, uint32_t i)
{
    int depth = 0;
    for (; parse_at(p, i)->kind != TOKEN_END; i++) {
        const struct token *t = parse_at(p, i);
        if (t->kind != TOKEN_OPERATOR)
            continue;
        if (t->id == OPERATOR_SEMICOLON || t->id == OPERATOR_BRACE_OPEN || t->id == OPERATOR_BRACE_CLOSE)
            return 0;
        depth += (t->id == OPERATOR_BRACKET_OPEN) - (t->id == OPERATOR_BRACKET_CLOSE);
        if (depth == 0)
            return i + 1;
    }
    return 0;
}

/* Whether name( ... ) { begins at `i`: a method without a type. */
static bool is_untyped_method(const struct parser *p, uint32_t i)
{
    if (parse_at(p, i)->kind != TOKEN_NAME || !parse_is_operator(parse_at(p, i + 1), OPERATOR_PAREN_OPEN))
        return false;
    int depth = 0;
    for (i++; parse_at(p, i)->kind != TOKEN_END; i++) {
        const struct token *t = parse_at(p, i);
        if (parse_is_operator(t, OPERATOR_SEMICOLON) || parse_is_operator(t, OPERATOR_BRACE_OPEN))
            return false;
        depth += parse_is_operator(t, OPERATOR_PAREN_OPEN) - parse_is_operator(t, OPERATOR_PAREN_CLOSE);
        if (depth == 0)
            return parse_is_operator(parse_at(p, i + 1), OPERATOR_BRACE_OPEN);
    }
    return false;
}

static bool is_class(const struct parser *p, uint32_t i)
{
    const struct token *t = parse_at(p, i);
    return parse_is_keyword(t, KEYWORD_CLASS) || parse_is_keyword(t, KEYWORD_INTERFACE);
}

/* Whether a class, a method or attributes of one begin here, or a statement. */
static bool at_head(const struct parser *p)
{
    uint32_t i = p->pos;
    while (parse_is_operator(parse_at(p, i), OPERATOR_BRACKET_OPEN)) {
        i = brackets_end(p, i);
        if (!i || parse_is_operator(parse_at(p, i), OPERATOR_ASSIGN))
            return false;
    }
    uint32_t first = i;
    i = past_modifiers(p, i);
    if (is_class(p, i) || is_untyped_method(p, i))
        return true;
    return is_signature(p, i) &&
           (i > first || first > p->pos || !parse_is_operator(parse_at(p, i + 1), OPERATOR_PAREN_OPEN));
}

static uint32_t parse_attributes(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_ATTRIBUTES);
    parse_advance(p);
    parse_list(p, &b, OPERATOR_BRACKET_CLOSE);
    return parse_end(p, &b);
}

static void add_modifiers(struct parser *p, struct branch *b)
{
    while (parse_at_modifier(p, p->pos))
        parse_add(p, b, parse_keyword_leaf(p, NODE_MODIFIER));
}

static uint32_t parse_bases(struct parser *p, enum node_kind kind)
{
    struct branch b = parse_begin(p, kind);
    parse_advance(p);
    do {
        parse_add(p, &b, parse_type(p));
    } while (!p->panic && parse_accept(p, OPERATOR_COMMA));
    return parse_end(p, &b);
}

/* From `class` on; attributes and modifiers are in `b`. */
static void add_class(struct parser *p, struct branch *b)
{
    parse_node(p, b->node)->kind = NODE_CLASS;
    parse_node(p, b->node)->op = parse_here(p)->id;
    parse_advance(p);
    parse_add(p, b, parse_name(p, "the name of the class is missing"));
    if (!p->panic && parse_keyword(p, KEYWORD_EXTENDS))
        parse_add(p, b, parse_bases(p, NODE_EXTENDS));
    if (!p->panic && parse_keyword(p, KEYWORD_IMPLEMENTS))
        parse_add(p, b, parse_bases(p, NODE_IMPLEMENTS));
    if (!parse_expect(p, OPERATOR_BRACE_OPEN, "a `{` is missing"))
        return;
    while (!parse_is_end(p) && !parse_operator(p, OPERATOR_BRACE_CLOSE))
        parse_add(p, b, parse_member(p));
    parse_expect(p, OPERATOR_BRACE_CLOSE, "a `}` is missing");
}

/* Skips what is wrong in a method's head, so that its body is read all the same. */
static uint32_t skip_to_body(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_ERROR);
    while (!parse_is_end(p) && !parse_operator(p, OPERATOR_BRACE_OPEN) && !parse_operator(p, OPERATOR_BRACE_CLOSE) &&
           !parse_operator(p, OPERATOR_SEMICOLON))
        parse_advance(p);
    p->panic = false;
    return parse_end(p, &b);
}

/* From the parameters on. */
static void add_method(struct parser *p, struct branch *b)
{
    parse_node(p, b->node)->kind = NODE_METHOD;
    parse_add(p, b, parse_parameters(p));
    if (p->panic)
        parse_add(p, b, skip_to_body(p));
    parse_skip_directives(p);
    if (parse_operator(p, OPERATOR_BRACE_OPEN))
        parse_add(p, b, parse_block(p));
    else if (parse_here(p)->kind == TOKEN_MACRO)
        parse_add(p, b, parse_macro_use(p));
    else if (!parse_accept(p, OPERATOR_SEMICOLON))
        parse_problem(p, "the body of the method is missing");
}

static bool at_untyped(const struct parser *p)
{
    return parse_is_word(parse_here(p)) && parse_is_operator(parse_at(p, p->pos + 1), OPERATOR_PAREN_OPEN);
}

static void add_method_or_field(struct parser *p, struct branch *b)
{
    if (!at_untyped(p))
        parse_add(p, b, parse_type(p));
    if (!p->panic && at_untyped(p)) {
        parse_add(p, b, parse_leaf(p, NODE_NAME));
        add_method(p, b);
        return;
    }
    if (!p->panic)
        parse_variables(p, b);
    parse_semicolon(p);
}

static uint32_t parse_declaration(struct parser *p)
{
    if (!parse_enter(p))
        return 0;
    struct branch b = parse_begin(p, NODE_FIELD);
    for (; parse_operator(p, OPERATOR_BRACKET_OPEN) && !p->panic; parse_skip_directives(p))
        parse_add(p, &b, parse_attributes(p));
    if (!p->panic)
        add_modifiers(p, &b);
    if (!p->panic && is_class(p, p->pos))
        add_class(p, &b);
    else if (!p->panic)
        add_method_or_field(p, &b);
    p->depth--;
    return parse_end(p, &b);
}

uint32_t parse_nested_function(struct parser *p)
{
    return parse_declaration(p);
}

static uint32_t parse_using(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_USING);
    parse_advance(p);
    parse_add(p, &b, parse_type(p));
    if (!p->panic && parse_accept(p, OPERATOR_ASSIGN))
        parse_add(p, &b, parse_type(p));
    parse_semicolon(p);
    return parse_end(p, &b);
}

/* What may stand between declarations; 0 when it is none of them. */
static uint32_t parse_between(struct parser *p)
{
    const struct token *t = parse_here(p);
    if (t->kind == TOKEN_DIRECTIVE || t->kind == TOKEN_BODY)
        return parse_directive(p);
    if (parse_is_operator(t, OPERATOR_SEMICOLON))
        return parse_leaf(p, NODE_EMPTY);
    if (t->kind == TOKEN_META && !t->hash)
        return parse_leaf(p, NODE_META);
    if (t->kind != TOKEN_MACRO || parse_at_declaration(p))
        return 0;
    uint32_t n = parse_macro_use(p);
    parse_accept(p, OPERATOR_SEMICOLON);
    parse_node(p, n)->token_end = p->pos;
    return n;
}

uint32_t parse_member(struct parser *p)
{
    uint32_t start = p->pos;
    uint32_t n = parse_between(p);
    if (!n)
        n = parse_declaration(p);
    return p->panic ? parse_recover(p, PARSE_GOAL_MEMBER, start, n) : n;
}

uint32_t parse_source_item(struct parser *p, enum parse_what what)
{
    if (what == PARSE_ANY && parse_here(p)->kind == TOKEN_MACRO && !parse_at_declaration(p))
        return parse_statement(p);
    uint32_t n = parse_between(p);
    if (n)
        return n;
    if (parse_keyword(p, KEYWORD_USING) && parse_is_word(parse_at(p, p->pos + 1)))
        return parse_using(p);
    if (what == PARSE_ANY && !at_head(p))
        return parse_statement(p);
    n = parse_declaration(p);
    if (!p->panic && n && parse_node(p, n)->kind == NODE_FIELD)
        parse_problem(p, "a class or a method is expected here");
    return n;
}
