#include "xpp/lang/lex.h"
#include "base/attr.h"
#include "xpp/lang/lexer.h"
#include <assert.h>

const unsigned char lex_classes[256] = {
    [' '] = LEX_BLANK,        ['\t' ... '\r'] = LEX_BLANK,
    ['a' ... 'z'] = LEX_NAME, ['A' ... 'Z'] = LEX_NAME,
    ['_'] = LEX_NAME,         ['0' ... '9'] = LEX_DIGIT,
    ['"'] = LEX_QUOTE,        ['\''] = LEX_QUOTE,
    [128 ... 255] = LEX_HIGH, ['!'] = LEX_SIGN,
    ['#'] = LEX_SIGN,         ['$' ... '&'] = LEX_SIGN,
    ['(' ... '/'] = LEX_SIGN, [':' ... '@'] = LEX_SIGN,
    ['['] = LEX_SIGN,         [']' ... '^'] = LEX_SIGN,
    ['{' ... '~'] = LEX_SIGN,
};

static const char operators[][8] = {
    "",
#define P(ID, text, binding) text,
#include "xpp/lang/operators.def"
#undef P
};

/* The first operator with this first character, else 0; what begins with a letter is a keyword. */
static const unsigned char operators_from[128] = {
    ['('] = OPERATOR_PAREN_OPEN,  [')'] = OPERATOR_PAREN_CLOSE,  ['{'] = OPERATOR_BRACE_OPEN,
    ['}'] = OPERATOR_BRACE_CLOSE, ['['] = OPERATOR_BRACKET_OPEN, [']'] = OPERATOR_BRACKET_CLOSE,
    [';'] = OPERATOR_SEMICOLON,   [','] = OPERATOR_COMMA,        ['.'] = OPERATOR_DOT,
    [':'] = OPERATOR_SCOPE,       ['?'] = OPERATOR_QUESTION,     ['='] = OPERATOR_EQUAL,
    ['!'] = OPERATOR_NOT_EQUAL,   ['<'] = OPERATOR_LESS_EQUAL,   ['>'] = OPERATOR_GREATER_EQUAL,
    ['+'] = OPERATOR_INCREMENT,   ['-'] = OPERATOR_DECREMENT,    ['*'] = OPERATOR_MULTIPLY,
    ['/'] = OPERATOR_DIVIDE,      ['%'] = OPERATOR_REMAINDER,    ['~'] = OPERATOR_COMPLEMENT,
    ['&'] = OPERATOR_AND,         ['|'] = OPERATOR_OR,           ['^'] = OPERATOR_BIT_XOR,
};

void lex_add(struct lexer *x, enum token_kind kind, unsigned id, uint32_t hash, const char *to)
{
    struct token *t = vec_push(x->out);
    *t = (struct token){.off = (uint32_t)(x->p - x->start),
                        .n = (uint32_t)(to - x->p),
                        .hash = hash,
                        .kind = (uint8_t)kind,
                        .id = (uint8_t)id};
    x->p = to;
}

