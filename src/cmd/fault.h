/*
 * fault: an error as its reader sees it.
 *
 * For people three parts: what failed ("carryover: error [code]: message", further lines of the cause indented below),
 * what to do next, where to read more. For programs the same as one JSON object.
 */
#ifndef CMD_FAULT_H
#define CMD_FAULT_H
#include "base/buf.h"
#include "base/err.h"

void fault_put_text(struct buf *b, const struct err *err, const char *style_on, const char *style_off);
void fault_put_json(struct buf *b, const struct err *err);

/* Writes the error to `f`. */
void fault_print(FILE *f, const struct err *err, bool as_json);

#endif
