/*
 * fold: the changes of a batch, reduced to the last state of each row.
 *
 * Nobody reads the replica while it follows, so a row that changed a thousand times in a batch is written once. Rows
 * are kept in the form in which COPY takes them, so nothing is parsed or copied again on the way. A row's values that
 * the source did not send (large, untouched) are taken from the batch, or marked, with the key under which the target
 * still has them. Tables without a key are multisets: each distinct row has a count of how often it comes or goes.
 * Belongs to one thread at a time; memory is one arena that is freed as a whole.
 */
#ifndef REPLICATE_FOLD_H
#define REPLICATE_FOLD_H
#include "base/map.h"
#include "source/source.h"

/* Field of an encoded row: a big-endian length and that many bytes; these two lengths have no bytes. */
#define FIELD_NULL (-1)
#define FIELD_UNCHANGED (-2)

struct fold_entry {
    struct str key;    /* encoded key fields; for TABLE_FULL the whole row */
    struct str row;    /* encoded fields of all columns that are not generated; p is NULL when the row is gone */
    struct str origin; /* key under which the target has the unchanged values; p is NULL when there are none */
    int64_t count;     /* TABLE_FULL: how many such rows come (positive) or go */
};

struct fold_table {
    const struct table *table;
    struct map *entries; /* values are struct fold_entry */
    bool truncated;      /* before the entries */
    bool touched;
    int64_t changes;
};

struct fold {
    struct arena *arena;
    struct fold_table *tables; /* by table->number */
    size_t n_tables;
    int64_t changes, transactions;
    uint64_t position; /* behind the last whole transaction */
    int64_t commit_us; /* of it */
    bool open;         /* the last transaction is not complete: apply, but do not commit */
};

struct fold *fold_new(const struct table_list *tables);
void fold_free(struct fold *f);
DEFINE_SCOPED(fold)

/* Empties it for the next batch. */
void fold_reset(struct fold *f);

/* Takes in a row change or a TRUNCATE. */
void fold_add(struct fold *f, const struct change *c);

/* Bytes of memory it holds. */
size_t fold_size(const struct fold *f);

/* Reads one field of an encoded row and steps behind it; false at the end. */
bool fold_next_field(struct str *rest, int32_t *ret_length, const char **ret_bytes);

#endif
