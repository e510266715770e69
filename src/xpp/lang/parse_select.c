#include "xpp/lang/parser.h"

static bool at_option(const struct parser *p)
{
    const struct token *t = parse_here(p);
    return t->kind == TOKEN_KEYWORD && keyword_use((enum keyword)t->id) == KEYWORD_OPTION;
}

static uint32_t parse_option(struct parser *p)
{
    bool cross = parse_keyword(p, KEYWORD_CROSSCOMPANY);
    struct branch b = parse_begin(p, NODE_FIND_OPTION);
    parse_node(p, b.node)->op = parse_here(p)->id;
    parse_advance(p);
    if (cross && parse_accept(p, OPERATOR_COLON))
        parse_add(p, &b, parse_operand(p));
    return parse_end(p, &b);
}

static bool at_valid_time(const struct parser *p)
{
    return parse_keyword(p, KEYWORD_VALIDTIMESTATE) && parse_is_operator(parse_at(p, p->pos + 1), OPERATOR_PAREN_OPEN);
}

static uint32_t parse_valid_time(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_VALID_TIME);
    parse_advance(p);
    parse_advance(p);
    parse_list(p, &b, OPERATOR_PAREN_CLOSE);
    return parse_end(p, &b);
}

/* Behind a macro and its arguments, or a name with dots, that begins at `i`. */
static uint32_t item_end(const struct parser *p, uint32_t i)
{
    bool macro = parse_at(p, i++)->kind == TOKEN_MACRO;
    while (!macro && parse_is_operator(parse_at(p, i), OPERATOR_DOT))
        i += 2;
    if (!macro || !parse_is_operator(parse_at(p, i), OPERATOR_PAREN_OPEN))
        return i;
    int depth = 0;
    for (; i < p->n; i++) {
        const struct token *t = parse_at(p, i);
        depth += parse_is_operator(t, OPERATOR_PAREN_OPEN) - parse_is_operator(t, OPERATOR_PAREN_CLOSE);
        if (depth == 0 || parse_is_operator(t, OPERATOR_SEMICOLON) || parse_is_operator(t, OPERATOR_BRACE_OPEN))
            return i + 1;
    }
    return i;
}

/* A macro with another part of the head behind it, which is no clause: `select #options table`. */
static bool at_macro_option(const struct parser *p)
{
    if (parse_here(p)->kind != TOKEN_MACRO)
        return false;
    const struct token *t = parse_at(p, item_end(p, p->pos));
    return t->kind == TOKEN_NAME || parse_is_operator(t, OPERATOR_MULTIPLY) ||
           (t->kind == TOKEN_KEYWORD && keyword_use((enum keyword)t->id) == KEYWORD_OPTION);
}

static void parse_options(struct parser *p, struct branch *b)
{
    for (; !p->panic; parse_skip_directives(p)) {
        if (at_option(p))
            parse_add(p, b, parse_option(p));
        else if (at_valid_time(p))
            parse_add(p, b, parse_valid_time(p));
        else if (at_macro_option(p))
            parse_add(p, b, parse_macro_use(p));
        else
            return;
    }
}

static bool at_fields(const struct parser *p)
{
    if (parse_operator(p, OPERATOR_MULTIPLY))
        return true;
    if (!parse_is_name(parse_here(p)) && parse_here(p)->kind != TOKEN_MACRO)
        return false;
    const struct token *t = parse_at(p, item_end(p, p->pos));
    return parse_is_keyword(t, KEYWORD_FROM) || parse_is_operator(t, OPERATOR_COMMA) ||
           parse_is_operator(t, OPERATOR_PAREN_OPEN) || parse_is_operator(t, OPERATOR_BRACKET_OPEN);
}

static uint32_t parse_field(struct parser *p)
{
    if (parse_operator(p, OPERATOR_MULTIPLY))
        return parse_leaf(p, NODE_SELECT_FIELD);
    struct branch b = parse_begin(p, NODE_SELECT_FIELD);
    parse_add(p, &b, parse_operand(p));
    return parse_end(p, &b);
}

