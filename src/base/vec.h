/*
 * vec: a growing array of one type, as a struct `{type *p; size_t n, cap;}` made with VEC(type).
 *
 * Starts zeroed, released with vec_done(). Elements move when it grows: keep indexes, not pointers.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define VEC(type)                                                                                                      \
    struct {                                                                                                           \
        type *p;                                                                                                       \
        size_t n, cap;                                                                                                 \
    }

/* Adds one zeroed element at the end and yields a pointer to it, valid until the next push. */
#define vec_push(v)                                                                                                    \
    ((void)((v)->p && (v)->n < (v)->cap ? (v)->p : ((v)->p = vec_grow((v)->p, &(v)->cap, sizeof *(v)->p))),            \
     memset(&(v)->p[(v)->n], 0, sizeof *(v)->p), &(v)->p[(v)->n++])

/* An empty vector may have no memory: nothing is added to NULL. */
#define vec_each(v, it) for (__typeof__(&*(v)->p) it = (v)->p; it && it < (v)->p + (v)->n; it++)

#define vec_done(v) (free((v)->p), (v)->p = NULL, (v)->n = (v)->cap = 0)

/* The memory of a full vector, moved to where it has room for as much again; use vec_push(). */
void *vec_grow(void *p, size_t *cap, size_t size);

#endif
