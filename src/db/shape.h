/*
 * shape: digests of what a schema is made of: each table with its columns, indexes and constraints, each view, function
 * and sequence. Two databases with equal digests have equal schemas; a difference names the object.
 */
#ifndef DB_SHAPE_H
#define DB_SHAPE_H
#include "db/pg.h"

struct shape_object {
    const char *name;   /* "hq.custtable" */
    const char *digest; /* of its definition */
};

/* All objects of a schema, by name; none where it does not exist. Triggers and what belongs to an extension are left
 * out. */
bool shape_read(struct pg *pg, const char *schema, struct arena *a, struct shape_object **ret, size_t *ret_n,
                struct err *err) MUST_CHECK;

#endif
