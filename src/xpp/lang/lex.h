/*
 * lex: X++ source into tokens. Never fails: what begins no token becomes TOKEN_BAD, and the parser says so.
 */
#ifndef XPP_LANG_LEX_H
#define XPP_LANG_LEX_H
#include "xpp/lang/token.h"

enum lex_mode {
    LEX_SOURCE,  /* a method, a declaration, a macro library */
    LEX_PATTERN, /* of a rule: `$name` and `...` are TOKEN_META */
};

/* Appends the tokens of `source` and a TOKEN_END (which stands at source.n). Sources are below 4 GiB. */
void lex(struct str source, enum lex_mode mode, tokens *ret_tokens);

#endif
