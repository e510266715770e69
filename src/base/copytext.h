/*
 * copytext: values in lines of PostgreSQL's COPY text format.
 *
 * Tabs stand between values; \N is null; backslash, tab, newline, carriage return and the other control characters that
 * COPY knows are written with a backslash. Pure; works in place, so that a row costs no allocation.
 * Source: PostgreSQL manual, COPY, "Text Format".
 */
#ifndef BASE_COPYTEXT_H
#define BASE_COPYTEXT_H
#include "base/buf.h"

/* Cuts a line into exactly `n` values, undoing escapes in place; a null value has p NULL. False when the line has
 * another number of values or an escape that is none. */
bool copytext_split(char *line, size_t length, struct str *ret_values, size_t n);

/* Appends one value (p NULL: null) with escapes; the caller puts tabs and newlines between. */
void copytext_put(struct buf *b, struct str value);

#endif
