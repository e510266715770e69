/*
 * twin: two relations that should hold the same rows, and the SQL that reads either of them in one canonical text form.
 *
 * The left side says what should be (a table of the source, a lens), the right side what is (the replica, a table of
 * version N). Rows are compared as text: sessions are set so that a value has the same text on every server, and where
 * the types of the sides differ the left value is brought to the right type first. Values of character types are never
 * cut on the way. Plain data, lives in an arena.
 */
#ifndef VERIFY_TWIN_H
#define VERIFY_TWIN_H
#include "base/arena.h"
#include "base/buf.h"
#include "model/table.h"

enum twin_at { TWIN_LEFT, TWIN_RIGHT };

struct twin_column {
    const char *name;
    const char *type; /* on the right side */
    const char *cast; /* type that the left value is brought to; NULL: it has the right one */
};

struct twin_side {
    bool at_source;     /* else in the target */
    const char *from;   /* quoted, with its schema */
    const char *except; /* rows `t` that are left out, as a condition; NULL: none */
    int64_t pages;      /* of the heap, so that it can be read in ranges of pages; 0: only as a whole */
};

struct twin {
    const char *name;
    struct twin_column *columns;
    size_t n_columns;
    size_t n_left_out; /* columns of the right side that the left one does not have */
    size_t *key;       /* indexes into columns; n_key 0: rows are told apart by all their values */
    size_t n_key;
    struct twin_side left, right;
    int64_t rows; /* estimate */
};

/* A range of pages, `to` 0: to the end. */
struct twin_range {
    int64_t from, to;
};

/* The twin of a replicated table. */
void twin_of_table(struct twin *p, const struct table *t, struct arena *a);

const struct twin_side *twin_side(const struct twin *p, enum twin_at at);

/* The index of a column, or -1. */
int twin_find(const struct twin *p, const char *column);

/* Appends `row(t."a", ...)::text`, of all columns or only of the key. */
void twin_put_row(struct buf *b, const struct twin *p, enum twin_at at);
void twin_put_key(struct buf *b, const struct twin *p, enum twin_at at);

/* Appends one column of `t`, brought to its type. */
void twin_put_column(struct buf *b, const struct twin *p, enum twin_at at, size_t column);

/* Appends ` from <relation> t where <range and exceptions>`; range NULL: all of it. */
void twin_put_from(struct buf *b, const struct twin *p, enum twin_at at, const struct twin_range *range);

/* Appends ` from <the keys $1, $2 ...> k cross join lateral (<the rows with that key>) t`: cost grows with the keys. */
void twin_put_from_keys(struct buf *b, const struct twin *p, enum twin_at at);

#endif
