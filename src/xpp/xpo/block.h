/*
 * block: which keywords of an export open what: the rows of blocks.def.
 */
#ifndef XPP_XPO_BLOCK_H
#define XPP_XPO_BLOCK_H
#include "base/str.h"

enum block_kind {
    BLOCK_BLOCK,
    BLOCK_ROOT,
    BLOCK_PART,
    BLOCK_TYPED,
    BLOCK_HASHES,
    BLOCK_BYTES,
    BLOCK_PAIRS,
    BLOCK_ITEM,
    BLOCK_FIELD,
    BLOCK_LINE,
};

struct block {
    struct str keyword, end;
    enum block_kind kind;
    const char *code; /* of a fragment that begins with it; "" when it begins none */
};

/* The row of a keyword, as it is written in capitals; NULL when nobody knows it. */
const struct block *block_find(struct str keyword);

/* The code of the extended data type whose type line this is ("UTS" of STRING), or NULL. */
const char *block_type_code(struct str type);

#endif
