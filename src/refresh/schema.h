/*
 * schema: everything of a database that is not a row: tables, functions, views, constraints, rights, comments.
 *
 * pg_dump knows all of it and orders it, so it is asked: what has to be there before the rows ("pre-data") is made in
 * one transaction before the copy, the rest ("post-data") in one transaction after it, without the indexes that
 * replication has built by then. Programs of PostgreSQL are found on this machine, of a version that is not older than
 * the server's.
 */
#ifndef REFRESH_SCHEMA_H
#define REFRESH_SCHEMA_H
#include "db/pg.h"

struct schema_opts {
    const char *uri; /* of the sandbox */
    const char *bin; /* folder of pg_dump; "" or NULL: found on this machine */
    const char *dir; /* a folder for files */
    bool n1;         /* with the tables of N-1 and what keeps them */
};

struct schema_dump {
    const struct schema_opts *opts;
    const char *bin, *archive;
    char digest[33]; /* of what users and packages made; what `n1 keep` adds meanwhile does not count */
};

/* The folder with pg_dump and pg_restore for a server of this major version. Fails with ERR_SERVER_MISSING. */
bool schema_programs(const char *bin, int major, struct arena *a, const char **ret, struct err *err) MUST_CHECK;

/* Writes the archive. `opts` must outlive it. */
bool schema_take(const struct schema_opts *o, int major, struct arena *a, struct schema_dump *ret,
                 struct err *err) MUST_CHECK;

/* Makes what comes before the rows, in the transaction that is open on `next`. */
bool schema_make_before(const struct schema_dump *d, struct pg *next, struct arena *a, struct err *err) MUST_CHECK;

/* Makes what comes after the rows and is not there yet, in the transaction that is open on `next`. */
bool schema_make_after(const struct schema_dump *d, struct pg *sandbox, struct pg *next, struct arena *a,
                       struct err *err) MUST_CHECK;

#endif
