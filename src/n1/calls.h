/*
 * calls: the real-time calls of N-1 tills, answered from version N as the package says.
 *
 * calls_open() reads calls/ of the package; nothing here knows what a gift card is. A call that only reads runs in a
 * read-only transaction; one that changes something in a transaction that is rolled back when the statement refuses;
 * one with a key as n1/once.h says, and when money moves there has to be a key. Passwords are n1/staff.h's. A method
 * that nobody answers is an answer with success = false, and counted in carryover.n1_call_missed. Safe to share between
 * threads; each brings its own connection.
 */
#ifndef N1_CALLS_H
#define N1_CALLS_H
#include "n1/staff.h"

struct calls_opts {
    struct staff_opts staff;
    int64_t keep_s; /* how long answers of calls with a key are remembered */
};

struct calls; /* opaque */

/* `p` has to live as long. Fails with ERR_PACKAGE, and like staff_open(). */
bool calls_open(const struct package *p, const struct calls_opts *o, struct calls **ret, struct err *err) MUST_CHECK;
void calls_free(struct calls *c);
DEFINE_SCOPED(calls)

/* Makes the tables and runs the package's schema/calls.sql, unless the target has no tables of version N yet. */
bool calls_prepare(struct calls *c, struct pg *target, struct err *err) MUST_CHECK;

/* Tries schema/calls.sql and every statement on the target, and changes nothing. Fails with ERR_PACKAGE. */
bool calls_try(struct calls *c, struct pg *target, struct err *err) MUST_CHECK;

/* A call of a store; `body` is wiped when it has a password. `ret` gets the document of the answer. Fails with
 * ERR_REQUEST, ERR_CALL_*, ERR_GATEWAY_BUSY, and like pg_query(). */
bool calls_answer(struct calls *c, struct pg *target, const char *store, struct str method, struct str body,
                  struct arena *a, struct buf *ret, struct err *err) MUST_CHECK;

/* Forgets answers and attempts whose time is over. */
bool calls_purge(struct calls *c, struct pg *target, struct err *err) MUST_CHECK;

/* How many calls may hash a password or wait for that, at most, at the same time. */
int calls_hashing(const struct calls *c);

struct staff *calls_staff(struct calls *c);

#endif
