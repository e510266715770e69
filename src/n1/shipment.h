/*
 * shipment: one package of rows for the stores of a group, or for one store, made and kept in the target.
 *
 * A delta has what the window of a run has touched (see subjob); a full one has everything that the lenses say now. The
 * bytes are spooled to a file, then kept in the target in parts, so that every gateway can serve them.
 */
#ifndef N1_SHIPMENT_H
#define N1_SHIPMENT_H
#include "n1/subjob.h"

#define SHIPMENT_PART_BYTES 1048576

/* The packages of a job for one owner, each leading from one version to the next. */
struct chain {
    const char *job, *scope, *owner; /* scope: "group" or "store" */
    int64_t version;                 /* 0: it has no package yet */
};

struct shipment_made {
    int64_t package; /* 0: there was nothing to say */
    int64_t rows, keys, bytes;
};

/* What a store calls the chain: "1010@US-SOUTH" for a group's, "1010" for its own. */
char *chain_name(struct arena *a, const struct chain *c);

/* Makes the delta from the chain's version to `to`, or a full package that leads to `to`, in the caller's transaction.
 */
bool shipment_delta(struct pg *target, const struct subjobs *list, const struct chain *c, int64_t to, const char *spool,
                    struct shipment_made *ret, struct err *err) MUST_CHECK;
bool shipment_full(struct pg *target, const struct subjobs *list, const struct chain *c, int64_t to, const char *spool,
                   struct shipment_made *ret, struct err *err) MUST_CHECK;

#endif
