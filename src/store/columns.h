/*
 * columns: tables of the channel database as uploads describe them, and their rows as lines of COPY text.
 */
#ifndef STORE_COLUMNS_H
#define STORE_COLUMNS_H
#include "net/parcel.h"
#include "store/channel.h"

/* Fills columns and key of `t`, whose name is set, in the arena. A type "numeric text(32,16)", which keeps decimals as
 * they are in SQLite, is numeric(32,16) for everybody else. */
bool columns_read(struct channel *c, struct parcel_table *t, struct arena *a, struct err *err) MUST_CHECK;

/* The query for its rows with counters above counter_after, up to counter_to, in their order. */
const char *columns_select(const struct parcel_table *t, struct arena *a);

/* Appends the row that `s` stands on as a line. */
void columns_put(struct buf *b, sqlite3_stmt *s, size_t n);

#endif
