/*
 * schema: a package's schema scripts, statement by statement, each with the table it is about.
 *
 * Indexes and constraints are built per table once its load is done, so the scripts are cut up here.
 */
#ifndef LENS_SCHEMA_H
#define LENS_SCHEMA_H
#include "conf/package.h"

struct schema_statement {
    const char *sql;
    const char *table; /* without schema; NULL: about no single table */
    const char *index; /* name of the index it makes, or NULL */
    bool is_key;       /* ALTER TABLE ... ADD PRIMARY KEY */
    const char **key;  /* its columns */
    size_t n_key;
    int line;
};

struct schema_statements {
    struct schema_statement *p;
    size_t n;
};

/* Cuts up a script; a missing one (`file` NULL) has no statements. Fails with ERR_PACKAGE and the line. */
bool schema_split(const struct package_file *file, struct arena *a, struct schema_statements *ret,
                  struct err *err) MUST_CHECK;

#endif
