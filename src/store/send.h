/*
 * send: what the tills did, in numbered packages, each exactly once at headquarters.
 *
 * A package is cut at marks, so that a transaction is in it whole; its file is written and its row committed before the
 * first byte is sent, and the very same bytes are sent until there is an answer. Numbers and counters are compared with
 * headquarters' once a run: a store whose notes are behind (its database was restored) gives the rows that are not sent
 * yet counters above headquarters', one whose notes are ahead (headquarters was restored) sends again what is missing
 * there. What headquarters refuses blocks uploads only.
 */
#ifndef STORE_SEND_H
#define STORE_SEND_H
#include "store/channel.h"
#include "store/hq.h"

struct send_opts {
    int64_t transactions_max; /* in one package */
    int64_t bytes_max;        /* of its rows, uncompressed */
};

struct send_result {
    bool sent; /* one package; there may be more */
    int64_t number, rows, transactions, aside;
};

/* Sends the package that waits, or makes the next one and sends it. Fails like hq_send(), with ERR_UPLOAD_BLOCKED when
 * headquarters does not take it, or ERR_DISK_FULL; in each case the same call goes on where it was. `o` becomes smaller
 * when headquarters says that a package was too large. */
bool send_next(struct channel *c, struct hq *h, struct send_opts *o, struct send_result *ret,
               struct err *err) MUST_CHECK;

#endif
