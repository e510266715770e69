/*
 * stage: the folded rows of one table on their way into the target: a temporary table, filled by COPY.
 *
 * It is called "changed:<table>" and has the columns of the table, so that a tracker can read the changed keys from it,
 * and a few of ours whose names begin with "carryover:". For a table without key it has a count per distinct row.
 */
#ifndef REPLICATE_STAGE_H
#define REPLICATE_STAGE_H
#include "replicate/fold.h"

/* Statement texts for one table, made once per connection. */
struct stage {
    const struct table *table;
    const char *name;        /* pg_temp."changed:x" */
    const char *create;      /* makes the temporary table */
    const char *copy;        /* COPY ... FROM STDIN */
    const char *patch;       /* fetches unchanged values; NULL when no column can be left out */
    const char *count_moved; /* rows whose unchanged values were not found under a former key */
    const char *forget;      /* drops rows whose unchanged values are nowhere: they are gone later in the stream */
    const char *remove;      /* deletes the old forms of the rows */
    const char *insert;      /* inserts the new ones */
    bool binary;
    bool passing; /* TABLE_FULL: rows that came and went within the batch are staged, too */
    bool made;
    size_t dead;     /* rows that were deleted from it since it was last truncated, at most */
    size_t analyzed; /* rows it had when its statistics were made; 0: it has none */
};

struct stage *stage_new(struct arena *a, const struct table *t, bool binary);

/* What was encoded, needed when the rows are applied. */
struct stage_counts {
    int64_t unchanged; /* rows that have values to fetch */
    int64_t removed;   /* rows of a table without key that must be found and removed */
};

/* Appends entries as COPY data, from number `from` on, until a good megabyte is there: a batch is not in memory twice.
 * Adds to the counts and returns the number of the next entry; behind the last one the data is complete. */
size_t stage_encode(const struct stage *s, const struct fold_table *f, size_t from, struct buf *b,
                    struct stage_counts *counts);

/* Runs `first`, which makes or empties the temporary table, and copies all entries into it, in one go. `buf` is for
 * work. */
bool stage_send(const struct stage *s, const struct fold_table *f, const char *first, struct pg *target,
                struct buf *buf, struct stage_counts *counts, struct err *err) MUST_CHECK;

#endif
