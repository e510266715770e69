#include "xpp/lang/token.h"
#include "base/attr.h"
#include <pthread.h>
#include <strings.h>

#define SLOTS 1024 /* a power of two, ten times the keywords: nearly all names that are none meet an empty slot */

static const char *const keyword_texts[] = {
    "",
#define K(ID, text, use) text,
#include "xpp/lang/keywords.def"
#undef K
};

static const uint8_t keyword_uses[] = {
    KEYWORD_RESERVED,
#define K(ID, text, use) KEYWORD_##use,
#include "xpp/lang/keywords.def"
#undef K
};

static const char *const operator_texts[] = {
    "",
#define P(ID, text, binding) text,
#include "xpp/lang/operators.def"
#undef P
};

static const uint8_t operator_bindings[] = {
    0,
#define P(ID, text, binding) binding,
#include "xpp/lang/operators.def"
#undef P
};

static uint8_t slots[SLOTS];
static uint32_t keyword_hashes[KEYWORDS];
static pthread_once_t slots_made = PTHREAD_ONCE_INIT;

uint32_t token_hash(struct str name)
{
    uint32_t h = TOKEN_HASH_START;
    for (size_t i = 0; i < name.n; i++)
        h = token_hash_step(h, (unsigned char)name.p[i]);
    return h ? h : 1;
}

static void make_slots(void)
{
    for (unsigned k = 1; k < KEYWORDS; k++) {
        keyword_hashes[k] = token_hash(str_of(keyword_texts[k]));
        uint32_t slot = keyword_hashes[k];
        while (slots[slot % SLOTS])
            slot++;
        slots[slot % SLOTS] = (uint8_t)k;
    }
}

enum keyword keyword_find(struct str name, uint32_t hash)
{
    pthread_once(&slots_made, make_slots);
    for (uint32_t slot = hash; slots[slot % SLOTS]; slot++) {
        unsigned k = slots[slot % SLOTS];
        if (keyword_hashes[k] == hash && strlen(keyword_texts[k]) == name.n &&
            strncasecmp(keyword_texts[k], name.p, name.n) == 0)
            return (enum keyword)k;
    }
    return KEYWORD_NONE;
}

enum keyword_use keyword_use(enum keyword k)
{
    return (enum keyword_use)keyword_uses[k];
}

const char *keyword_text(enum keyword k)
{
    return keyword_texts[k];
}

const char *operator_text(enum operator_id o)
{
    return operator_texts[o];
}

unsigned operator_binding(enum operator_id o)
{
    return operator_bindings[o];
}

enum operator_id operator_of_keyword(enum keyword k)
{
    static const uint8_t operators[KEYWORDS] = {
        [KEYWORD_IS] = OPERATOR_IS, [KEYWORD_AS] = OPERATOR_AS,   [KEYWORD_LIKE] = OPERATOR_LIKE,
        [KEYWORD_IN] = OPERATOR_IN, [KEYWORD_DIV] = OPERATOR_DIV, [KEYWORD_MOD] = OPERATOR_MOD,
    };
    return (enum operator_id)operators[k];
}
