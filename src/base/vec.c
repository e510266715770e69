#include "base/vec.h"
#include <string.h>

void vec_grow(void **p, size_t n, size_t *cap, size_t size)
{
    if (n == *cap) {
        *cap = *cap ? *cap * 2 : 8;
        *p = realloc(*p, *cap * size);
        if (!*p)
            abort();
    }
    memset((char *)*p + n * size, 0, size);
}
