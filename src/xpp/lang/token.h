/*
 * token: the words of X++.
 *
 * Tokens are views by offset into the source they were made of; what lies between two tokens (blanks, comments) is
 * trivia, so that the source can always be put together again byte by byte. Keywords and operators are rows of
 * keywords.def and operators.def; keywords are compared without case, as X++ does everywhere.
 */
#ifndef XPP_LANG_TOKEN_H
#define XPP_LANG_TOKEN_H
#include "base/str.h"
#include "base/vec.h"

enum token_kind {
    TOKEN_END,      /* behind the last one */
    TOKEN_NAME,     /* an identifier that is no keyword */
    TOKEN_KEYWORD,  /* `id` is a keyword_* */
    TOKEN_OPERATOR, /* `id` is an operator_*: punctuation, too */
    TOKEN_STRING,   /* "..." '...' @"..." */
    TOKEN_INTEGER,  /* 12 0x1F */
    TOKEN_INT64,    /* 12u */
    TOKEN_REAL,     /* 1.5 1e10 */
    TOKEN_DATE,     /* 21\12\2012 */
    TOKEN_DATETIME, /* 2012-12-21T10:00:00 */
    TOKEN_MACRO,    /* #Name in code: a library or a use; its arguments are tokens of their own; %1 in a macro's body */
    TOKEN_DIRECTIVE, /* #define.X(..), #undef.X, #if.X, #ifnot.X, #endif, #macrolib.X ...: all of it; #linenumber is a
                        value and so a TOKEN_MACRO */
    TOKEN_BODY,      /* #localmacro.X ... #endmacro, #globalmacro: all of it; lexed apart when asked */
    TOKEN_META,      /* $name of a pattern of a rule, or `...`; only in patterns */
    TOKEN_BAD,       /* a byte that begins nothing, a string that does not end */
};

enum keyword {
    KEYWORD_NONE,
#define K(ID, text, use) KEYWORD_##ID,
#include "xpp/lang/keywords.def"
#undef K
    KEYWORDS
};

/* What a keyword may be besides: see keywords.def. */
enum keyword_use { KEYWORD_STATEMENT, KEYWORD_RESERVED, KEYWORD_TYPE, KEYWORD_MODIFIER, KEYWORD_OPTION, KEYWORD_WORD };

enum operator_id {
    OPERATOR_NONE,
#define P(ID, text, binding) OPERATOR_##ID,
#include "xpp/lang/operators.def"
#undef P
    OPERATORS
};

struct token {
    uint32_t off, n; /* bytes in the source */
    uint32_t hash; /* without case, of names, keywords, macros (without `#`), metavariables (without `$`): token_hash();
                      else 0 */
    uint8_t kind;  /* enum token_kind */
    uint8_t id;    /* enum keyword or enum operator_id */
    uint16_t pad;
};

typedef VEC(struct token) tokens;

/* The hash of a name without regard to case; never 0. */
uint32_t token_hash(struct str name);

static inline struct str token_text(struct str source, const struct token *t)
{
    return (struct str){source.p + t->off, t->n};
}

/* The keyword of a name with this hash, or KEYWORD_NONE. */
enum keyword keyword_find(struct str name, uint32_t hash);

enum keyword_use keyword_use(enum keyword k);
const char *keyword_text(enum keyword k);
const char *operator_text(enum operator_id o);

/* How tightly a binary operator binds, from 1; 0 for those that are none. */
unsigned operator_binding(enum operator_id o);

/* The binary operator that is written as a keyword: is, as, like, in, div, mod; else OPERATOR_NONE. */
enum operator_id operator_of_keyword(enum keyword k);

/* One step of token_hash(), which begins with TOKEN_HASH_START, for whoever reads a name byte by byte anyway. */
#define TOKEN_HASH_START 2166136261u
static inline uint32_t token_hash_step(uint32_t h, unsigned char c)
{
    /* FNV-1a. Letters differ from their capitals in one bit; that some bytes of other letters do so, too, costs
     * nothing. */
    return (h ^ (c | 0x20u)) * 16777619u;
}

#endif
