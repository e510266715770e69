#include "base/buf.h"
#include <assert.h>

void buf_done(struct buf *b)
{
    free(b->p);
    *b = (struct buf){0};
}

char *buf_grow(struct buf *b, size_t n)
{
    assert(n < BUF_MAX && b->n + n < BUF_MAX);
    size_t cap = MAX(b->cap * 2, b->n + n + 64);
    b->p = realloc(b->p, cap);
    if (!b->p)
        abort();
    b->cap = cap;
    return b->p + b->n;
}

void buf_vprintf(struct buf *b, const char *fmt, va_list args)
{
    va_list again;
    va_copy(again, args);
    size_t room = b->cap - b->n;
    int n = vsnprintf(room ? b->p + b->n : NULL, room, fmt, again);
    va_end(again);
    assert(n >= 0);
    if ((size_t)n >= room)
        vsnprintf(buf_room(b, (size_t)n + 1), (size_t)n + 1, fmt, args);
    b->n += (size_t)n;
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    buf_vprintf(b, fmt, args);
    va_end(args);
}

void buf_put_u16(struct buf *b, uint16_t v)
{
    uint8_t x[2] = {(uint8_t)(v >> 8), (uint8_t)v};
    buf_put(b, x, sizeof x);
}

void buf_put_u32(struct buf *b, uint32_t v)
{
    buf_put_u16(b, (uint16_t)(v >> 16));
    buf_put_u16(b, (uint16_t)v);
}

void buf_put_u64(struct buf *b, uint64_t v)
{
    buf_put_u32(b, (uint32_t)(v >> 32));
    buf_put_u32(b, (uint32_t)v);
}

const char *buf_text(const struct buf *b)
{
    return b->n ? b->p : "";
}
