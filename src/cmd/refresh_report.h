/*
 * refresh_report: the proof of what was not carried, kept and reset, as JSON and a page in reports/.
 */
#ifndef CMD_REFRESH_REPORT_H
#define CMD_REFRESH_REPORT_H
#include "conf/project.h"
#include "refresh/rules.h"

/* Writes reports/refresh-<run>.json and .html and puts a summary into `detail`. Fails with ERR_VERIFY_FAILED when a
 * rule does not hold. */
bool refresh_report(struct project *p, const struct rules *rules, const struct rule_proof *proofs, int64_t run,
                    struct arena *a, struct buf *detail, struct err *err) MUST_CHECK;

#endif
