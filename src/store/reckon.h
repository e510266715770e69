/*
 * reckon: numbers and counters of uploads, compared with what headquarters has.
 *
 * Most of the time both say the same. A store that lost its notes (a new machine, a database that was restored) goes on
 * behind headquarters' number, and rows that are not sent yet get counters above headquarters'. When headquarters lost
 * some (it was restored), the rows behind its counters are sent again. A package that was accepted while the answer was
 * lost is no difference: it is sent again and gets that answer.
 */
#ifndef STORE_RECKON_H
#define STORE_RECKON_H
#include "store/channel.h"
#include "store/hq.h"

/* Asks headquarters and brings the notes of this store in line, in one transaction. Fails like hq_ask(). */
bool reckon_uploads(struct channel *c, struct hq *h, struct err *err) MUST_CHECK;

/* True when headquarters has a package of this number: it was accepted, and the answer was lost. Fails like hq_ask().
 */
bool reckon_is_taken(struct hq *h, int64_t number, bool *ret, struct err *err) MUST_CHECK;

#endif
