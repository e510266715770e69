/*
 * uri: connection strings for people.
 */
#ifndef DB_URI_H
#define DB_URI_H
#include "base/arena.h"
#include "base/err.h"

/* A connection string (URI or keywords) that may be printed: the password and every secret keyword become ***. What
 * cannot be parsed is shown as "***" altogether. */
char *uri_masked(struct arena *a, const char *uri);

/* The same server and user, another database: keywords for libpq. Fails with ERR_CONFIG when `uri` can not be parsed.
 */
bool uri_with_database(struct arena *a, const char *uri, const char *database, char **ret, struct err *err) MUST_CHECK;

#endif
