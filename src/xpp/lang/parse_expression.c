#include "xpp/lang/parser.h"

static uint32_t parse_postfix(struct parser *p, uint32_t left);
static uint32_t parse_conditional(struct parser *p, uint32_t left);

/* Another link would make the tree higher than a chain may. */
static bool is_too_long(struct parser *p, uint32_t left)
{
    if (parse_node(p, left)->height < PARSE_CHAIN_MAX)
        return false;
    parse_problem(p, "the expression is too long");
    return true;
}

static uint32_t parse_argument(struct parser *p)
{
    if (!parse_keyword(p, KEYWORD_BYREF) || !parse_is_word(parse_at(p, p->pos + 1)))
        return parse_expression(p);
    struct branch b = parse_begin(p, NODE_BYREF);
    parse_advance(p);
    parse_add(p, &b, parse_expression(p));
    return parse_end(p, &b);
}

void parse_list(struct parser *p, struct branch *b, enum operator_id close)
{
    parse_skip_directives(p);
    if (!parse_operator(p, close)) {
        do {
            parse_add(p, b, parse_argument(p));
            parse_skip_directives(p);
            /* A macro without a comma before it brings its own. */
        } while (!p->panic && (parse_accept(p, OPERATOR_COMMA) || parse_here(p)->kind == TOKEN_MACRO));
    }
    parse_expect(p, close, close == OPERATOR_PAREN_CLOSE ? "a `)` is missing" : "a `]` is missing");
}

static bool ends_statement(const struct token *t)
{
    return t->kind == TOKEN_END || parse_is_operator(t, OPERATOR_SEMICOLON) ||
           parse_is_operator(t, OPERATOR_BRACE_OPEN) || parse_is_operator(t, OPERATOR_BRACE_CLOSE);
}

/* Notes for each `(` of the source where it ends: its `)`, or the end of its statement. Made when the first argument
 * needs it, so that arguments within arguments are not searched once a level. Until a `(` ends, its note is the one
 * before it. */
static void note_parens(struct parser *p)
{
    uint32_t open = 0;
    for (uint32_t i = 0; i < p->n; i++) {
        const struct token *t = &p->tokens[i];
        *vec_push(&p->s->parens) = 0;
        if (parse_is_operator(t, OPERATOR_PAREN_OPEN)) {
            p->s->parens.p[i] = open;
            open = i;
        }
        bool all = ends_statement(t);
        while (open && (all || parse_is_operator(t, OPERATOR_PAREN_CLOSE))) {
            uint32_t before = p->s->parens.p[open];
            p->s->parens.p[open] = i;
            open = before;
            if (!all)
                break;
        }
    }
}

/* To the `,` or `)` that ends the argument which begins here; a statement's end ends it, too. */
static void skip_argument(struct parser *p)
{
    if (p->s->parens.n == 0)
        note_parens(p);
    while (!ends_statement(parse_here(p)) && !parse_operator(p, OPERATOR_COMMA) &&
           !parse_operator(p, OPERATOR_PAREN_CLOSE)) {
        if (parse_operator(p, OPERATOR_PAREN_OPEN))
            p->pos = p->s->parens.p[p->pos];
        if (!ends_statement(parse_here(p)))
            parse_advance(p);
    }
}

/* An argument of a macro may be any text: that it is no expression is no mistake. */
static uint32_t parse_macro_argument(struct parser *p)
{
    uint32_t start = p->pos;
    bool had_failed = p->has_failed;
    size_t n_problems = p->s->problems.n;
    uint32_t n = parse_expression(p);
    if (!p->panic && (parse_operator(p, OPERATOR_COMMA) || parse_operator(p, OPERATOR_PAREN_CLOSE)))
        return n;
    uint32_t end = p->pos;
    p->has_failed = had_failed;
    p->s->problems.n = n_problems;
    p->panic = false;
    p->pos = start;
    struct branch b = parse_begin(p, NODE_RAW);
    parse_add(p, &b, n);
    skip_argument(p);
    p->pos = p->pos > end ? p->pos : end;
    return parse_end(p, &b);
}

uint32_t parse_macro(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_MACRO);
    parse_advance(p);
    if (!parse_operator(p, OPERATOR_PAREN_OPEN) || parse_is_new_line(p, p->pos))
        return parse_end(p, &b);
    parse_advance(p);
    do {
        if (!parse_operator(p, OPERATOR_COMMA) && !parse_operator(p, OPERATOR_PAREN_CLOSE))
            parse_add(p, &b, parse_macro_argument(p));
    } while (parse_accept(p, OPERATOR_COMMA));
    parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing behind the arguments of the macro");
    return parse_end(p, &b);
}

static uint32_t parse_paren(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_PAREN);
    parse_advance(p);
    parse_skip_directives(p);
    parse_add(p, &b, parse_keyword(p, KEYWORD_SELECT) ? parse_select(p) : parse_expression(p));
    parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing");
    return parse_end(p, &b);
}

static uint32_t parse_container(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_CONTAINER);
    parse_advance(p);
    parse_list(p, &b, OPERATOR_BRACKET_CLOSE);
    return parse_end(p, &b);
}

