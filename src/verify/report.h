/*
 * report: what a proof found: plain data that the three forms (text, JSON, HTML) are made of.
 *
 * A check is one thing that was proven: a table, a law, a round trip. Checks are added by one thread before the work
 * begins, so their order is always the same; the worker that does a check fills it, and texts that it keeps go through
 * the functions here, which copy them and may be called from any thread. Everything lives as long as the report.
 */
#ifndef VERIFY_REPORT_H
#define VERIFY_REPORT_H
#include "base/arena.h"
#include "base/vec.h"
#include <stdbool.h>
#include <stdint.h>

/* From best to worst. */
enum outcome {
    OUTCOME_PASS,
    OUTCOME_EXPLAINED, /* differs, and the reason is a known one that is named */
    OUTCOME_SKIPPED,   /* nothing was proven; the note says why */
    OUTCOME_IN_FLIGHT, /* some rows were being brought up to date at that very moment, so they prove nothing */
    OUTCOME_FAIL,
};

enum report_section { SECTION_REPLICA, SECTION_LENSES, SECTION_LAWS, SECTION_ROUNDTRIP, SECTION_COUNT };

/* One value that differs: what it should be, and what it is. NULL is SQL's NULL, or no such row. */
struct report_value {
    const char *column, *expected, *found;
};

/* One row of evidence. */
struct report_row {
    const char *what; /* "changed", "missing", "extra", "2 times instead of 1", "violation" */
    const char *key;  /* "recid=5637144576" */
    VEC(struct report_value) values;
};

struct report_check {
    enum report_section section;
    const char *name;  /* of the table, lens or law */
    const char *title; /* what is compared with what; of a law its title */
    const char *note;  /* "" or what has to be known about the outcome */
    enum outcome outcome;
    int64_t expected_rows, found_rows; /* -1: not counted */
    int64_t differences;               /* rows or lines */
    bool at_least;                     /* there may be more differences than were counted */
    int64_t in_flight;                 /* rows left out because they were on their way */
    int64_t explained;                 /* differences that are explained */
    int64_t elapsed_us;                /* of all workers together */
    VEC(struct report_row *) rows;     /* evidence, not all of it */
};

/* A column that the way back does not restore. */
struct report_loss {
    const char *table, *column, *reason;
    bool rounded; /* within the tolerance of rounding, not lost */
    int64_t rows; /* in which something was really lost; -1: not counted */
};

struct report {
    struct arena *arena;   /* use the functions below */
    const char *id, *kind; /* "full", "partial", "since-last" */
    const char *package, *version;
    int64_t started_us, finished_us; /* wall clock */
    uint64_t position;               /* of the source; 0 unknown */
    bool live;                       /* replication went on */
    int64_t held_us;                 /* how long replication stood still for it */
    VEC(struct report_check *) checks;
    VEC(struct report_loss) losses;
    VEC(const char *) remarks;
    void *lock;
};

struct report *report_new(void);
void report_free(struct report *r);
DEFINE_SCOPED(report)

const char *outcome_name(enum outcome o);                /* "pass", "fail", "explained", "in-flight", "skipped" */
const char *report_section_name(enum report_section s);  /* "replica": stable, for programs */
const char *report_section_title(enum report_section s); /* for people */

/* Adds a check, not yet done: SKIPPED. */
struct report_check *report_check(struct report *r, enum report_section s, const char *name, const char *title);

/* Sets or extends the note of a check. */
void report_note(struct report *r, struct report_check *c, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Adds a row of evidence, and a value to it. */
struct report_row *report_row(struct report *r, struct report_check *c, const char *what, const char *key);
void report_value(struct report *r, struct report_row *row, const char *column, const char *expected,
                  const char *found);

void report_lose(struct report *r, const char *table, const char *column, const char *reason, bool rounded,
                 int64_t rows);

/* A sentence about the proof as a whole. */
void report_remark(struct report *r, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Adds time that a worker spent on a check. */
void report_spent(struct report *r, struct report_check *c, int64_t us);

/* The worst outcome of a section, or of all; a check that was skipped does not count unless all were. */
enum outcome report_section_outcome(const struct report *r, enum report_section s);
enum outcome report_outcome(const struct report *r);

/* How many checks of a section have this outcome. */
int report_count(const struct report *r, enum report_section s, enum outcome o);

#endif
