/*
 * sizing: how a database has grown, where that leads, and what its target and the gateway for stores need.
 *
 * A package says by queries (sizing/) how many rows of each kind were written in each month, and how many in the
 * busiest hour of it. Growth is the slope of a straight line through the full months, by least squares; with fewer than
 * three of them there is none. What is recommended follows from that and from measured factors, which docs/sizing.md
 * has with their measurements. Every figure of the future is an estimate.
 */
#ifndef ANALYZE_SIZING_H
#define ANALYZE_SIZING_H
#include "analyze/analyze.h"
#include "db/pg.h"

#define SIZING_STORES "stores" /* the query of sizing/ that lists stores and their groups instead */

struct sizing_month {
    char month[8]; /* "2026-03" */
    int64_t rows, peak_hour;
};

/* Rows of one kind: one file of sizing/. */
struct sizing_kind {
    const char *name, *title;
    struct sizing_month *months; /* in order, the running one last */
    size_t n_months, n_full;     /* full ones: neither the first nor the running one */
    int64_t rows, peak_hour;     /* of all months */
    const char *peak_month;
    int64_t bytes;     /* of its tables */
    double slope;      /* rows a month, each month */
    double last;       /* rows a month at the end of the line */
    int64_t next_rows; /* in the months to come */
    int64_t next_bytes;
    const char *skipped, *failure; /* NULL, or why there are no figures */
};

struct sizing {
    struct sizing_kind *kinds;
    size_t n_kinds;
    int months_ahead;
    int64_t stores, groups; /* -1: the package does not say */
    int workers, gateway_workers;
    int64_t database_bytes, forecast_bytes;
};

/* What is recommended. */
struct sizing_advice {
    int64_t target_disk; /* of the target's data, at the peak of the upgrade */
    int64_t target_kept; /* after it, months_ahead from now */
    int64_t target_log;  /* write-ahead log, in target_disk too */
    int64_t source_log;  /* kept on the source for a day without replication */
    int64_t memory;      /* of the target's server */
    int connections;     /* of the target's server, without users */
    int source_connections;
    double gateway_cores;
    int64_t gateway_memory;
};

/* The kinds of the package, without figures; in the arena. */
struct sizing *sizing_new(const struct analyze_opts *o, struct arena *a);

/* Runs the query of one kind. Like a rule: what the server says against it is k->failure. */
bool sizing_run(struct pg *pg, const struct package_file *f, int timeout_ms, struct arena *a, struct sizing_kind *k,
                struct err *err) MUST_CHECK;

/* Runs the query that lists stores. */
bool sizing_count_stores(struct pg *pg, const struct package *package, struct sizing *s, struct err *err) MUST_CHECK;

/* Sizes, growth and forecast once every query has been run. */
void sizing_finish(const struct package *package, const struct analysis *r, struct sizing *s);

struct sizing_advice sizing_advise(const struct sizing *s);

#endif
