/*
 * refresh: refresh.yaml: what is not carried into production, what is reset there, what is kept of the old one.
 *
 * A package may have one, and a project: each section of the project's takes the place of the package's. Tables are
 * named with their schema and may hold `*`. Whether tables and columns exist is known only to a server; what does not
 * exist is passed over there, visibly. The format is described in docs/package.md.
 */
#ifndef CONF_REFRESH_H
#define CONF_REFRESH_H
#include "base/arena.h"
#include "base/err.h"

enum refresh_when { REFRESH_ALWAYS, REFRESH_PRODUCTION, REFRESH_NOT_PRODUCTION };

struct refresh_table { /* of not_carried, keep */
    const char *pattern, *reason;
    enum refresh_when when;
};

struct refresh_set { /* a column and the expression that it becomes */
    const char *column, *value;
};

struct refresh_reset {
    const char *id, *about;
    enum refresh_when when;
    const char *sql, *check;   /* a statement, and a SELECT of the rows that it has left wrong; or: */
    const char *table, *where; /* ... a table, which rows ("true": all) */
    struct refresh_set *set;   /* ... and what becomes of their columns */
    size_t n_set;
};

struct refresh_columns { /* of encrypted */
    const char *table;
    const char **columns;
    size_t n;
};

struct refresh_policy {
    struct refresh_table *not_carried, *keep;
    size_t n_not_carried, n_keep;
    struct refresh_reset *resets;
    size_t n_resets;
    struct refresh_columns *encrypted;
    size_t n_encrypted;
};

/* True when a rule is for a target of this kind. */
bool refresh_applies(enum refresh_when w, bool production);

/* Reads the files; either may be missing. Fails with ERR_PACKAGE or ERR_CONFIG, with line and column. */
bool refresh_read(const char *package_file, const char *project_file, struct arena *a, struct refresh_policy *ret,
                  struct err *err) MUST_CHECK;

#endif