/* The length of a blank that is no ASCII: a byte order mark, a space that does not break; else 0. */
static size_t high_blank(const char *p, const char *end)
{
    if (end - p >= 2 && memcmp(p, "\xC2\xA0", 2) == 0)
        return 2;
    return end - p >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

const char *lex_name_end(const char *p, const char *end, uint32_t *ret_hash)
{
    uint32_t h = TOKEN_HASH_START;
    for (; p < end; p++) {
        enum lex_class c = lex_class(*p);
        if (c != LEX_NAME && c != LEX_DIGIT && (c != LEX_HIGH || high_blank(p, end)))
            break;
        h = token_hash_step(h, (unsigned char)*p);
    }
    *ret_hash = h ? h : 1;
    return p;
}

/* Behind blanks and comments; at a comment that does not end. */
static const char *trivia_end(const char *p, const char *end)
{
    while (p < end) {
        if (lex_class(*p) == LEX_BLANK) {
            p++;
        } else if (*p == '/' && end - p > 1 && p[1] == '/') {
            p = lex_line_end(p, end);
        } else if (*p == '/' && end - p > 1 && p[1] == '*') {
            const char *close = memmem(p + 2, (size_t)(end - p - 2), "*/", 2);
            if (!close)
                return p;
            p = close + 2;
        } else if (lex_class(*p) == LEX_HIGH && high_blank(p, end)) {
            p += high_blank(p, end);
        } else {
            break;
        }
    }
    return p;
}

static void take_name(struct lexer *x)
{
    uint32_t hash;
    const char *to = lex_name_end(x->p, x->end, &hash);
    enum keyword k = keyword_find((struct str){x->p, (size_t)(to - x->p)}, hash);
    lex_add(x, k ? TOKEN_KEYWORD : TOKEN_NAME, k, hash, to);
}

const char *lex_string_end(const char *p, const char *end, bool is_verbatim)
{
    char quote = *p++;
    while (p < end) {
        if (*p == '\\' && !is_verbatim)
            p++;
        else if (*p == quote && p + 1 < end && p[1] == quote)
            p++;
        else if (*p == quote)
            return p + 1;
        p++;
    }
    return NULL;
}

/* `quote` is x->p, or behind its @. */
static void take_string(struct lexer *x, const char *quote)
{
    bool *open = &x->open_string[*quote == '"'];
    const char *line_end = lex_line_end(quote, x->end);
    const char *to = lex_string_end(quote, *open ? line_end : x->end, quote > x->p);
    if (!to && !*open)
        *open = true;
    lex_add(x, to ? TOKEN_STRING : TOKEN_BAD, 0, 0, to ? to : line_end);
}

static const char *digits_end(const char *p, const char *end)
{
    while (p < end && lex_class(*p) == LEX_DIGIT)
        p++;
    return p;
}

/* 21\12\2012 from its first backslash on, or NULL. */
static const char *date_end(const char *p, const char *end)
{
    for (int i = 0; i < 2; i++) {
        if (p == end || *p != '\\')
            return NULL;
        const char *to = digits_end(p + 1, end);
        if (to == p + 1)
            return NULL;
        p = to;
    }
    return p;
}

/* 2012-12-21T10:00:00 from its beginning, or NULL. */
static const char *datetime_end(const char *p, const char *end)
{
    static const char shape[] = "0000-00-00T00:00:00";
    size_t n = sizeof shape - 1;
    if ((size_t)(end - p) < n)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (shape[i] == '0' ? lex_class(p[i]) != LEX_DIGIT : p[i] != shape[i])
            return NULL;
    return p + n;
}

/* Behind `.5` and `e-10` that follow digits at `p`; `p` when none do. A dot before a name belongs to the name. */
static const char *fraction_end(const char *p, const char *end)
{
    if (p < end && *p == '.' && !(p + 1 < end && (lex_class(p[1]) == LEX_NAME || p[1] == '.' || p[1] == '(')))
        p = digits_end(p + 1, end);
    if (p < end && (*p == 'e' || *p == 'E')) {
        const char *digits = p + 1 < end && (p[1] == '+' || p[1] == '-') ? p + 2 : p + 1;
        const char *to = digits_end(digits, end);
        return to > digits ? to : p;
    }
    return p;
}

static bool is_hex(const char *p, const char *end)
{
    return end - p > 2 && p[0] == '0' && (p[1] == 'x' || p[1] == 'X');
}

static bool is_hex_digit(char c)
{
    return lex_class(c) == LEX_DIGIT || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static const char *hex_end(const char *p, const char *end)
{
    while (p < end && is_hex_digit(*p))
        p++;
    return p;
}

static void take_number(struct lexer *x)
{
    const char *to = digits_end(x->p, x->end);
    if (to < x->end && *to == '\\') {
        const char *date = date_end(to, x->end);
        lex_add(x, date ? TOKEN_DATE : TOKEN_INTEGER, 0, 0, date ? date : to);
        return;
    }
    const char *moment = to - x->p == 4 ? datetime_end(x->p, x->end) : NULL;
    if (moment) {
        lex_add(x, TOKEN_DATETIME, 0, 0, moment);
        return;
    }
    bool hex = is_hex(x->p, x->end);
    to = hex ? hex_end(x->p + 2, x->end) : to;
    const char *real = hex ? to : fraction_end(to, x->end);
    if (real > to)
        lex_add(x, TOKEN_REAL, 0, 0, real);
    else if (to < x->end && (*to == 'u' || *to == 'U'))
        lex_add(x, TOKEN_INT64, 0, 0, to + 1);
    else
        lex_add(x, TOKEN_INTEGER, 0, 0, to);
}

/* Behind `$name` or `...` of a pattern, or NULL. */
static const char *meta_end(const struct lexer *x)
{
    uint32_t hash;
    if (x->mode != LEX_PATTERN)
        return NULL;
    if (x->end - x->p >= 3 && memcmp(x->p, "...", 3) == 0)
        return x->p + 3;
    if (*x->p != '$')
        return NULL;
    const char *to = lex_name_end(x->p + 1, x->end, &hash);
    return to > x->p + 1 ? to : NULL;
}

static unsigned find_operator(const char *p, const char *end)
{
    unsigned o = operators_from[(unsigned char)*p];
    for (; o && operators[o][0] == *p; o++)
        if (!operators[o][1] || (p + 1 < end && operators[o][1] == p[1]))
            return o;
    return OPERATOR_NONE;
}

/* What begins with a sign that may be more than an operator; false when it is an operator. */
static bool take_special(struct lexer *x)
{
    const char *p = x->p;
    char next = p + 1 < x->end ? p[1] : '\0';
    const char *meta = *p == '$' || *p == '.' ? meta_end(x) : NULL;
    if (meta)
        lex_add(x, TOKEN_META, 0, *p == '$' ? token_hash((struct str){p + 1, (size_t)(meta - p - 1)}) : 0, meta);
    else if (*p == '#')
        lex_macro(x);
    else if (*p == '@' && lex_class(next) == LEX_QUOTE)
        take_string(x, p + 1);
    else if (*p == '%' && lex_class(next) == LEX_DIGIT)
        lex_add(x, TOKEN_MACRO, 0, 0, digits_end(p + 1, x->end));
    else if (*p == '/' && next == '*')
        lex_add(x, TOKEN_BAD, 0, 0, x->end);
    else if (*p == '.' && lex_class(next) == LEX_DIGIT)
        lex_add(x, TOKEN_REAL, 0, 0, fraction_end(p, x->end));
    else
        return false;
    return true;
}

static void take_sign(struct lexer *x)
{
    if (take_special(x))
        return;
    unsigned o = find_operator(x->p, x->end);
    lex_add(x, o ? TOKEN_OPERATOR : TOKEN_BAD, o, 0, x->p + MAX(strlen(operators[o]), 1));
}

static void take_token(struct lexer *x)
{
    switch (lex_class(*x->p)) {
    case LEX_NAME:
    case LEX_HIGH:
        take_name(x);
        return;
    case LEX_DIGIT:
        take_number(x);
        return;
    case LEX_QUOTE:
        take_string(x, x->p);
        return;
    case LEX_SIGN:
        take_sign(x);
        return;
    case LEX_NONE:
    case LEX_BLANK:
        break;
    }
    lex_add(x, TOKEN_BAD, 0, 0, x->p + 1);
}

void lex(struct str source, enum lex_mode mode, tokens *ret_tokens)
{
    assert(source.n < UINT32_MAX);
    const char *start = source.p ? source.p : "";
    struct lexer x = {.start = start, .p = start, .end = start + source.n, .out = ret_tokens, .mode = mode};
    while ((x.p = trivia_end(x.p, x.end)) < x.end)
        take_token(&x);
    lex_add(&x, TOKEN_END, 0, 0, x.end);
}
