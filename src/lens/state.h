/*
 * state: what the lens engine keeps in the target database, and how it is read.
 *
 * Rows in the schema carryover: lens (one per lens: kind, state, counts), lens_chunk (parts of the load), lens_job
 * (statements after the load), lens_stale (lenses to be made anew; append-only), and per keyed lens a log of dirty keys
 * and one of reloaded keys, which only the proof reads and empties. Whoever moves a lens on does so in the transaction
 * that did the work. The function carryover.lens_backlog() counts what is dirty, for everybody who only wants to know.
 */
#ifndef LENS_STATE_H
#define LENS_STATE_H
#include "base/buf.h"
#include "lens/lens.h"

struct state_row {
    const char *name, *kind;
    const char *state; /* planned, loading, indexing, fresh, failed */
    const char *error; /* "" when it has none */
    int64_t chunks, chunks_done;
    int64_t rows;     /* loaded, then as the table's statistics say */
    int64_t backlog;  /* dirty keys that wait, duplicates counted */
    bool stale;       /* waits to be made anew */
    int64_t reloaded; /* keys that were brought up to date since the load */
    int64_t changed;  /* rows that this really changed */
};

struct state_rows {
    struct state_row *p;
    size_t n;
};

/* Makes the tables where they are missing. */
bool state_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* Digest of the package whose lenses are installed; "" when none are. */
bool state_installed(struct pg *target, enum lens_direction d, struct arena *a, char **ret_digest,
                     struct err *err) MUST_CHECK;

/* Reads the state of all lenses of a direction, in order of their names; none when none are installed. */
bool state_read(struct pg *target, enum lens_direction d, struct arena *a, struct state_rows *ret,
                struct err *err) MUST_CHECK;

/* Dirty keys and stale lenses that wait, of lenses that are loaded. */
bool state_backlog(struct pg *target, enum lens_direction d, int64_t *ret, struct err *err) MUST_CHECK;

/* Text and JSON of the rows. As text, without `all`, only what is not fresh and the largest ones. */
void state_put_text(struct buf *b, const struct state_rows *rows, bool all);
void state_put_json(struct buf *b, const struct state_rows *rows);

#endif
