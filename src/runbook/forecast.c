#include "runbook/forecast.h"
#include "runbook/summary.h"
#include <math.h>
#include <stdlib.h>

#define LOAD "load" /* steps of the journal that are none of the runbook */
#define EXPECTED "forecast"
#define ALONE 0.3            /* what one measurement alone may be off */
#define TOGETHER 0.1         /* and the outermost of several */
#define LEAST_SLACK_US 20000 /* of any step: a disk may be busy for a moment */
#define CHANGES_MOST 3.0     /* twice as many changes are not twice the time for ever: the range says so */

/* --- what a rehearsal says of now --- */

static double ratio(double now, double then)
{
    return now > 0 && then > 0 ? now / then : 1.0;
}

static double factor(enum runbook_growth g, const struct forecast_load *then, const struct forecast_load *now)
{
    switch (g) {
    case GROWTH_NONE:
        return 1.0;
    case GROWTH_ROWS:
        return ratio((double)now->bytes, (double)then->bytes);
    case GROWTH_CHANGES:
        return fmin(fmax(ratio(now->changes_s, then->changes_s), 1 / CHANGES_MOST), CHANGES_MOST);
    }
    abort();
}

/* A step of the changes has a part that does not grow: the truth lies between the time as it was and in proportion. */
static double expected_factor(enum runbook_growth g, double f)
{
    return g == GROWTH_CHANGES ? sqrt(f) : f;
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static double middle(double *v, size_t n)
{
    qsort(v, n, sizeof *v, by_size);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static struct forecast_time range_of(double *v, size_t n, double least, double most)
{
    double slack = n == 1 ? ALONE : TOGETHER, mid = middle(v, n);
    double low = fmin(v[0], mid * least) * (1 - slack), high = fmax(v[n - 1], mid * most) * (1 + slack);
    return (struct forecast_time){(int64_t)mid, (int64_t)fmax(0, fmin(low, mid - LEAST_SLACK_US)),
                                  (int64_t)fmax(high, mid + LEAST_SLACK_US)};
}

static struct forecast_time assumed(const struct runbook_step *s, double told)
{
    int64_t us = s->task ? s->task->estimate_ms * 1000 : (int64_t)told;
    return (struct forecast_time){us, us, us};
}

static void reckon_step(const struct runbook *r, size_t i, const struct forecast_sample *samples, size_t n,
                        const struct forecast_load *now, struct arena *a, struct forecast *ret)
{
    double *v = arena_new_array(a, double, n + 1), least = 1, most = 1;
    size_t found = 0;
    for (size_t k = 0; k < n; k++) {
        if (samples[k].tells[i] < 0)
            continue;
        ret->measured[i] += !samples[k].estimated[i];
        enum runbook_growth g = r->steps[i].growth;
        double f = factor(g, &samples[k].load, now), e = expected_factor(g, f);
        v[found++] = (double)samples[k].tells[i] * e;
        least = fmin(least, fmin(1, f) / e);
        most = fmax(most, fmax(1, f) / e);
    }
    ret->steps[i] =
        ret->measured[i] ? range_of(v, found, least, most) : assumed(&r->steps[i], found ? v[found - 1] : 0);
}

/* --- phases and the downtime --- */

static int64_t length_of(const struct runbook *r, enum runbook_phase phase, const struct forecast *f, int which,
                         struct arena *a, struct agenda_time *times)
{
    int64_t *us = arena_new_array(a, int64_t, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        us[i] = which < 0 ? f->steps[i].low_us : which > 0 ? f->steps[i].high_us : f->steps[i].us;
    return agenda_schedule(r, phase, us, times);
}

static void keep_times(const struct runbook *r, enum runbook_phase phase, const struct agenda_time *from,
                       struct agenda_time *to)
{
    for (size_t i = 0; i < r->n; i++)
        if (r->steps[i].phase == phase)
            to[i] = from[i];
}

static void reckon_phases(const struct runbook *r, struct arena *a, struct forecast *f)
{
    struct agenda_time *times = arena_new_array(a, struct agenda_time, r->n + 1);
    f->times = arena_new_array(a, struct agenda_time, r->n + 1);
    for (int p = PHASE_BEFORE; p <= PHASE_AFTER; p++) {
        struct forecast_time *t = &f->phases[p];
        t->low_us = length_of(r, (enum runbook_phase)p, f, -1, a, times);
        t->high_us = length_of(r, (enum runbook_phase)p, f, 1, a, times);
        t->us = length_of(r, (enum runbook_phase)p, f, 0, a, times);
        keep_times(r, (enum runbook_phase)p, times, f->times);
    }
}

/* The downtime is not the sum of its steps: users feel it from their last commit on, and between two steps the journal
 * is written. What it differed by in the rehearsals is added. */
static void reckon_downtime(const struct runbook *r, const struct forecast_sample *samples, size_t n, struct arena *a,
                            struct forecast *f)
{
    struct agenda_time *times = arena_new_array(a, struct agenda_time, r->n + 1);
    int64_t *us = arena_new_array(a, int64_t, r->n + 1);
    double *rest = arena_new_array(a, double, n + 1);
    size_t found = 0;
    for (size_t k = 0; k < n; k++) {
        for (size_t i = 0; i < r->n; i++)
            us[i] = samples[k].us[i];
        if (samples[k].downtime_us >= 0)
            rest[found++] = (double)(samples[k].downtime_us - agenda_schedule(r, PHASE_DOWNTIME, us, times));
    }
    int64_t more = found ? (int64_t)middle(rest, found) : 0;
    const struct forecast_time *p = &f->phases[PHASE_DOWNTIME];
    f->downtime = (struct forecast_time){MAX(p->us + more, 0), MAX(p->low_us + more, 0), MAX(p->high_us + more, 0)};
}

void forecast_reckon(const struct runbook *r, const struct forecast_sample *samples, size_t n,
                     const struct forecast_load *now, struct arena *a, struct forecast *ret)
{
    *ret = (struct forecast){.n_samples = n};
    ret->steps = arena_new_array(a, struct forecast_time, r->n + 1);
    ret->measured = arena_new_array(a, int, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        reckon_step(r, i, samples, n, now, a, ret);
    reckon_phases(r, a, ret);
    reckon_downtime(r, samples, n, a, ret);
}

/* --- the journal --- */

bool forecast_note_load(struct journal *j, int64_t run, const struct forecast_load *load, struct err *err)
{
    SCOPED_BUF text = {0};
    buf_printf(&text, "bytes=%" PRId64 " changes_1000s=%" PRId64 " counter=%" PRId64 " at_us=%" PRId64, load->bytes,
               (int64_t)(load->changes_s * 1000), load->counter, load->at_us);
    return journal_add(j, run, LOAD, "noted", buf_text(&text), err);
}

static bool last_detail(struct journal *j, int64_t run, const char *step, struct arena *a, const char **ret,
                        struct err *err)
{
    struct journal_event *events = NULL;
    size_t n = 0;
    *ret = "";
    if (!journal_events(j, run, step, a, &events, &n, err))
        return false;
    *ret = n ? events[n - 1].detail : "";
    return true;
}

static void read_step(const struct summary_step *s, size_t i, struct forecast_sample *ret)
{
    ret->us[i] = s->us;
    ret->estimated[i] = strstr(s->state.detail, "assumed_us=") != NULL;
    ret->tells[i] = ret->estimated[i] ? summary_number(s->state.detail, "assumed_us") : s->us;
    if (!s->state.done || s->state.skipped)
        ret->tells[i] = -1;
}

static bool read_sample(const struct runbook *r, struct journal *j, int64_t run, struct arena *a,
                        struct forecast_sample *ret, struct err *err)
{
    struct summary s;
    const char *load = NULL;
    if (!summary_read(j, r, run, a, &s, err) || !last_detail(j, run, LOAD, a, &load, err))
        return false;
    *ret = (struct forecast_sample){.run = run,
                                    .load = {.bytes = summary_number(load, "bytes"),
                                             .changes_s = (double)summary_number(load, "changes_1000s") / 1000,
                                             .counter = summary_number(load, "counter"),
                                             .at_us = summary_number(load, "at_us")},
                                    .us = arena_new_array(a, int64_t, r->n + 1),
                                    .tells = arena_new_array(a, int64_t, r->n + 1),
                                    .estimated = arena_new_array(a, bool, r->n + 1),
                                    .downtime_us = s.downtime_us};
    for (size_t i = 0; i < r->n; i++)
        read_step(&s.steps[i], i, ret);
    return true;
}

bool forecast_samples(const struct runbook *r, struct journal *j, const char *kind, struct arena *a,
                      struct forecast_sample **ret, size_t *ret_n, struct err *err)
{
    struct journal_run *runs = NULL;
    size_t n = 0;
    *ret_n = 0;
    if (!journal_runs(j, kind, a, &runs, &n, err))
        return false;
    *ret = arena_new_array(a, struct forecast_sample, FORECAST_MOST);
    for (size_t i = n; i-- > 0 && *ret_n < FORECAST_MOST;)
        if (runs[i].ended && !runs[i].abandoned && !read_sample(r, j, runs[i].id, a, &(*ret)[(*ret_n)++], err))
            return false;
    return true;
}

static void put_time(struct buf *b, const char *name, const struct forecast_time *t)
{
    buf_printf(b, "%s=%" PRId64 " %s:low=%" PRId64 " %s:high=%" PRId64 " ", name, t->us, name, t->low_us, name,
               t->high_us);
}

bool forecast_note(const struct forecast *f, const struct runbook *r, struct journal *j, int64_t run, struct err *err)
{
    SCOPED_BUF text = {0};
    buf_printf(&text, "rehearsals=%zu ", f->n_samples);
    put_time(&text, "downtime", &f->downtime);
    for (size_t i = 0; i < r->n; i++)
        put_time(&text, r->steps[i].name, &f->steps[i]);
    return journal_add(j, run, EXPECTED, "noted", buf_text(&text), err);
}

static struct forecast_time get_time(const char *detail, const char *name, struct arena *a)
{
    return (struct forecast_time){summary_number(detail, name), summary_number(detail, arena_printf(a, "%s:low", name)),
                                  summary_number(detail, arena_printf(a, "%s:high", name))};
}

bool forecast_noted(const struct runbook *r, struct journal *j, int64_t run, struct arena *a, struct forecast *ret,
                    bool *ret_there, struct err *err)
{
    const char *detail = NULL;
    if (!last_detail(j, run, EXPECTED, a, &detail, err))
        return false;
    *ret_there = detail[0] != '\0';
    *ret = (struct forecast){.n_samples = (size_t)summary_number(detail, "rehearsals")};
    ret->downtime = get_time(detail, "downtime", a);
    ret->steps = arena_new_array(a, struct forecast_time, r->n + 1);
    for (size_t i = 0; i < r->n; i++)
        ret->steps[i] = get_time(detail, r->steps[i].name, a);
    return true;
}
