/* The body of a call may be any bytes: values that are what the method declares, or an error that repeats none of them.
 */
#include "n1/args.h"
#include "base/arena.h"
#include <assert.h>

static struct param declared[] = {
    {.name = "card", .type = PARAM_STR, .max = 8, .optional = true},
    {.name = "on", .type = PARAM_BOOL, .optional = true},
    {.name = "day", .type = PARAM_DATE, .optional = true},
    {.name = "n", .type = PARAM_INT, .optional = true},
    {.name = "big", .type = PARAM_INT64, .optional = true},
    {.name = "id", .type = PARAM_GUID, .optional = true},
    {.name = "sum", .type = PARAM_REAL, .optional = true},
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct params all = {declared, ARRAY_LEN(declared)};
    SCOPED(arena) a = arena_new();
    SCOPED_ARGS args = {0};
    struct err err = {0};
    char digest[ARGS_DIGEST_MAX];
    if (!args_read((struct str){(const char *)data, n}, &all, a, &args, &err)) {
        assert(err.code == ERR_REQUEST || err.code == ERR_CALL_PARAMETERS);
        return 0;
    }
    args_digest(&args, &all, "Method", digest);
    assert(strlen(digest) == 64 && (!args.key || strlen(args.key) <= ARGS_KEY_MAX));
    for (size_t i = 0; i < map_count(args.values); i++) {
        const struct param *p = param_find(&all, map_at(args.values, i)->key);
        const char *text = map_at(args.values, i)->value;
        assert(p && strlen(text) <= (p->type == PARAM_STR ? 4 * p->max : 64));
        assert(p->type == PARAM_STR || strcspn(text, "'\\; ") == strlen(text));
    }
    return 0;
}
