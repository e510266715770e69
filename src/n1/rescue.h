/*
 * rescue: rows of stores of which some are there already, or do not fit.
 *
 * Slower than ingest_rows(), with the same outcome where that succeeds. A row whose key is there already is left out
 * when it is the same, and set aside when it differs; one that its table or a lens cannot take is set aside with the
 * reason; all others go in. To find out which ones, halves are tried until it is one row. Rows that are set aside are
 * kept in carryover.n1_aside as they came, and can be tried again.
 */
#ifndef N1_RESCUE_H
#define N1_RESCUE_H
#include "base/vec.h"
#include "n1/ingest.h"

struct rescue_row {
    size_t table, row; /* places in the intake's tables, and in one of them */
    const char *reason;
};

struct rescue {
    VEC(struct rescue_row) aside;
    bool **is_aside; /* by table and row; in the arena */
    struct arena *a;
};

/* In the caller's transaction. `ret` gets the rows that were set aside; its texts are in the arena. Release it. The
 * staged rows are those that went in. */
bool rescue_rows(struct ingest *in, const struct intake *rows, struct arena *a, struct rescue *ret,
                 struct err *err) MUST_CHECK;

void rescue_done(struct rescue *r);
#define SCOPED_RESCUE __attribute__((cleanup(rescue_done))) struct rescue

#endif
