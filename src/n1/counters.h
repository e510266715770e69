/*
 * counters: how far the rows of each store have come, table by table.
 *
 * A store numbers the rows of a table; a package has those above the last one. Rows that came before the cutover count,
 * too: the first gateway on a new target finds out where every store stands, in one scan of each table. Names of tables
 * are kept as the upgrade package spells them and told in capitals.
 */
#ifndef N1_COUNTERS_H
#define N1_COUNTERS_H
#include "conf/uploads.h"
#include "db/pg.h"
#include "net/parcel.h"

/* Once for each table: the highest counter of every store that has rows in old.*. */
bool counters_seed(struct pg *target, const struct uploads *u, struct err *err) MUST_CHECK;

/* {"SALE": 5120}: every table that is counted. */
bool counters_put(struct pg *target, const struct uploads *u, const char *store, struct buf *b,
                  struct err *err) MUST_CHECK;

/* A package goes on where the last one ended. Fails with ERR_UPLOAD_COUNTER, and `problem` says what is expected. */
bool counters_check(struct pg *target, const struct uploads *u, const struct parcel *p, struct buf *problem,
                    struct err *err) MUST_CHECK;

/* Where this package ends: [{"t": table, "n": counter}]. */
void counters_put_last(struct buf *b, const struct parcel *p, const struct uploads *u);

#endif
