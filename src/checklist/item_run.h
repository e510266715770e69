/*
 * item_run: looks at items of the checklist, and writes down what came of it.
 *
 * An item that cannot be asked is a failed one, with the reason as its evidence: nothing that was not seen counts as
 * passed. SQL runs in a transaction that only reads. What is wrong with the journal, or a request to stop, ends the
 * run. Connections, engines and the journal are the caller's, behind one table of functions.
 */
#ifndef CHECKLIST_ITEM_RUN_H
#define CHECKLIST_ITEM_RUN_H
#include "base/checks.h"
#include "checklist/history.h"
#include "db/pg.h"

/* What an engine is asked, and what it says: findings, or why the item does not apply, or what a person has to say. */
struct item_call {
    const struct checklist_item *item;
    struct arena *a;
    struct checks *found; /* begun for this item; blockers and warnings of it count as problems */
    const char *summary;  /* what was looked at, for the evidence */
    const char *skipped;  /* not NULL: it does not apply, and why */
    const char *question; /* not NULL: only a person can know */
    const char *rests;    /* what their answer rests on */
};

struct item_run {
    void *ctx;
    struct arena *a;
    const struct package *package;
    const char *config; /* digest of the configuration */
    int timeout_ms;     /* of each SELECT, 0: none */
    struct history_event *events;
    size_t n_events;
    /* A connection that stays open; fails like pg_open(). */
    bool (*connect)(void *ctx, bool source, struct pg **ret, struct err *err);
    bool (*engine)(void *ctx, struct item_call *x, struct err *err);
    /* Adds an event to the journal; `ret` is what the journal says of it. */
    bool (*record)(void *ctx, const char *item, const char *event, const char *detail, struct history_event *ret,
                   struct err *err);
};

/* One item with all that is known of it. */
struct item_entry {
    const struct checklist_item *item;
    struct history history;
    enum item_state state;
    const char *question; /* of an item that a person has to confirm, or "" */
};

/* Runs an automatic item; for all items looks whether a confirmation is still good. `sparing` writes a result down only
 * when it differs from the last one. */
bool item_run_one(struct item_run *r, const struct checklist_item *item, bool sparing, struct item_entry *ret,
                  struct err *err) MUST_CHECK;

/* The same without looking: only what the journal says. */
void item_run_read(struct item_run *r, const struct checklist_item *item, struct item_entry *ret);

/* Writes down what a person says. `event` is "confirmed", "overridden" or "withdrawn", `text` the note or reason. */
bool item_run_say(struct item_run *r, const struct checklist_item *item, const char *event, const char *by,
                  const char *text, struct err *err) MUST_CHECK;

#endif
