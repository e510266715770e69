/*
 * listing: rows of a query as a table for people, or as JSON for programs.
 */
#ifndef N1_LISTING_H
#define N1_LISTING_H
#include "db/pg.h"

struct listing {
    const char *sql; /* names of its columns are the names in JSON */
    struct pg_args args;
    const char *name;    /* of the list in JSON */
    const char *columns; /* titles, as for term_table_new() */
    bool member;         /* JSON without braces, to stand in an object of the caller's */
};

/* {"name": [...]}, or a table. */
bool listing_put(struct pg *target, const struct listing *l, bool json, struct buf *b, struct err *err) MUST_CHECK;

/* A column of type timestamptz as ISO 8601 in UTC, '' for null. */
#define LISTING_ISO(column) "coalesce(to_char(" column " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '')"

#endif
