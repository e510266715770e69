/*
 * buf: bytes that grow at the end, owned by whoever holds the struct.
 *
 * Starts as `struct buf b = {0};`, released with buf_done(), emptied for reuse with buf_reset(). Always followed by a
 * zero byte once something was put, so `b.p` can be used as a C string. Never fails: out of memory, or more than
 * BUF_MAX bytes, is a bug of the caller, who has bounded his input before.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H
#include "base/attr.h"
#include "base/str.h"
#include <stdarg.h>
#include <stdint.h>

#define BUF_MAX ((size_t)1 << 31)

struct buf {
    char *p;
    size_t n, cap;
};

void buf_done(struct buf *b);
#define SCOPED_BUF __attribute__((cleanup(buf_done))) struct buf

static inline void buf_reset(struct buf *b)
{
    b->n = 0;
}

/* Room for `n` more bytes; returns where they go. The caller adds to b->n what he wrote. */
static inline char *buf_room(struct buf *b, size_t n);

static inline void buf_put(struct buf *b, const void *p, size_t n);
static inline void buf_puts(struct buf *b, const char *z);
static inline void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

/* Big-endian integers, as network protocols and binary COPY have them. */
void buf_put_u16(struct buf *b, uint16_t v);
void buf_put_u32(struct buf *b, uint32_t v);
void buf_put_u64(struct buf *b, uint64_t v);

/* The text as a C string, "" when nothing was put. */
const char *buf_text(const struct buf *b);

/* The slow path of buf_room(). */
char *buf_grow(struct buf *b, size_t n);

static inline char *buf_room(struct buf *b, size_t n)
{
    return b->cap - b->n > n ? b->p + b->n : buf_grow(b, n);
}

static inline void buf_put(struct buf *b, const void *p, size_t n)
{
    char *at = buf_room(b, n);
    if (n)
        memcpy(at, p, n);
    at[n] = '\0';
    b->n += n;
}

static inline void buf_puts(struct buf *b, const char *z)
{
    buf_put(b, z, strlen(z));
}

static inline void buf_putc(struct buf *b, char c)
{
    buf_put(b, &c, 1);
}

static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->p, b->n};
}

#endif
