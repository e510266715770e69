/*
 * proof: a verification as a part of other commands: made, stored in reports/, and judged.
 */
#ifndef CMD_PROOF_H
#define CMD_PROOF_H
#include "base/buf.h"
#include "conf/project.h"
#include "verify/verify.h"

/* What a proof of this project needs: source, target, package, workers. */
bool proof_opts(struct project *p, struct arena *a, struct verify_opts *ret, struct err *err) MUST_CHECK;

/* Makes a proof of everything, or of what changed since the last green one; puts a summary with the report's path into
 * `detail`. Fails with ERR_VERIFY_FAILED when it found differences. */
bool proof_full(struct project *p, struct arena *a, struct buf *detail, struct err *err) MUST_CHECK;

/* `silent`: the source accepts no writes and the tables without key were copied, so that they are compared as well.
 * `at` (may be NULL): a snapshot that stands for a silent source; replication is kept at it. */
bool proof_delta(struct project *p, struct arena *a, bool silent, const struct source_snapshot *at, struct buf *detail,
                 struct err *err) MUST_CHECK;

#endif
