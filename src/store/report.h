/*
 * report: tells headquarters what is under way in this store, so that nobody moves it in the middle of something.
 *
 * What is under way are the facts of the package's store/status.sql that hold a store, and transactions that
 * headquarters has not got.
 */
#ifndef STORE_REPORT_H
#define STORE_REPORT_H
#include "store/channel.h"
#include "store/hq.h"

struct report {
    struct arena *a;
    const char *said; /* what was told last, in the arena; NULL: nothing yet */
    int64_t said_us;
};

/* Tells it when it has changed, or was last told some minutes ago. Fails like hq_ask(). */
bool report_send(struct report *r, struct channel *c, struct hq *h, struct err *err) MUST_CHECK;

#endif
