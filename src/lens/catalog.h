/*
 * catalog: what rewriting has to know about the tables that lenses read: their columns and their keys.
 *
 * Filled from the target server, or by hand in a test. Never changes once it is filled.
 */
#ifndef LENS_CATALOG_H
#define LENS_CATALOG_H
#include "base/arena.h"
#include "base/map.h"
#include "db/pg.h"

struct catalog_column {
    const char *name, *type;
    bool not_null;
};

struct catalog_table {
    const char *schema, *name;
    struct catalog_column *columns;
    size_t n_columns;
    const char **key; /* key columns in order */
    size_t n_key;     /* 0: the table has no key */
};

struct catalog; /* opaque */

/* Tables are kept in the arena, which must outlive the catalog. */
struct catalog *catalog_new(struct arena *a);
void catalog_free(struct catalog *c);
DEFINE_SCOPED(catalog)

/* Adds a table. `columns` is "name, name!, ...": ! marks NOT NULL; `key` is "name, name" or "". For tests. */
void catalog_add(struct catalog *c, const char *schema, const char *name, const char *columns, const char *key);

/* Declares an aggregate of pg_catalog. For tests. */
void catalog_add_aggregate(struct catalog *c, const char *name);

/* Reads the tables of a schema, and the names of all aggregates. Keys are what replication goes by where it knows the
 * table, else the primary key. */
bool catalog_read(struct catalog *c, struct pg *pg, const char *schema, struct err *err) MUST_CHECK;

/* Declares the key of a table whose primary key is not built yet. */
void catalog_set_key(struct catalog *c, const char *schema, const char *name, const char *const *key, size_t n);

/* The table, or NULL. */
struct catalog_table *catalog_table(const struct catalog *c, const char *schema, const char *name);

/* The column, or NULL. */
const struct catalog_column *catalog_column(const struct catalog_table *t, const char *name);

/* True when the function is an aggregate; `schema` is "" for those of pg_catalog. */
bool catalog_is_aggregate(const struct catalog *c, const char *schema, const char *name);

#endif
