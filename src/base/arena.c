#include "base/arena.h"
#include <assert.h>
#include <stdalign.h>
#include <stdint.h>

#define BLOCK_MIN (64u * 1024)

struct block {
    struct block *prev;
    size_t used, cap;
    alignas(max_align_t) char bytes[];
};

struct arena {
    struct block *top;
    size_t used;
};

static struct block *block_new(size_t need, struct block *prev)
{
    size_t cap = BLOCK_MIN;
    if (prev)
        cap = MIN(prev->cap * 2, (size_t)8 << 20);
    cap = MAX(cap, need);
    struct block *b = malloc(sizeof *b + cap);
    if (!b)
        abort();
    *b = (struct block){.prev = prev, .cap = cap};
    return b;
}

struct arena *arena_new(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        abort();
    return a;
}

static void free_chain(struct block *b)
{
    while (b) {
        struct block *prev = b->prev;
        free(b);
        b = prev;
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    free_chain(a->top);
    free(a);
}

void arena_reset(struct arena *a)
{
    if (a->top) {
        free_chain(a->top->prev);
        a->top->prev = NULL;
        a->top->used = 0;
    }
    a->used = 0;
}

void *arena_alloc_raw(struct arena *a, size_t n)
{
    assert(n < SIZE_MAX / 2);
    n = (n + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!a->top || a->top->cap - a->top->used < n)
        a->top = block_new(n, a->top);
    void *p = a->top->bytes + a->top->used;
    a->top->used += n;
    a->used += n;
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    return memset(arena_alloc_raw(a, n), 0, n);
}

char *arena_dup_str(struct arena *a, struct str s)
{
    char *p = arena_alloc_raw(a, s.n + 1);
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return p;
}

char *arena_dup(struct arena *a, const char *z)
{
    return arena_dup_str(a, str_of(z));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list args)
{
    char few[256];
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(few, sizeof few, fmt, again);
    va_end(again);
    assert(n >= 0);
    char *p = arena_alloc_raw(a, (size_t)n + 1);
    if ((size_t)n < sizeof few)
        memcpy(p, few, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, fmt, args);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *p = arena_vprintf(a, fmt, args);
    va_end(args);
    return p;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