static uint32_t parse_new(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_NEW);
    parse_advance(p);
    parse_add(p, &b, parse_type(p));
    if (!p->panic && parse_operator(p, OPERATOR_BRACKET_OPEN))
        parse_add(p, &b, parse_array(p));
    if (parse_expect(p, OPERATOR_PAREN_OPEN, "a `(` is missing behind the type"))
        parse_list(p, &b, OPERATOR_PAREN_CLOSE);
    return parse_end(p, &b);
}

/* `next f(a)` in a method that extends another one; else `next` is a name here. */
static bool at_next_call(const struct parser *p)
{
    return parse_keyword(p, KEYWORD_NEXT) && parse_is_word(parse_at(p, p->pos + 1)) &&
           parse_is_operator(parse_at(p, p->pos + 2), OPERATOR_PAREN_OPEN);
}

static uint32_t parse_next_call(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_NEXT_CALL);
    parse_advance(p);
    struct branch call = parse_begin(p, NODE_CALL);
    parse_add(p, &call, parse_leaf(p, NODE_NAME));
    parse_advance(p);
    parse_list(p, &call, OPERATOR_PAREN_CLOSE);
    parse_add(p, &b, parse_end(p, &call));
    return parse_end(p, &b);
}

static uint32_t parse_word(struct parser *p)
{
    switch (parse_here(p)->id) {
    case KEYWORD_TRUE:
    case KEYWORD_FALSE:
    case KEYWORD_NULL:
        return parse_keyword_leaf(p, NODE_LITERAL);
    case KEYWORD_THIS:
        return parse_leaf(p, NODE_THIS);
    case KEYWORD_SUPER:
        return parse_leaf(p, NODE_SUPER);
    case KEYWORD_NEW:
        return parse_new(p);
    }
    if (at_next_call(p))
        return parse_next_call(p);
    /* A type's name may be a class with static methods, too. */
    bool scope = parse_is_operator(parse_at(p, p->pos + 1), OPERATOR_SCOPE);
    return parse_is_name(parse_here(p)) || scope ? parse_leaf(p, NODE_NAME)
                                                 : parse_problem(p, "an expression is missing");
}

static uint32_t parse_primary(struct parser *p)
{
    parse_skip_directives(p);
    switch ((enum token_kind)parse_here(p)->kind) {
    case TOKEN_NAME:
        return parse_leaf(p, NODE_NAME);
    case TOKEN_KEYWORD:
        return parse_word(p);
    case TOKEN_STRING:
    case TOKEN_INTEGER:
    case TOKEN_INT64:
    case TOKEN_REAL:
    case TOKEN_DATE:
    case TOKEN_DATETIME:
        return parse_leaf(p, NODE_LITERAL);
    case TOKEN_MACRO:
        return parse_macro(p);
    case TOKEN_META:
        return parse_leaf(p, NODE_META);
    case TOKEN_OPERATOR:
        if (parse_operator(p, OPERATOR_PAREN_OPEN))
            return parse_paren(p);
        if (parse_operator(p, OPERATOR_BRACKET_OPEN))
            return parse_container(p);
        break;
    case TOKEN_END:
    case TOKEN_DIRECTIVE:
    case TOKEN_BODY:
    case TOKEN_BAD:
        break;
    }
    return parse_problem(p, "an expression is missing");
}

static uint32_t parse_member_of(struct parser *p, uint32_t left, enum node_kind kind)
{
    struct branch b = parse_begin_with(p, kind, left);
    parse_advance(p);
    if (kind == NODE_MEMBER && parse_operator(p, OPERATOR_PAREN_OPEN))
        parse_add(p, &b, parse_paren(p));
    else
        parse_add(p, &b, parse_name(p, "a name is missing"));
    return parse_end(p, &b);
}

static uint32_t parse_list_of(struct parser *p, uint32_t left, enum node_kind kind, enum operator_id close)
{
    struct branch b = parse_begin_with(p, kind, left);
    parse_advance(p);
    parse_list(p, &b, close);
    return parse_end(p, &b);
}

static uint32_t parse_step(struct parser *p, uint32_t left)
{
    struct branch b = parse_begin_with(p, NODE_STEP, left);
    parse_node(p, b.node)->op = parse_here(p)->id;
    parse_advance(p);
    if (!left)
        parse_add(p, &b, parse_operand(p));
    return parse_end(p, &b);
}

static bool can_be_called(struct parser *p, uint32_t n)
{
    uint8_t kind = parse_node(p, n)->kind;
    return kind == NODE_NAME || kind == NODE_MEMBER || kind == NODE_STATIC || kind == NODE_SUPER || kind == NODE_META;
}

