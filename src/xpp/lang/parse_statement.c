#include "xpp/lang/parser.h"

uint32_t parse_directive(struct parser *p)
{
    return parse_leaf(p, NODE_DIRECTIVE);
}

/* A macro as a clause or a member: an expression's macro by another name. */
uint32_t parse_macro_use(struct parser *p)
{
    uint32_t n = parse_macro(p);
    parse_node(p, n)->kind = NODE_MACRO_USE;
    return n;
}

uint32_t parse_local(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_LOCAL);
    while (parse_at_modifier(p, p->pos))
        parse_add(p, &b, parse_keyword_leaf(p, NODE_MODIFIER));
    parse_add(p, &b, parse_type(p));
    if (!p->panic)
        parse_variables(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_local_statement(struct parser *p)
{
    uint32_t n = parse_local(p);
    parse_semicolon(p);
    parse_node(p, n)->token_end = p->pos;
    return n;
}

/* Metavariables of a pattern may stand for whole statements. */
static bool needs_semicolon(struct parser *p, uint32_t expression)
{
    return parse_node(p, expression)->kind != NODE_META || parse_operator(p, OPERATOR_SEMICOLON);
}

/* The rest of a statement that begins with `expression`. */
static uint32_t parse_effect_statement(struct parser *p, uint32_t expression)
{
    uint32_t n = parse_effect(p, expression);
    if (!n)
        return 0;
    struct branch b = parse_begin_with(p, NODE_EXPRESSION, n);
    if (needs_semicolon(p, n))
        parse_semicolon(p);
    return parse_end(p, &b);
}

static uint32_t parse_select_statement(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_EXPRESSION);
    parse_add(p, &b, parse_select(p));
    parse_semicolon(p);
    return parse_end(p, &b);
}

/* Behind a macro that begins a statement: whether what follows belongs to one expression with it. */
static bool macro_goes_on(const struct parser *p)
{
    const struct token *t = parse_here(p);
    if (t->kind != TOKEN_OPERATOR || t->id == OPERATOR_BRACE_OPEN || t->id == OPERATOR_BRACE_CLOSE)
        return false;
    if (t->id == OPERATOR_DOT || t->id == OPERATOR_SCOPE || t->id == OPERATOR_ASSIGN)
        return true;
    return !parse_is_new_line(p, p->pos);
}

static uint32_t parse_macro_statement(struct parser *p)
{
    if (parse_at_declaration(p))
        return parse_local_statement(p);
    uint32_t n = parse_macro(p);
    if (p->panic)
        return n;
    if (!parse_operator(p, OPERATOR_SEMICOLON) && macro_goes_on(p))
        return parse_effect_statement(p, parse_expression_from(p, n));
    parse_accept(p, OPERATOR_SEMICOLON);
    parse_node(p, n)->kind = NODE_MACRO_USE;
    parse_node(p, n)->token_end = p->pos;
    return n;
}

/* A declaration, a nested function or an expression: two names in a row tell. */
static uint32_t parse_other(struct parser *p)
{
    uint32_t end = parse_type_end(p, p->pos);
    if (end && parse_is_word(parse_at(p, end)) && parse_is_operator(parse_at(p, end + 1), OPERATOR_PAREN_OPEN) &&
        !operator_of_keyword((enum keyword)parse_at(p, end)->id))
        return parse_nested_function(p);
    if (end && parse_is_name(parse_at(p, end)))
        return parse_local_statement(p);
    return parse_effect_statement(p, 0);
}

/* A keyword, perhaps a value, and a `;`. */
static uint32_t parse_simple(struct parser *p, enum node_kind kind)
{
    struct branch b = parse_begin(p, kind);
    parse_advance(p);
    bool value = kind == NODE_RETURN || kind == NODE_THROW || kind == NODE_NEXT;
    if (value && !parse_operator(p, OPERATOR_SEMICOLON))
        parse_add(p, &b, parse_expression(p));
    parse_semicolon(p);
    return parse_end(p, &b);
}

/* print a, b at 1, 2; and window 10, 20 at 1, 2; and flush a, b; */
static uint32_t parse_listing(struct parser *p, enum node_kind kind)
{
    struct branch b = parse_begin(p, kind);
    parse_advance(p);
    do {
        parse_add(p, &b, parse_expression(p));
    } while (!p->panic && (parse_accept(p, OPERATOR_COMMA) || parse_accept_keyword(p, KEYWORD_AT)));
    parse_semicolon(p);
    return parse_end(p, &b);
}

/* Whether a word that may be a name begins its statement: an operator behind it tells that it is a name. */
static bool begins_listing(const struct parser *p)
{
    const struct token *t = parse_at(p, p->pos + 1);
    if (t->kind != TOKEN_OPERATOR)
        return t->kind != TOKEN_END;
    if (t->id == OPERATOR_PAREN_OPEN)
        return !parse_is_operator(parse_at(p, p->pos + 2), OPERATOR_PAREN_CLOSE);
    return t->id == OPERATOR_SUBTRACT || t->id == OPERATOR_NOT || t->id == OPERATOR_BRACKET_OPEN;
}

