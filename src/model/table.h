/*
 * table: what carryover knows of one table: columns, key, size and how it is replicated. Pure data, no I/O.
 *
 * Tables are read from the source's catalog once per run and never change afterwards; they live in the arena that was
 * given to the reader. Names are as in the catalog, not quoted.
 */
#ifndef MODEL_TABLE_H
#define MODEL_TABLE_H
#include "base/arena.h"
#include "base/buf.h"
#include <stdint.h>

struct column {
    const char *name;
    int number;            /* in the source's catalog: another one under the same name is another column */
    const char *type;      /* as format_type() writes it: "numeric(32,16)" */
    uint32_t type_oid;     /* on the source */
    int32_t modifier;      /* length, precision and scale as the source's catalog has them */
    const char *fallback;  /* constant default, or NULL */
    const char *generated; /* expression of a generated column, or NULL; such columns are never copied */
    bool not_null;
    bool toastable; /* a value may be stored out of line, and then arrive as "unchanged" */
    bool binary;    /* the binary form is the same on another server */
};

/* How the rows of a table get to the target and stay right. */
enum table_mode {
    TABLE_FOLLOW,  /* copied, then followed by key */
    TABLE_FULL,    /* copied, then followed by whole row: no key, but REPLICA IDENTITY FULL */
    TABLE_CUTOVER, /* copied when the source is silent: the change stream cannot tell its rows apart */
};

struct index {
    const char *name;
    const char *ddl; /* complete statement, table name not qualified */
    bool key;        /* the one that makes the key, needed before changes are applied */
    bool unique;
};

struct table {
    int number;             /* place in the list; stable within a run */
    const char *schema;     /* on the source */
    const char *name;       /* on both sides */
    const char *label;      /* its name; with the schema where it is not of the first one: unique in the list */
    uint32_t oid;           /* on the source */
    const char *home;       /* schema on the target */
    struct column *columns; /* in order of the catalog */
    size_t n_columns;
    size_t *key; /* indexes into columns, in key order */
    size_t n_key;
    enum table_mode mode;
    const char *reason; /* why it is not TABLE_FOLLOW, for people; "" when it is */
    struct index *indexes;
    size_t n_indexes;
    int64_t rows;  /* estimate */
    int64_t bytes; /* of the heap, exact */
    bool partitioned;
    bool binary; /* every column can travel in binary form */
};

struct table_list {
    struct table *p;
    size_t n;
};

const char *table_mode_name(enum table_mode mode);

/* The column with this name, or NULL. */
const struct column *table_column(const struct table *t, const char *name);

/* The table with this name on the source, or NULL. */
struct table *table_find(const struct table_list *l, const char *schema, const char *name);

/* Appends the quoted names of the columns that are copied, comma between, each after `prefix` ("t." or ""). */
void table_put_columns(struct buf *b, const struct table *t, const char *prefix);

/* Appends the quoted names of the key columns, comma between, each after `prefix`. */
void table_put_key(struct buf *b, const struct table *t, const char *prefix);

/* Appends "schema"."name" on the target. */
void table_put_target(struct buf *b, const struct table *t);

/* Appends "schema"."name" on the source for FROM, without the tables that inherit from it. */
void table_put_source(struct buf *b, const struct table *t);

/* A line for each column and one for the key, which change whenever those do, to notice changes between runs. Defaults
 * do not matter. */
void table_put_shape(struct buf *b, const struct table *t);

/* Appends what the first difference of two shapes is, for people: "column a is gone"; nothing when there is none. */
void table_put_shape_change(struct buf *b, struct str before, struct str now);

/* Appends CREATE TABLE for the target: columns, constant defaults, NOT NULL, generated columns; no key. */
void table_put_create(struct buf *b, const struct table *t);

#endif
