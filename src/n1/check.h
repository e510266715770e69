/*
 * check: is everything set before stores are taken over? What was looked at, and what was found, as plain data.
 *
 * Whoever checks begins a check and says what it finds; a check that says nothing is in order. Texts are copied into
 * the arena. The functions below look at one part each: they fail only when they could not look. n1/check_gateway.h has
 * those that need no database. docs/package.md describes checks/ of a package.
 */
#ifndef N1_CHECK_H
#define N1_CHECK_H
#include "base/arena.h"
#include "conf/package.h"
#include "db/pg.h"
#include "n1/staff.h"

enum check_state { CHECK_OK, CHECK_SKIPPED, CHECK_WARNING, CHECK_BLOCKER };

struct check_evidence {
    const char *subject, *detail;
};

struct check {
    const char *id, *what, *fix;
    enum check_state state;
    int64_t found;                   /* how often; only the first of them are kept as evidence */
    const char *reason;              /* why it was skipped, or "" */
    struct check_evidence *evidence; /* n_evidence of them */
    size_t n_evidence;
};

struct checks; /* opaque */

struct checks *checks_new(struct arena *a);
void checks_free(struct checks *c);
DEFINE_SCOPED(checks)

size_t checks_count(const struct checks *c);
const struct check *checks_at(const struct checks *c, size_t i);

/* How many checks are in this state. */
int64_t checks_in(const struct checks *c, enum check_state state);

/* What follows belongs to this check. */
void checks_begin(struct checks *c, const char *id, const char *what, const char *fix);
void checks_skip(struct checks *c, const char *reason);
void checks_found(struct checks *c, enum check_state state, const char *subject, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* One finding for each row: subject, and detail. `args` may be PG_NONE. */
bool checks_query(struct checks *c, enum check_state state, struct pg *target, const char *sql, struct pg_args args,
                  struct err *err) MUST_CHECK;

/* --- what is looked at --- */

/* Stores, their secrets and groups; that no store, group or chain of packages mixes N-1 and N; the jobs. Reads the
 * tables of the registry, where they are there. */
bool check_registry(struct checks *c, struct pg *target, const struct package *p, struct err *err) MUST_CHECK;

/* What stands in the tables: passwords of workers, and the package's own checks. One transaction that is rolled back,
 * in which functions of calls are there, also before a gateway has made them. */
bool check_tables(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                  struct err *err) MUST_CHECK;

/* Of those the passwords: that everybody has one, that those of N-1 can be proven. Inside the caller's transaction. */
bool check_staff(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                 struct err *err) MUST_CHECK;

/* Tries each file of checks/ on a database with the tables of both versions. Fails with ERR_PACKAGE. */
bool check_package_try(struct pg *scratch, const struct package *p, struct err *err) MUST_CHECK;

#endif
