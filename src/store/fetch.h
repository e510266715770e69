/*
 * fetch: what headquarters has for this store, fetched part by part and applied.
 *
 * Parts that arrived stay on disk, whatever is cut or killed, and only the missing ones are asked for again; a package
 * is applied only when its size and digest are those that were announced. Headquarters is told how far it is; that this
 * message may be lost does not matter, since the next question says it, too.
 */
#ifndef STORE_FETCH_H
#define STORE_FETCH_H
#include "store/apply.h"
#include "store/hq.h"

struct fetch_result {
    bool applied;     /* one package; there may be more */
    int poll_after_s; /* when there was none: when to ask again */
    bool preparing;   /* headquarters is making one */
};

/* Asks for one package and applies it. Fails like hq_ask(), apply_package(), with ERR_DOWNLOAD_DAMAGED or
 * ERR_DISK_FULL; in each case the same call goes on where it was. */
bool fetch_next(struct channel *c, struct hq *h, struct fetch_result *ret, struct err *err) MUST_CHECK;

#endif
