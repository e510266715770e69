/*
 * upload: packages of transactions that stores send: each accepted once, whole, in order.
 *
 * A package has a number of its store. One transaction in the target locks the store's row, brings the rows in (see
 * ingest, rescue), asks the rules (see verdict) and keeps the answer; so whatever is killed when, a package either came
 * or did not, and a store that sends it again gets the answer that it would have got. Several instances and connections
 * may take packages of one store at the same time. Tables n1_upload* of the schema carryover; what could not go in is
 * in n1_aside, what was refused in n1_upload_refused with its bytes, the last twenty of each store.
 */
#ifndef N1_UPLOAD_H
#define N1_UPLOAD_H
#include "n1/ingest.h"

/* Makes the tables. */
bool upload_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* True when upload_prepare() was ever done on this target. */
bool upload_prepared(struct pg *target, bool *ret, struct err *err) MUST_CHECK;

/* A connection that takes packages: ingest_open(), the rules, and for a new target the counters of what stores had sent
 * to N-1 before the cutover. Fails like ingest_open(). */
bool upload_open(const char *uri, const struct package *p, struct ingest **ret, struct err *err) MUST_CHECK;

struct upload {
    const char *store;
    int64_t number;
    struct str body;
};

/* Takes a package. `answer` gets what the store is told, also when it was told before; `problem` members of a problem
 * document, see net/problem. Fails with the ERR_UPLOAD_* codes. */
bool upload_take(struct ingest *in, const struct upload *u, struct arena *a, struct buf *answer, struct buf *problem,
                 struct err *err) MUST_CHECK;

/* What headquarters has of a store, as JSON. */
bool upload_state(struct ingest *in, const char *store, struct buf *b, struct err *err) MUST_CHECK;

/* Keeps rows that could not go in. */
struct rescue;
bool upload_keep_aside(struct ingest *in, const char *store, int64_t number, const struct intake *rows,
                       const struct rescue *r, struct err *err) MUST_CHECK;

#endif
