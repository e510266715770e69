/*
 * tracker: the statements that find out which keys of a lens changes of a base table can touch.
 *
 * Replication stages the keys of changed rows of old.<table> in pg_temp."changed:<table>" and runs the table's trackers
 * before and after it applies them; each puts lens keys into the lens' dirty log. See db/target.h for the tables.
 */
#ifndef LENS_TRACKER_H
#define LENS_TRACKER_H
#include "base/vec.h"
#include "lens/catalog.h"
#include "lens/shape.h"
#include "lens/tree.h"

struct tracker {
    const struct catalog_table *table;
    const char *sql; /* a complete INSERT; NULL: the table has no key, so any change asks for a full reload */
    bool is_direct;  /* keys come straight from the staged ones: once is enough */
    size_t n_covers; /* how many ways lead from the table to the key */
};

struct trackers {
    struct tracker *p;
    size_t n, cap;
};

/* What the trackers of a lens are made of. */
struct tracker_spec {
    const SelectStmt *query; /* normalised */
    const char *const *key;  /* output columns */
    size_t n_key;
    const char *dirty_schema, *dirty_table; /* the log, with columns named as the key */
    bool after_the_fact;                    /* run once, when the tables have changed already: see images.h */
};

/* Makes the trackers of a lens, one or two for each table it reads. Fails with ERR_LENS_CONSTRUCT, or ERR_PACKAGE for
 * a table that does not exist. */
bool tracker_make(struct arena *a, const struct catalog *cat, const struct tracker_spec *spec, struct trackers *ret,
                  struct err *err) MUST_CHECK;

#endif
