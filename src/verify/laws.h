/*
 * laws: what has to be true of the data as a whole, asked of both versions at one moment.
 *
 * A conservation law is one query whose lines have to be the same before and after, within the tolerance of each
 * column. An invariant is a query that finds violations: one that version N has and the source had not is a failure,
 * one that the source had already is explained. A law that fails to run, or that takes longer than allowed, proves
 * nothing and counts as failed.
 */
#ifndef VERIFY_LAWS_H
#define VERIFY_LAWS_H
#include "verify/proof.h"

/* Plans all laws that are wanted, in the moment. */
bool laws_plan(struct proof *p, struct err *err) MUST_CHECK;

#endif
