#include "conf/sqltext.h"
#include "base/attr.h"
#include "base/buf.h"

static bool starts_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool in_word(char c)
{
    return starts_word(c) || is_digit(c) || c == '$';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

/* What the character at `i` is; a zero behind the end, which no token contains. */
static char at(struct str s, size_t i)
{
    return i < s.n ? s.p[i] : '\0';
}

static size_t line_comment(struct str s)
{
    const char *end = memchr(s.p, '\n', s.n);
    return end ? (size_t)(end - s.p) : s.n;
}

/* Block comments nest; the result is longer than the text when it has no end. */
static size_t block_comment(struct str s)
{
    int depth = 0;
    for (size_t i = 0; i + 1 < s.n;) {
        bool opens = s.p[i] == '/' && s.p[i + 1] == '*';
        bool closes = s.p[i] == '*' && s.p[i + 1] == '/';
        depth += opens ? 1 : closes ? -1 : 0;
        i += opens || closes ? 2 : 1;
        if (depth == 0)
            return i;
    }
    return s.n + 1;
}

/* From an opening quote at `from` to behind its end; longer than the text when it has none. */
static size_t quoted(struct str s, size_t from, bool backslashes)
{
    char quote = s.p[from];
    for (size_t i = from + 1; i < s.n; i++) {
        if (backslashes && s.p[i] == '\\')
            i++;
        else if (s.p[i] == quote && at(s, i + 1) == quote)
            i++;
        else if (s.p[i] == quote)
            return i + 1;
    }
    return s.n + 1;
}

/* $tag$ ... $tag$, or 0 when no dollar quote begins here. */
static size_t dollar_quoted(struct str s)
{
    size_t tag = 1;
    if (starts_word(at(s, 1)))
        while (in_word(at(s, tag)) && at(s, tag) != '$')
            tag++;
    if (at(s, tag) != '$')
        return 0;
    tag++;
    const char *end = memmem(s.p + tag, s.n - tag, s.p, tag);
    return end ? (size_t)(end - s.p) + tag : s.n + 1;
}

static size_t run(struct str s, bool (*fits)(char))
{
    size_t n = 1;
    while (n < s.n && fits(s.p[n]))
        n++;
    return n;
}

/* A number, so far as it must not be mixed up with a word: digits, a point, an exponent. */
static bool in_number(char c)
{
    return is_digit(c) || starts_word(c) || c == '.';
}

static struct sqltext_token token(enum sqltext_kind kind, struct str s, size_t n)
{
    return (struct sqltext_token){.kind = kind, .text = {s.p, MIN(n, s.n)}, .unended = n > s.n};
}

/* `:name`, `:'name'`; a cast `::type` is one token, so that its type is not taken for a setting. */
static struct sqltext_token colon(struct str s)
{
    if (at(s, 1) == ':')
        return token(SQLTEXT_OTHER, s, 2);
    bool in_quotes = at(s, 1) == '\'';
    size_t from = in_quotes ? 2 : 1, end = from;
    if (starts_word(at(s, from)))
        while (in_word(at(s, end)) && at(s, end) != '$')
            end++;
    if (end == from || (in_quotes && at(s, end) != '\''))
        return token(SQLTEXT_OTHER, s, 1);
    struct sqltext_token t = token(in_quotes ? SQLTEXT_SETTING_QUOTED : SQLTEXT_SETTING, s, in_quotes ? end + 1 : end);
    t.name = (struct str){s.p + from, end - from};
    return t;
}

static struct sqltext_token word(struct str s)
{
    size_t n = run(s, in_word);
    bool escapes = n == 1 && (s.p[0] == 'e' || s.p[0] == 'E') && at(s, 1) == '\'';
    return escapes ? token(SQLTEXT_QUOTED, s, quoted(s, 1, true)) : token(SQLTEXT_WORD, s, n);
}

static struct sqltext_token cut(struct str s)
{
    char c = at(s, 0), d = at(s, 1);
    if (s.n == 0)
        return token(SQLTEXT_END, s, 0);
    if (is_blank(c))
        return token(SQLTEXT_BLANK, s, run(s, is_blank));
    if (c == '-' && d == '-')
        return token(SQLTEXT_COMMENT, s, line_comment(s));
    if (c == '/' && d == '*')
        return token(SQLTEXT_COMMENT, s, block_comment(s));
    if (c == '\'' || c == '"')
        return token(SQLTEXT_QUOTED, s, quoted(s, 0, false));
    if (c == '$' && dollar_quoted(s))
        return token(SQLTEXT_QUOTED, s, dollar_quoted(s));
    if (starts_word(c))
        return word(s);
    if (is_digit(c))
        return token(SQLTEXT_NUMBER, s, run(s, in_number));
    if (c == ':')
        return colon(s);
    return token(c == ';' ? SQLTEXT_SEMICOLON : SQLTEXT_OTHER, s, 1);
}

struct sqltext_token sqltext_next(struct str *rest)
{
    struct sqltext_token t = cut(*rest);
    rest->p += t.text.n;
    rest->n -= t.text.n;
    return t;
}

/* As a literal that means the same with and without standard_conforming_strings (manual, 4.1.2.1 and 4.1.2.2). */
static void put_literal(struct buf *b, const char *value)
{
    bool backslash = strchr(value, '\\') != NULL;
    buf_puts(b, backslash ? " E'" : "'");
    for (const char *p = value; *p; p++) {
        if (*p == '\'' || *p == '\\')
            buf_putc(b, *p);
        buf_putc(b, *p);
    }
    buf_putc(b, '\'');
}

char *sqltext_substitute(struct str sql, const struct map *values, struct arena *a)
{
    SCOPED_BUF out = {0};
    for (;;) {
        struct sqltext_token t = sqltext_next(&sql);
        if (t.kind == SQLTEXT_END)
            return arena_dup_str(a, buf_str(&out));
        bool setting = t.kind == SQLTEXT_SETTING || t.kind == SQLTEXT_SETTING_QUOTED;
        const char *value = setting && values ? map_get(values, t.name) : NULL;
        if (value && t.kind == SQLTEXT_SETTING)
            buf_puts(&out, value);
        else if (value)
            put_literal(&out, value);
        else
            buf_put(&out, t.text.p, t.text.n);
    }
}

struct str sqltext_strip(struct str sql)
{
    struct str rest = sql;
    size_t end = 0, semicolon = 0;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        size_t begins = (size_t)(t.text.p - sql.p);
        if (t.kind == SQLTEXT_END)
            break;
        if (t.kind == SQLTEXT_BLANK || t.kind == SQLTEXT_COMMENT)
            continue;
        end = begins + t.text.n;
        if (t.kind != SQLTEXT_SEMICOLON)
            semicolon = end;
    }
    return str_trim((struct str){sql.p, end > semicolon ? semicolon : sql.n});
}

