/*
 * history: where an item of the checklist stands, from what is in the journal about it.
 *
 * Nothing is kept but events; the state is folded out of them anew each time. Automatic items are `passed`, `failed`,
 * `not-applicable`, or `asked` when they found that only a person can know. People's events are `confirmed`,
 * `overridden` and `withdrawn`; a confirmation whose ground has changed is `expired`. Details are JSON objects. Pure.
 */
#ifndef CHECKLIST_HISTORY_H
#define CHECKLIST_HISTORY_H
#include "base/checks.h"
#include "conf/checklist.h"

/* One event of the journal. */
struct history_event {
    int64_t at_us; /* wall clock */
    const char *who, *item, *event, *detail;
};

/* What a person said. */
struct history_word {
    const char *by, *text; /* the name, and the note or reason */
    const char *who;       /* the account that wrote it */
    int64_t at_us;
};

enum history_result { HISTORY_NEVER, HISTORY_PASSED, HISTORY_FAILED, HISTORY_NOT_APPLICABLE, HISTORY_ASKED };

struct history {
    enum history_result result; /* of the last automatic run */
    int64_t at_us;
    const char *detail; /* of that run: JSON */
    bool is_confirmed, is_expired, is_overridden;
    struct history_word confirmed, overridden;
    const char *rests;   /* what the confirmation rested on: JSON, name to digest */
    const char *expired; /* why */
};

enum item_state {
    ITEM_NEVER, /* automatic, and never run */
    ITEM_PASSED,
    ITEM_FAILED,
    ITEM_NOT_APPLICABLE,
    ITEM_OPEN, /* a person has to confirm it */
    ITEM_CONFIRMED,
    ITEM_EXPIRED, /* the ground of a confirmation has changed */
    ITEM_OVERRIDDEN
};

/* Folds the events of one item; texts live in the arena. */
void history_fold(const struct history_event *events, size_t n, const char *item, struct arena *a, struct history *ret);

/* Where the item stands, and its word for people and programs. */
enum item_state history_state(const struct checklist_item *item, const struct history *h);
const char *history_state_name(enum item_state state);

/* True when a gate stays closed for it, provided that it blocks. */
bool history_is_open(enum item_state state);

/* The evidence of a result, as what found it had it; lives in the arena. */
struct check history_evidence(const char *detail, struct arena *a);

/* The text of a member of a detail, "" when it has none, in the arena. */
const char *history_member(const char *detail, const char *name, struct arena *a);

/* Why a confirmation is not good any more: the first of what it rested on that is not the same now; NULL when all is.
 * `now` is JSON like history.rests. */
const char *history_changed(const char *rests, const char *now, struct arena *a);

#endif
