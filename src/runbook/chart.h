/*
 * chart: the plan of a cutover before it is done: steps, owners, needs, expected times, the critical path.
 *
 * For a terminal, for programs, and as a page with a Gantt chart of each phase.
 */
#ifndef RUNBOOK_CHART_H
#define RUNBOOK_CHART_H
#include "runbook/forecast.h"

void chart_put_text(struct buf *b, const struct runbook *r, const struct forecast *f);

/* One JSON object and a newline; field names are stable. */
void chart_put_json(struct buf *b, const struct runbook *r, const struct forecast *f);

/* A self-contained page. */
void chart_put_html(struct buf *b, const struct runbook *r, const struct forecast *f, const char *title);

/* "1.2 s (0.9 s to 1.6 s)", or "" when nothing is expected. */
char *chart_range(struct arena *a, const struct forecast_time *t);

#endif
