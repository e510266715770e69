/*
 * arena: memory that is freed as a whole.
 *
 * For everything that belongs to one request, one batch or one parse. Allocations are aligned for any type, never fail
 * (out of memory aborts) and live until arena_reset() or arena_free(). Not thread-safe: one arena, one thread.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include "base/attr.h"
#include "base/str.h"
#include <stdarg.h>
#include <stddef.h>

struct arena; /* opaque */

struct arena *arena_new(void);
void arena_free(struct arena *a);
DEFINE_SCOPED(arena)

/* Forgets everything that was allocated and keeps one block for reuse. */
void arena_reset(struct arena *a);

/* Zeroed bytes. */
void *arena_alloc(struct arena *a, size_t n);

/* Bytes that are not zeroed, for the row path. */
void *arena_alloc_raw(struct arena *a, size_t n);

#define arena_new_array(a, type, n) ((type *)arena_alloc((a), sizeof(type) * (n)))
#define arena_new_one(a, type) arena_new_array(a, type, 1)

/* Copies with a terminating zero. */
char *arena_dup(struct arena *a, const char *z);
char *arena_dup_str(struct arena *a, struct str s);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list args) PRINTF_LIKE(2, 0);

/* Bytes taken since the last reset: what a batch counts against its limit. */
size_t arena_used(const struct arena *a);

#endif
