/*
 * smoke: the smoke test of a project: every probe that smoke.yaml of the package and smoke.yaml of the project name.
 */
#ifndef CMD_SMOKE_H
#define CMD_SMOKE_H
#include "conf/project.h"
#include "db/pg.h"
#include "smoke/results.h"

/* Runs all probes and puts a summary into `detail`. Fails with ERR_SMOKE when one failed; what the probes said is in
 * reports/ and in the message. Without any probe it passes and says so. With `copy_uri` that database takes the place
 * of the target, and probes that ask the network are skipped: what answers there does not know it yet. NULL: the
 * target. */
bool smoke_run(struct project *p, const char *copy_uri, struct arena *a, struct buf *detail,
               struct err *err) MUST_CHECK;

/* Why a round cannot be tried here: no gateway, or nobody who makes packages; `*ret` stays as it is when it can. */
bool smoke_round_skips(struct project *p, struct pg *target, const char **ret, struct err *err) MUST_CHECK;

/* What a probe of the kind n1-round does: a store that exists only for it opens a session, fetches full packages, calls
 * headquarters and sends nothing; then it is removed. */
bool smoke_round(struct project *p, const struct probe *probe, struct arena *a, struct buf *said,
                 struct err *err) MUST_CHECK;

#endif
