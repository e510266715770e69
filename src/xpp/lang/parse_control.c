#include "xpp/lang/parser.h"

static void add_condition(struct parser *p, struct branch *b)
{
    if (!parse_expect(p, OPERATOR_PAREN_OPEN, "a `(` is missing"))
        return;
    parse_add(p, b, parse_expression(p));
    parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing");
}

/* A directive is no statement: the body is what stands behind it. */
static void add_body(struct parser *p, struct branch *b)
{
    parse_skip_directives(p);
    if (!p->panic)
        parse_add(p, b, parse_statement(p));
}

/* Whether the statement goes on with a keyword, perhaps behind directives; then it is the current token. */
static bool goes_on_with(struct parser *p, enum keyword k)
{
    uint32_t past = parse_past_directives(p);
    if (p->panic || !parse_is_keyword(parse_at(p, past), k))
        return false;
    p->pos = past;
    return true;
}

/* A keyword, a condition in parentheses, and a statement. */
static uint32_t parse_conditioned(struct parser *p, enum node_kind kind)
{
    struct branch b = parse_begin(p, kind);
    parse_advance(p);
    add_condition(p, &b);
    add_body(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_else_if(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_ELSE_IF);
    parse_advance(p);
    parse_advance(p);
    add_condition(p, &b);
    add_body(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_else(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_ELSE);
    parse_advance(p);
    add_body(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_if(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_IF);
    parse_advance(p);
    add_condition(p, &b);
    add_body(p, &b);
    while (goes_on_with(p, KEYWORD_ELSE)) {
        bool more = parse_is_keyword(parse_at(p, p->pos + 1), KEYWORD_IF);
        parse_add(p, &b, more ? parse_else_if(p) : parse_else(p));
        if (!more)
            break;
    }
    return parse_end(p, &b);
}

static uint32_t parse_while(struct parser *p)
{
    if (!parse_is_keyword(parse_at(p, p->pos + 1), KEYWORD_SELECT))
        return parse_conditioned(p, NODE_WHILE);
    struct branch b = parse_begin(p, NODE_WHILE_SELECT);
    parse_advance(p);
    parse_add(p, &b, parse_select(p));
    add_body(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_do(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_DO);
    parse_advance(p);
    add_body(p, &b);
    if (goes_on_with(p, KEYWORD_WHILE)) {
        parse_advance(p);
        add_condition(p, &b);
    } else {
        parse_problem(p, "`while` is missing behind the body of `do`");
    }
    if (!p->panic)
        parse_accept(p, OPERATOR_SEMICOLON);
    return parse_end(p, &b);
}

static void add_effects(struct parser *p, struct branch *b, enum operator_id end)
{
    if (p->panic || parse_operator(p, end))
        return;
    do {
        parse_add(p, b, parse_effect(p, 0));
    } while (!p->panic && parse_accept(p, OPERATOR_COMMA));
}

static uint32_t parse_for(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_FOR);
    parse_advance(p);
    if (!parse_expect(p, OPERATOR_PAREN_OPEN, "a `(` is missing"))
        return parse_end(p, &b);
    if (parse_at_declaration(p))
        parse_add(p, &b, parse_local(p));
    else
        add_effects(p, &b, OPERATOR_SEMICOLON);
    parse_expect(p, OPERATOR_SEMICOLON, "a `;` is missing");
    add_effects(p, &b, OPERATOR_SEMICOLON);
    parse_expect(p, OPERATOR_SEMICOLON, "a `;` is missing");
    add_effects(p, &b, OPERATOR_PAREN_CLOSE);
    parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing");
    add_body(p, &b);
    return parse_end(p, &b);
}

static bool at_case(const struct parser *p)
{
    return parse_keyword(p, KEYWORD_CASE) || parse_keyword(p, KEYWORD_DEFAULT);
}

static void add_case_values(struct parser *p, struct branch *b)
{
    do {
        parse_add(p, b, parse_expression(p));
    } while (!p->panic && parse_accept(p, OPERATOR_COMMA));
}

static uint32_t parse_case(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_CASE);
    uint32_t start = p->pos;
    parse_node(p, b.node)->op = parse_here(p)->id;
    parse_advance(p);
    if (parse_node(p, b.node)->op == KEYWORD_CASE)
        add_case_values(p, &b);
    parse_expect(p, OPERATOR_COLON, "a `:` is missing");
    if (p->panic)
        parse_add(p, &b, parse_recover(p, PARSE_GOAL_STATEMENT, p->pos > start ? p->pos : start, 0));
    while (!parse_is_end(p) && !parse_operator(p, OPERATOR_BRACE_CLOSE) && !at_case(p) && !parse_at_lost_method(p))
        parse_add(p, &b, parse_statement(p));
    return parse_end(p, &b);
}

static uint32_t parse_switch(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_SWITCH);
    parse_advance(p);
    add_condition(p, &b);
    if (!parse_expect(p, OPERATOR_BRACE_OPEN, "a `{` is missing"))
        return parse_end(p, &b);
    while (!parse_is_end(p) && !parse_operator(p, OPERATOR_BRACE_CLOSE) && !parse_at_lost_method(p))
        parse_add(p, &b, at_case(p) ? parse_case(p) : parse_statement(p));
    parse_expect(p, OPERATOR_BRACE_CLOSE, "a `}` is missing");
    return parse_end(p, &b);
}

/* catch (Exception::Error), catch (Exception::Error, buffer), catch (System.Exception e) */
static void add_caught(struct parser *p, struct branch *b)
{
    if (!parse_operator(p, OPERATOR_PAREN_OPEN))
        return;
    parse_advance(p);
    if (parse_at_declaration(p)) {
        struct branch parameter = parse_begin(p, NODE_PARAMETER);
        parse_add(p, &parameter, parse_type(p));
        parse_add(p, &parameter, parse_leaf(p, NODE_NAME));
        parse_add(p, b, parse_end(p, &parameter));
        parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing");
        return;
    }
    parse_list(p, b, OPERATOR_PAREN_CLOSE);
}

static uint32_t parse_catch(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_CATCH);
    parse_advance(p);
    add_caught(p, &b);
    add_body(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_keyword_and_body(struct parser *p, enum node_kind kind)
{
    struct branch b = parse_begin(p, kind);
    parse_advance(p);
    add_body(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_try(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_TRY);
    parse_advance(p);
    add_body(p, &b);
    while (goes_on_with(p, KEYWORD_CATCH))
        parse_add(p, &b, parse_catch(p));
    if (goes_on_with(p, KEYWORD_FINALLY))
        parse_add(p, &b, parse_keyword_and_body(p, NODE_FINALLY));
    return parse_end(p, &b);
}

static uint32_t parse_using_block(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_USING_BLOCK);
    parse_advance(p);
    parse_advance(p);
    parse_add(p, &b, parse_at_declaration(p) ? parse_local(p) : parse_effect(p, 0));
    parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing");
    add_body(p, &b);
    return parse_end(p, &b);
}

static uint32_t parse_orphan(struct parser *p, const char *message)
{
    return parse_problem(p, message);
}

/* A word that may be a name is one unless a `(` follows. */
static bool parse_word_control(struct parser *p, enum keyword k, uint32_t *ret_node)
{
    if (!parse_is_operator(parse_at(p, p->pos + 1), OPERATOR_PAREN_OPEN))
        return false;
    if (k == KEYWORD_CHANGECOMPANY)
        *ret_node = parse_conditioned(p, NODE_CHANGECOMPANY);
    else if (k == KEYWORD_CHANGESITE)
        *ret_node = parse_conditioned(p, NODE_CHANGESITE);
    else if (k == KEYWORD_UNCHECKED)
        *ret_node = parse_conditioned(p, NODE_UNCHECKED);
    else if (k == KEYWORD_USING)
        *ret_node = parse_using_block(p);
    else
        return false;
    return true;
}

bool parse_control(struct parser *p, uint32_t *ret_node)
{
    enum keyword k = (enum keyword)parse_here(p)->id;
    switch ((unsigned)k) {
    case KEYWORD_IF:
        *ret_node = parse_if(p);
        return true;
    case KEYWORD_WHILE:
        *ret_node = parse_while(p);
        return true;
    case KEYWORD_DO:
        *ret_node = parse_do(p);
        return true;
    case KEYWORD_FOR:
        *ret_node = parse_for(p);
        return true;
    case KEYWORD_SWITCH:
        *ret_node = parse_switch(p);
        return true;
    case KEYWORD_TRY:
        *ret_node = parse_try(p);
        return true;
    case KEYWORD_ELSE:
        *ret_node = parse_orphan(p, "an `else` without its `if`");
        return true;
    case KEYWORD_CATCH:
        *ret_node = parse_orphan(p, "a `catch` without its `try`");
        return true;
    case KEYWORD_CASE:
    case KEYWORD_DEFAULT:
        *ret_node = parse_orphan(p, "a `case` without its `switch`");
        return true;
    }
    return parse_word_control(p, k, ret_node);
}
