/*
 * fit: what the tables of another version can hold, as plain data, and the queries that yield what would go there.
 *
 * A lens is already written for the database that is asked: its tables are that database's. Columns that call functions
 * which only the target has are left out of it. Pure data, no I/O.
 */
#ifndef MODEL_FIT_H
#define MODEL_FIT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum fit_kind { FIT_ANY, FIT_TEXT, FIT_NUMBER, FIT_INTEGER };

struct fit_column {
    const char *name, *declared; /* "varchar(20)" */
    enum fit_kind kind;
    int length;    /* characters, digits, or bytes of an integer; 0: any */
    int scale;     /* of a number */
    bool not_null; /* it has to have a value */
    const int64_t *known;
    size_t n_known; /* 0: every value is known */
};

/* Columns that have to be unique together. */
struct fit_unique {
    const char **columns;
    size_t n;
};

struct fit_lens {
    const char *table, *path;
    const char *sql;        /* NULL: it cannot be asked there */
    const char *unchecked;  /* columns that were left out, or why it cannot be asked; "" */
    const char *key;        /* comma list of its columns */
    const char *by;         /* the column that says whose a row is, or NULL */
    const char *everywhere; /* without `by`: who has all of them ("every store"), or "" */
    struct fit_column *columns;
    size_t n_columns;
    struct fit_unique *uniques;
    size_t n_uniques;
};

struct fit_lenses {
    struct fit_lens *p;
    size_t n;
};

/* Reads a declared type, "varchar(20)", "numeric(32,6)", "bigint", into kind, length and scale. */
void fit_take_type(struct fit_column *c, const char *type, int length, int scale);

#endif
