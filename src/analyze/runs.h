/*
 * runs: what earlier analyses found, what was accepted, and what was mended: analysis.db in the project folder.
 *
 * A run is stored whole or not at all. A rule is compared with the last run that asked it, or with a run that is named.
 * An acceptance belongs to what was found when it was given: when more is found the finding is open again. One thread;
 * several processes may use the file at the same time.
 */
#ifndef ANALYZE_RUNS_H
#define ANALYZE_RUNS_H
#include "analyze/analyze.h"

struct runs; /* opaque */

/* Opens the file, and makes it when it is missing. Fails with ERR_FILE or ERR_DISK_FULL. */
bool runs_open(const char *path, struct runs **ret, struct err *err) MUST_CHECK;
void runs_free(struct runs *r);
DEFINE_SCOPED(runs)

/* Fills what earlier runs say into each finding: state accepted or fixed, what changed, who accepted it. `since` is a
 * run's number, 0: the last one that asked the rule. Texts live in the arena. Fails with ERR_USAGE when there is no
 * such run. */
bool runs_judge(struct runs *r, struct analysis *analysis, int64_t since, struct arena *a, struct err *err) MUST_CHECK;

/* Stores a run that was judged and gives it its number. */
bool runs_store(struct runs *r, struct analysis *analysis, struct err *err) MUST_CHECK;

/* Accepts what the last run found for a rule. Fails with ERR_USAGE when that is nothing. */
bool runs_accept(struct runs *r, const char *rule, const char *by, const char *reason, struct err *err) MUST_CHECK;

/* Takes an acceptance back. Fails with ERR_USAGE when there is none. */
bool runs_reopen(struct runs *r, const char *rule, const char *by, struct err *err) MUST_CHECK;

/* Notes that a fix script begins; `*ret_id` names it. What it did is noted as it goes, so that a crash leaves the
 * truth. */
bool runs_fix_begin(struct runs *r, const char *rule, const char *by, const char *script, int64_t *ret_id,
                    struct err *err) MUST_CHECK;
bool runs_fix_progress(struct runs *r, int64_t id, int64_t rows, int64_t chunks, struct err *err) MUST_CHECK;

/* How it ended: "done", "interrupted" or the error. */
bool runs_fix_end(struct runs *r, int64_t id, const char *outcome, struct err *err) MUST_CHECK;

/* Appends the list of runs, newest first, with what was accepted and mended, as text or JSON. */
bool runs_put_text(struct runs *r, struct buf *b, struct err *err) MUST_CHECK;
bool runs_put_json(struct runs *r, struct buf *b, struct err *err) MUST_CHECK;

#endif
