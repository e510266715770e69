/*
 * query: can the database be read, and written to? Probes of the smoke test on a connection.
 *
 * A write is proven in three looks with the same SELECT: before it there is no such row, inside of the transaction
 * there is, and after the rollback there is none again. Every statement has the probe's time. The connection is good
 * for the next probe, whatever came of this one.
 */
#ifndef SMOKE_QUERY_H
#define SMOKE_QUERY_H
#include "conf/probes.h"
#include "db/pg.h"

/* Fails with ERR_SMOKE when there is something else than expected. `path` is the search path. */
bool query_read(struct pg *pg, const struct probe *p, const char *path, struct buf *said, struct err *err) MUST_CHECK;
bool query_write(struct pg *pg, const struct probe *p, struct buf *said, struct err *err) MUST_CHECK;

#endif
