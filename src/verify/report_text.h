/*
 * report_text: a report for a terminal: the verdict first, then what is wrong with its evidence, then the rest briefly.
 */
#ifndef VERIFY_REPORT_TEXT_H
#define VERIFY_REPORT_TEXT_H
#include "base/buf.h"
#include "verify/report.h"
#include <stdio.h>

/* Appends the report; colours as `f` has them. `all` lists the checks that passed, too. */
void report_text_put(struct buf *b, const struct report *r, bool all, FILE *f);

#endif
