/*
 * carry: one element after the other through rules and writer. Private to forward/.
 *
 * A worker is one thread's: it parses an element, applies the rules to each of its sources, has the metadata made and
 * writes the files. What it finds is kept in an arena that lives as long as the worker.
 */
#ifndef FORWARD_CARRY_H
#define FORWARD_CARRY_H
#include "forward/forward.h"
#include "xpp/d365/write.h"
#include "xpp/xpo/read.h"

struct carrier; /* opaque */

/* Findings are kept in the result's arena `keep`, references in `usage`; both are this worker's and outlive it. */
struct carrier *carrier_new(const struct forward_options *o, const struct forward_result *r, struct arena *keep,
                            struct usage *usage);
void carrier_free(struct carrier *c);
DEFINE_SCOPED(carrier)

/* Carries one part of a file; `unit` says which element it is and takes what became of it. Fails when a file cannot be
 * written. */
bool carrier_part(struct carrier *c, struct xpo_part part, struct forward_unit *unit, struct err *err) MUST_CHECK;

#endif