static uint32_t parse_fields(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_SELECT_FIELDS);
    do {
        parse_skip_directives(p);
        parse_add(p, &b, parse_field(p));
        parse_skip_directives(p);
    } while (!p->panic && (parse_accept(p, OPERATOR_COMMA) || parse_here(p)->kind == TOKEN_MACRO));
    return parse_end(p, &b);
}

static uint32_t parse_table(struct parser *p)
{
    parse_skip_directives(p);
    if (!parse_is_name(parse_here(p)) && !parse_keyword(p, KEYWORD_THIS) && parse_here(p)->kind != TOKEN_MACRO &&
        parse_here(p)->kind != TOKEN_META)
        return parse_problem(p, "the name of a table's variable is missing");
    struct branch b = parse_begin(p, NODE_TABLE);
    parse_add(p, &b, parse_operand(p));
    return parse_end(p, &b);
}

static uint32_t parse_sort_field(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_SORT_FIELD);
    parse_add(p, &b, parse_operand(p));
    if (parse_keyword(p, KEYWORD_ASC) || parse_keyword(p, KEYWORD_DESC)) {
        parse_node(p, b.node)->op = parse_here(p)->id;
        parse_advance(p);
    }
    return parse_end(p, &b);
}

static uint32_t parse_sort(struct parser *p, enum node_kind kind)
{
    struct branch b = parse_begin(p, kind);
    parse_advance(p);
    parse_accept_keyword(p, KEYWORD_BY);
    do {
        parse_skip_directives(p);
        parse_add(p, &b, parse_sort_field(p));
    } while (!p->panic && parse_accept(p, OPERATOR_COMMA));
    return parse_end(p, &b);
}

static uint32_t parse_index(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_INDEX_CLAUSE);
    parse_advance(p);
    const struct token *next = parse_at(p, p->pos + 1);
    if (parse_keyword(p, KEYWORD_HINT) && (parse_is_name(next) || next->kind == TOKEN_MACRO)) {
        parse_node(p, b.node)->op = KEYWORD_HINT;
        parse_advance(p);
    }
    parse_add(p, &b, parse_operand(p));
    return parse_end(p, &b);
}

static uint32_t parse_where(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_WHERE);
    parse_advance(p);
    parse_add(p, &b, parse_expression(p));
    return parse_end(p, &b);
}

static uint32_t parse_setting(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_SETTING);
    parse_add(p, &b, parse_operand(p));
    if (parse_node(p, b.node)->first && parse_node(p, b.last)->kind == NODE_MACRO &&
        !parse_operator(p, OPERATOR_ASSIGN))
        return parse_end(p, &b);
    if (parse_expect(p, OPERATOR_ASSIGN, "a `=` is missing"))
        parse_add(p, &b, parse_expression(p));
    return parse_end(p, &b);
}

static void parse_settings(struct parser *p, struct branch *b)
{
    parse_advance(p);
    do {
        parse_skip_directives(p);
        parse_add(p, b, parse_setting(p));
    } while (!p->panic && parse_accept(p, OPERATOR_COMMA));
}

/* Adds the clause here, or returns false. */
static bool parse_clause(struct parser *p, struct branch *b)
{
    const struct token *t = parse_here(p);
    if (t->kind == TOKEN_MACRO)
        parse_add(p, b, parse_macro_use(p));
    else if (t->kind == TOKEN_META && !t->hash)
        parse_add(p, b, parse_leaf(p, NODE_META));
    else if (parse_is_keyword(t, KEYWORD_WHERE))
        parse_add(p, b, parse_where(p));
    else if (parse_is_keyword(t, KEYWORD_ORDER))
        parse_add(p, b, parse_sort(p, NODE_ORDER_BY));
    else if (parse_is_keyword(t, KEYWORD_GROUP))
        parse_add(p, b, parse_sort(p, NODE_GROUP_BY));
    else if (parse_is_keyword(t, KEYWORD_INDEX))
        parse_add(p, b, parse_index(p));
    else if (parse_is_keyword(t, KEYWORD_SETTING))
        parse_settings(p, b);
    else if (at_valid_time(p))
        parse_add(p, b, parse_valid_time(p));
    else
        return false;
    return true;
}

