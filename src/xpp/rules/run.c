#include "xpp/rules/run.h"
#include "base/utf8.h"
#include <strings.h>

/* What a finding shows of the place, at most. */
enum { DETAIL_MAX = 100 };

/* Hits of one statement follow each other closely: so far back it is looked for the same comment. */
enum { COMMENTS_BACK = 64 };

/* ---- where a hit is ---- */

static void make_lines(struct rules_run *r)
{
    struct str s = r->syntax->source;
    *vec_push(&r->line_starts) = 0;
    for (const char *p = s.p; (p = memchr(p, '\n', s.n - (size_t)(p - s.p))) != NULL; p++)
        *vec_push(&r->line_starts) = (uint32_t)(p + 1 - s.p);
}

static void find_place(struct rules_run *r, uint32_t off, uint32_t *ret_line, uint32_t *ret_column)
{
    if (r->line_starts.n == 0)
        make_lines(r);
    size_t low = 0, high = r->line_starts.n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (r->line_starts.p[middle] <= off)
            low = middle;
        else
            high = middle;
    }
    *ret_line = r->place->line + (uint32_t)low;
    *ret_column = r->place->column + off - r->line_starts.p[low];
}

/* The first line of the node's text, cut to what fits. */
static struct str detail_of(const struct rules_run *r, uint32_t node)
{
    struct str text = syntax_text(r->syntax, node);
    const char *end = memchr(text.p, '\n', text.n);
    if (end)
        text.n = (size_t)(end - text.p);
    text = str_trim(text);
    return text.n > DETAIL_MAX ? (struct str){text.p, utf8_cut(text, DETAIL_MAX)} : text;
}

static bool in_error(const struct syntax *s, uint32_t node)
{
    for (; node; node = node_at(s, node)->parent)
        if (node_at(s, node)->kind == NODE_ERROR)
            return true;
    return false;
}

uint32_t rules_begin_of(const struct syntax *s, uint32_t node)
{
    return s->tokens.p[node_at(s, node)->token].off;
}

uint32_t rules_end_of(const struct syntax *s, uint32_t node)
{
    const struct token *last = &s->tokens.p[node_at(s, node)->token_end - 1];
    return last->off + last->n;
}

static bool is_block(enum node_kind kind)
{
    return kind == NODE_BLOCK || kind == NODE_CASE || kind == NODE_SOURCE || kind == NODE_CLASS;
}

uint32_t rules_statement(const struct syntax *s, uint32_t node)
{
    uint32_t at = node;
    while (node_at(s, at)->parent && !is_block(node_at(s, node_at(s, at)->parent)->kind))
        at = node_at(s, at)->parent;
    return at;
}

bool rules_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* Where the line begins when only blanks stand between it and `off`; else `off`. */
static uint32_t line_begin(struct str source, uint32_t off)
{
    uint32_t at = off;
    while (at > 0 && rules_is_blank(source.p[at - 1]))
        at--;
    return at == 0 || source.p[at - 1] == '\n' ? at : off;
}

/* What stands before the node ends there: a macro that does not may need the node as its body. */
static bool is_apart(const struct syntax *s, uint32_t node)
{
    uint32_t i = node_at(s, node)->token;
    while (i > 0 && (s->tokens.p[i - 1].kind == TOKEN_DIRECTIVE || s->tokens.p[i - 1].kind == TOKEN_BODY))
        i--;
    const struct token *before = i > 0 ? &s->tokens.p[i - 1] : NULL;
    return !before ||
           (before->kind == TOKEN_OPERATOR && (before->id == OPERATOR_SEMICOLON || before->id == OPERATOR_BRACE_OPEN ||
                                               before->id == OPERATOR_BRACE_CLOSE || before->id == OPERATOR_COLON));
}

void rules_deletion(const struct syntax *s, uint32_t node, uint32_t *ret_off, uint32_t *ret_n, struct str *ret_instead)
{
    uint32_t off = rules_begin_of(s, node), end = rules_end_of(s, node);
    *ret_instead = str_of(is_block(node_at(s, node_at(s, node)->parent)->kind) && is_apart(s, node) ? "" : "{}");
    uint32_t begin = line_begin(s->source, off), after = end;
    while (after < s->source.n && rules_is_blank(s->source.p[after]))
        after++;
    bool alone = ret_instead->n == 0 && (begin == 0 || s->source.p[begin - 1] == '\n') &&
                 (after == s->source.n || s->source.p[after] == '\n');
    if (alone && after < s->source.n)
        after++;
    *ret_off = alone ? begin : off;
    *ret_n = (alone ? after : end) - *ret_off;
}

