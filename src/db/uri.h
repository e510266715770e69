/*
 * uri: connection strings for people.
 */
#ifndef DB_URI_H
#define DB_URI_H
#include "base/arena.h"

/* A connection string (URI or keywords) that may be printed: the password and every secret keyword become ***. What
 * cannot be parsed is shown as "***" altogether. */
char *uri_masked(struct arena *a, const char *uri);

#endif
