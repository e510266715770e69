#include "xpp/lang/parse.h"
#include "base/attr.h"
#include "base/buf.h"
#include "xpp/lang/conditional.h"
#include "xpp/lang/parser.h"
#include <assert.h>

static uint32_t new_node(struct parser *p, enum node_kind kind, uint32_t token)
{
    struct node *n = vec_push(&p->s->nodes);
    n->kind = (uint8_t)kind;
    n->token = token;
    return (uint32_t)(p->s->nodes.n - 1);
}

struct branch parse_begin(struct parser *p, enum node_kind kind)
{
    return (struct branch){.node = new_node(p, kind, p->pos)};
}

struct branch parse_begin_with(struct parser *p, enum node_kind kind, uint32_t child)
{
    struct branch b = {.node = new_node(p, kind, child ? parse_node(p, child)->token : p->pos)};
    parse_add(p, &b, child);
    return b;
}

void parse_add(struct parser *p, struct branch *b, uint32_t child)
{
    if (!child)
        return;
    struct node *parent = parse_node(p, b->node);
    if (b->last)
        parse_node(p, b->last)->next = child;
    else
        parent->first = child;
    b->last = child;
    parse_node(p, child)->parent = b->node;
    uint16_t height = (uint16_t)(parse_node(p, child)->height + 1);
    parent->height = MAX(parent->height, height);
    assert(parent->height <= TREE_HEIGHT_MAX);
}

uint32_t parse_end(struct parser *p, const struct branch *b)
{
    parse_node(p, b->node)->token_end = p->pos;
    return b->node;
}

uint32_t parse_leaf(struct parser *p, enum node_kind kind)
{
    struct branch b = parse_begin(p, kind);
    parse_advance(p);
    return parse_end(p, &b);
}

uint32_t parse_keyword_leaf(struct parser *p, enum node_kind kind)
{
    uint8_t op = parse_here(p)->id;
    uint32_t n = parse_leaf(p, kind);
    parse_node(p, n)->op = op;
    return n;
}

static const char *problem_of_bad(const struct parser *p)
{
    struct str text = token_text(p->s->source, parse_here(p));
    if (text.p[0] == '"' || text.p[0] == '\'' || text.p[0] == '@')
        return text.n > 1 || text.p[0] != '@' ? "a string is opened and never closed"
                                              : "a character that X++ does not have";
    if (text.p[0] == '/')
        return "a comment is opened and never closed";
    if (text.p[0] == '#')
        return text.n > 1 ? "a macro is begun and #endmacro is missing" : "a `#` without a name";
    return "a character that X++ does not have";
}

uint32_t parse_problem(struct parser *p, const char *message)
{
    p->has_failed = true;
    if (p->panic)
        return 0;
    p->panic = true;
    const struct syntax_problem *last = p->s->problems.n ? &p->s->problems.p[p->s->problems.n - 1] : NULL;
    if (p->s->problems.n == PARSE_PROBLEMS_MAX || (last && last->off == parse_here(p)->off))
        return 0;
    struct syntax_problem problem = {.off = parse_here(p)->off,
                                     .message = parse_here(p)->kind == TOKEN_BAD ? problem_of_bad(p) : message};
    *vec_push(&p->s->problems) = problem;
    return 0;
}

static bool is_directive(const struct token *t)
{
    return t->kind == TOKEN_DIRECTIVE || t->kind == TOKEN_BODY;
}

uint32_t parse_past_directives(const struct parser *p)
{
    uint32_t i = p->pos;
    while (is_directive(&p->tokens[i]))
        i++;
    return i;
}

bool parse_expect(struct parser *p, enum operator_id o, const char *message)
{
    if (p->panic)
        return false;
    parse_skip_directives(p);
    if (parse_accept(p, o))
        return true;
    parse_problem(p, message);
    return false;
}

void parse_semicolon(struct parser *p)
{
    uint32_t past = parse_past_directives(p);
    if (past > p->pos && parse_is_operator(parse_at(p, past), OPERATOR_SEMICOLON))
        p->pos = past;
    if (p->panic || parse_accept(p, OPERATOR_SEMICOLON))
        return;
    bool ends_here = parse_is_new_line(p, p->pos) || parse_operator(p, OPERATOR_BRACE_CLOSE) || parse_is_end(p);
    parse_problem(p, "a `;` is missing");
    p->panic = !ends_here;
}

bool parse_enter(struct parser *p)
{
    if (p->depth == PARSE_DEPTH_MAX) {
        parse_problem(p, "the code is nested too deep");
        return false;
    }
    p->depth++;
    return true;
}

bool parse_is_new_line(const struct parser *p, uint32_t i)
{
    if (i == 0)
        return true;
    const struct token *before = &p->tokens[i - 1];
    uint32_t from = before->off + before->n;
    return memchr(p->s->source.p + from, '\n', p->tokens[i].off - from);
}

static bool goes_on(const struct parser *p, enum parse_goal goal)
{
    const struct token *t = parse_here(p);
    if (is_directive(t))
        return true;
    if (goal == PARSE_GOAL_MEMBER)
        return parse_at_modifier(p, p->pos) && parse_is_new_line(p, p->pos);
    return (t->kind == TOKEN_KEYWORD && keyword_use((enum keyword)t->id) == KEYWORD_STATEMENT) ||
           parse_at_lost_method(p);
}

/* Over all the braces that the current one opens. */
static void skip_braces(struct parser *p)
{
    int depth = 0;
    do {
        depth += parse_operator(p, OPERATOR_BRACE_OPEN) - parse_operator(p, OPERATOR_BRACE_CLOSE);
        parse_advance(p);
    } while (depth && !parse_is_end(p));
}

