/*
 * uploads: the section `uploads:` of package.yaml: what stores send up, and what is made of it.
 *
 * It names the tables of N-1 that a store sends rows of, how rows are told apart by store, what a transaction is, where
 * the result of the consistency checks goes, what headquarters puts into columns that stores do not send, and which
 * tables of version N are sums that have to be counted again. docs/package.md describes it. Whether tables and columns
 * exist is known only to a server.
 */
#ifndef CONF_UPLOADS_H
#define CONF_UPLOADS_H
#include "conf/yaml.h"

struct uploads_names {
    const char **p;
    size_t n;
};

struct uploads_table {
    const char *name;                 /* of a table of N-1 */
    const char *store;                /* the column with the store's id; NULL: its transaction says whose it is */
    const char *counter;              /* the column that counts rows of a store; NULL: none */
    struct uploads_names transaction; /* columns that name the transaction; none: rows belong to none */
};

struct uploads_default { /* of a column that stores do not send */
    const char *column, *sql;
};

struct uploads {
    const char *job;
    struct uploads_table *tables; /* in the order in which rows go in */
    size_t n_tables;
    const struct uploads_table *transactions; /* one row is one transaction; its `transaction` is the key */
    const char *status, *status_good,
        *status_bad;       /* column of version N's table of transactions; NULL: there is none */
    const char *status_at; /* when it was set; NULL: no such column */
    struct uploads_default *defaults;
    size_t n_defaults;
    struct uploads_names recount; /* tables of version N */
};

/* Reads the section. Fails with ERR_PACKAGE, with line and column. */
bool uploads_read(const struct yaml *y, const struct yaml_node *node, struct arena *a, struct uploads **ret,
                  struct err *err) MUST_CHECK;

#endif
