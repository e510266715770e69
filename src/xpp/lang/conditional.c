#include "xpp/lang/conditional.h"
#include "xpp/lang/lexer.h"
#include <strings.h>

enum word { WORD_OTHER, WORD_IF, WORD_IFNOT, WORD_ENDIF };

static enum word word_of(const char *p, const char *end, const char **ret_end)
{
    static const char *const words[] = {[WORD_IF] = "#if", [WORD_IFNOT] = "#ifnot", [WORD_ENDIF] = "#endif"};
    uint32_t hash;
    *ret_end = p < end && *p == '#' ? lex_name_end(p + 1, end, &hash) : p;
    size_t n = (size_t)(*ret_end - p);
    for (unsigned w = WORD_IF; w <= WORD_ENDIF; w++)
        if (n == strlen(words[w]) && strncasecmp(p, words[w], n) == 0)
            return (enum word)w;
    return WORD_OTHER;
}

static bool has_problem(const struct syntax *s, const struct conditional *c)
{
    for (size_t i = 0; i < s->problems.n; i++)
        if (s->problems.p[i].off >= c->off && s->problems.p[i].off <= c->off + c->n)
            return true;
    return false;
}

void conditionals_find(const struct syntax *s, conditionals *ret)
{
    const char *begin = s->source.p, *end = begin + s->source.n, *behind;
    unsigned depth = 0;
    struct conditional open = {0};
    for (const char *p = begin; p < end; p = memchr(p, '\n', (size_t)(end - p)), p = p ? p + 1 : end) {
        while (p < end && lex_class(*p) == LEX_BLANK && *p != '\n')
            p++;
        enum word w = word_of(p, end, &behind);
        if (w == WORD_OTHER || (w == WORD_ENDIF && depth == 0))
            continue;
        if (w != WORD_ENDIF && depth++ == 0)
            open = (struct conditional){.off = (uint32_t)(p - begin), .negated = w == WORD_IFNOT};
        if (w != WORD_ENDIF || --depth > 0)
            continue;
        open.n = (uint32_t)(behind - begin) - open.off;
        open.has_problem = has_problem(s, &open);
        *vec_push(ret) = open;
    }
}

static bool leaves_out(const struct conditional *c, enum conditional_version v)
{
    switch (v) {
    case CONDITIONAL_NONE:
        return false;
    case CONDITIONAL_BROKEN:
        return c->has_problem;
    case CONDITIONAL_IF:
        return !c->negated;
    case CONDITIONAL_IFNOT:
        return c->negated;
    case CONDITIONAL_ALL:
        break;
    }
    return true;
}

bool conditionals_leave_out(const conditionals *list, enum conditional_version v, char *copy, struct syntax *s)
{
    s->skipped.n = 0;
    vec_each (list, c) {
        if (!leaves_out(c, v))
            continue;
        for (char *p = copy + c->off; p < copy + c->off + c->n; p++)
            *p = (char)(*p == '\n' || *p == '\r' ? *p : ' ');
        *vec_push(&s->skipped) = (struct syntax_skipped){c->off, c->n};
    }
    return v == CONDITIONAL_NONE || s->skipped.n > 0;
}

void conditionals_drop_directives(struct syntax *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->tokens.n; i++) {
        const struct token *t = &s->tokens.p[i];
        const char *text = s->source.p + t->off, *behind;
        if (t->kind != TOKEN_DIRECTIVE || word_of(text, text + t->n, &behind) == WORD_OTHER)
            s->tokens.p[kept++] = *t;
    }
    s->tokens.n = kept;
}
