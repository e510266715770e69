/*
 * rows: the rows of a statement as JSON, or as a table for people.
 */
#ifndef N1_ROWS_H
#define N1_ROWS_H
#include "base/buf.h"
#include "db/pg.h"

/* {"name":[{column: value, ...}, ...]}; the server makes the JSON. */
bool rows_put_json(struct pg *pg, const char *sql, struct pg_args args, const char *name, struct buf *b,
                   struct err *err) MUST_CHECK;

/* `columns` as for term_table_new(), as many as the statement has. */
bool rows_put_text(struct pg *pg, const char *sql, struct pg_args args, const char *columns, struct buf *b,
                   struct err *err) MUST_CHECK;

/* A column of type timestamptz as ISO 8601 in UTC, '' for null. */
#define ROWS_ISO(column) "coalesce(to_char(" column " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '')"

#endif
