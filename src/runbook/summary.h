/*
 * summary: what a cutover did and how long it took, from the journal: text, JSON and a page with a chart.
 *
 * The downtime is what users feel: from the last write that the source accepted (its own commit time, brought to our
 * clock), or from the beginning of the stop if nothing was written since, to the first write that the new database
 * took.
 */
#ifndef RUNBOOK_SUMMARY_H
#define RUNBOOK_SUMMARY_H
#include "runbook/forecast.h"

struct summary_step {
    const struct runbook_step *step;
    struct journal_step state;
    int64_t us; /* of the successful attempt, without what only a rehearsal does ("aside_us=" in the detail) */
};

/* What somebody decided: a sign-off, or going on without it, a step that was skipped, confirmed or undone. */
struct summary_note {
    int64_t at_us;
    const char *who, *step, *event, *detail;
};

struct summary {
    int64_t run;
    bool complete;
    struct summary_step *steps;
    size_t n;
    int64_t stop_begin_us, last_commit_us, first_write_us; /* wall clock; 0 unknown */
    int64_t aside_us;                                      /* of the downtime: what only a rehearsal does */
    int64_t downtime_us;                                   /* -1 while it is not over */
    int64_t drained_transactions;                          /* applied in all */
    struct summary_note *notes;
    size_t n_notes;
    bool expected_there;
    struct forecast expected; /* when the run began: of the downtime and each step */
};

bool summary_read(struct journal *j, const struct runbook *r, int64_t run, struct arena *a, struct summary *ret,
                  struct err *err) MUST_CHECK;

void summary_put_text(struct buf *b, const struct summary *s);
void summary_put_json(struct buf *b, const struct summary *s);
void summary_put_html(struct buf *b, const struct summary *s, const char *title);

/* A detail is text for people and then, behind " | ", numbers for us: this is the first part. */
struct str summary_words(const char *detail);

/* The number behind "name=" in a step's detail, or 0. */
int64_t summary_number(const char *detail, const char *name);

#endif
