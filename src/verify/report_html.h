/*
 * report_html: a report as one self-contained page, for people who were not there.
 */
#ifndef VERIFY_REPORT_HTML_H
#define VERIFY_REPORT_HTML_H
#include "base/buf.h"
#include "verify/report.h"

/* Appends the page. */
void report_html_put(struct buf *b, const struct report *r);

#endif
