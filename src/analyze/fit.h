/*
 * fit: values of the source against what the tables of another version can hold.
 *
 * The server says which types the columns of a lens have. Only columns whose type allows more than the other version
 * can hold are looked at, all those of one lens in one pass over it; a lens without such a column is not read at all.
 * Each lens that cannot be asked is named in the evidence or in the failure of the finding.
 */
#ifndef ANALYZE_FIT_H
#define ANALYZE_FIT_H
#include "analyze/rule.h"

enum fit_question { FIT_TOO_LARGE, FIT_UNKNOWN };

/* Adds a row of evidence for each column (and group of stores) with values that do not fit, or are not known. */
bool fit_values(const struct rule_call *c, const struct fit_lenses *lenses, enum fit_question question,
                struct analyze_finding *f, struct err *err) MUST_CHECK;

/* Adds a row of evidence for each key of a unique index that more than one row would have. Indexes whose columns the
 * source keeps unique itself are not looked at. */
bool fit_uniques(const struct rule_call *c, const struct fit_lenses *lenses, struct analyze_finding *f,
                 struct err *err) MUST_CHECK;

/* Adds a row of evidence for each column of the source that is narrower than the one of version N which a down lens
 * puts into it. Asks the catalog only. */
bool fit_wider(const struct rule_call *c, const struct fit_lenses *lenses, struct analyze_finding *f,
               struct err *err) MUST_CHECK;

#endif
