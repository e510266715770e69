/*
 * checkup: the checklist of a project, ready to be looked at: items of the package, what the journal says of them, and
 * connections that are opened when an item wants one.
 *
 * All that people and checks say is in a run of the kind "check" of the project's journal, which never ends; the step
 * of an event is the item. Several processes may add to it.
 */
#ifndef CMD_CHECKUP_H
#define CMD_CHECKUP_H
#include "base/digest.h"
#include "checklist/item_run.h"
#include "conf/project.h"
#include "runbook/journal.h"

struct checkup {
    struct project *project;
    const struct package *package;
    struct arena *a;
    struct journal *journal;
    int64_t journal_run; /* 0: nothing was ever written */
    struct pg *source, *target;
    struct checklist_item *items;
    size_t n_items;
    struct item_run run;
    char config[DIGEST_HEX];
};

/* checkup_done() releases it, also after a failure. */
bool checkup_open(struct checkup *c, struct project *p, struct arena *a, struct err *err) MUST_CHECK;
void checkup_done(struct checkup *c);

/* The item with this id. Fails with ERR_ITEM_UNKNOWN, which names the nearest. */
bool checkup_item(const struct checkup *c, const char *id, const struct checklist_item **ret,
                  struct err *err) MUST_CHECK;

/* Adds an event of the checklist that belongs to no item ("gate:cutover"). */
bool checkup_note(struct checkup *c, const char *step, const char *event, const char *detail,
                  struct err *err) MUST_CHECK;

#endif
