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
    bool made;
    size_t dead;     /* rows that were deleted from it since it was last truncated, at most */
    size_t analyzed; /* rows it had when its statistics were made; 0: it has none */
};

struct stage *stage_new(struct arena *a, const struct table *t, bool binary);

/* Appends the entries as COPY data. Yields how many rows have values to fetch and, for a table without key, how many
 * rows must be found and removed. */
void stage_encode(const struct stage *s, const struct fold_table *f, struct buf *b, int64_t *ret_unchanged,
                  int64_t *ret_removed);

#endif
