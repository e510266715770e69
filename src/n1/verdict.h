/*
 * verdict: what the consistency rules of the package say about transactions that came up.
 *
 * Rules are the files of uploads/: each is one SELECT that yields the key of transactions that break it and the reason.
 * They see the transactions in question in the temporary table `uploaded`. What they find is kept in
 * carryover.n1_finding and marked in the status column that the package names; it blocks nothing. A rule that fails
 * itself is a finding, too. Runs in the caller's transaction, on the connection of an ingest.
 */
#ifndef N1_VERDICT_H
#define N1_VERDICT_H
#include "n1/ingest.h"

/* Makes the temporary table and prepares the rules. */
bool verdict_open(struct ingest *in, struct err *err) MUST_CHECK;

/* Notes the transactions of the staged rows in `uploaded`, and yields how many are in it. */
bool verdict_note(struct ingest *in, const struct intake *rows, int64_t *ret_transactions, struct err *err) MUST_CHECK;

/* Notes those of this store that had findings. */
bool verdict_note_again(struct ingest *in, const char *store, struct err *err) MUST_CHECK;

/* Asks all rules about the transactions in `uploaded`, whose findings of before are forgotten. */
bool verdict_give(struct ingest *in, const char *store, int64_t number, struct err *err) MUST_CHECK;

/* Plans each rule and the totals against a database that has the tables of both versions: for `package check`. Fails
 * with ERR_PACKAGE, with the file's name. */
bool verdict_check(struct pg *scratch, const struct package *p, struct err *err) MUST_CHECK;

#endif
