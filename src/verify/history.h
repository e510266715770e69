/*
 * history: the proofs that were made, as rows of carryover.verification in the target.
 */
#ifndef VERIFY_HISTORY_H
#define VERIFY_HISTORY_H
#include "verify/proof.h"

/* Makes the table when it is missing. */
bool history_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* Stores a finished proof. */
bool history_store(struct proof *p, struct err *err) MUST_CHECK;

/* The last green proof of everything. */
bool history_base(struct proof *p, struct proof_base *ret, struct err *err) MUST_CHECK;

#endif
