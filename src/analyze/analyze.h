/*
 * analyze: what a package's rules find in the live source, before anything is upgraded.
 *
 * Every rule is one SELECT, run read-only, all at one snapshot of the source, with a limit of time. A rule that returns
 * rows is a finding; its severity says what it means for the upgrade. A rule that cannot run is reported as such and
 * never passed over. Nothing is changed.
 */
#ifndef ANALYZE_ANALYZE_H
#define ANALYZE_ANALYZE_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/package.h"
#include <stdio.h>

enum analyze_severity { ANALYZE_BLOCKER, ANALYZE_WARNING, ANALYZE_ADVICE, ANALYZE_INFO, ANALYZE_SEVERITIES };

struct analyze_row {
    const char *subject, *detail;
    int64_t bytes;
};

/* One rule and what came of it. */
struct analyze_finding {
    const char *id, *section, *title, *why, *fix;
    enum analyze_severity severity;
    struct analyze_row *rows; /* the first ones */
    size_t n_rows;
    int64_t total;       /* rows in all; 0: nothing found */
    int64_t bytes;       /* saved when it is mended, 0 unknown */
    const char *failure; /* NULL, or why the rule could not run */
    int64_t elapsed_us;
};

struct analyze_table {
    const char *name;
    int64_t rows;  /* estimate */
    int64_t bytes; /* with indexes */
};

struct analysis {
    const char *package, *version, *schema;
    int64_t started_us, finished_us;  /* wall clock */
    struct analyze_finding *findings; /* by severity, then by id */
    size_t n_findings;
    struct analyze_table *tables; /* the largest */
    size_t n_tables;
    int64_t database_bytes, n_all_tables;
};

struct analyze_opts {
    const char *uri;
    const struct package *package;
    const char *const *read_by_lenses; /* tables that the up lenses read, NULL-terminated */
    const char *rule;                  /* id (or a pattern) of the only rules to run; NULL: all */
    int workers;
    int timeout_ms; /* of each rule, 0: none */
    int most_rows;  /* of evidence */
};

const char *analyze_severity_name(enum analyze_severity s);

/* Runs the rules. Everything lives in the arena. Fails with ERR_USAGE when no rule has the id. */
bool analyze_run(const struct analyze_opts *o, struct arena *a, struct analysis *ret, struct err *err) MUST_CHECK;

/* Rules of this severity that found something; rules that failed to run count as what they could have found. */
int analyze_count(const struct analysis *r, enum analyze_severity s);

#endif
