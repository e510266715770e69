/*
 * parser: what the files parse*.c share; nobody else includes it.
 *
 * Recursive descent over the tokens, without going back. A parse function begins at the current token, returns the
 * number of its node, or 0 when nothing is there, and leaves the first token that is not its own. At the first mistake
 * it calls parse_problem(), which begins a panic: functions return as they are, no further problem is noted, until a
 * loop over statements or declarations meets the panic and skips to where it can go on.
 *
 * Directives may stand anywhere. Where statements and members do they are nodes; between the parts of an expression
 * they are tokens only, skipped where a part is missing otherwise (parse_skip_directives).
 */
#ifndef XPP_LANG_PARSER_H
#define XPP_LANG_PARSER_H
#include "xpp/lang/parse.h"

struct parser {
    struct syntax *s;
    const struct token *tokens; /* they stay where they are while we parse */
    uint32_t pos, n;            /* the last one is TOKEN_END and is never passed */
    unsigned depth;
    bool panic, has_failed;
};

/* A node that gets its children. */
struct branch {
    uint32_t node, last;
};

static inline const struct token *parse_at(const struct parser *p, uint32_t i)
{
    return &p->tokens[i < p->n ? i : p->n - 1];
}

static inline const struct token *parse_here(const struct parser *p)
{
    return &p->tokens[p->pos];
}

static inline void parse_advance(struct parser *p)
{
    p->pos += p->pos + 1 < p->n;
}

static inline bool parse_is_operator(const struct token *t, enum operator_id o)
{
    return t->kind == TOKEN_OPERATOR && t->id == o;
}

static inline bool parse_is_keyword(const struct token *t, enum keyword k)
{
    return t->kind == TOKEN_KEYWORD && t->id == k;
}

static inline bool parse_operator(const struct parser *p, enum operator_id o)
{
    return parse_is_operator(parse_here(p), o);
}

static inline bool parse_keyword(const struct parser *p, enum keyword k)
{
    return parse_is_keyword(parse_here(p), k);
}

static inline bool parse_accept(struct parser *p, enum operator_id o)
{
    bool is = parse_operator(p, o);
    p->pos += is;
    return is;
}

static inline bool parse_accept_keyword(struct parser *p, enum keyword k)
{
    bool is = parse_keyword(p, k);
    p->pos += is;
    return is;
}

/* Whether a token can be the name of a variable, a field, a method or a type, where keywords may be meant, too. */
static inline bool parse_is_name(const struct token *t)
{
    return t->kind == TOKEN_NAME || (t->kind == TOKEN_META && t->hash) ||
           (t->kind == TOKEN_KEYWORD && keyword_use((enum keyword)t->id) >= KEYWORD_MODIFIER);
}

/* The same where no keyword can be meant: behind a dot, `::`, a type. */
static inline bool parse_is_word(const struct token *t)
{
    return t->kind == TOKEN_NAME || t->kind == TOKEN_KEYWORD || (t->kind == TOKEN_META && t->hash);
}

static inline bool parse_is_end(const struct parser *p)
{
    return parse_here(p)->kind == TOKEN_END;
}

/* parse.c: nodes */
struct branch parse_begin(struct parser *p, enum node_kind kind);
/* Begins where `child` does, and takes it. */
struct branch parse_begin_with(struct parser *p, enum node_kind kind, uint32_t child);
void parse_add(struct parser *p, struct branch *b, uint32_t child); /* nothing when it is 0 */
uint32_t parse_end(struct parser *p, const struct branch *b);
uint32_t parse_leaf(struct parser *p, enum node_kind kind); /* of the current token */
uint32_t parse_keyword_leaf(struct parser *p, enum node_kind kind);
static inline struct node *parse_node(struct parser *p, uint32_t n)
{
    return &p->s->nodes.p[n];
}

/* parse.c: mistakes; `message` is a literal. Returns 0. */
uint32_t parse_problem(struct parser *p, const char *message);
/* Takes the operator, or a problem. */
bool parse_expect(struct parser *p, enum operator_id o, const char *message);
/* The `;` at the end of a statement or declaration. A missing one at the end of a line spoils nothing else. */
void parse_semicolon(struct parser *p);
uint32_t parse_past_directives(const struct parser *p); /* the first token from here that is none */
static inline void parse_skip_directives(struct parser *p)
{
    if (parse_here(p)->kind == TOKEN_DIRECTIVE || parse_here(p)->kind == TOKEN_BODY)
        p->pos = parse_past_directives(p);
}
/* One level deeper, or a problem. The caller leaves with p->depth-- when it was true. */
bool parse_enter(struct parser *p);
bool parse_is_new_line(const struct parser *p, uint32_t i); /* before token `i` */

/* parse.c: skips to the place where the loop goes on and ends the panic; an ERROR from token `start` with `child`, or
 * 0. */
enum parse_goal { PARSE_GOAL_STATEMENT, PARSE_GOAL_MEMBER };
uint32_t parse_recover(struct parser *p, enum parse_goal goal, uint32_t start, uint32_t child);

/* parse_class.c */
uint32_t parse_source_item(struct parser *p, enum parse_what what);
uint32_t parse_member(struct parser *p);
bool parse_at_modifier(const struct parser *p, uint32_t i);
bool parse_at_lost_method(const struct parser *p); /* a method where statements are: a `}` is missing before it */
uint32_t parse_nested_function(struct parser *p);

/* parse_type.c */
uint32_t parse_type_end(const struct parser *p, uint32_t i); /* behind the type that begins at token `i`, or 0 */
bool parse_at_declaration(const struct parser *p);           /* a type and a name */
uint32_t parse_type(struct parser *p);
uint32_t parse_name(struct parser *p, const char *message);
uint32_t parse_parameters(struct parser *p);
void parse_variables(struct parser *p, struct branch *b); /* name [array] [= value] and so on to before the `;` */
uint32_t parse_array(struct parser *p);

/* parse_statement.c */
uint32_t parse_local(struct parser *p); /* to before the `;` */
uint32_t parse_macro_use(struct parser *p);
uint32_t parse_statement(struct parser *p);
uint32_t parse_block(struct parser *p);
uint32_t parse_directive(struct parser *p);

/* parse_control.c: a statement that holds others, at its keyword; false when it is none of them */
bool parse_control(struct parser *p, uint32_t *ret_node);

/* parse_select.c */
uint32_t parse_select(struct parser *p);    /* at `select`, to before what follows it */
uint32_t parse_recordset(struct parser *p); /* delete_from, update_recordset, insert_recordset */

/* parse_expression.c */
uint32_t parse_expression(struct parser *p);
uint32_t parse_expression_from(struct parser *p, uint32_t left); /* that goes on behind `left` */
uint32_t parse_operand(struct parser *p);                        /* without binary operators */
uint32_t parse_effect(struct parser *p, uint32_t target);        /* an expression or an assignment; `target` may be 0 */
uint32_t parse_macro(struct parser *p);
void parse_list(struct parser *p, struct branch *b, enum operator_id close); /* behind the open one */

#endif
