#include "model/fit.h"
#include "base/attr.h"
#include <string.h>

void fit_take_type(struct fit_column *c, const char *type, int length, int scale)
{
    static const struct {
        const char *name;
        enum fit_kind kind;
        int bytes;
    } types[] = {{"text", FIT_TEXT, 0},       {"varchar", FIT_TEXT, 0},     {"bpchar", FIT_TEXT, 0},
                 {"numeric", FIT_NUMBER, 0},  {"int2", FIT_INTEGER, 2},     {"int4", FIT_INTEGER, 4},
                 {"int8", FIT_INTEGER, 8},    {"smallint", FIT_INTEGER, 2}, {"int", FIT_INTEGER, 4},
                 {"integer", FIT_INTEGER, 4}, {"bigint", FIT_INTEGER, 8}};
    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (strcmp(types[i].name, type) != 0)
            continue;
        c->kind = types[i].kind;
        c->length = types[i].bytes ? types[i].bytes : length;
        c->scale = scale;
    }
    c->declared = type;
}
