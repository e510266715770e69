/*
 * name: SQL identifiers as text.
 */
#ifndef BASE_NAME_H
#define BASE_NAME_H
#include "base/arena.h"
#include "base/buf.h"

#define NAME_MAX_BYTES 63 /* PostgreSQL cuts longer identifiers without a word */

/* Appends a quoted identifier: "my ""table""". */
void name_put(struct buf *b, const char *name);

/* "prefix" + name as one identifier that PostgreSQL will not cut: a name that would be too long ends in its hash. */
char *name_derived(struct arena *a, const char *prefix, const char *name);

#endif
