/*
 * uri: connection strings: for people, for another database of the same server, and for programs of PostgreSQL.
 */
#ifndef DB_URI_H
#define DB_URI_H
#include "base/arena.h"
#include "base/err.h"

/* A connection string (URI or keywords) that may be printed: the password and every secret keyword become ***. What
 * cannot be parsed is shown as "***" altogether. */
char *uri_masked(struct arena *a, const char *uri);

/* The same server and user, another database: keywords for libpq, with the password, not for people. Fails with
 * ERR_CONFIG when `uri` can not be parsed. */
bool uri_with_database(struct arena *a, const char *uri, const char *database, char **ret, struct err *err) MUST_CHECK;

/* The same with these settings of the session ("-c name=value") behind those that it has. */
bool uri_with_options(struct arena *a, const char *uri, const char *options, char **ret, struct err *err) MUST_CHECK;

/* The database that it names; as libpq does, the user's name when it names none, NULL when that is not there either. */
char *uri_database(struct arena *a, const char *uri);

/* "PGHOST=...", NULL-terminated: passwords are not for the list of processes. */
char **uri_environment(struct arena *a, const char *uri);

#endif
