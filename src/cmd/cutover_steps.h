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
    struct project *project;
    const struct package *package;
    struct replicate_opts replicate;
    struct arena *arena;
    struct journal *journal;
    struct pg *target;
    struct source *source;
};

/* The runbook of the cutover. */
const struct runbook *cutover_runbook(void);

/* Opens what the steps need; cutover_done() releases it. */
bool cutover_init(struct cutover *c, struct project *p, struct arena *a, struct err *err) MUST_CHECK;
void cutover_done(struct cutover *c);

/* Gives up a cutover that is not open yet: users return to the source, replication and upgrade may go on. */
bool cutover_abandon(struct cutover *c, int64_t run, struct err *err) MUST_CHECK;

#define STEP(fn, name, phase, again, title) bool fn(void *ctx, struct buf *detail, struct err *err) MUST_CHECK;
#include "tables/steps.def"
#undef STEP

#endif