/* One more link behind `left`, or 0 when none is there. */
static uint32_t parse_link(struct parser *p, uint32_t left)
{
    switch (parse_here(p)->id) {
    case OPERATOR_DOT:
        return parse_member_of(p, left, NODE_MEMBER);
    case OPERATOR_SCOPE:
        return parse_member_of(p, left, NODE_STATIC);
    case OPERATOR_PAREN_OPEN:
        return can_be_called(p, left) ? parse_list_of(p, left, NODE_CALL, OPERATOR_PAREN_CLOSE) : 0;
    case OPERATOR_BRACKET_OPEN:
        return parse_list_of(p, left, NODE_INDEX, OPERATOR_BRACKET_CLOSE);
    case OPERATOR_INCREMENT:
    case OPERATOR_DECREMENT:
        return parse_step(p, left);
    }
    return 0;
}

static uint32_t parse_postfix(struct parser *p, uint32_t left)
{
    while (left && !p->panic && parse_here(p)->kind == TOKEN_OPERATOR) {
        uint32_t next = parse_link(p, left);
        if (!next)
            break;
        left = next;
        if (is_too_long(p, left))
            break;
    }
    return left;
}

static bool at_unary(const struct parser *p)
{
    return parse_operator(p, OPERATOR_NOT) || parse_operator(p, OPERATOR_SUBTRACT) ||
           parse_operator(p, OPERATOR_COMPLEMENT) || parse_operator(p, OPERATOR_ADD);
}

static uint32_t parse_unary(struct parser *p, enum node_kind kind)
{
    if (!parse_enter(p))
        return 0;
    uint32_t n;
    if (kind == NODE_STEP) {
        n = parse_step(p, 0);
    } else {
        struct branch b = parse_begin(p, NODE_UNARY);
        parse_node(p, b.node)->op = parse_here(p)->id;
        parse_advance(p);
        parse_add(p, &b, parse_operand(p));
        n = parse_end(p, &b);
    }
    p->depth--;
    return n;
}

uint32_t parse_operand(struct parser *p)
{
    if (at_unary(p))
        return parse_unary(p, NODE_UNARY);
    if (parse_operator(p, OPERATOR_INCREMENT) || parse_operator(p, OPERATOR_DECREMENT))
        return parse_unary(p, NODE_STEP);
    return parse_postfix(p, parse_primary(p));
}

static enum operator_id binary_operator(const struct token *t)
{
    if (t->kind == TOKEN_OPERATOR)
        return (enum operator_id)t->id;
    return t->kind == TOKEN_KEYWORD ? operator_of_keyword((enum keyword)t->id) : OPERATOR_NONE;
}

/* The operator here, or behind the directives here. */
static enum operator_id next_operator(struct parser *p)
{
    enum operator_id op = binary_operator(parse_here(p));
    if (op || (parse_here(p)->kind != TOKEN_DIRECTIVE && parse_here(p)->kind != TOKEN_BODY))
        return op;
    uint32_t past = parse_past_directives(p);
    op = binary_operator(parse_at(p, past));
    if (operator_binding(op))
        p->pos = past;
    return op;
}

static uint32_t parse_binary(struct parser *p, uint32_t left, unsigned least)
{
    while (left && !p->panic) {
        enum operator_id op = next_operator(p);
        unsigned binding = operator_binding(op);
        if (binding == 0 || binding < least || is_too_long(p, left))
            break;
        struct branch b = parse_begin_with(p, NODE_BINARY, left);
        parse_node(p, b.node)->op = (uint8_t)op;
        parse_advance(p);
        bool type = op == OPERATOR_IS || op == OPERATOR_AS;
        parse_add(p, &b, type ? parse_type(p) : parse_binary(p, parse_operand(p), binding + 1));
        left = parse_end(p, &b);
    }
    return left;
}

static uint32_t parse_conditional(struct parser *p, uint32_t left)
{
    uint32_t condition = parse_binary(p, left, 1);
    if (!condition || p->panic || !parse_operator(p, OPERATOR_QUESTION))
        return condition;
    struct branch b = parse_begin_with(p, NODE_CONDITIONAL, condition);
    parse_advance(p);
    parse_add(p, &b, parse_expression(p));
    if (parse_expect(p, OPERATOR_COLON, "a `:` is missing"))
        parse_add(p, &b, parse_expression(p));
    return parse_end(p, &b);
}

uint32_t parse_expression(struct parser *p)
{
    if (p->panic || !parse_enter(p))
        return 0;
    uint32_t n = parse_conditional(p, parse_operand(p));
    p->depth--;
    return n;
}

uint32_t parse_expression_from(struct parser *p, uint32_t left)
{
    return parse_conditional(p, parse_postfix(p, left));
}

uint32_t parse_effect(struct parser *p, uint32_t target)
{
    uint32_t n = target ? target : parse_expression(p);
    if (!n || p->panic)
        return n;
    if (!parse_operator(p, OPERATOR_ASSIGN) && !parse_operator(p, OPERATOR_ADD_ASSIGN) &&
        !parse_operator(p, OPERATOR_SUBTRACT_ASSIGN))
        return n;
    struct branch b = parse_begin_with(p, NODE_ASSIGN, n);
    parse_node(p, b.node)->op = parse_here(p)->id;
    parse_advance(p);
    parse_add(p, &b, parse_expression(p));
    return parse_end(p, &b);
}
