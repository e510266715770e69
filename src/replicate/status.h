/*
 * status: how far replication has come, for people and programs.
 *
 * Read from the target's own records; the source is asked only for its position and the log it keeps. Cheap enough to
 * be asked every second.
 */
#ifndef REPLICATE_STATUS_H
#define REPLICATE_STATUS_H
#include "db/target.h"
#include "source/source.h"

struct status_table {
    const char *name, *mode, *reason;
    int64_t rows, bytes;             /* copied so far */
    int64_t rows_total, bytes_total; /* estimate */
    int chunks, chunks_done, indexes, indexes_done;
    int64_t changes;      /* applied since the snapshot */
    double changes_per_s; /* 0 unknown */
    double eta_s;         /* until its rows are copied, or until it has caught up; -1 unknown */
};

struct status {
    struct target_position at;
    bool running;
    struct status_table *tables;
    size_t n_tables;
    int64_t bytes_done, bytes_total;
    int chunks, chunks_done, indexes, indexes_done;
    int64_t lag_bytes;    /* of the source's log, -1 while copying or when the source cannot be asked */
    double lag_s;         /* age of the oldest change that is not applied; 0 when there is none, -1 unknown */
    double bytes_per_s;   /* copied, or log applied; 0 unknown */
    double changes_per_s; /* applied */
    double eta_s;         /* until copied, or until caught up; -1 unknown */
    int64_t retained_bytes, retained_limit; /* log kept by the source; limit -1: none */
};

/* Reads everything; `source` may be NULL. With `sample_ms` it looks twice, that long apart, to know the rates. */
bool status_read(struct pg *target, struct source *source, int sample_ms, struct arena *a, struct status *ret,
                 struct err *err) MUST_CHECK;

/* One JSON object with stable names and a newline. */
void status_put_json(struct buf *b, const struct status *s);

/* A few lines and a table for people; `all`: every table, else the unfinished and the largest ones. */
void status_put_text(struct buf *b, const struct status *s, bool all);

#endif