/* ---- what becomes of it ---- */

static bool asked_for(const struct rules_run *r, const struct rule *rule)
{
    for (const char *const *id = r->options.opt_ins; id && *id; id++)
        if (strcasecmp(*id, rule->id) == 0)
            return true;
    return false;
}

struct edit_piece *rules_piece(struct rules_run *r, struct str text)
{
    struct edit_piece *piece = arena_alloc(r->arena, sizeof *piece);
    piece->text = text;
    return piece;
}

/* A comment before the statement: on a line of its own where the statement begins one, else in the line. */
static void add_comment(struct rules_run *r, const struct rule *rule, uint32_t node)
{
    uint32_t statement = rules_statement(r->syntax, node), off = rules_begin_of(r->syntax, statement);
    size_t begin_at = r->comments.n > COMMENTS_BACK ? r->comments.n - COMMENTS_BACK : 0;
    for (size_t i = begin_at; i < r->comments.n; i++)
        if (r->comments.p[i].off == off && r->comments.p[i].rule == rule)
            return;
    __typeof__(r->comments.p) written = vec_push(&r->comments);
    written->off = off;
    written->rule = rule;
    uint32_t begin = line_begin(r->syntax->source, off);
    bool alone = begin == 0 || r->syntax->source.p[begin - 1] == '\n';
    const char *text =
        alone ? arena_printf(r->arena, "/* TODO: (carryover %s) %s: %s */\n%.*s", rule->id, rule->title, rule->advice,
                             (int)(off - begin), r->syntax->source.p + begin)
              : arena_printf(r->arena, "/* TODO: (carryover %s) %s: %s */ ", rule->id, rule->title, rule->advice);
    edits_add(&r->edits, off, 0, rules_piece(r, str_of(text)), 1, UINT32_MAX);
}

static enum finding_outcome outcome_of(const struct rules_run *r, const struct rule *rule, bool fix)
{
    if (r->place->macro || rule->mode == RULE_REPORT || (rule->opt_in && !asked_for(r, rule)))
        return FINDING_REPORTED;
    return fix && rule->mode == RULE_FIX ? FINDING_FIXED : FINDING_TODO;
}

static bool begins_with(struct str s, const char *word)
{
    size_t n = strlen(word);
    return s.n >= n && strncasecmp(s.p, word, n) == 0;
}

/* Half of an #if would be gone with what is replaced. */
static bool holds_branches(struct str source, uint32_t off, uint32_t n)
{
    struct str text = {source.p + off, n};
    while (text.n) {
        (void)str_split(&text, '#');
        if (begins_with(text, "if.") || begins_with(text, "ifnot.") ||
            (begins_with(text, "endif") && (text.n == 5 || !xpo_is_name_char(text.p[5]))))
            return true;
    }
    return false;
}

void rules_hit_edit(struct rules_run *r, const struct rule *rule, uint32_t node, uint32_t off, uint32_t n,
                    struct edit_piece *pieces, uint32_t n_pieces)
{
    if (in_error(r->syntax, node) || (r->last_rule == rule && r->last_node == node))
        return;
    r->last_rule = rule;
    r->last_node = node;
    if (pieces && holds_branches(r->syntax->source, off, n))
        pieces = NULL;
    enum finding_outcome outcome = outcome_of(r, rule, pieces != NULL);
    uint32_t line, column;
    find_place(r, rules_begin_of(r->syntax, node), &line, &column);
    struct str detail = detail_of(r, node);
    finding_add(r->findings, rule->id, outcome, r->place->where, line, column, "%.*s", STR_ARG(detail));
    if (outcome == FINDING_FIXED)
        edits_add(&r->edits, off, n, pieces, n_pieces, (uint32_t)r->findings->list.n - 1);
    else if (outcome == FINDING_TODO && r->options.comments)
        add_comment(r, rule, node);
}

void rules_hit(struct rules_run *r, const struct rule *rule, uint32_t node)
{
    rules_hit_edit(r, rule, node, 0, 0, NULL, 0);
}
