/*
 * staff: cashiers prove who they are, and choose a new password once.
 *
 * The hash of N-1 is good for one thing: to prove the old password at the moment a new one is chosen; signing in with
 * it is answered with ChangePasswordRequired. What is kept then is an argon2id hash, and the old one is erased in the
 * same transaction. Every attempt costs one hash of each kind, whether the worker exists, has the old hash or the new
 * one, and is answered the same way when it fails. Everything is noted in carryover.n1_audit, without ids that nobody
 * has and without passwords. Answers are those of real-time calls; their codes are listed in docs/n1/protocol.md.
 */
#ifndef N1_STAFF_H
#define N1_STAFF_H
#include "n1/args.h"
#include "n1/credential.h"
#include "n1/method.h"

struct staff_opts {
    struct hashing_opts hashing;
    struct credential_limit limit;
    int64_t length; /* of a new password, in characters at least */
};

struct staff; /* opaque; safe to share between threads */

/* `p` has to live as long. Fails with ERR_PACKAGE, and like hashing_open(). */
bool staff_open(const struct package *p, const struct staff_opts *o, struct arena *a, struct staff **ret,
                struct err *err) MUST_CHECK;
void staff_free(struct staff *s);
DEFINE_SCOPED(staff)

/* Answers a call whose header says `password`. No transaction is open, before and after. */
bool staff_answer(struct staff *s, struct pg *pg, const struct method *m, const char *store, const struct args *args,
                  struct arena *a, struct answer *w, struct err *err) MUST_CHECK;

/* Gives a worker a password that has to be changed at the next sign-in; `who` stands in the audit. `ret_password` is
 * to be shown once and wiped. Fails with ERR_STAFF_UNKNOWN. */
bool staff_reset(struct staff *s, struct pg *pg, const char *who, const char *id, struct arena *a, char **ret_password,
                 struct err *err) MUST_CHECK;

/* The statements of the package, for lists and checks. */
const struct credential_sql *staff_sql(const struct staff *s);

#endif
