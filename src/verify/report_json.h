/*
 * report_json: a report for programs. Field names are stable; new ones may be added.
 */
#ifndef VERIFY_REPORT_JSON_H
#define VERIFY_REPORT_JSON_H
#include "base/buf.h"
#include "verify/report.h"

/* Appends one JSON object and a newline. */
void report_json_put(struct buf *b, const struct report *r);

#endif
