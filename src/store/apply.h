/*
 * apply: a package of headquarters into the channel database, in one transaction with its version.
 *
 * Rows come as the protocol says: keys that went are deleted, a table that is replaced keeps only what is in the
 * package, the other rows are inserted or updated. Rows are staged first and then exchanged as a set, so two rows may
 * swap a unique value. Columns that only the package has are left out with a remark; those that only the store has keep
 * their value. Tables that the store fills itself, and carryover's own, are never touched. After a failure the database
 * is as it was.
 */
#ifndef STORE_APPLY_H
#define STORE_APPLY_H
#include "store/channel.h"

/* What headquarters has offered. */
struct offer {
    int64_t id;
    const char *job, *chain;
    bool full;
    int64_t from, to;
    int64_t bytes, parts, part_bytes;
    const char *sha256;
};

struct apply_result {
    int64_t rows, keys; /* of the package */
    int tables;
    bool was_there; /* the store had this version already: nothing was done */
};

/* Applies the file. Fails with ERR_PARCEL when the package is damaged or not what was offered, ERR_APPLY_FAILED when
 * the database does not take it, ERR_DISK_FULL. */
bool apply_package(struct channel *c, const struct offer *offer, const char *path, struct apply_result *ret,
                   struct err *err) MUST_CHECK;

#endif
