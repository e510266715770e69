/*
 * attr: the few compiler attributes and macros that every file may use.
 *
 * MUST_CHECK marks a result that may not be dropped; SCOPED declares a pointer that is released when its block ends, so
 * that functions can return early. A type that is used with SCOPED says so once, below its `_free`, with DEFINE_SCOPED.
 */
#ifndef BASE_ATTR_H
#define BASE_ATTR_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define UNUSED __attribute__((unused))

/* `SCOPED(conn) c = NULL;` frees c with conn_free() at the end of the block, also when it is still NULL. */
#define SCOPED(type) __attribute__((cleanup(type##_free_scoped))) struct type *

#define DEFINE_SCOPED(type)                                                                                            \
    static inline void type##_free_scoped(struct type **ref)                                                           \
    {                                                                                                                  \
        if (*ref)                                                                                                      \
            type##_free(*ref);                                                                                         \
    }

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define MAX(a, b) ((a) > (b) ? (a) : (b))

#endif