/* Skips one token, or a body in braces; true when the loop goes on behind it. */
static bool skip_one(struct parser *p, enum parse_goal goal)
{
    bool ends = parse_operator(p, OPERATOR_SEMICOLON);
    /* A string that does not end has swallowed the `;` of its line. */
    bool open_string = parse_here(p)->kind == TOKEN_BAD && parse_here(p)->n > 1;
    if (goal == PARSE_GOAL_MEMBER && parse_operator(p, OPERATOR_BRACE_OPEN)) {
        skip_braces(p);
        return true;
    }
    parse_advance(p);
    return ends || open_string;
}

uint32_t parse_recover(struct parser *p, enum parse_goal goal, uint32_t start, uint32_t child)
{
    p->panic = false;
    while (!parse_is_end(p) && !parse_operator(p, OPERATOR_BRACE_CLOSE)) {
        bool block = goal == PARSE_GOAL_STATEMENT && parse_operator(p, OPERATOR_BRACE_OPEN);
        if (p->pos > start && (block || goes_on(p, goal)))
            break;
        if (skip_one(p, goal))
            break;
    }
    if (p->pos == start)
        return child;
    struct branch b = parse_begin(p, NODE_ERROR);
    parse_node(p, b.node)->token = start;
    parse_add(p, &b, child);
    return parse_end(p, &b);
}

static uint32_t parse_one(struct parser *p, enum parse_what what)
{
    switch (what) {
    case PARSE_EXPRESSION:
        return parse_expression(p);
    case PARSE_STATEMENTS:
        return parse_statement(p);
    case PARSE_ANY:
    case PARSE_CLASS:
    case PARSE_METHOD:
        break;
    }
    return parse_source_item(p, what);
}

/* A `}` too much. */
static uint32_t parse_lone_brace(struct parser *p)
{
    parse_problem(p, "a `}` that nothing opens");
    p->panic = false;
    return parse_leaf(p, NODE_ERROR);
}

/* What is left behind an expression that should be all. */
static uint32_t parse_leftover(struct parser *p)
{
    struct branch b = parse_begin(p, NODE_ERROR);
    parse_problem(p, "the expression ends before this");
    p->panic = false;
    p->pos = p->n - 1;
    return parse_end(p, &b);
}

static uint32_t parse_next(struct parser *p, enum parse_what what)
{
    uint32_t start = p->pos;
    if (parse_operator(p, OPERATOR_BRACE_CLOSE))
        return parse_lone_brace(p);
    if (what == PARSE_EXPRESSION && start > 0)
        return parse_leftover(p);
    uint32_t n = parse_one(p, what);
    bool members = what != PARSE_STATEMENTS && what != PARSE_EXPRESSION;
    return p->panic ? parse_recover(p, members ? PARSE_GOAL_MEMBER : PARSE_GOAL_STATEMENT, start, n) : n;
}

static bool parse_tokens(enum parse_what what, struct syntax *s)
{
    struct parser p = {.s = s, .tokens = s->tokens.p, .n = (uint32_t)s->tokens.n};
    s->nodes.n = s->problems.n = s->parens.n = 0;
    new_node(&p, NODE_NONE, 0);
    struct branch root = parse_begin(&p, NODE_SOURCE);
    while (!parse_is_end(&p)) {
        uint32_t start = p.pos;
        parse_add(&p, &root, parse_next(&p, what));
        assert(p.pos > start);
    }
    parse_end(&p, &root);
    assert(p.depth == 0 && !p.panic);
    return !p.has_failed;
}

/* The source without what a version of it leaves out; tokens stand where they stand in the source. */
static bool parse_version(const conditionals *c, enum conditional_version v, enum parse_what what, struct syntax *s)
{
    SCOPED_BUF copy = {0};
    buf_put(&copy, s->source.p, s->source.n);
    if (!conditionals_leave_out(c, v, copy.p, s))
        return false;
    s->tokens.n = 0;
    lex(buf_str(&copy), LEX_SOURCE, &s->tokens);
    conditionals_drop_directives(s);
    return parse_tokens(what, s);
}

static void parse_whole(enum parse_what what, struct syntax *s)
{
    s->tokens.n = s->skipped.n = 0;
    lex(s->source, LEX_SOURCE, &s->tokens);
    parse_tokens(what, s);
}

/* Both branches together make no tree: the version with the fewest problems, the first one of them. */
static bool parse_conditionals(enum parse_what what, struct syntax *s)
{
    conditionals c = {0};
    size_t least = s->problems.n;
    int best = -1;
    conditionals_find(s, &c);
    for (int v = CONDITIONAL_NONE; c.n && least && v <= CONDITIONAL_ALL; v++)
        if (parse_version(&c, (enum conditional_version)v, what, s) || (s->tokens.n && s->problems.n < least)) {
            least = s->problems.n;
            best = v;
        }
    if (best < 0 && c.n)
        parse_whole(what, s);
    else if (least && best >= 0)
        (void)parse_version(&c, (enum conditional_version)best, what, s);
    vec_done(&c);
    return least == 0;
}

bool parse(struct str source, enum parse_what what, enum lex_mode mode, struct syntax *s)
{
    syntax_reset(s);
    s->source = source;
    lex(source, mode, &s->tokens);
    return parse_tokens(what, s) || (mode == LEX_SOURCE && parse_conditionals(what, s));
}
