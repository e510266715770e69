/*
 * digest: what all rows of both sides of a twin add up to, in any order, so that equal sums mean equal rows.
 *
 * Each row falls into a bucket by the hash of its key (of the whole row when there is no key); a bucket has the number
 * of its rows and two sums of 64-bit hashes of their text, modulo 2^64. Sums do not depend on order, collation or on
 * how a table is cut into ranges of pages, so several workers may read parts of it and add. Buckets that differ say
 * where to look closer. Source: hashtextextended(), PostgreSQL's own 64-bit hash, the same on every server.
 */
#ifndef VERIFY_DIGEST_H
#define VERIFY_DIGEST_H
#include "db/pg.h"
#include "verify/twin.h"

#define DIGEST_BUCKETS_MAX 4096

struct digest; /* opaque: both sides of one twin; thread-safe */

/* `twin` must outlive it. */
struct digest *digest_new(const struct twin *p);
void digest_free(struct digest *d);
DEFINE_SCOPED(digest)

/* Reads a range of one side (NULL: all of it) and adds what it finds. */
bool digest_scan(struct digest *d, enum twin_at at, const struct twin_range *range, struct pg *pg,
                 struct err *err) MUST_CHECK;

/* Rows of a side. */
int64_t digest_rows(const struct digest *d, enum twin_at at);

/* True when both sides agree in every bucket. */
bool digest_equal(const struct digest *d);

/* Buckets that differ; the first ones of them are put into `ret_buckets` (as "{1,5,9}") until they may hold `most_rows`
 * rows, at least one; `ret_taken` says how many. */
size_t digest_differing(const struct digest *d, int64_t most_rows, struct buf *ret_buckets, size_t *ret_taken);

/* Appends the expression that gives the bucket of a row of `t`. */
void digest_put_bucket(struct buf *b, const struct digest *d, enum twin_at at);

/* Adds "-9223372036854775808" modulo 2^64 to a sum: the text form of numeric into what the sums are kept in. */
uint64_t digest_sum(uint64_t sum, const char *number);

#endif
