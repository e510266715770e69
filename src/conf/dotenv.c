#include "conf/dotenv.h"
#include "base/buf.h"
#include <ctype.h>

static bool is_variable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_' && !isalpha((unsigned char)s.p[i]) && (i == 0 || !isdigit((unsigned char)s.p[i])))
            return false;
    return s.n > 0;
}

static char escaped(char c)
{
    return c == 'n' ? '\n' : c == 't' ? '\t' : c;
}

/* The value without its quotes; false when the closing one is missing or not last. */
static bool unquote(struct str s, struct buf *out)
{
    char quote = s.n ? s.p[0] : '\0';
    if (quote != '"' && quote != '\'') {
        buf_put(out, s.p, s.n);
        return true;
    }
    for (size_t i = 1; i < s.n; i++) {
        if (s.p[i] == quote)
            return i + 1 == s.n;
        if (quote == '"' && s.p[i] == '\\' && i + 1 < s.n)
            buf_putc(out, escaped(s.p[++i]));
        else
            buf_putc(out, s.p[i]);
    }
    return false;
}

static bool parse_line(struct str line, const char *name, int number, struct arena *a, struct map *values,
                       struct err *err)
{
    if (line.n == 0 || line.p[0] == '#')
        return true;
    if (str_starts(line, "export "))
        line = str_trim((struct str){line.p + 7, line.n - 7});
    struct str value = line;
    struct str variable = str_trim(str_split(&value, '='));
    bool assigned = variable.n < line.n && memchr(line.p, '=', line.n);
    if (!assigned || !is_variable(variable) || memchr(line.p, '\0', line.n))
        return err_set(err, ERR_CONFIG, "%s:%d: expected NAME=value", name, number);
    SCOPED_BUF text = {0};
    if (!unquote(str_trim(value), &text))
        return err_set(err, ERR_CONFIG, "%s:%d: the quotes around the value of %.*s are not closed", name, number,
                       STR_ARG(variable));
    struct dotenv_value *v = arena_new_one(a, struct dotenv_value);
    *v = (struct dotenv_value){arena_dup_str(a, buf_str(&text)), number};
    map_put(values, str_of(arena_dup_str(a, variable)))->value = v;
    return true;
}

bool dotenv_parse(struct str text, const char *name, struct arena *a, struct map *values, struct err *err)
{
    for (int number = 1; text.n; number++)
        if (!parse_line(str_trim(str_split(&text, '\n')), name, number, a, values, err))
            return false;
    return true;
}
