/*
 * next: the database that becomes production, while it is made: what it was made from, how far it is, what has to
 * follow its rows, and what was written to it since it was opened.
 *
 * Its state is in carryover.refresh of the database itself, written in the transaction that made it true; how far
 * replication is stands in carryover.replication as for every target.
 */
#ifndef REFRESH_NEXT_H
#define REFRESH_NEXT_H
#include "refresh/rules.h"
#include "refresh/schema.h"

struct next_state {
    bool made;            /* tables and everything else before the rows */
    bool complete;        /* and what comes after them: indexes, foreign keys, triggers */
    char digest[33];      /* of the schema that it was made from */
    const char *excluded; /* lines of tables whose rows were left out; NULL when it is not made */
};

bool next_read(struct pg *next, struct arena *a, struct next_state *ret, struct err *err) MUST_CHECK;

/* Makes the schema before the rows, the tables of replication and the state, in one transaction. */
bool next_begin(const struct schema_dump *d, const struct rules *rules, struct pg *next, struct arena *a,
                struct err *err) MUST_CHECK;

/* Makes the rest, in one transaction. */
bool next_complete(const struct schema_dump *d, struct pg *sandbox, struct pg *next, struct arena *a,
                   struct err *err) MUST_CHECK;

/* Fails with ERR_GUARD when the rules leave out other tables now than when the copy was begun. */
bool next_check_rules(const struct next_state *s, const struct rules *rules, struct err *err) MUST_CHECK;

/* What is no row: values of sequences, materialized views, trackers of the lenses. For a silent sandbox. */
bool next_take_values(struct pg *sandbox, struct pg *next, int *ret_sequences, struct err *err) MUST_CHECK;

/* Remembers how many rows were written so far; next_written() counts from then on. No other session may write. */
bool next_note_baseline(struct pg *next, struct err *err) MUST_CHECK;

/* Rows that were written since the baseline, and the tables with the most of them ("hq.sale 12, ..."). `*ret_known` is
 * false when the server has lost its counters, in a crash for instance. */
bool next_written(struct pg *production, struct arena *a, int64_t *ret_rows, char **ret_where, bool *ret_known,
                  struct err *err) MUST_CHECK;

#endif
