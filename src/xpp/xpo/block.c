#include "xpp/xpo/block.h"
#include "base/attr.h"

static const struct block blocks[] = {
#define B(KEYWORD, END, KIND, CODE) {{KEYWORD, sizeof(KEYWORD) - 1}, {END, sizeof(END) - 1}, BLOCK_##KIND, CODE},
#include "xpp/xpo/blocks.def"
#undef B
};

const struct block *block_find(struct str keyword)
{
    size_t low = 0, high = ARRAY_LEN(blocks);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = str_cmp(keyword, blocks[middle].keyword);
        if (order == 0)
            return &blocks[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const char *block_type_code(struct str type)
{
    static const struct {
        const char *type, *code;
    } types[] = {{"STRING", "UTS"}, {"ENUM", "UTE"},      {"INT64", "UTW"}, {"INT", "UTI"},
                 {"REAL", "UTR"},   {"DATE", "UTD"},      {"TIME", "UTT"},  {"DATETIME", "UTZ"},
                 {"GUID", "UTG"},   {"CONTAINER", "UTQ"}, {"QUEUE", "UTQ"}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++)
        if (str_is(type, types[i].type))
            return types[i].code;
    return NULL;
}
