#include "base/name.h"
#include "base/hash.h"

void name_put(struct buf *b, const char *name)
{
    buf_putc(b, '"');
    for (; *name; name++) {
        if (*name == '"')
            buf_putc(b, '"');
        buf_putc(b, *name);
    }
    buf_putc(b, '"');
}

char *name_derived(struct arena *a, const char *prefix, const char *name)
{
    if (strlen(prefix) + strlen(name) <= NAME_MAX_BYTES)
        return arena_printf(a, "%s%s", prefix, name);
    return arena_printf(a, "%s%016" PRIx64, prefix, hash_bytes(name, strlen(name)));
}
