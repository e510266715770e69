/*
 * fit_internal: what the two files of fit share.
 */
#ifndef ANALYZE_FIT_INTERNAL_H
#define ANALYZE_FIT_INTERNAL_H
#include "analyze/fit.h"

/* What the columns of a lens are, without a row of it; `*ret` stays NULL when the server says no, which is then the
 * finding's failure. */
bool fit_describe(const struct rule_call *c, const struct fit_lens *l, PGresult **ret, struct analyze_finding *f,
                  struct err *err) MUST_CHECK;

/* Says beside the evidence what could not be asked. */
void fit_note(const struct rule_call *c, const struct fit_lenses *lenses, struct analyze_finding *f);

#endif
