/*
 * pg: real PostgreSQL servers for the tests.
 *
 * A test program has at most one server, in a temporary folder of its own, made by the first call of test_pg_start()
 * and removed at the end of the program. Everything that fails here ends the program with the reason.
 */
#ifndef TESTS_INTEGRATION_PG_H
#define TESTS_INTEGRATION_PG_H
#include "base/arena.h"
#include "db/pg.h"

/* A new empty folder that every user may enter; it is removed when the program ends. */
const char *test_folder(void);

/* Starts the server (durability off, plus the conf lines, which may be NULL) and gives a URI of an empty database. */
const char *test_pg_start(const char *const *conf);

/* Makes an empty database (dropped first when it exists) and gives its URI, in the arena. */
const char *test_pg_database(struct arena *a, const char *name);

/* A connection to it. */
struct pg *test_pg_open(const char *uri);

/* Runs statements that must succeed. */
void test_pg_exec(struct pg *pg, const char *sql);

/* One value of one row as text, "" for NULL or no row; it lives until the next call. */
const char *test_pg_value(struct pg *pg, const char *sql);

#endif
