/*
 * cutover_steps: what each step of the cutover does, and what all of them share.
 *
 * The steps are rows of tables/steps.def. Each may be repeated after a kill: it looks at what is there before it acts.
 * What a step learned that later ones need is its detail in the journal.
 */
#ifndef CMD_CUTOVER_STEPS_H
#define CMD_CUTOVER_STEPS_H
#include "cmd/replication.h"
#include "runbook/runbook.h"

struct cutover {
    struct project *project; /* whose target is upgraded: that of a rehearsal is another one */
    struct project *home;    /* whose journal and hooks count */
    const struct package *package;
    struct arena *arena;
    struct journal *journal;
    int64_t run; /* in the journal */
    bool ended;  /* it is over */
    struct runbook book;
    bool rehearsal;
    struct source_snapshot instant; /* of a rehearsal: stands for the source that has fallen silent; kept by `source` */
    const char *signoff;            /* who signed off what, or why that does not matter */
    bool overridden;
    struct replicate_opts replicate;
    struct pg *target;
    struct source *source;
};

/* Opens source and target for the steps, as nobody else's cutover; cutover_disconnect() releases them, and may be
 * called at any time. */
bool cutover_connect(struct cutover *c, struct err *err) MUST_CHECK;
void cutover_disconnect(struct cutover *c);

/* Fails with ERR_NOT_FOLLOWING or ERR_TARGET_STATE unless replication and the upgrade run. */
bool cutover_check_jobs(struct cutover *c, struct err *err) MUST_CHECK;

/* What the pre-flight looks at for the step `reverse`, when the project wants it. */
bool cutover_check_reverse(struct cutover *c, struct buf *detail, struct err *err) MUST_CHECK;

/* For steps after `close`: keeps replication and upgrade out, and fails with ERR_GUARD when the source is in use. */
bool cutover_keep_still(struct cutover *c, struct err *err) MUST_CHECK;

#define STEP(fn, name, phase, again, undo, growth, vital, title)                                                       \
    bool fn(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;
#include "tables/steps.def"
#undef STEP

/* What takes a step back. */
bool cutover_resume_writers(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;
bool cutover_forget_final(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;
bool cutover_forget_scripts(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;
bool cutover_restore(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;
bool cutover_end_reverse(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;
bool cutover_refuse_undo(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;

#endif
