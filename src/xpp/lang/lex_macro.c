#include "base/attr.h"
#include "xpp/lang/lexer.h"
#include <strings.h>

/* How far a directive goes. */
enum reach {
    REACH_WORD,  /* the word alone */
    REACH_NAME,  /* a dot and a name */
    REACH_VALUE, /* and a value in parentheses that may be missing */
    REACH_BODY,  /* and all the lines to its #endmacro */
};

static const struct directive {
    const char *word;
    enum reach reach;
} directives[] = {
    {"define", REACH_VALUE},  {"if", REACH_VALUE},        {"endif", REACH_WORD},         {"ifnot", REACH_VALUE},
    {"undef", REACH_NAME},    {"localmacro", REACH_BODY}, {"macro", REACH_BODY},         {"globalmacro", REACH_BODY},
    {"macrolib", REACH_NAME}, {"endmacro", REACH_WORD},   {"globaldefine", REACH_VALUE}, {"definc", REACH_VALUE},
    {"defdec", REACH_VALUE},
};

static const struct directive *find_directive(struct str word)
{
    for (size_t i = 0; i < ARRAY_LEN(directives); i++)
        if (strlen(directives[i].word) == word.n && strncasecmp(directives[i].word, word.p, word.n) == 0)
            return &directives[i];
    return NULL;
}

static const char *spaces_end(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* Behind the value in parentheses. One that does not close goes to the end of its line: it is the preprocessor's own
 * text and need not be X++. */
static const char *value_end(const char *p, const char *end)
{
    const char *line_end = lex_line_end(p, end);
    const char *open = spaces_end(p, line_end);
    if (open == line_end || *open != '(')
        return p;
    int depth = 0;
    bool open_string = false; /* an apostrophe in plain text: from there on quotes mean nothing */
    for (const char *q = open; q < line_end; q++) {
        bool quote = lex_class(*q) == LEX_QUOTE && !open_string;
        const char *string = quote ? lex_string_end(q, line_end, false) : NULL;
        depth += (*q == '(') - (*q == ')');
        if (depth == 0)
            return q + 1;
        open_string |= quote && !string;
        q = string ? string - 1 : q;
    }
    while (line_end > open && lex_class(line_end[-1]) == LEX_BLANK)
        line_end--;
    return line_end;
}

static const char *body_end(const char *p, const char *end)
{
    static const char word[] = "#endmacro";
    size_t n = sizeof word - 1;
    while ((p = memchr(p, '#', (size_t)(end - p)))) {
        if ((size_t)(end - p) >= n && strncasecmp(p, word, n) == 0)
            return p + n;
        p++;
    }
    return NULL;
}

static void take_body(struct lexer *x, const char *name_end)
{
    const char *to = x->open_body ? NULL : body_end(name_end, x->end);
    if (!to)
        x->open_body = true;
    lex_add(x, to ? TOKEN_BODY : TOKEN_BAD, 0, 0, to ? to : name_end);
}

/* Behind `.Name`, or NULL: the word is the name of a macro then, whatever it means elsewhere. */
static const char *subject_end(const char *p, const char *end)
{
    uint32_t hash;
    if (p == end || *p != '.')
        return NULL;
    const char *name = spaces_end(p + 1, end);
    const char *to = lex_name_end(name, end, &hash);
    return to > name ? to : NULL;
}

void lex_macro(struct lexer *x)
{
    uint32_t hash;
    const char *word = x->p + 1;
    const char *to = lex_name_end(word, x->end, &hash);
    if (to == word) {
        lex_add(x, TOKEN_BAD, 0, 0, word);
        return;
    }
    const struct directive *d = find_directive((struct str){word, (size_t)(to - word)});
    const char *subject = d && d->reach != REACH_WORD ? subject_end(to, x->end) : to;
    if (!d || !subject)
        lex_add(x, TOKEN_MACRO, 0, hash, to);
    else if (d->reach == REACH_BODY)
        take_body(x, subject);
    else
        lex_add(x, TOKEN_DIRECTIVE, 0, 0, d->reach == REACH_VALUE ? value_end(subject, x->end) : subject);
}
