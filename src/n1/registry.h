/*
 * registry: the stores that sync with the new headquarters, their secrets, sessions and nonces, in the target database.
 *
 * Tables n1_* of the schema `carryover`; every instance of the gateway and every command sees the same ones. Of secrets
 * only hashes are kept, and of session keys nothing: they are derived (see gateway). Every change leaves a row in
 * n1_audit, in the same transaction; rows there can be added only. Names given to these functions are checked here.
 * Functions that change something run in a transaction of their own. One thread per connection.
 */
#ifndef N1_REGISTRY_H
#define N1_REGISTRY_H
#include "base/arena.h"
#include "db/pg.h"
#include "net/secret.h"

#define REGISTRY_ID_MAX 40
#define REGISTRY_NAME_MAX 200

/* A store as the registry knows it. Times are ISO 8601 in UTC, "" when there is none. */
struct registry_store {
    const char *id, *name, *group;
    const char *schema;  /* "N-1" or "N": which version its channel database has */
    const char *state;   /* "active", "paused" or "promoted" */
    const char *version; /* what its client calls itself; "" before it came */
    const char *created, *secret_set, *last_contact;
    int64_t sessions; /* that are open */
};

struct registry_stores {
    struct registry_store *p;
    size_t n;
};

/* A session as the gateway needs it. `state` is the store's. */
struct registry_session {
    const char *store, *state;
    int64_t epoch; /* moves with everything that decides what a store gets */
};

/* Moves the epoch, in the transaction that changes what stores get. */
#define REGISTRY_EPOCH_SQL "update carryover.n1_epoch set n = n + 1"

/* Makes the tables, or checks that they are there. Fails like target_prepare(). */
bool registry_prepare(struct pg *target, struct err *err) MUST_CHECK;

/* True when registry_prepare() was ever done on this target. */
bool registry_prepared(struct pg *target, bool *ret, struct err *err) MUST_CHECK;

/* 1 to 40 letters, digits, dots, - and _, beginning with a letter or digit: stores and groups. */
bool registry_is_id(struct str id);

/* --- administration; `who` stands in the audit --- */

/* Adds an active store of version N-1, and its group when that is new. Fails with ERR_USAGE for wrong names,
 * ERR_STORE_EXISTS. */
bool registry_add(struct pg *target, const char *who, const struct registry_store *s, const struct secret *secret,
                  struct err *err) MUST_CHECK;

/* All stores by id, in the arena. */
bool registry_list(struct pg *target, struct arena *a, struct registry_stores *ret, struct err *err) MUST_CHECK;

/* One store. Fails with ERR_STORE_UNKNOWN, as do the functions below. */
bool registry_show(struct pg *target, const char *id, struct arena *a, struct registry_store *ret,
                   struct err *err) MUST_CHECK;

/* active -> paused and back; a paused store is refused everything. Fails with ERR_GUARD from any other state. */
bool registry_pause(struct pg *target, const char *who, const char *id, struct err *err) MUST_CHECK;
bool registry_resume(struct pg *target, const char *who, const char *id, struct err *err) MUST_CHECK;

/* A new secret; the old one and all sessions of the store end. */
bool registry_rotate(struct pg *target, const char *who, const char *id, const struct secret *secret,
                     struct err *err) MUST_CHECK;

bool registry_remove(struct pg *target, const char *who, const char *id, struct err *err) MUST_CHECK;

/* The administrator's token, one at a time. */
bool registry_set_admin(struct pg *target, const char *who, const struct secret *token, struct err *err) MUST_CHECK;
bool registry_check_admin(struct pg *target, const struct secret *token, bool *ret, struct err *err) MUST_CHECK;

/* --- what stores do --- */

/* Opens a session when `secret` is the store's. `key_id` says which key of the gateway it is derived from. Fails with
 * ERR_CREDENTIALS, the same for a store that does not exist, and ERR_STORE_INACTIVE when it is not active. */
bool registry_open_session(struct pg *target, const char *store, const struct secret *secret, const char *session,
                           const char *key_id, int64_t lives_s, struct err *err) MUST_CHECK;

/* A session that is open and derived from this key; its texts are in the arena. Fails with ERR_SESSION. */
bool registry_session(struct pg *target, const char *session, const char *key_id, struct arena *a,
                      struct registry_session *ret, struct err *err) MUST_CHECK;

bool registry_close_session(struct pg *target, const char *store, const char *session, struct err *err) MUST_CHECK;

/* Notes a nonce for `keep_s`. Fails with ERR_REPLAY when it was there. */
bool registry_note_nonce(struct pg *target, const char *session, const char *nonce, int64_t keep_s,
                         struct err *err) MUST_CHECK;

/* The store was here now. `version` may be NULL: it stays what it was. */
bool registry_contact(struct pg *target, const char *store, const char *version, struct err *err) MUST_CHECK;

/* Removes sessions and nonces whose time is over. */
bool registry_purge(struct pg *target, struct err *err) MUST_CHECK;

/* --- as JSON --- */

void registry_put_store(struct buf *b, const struct registry_store *s);
void registry_put_stores(struct buf *b, const struct registry_stores *l);

#endif
