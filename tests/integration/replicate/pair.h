/*
 * pair: a source and a target on real servers, and a replication between them in a process of its own.
 *
 * The follower is a forked child, so that a test can stop it, kill it, or wait until it ends and ask why. Its log is a
 * file. Everything that fails here fails the test with the reason. Both databases are on the server of integration/pg.h
 * unless the test gives servers of its own.
 */
#ifndef TESTS_INTEGRATION_REPLICATE_PAIR_H
#define TESTS_INTEGRATION_REPLICATE_PAIR_H
#include "db/target.h"
#include "integration/pg.h"
#include "replicate/replicate.h"
#include "test.h"
#include <sys/types.h>

struct pair {
    struct arena *arena;
    struct replicate_opts opts;
    struct pg *source, *target; /* for the test's own statements */
    pid_t pid;                  /* the follower, 0: none */
    const char *log, *outcome;  /* files */
};

/* Empty databases <name>_s, which has the schema dbo, and <name>_t on the test's server. */
struct pair *pair_new(struct arena *a, const char *name);

/* The same on other servers; the databases exist. */
struct pair *pair_of(struct arena *a, const char *name, const char *source_uri, const char *target_uri);

/* Kills the follower, drops the slot, closes the connections. */
void pair_free(struct pair *p);

/* Statements on the source. */
void pair_sql(struct pair *p, const char *sql);

/* Begins to replicate in the background. */
void pair_start(struct pair *p);

/* Asks the follower to end and checks that it did so cleanly. */
void pair_stop(struct pair *p);

/* Ends it without warning. */
void pair_kill(struct pair *p);

/* True when the follower has ended by itself. */
bool pair_ended(struct pair *p);

/* Waits until the follower ends by itself and gives its error; fails the test when it ended without one. */
void pair_failure(struct pair *p, struct err *ret);

/* Waits for a failure of this kind whose message has all of the texts (NULL-terminated). */
void pair_expect(struct pair *p, enum err_code code, ...);

/* Waits until the replica has everything that the source has committed. */
void pair_settle(struct pair *p);

/* Compares every table of both sides. */
void pair_same(struct pair *p);

/* pair_start(), pair_settle(), pair_same(). */
void pair_replicate(struct pair *p);

/* Waits until the follower's log has this text. */
void pair_logged(struct pair *p, const char *text);

/* Opens the test's own connections again, after a server went down. */
void pair_reopen(struct pair *p);

/* Runs a group of tests, each with an arena as its state; CARRYOVER_TEST chooses those whose names match ("*bag*"). */
#define pair_tests(tests) pair_run(#tests, tests, sizeof tests / sizeof tests[0])
int pair_run(const char *group, const struct CMUnitTest *tests, size_t n);

#endif
