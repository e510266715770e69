/*
 * reverse_losses: what a return to the old headquarters would leave behind.
 *
 * Rows that `n1 keep` set aside because N-1 cannot hold them, and rows of tables of version N that no down lens reads,
 * counted by the server since the cutover opened the target; new rows of tables that stores fill are theirs, and are in
 * old.* too. What cannot be known counts as a loss. Columns that
 * version N does not have at all, as the package says in its down lenses (`loses`), are told beside it: the old
 * headquarters gets there what the lens says, in every row that `n1 keep` makes anew.
 */
#ifndef CMD_REVERSE_LOSSES_H
#define CMD_REVERSE_LOSSES_H
#include "cmd/reversing.h"
#include "db/written.h"

#define REVERSE_ASIDE_SHOWN 20

struct reverse_aside {
    const char *lens, *key, *reason;
};

struct reverse_column {
    const char *table, *column, *reason;
};

struct reverse_losses {
    int64_t aside;              /* rows */
    struct reverse_aside *rows; /* the newest of them */
    size_t n_rows;
    struct reverse_column *columns; /* that version N does not have; no reason to refuse */
    size_t n_columns;
    struct written written; /* only tables that no down lens reads */
};

bool reverse_losses_read(struct reversing *r, struct reverse_losses *ret, struct err *err) MUST_CHECK;

/* True when there is anything to lose. */
bool reverse_losses_any(const struct reverse_losses *l);

/* In one sentence: "3 rows that N-1 cannot hold; rows of tables that N-1 is not told of: hq.sale 12". */
void reverse_losses_put(struct buf *b, const struct reverse_losses *l);

/* Fails with ERR_GUARD when there is anything to lose, unless r->lose; then `detail` says what. */
bool reverse_losses_refuse(struct reversing *r, struct buf *detail, struct err *err) MUST_CHECK;

/* "; columns that version N does not have: customer.fax", or nothing. */
void reverse_losses_put_columns(struct reversing *r, struct buf *b);

void reverse_losses_put_text(struct buf *b, const struct reverse_losses *l);
void reverse_losses_put_json(struct buf *b, const struct reverse_losses *l);

#endif
