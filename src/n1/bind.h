/*
 * bind: a statement of a package whose `:names` are bind parameters.
 *
 * `:giftCardId` becomes `$1::text`; what the client sent is never part of the statement's text. Each use of a name has
 * a number of its own, and a name that is not used is not sent. Made once, then only read: any thread.
 */
#ifndef N1_BIND_H
#define N1_BIND_H
#include "conf/package.h"
#include "conf/param.h"
#include "db/pg.h"

struct bind {
    const char *sql;
    const char **names; /* of $1, $2 ... */
    size_t n;
};

/* `known` are the names that may be used. Fails with ERR_PACKAGE for another one. */
bool bind_make(const struct package_file *f, const struct params *known, struct arena *a, struct bind *ret,
               struct err *err) MUST_CHECK;

/* The arguments for it; `values` maps names to C strings, a name without one is SQL's NULL. Lives in the arena. */
struct pg_args bind_args(const struct bind *b, const struct map *values, struct arena *a);

/* Asks the server whether the statement can run; one that is not there can. Fails with ERR_PACKAGE. */
bool bind_try(const struct bind *b, struct pg *pg, struct err *err) MUST_CHECK;

#endif
