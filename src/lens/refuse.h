/*
 * refuse: constructs that a lens which is kept up to date by key may not use, each with what to write instead.
 *
 * Run on the author's own text, so that the place in the file can be named.
 */
#ifndef LENS_REFUSE_H
#define LENS_REFUSE_H
#include "lens/catalog.h"
#include "lens/tree.h"

struct refusal {
    const char *construct; /* "LIMIT in a subquery"; NULL: nothing to refuse */
    const char *instead;   /* what to write */
    int location;          /* byte offset in the query's text, -1 unknown */
};

/* Finds the first construct that is refused. */
struct refusal refuse_check(const SelectStmt *q, const struct catalog *cat);

#endif
