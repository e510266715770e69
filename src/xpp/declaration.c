#include "xpp/declaration.h"
#include "base/attr.h"
#include "xpp/xpo/node.h"
#include <ctype.h>

struct scan {
    const char *p, *end;
};

static struct scan scan_of(struct str source)
{
    const char *p = source.n ? source.p : ""; /* an empty view may have no address */
    return (struct scan){p, p + source.n};
}

static void skip_to(struct scan *s, const char *mark)
{
    size_t n = strlen(mark);
    const char *at = memmem(s->p, (size_t)(s->end - s->p), mark, n);
    s->p = at ? at + n : s->end;
}

static bool looking_at(const struct scan *s, const char *text)
{
    size_t n = strlen(text);
    return (size_t)(s->end - s->p) >= n && strncasecmp(s->p, text, n) == 0;
}

static void skip_string(struct scan *s, bool verbatim)
{
    char quote = *s->p++;
    while (s->p < s->end && *s->p != quote)
        s->p += !verbatim && *s->p == '\\' && s->p + 1 < s->end ? 2 : 1;
    if (s->p < s->end)
        s->p++;
}

/* A directive ends with its line, the body of a macro with its #endmacro. */
static void skip_directive(struct scan *s)
{
    bool body = looking_at(s, "#localmacro") || looking_at(s, "#globalmacro");
    while (body && s->p < s->end && !looking_at(s, "#endmacro"))
        s->p++;
    skip_to(s, "\n");
}

/* Over blanks, comments, strings and directives; true when something was skipped. */
static bool skip_trivia(struct scan *s)
{
    if (isspace((unsigned char)*s->p))
        s->p++;
    else if (looking_at(s, "//"))
        skip_to(s, "\n");
    else if (looking_at(s, "/*"))
        skip_to(s, "*/");
    else if (*s->p == '"' || *s->p == '\'')
        skip_string(s, false);
    else if (*s->p == '@' && s->p + 1 < s->end && (s->p[1] == '"' || s->p[1] == '\'')) {
        s->p++;
        skip_string(s, true);
    } else if (*s->p == '#')
        skip_directive(s);
    else
        return false;
    return true;
}

/* The next word or sign; empty at the end. */
static struct str next(struct scan *s)
{
    while (s->p < s->end && skip_trivia(s))
        continue;
    const char *start = s->p;
    while (s->p < s->end && xpo_is_name_char(*s->p))
        s->p++;
    if (s->p == start && s->p < s->end)
        s->p++;
    return (struct str){start, (size_t)(s->p - start)};
}

static bool is_word(struct str s, const char *word)
{
    return xpo_same_name(s, str_of(word));
}

/* Up to the sign that closes what was opened by `open`. */
static void skip_nested(struct scan *s, const char *open, const char *close)
{
    int depth = 1;
    for (struct str t; depth > 0 && (t = next(s)).n;)
        depth += str_is(t, open) ? 1 : str_is(t, close) ? -1 : 0;
}

static bool is_modifier(struct str s)
{
    static const char *const words[] = {"public", "protected", "private", "internal", "static",
                                        "const",  "readonly",  "final",   "client",   "server"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (is_word(s, words[i]))
            return true;
    return false;
}

/* One declaration up to its `;`: a type (qualified, with a length), then names. False at the end of the class. */
static bool read_variables(struct scan *s, declareds *variables)
{
    struct str type = {NULL, 0}, t;
    bool wanted = true; /* a name comes next */
    while ((t = next(s)).n && !str_is(t, ";") && !str_is(t, "}")) {
        bool name = xpo_is_name_char(t.p[0]) && !isdigit((unsigned char)t.p[0]);
        if (str_is(t, "["))
            skip_nested(s, "[", "]");
        else if (str_is(t, "("))
            skip_nested(s, "(", ")");
        else if (str_is(t, ",") || str_is(t, "="))
            wanted = str_is(t, ",");
        else if (str_is(t, ".") && type.n) {
            next(s);
            type.n = (size_t)(s->p - type.p);
        } else if (name && !type.n)
            type = is_modifier(t) ? type : t;
        else if (name && wanted) {
            *vec_push(variables) = (struct declared){t, type};
            wanted = false;
        }
    }
    return t.n && !str_is(t, "}");
}

struct str declaration_read(struct str source, declareds *ret_variables)
{
    struct scan s = scan_of(source);
    struct str base = {NULL, 0}, t;
    while ((t = next(&s)).n && !str_is(t, "{")) {
        if (str_is(t, "["))
            skip_nested(&s, "[", "]");
        else if (is_word(t, "extends"))
            base = next(&s);
    }
    while (t.n && read_variables(&s, ret_variables))
        continue;
    return base;
}

/* Up to the closing parenthesis: the last word before a comma, a default value or the end is a name. */
static void read_parameters(struct scan *s, declareds *parameters)
{
    struct str name = {NULL, 0}, t;
    bool wanted = true;
    while ((t = next(s)).n) {
        bool end = str_is(t, ")"), comma = str_is(t, ",");
        if ((end || comma) && name.n)
            *vec_push(parameters) = (struct declared){.name = name};
        if (end)
            return;
        if (comma)
            name = (struct str){NULL, 0};
        else if (str_is(t, "("))
            skip_nested(s, "(", ")");
        else if (str_is(t, "["))
            skip_nested(s, "[", "]");
        else if (wanted && xpo_is_name_char(t.p[0]))
            name = t;
        wanted = comma || (wanted && !str_is(t, "="));
    }
}

struct declared_head declaration_read_head(struct str source, declareds *ret_parameters)
{
    struct scan s = scan_of(source);
    struct declared_head head = {0};
    for (struct str t; (t = next(&s)).n && !str_is(t, "{");) {
        head.is_delegate |= is_word(t, "delegate");
        head.is_static |= is_word(t, "static");
        if (is_word(t, "private") || is_word(t, "protected"))
            head.access = is_word(t, "private") ? DECLARED_PRIVATE : DECLARED_PROTECTED;
        if (str_is(t, "["))
            skip_nested(&s, "[", "]");
        if (!str_is(t, "("))
            continue;
        read_parameters(&s, ret_parameters);
        break;
    }
    return head;
}

size_t declared_count(struct str names)
{
    size_t n = 0;
    for (size_t i = 0; i < names.n; i++)
        n += names.p[i] == ' ';
    return n;
}
