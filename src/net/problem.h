/*
 * problem: errors as they are told to clients, application/problem+json (RFC 9457).
 *
 * A code that is meant for clients has a status here, and its message goes out as it is. Every other code is an inner
 * failure: the client learns that something failed and a reference that stands in the log, nothing of SQL, files or
 * servers.
 */
#ifndef NET_PROBLEM_H
#define NET_PROBLEM_H
#include "base/buf.h"
#include "base/err.h"
#include <stdint.h>

#define PROBLEM_TYPE "application/problem+json"

/* The HTTP status of an error: 4xx for the codes that are meant for clients, 503 where trying again can help, 500. */
int problem_status(enum err_code code);

/* True when the message of such an error may be told to clients. */
bool problem_is_public(enum err_code code);

/* The document: type, title, status, detail, time (seconds since 1970), reference, and `more`: members of this problem
 * alone, each with a comma before it. */
void problem_put(struct buf *b, const struct err *err, const char *reference, int64_t now_s, struct str more);

#endif
