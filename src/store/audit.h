/*
 * audit: whether the journal of the tills and the channel database say the same.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H
#include "store/channel.h"

/* What a comparison of the journal with the tables came to. */
struct audit_result {
    int64_t transactions;
    int64_t gross, paid; /* cents, of the journal */
};

/* Compares every line of the journal with the package's store/verify.sql, both ways. Fails with ERR_JOURNAL_DIFFERS,
 * naming the first transaction. */
bool audit_run(struct channel *c, struct audit_result *ret, struct err *err) MUST_CHECK;

#endif
