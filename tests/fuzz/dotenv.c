/* The file .env may be any bytes: variables with proper names, or a message with the line. */
#include "conf/dotenv.h"
#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    SCOPED(arena) a = arena_new();
    SCOPED(map) values = map_new();
    struct err err = {0};
    if (!dotenv_parse((struct str){(const char *)data, n}, ".env", a, values, &err)) {
        assert(err.code == ERR_CONFIG && strncmp(err.message, ".env:", 5) == 0);
        return 0;
    }
    for (size_t i = 0; i < map_count(values); i++) {
        const struct map_entry *e = map_at(values, i);
        const struct dotenv_value *v = e->value;
        assert(e->key.n && !memchr(e->key.p, '=', e->key.n) && v->line > 0 && v->text);
    }
    return 0;
}
