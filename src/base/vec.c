#include "base/vec.h"

void *vec_grow(void *p, size_t *cap, size_t size)
{
    *cap = *cap ? *cap * 2 : 8;
    p = realloc(p, *cap * size);
    if (!p)
        abort();
    return p;
}
