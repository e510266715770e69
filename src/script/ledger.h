/*
 * ledger: what became of each script on a target, in its table carryover.script.
 *
 * A row is there for each script and company from the first run on. It becomes `done` in the transaction of the script
 * itself, so whatever is killed when, the row and what the script did are there together, or neither is.
 */
#ifndef SCRIPT_LEDGER_H
#define SCRIPT_LEDGER_H
#include "db/pg.h"
#include "script/graph.h"

struct ledger_row {
    const char *phase, *name, *company, *digest;
    const char *state; /* waiting, running, done, failed, skipped */
    int64_t attempts, us;
    const char *started, *finished; /* times as text, or "" */
    const char *error, *notices, *who, *reason;
};

struct ledger {
    struct ledger_row *p;
    size_t n;
};

/* Makes the table where it is missing. */
bool ledger_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* All rows by phase, name and company; none where the table is not there. */
bool ledger_read(struct pg *target, struct arena *a, struct ledger *ret, struct err *err) MUST_CHECK;

/* The row of a node, or NULL. */
const struct ledger_row *ledger_find(const struct ledger *l, const struct graph_node *n);

/* True for a row that nothing has to be done for any more: done or skipped. */
bool ledger_settled(const struct ledger_row *row);

/* Adds rows for the nodes that have none; `chosen` (by number) says which nodes. */
bool ledger_plan(struct pg *target, const struct graph *g, const bool *chosen, struct err *err) MUST_CHECK;

/* Marks an attempt as begun. It may be lost in a crash of the server, and says nothing but that somebody tried. */
bool ledger_begin(struct pg *target, const struct graph_node *n, const char *who, struct err *err) MUST_CHECK;

/* Inside the transaction of the script: locks the row. `*ret_done`: somebody was faster; `*ret_xid` is the transaction,
 * in the arena. */
bool ledger_claim(struct pg *target, const struct graph_node *n, struct arena *a, bool *ret_done, char **ret_xid,
                  struct err *err) MUST_CHECK;

/* Inside the same transaction: done. Fails with ERR_PACKAGE when the script has ended it. */
bool ledger_done(struct pg *target, const struct graph_node *n, const char *xid, int64_t us, const char *notices,
                 struct err *err) MUST_CHECK;

/* After the transaction is rolled back. */
bool ledger_failed(struct pg *target, const struct graph_node *n, int64_t us, const char *error, const char *notices,
                   struct err *err) MUST_CHECK;

/* Back to waiting: it was stopped and did nothing. */
bool ledger_waiting(struct pg *target, const struct graph_node *n, struct err *err) MUST_CHECK;

/* Skips what is not settled of a script, for all companies; `*ret_rows` says how many. */
bool ledger_skip(struct pg *target, const char *name, const char *who, const char *reason, int64_t *ret_rows,
                 struct err *err) MUST_CHECK;

/* Forgets a script, so that it is run again. */
bool ledger_reset(struct pg *target, const char *name, int64_t *ret_rows, struct err *err) MUST_CHECK;

/* Forgets what a phase did. Scripts that were skipped stay so. */
bool ledger_forget(struct pg *target, enum script_phase phase, struct err *err) MUST_CHECK;

/* How many are done. */
bool ledger_count_done(struct pg *target, int64_t *ret, struct err *err) MUST_CHECK;

#endif
