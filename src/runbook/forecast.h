/*
 * forecast: how long each step of the real run will take, and the downtime, from rehearsals.
 *
 * Each rehearsal says how long a step took, how large the database was then and how much was changed a second. A step
 * whose time grows with one of these is reckoned up to what they are now. Expected is the middle of the rehearsals;
 * the range holds all of them, widened by what a single measurement may be off. What is not done in a rehearsal counts
 * as long as it is estimated, and is named. After the night the report compares.
 */
#ifndef RUNBOOK_FORECAST_H
#define RUNBOOK_FORECAST_H
#include "runbook/agenda.h"

#define FORECAST_MOST 20 /* rehearsals that are looked at, the newest */

/* What a rehearsal was made on; what the real run will be made on. Zero: unknown. */
struct forecast_load {
    int64_t bytes;          /* of the source database */
    double changes_s;       /* changes of rows a second */
    int64_t counter, at_us; /* rows that were changed in all, and when: what lies between two looks gives the rate */
};

struct forecast_sample {
    int64_t run; /* in the journal */
    struct forecast_load load;
    int64_t *us;    /* that each step took */
    int64_t *tells; /* what that says of the real run: the same, an estimate where it was not done, or -1 */
    bool *estimated;
    int64_t downtime_us; /* -1: unknown */
};

struct forecast_time {
    int64_t us, low_us, high_us;
};

struct forecast {
    struct forecast_time *steps;
    int *measured; /* how often each step was; what was not counts as it is estimated */
    size_t n_samples;
    struct forecast_time phases[3], downtime;
    struct agenda_time *times; /* of the expected times, within each phase */
};

/* Reckons the forecast; all in the arena. */
void forecast_reckon(const struct runbook *r, const struct forecast_sample *samples, size_t n,
                     const struct forecast_load *now, struct arena *a, struct forecast *ret);

/* Reads the rehearsals that ended, of the newest FORECAST_MOST. */
bool forecast_samples(const struct runbook *r, struct journal *j, const char *kind, struct arena *a,
                      struct forecast_sample **ret, size_t *ret_n, struct err *err) MUST_CHECK;

/* Notes on what a rehearsal was made, and what a real run was expected to take, in the run's events; reads the latter:
 * false in `*ret_there` when nothing was expected. */
bool forecast_note_load(struct journal *j, int64_t run, const struct forecast_load *load, struct err *err) MUST_CHECK;
bool forecast_note(const struct forecast *f, const struct runbook *r, struct journal *j, int64_t run,
                   struct err *err) MUST_CHECK;
bool forecast_noted(const struct runbook *r, struct journal *j, int64_t run, struct arena *a, struct forecast *ret,
                    bool *ret_there, struct err *err) MUST_CHECK;

#endif
