/*
 * written: how many rows of which tables were written since a moment, as the server's own counters say.
 *
 * A baseline is a table in the schema carryover with what the counters said at that moment. Rows that were written and
 * taken back count as well: more may be told than was written, never less. A server that crashes loses its counters;
 * then nobody knows, and that is said.
 */
#ifndef DB_WRITTEN_H
#define DB_WRITTEN_H
#include "db/pg.h"

struct written_table {
    const char *schema, *name; /* "" and "a table that is gone" of one that was dropped */
    int64_t rows;              /* all of it */
    int64_t inserted;          /* those that are new */
};

struct written {
    struct written_table *p; /* those with the most rows first */
    size_t n;
    int64_t rows; /* of all */
    bool known;   /* the counters and the baseline are there */
};

/* Notes what the counters say as carryover.<baseline>, in place of what was noted before. No other session may write.
 */
bool written_note(struct pg *pg, const char *baseline, struct err *err) MUST_CHECK;

/* What was written since then; not known when it was never noted. */
bool written_since(struct pg *pg, const char *baseline, struct arena *a, struct written *ret,
                   struct err *err) MUST_CHECK;

#endif
