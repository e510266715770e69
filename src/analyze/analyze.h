/*
 * analyze: what a package's rules find in the live source, before anything is upgraded.
 *
 * Every rule is one SELECT, run read-only, all at one snapshot of the source, with a limit of time. A rule that returns
 * rows is a finding; its severity says what it means for the upgrade. A rule whose tables this source does not have is
 * reported as not applicable, one that cannot run as failed; neither is ever passed over. Rules of carryover itself
 * (analyze/builtin.h) compare values with what other versions can hold. Nothing is changed.
 */
#ifndef ANALYZE_ANALYZE_H
#define ANALYZE_ANALYZE_H
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/package.h"
#include "model/fit.h"
#include <stdio.h>

enum analyze_severity { ANALYZE_BLOCKER, ANALYZE_WARNING, ANALYZE_ADVICE, ANALYZE_INFO, ANALYZE_SEVERITIES };

/* What became of a rule. `fixed`: an earlier run found something, this one does not. */
enum analyze_state {
    ANALYZE_OK,
    ANALYZE_OPEN,
    ANALYZE_ACCEPTED,
    ANALYZE_FIXED,
    ANALYZE_SKIPPED,
    ANALYZE_FAILED,
    ANALYZE_STATES
};

struct analyze_row {
    const char *subject, *detail;
    int64_t bytes;
};

/* One rule and what came of it. */
struct analyze_finding {
    const char *id, *catalogue, *section, *title, *why, *fix;
    enum analyze_severity severity;
    enum analyze_state state;
    struct analyze_row *rows; /* the first ones */
    size_t n_rows;
    int64_t total;       /* rows in all; 0: nothing found */
    int64_t affected;    /* rows of the source's tables that are concerned, 0 unknown */
    int64_t bytes;       /* saved when it is mended, 0 unknown */
    const char *note;    /* what was not looked at, or "" */
    const char *skipped; /* NULL, or why it does not apply to this source */
    const char *failure; /* NULL, or why the rule could not run */
    bool has_fix;        /* there is a script that mends it */
    int64_t elapsed_us;

    /* What earlier runs say, see analyze/runs.h. */
    const char *change;         /* "new", "gone", "grown", "shrunk"; "" when nothing changed or nothing is known */
    int64_t total_before;       /* -1: no earlier run asked the rule */
    const char *accepted_by;    /* NULL: not accepted */
    const char *accepted_for;   /* the reason */
    const char *accepted_grown; /* NULL, or why the acceptance does not hold any more */
};

struct analyze_table {
    const char *name;
    const char *module;
    int64_t rows;  /* estimate */
    int64_t bytes; /* with indexes */
};

struct analyze_module {
    const char *name;
    int64_t tables, rows, bytes;
};

struct sizing; /* analyze/sizing.h */

struct analysis {
    const char *package, *version, *digest, *schema;
    int64_t run;                      /* number in the history, 0: none */
    int64_t since;                    /* the run that it is compared with, 0: the last one of each rule */
    int64_t started_us, finished_us;  /* wall clock */
    struct analyze_finding *findings; /* by severity, then by id */
    size_t n_findings;
    struct analyze_table *tables; /* all, the largest first */
    size_t n_tables;
    struct analyze_module *modules; /* the largest first */
    size_t n_modules;
    int64_t database_bytes;
    int64_t copy_rate; /* bytes a second that minutes are estimated with */
    struct sizing *sizing;
};

struct analyze_opts {
    const char *uri;
    const struct package *package;
    const char *const *read_by_lenses;  /* tables that the up lenses read, NULL-terminated */
    const struct fit_lenses *version_n; /* what version N can hold; NULL: not asked */
    const struct fit_lenses *way_back;  /* what version N can hold of each table of N-1; NULL: not asked */
    const struct fit_lenses *stores;    /* what stores of N-1 can hold; NULL: not asked */
    const char *rule;                   /* id (or a pattern) of the only rules to run; NULL: all */
    bool only_sizing;                   /* no rules */
    int workers;
    int gateway_workers; /* connections that the gateway for stores has to the target */
    int timeout_ms;      /* of each rule, 0: none */
    int most_rows;       /* of evidence */
    int64_t copy_rate;
};

const char *analyze_severity_name(enum analyze_severity s);
const char *analyze_state_name(enum analyze_state s);

/* Runs the rules and reads the sizes. Everything lives in the arena. Fails with ERR_USAGE when no rule has the id. */
bool analyze_run(const struct analyze_opts *o, struct arena *a, struct analysis *ret, struct err *err) MUST_CHECK;

/* Rules of this severity that found something which nobody has accepted; rules that failed to run count as what they
 * could have found. */
int analyze_count(const struct analysis *r, enum analyze_severity s);

/* Rules in this state. */
int analyze_count_state(const struct analysis *r, enum analyze_state s);

/* True when there is something to tell: found, or it could not run. */
bool analyze_is_found(const struct analyze_finding *f);

/* Minutes that the copy of so many bytes takes at the rate of the analysis: an estimate. */
double analyze_minutes(const struct analysis *r, int64_t bytes);

/* Bytes that all open findings save together. */
int64_t analyze_savings(const struct analysis *r);

#endif
