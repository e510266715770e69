/*
 * maintenance: users out of a database, drained, and in again.
 *
 * Going in is one transaction: the right to connect is taken from everybody who has it (PUBLIC and roles), what was
 * taken is remembered in carryover.maintenance, and the state becomes `in-maintenance`. Coming out is one transaction
 * as well: exactly that is given back and the state is what it was. So a crash leaves either, and both may be repeated.
 * Superusers, the database's owner and the role that carryover connects with come in all the time. Sessions that were
 * there stay until they end or are ended: maintenance_users() counts them.
 */
#ifndef DB_MAINTENANCE_H
#define DB_MAINTENANCE_H
#include "db/pg.h"

/* Keeps users out; `*ret_changed` is false when they were out already. Fails with ERR_TARGET_STATE where carryover was
 * never prepared, ERR_TARGET_PRIVILEGE when the role may not change who connects. */
bool maintenance_on(struct pg *pg, const char *who, bool *ret_changed, struct err *err) MUST_CHECK;

/* Lets them in again; `*ret_changed` is false when they were in. */
bool maintenance_off(struct pg *pg, const char *who, bool *ret_changed, struct err *err) MUST_CHECK;

/* Sessions of users that are still there: everybody's who could not come in now, but programs of carryover. */
bool maintenance_users(struct pg *pg, int64_t *ret, struct err *err) MUST_CHECK;

/* Waits until no user is there, `drain_ms` at most; then ends what is left when `force` is given, else fails with
 * ERR_TIMEOUT. `*ret_ended` is how many sessions were ended. */
bool maintenance_drain(struct pg *pg, int64_t drain_ms, bool force, int64_t *ret_ended, struct err *err) MUST_CHECK;

#endif
