/*
 * probe: lenses as questions to the source, and what the tables that they fill can hold.
 *
 * For analyses before anything is replicated: the schema `old` of a lens becomes that of the source, and
 * carryover.n1_member what the package says of stores and groups (sizing/stores.sql). Columns whose expressions call
 * functions of the package are left out, as the source has none of them; a lens that needs one for its rows cannot be
 * asked at all and says so. What tables can hold is read from schema/ of the package.
 */
#ifndef LENS_PROBE_H
#define LENS_PROBE_H
#include "conf/package.h"
#include "model/fit.h"

/* The up lenses with the columns and unique indexes of version N. In the arena. */
bool probe_up(const struct package *p, struct arena *a, struct fit_lenses *ret, struct err *err) MUST_CHECK;

/* The channel lenses of stores of N-1, without columns: who knows them adds those. In the arena. */
bool probe_channel(const struct package *p, struct arena *a, struct fit_lenses *ret, struct err *err) MUST_CHECK;

/* The down lenses with those of their columns that come straight from a column of version N, each with what that one
 * can hold, as `up` has it. They have no SQL: the source has no table of version N. In the arena. */
bool probe_down(const struct package *p, const struct fit_lenses *up, struct arena *a, struct fit_lenses *ret,
                struct err *err) MUST_CHECK;

#endif
