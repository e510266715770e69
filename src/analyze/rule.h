/*
 * rule: the rules of an analysis as a list: those of the package, and those that carryover has itself.
 *
 * A rule of a package is a SELECT; a rule of carryover may be a function that asks several. The list is in order of
 * severity, then by id. Strings belong to the package or are constants.
 */
#ifndef ANALYZE_RULE_H
#define ANALYZE_RULE_H
#include "analyze/analyze.h"
#include "db/pg.h"

/* What a rule works with: its connection is inside a transaction that sees the snapshot, with a savepoint `rule`. */
struct rule_call {
    const struct analyze_opts *o;
    const struct rule *rule;
    struct pg *pg;
    struct arena *a;
    int64_t deadline_us; /* of clock_us(); 0: none */
};

/* Fills rows, total and so on. A failure inside the database is put into f->failure, not returned: returned is only
 * what ends the whole analysis. */
typedef bool rule_fn(const struct rule_call *c, struct analyze_finding *f, struct err *err);

struct rule {
    struct analyze_finding about; /* id, section ... of what it finds */
    const char *tables;           /* comma list of tables and columns that it needs, "" none */
    const char *sql;              /* of a rule that is a SELECT */
    rule_fn *run;
};

struct rules {
    struct rule *p;
    size_t n;
};

/* All rules, in the arena. */
struct rules rule_list(const struct analyze_opts *o, struct arena *a);

/* The rules that opts->rule names; fails with ERR_USAGE, and the nearest id, when there is none. */
bool rule_choose(const struct analyze_opts *o, struct arena *a, struct rules *ret, struct err *err) MUST_CHECK;

/* Runs `sql` and takes its columns subject, detail, bytes and rows; what the server says against it is f->failure. */
bool rule_select(const struct rule_call *c, const char *sql, struct analyze_finding *f, struct err *err) MUST_CHECK;

/* Adds one row of evidence; beyond the most that are kept it is only counted. */
void rule_add_row(const struct rule_call *c, struct analyze_finding *f, const char *subject, const char *detail,
                  int64_t bytes);

/* Limits the next statement to what is left of the rule's time. False, with f->failure, when nothing is left. */
bool rule_has_time(const struct rule_call *c, struct analyze_finding *f, bool *ret, struct err *err) MUST_CHECK;

/* Takes a failed statement back. `*why` becomes f->failure, or is returned when it ends the analysis. */
bool rule_failed(const struct rule_call *c, const struct err *why, const char *what, struct analyze_finding *f,
                 struct err *err) MUST_CHECK;

#endif