/* `next` with a name behind it: a call of the next method in a chain, or the next record of a table. */
static uint32_t parse_next(struct parser *p)
{
    const struct token *t = parse_at(p, p->pos + 1);
    if (!parse_is_name(t) && !parse_is_keyword(t, KEYWORD_THIS) && t->kind != TOKEN_MACRO)
        return parse_other(p);
    bool call = parse_is_operator(parse_at(p, p->pos + 2), OPERATOR_PAREN_OPEN);
    return call ? parse_effect_statement(p, 0) : parse_simple(p, NODE_NEXT);
}

static uint32_t parse_word_statement(struct parser *p)
{
    switch (parse_here(p)->id) {
    case KEYWORD_PRINT:
        return begins_listing(p) ? parse_listing(p, NODE_PRINT) : parse_other(p);
    case KEYWORD_WINDOW:
        return begins_listing(p) ? parse_listing(p, NODE_WINDOW) : parse_other(p);
    case KEYWORD_FLUSH:
        return begins_listing(p) ? parse_listing(p, NODE_FLUSH) : parse_other(p);
    case KEYWORD_PAUSE:
        return parse_is_operator(parse_at(p, p->pos + 1), OPERATOR_SEMICOLON) ? parse_simple(p, NODE_PAUSE)
                                                                              : parse_other(p);
    case KEYWORD_NEXT:
        return parse_next(p);
    case KEYWORD_CONST:
    case KEYWORD_READONLY:
        return parse_at_modifier(p, p->pos) ? parse_local_statement(p) : parse_other(p);
    case KEYWORD_SELECT:
        return parse_select_statement(p);
    case KEYWORD_DELETE_FROM:
    case KEYWORD_UPDATE_RECORDSET:
    case KEYWORD_INSERT_RECORDSET:
        return parse_recordset(p);
    }
    return parse_other(p);
}

static uint32_t parse_keyword_statement(struct parser *p)
{
    static const uint8_t simple[KEYWORDS] = {
        [KEYWORD_RETURN] = NODE_RETURN,         [KEYWORD_THROW] = NODE_THROW,
        [KEYWORD_BREAK] = NODE_BREAK,           [KEYWORD_CONTINUE] = NODE_CONTINUE,
        [KEYWORD_RETRY] = NODE_RETRY,           [KEYWORD_TTSBEGIN] = NODE_TTSBEGIN,
        [KEYWORD_TTSCOMMIT] = NODE_TTSCOMMIT,   [KEYWORD_TTSABORT] = NODE_TTSABORT,
        [KEYWORD_BREAKPOINT] = NODE_BREAKPOINT,
    };
    uint32_t n;
    uint8_t kind = simple[parse_here(p)->id];
    if (kind)
        return parse_simple(p, (enum node_kind)kind);
    return parse_control(p, &n) ? n : parse_word_statement(p);
}

static uint32_t parse_meta_statement(struct parser *p)
{
    return parse_here(p)->hash ? parse_other(p) : parse_leaf(p, NODE_META);
}

static uint32_t parse_any_statement(struct parser *p)
{
    switch ((enum token_kind)parse_here(p)->kind) {
    case TOKEN_DIRECTIVE:
    case TOKEN_BODY:
        return parse_directive(p);
    case TOKEN_MACRO:
        return parse_macro_statement(p);
    case TOKEN_META:
        return parse_meta_statement(p);
    case TOKEN_KEYWORD:
        return parse_keyword_statement(p);
    case TOKEN_OPERATOR:
        if (parse_operator(p, OPERATOR_BRACE_OPEN))
            return parse_block(p);
        if (parse_operator(p, OPERATOR_SEMICOLON))
            return parse_leaf(p, NODE_EMPTY);
        return parse_effect_statement(p, 0);
    case TOKEN_NAME:
        return parse_other(p);
    case TOKEN_END:
    case TOKEN_STRING:
    case TOKEN_INTEGER:
    case TOKEN_INT64:
    case TOKEN_REAL:
    case TOKEN_DATE:
    case TOKEN_DATETIME:
    case TOKEN_BAD:
        break;
    }
    return parse_effect_statement(p, 0);
}

/* What is nested too deep is skipped to the end of the block around it, so that it is one mistake and not thousands. */
static uint32_t skip_block(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_ERROR);
    int depth = 0;
    while (!parse_is_end(p)) {
        depth += parse_operator(p, OPERATOR_BRACE_OPEN) - parse_operator(p, OPERATOR_BRACE_CLOSE);
        if (depth < 0)
            break;
        parse_advance(p);
    }
    p->panic = false;
    return parse_end(p, &b);
}

uint32_t parse_statement(struct parser *p)
{
    uint32_t start = p->pos;
    if (parse_operator(p, OPERATOR_BRACE_CLOSE) || parse_is_end(p)) {
        parse_problem(p, "a statement is missing");
        p->panic = false;
        return 0;
    }
    if (!parse_enter(p))
        return skip_block(p);
    uint32_t n = parse_any_statement(p);
    p->depth--;
    return p->panic ? parse_recover(p, PARSE_GOAL_STATEMENT, start, n) : n;
}

uint32_t parse_block(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_BLOCK);
    parse_advance(p);
    while (!parse_is_end(p) && !parse_operator(p, OPERATOR_BRACE_CLOSE) && !parse_at_lost_method(p))
        parse_add(p, &b, parse_statement(p));
    parse_expect(p, OPERATOR_BRACE_CLOSE, "a `}` is missing");
    return parse_end(p, &b);
}
