/*
 * csv: comma-separated values (RFC 4180) from anybody's program, record by record.
 *
 * Lines end with LF or CRLF, the last one may lack it; a byte order mark at the start is skipped; empty lines are, too.
 * A record that breaks the rules says why, and reading goes on with the line behind the one it began in, so that one
 * open quote does not swallow the rest of a file. Fields live in the arena and are followed by a zero byte.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H
#include "base/arena.h"

#define CSV_FIELDS_MAX 64

struct csv {
    struct str rest;
    int line; /* of the next record, from 1 */
};

struct csv_record {
    int line; /* in which it begins */
    struct str fields[CSV_FIELDS_MAX];
    size_t n;
    const char *mistake; /* NULL, or why it is none; `fields` are those before it */
};

void csv_init(struct csv *c, struct str text);

/* False at the end. */
bool csv_next(struct csv *c, struct arena *a, struct csv_record *ret);

#endif
