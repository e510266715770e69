/*
 * since: a proof of what changed since the last green one.
 *
 * By induction: rows that nobody touched since the last green proof are as they were proven then, so only touched rows
 * are read again, on both sides, by key. A table that was touched as a whole, or that has no log, is compared whole.
 * Laws and round trips look at everything and are not repeated; the report says when they were proven.
 */
#ifndef VERIFY_SINCE_H
#define VERIFY_SINCE_H
#include "verify/proof.h"

/* Plans it, in the moment; p->base is the last green proof. */
bool since_plan(struct proof *p, struct err *err) MUST_CHECK;

#endif
