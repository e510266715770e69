/*
 * checkrows: findings of a check out of a database: one for each row, whose columns are what it is about and what is
 * wrong there.
 */
#ifndef DB_CHECKROWS_H
#define DB_CHECKROWS_H
#include "base/checks.h"
#include "db/pg.h"

/* Takes the rows of a result with two columns. */
void checkrows_take(struct checks *c, enum check_state state, const PGresult *r);

/* Asks, then takes. `args` may be PG_NONE. */
bool checkrows_query(struct checks *c, enum check_state state, struct pg *pg, const char *sql, struct pg_args args,
                     struct err *err) MUST_CHECK;

#endif
