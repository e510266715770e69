/*
 * credential: what headquarters knows of a worker's password, and how often somebody has guessed wrong.
 *
 * The package's staff/find.sql, set.sql and workers.sql read and change the tables of version N; carryover.n1_staff
 * counts attempts by a SHA-256 of the id, for ids that nobody has just as well, so that neither the answer nor the
 * lock tells whether an id exists, and a password that was typed into the wrong field is not kept. An attempt is
 * counted before it is looked at: many at once cannot get past the limit.
 */
#ifndef N1_CREDENTIAL_H
#define N1_CREDENTIAL_H
#include "n1/bind.h"
#include "n1/hashing.h"

/* The three statements of the package, read once. */
struct credential_sql {
    struct bind find, set, workers;
};

struct credential {
    const char *staff;    /* the id as headquarters spells it; "" when nobody has it */
    const char *hash;     /* of version N, "" when there is none */
    const char *old_hash; /* of N-1, "" when there is none */
    const char *salt;     /* of N-1's installation */
    bool change;          /* has to choose a new one */
    bool blocked;
};

/* How the limit on wrong passwords is set. */
struct credential_limit {
    int64_t failures;
    int64_t lock_s;
};

/* One worker in one store, for the list of who has changed. */
struct credential_worker {
    const char *staff, *name, *store;
    const char *state; /* "changed", "temporary", "old", "none", "blocked" */
    const char *changed;
    bool locked;
};

struct credential_workers {
    struct credential_worker *p;
    size_t n;
};

/* Makes the table. */
extern const char credential_prepare_sql[];

/* Reads staff/ of the package; `ret->find.sql` is NULL when it has none. Fails with ERR_PACKAGE. */
bool credential_load(const struct package *p, struct arena *a, struct credential_sql *ret, struct err *err) MUST_CHECK;

/* Fails with ERR_PACKAGE when one of the statements cannot run. */
bool credential_try(const struct credential_sql *sql, struct pg *pg, struct err *err) MUST_CHECK;

/* The credential of a worker; one with staff "" when nobody has this id. */
bool credential_find(const struct credential_sql *sql, struct pg *pg, const char *staff, struct arena *a,
                     struct credential *ret, struct err *err) MUST_CHECK;

/* Keeps a new hash and erases the old ones, if the credential is still what it was: fails with ERR_GATEWAY_BUSY when
 * it is not. `change`: it is a temporary one. Inside the caller's transaction. */
bool credential_set(const struct credential_sql *sql, struct pg *pg, const struct credential *was, const char *hash,
                    bool change, struct arena *a, struct err *err) MUST_CHECK;

/* Counts an attempt; `*ret_locked` when it may not be looked at. */
bool credential_attempt(struct pg *pg, const struct credential_limit *l, const char *staff, bool *ret_locked,
                        struct err *err) MUST_CHECK;

/* A wrong password: locks when the limit is reached, then `*ret_locked` is set. */
bool credential_failed(struct pg *pg, const struct credential_limit *l, const char *staff, bool *ret_locked,
                       struct err *err) MUST_CHECK;

/* A right one: the count starts anew. */
bool credential_proven(struct pg *pg, const char *staff, struct err *err) MUST_CHECK;

/* The worker has chosen a password, in this store ("" for an administrator's reset). */
bool credential_changed(struct pg *pg, const char *staff, const char *store, struct err *err) MUST_CHECK;

/* Every worker in every store that is his, by store and id. */
bool credential_list(const struct credential_sql *sql, struct pg *pg, struct arena *a, struct credential_workers *ret,
                     struct err *err) MUST_CHECK;

/* Forgets attempts that no longer count. */
bool credential_purge(struct pg *pg, const struct credential_limit *l, struct err *err) MUST_CHECK;

#endif