static bool is_join(const struct token *t)
{
    return parse_is_keyword(t, KEYWORD_JOIN) || parse_is_keyword(t, KEYWORD_EXISTS) ||
           parse_is_keyword(t, KEYWORD_NOTEXISTS) || parse_is_keyword(t, KEYWORD_OUTER);
}

static bool is_clause_or_end(const struct token *t)
{
    return is_join(t) || parse_is_keyword(t, KEYWORD_WHERE) || parse_is_keyword(t, KEYWORD_ORDER) ||
           parse_is_keyword(t, KEYWORD_GROUP) || parse_is_keyword(t, KEYWORD_INDEX) ||
           parse_is_keyword(t, KEYWORD_SETTING) || parse_is_operator(t, OPERATOR_SEMICOLON) ||
           parse_is_operator(t, OPERATOR_PAREN_CLOSE) || parse_is_operator(t, OPERATOR_BRACE_OPEN);
}

static void parse_clauses(struct parser *p, struct branch *b)
{
    do {
        uint32_t past = parse_past_directives(p);
        if (past > p->pos && is_clause_or_end(parse_at(p, past)))
            p->pos = past;
    } while (!p->panic && parse_clause(p, b));
}

/* Options, fields, the table and its clauses: what a select and each of its joins have. */
static void parse_parts(struct parser *p, struct branch *b)
{
    parse_options(p, b);
    if (!p->panic && at_fields(p)) {
        parse_add(p, b, parse_fields(p));
        if (!p->panic && !parse_accept_keyword(p, KEYWORD_FROM))
            parse_problem(p, "`from` is missing behind the fields");
    }
    if (!p->panic)
        parse_add(p, b, parse_table(p));
    parse_clauses(p, b);
}

static uint32_t parse_join(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_JOIN);
    if (!parse_keyword(p, KEYWORD_JOIN)) {
        parse_node(p, b.node)->op = parse_here(p)->id;
        parse_advance(p);
    }
    if (parse_accept_keyword(p, KEYWORD_JOIN))
        parse_parts(p, &b);
    else
        parse_problem(p, "`join` is missing");
    return parse_end(p, &b);
}

static void parse_joins(struct parser *p, struct branch *b)
{
    while (!p->panic && is_join(parse_here(p))) {
        parse_add(p, b, parse_join(p));
    }
}

uint32_t parse_select(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_SELECT);
    parse_advance(p);
    parse_parts(p, &b);
    parse_joins(p, &b);
    return parse_end(p, &b);
}

/* (a, b) select ... of insert_recordset. */
static void parse_insert(struct parser *p, struct branch *b)
{
    if (!parse_expect(p, OPERATOR_PAREN_OPEN, "a `(` is missing before the fields"))
        return;
    parse_add(p, b, parse_fields(p));
    if (!parse_expect(p, OPERATOR_PAREN_CLOSE, "a `)` is missing behind the fields"))
        return;
    parse_skip_directives(p);
    if (parse_keyword(p, KEYWORD_SELECT))
        parse_add(p, b, parse_select(p));
    else if (parse_here(p)->kind == TOKEN_MACRO)
        parse_add(p, b, parse_macro_use(p));
    else
        parse_problem(p, "`select` is missing");
}

/* The table of insert_recordset is a name: what stands in parentheses behind it are the fields. */
static uint32_t parse_target(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_TABLE);
    parse_add(p, &b, parse_name(p, "the name of a table's variable is missing"));
    return parse_end(p, &b);
}

uint32_t parse_recordset(struct parser *p)
{
    enum keyword k = (enum keyword)parse_here(p)->id;
    struct branch b = parse_begin(p, k == KEYWORD_DELETE_FROM        ? NODE_DELETE_FROM
                                     : k == KEYWORD_UPDATE_RECORDSET ? NODE_UPDATE_RECORDSET
                                                                     : NODE_INSERT_RECORDSET);
    parse_advance(p);
    parse_options(p, &b);
    parse_add(p, &b, k == KEYWORD_INSERT_RECORDSET ? parse_target(p) : parse_table(p));
    if (k == KEYWORD_INSERT_RECORDSET) {
        parse_insert(p, &b);
    } else {
        parse_clauses(p, &b);
        parse_joins(p, &b);
    }
    parse_semicolon(p);
    return parse_end(p, &b);
}
