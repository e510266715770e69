/*
 * gantt: a Gantt chart for reports: one bar for each step on a common axis of time, as inline SVG (see base/html.h).
 */
#ifndef BASE_GANTT_H
#define BASE_GANTT_H
#include "base/buf.h"
#include <stdint.h>

struct gantt_bar {
    const char *label, *shown; /* `shown` stands behind the bar: "1.2 s" */
    int64_t begin_us, end_us;  /* from the begin of the chart */
    bool critical;             /* drawn strong, and said in the title of the bar */
};

/* Draws the bars in their order, with a few ticks of time below. Nothing when there is none. */
void gantt_put(struct buf *b, const struct gantt_bar *bars, size_t n);

#endif
