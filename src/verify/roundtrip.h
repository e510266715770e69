/*
 * roundtrip: the way back: N-1 made anew from version N by the down lenses has to be what N-1 is.
 *
 * Both sides are in the target and joined by key. What a down lens says it `loses` is not compared but counted, column
 * by column; what it `rounds` may differ by the rounding. Types that have no equality, or an equality that is blind
 * for something, are compared by their text.
 */
#ifndef VERIFY_ROUNDTRIP_H
#define VERIFY_ROUNDTRIP_H
#include "verify/proof.h"

/* Plans the round trips of all down lenses that are wanted, in the moment. */
bool roundtrip_plan(struct proof *p, struct err *err) MUST_CHECK;

#endif
