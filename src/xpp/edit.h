/*
 * edit: changes of one source, applied at once; what no edit touches stays byte for byte.
 *
 * An edit replaces a range of the source by pieces: texts, and ranges of the same source (the arguments that a call
 * keeps). Ranges that are kept are edited in their turn, so that fixes may lie within each other. Two edits may not
 * cross or replace the same range: the first one added stays, the other is told. An edit of length 0 inserts; several
 * at one place stand in the order in which they were added.
 */
#ifndef XPP_EDIT_H
#define XPP_EDIT_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"

/* A text, or with text.p == NULL the range [off, off + n) of the source. */
struct edit_piece {
    struct str text;
    uint32_t off, n;
};

struct edit {
    uint32_t off, n; /* what it replaces */
    struct edit_piece *pieces;
    uint32_t n_pieces;
    uint32_t order; /* filled by edits_add() */
    uint32_t tag;   /* the caller's: which finding it belongs to */
    bool dropped;   /* out: it crossed another one and was not applied */
};

struct edits {
    VEC(struct edit) list;
};

/* Adds one; its pieces must live as long as the list. */
void edits_add(struct edits *e, uint32_t off, uint32_t n, struct edit_piece *pieces, uint32_t n_pieces, uint32_t tag);

/* Appends the source with all edits to `out` and marks those that were dropped; the list is sorted by place then. */
void edits_apply(struct edits *e, struct str source, struct buf *out);

void edits_done(struct edits *e);

#endif
