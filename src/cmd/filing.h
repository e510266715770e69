/*
 * filing: a report into the project's folder reports/, as JSON and as a page, under a name that sorts by time.
 */
#ifndef CMD_FILING_H
#define CMD_FILING_H
#include "conf/project.h"

/* Writes reports/NAME-20260301T221405Z.json and .html; `at_us` is wall clock. `ret_page` is the path of the page. */
bool filing_write(struct project *p, const char *name, int64_t at_us, struct str json, struct str html, struct arena *a,
                  char **ret_page, struct err *err) MUST_CHECK;

#endif
