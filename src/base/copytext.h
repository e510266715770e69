/*
 * copytext: values in lines of PostgreSQL's COPY text format.
 *
 * Tabs stand between values; \N is null; backslash, tab, newline, carriage return and the other control characters that
 * COPY knows (\b \f \v) are written with a backslash. Of what COPY would read, too, octal and hexadecimal escapes and
 * backslashes before other letters are refused: a value has one spelling, nearly. Pure; works in place, so that a row
 * costs no allocation. Source: PostgreSQL manual, COPY, "Text Format".
 */
#ifndef BASE_COPYTEXT_H
#define BASE_COPYTEXT_H
#include "base/buf.h"

/* Cuts a line (without its newline) into exactly `n` > 0 values, undoing escapes in place; a null value has p NULL,
 * every other one is followed by a zero byte, for which line[length] has to be writable. False when the line has
 * another number of values, an escape that is none, or a zero byte, newline or carriage return. The line is spoilt
 * either way. */
bool copytext_split(char *line, size_t length, struct str *ret_values, size_t n);

/* Appends one value (p NULL: null) with escapes; the caller puts tabs and newlines between. */
void copytext_put(struct buf *b, struct str value);

#endif
