/*
 * expect: the forecast of a project's cutover: its rehearsals, and what the source is like now.
 */
#ifndef CMD_EXPECT_H
#define CMD_EXPECT_H
#include "cmd/cutover_steps.h"
#include "runbook/forecast.h"

/* How large the source is and how many rows were changed in it so far; the rate is left 0. */
bool expect_load(struct pg *source, struct forecast_load *ret, struct err *err) MUST_CHECK;

/* The rate between two looks, 0 when they are too close to tell. */
double expect_rate(const struct forecast_load *from, const struct forecast_load *to);

/* The forecast for a run that begins now. Without a source (NULL) everything is as it was rehearsed. */
bool expect_forecast(const struct runbook *r, struct journal *j, struct pg *source, struct arena *a,
                     struct forecast *ret, struct err *err) MUST_CHECK;

/* Keeps the forecast with the run, where there was a rehearsal. */
bool expect_note(struct cutover *c, struct err *err) MUST_CHECK;

#endif
