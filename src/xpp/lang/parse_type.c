#include "xpp/lang/parser.h"

#define TYPE_ARGUMENTS_MAX 64 /* tokens between `<` and `>`; a comparison is looked at no further */

static bool is_type_start(const struct token *t)
{
    return parse_is_name(t) || (t->kind == TOKEN_KEYWORD && keyword_use((enum keyword)t->id) == KEYWORD_TYPE) ||
           t->kind == TOKEN_MACRO;
}

static bool is_type_part(const struct token *t)
{
    return is_type_start(t) || parse_is_operator(t, OPERATOR_DOT) || parse_is_operator(t, OPERATOR_COMMA) ||
           parse_is_operator(t, OPERATOR_BRACKET_OPEN) || parse_is_operator(t, OPERATOR_BRACKET_CLOSE);
}

static int angle(const struct token *t)
{
    if (t->kind != TOKEN_OPERATOR)
        return 0;
    return t->id == OPERATOR_LESS ? 1 : t->id == OPERATOR_GREATER ? -1 : t->id == OPERATOR_SHIFT_RIGHT ? -2 : 0;
}

/* Behind <A, B<C>> of a .NET type, which begins at `i`; else `i`. */
static uint32_t type_arguments_end(const struct parser *p, uint32_t i)
{
    int depth = 0;
    for (uint32_t j = i; j < i + TYPE_ARGUMENTS_MAX; j++) {
        const struct token *t = parse_at(p, j);
        depth += angle(t);
        if (depth <= 0)
            return depth == 0 && j > i ? j + 1 : i;
        if (!angle(t) && !is_type_part(t))
            return i;
    }
    return i;
}

/* Behind [] or [,] of a .NET array; else `i`. */
static uint32_t brackets_end(const struct parser *p, uint32_t i)
{
    if (!parse_is_operator(parse_at(p, i), OPERATOR_BRACKET_OPEN))
        return i;
    uint32_t j = i + 1;
    while (parse_is_operator(parse_at(p, j), OPERATOR_COMMA))
        j++;
    return parse_is_operator(parse_at(p, j), OPERATOR_BRACKET_CLOSE) ? j + 1 : i;
}

uint32_t parse_type_end(const struct parser *p, uint32_t i)
{
    const struct token *t = parse_at(p, i);
    if (!is_type_start(t))
        return 0;
    i++;
    if (parse_is_keyword(t, KEYWORD_STR) && parse_at(p, i)->kind == TOKEN_INTEGER)
        return i + 1;
    while (parse_is_operator(parse_at(p, i), OPERATOR_DOT) && parse_is_word(parse_at(p, i + 1)))
        i += 2;
    return brackets_end(p, type_arguments_end(p, i));
}

/* `#Macro` is a type where a variable follows it on its line. At the end of a line it is a library or a use, and before
 * a modifier or another type (`#obsolete static void f()`) an attribute. */
static bool is_macro_type(const struct parser *p, uint32_t name)
{
    const struct token *t = parse_at(p, name + 1);
    return !parse_is_new_line(p, name) && t->kind == TOKEN_OPERATOR && t->id != OPERATOR_DOT && t->id != OPERATOR_SCOPE;
}

bool parse_at_declaration(const struct parser *p)
{
    uint32_t end = parse_type_end(p, p->pos);
    return end && parse_is_name(parse_at(p, end)) && (parse_here(p)->kind != TOKEN_MACRO || is_macro_type(p, end));
}

uint32_t parse_type(struct parser *p)
{
    uint32_t end = parse_type_end(p, p->pos);
    if (!end)
        return parse_problem(p, "the name of a type is missing");
    struct branch b = parse_begin(p, NODE_TYPE);
    p->pos = end;
    return parse_end(p, &b);
}

uint32_t parse_name(struct parser *p, const char *message)
{
    return parse_is_word(parse_here(p)) || parse_here(p)->kind == TOKEN_MACRO ? parse_leaf(p, NODE_NAME)
                                                                              : parse_problem(p, message);
}

uint32_t parse_array(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_ARRAY);
    parse_advance(p);
    do {
        if (!parse_operator(p, OPERATOR_COMMA) && !parse_operator(p, OPERATOR_BRACKET_CLOSE))
            parse_add(p, &b, parse_expression(p));
    } while (parse_accept(p, OPERATOR_COMMA));
    parse_expect(p, OPERATOR_BRACKET_CLOSE, "a `]` is missing");
    return parse_end(p, &b);
}

/* What follows the name: [10] and = value. */
static void add_size_and_value(struct parser *p, struct branch *b)
{
    if (parse_operator(p, OPERATOR_BRACKET_OPEN))
        parse_add(p, b, parse_array(p));
    if (parse_accept(p, OPERATOR_ASSIGN))
        parse_add(p, b, parse_expression(p));
}

static uint32_t parse_variable(struct parser *p)
{
    if (!parse_is_word(parse_here(p)) && parse_here(p)->kind != TOKEN_MACRO)
        return parse_problem(p, "the name of a variable is missing");
    struct branch b = parse_begin(p, NODE_VARIABLE);
    parse_add(p, &b, parse_leaf(p, NODE_NAME));
    add_size_and_value(p, &b);
    return parse_end(p, &b);
}

void parse_variables(struct parser *p, struct branch *b)
{
    do {
        parse_skip_directives(p);
        parse_add(p, b, parse_variable(p));
    } while (!p->panic && parse_accept(p, OPERATOR_COMMA));
}

static uint32_t parse_parameter(struct parser *p)
{
    if (parse_here(p)->kind == TOKEN_META && !parse_here(p)->hash)
        return parse_leaf(p, NODE_META);
    struct branch b = parse_begin(p, NODE_PARAMETER);
    uint32_t end = parse_type_end(p, p->pos);
    if (end && (parse_is_word(parse_at(p, end)) || parse_at(p, end)->kind == TOKEN_MACRO))
        parse_add(p, &b, parse_type(p));
    parse_add(p, &b, parse_name(p, "the name of a parameter is missing"));
    if (!p->panic)
        add_size_and_value(p, &b);
    return parse_end(p, &b);
}

uint32_t parse_parameters(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_PARAMETERS);
    parse_advance(p);
    parse_skip_directives(p);
    if (!parse_operator(p, OPERATOR_PAREN_CLOSE))
        do {
            parse_skip_directives(p);
            parse_add(p, &b, parse_parameter(p));
            parse_skip_directives(p);
        } while (!p->panic && parse_accept(p, OPERATOR_COMMA));
    parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing behind the parameters");
    return parse_end(p, &b);
}
