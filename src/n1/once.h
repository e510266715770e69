/*
 * once: calls that take effect once, however often they are sent.
 *
 * A call with a key leaves a row in carryover.n1_call in the transaction that does its work: store, key, a digest of
 * method and parameters, and the answer. The row is made first, so that the same call at the same time, through
 * whichever instance of the gateway, waits for the end of the first one and gets its answer byte for byte. Refusals are
 * answers, too. What fails leaves nothing, and may be sent again.
 */
#ifndef N1_ONCE_H
#define N1_ONCE_H
#include "n1/args.h"
#include "n1/method.h"

struct once {
    const char *store, *key, *method;
    const char *digest; /* args_digest() */
};

/* Makes the table. */
extern const char once_prepare_sql[];

/* True with `*ret_mine` set: the caller is the first, a transaction is open in which he works and which he ends with
 * once_finish() or pg_rollback(). True with `*ret_mine` false: `w` has the answer of the first one and no transaction
 * is open. Fails with ERR_CALL_DIFFERS when the key was used for something else. */
bool once_begin(struct pg *pg, const struct once *o, bool *ret_mine, struct answer *w, struct err *err) MUST_CHECK;

/* Keeps the answer and commits. */
bool once_finish(struct pg *pg, const struct once *o, const struct answer *w, struct err *err) MUST_CHECK;

/* Forgets answers that are older. */
bool once_purge(struct pg *pg, int64_t keep_s, struct err *err) MUST_CHECK;

#endif
