/*
 * uploads: what stores have sent, for the operator: how far each is, rows that could not go in, transactions that break
 * a rule, packages that were refused; and the second try. A store of NULL means all of them.
 */
#ifndef N1_UPLOADS_H
#define N1_UPLOADS_H
#include "n1/ingest.h"

bool uploads_put(struct pg *target, const char *store, bool json, struct buf *b, struct err *err) MUST_CHECK;
bool uploads_put_aside(struct pg *target, const char *store, bool json, struct buf *b, struct err *err) MUST_CHECK;
bool uploads_put_findings(struct pg *target, const char *store, bool json, struct buf *b, struct err *err) MUST_CHECK;
bool uploads_put_refused(struct pg *target, const char *store, bool json, struct buf *b, struct err *err) MUST_CHECK;

struct uploads_replay {
    int64_t tried;    /* rows that were set aside */
    int64_t in;       /* of them, those that are in now, or were there already */
    int64_t findings; /* transactions that broke a rule */
    int64_t left;     /* of them, those that still do */
};

/* Tries rows that were set aside again, package by package, and asks the rules about transactions that had findings.
 * One transaction for each store; what the store sends meanwhile waits. Adds to `ret`. */
bool uploads_replay(struct ingest *in, const char *store, struct uploads_replay *ret, struct err *err) MUST_CHECK;

#endif