size_t sqltext_header_length(struct str sql)
{
    size_t length = 0;
    while (length < sql.n) {
        struct str rest = {sql.p + length, sql.n - length};
        struct str line = str_split(&rest, '\n');
        struct str text = str_trim(line);
        if (text.n && !str_starts(text, "--"))
            break;
        length = sql.n - rest.n;
    }
    return length;
}

int sqltext_line_of(const char *sql, const char *at)
{
    int line = 1;
    for (; sql < at; sql++)
        line += *sql == '\n';
    return line;
}

/* The server counts characters, not bytes. */
static const char *character(const char *sql, int position)
{
    while (*sql && position > 1) {
        sql++;
        while (((unsigned char)*sql & 0xC0) == 0x80)
            sql++;
        position--;
    }
    return sql;
}

/* The first word of a statement; empty ones do not count, as the server answers nothing for them. */
static const char *statement_begin(const char *sql, int statement)
{
    struct str rest = str_of(sql);
    const char *begin = NULL;
    for (;;) {
        struct sqltext_token t = sqltext_next(&rest);
        if (t.kind == SQLTEXT_END)
            return begin ? begin : sql;
        if (t.kind == SQLTEXT_BLANK || t.kind == SQLTEXT_COMMENT)
            continue;
        if (t.kind != SQLTEXT_SEMICOLON) {
            begin = begin ? begin : t.text.p;
            continue;
        }
        if (begin && statement-- == 0)
            return begin;
        begin = NULL;
    }
}

int sqltext_line(const char *sql, int statement, int position)
{
    return sqltext_line_of(sql, position > 0 ? character(sql, position) : statement_begin(sql, statement));
}
