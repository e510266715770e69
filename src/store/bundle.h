/*
 * bundle: the next upload as a file: whole transactions, in the order of their marks, as many as fit.
 *
 * The file is complete on disk before its row is committed; a crash between the two leaves a file that the next one
 * replaces. What is in a package never changes once its row is there.
 */
#ifndef STORE_BUNDLE_H
#define STORE_BUNDLE_H
#include "store/channel.h"

struct bundle_limits {
    int64_t transactions_max, bytes_max;
};

/* A package that waits for its answer: a row of carryover_package. */
struct bundle {
    int64_t number, transactions, rows, bytes;
    const char *sha256, *path;
};

/* The package that waits, or a new one; `ret->number` is 0 when there is nothing to send. Fails with ERR_FILE,
 * ERR_DISK_FULL, ERR_PACKAGE when the totals of the package of the upgrade are wrong. */
bool bundle_next(struct channel *c, const struct bundle_limits *l, struct arena *a, struct bundle *ret,
                 struct err *err) MUST_CHECK;

/* Forgets a package that was not accepted, so that another one takes its number. */
bool bundle_drop(struct channel *c, const struct bundle *b, struct err *err) MUST_CHECK;

/* Removes what a kill left: files that were being written, and those of packages that wait for nothing any more. */
bool bundle_tidy(struct channel *c, struct err *err) MUST_CHECK;

/* Headquarters has it. */
bool bundle_accept(struct channel *c, const struct bundle *b, struct err *err) MUST_CHECK;

#endif
