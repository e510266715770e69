/*
 * plan: which tables are replicated, in which ranges, with which indexes: decided once, kept in the target.
 *
 * A plan is made in one transaction together with the empty tables that are copied in several ranges, so that it is
 * there whole or not at all; a table of one range is made by the transaction that copies it. Afterwards only the marks
 * of what is done change, each in the transaction that did it. A later run loads the plan and compares it with the
 * source's catalog: a table that changed its shape meanwhile is ERR_SOURCE_DDL, never a guess.
 */
#ifndef REPLICATE_PLAN_H
#define REPLICATE_PLAN_H
#include "source/source.h"

struct plan_chunk {
    const struct table *table;
    int no;
    const char *const *lo, *const *hi; /* key values as text, lo <= key < hi; NULL: open */
    uint64_t at;                       /* snapshot that its rows come from, once done */
    bool done, taken;
};

struct plan_index {
    const struct table *table;
    const char *name, *ddl;
    bool key, unique;
    bool done, taken;
};

struct plan {
    const struct table_list *tables;
    struct plan_chunk *chunks; /* in the order of the tables: largest first */
    size_t n_chunks;
    struct plan_index *indexes;
    size_t n_indexes;
    uint64_t *copied_at;   /* by table number: the one snapshot that its rows come from, 0 while it is not copied */
    size_t *chunks_left;   /* by table number */
    uint64_t snapshot_lsn; /* capturing began here */
    uint64_t consistent_lsn;
    bool binary;
    bool made; /* the tables are there, empty and with everything that is not an index: none is made here */
};

/* Decides the chunks of every table: about `chunk_bytes` each, never fewer than one. Reads the source only. */
bool plan_make(struct source *s, const struct table_list *tables, int64_t chunk_bytes, struct arena *a,
               struct plan *ret, struct err *err) MUST_CHECK;

/* The tables are on the target, with the very rows of the plan's snapshot: there is nothing to copy or to build. */
void plan_adopt(struct plan *p);

/* Writes the plan and makes the empty tables, in the transaction that is open on `target`. */
bool plan_store(const struct plan *p, const char *types_sql, struct pg *target, struct err *err) MUST_CHECK;

/* Reads the plan back and checks it against the source's `catalog`; the plan gets its own list of tables. */
bool plan_load(struct pg *target, const struct table_list *catalog, struct arena *a, struct plan *ret,
               struct err *err) MUST_CHECK;

/* A new snapshot at `lsn` takes the place of one that was lost: ranges copied from now on are of that state. */
bool plan_renew(struct plan *p, uint64_t lsn, struct pg *target, struct err *err) MUST_CHECK;

/* The one snapshot that all ranges of a table come from; 0 when they come from several, or are not all copied. */
uint64_t plan_common_snapshot(const struct plan *p, const struct table *t);

/* Tables that have parts of two snapshots must not have their unique indexes before the changes up to consistent_lsn
 * are applied; this says whether an index may be built yet. */
bool plan_index_ready(const struct plan *p, const struct plan_index *i, bool consistent);

#endif
