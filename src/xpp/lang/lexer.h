/*
 * lexer: what lex.c and lex_macro.c share; nobody else includes it.
 */
#ifndef XPP_LANG_LEXER_H
#define XPP_LANG_LEXER_H
#include "xpp/lang/lex.h"

struct lexer {
    const char *start, *p, *end;
    tokens *out;
    enum lex_mode mode;
    /* Once one did not end, the rest of the source is not searched again for each that follows: time stays linear. */
    bool open_string[2], open_body;
};

/* What a byte may begin. */
enum lex_class { LEX_NONE, LEX_BLANK, LEX_NAME, LEX_HIGH, LEX_DIGIT, LEX_QUOTE, LEX_SIGN };
extern const unsigned char lex_classes[256];

static inline enum lex_class lex_class(char c)
{
    return (enum lex_class)lex_classes[(unsigned char)c];
}

static inline const char *lex_line_end(const char *p, const char *end)
{
    const char *lf = p < end ? memchr(p, '\n', (size_t)(end - p)) : NULL;
    if (!lf)
        return end;
    return lf > p && lf[-1] == '\r' ? lf - 1 : lf;
}

/* Behind the name that begins at `p`; `p` itself when none does. */
const char *lex_name_end(const char *p, const char *end, uint32_t *ret_hash);

/* Behind the string that begins with a quote at `p`, or NULL when it does not end before `end`. */
const char *lex_string_end(const char *p, const char *end, bool is_verbatim);

/* Adds the token from x->p to `to` and goes there. */
void lex_add(struct lexer *x, enum token_kind kind, unsigned id, uint32_t hash, const char *to);

/* At a `#`: a use of a macro, a directive, or the body of one. */
void lex_macro(struct lexer *x);

#endif
