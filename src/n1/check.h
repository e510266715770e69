/*
 * check: is everything set before stores are taken over?
 *
 * Each function looks at one part and adds what it finds: it fails only when it could not look. n1/check_gateway.h has
 * those that need no database. docs/package.md describes checks/ of a package.
 */
#ifndef N1_CHECK_H
#define N1_CHECK_H
#include "base/checks.h"
#include "conf/package.h"
#include "db/pg.h"
#include "n1/staff.h"

/* Stores, their secrets and groups; that no store, group or chain of packages mixes N-1 and N; the jobs. Reads the
 * tables of the registry, where they are there. */
bool check_registry(struct checks *c, struct pg *target, const struct package *p, struct err *err) MUST_CHECK;

/* What stands in the tables: passwords of workers, and the package's own checks. One transaction that is rolled back,
 * in which functions of calls are there, also before a gateway has made them. */
bool check_tables(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                  struct err *err) MUST_CHECK;

/* The package's own checks alone, those with an id like `pattern`. */
bool check_package(struct checks *c, struct pg *target, const struct package *p, const char *pattern,
                   struct err *err) MUST_CHECK;

/* Of those the passwords: that everybody has one, that those of N-1 can be proven. Inside the caller's transaction. */
bool check_staff(struct checks *c, struct pg *target, const struct package *p, const struct credential_sql *sql,
                 struct err *err) MUST_CHECK;

/* Tries each file of checks/ on a database with the tables of both versions. Fails with ERR_PACKAGE. */
bool check_package_try(struct pg *scratch, const struct package *p, struct err *err) MUST_CHECK;

#endif
